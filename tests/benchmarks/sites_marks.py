"""Compares the archived articles of the sites of ``make sites`` with their posts."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from types import MappingProxyType
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tests.benchmarks.sites_engine import Site
from tests.benchmarks.sites_posts import CHANGES, Change, Post

from khobor.article import Article
from khobor.local.archive_folder import ArchiveFolder
from khobor.url import url_id

ReadFile = Callable[[str], str]
FIELDS: Mapping[str, Callable[[Article], object]] = MappingProxyType(
    {
        "title": lambda article: article.title,
        "author": lambda article: [each.name for each in article.authors],
        "minute": lambda article: article.published_at and article.published_at.astimezone(UTC),
        "tags": lambda article: sorted({tag.casefold() for tag in article.tags}),
        "section": lambda article: article.section,
        "image": lambda article: "".join(each.url.partition("/images/")[2] for each in article.images[:1]),
        "caption": lambda article: [(each.caption, each.credit) for each in article.images[:1]],
        "text": lambda article: article.body_text,
    }
)


def expected(post: Post) -> Mapping[str, object]:
    """Return what is right, by field."""
    return {
        "title": post.title,
        "author": [post.author],
        "minute": post.published.astimezone(UTC),
        "tags": sorted(name.casefold() for name, _ in post.tags),
        "section": post.section[0],
        "image": post.image.partition("/images/")[2],
        "caption": [(post.caption, post.credit)],
    }


def is_right(name: str, got: object, post: Post) -> bool:
    """Return whether a field is right. A section may be absent, and an image may be one that was made of it."""
    if name == "text":
        return all(each in str(got) for each in post.paragraphs)
    if name == "section" and got is None:
        return True
    wanted = expected(post)[name]
    if name == "section":
        return str(got).casefold() == str(wanted).casefold()
    if name == "image":
        return str(got).startswith(str(wanted).removesuffix(".png"))
    return got == wanted


@dataclass(frozen=True)
class Mistake:
    """A field that is wrong.

    Attributes:
        url: Of the article.
        field: Its name.
        wanted: What is right; None for an article that should not be there.
        got: What the archive has.
        origin: Where that comes from.
    """

    url: str
    field: str
    wanted: object
    got: object
    origin: str


@dataclass
class Marks:
    """What is right of an engine's sites.

    Attributes:
        posts: How many posts there are.
        found: How many of them are in the archive.
        others: How many articles are in the archive that are no post, or a post once more.
        said: How often the site says a field of a post that was found.
        right: How often that is right.
        mistakes: What is wrong.
    """

    posts: int = 0
    found: int = 0
    others: int = 0
    said: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, other: "Marks") -> None:
        """Add those of another site."""
        self.posts += other.posts
        self.found += other.found
        self.others += other.others
        self.said += other.said
        self.right += other.right
        self.mistakes += other.mistakes


def mark(site: Site, articles: Iterable[Article], read: ReadFile) -> Marks:
    """Return what is right of a site.

    Args:
        site: The site.
        articles: What is stored of it.
        read: Returns what the site answers for a path.
    """
    marks = Marks(posts=len(site.posts))
    entries = _entries(read(site.engine.feed)) if site.engine.feed else []
    left = {_comparable(site.url(post)): post for post in site.posts}
    for article in articles:
        post = next((left.pop(url) for url in _urls(article) if url in left), None)
        if post is None:
            marks.others += 1
            marks.mistakes.append(Mistake(str(article.url), "other", None, article.title, ""))
            continue
        marks.found += 1
        page = read(site.engine.path(post))
        entry = next((each for each in entries if _comparable(site.engine.path(post)) in _comparable(each)), "")
        _mark_fields(marks, article, post, html.unescape(page) + entry)
    marks.mistakes += [Mistake(url, "missing", post.title, None, "") for url, post in left.items()]
    return marks


def _mark_fields(marks: Marks, article: Article, post: Post, said: str) -> None:
    for name, get in FIELDS.items():
        got = get(article)
        if not is_said(name, post, said):
            continue
        marks.said[name] += 1
        if is_right(name, got, post):
            marks.right[name] += 1
            continue
        evidence = article.extraction.fields if article.extraction else {}
        origins = [str(value.origin) for key, value in evidence.items() if key in _EVIDENCE.get(name, name)]
        marks.mistakes.append(Mistake(str(article.url), name, expected(post).get(name), got, ", ".join(origins)))


_EVIDENCE = {"author": "authors", "minute": "published_at", "image": "images", "caption": "images", "text": "body"}


def _urls(article: Article) -> list[str]:
    return [_comparable(url) for url in (article.canonical_url, article.url) if url]


def _comparable(url: str) -> str:
    return unicodedata.normalize("NFC", unquote(url))


def _entries(feed: str) -> list[str]:
    """Return the texts and attributes of a feed's entries."""
    root = ET.fromstring(feed)  # noqa: S314 the bench's own feed
    entries = [each for each in root.iter() if re.search(r"(^|\})(item|entry)$", each.tag)]
    # When an entry was updated is not when it was published.
    parts = [[part for part in each.iter() if not part.tag.endswith("updated")] for each in entries]
    return [
        html.unescape("\n".join(text for part in each for text in (part.text or "", *part.attrib.values())))
        for each in parts
    ]


def is_said(name: str, post: Post, said: str) -> bool:
    """Return whether a site says a field of a post, on its page or in its feed.

    Args:
        name: The name of the field.
        post: The post.
        said: What its page and the entry of the feed say.
    """
    if name == "tags":
        return all(_stands_alone(tag, said) for tag, _ in post.tags)
    ways = {
        "author": [[post.author]],
        "minute": [[time] for time in _times(post)],
        "section": [[post.section[0]]],
        "image": [[post.image.partition("/images/")[2].removesuffix(".png")]],
        "caption": [[post.caption_line]],
    }
    return any(all(text in said for text in texts) for texts in ways.get(name, [[]]))


def _stands_alone(name: str, said: str) -> bool:
    """Whether a name stands somewhere by itself, between elements or separators, not in a sentence or an address."""
    return re.search(rf"(?:^|[>\"',#\n\[])\s*{re.escape(name)}\s*(?:$|[<\"',\n\]])", said) is not None


def _times(post: Post) -> Iterator[str]:
    for at in (post.published, post.published.astimezone(UTC)):
        yield f"{at:%H:%M}"
        yield f"{at.hour % 12 or 12}:{at:%M}"


def mark_changes(
    site: Site, folder: ArchiveFolder, before: Mapping[str, str]
) -> dict[tuple[int, Change], Mistake | None]:
    """Return what is wrong of each change, by the number of its post; None if the archive has it as it is.

    Args:
        site: The site after the change.
        folder: The archive.
        before: The URLs of its posts before, by slug.
    """
    posts = {post.number: post for post in site.posts}
    kept: dict[tuple[int, Change], Mistake | None] = {}
    for number, change in CHANGES.items():
        if change == "deleted":
            url = next(url for slug, url in before.items() if slug.endswith(f"-{number + 11}"))
            is_gone = folder.archive.gone_at(folder.archive.find(url) or url_id(url)) is not None
            kept[number, change] = None if is_gone else Mistake(url, change, "gone", "not gone", "")
        else:
            post = posts[number]
            wrong = _wrong(site, folder, post, change)
            kept[number, change] = Mistake(site.url(post), change, post.title, wrong, "") if wrong else None
    return kept


def _wrong(site: Site, folder: ArchiveFolder, post: Post, change: Change) -> str | None:
    """Return what is wrong of a post that changed, None if nothing is."""
    archive = folder.archive
    found = archive.find(site.url(post))
    article = archive.get(found) if found else None
    if found is None or article is None:
        return "missing"
    revisions = len(archive.revisions(found))
    checks = {
        "another text": is_right("text", article.body_text, post),
        f"the title {article.title}": article.title == post.title,
        f"{revisions} revisions": revisions > 0 if change == "moved" else revisions == (1 if change == "draft" else 2),
        "another article at the old address": archive.find(site.home[:-1] + site.old_path(post)) == found,
    }
    return ", ".join(wrong for wrong, is_so in checks.items() if not is_so) or None


def share(right: int, said: int) -> str:
    """Return a share as a text; a dash if there is no value."""
    return f"{100 * right / said:.0f} %" if said else "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
