"""The interface of a site engine for ``make sites``, and the site that it builds from the posts of a language."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from tests.benchmarks.sites_posts import Post, picture
from tests.benchmarks.sites_words import WORDS, Words

# The longest that an engine may take for one site, in seconds.
_LONGEST_BUILD = 300.0


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine with a theme.

    Attributes:
        name: Of both, as in host names.
        build: Makes a site.
        path: Returns the path of a post's page.
        feed: The path of the feed; None if the site has none.
        sitemap: The path of the sitemap; None if it has none.
        section: The path of the page that lists the newest posts.
        needs: Programs that are not in the lock files.
        has_alias: Whether the engine makes a page at the old path of a post; else the server redirects.
        php: Whether PHP answers the requests, in place of files.
        is_kept_back: Whether nobody looked at its pages while khobor was changed.
    """

    name: str
    build: "Callable[[Site], None]"
    path: Callable[[Post], str]
    feed: str | None
    sitemap: str | None
    section: str = "/"
    needs: Sequence[str] = ()
    has_alias: bool = False
    php: bool = False
    is_kept_back: bool = False


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site of an engine in a language, at one of two times.

    Attributes:
        engine: The engine.
        language: The language.
        posts: Its posts, the newest first but for the draft.
        place: The folder of the bench, ``.sites``.
        look: The number of the look at which it is so, 0 or 1.
    """

    engine: Engine
    language: str
    posts: Sequence[Post]
    place: Path
    look: int

    @property
    def name(self) -> str:
        """The name of the site, and of its source."""
        return f"{self.engine.name}-{self.language}"

    @property
    def host(self) -> str:
        """Its host."""
        return f"{self.name}.example"

    @property
    def home(self) -> str:
        """The URL of its front page."""
        return f"https://{self.host}/"

    @property
    def words(self) -> Words:
        """The words of its language."""
        return WORDS[self.language]

    @property
    def work(self) -> Path:
        """The engine's input folder."""
        return self.place / "work" / f"{self.name}-{self.look}"

    @property
    def output(self) -> Path:
        """Its output folder."""
        return self.place / "built" / f"{self.name}-{self.look}"

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """The paths of posts that have moved, with the new ones."""
        return MappingProxyType({self.old_path(post): self.engine.path(post) for post in self.posts if post.old_slug})

    def old_path(self, post: Post) -> str:
        """Return the path that a post had before it moved."""
        return self.engine.path(replace(post, slug=post.old_slug or post.slug))

    def url(self, post: Post) -> str:
        """Return the URL of a post."""
        return self.home + self.engine.path(post)[1:]

    def write(self, name: str, text: str) -> None:
        """Write a file that the engine reads."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def write_post(self, name: str, post: Post, text: str) -> None:
        """Write a post, at the time at which its author did: some engines believe that of the file."""
        self.write(name, text)
        at = (post.modified or post.published).timestamp()
        os.utime(self.work / name, (at, at))

    def write_pictures(self, folder: str) -> None:
        """Write the pictures of the posts into a folder of the engine's input, to which their paths are relative."""
        for post in self.posts:
            path = self.work / folder / post.image[1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture(post.number))

    def take(self, folder: str) -> None:
        """Move a folder below the engine's input to its output."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        (self.work / folder).rename(self.output)

    def run(self, *command: str, folder: str = "", **environment: str) -> None:
        """Run a program in the engine's input folder, with the site's time zone.

        Args:
            command: The program, and what it is given.
            folder: The folder below that one.
            environment: Variables besides the usual ones.

        Raises:
            RuntimeError: It failed; with the end of what it wrote.
        """
        usual = {"HOME": str(self.work), "TZ": self.words.zone}
        done = subprocess.run(
            command,
            cwd=self.work / folder,
            env={**os.environ, **usual, **environment},
            capture_output=True,
            text=True,
            timeout=_LONGEST_BUILD,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)} failed: {(done.stdout + done.stderr)[-3000:]}")


class Plain(str):
    """A front matter value that is written unquoted."""

    __slots__ = ()


def front_matter(post: Post, entries: Sequence[tuple[str, object]], heading: str = "") -> str:
    """Return a post as front matter and Markdown, with the picture as HTML, which is how most people write it.

    Args:
        post: The post.
        entries: The entries of the front matter; a list becomes one, and what is None is left out.
        heading: A line that precedes the text.
    """
    lines = [f"{key}: {_yaml(value)}" for key, value in entries if value is not None]
    return "\n".join(["---", *lines, "---", "", heading, "", figure(post), "", "\n\n".join(post.paragraphs), ""])


def figure(post: Post) -> str:
    """Return the picture of a post with its caption, as HTML."""
    image = f'<img src="{post.image}" alt="{post.words.alternative}">'
    return f"<figure>{image}<figcaption>{post.caption_line}</figcaption></figure>"


def _yaml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    text = str(value)
    if isinstance(value, Plain):
        return text
    return text if text[:2].isdigit() else '"' + text.replace('"', '\\"') + '"'
