"""Articles as CSV (RFC 4180) in UTF-8 for spreadsheets; Parquet and JSON also have the fields that fit no cell.

A list is one cell, its items separated by ``; ``. Times are UTC.

A spreadsheet runs a cell as a formula if it begins with one of ``= + - @`` or their full-width and small forms. OWASP
recommends an apostrophe before it (https://owasp.org/www-community/attacks/CSV_Injection), also if a cell begins with a
tab or a line end. A spreadsheet that separates cells by ``;`` or tabs, as many locales do, ignores the quotes of this
file, so a formula may also begin after one of these, or after a line end within a cell: there it gets an apostrophe
too. Spaces, quotes, apostrophes and invisible characters before a formula do not hide it. ``original``
removes these apostrophes to restore the text.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from khobor.article import Article, RawReference
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.text_file import open_text_file
from khobor.field_orders import COLUMNS
from khobor.fields import BY_NAME, as_text

# Where a cell may begin: the start of the text, and after characters that separate cells or lines in other dialects.
_STARTS = r"(?:^|(?<=[;\t\n\v\f\r\x85\u2028\u2029]))"
# Invisible characters: control codes that separate no cells, and Unicode's default ignorable code points.
_UNSEEN = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_SPACES = r" \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# What may precede a formula without hiding it. None of it separates cells, so each run is scanned once.
_AROUND = rf"[{_SPACES}{_UNSEEN}\"“”']*"
_FORMULA = r"[=+\-@＝＋－＠﹦﹢﹣﹫]"
# Some programs treat a text that begins with separating white space as a formula, whatever follows.
_DANGEROUS = rf"{_AROUND}{_FORMULA}|(?<![\s\S])'*[\t\n\r]"
_UNGUARDED = re.compile(rf"{_STARTS}(?={_DANGEROUS})")
_GUARDED = re.compile(rf"{_STARTS}'(?={_AROUND}{_FORMULA})|^'(?='*[\t\n\r])")


@dataclass(frozen=True)
class Cell:
    """A column of the table.

    Attributes:
        name: Its name; it has the meaning of the column of that name in ``schema.py``.
        meaning: Its meaning, if it differs from that column's.
        text: Returns the text of the cell for an article.
    """

    name: str
    meaning: str
    text: Callable[[Article], str | None]


def write(path: Path, articles: Iterable[ArticleWithPage]) -> None:
    """Write articles to a file, compressed with gzip if its name ends in ``.gz``.

    Args:
        path: The file.
        articles: The articles.
    """
    with open_text_file(path) as file, TextIOWrapper(file, encoding="utf-8", newline="") as text:
        table = csv.writer(text)
        table.writerow(cell.name for cell in CELLS)
        for each in articles:
            table.writerow(harmless(cell.text(each.article) or "") for cell in CELLS)


def harmless(text: str) -> str:
    """Return a text in a form that spreadsheets do not run as a formula.

    >>> harmless("=1+1"), harmless("-5 °C"), harmless("5 - 3"), harmless("'Tis"), harmless("a;=1")
    ("'=1+1", "'-5 °C", '5 - 3', "'Tis", "a;'=1")
    """
    return _UNGUARDED.sub("'", text)


def original(cell: str) -> str:
    """Return the text from which ``harmless`` made a cell.

    >>> original("a;'=1"), original("'Tis")
    ('a;=1', "'Tis")
    """
    return _GUARDED.sub("", cell)


def _text(value: Any) -> str | None:
    """Return the usual cell of a value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return "; ".join(_text(each) or "" for each in value)
    return as_text(value)


def _address(raw: RawReference | None) -> str | None:
    if raw is None:
        return None
    return raw.address + (f"?versionId={raw.version}" if raw.version else "")


# The cells of columns that hold something else than the column's value as a text.
_OWN_CELLS: Mapping[str, tuple[Cell, ...]] = {
    "authors": (Cell("authors", "Their names", lambda article: _text(article.authors)),),
    "body_text": (Cell("body_text", "", lambda article: article.body_text),),
    "images": (Cell("image_urls", "URLs of its images", lambda article: _text(article.images)),),
    "rights": (
        Cell(
            "robots",
            "Robots directives of the page and the HTTP response",
            lambda article: _text(article.rights.robots),
        ),
        Cell("robots_txt", "What robots.txt said: allowed, or none if there was none", lambda a: a.rights.robots_txt),
        Cell("tdm_reservation", "Whether text and data mining is reserved", lambda a: _text(a.rights.tdm_reservation)),
        Cell("tdm_policy", "URL of the policy for obtaining those rights", lambda a: a.rights.tdm_policy),
        Cell("license_url", "Licence that the page states", lambda article: article.rights.license_url),
    ),
    "publisher": (Cell("publisher", "Name of the publisher", lambda article: _text(article.publisher)),),
    "raw": (Cell("raw", "s3:// URL of the raw page", lambda article: _address(article.raw)),),
    "simhash": (Cell("simhash", "Empty: no longer computed", lambda _: None),),
    # Its text is the cell before it.
    "body": (),
}


def _usual_cell(name: str) -> Cell:
    return Cell(name, "", lambda article: _text(getattr(article, name)))


def _cells() -> Iterator[Cell]:
    for name in COLUMNS:
        if name in _OWN_CELLS:
            yield from _OWN_CELLS[name]
        elif name in BY_NAME and BY_NAME[name].is_in_csv:
            yield _usual_cell(name)


CELLS = tuple(_cells())
