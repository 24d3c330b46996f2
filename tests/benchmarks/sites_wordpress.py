"""WordPress with its own themes: Debian's package, on a database server and a PHP of its own."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.sites_engine import Engine, Site, figure
from tests.benchmarks.sites_posts import Post

_FILES = Path(__file__).parent / "engines/wordpress"
_LOCALES = {"en": "", "bn": "bn_BD", "ar": "ar", "zh": "zh_CN"}
_PROGRAMS = ("php", "mariadbd", "mariadb-install-db")
# A figure as the editor writes it.
_IN_BLOCK = {
    'src="': 'src="/wp-content/uploads',
    "<figure>": '<figure class="wp-block-image">',
    "<figcaption>": '<figcaption class="wp-element-caption">',
}
# How many letters of the title make the slug of a post that is not in English, as WordPress itself makes them.
_SLUG_LETTERS = 14
# The number of a slug, and what follows it.
_NUMBER = re.compile(r"\d+.*")
_LONGEST_START = 60.0


def _folder(place: Path) -> Path:
    return place / "wordpress/usr/share/wordpress"


def _database(place: Path) -> Path:
    return place / "mariadb"


def _environment(place: Path) -> dict[str, str]:
    return {"KHOBOR_SOCKET": str(_database(place) / "socket")}


def _slug(post: Post, slug: str) -> str:
    """Return the slug of a post: of words, or of the beginning of the title in its own script."""
    if post.language == "en":
        return slug
    begins = unicodedata.normalize("NFC", post.title.removesuffix(post.words.later))[:_SLUG_LETTERS]
    return "-".join([*begins.split(), *_NUMBER.findall(slug)])


def _wordpress(theme: str) -> Callable[[Site], None]:
    """Posts in blocks, with a lead image, a category, tags and users, and an unchanged theme."""

    def build(site: Site) -> None:
        for name in ("wp-config.php", "router.php"):
            shutil.copy(_FILES / name, _folder(site.place))
        facts = {
            "site": f"{site.name}-{site.look}",
            "host": site.host,
            "wordpress": str(_folder(site.place)),
            "title": site.words.site,
            "description": site.words.motto,
            "url": site.home,
            "zone": site.words.zone,
            "locale": _LOCALES[site.language],
            "theme": theme,
            "posts": [_post(post) for post in site.posts],
        }
        site.write("site.json", json.dumps(facts))
        site.run("php", str(_FILES / "build.php"), "site.json", **_environment(site.place))

    return build


def _post(post: Post) -> dict[str, object]:
    image = figure(post)
    for plain, own in _IN_BLOCK.items():
        image = image.replace(plain, own)
    paragraphs = [f"<!-- wp:paragraph -->\n<p>{each}</p>\n<!-- /wp:paragraph -->" for each in post.paragraphs]
    return {
        "title": post.title,
        "slug": _slug(post, post.slug),
        "old_slug": _slug(post, post.old_slug) if post.old_slug else None,
        "author": post.author,
        "login": f"writer{post.words.authors.index(post.author) + 1}",
        "date": f"{post.published:%Y-%m-%d %H:%M:%S}",
        "modified": f"{post.modified:%Y-%m-%d %H:%M:%S}" if post.modified else None,
        "section": post.section[0],
        "tags": [name for name, _ in post.tags],
        "image": post.image,
        "caption": post.caption_line,
        "content": "\n\n".join([f"<!-- wp:image -->\n{image}\n<!-- /wp:image -->", *paragraphs]),
    }


@contextmanager
def running(place: Path) -> Iterator[int]:
    """Run a database server and a web server with PHP on loopback, and yield the port of the latter.

    Args:
        place: The folder of the bench, which keeps the databases.

    Raises:
        RuntimeError: One of them does not start.
    """
    folder, environment = _database(place), {**os.environ, **_environment(place)}
    if not folder.exists():
        install = [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={folder}",
            "--auth-root-authentication-method=normal",
        ]
        subprocess.run([*install, "--skip-test-db", "--user=root"], capture_output=True, check=True)
    server = ["mariadbd", "--no-defaults", f"--datadir={folder}", f"--socket={environment['KHOBOR_SOCKET']}"]
    server += ["--skip-networking", "--skip-grant-tables", "--user=root", "--innodb-flush-log-at-trx-commit=0"]
    for name in ("wp-config.php", "router.php"):
        shutil.copy(_FILES / name, _folder(place))
    with contextlib.ExitStack() as until_done:
        until_done.enter_context(_process(server, environment))
        _wait_for(lambda: _can_connect(socket.AF_UNIX, environment["KHOBOR_SOCKET"]), "MariaDB")
        port = _free_port()
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(_folder(place)), str(_folder(place) / "router.php")]
        until_done.enter_context(_process(command, environment | {"PHP_CLI_SERVER_WORKERS": "3"}))
        _wait_for(lambda: _can_connect(socket.AF_INET, ("127.0.0.1", port)), "PHP")
        yield port


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    # A group of its own, since PHP starts further processes.
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=_LONGEST_START)


def _can_connect(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        return client.connect_ex(address) == 0


def _wait_for(is_there: Callable[[], bool], name: str) -> None:
    end = time.monotonic() + _LONGEST_START
    while not is_there():
        if time.monotonic() > end:
            raise RuntimeError(f"{name} does not start")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _engine(theme: str, *, is_kept_back: bool = False) -> Engine:
    return Engine(
        name=f"wordpress-{theme}",
        build=_wordpress(theme),
        path=lambda post: f"/{post.published:%Y/%m/%d}/{_slug(post, post.slug)}/",
        feed="/feed/",
        sitemap="/wp-sitemap.xml",
        needs=_PROGRAMS,
        has_alias=True,
        php=True,
        is_kept_back=is_kept_back,
    )


WORDPRESS_ENGINES = (_engine("twentytwentythree"), _engine("twentytwentyone", is_kept_back=True))
