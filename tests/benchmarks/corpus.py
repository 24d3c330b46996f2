"""Folders of pages with known truth.

A corpus is a folder with one folder for each set of pages. Each set holds ``truth.jsonl``, one page a line, and the
pages as they were served, ``pages/<id>.html.gz``. A line has ``id`` and ``url``, and what is known of the page:

``body``
    The article's text, one paragraph or heading a line.
``title``
    The headline.
``published``, ``precision``
    ISO 8601. The precision is ``minute``, which is the default, ``day``, or ``wall``: the time on the clock of the
    publisher, whose offset is not known. A time without an offset is such a time, too.
``authors``, ``topics``
    Lists of names; null or empty where nothing is known.
``with``, ``without``
    Segments that the text must contain, and segments that it must not.
``starts``
    The first words of the body.
``kind``
    What the page is if it is not an article, such as ``listing``: it must be refused.
``weak``
    The names of the fields whose truth is the output of another tool.

A set is known by the name of its folder, which is that of its floors in ``floors.toml``.
"""

import gzip
import hashlib
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

TRUTH = "truth.jsonl"
Precision = Literal["minute", "wall", "day"]
_DATED = re.compile(r"(.+?)_\d{4}(?:_\d{2}){2}")


class CorpusError(Exception):
    """The corpus cannot be read; the message says what was wrong, and where."""


class Page(msgspec.Struct, frozen=True, rename={"within": "with"}):
    """What is known of a page.

    Attributes:
        id: Of the page within its set.
        url: Where it was fetched from.
        body: The article's text.
        title: The headline.
        published: ISO 8601.
        precision: Of ``published``.
        authors: Their names.
        topics: Their names.
        within: Segments that the text must contain.
        without: Segments that it must not.
        starts: The first words of the body.
        kind: What the page is if it is not an article.
        weak: Fields whose truth is the output of another tool.
    """

    id: str
    url: str
    body: str | None = None
    title: str | None = None
    published: str | None = None
    precision: Precision = "minute"
    authors: list[str] | None = None
    topics: list[str] | None = None
    within: list[str] | None = None
    without: list[str] | None = None
    starts: str | None = None
    kind: str | None = None
    weak: list[str] = []

    @property
    def publisher(self) -> str:
        """The id up to its date, else the host of the URL without ``www.``: what is tuned on or held out together."""
        dated = _DATED.match(self.id)
        return dated[1] if dated else (urlsplit(self.url).hostname or self.id).removeprefix("www.")

    @property
    def segments(self) -> list[str]:
        """All segments that are known."""
        return [*(self.within or ()), *(self.without or ())]

    @property
    def article(self) -> bool:
        """Whether the page is an article."""
        return self.kind is None

    @property
    def published_to_the_minute(self) -> str | None:
        """When it was published, None if only the day is known."""
        return None if self.precision == "day" else self.published

    @property
    def half(self) -> str:
        """``A`` or ``B``: the same in every run and for all pages of a publisher."""
        return "AB"[hashlib.sha256(self.publisher.encode()).digest()[0] % 2]


def load(corpus: Path, only: str | None = None, without: str | None = None) -> dict[str, list[Page]]:
    """Return the pages of each set of a corpus.

    Args:
        corpus: Its folder.
        only: Pattern that the ids match, like ``us-*``.
        without: Pattern that no id matches.

    Raises:
        CorpusError: There is no set, a line of it is not as described above, or no id is left.
    """
    sets = {file.parent.name: _read(file) for file in sorted(corpus.glob(f"*/{TRUTH}"))}
    if not sets:
        raise CorpusError(f"{corpus} holds no set of pages: give a folder with news/{TRUTH}, web/{TRUTH} or both")
    chosen = {name: [page for page in pages if _matches(page.id, only, without)] for name, pages in sets.items()}
    if not any(chosen.values()):
        raise CorpusError(f"no page of {corpus} has an id as asked for")
    return {name: pages for name, pages in chosen.items() if pages}


def load_set(folder: Path) -> list[Page]:
    """Return the pages of a set's folder; raises CorpusError where it is not as described above."""
    if not (folder / TRUTH).is_file():
        raise CorpusError(f"{folder} holds no {TRUTH}: give the folder of one set of pages")
    return _read(folder / TRUTH)


def html(folder: Path, page_id: str) -> bytes:
    """Return the bytes of a page of a set's folder."""
    return gzip.decompress((folder / "pages" / f"{page_id}.html.gz").read_bytes())


def _matches(page_id: str, only: str | None, without: str | None) -> bool:
    return fnmatchcase(page_id, only or "*") and not (without and fnmatchcase(page_id, without))


def _read(file: Path) -> list[Page]:
    pages = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            page = msgspec.json.decode(line, type=Page)
        except msgspec.DecodeError as error:
            raise CorpusError(f"{file}, line {number}: {error}") from error
        if not (file.parent / "pages" / f"{page.id}.html.gz").is_file():
            raise CorpusError(f"{file}, line {number}: there is no pages/{page.id}.html.gz")
        pages.append(page)
    if not pages:
        raise CorpusError(f"{file} is empty")
    return pages
