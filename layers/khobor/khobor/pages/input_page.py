"""Pages that a user gives: from files, or from files that hold many pages."""

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from khobor.article import RawReference
from khobor.page import MAX_PAGE_BYTES, RawPage, decompress, from_metadata
from khobor.pages.gzip_header import facts
from khobor.pages.mhtml import begins_as_mhtml, read_mhtml
from khobor.url import host

# The largest MHTML file: it holds the page's pictures too.
MAX_MHTML_BYTES = 67_108_864


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPage:
    """A page, under the name that messages call it.

    Attributes:
        name: Its file; for a page within a file, ``file#place``.
        page: The page with what is known of it. If ``file`` is given, its body is empty.
        file: The file that holds the page, or the content of that file: HTML or MHTML, gzipped or not. It is read by
            ``load``, so that the process that extracts the page reads it.
        raw: Where it is kept, if it is.
    """

    name: str
    page: RawPage
    file: Path | bytes | None = None
    raw: RawReference | None = None

    @property
    def size(self) -> int:
        """How many bytes of the page are in memory."""
        return len(self.page.body) + (len(self.file) if isinstance(self.file, bytes) else 0)

    def load(self, max_bytes: int = MAX_PAGE_BYTES) -> RawPage:
        """Return the page with its body.

        Args:
            max_bytes: The largest page, compressed and decompressed.

        Raises:
            OSError: The file cannot be read.
            PermanentError: ``empty``, ``too_large``, ``truncated_gzip``, ``bad_gzip``, ``no_page_in_mhtml`` or
                ``truncated_mhtml``.
        """
        if self.file is None:
            return self.page
        data = _content(self.file, max_bytes)
        if begins_as_mhtml(data) and (whole := self._whole(data, max_bytes)):
            return read_mhtml(whole, self.name, self.page, max_bytes)
        body = decompress(data, self.name, max_bytes)
        if begins_as_mhtml(body):
            return read_mhtml(body, self.name, self.page, max_bytes)
        known = facts(data, self.name) if self.page.url is None else {}
        return from_metadata(body, known, self.page.fetched_at) if known else replace(self.page, body=body)

    def _whole(self, data: bytes, max_bytes: int) -> bytes:
        """Return the whole content of an MHTML file, of which there may be more than of a page."""
        if len(data) <= max_bytes or not isinstance(self.file, Path):
            return data
        return decompress(_content(self.file, MAX_MHTML_BYTES), self.name, MAX_MHTML_BYTES)


@dataclass(frozen=True, slots=True)
class SkippedInput:
    """Something among the inputs that is no page, and is not read.

    Attributes:
        name: As in InputPage.
        reason: What it is, with its article: ``a request record``.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedInput:
    """An input that cannot be read.

    Attributes:
        name: As in InputPage.
        reason: The slug of the cause, as in KhoborError.
        detail: What is wrong, with what, and what to do.
    """

    name: str
    reason: str
    detail: str


Input: TypeAlias = InputPage | SkippedInput | RefusedInput


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOptions:
    """How inputs are read.

    Attributes:
        now: When pages were fetched of which nobody says when, aware.
        hosts: The hosts whose pages are taken of WARC files, with their subdomains; empty takes all.
        url: The URL that a file of one page was saved from, in ASCII.
        max_bytes: The largest page, compressed and decompressed.
    """

    now: datetime
    hosts: tuple[str, ...] = ()
    url: str | None = None
    max_bytes: int = MAX_PAGE_BYTES

    def skips(self, url: str | None) -> str | None:
        """Return why a page is not taken, as ``SkippedInput.reason``; None if it is.

        >>> options = InputOptions(now=datetime.now().astimezone(), hosts=("example.com",))
        >>> options.skips("https://www.example.com/1")
        >>> options.skips("https://example.org/1")
        'a page of another host'
        """
        if not self.hosts:
            return None
        if url is None:
            return "a page whose host is not known"
        name = host(url)
        return None if any(f".{name}".endswith(f".{each}") for each in self.hosts) else "a page of another host"


def _content(file: Path | bytes, max_bytes: int) -> bytes:
    if isinstance(file, bytes):
        return file
    with file.open("rb") as opened:
        # Python sets aside as much memory as it is asked to read, which takes longer than to read a page.
        size = os.fstat(opened.fileno()).st_size
        data = opened.read(min(size, max_bytes) + 1)
        # A pipe has no size, and a file may have grown.
        return data + opened.read(max_bytes + 1 - len(data)) if len(data) > size else data
