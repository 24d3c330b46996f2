"""Arguments that name pages: URLs, files, folders, standard input."""

import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TextIO

import typer

from khobor.errors import PermanentError
from khobor.keys import is_named_as_page, not_page_reason
from khobor.page import GZIP_MAGIC, LONGEST_URL
from khobor.url import absolute_url

STDIN = "-"
# Enough to see whether a file begins as HTML.
_HEADER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is not read, and why."""

    name: str
    reason: str


def expand(arguments: Iterable[str], standard_input: TextIO, skipped: list[Skipped]) -> Iterator[str]:
    """Yield URLs and files: for a folder its pages, sorted; for ``-`` the lines of standard input.

    Args:
        arguments: URLs, files, folders, ``-``.
        standard_input: What ``-`` reads.
        skipped: Receives the files in folders that are not pages.
    """
    for argument in arguments:
        if argument == "-":
            yield from filter(None, map(str.strip, standard_input))
        elif is_url(argument) or not Path(argument).is_dir():
            yield argument
        else:
            yield from _pages(Path(argument), skipped)


def summary(skipped: Sequence[Skipped]) -> str:
    """Return how many files were skipped and why, with one example for each reason.

    >>> summary([Skipped("a/x.png", "an image"), Skipped("a/y.png", "an image"), Skipped("a/z", "no HTML")])
    '3 files skipped: a/x.png is an image (and 1 more), a/z is no HTML'
    """
    by_reason: dict[str, list[str]] = {}
    for each in skipped:
        by_reason.setdefault(each.reason, []).append(each.name)
    reasons = [
        f"{names[0]} is {reason}{f' (and {len(names) - 1:,} more)' if names[1:] else ''}"
        for reason, names in by_reason.items()
    ]
    return f"{len(skipped):,} file{'s' if skipped[1:] else ''} skipped: {', '.join(reasons)}"


def is_url(argument: str) -> bool:
    """Whether an argument is meant as a URL rather than as a file."""
    return "://" in argument


def read_page(name: str) -> bytes:
    """Return the page of a file, decompressed; raises OSError, or PermanentError where it cannot be one."""
    from khobor.page import MAX_PAGE_BYTES, decompress

    if name == STDIN:
        data = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
        return decompress(data, "standard input", MAX_PAGE_BYTES)
    with Path(name).open("rb") as file:
        return decompress(file.read(MAX_PAGE_BYTES + 1), name, MAX_PAGE_BYTES)


def _saved_from(url: str | None) -> str | None:
    """Return the URL that a file was saved from, in ASCII; anything else is a usage error."""
    if url is None:
        return None
    try:
        found = absolute_url(url)
    except PermanentError as error:
        raise typer.BadParameter(error.detail) from error
    if len(found) > LONGEST_URL:
        raise typer.BadParameter(f"the URL has {len(found):,} characters; at most {LONGEST_URL:,} are allowed")
    return found


Url = Annotated[str | None, typer.Option(help="The URL that the file was saved from.", callback=_saved_from)]


def _pages(folder: Path, skipped: list[Skipped]) -> Iterator[str]:
    """Yield the pages in a folder, recognised by their names or, failing that, by their first bytes."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        # A file that is named like a page is always read; if it is not one, the error says why.
        reason = not_page_reason(path.as_posix()) or (None if is_named_as_page(path.name) else _no_html(path))
        if reason is None:
            yield str(path)
        else:
            skipped.append(Skipped(str(path), reason))


def _no_html(path: Path) -> str | None:
    """Return why the first bytes of a file are not those of a page; None if they may be."""
    # Here, not above: it takes a while to import, and --help should not.
    from khobor.content.media_types import check_page

    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        # Reading the page reports the error.
        return None
    try:
        check_page(str(path), None, _inflated(header) if header.startswith(GZIP_MAGIC) else header)
    except PermanentError:
        kind = f"a {path.suffix.lower()} file" if path.suffix else "a file without a suffix"
        return f"{kind} that does not begin like HTML"
    return None


def _inflated(header: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(header, _HEADER_BYTES)
    except zlib.error:
        return header
