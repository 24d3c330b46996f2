"""The records of a WARC or ARC file, gzipped or not; what is damaged costs no record beside it.

warcio reads a record. Its iterator over records loses, without a word, all that comes after a damaged one. So the way
from one record to the next is here: after a damaged record, the next line that begins with ``WARC/`` is looked for;
after damaged gzip data, the next gzip member that does.
"""

import io
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

WARC, ARC = b"WARC/", b"filedesc://"
_GZIP = b"\x1f\x8b\x08"
# Enough of a gzip member to see how it begins.
_FIRST_BYTES = 1024
_PIECE_BYTES = 65_536
_INFLATED_BYTES = 1_048_576
# Longer lines and headers are in no record that a program wrote.
_LINE_BYTES, _HEADER_BYTES = 65_536, 1_048_576
_NO_RECORD = (
    *(ArchiveLoadFailed, StatusAndHeadersParserException, EOFError),
    *(AttributeError, IndexError, KeyError, TypeError, ValueError),
)
_Read = TypeVar("_Read")
# It warns of spaces in a URL, on standard error if nobody else takes its messages.
logging.getLogger("warcio").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class DamagedRecord:
    """A place in the file where no record can be read.

    Attributes:
        place: Where it is; see ``WarcRecord``.
        reason: ``bad_record``, ``truncated_record``, ``bad_gzip`` or ``truncated_gzip``.
        detail: What is wrong.
    """

    place: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """A record, whose block can be read until the next record is asked for.

    Attributes:
        place: Its offset in the file; for another record of the same gzip member ``offset+place in the member``.
        record: The record as warcio reads it. ARC records look like WARC records.
    """

    place: str
    record: ArcWarcRecord

    def header(self, name: str) -> str:
        """Return a field of the record's header; empty without it."""
        return str(self.record.rec_headers.get_header(name) or "").strip()


class _DamageError(Exception):
    """The gzip data from a place on cannot be read."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def records(file: BinaryIO, read: Callable[[WarcRecord], _Read]) -> Iterator[_Read | DamagedRecord]:
    """Yield what a function makes of each record, in the order of the file.

    What it made of a record that turns out to be damaged afterwards, because its length is wrong, is dropped.

    Args:
        file: The file; it can be read at any place.
        read: Reads what it needs of a record.
    """
    is_gzip = _bytes_at(file, 0, len(_GZIP)) == _GZIP
    place: int | None = 0
    is_arc = _begins_with(_bytes_at(file, 0, _PIECE_BYTES), ARC) if is_gzip else _bytes_at(file, 0, len(ARC)) == ARC
    kind = "arc" if is_arc else "warc"
    while place is not None and _bytes_at(file, place, 1):
        member = _Member(file, place, is_gzip=is_gzip)
        try:
            yield from _of_member(member, kind, read)
            place = member.end()
        except _DamageError as damage:
            # Zeros after the last member are padding.
            if damage.reason != "bad_gzip" or not _is_padding(file, place):
                yield DamagedRecord(str(place), damage.reason, damage.detail)
            place = _next_member(file, place + 1)


def _of_member(member: "_Member", kind: str, read: Callable[[WarcRecord], _Read]) -> Iterator[_Read | DamagedRecord]:
    """Yield what is made of the records of a gzip member, or of a file that is not gzipped."""
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)
    while member.skip_blank_lines():
        place = member.place()
        try:
            record = _parsed(loader, member, kind)
        except _NO_RECORD as error:
            yield DamagedRecord(place, "bad_record", f"there is no record that can be read ({_line(error)})")
            member.skip_to_record()
            continue
        block, payload = member.tell() - record.raw_stream.tell(), member.tell()
        end = block + record.length
        # In a seekable file, check the end first: otherwise a file could make khobor read all of it for each record.
        problem = member.pass_to(end, kind) if member.is_seekable else None
        if problem is None:
            member.go_back(payload)
            found = read(WarcRecord(place, record))
            problem = member.pass_to(end, kind)
        if problem:
            yield DamagedRecord(place, *problem)
            member.go_back(block)
            member.skip_to_record()
        else:
            yield found


def _parsed(loader: ArcWarcRecordLoader, member: "_Member", kind: str) -> ArcWarcRecord:
    """Return the record that begins here; raises one of ``_NO_RECORD``."""
    with member.header():
        record = loader.parse_record_stream(member, known_format=kind)
    length = str(record.rec_headers.get_header("Content-Length")).strip()
    if not (length.isascii() and length.isdigit()):
        raise ValueError(f"its length is {length[:50]}")
    return record


class _Member:
    """The decompressed bytes of a gzip member, or the bytes of a file that is not gzipped, from one place on.

    Args:
        file: The file.
        start: Where it begins.
        is_gzip: Whether it is a gzip member.
    """

    def __init__(self, file: BinaryIO, start: int, *, is_gzip: bool) -> None:
        self._file = file
        self._start = start
        self._inflater = zlib.decompressobj(31) if is_gzip else None
        self._buffer = b""
        self._at = 0
        self._read = 0  # bytes that were in the buffer before
        self._header_left: int | None = None
        self._size = file.seek(0, io.SEEK_END)
        file.seek(start)

    @property
    def is_seekable(self) -> bool:
        """Whether it can be read again."""
        return self._inflater is None

    def place(self) -> str:
        """Return the place of the next byte, as ``WarcRecord`` has it."""
        if self.is_seekable:
            return str(self._start + self.tell())
        return f"{self._start}+{self.tell()}" if self.tell() else str(self._start)

    @contextmanager
    def header(self) -> Iterator[None]:
        """Limit the lines that are read meanwhile to those of a header; raises ValueError beyond."""
        self._header_left = _HEADER_BYTES
        try:
            yield
        finally:
            self._header_left = None

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._read + self._at

    def go_back(self, place: int) -> None:
        """Read again from a place on, as ``tell`` gave it, where that can be done."""
        if self.is_seekable:
            self._file.seek(self._start + place)
            self._buffer, self._at, self._read = b"", 0, place

    def pass_to(self, end: int, kind: str) -> tuple[str, str] | None:
        """Pass to the end of a record; return reason and detail of what is wrong there.

        Args:
            end: The place, as ``tell`` gives it.
            kind: ``warc`` or ``arc``.
        """
        if self.is_seekable:
            missing = self._start + end - self._size
            self.go_back(min(end, self._size - self._start))
        else:
            missing = self._skip(end - self.tell())
        if missing > 0:
            return "truncated_record", f"it ends {missing:,} bytes before its length"
        return None if self._is_between_records(kind) else ("bad_record", "its length is wrong")

    def read(self, length: int = -1) -> bytes:
        """Return the next bytes, fewer only at the end."""
        parts = []
        while length and (len(self._buffer) > self._at or self._fill()):
            part = self._buffer[self._at :] if length < 0 else self._buffer[self._at : self._at + length]
            self._at += len(part)
            length -= len(part) if length > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def readline(self, length: int = -1) -> bytes:
        """Return the next line with its end; a line that is too long in pieces."""
        most = _LINE_BYTES if length < 0 else min(length, _LINE_BYTES)
        line = b""
        while len(line) < most and not line.endswith(b"\n") and (len(self._buffer) > self._at or self._fill()):
            end = self._buffer.find(b"\n", self._at, self._at + most - len(line)) + 1
            stop = end or min(self._at + most - len(line), len(self._buffer))
            line += self._buffer[self._at : stop]
            self._at = stop
        self._count_header(len(line))
        return line

    def skip_blank_lines(self) -> bool:
        """Pass over the line ends between two records; return whether anything comes after them."""
        while len(self._buffer) > self._at or self._fill():
            if self._buffer[self._at] not in b"\r\n":
                return True
            self._at += 1
        return False

    def skip_to_record(self) -> None:
        """Pass over lines until the next one begins a record."""
        while line := self.readline():
            if line.startswith(WARC):
                self._put_back(line)
                return

    def end(self) -> int:
        """Return where in the file it ends."""
        while self.read(_INFLATED_BYTES):
            pass
        rest = self._inflater.unused_data if self._inflater else b""
        return self._file.tell() - len(rest)

    def _count_header(self, length: int) -> None:
        if self._header_left is None:
            return
        self._header_left -= length
        if self._header_left < 0:
            raise ValueError(f"its header has over {_HEADER_BYTES:,} bytes")

    def _skip(self, length: int) -> int:
        """Pass over bytes, and return how many of them are missing."""
        while length > 0 and (len(self._buffer) > self._at or self._fill()):
            step = min(length, len(self._buffer) - self._at)
            self._at += step
            length -= step
        return length

    def _is_between_records(self, kind: str) -> bool:
        """Return whether the next bytes may come after a record."""
        if len(self._buffer) <= self._at and not self._fill():
            return True
        next_bytes = self.read(len(WARC))
        self._put_back(next_bytes)
        return next_bytes[:1] in {b"\r", b"\n"} or next_bytes == WARC or kind == "arc"

    def _put_back(self, data: bytes) -> None:
        """Let the next reading begin with what was just read."""
        self._buffer = data + self._buffer[self._at :]
        self._read, self._at = self._read + self._at - len(data), 0

    def _fill(self) -> bool:
        """Replace the buffer, all of which was read; return whether there is more."""
        data = self._next_bytes()
        self._read += len(self._buffer)
        self._buffer, self._at = data, 0
        return bool(data)

    def _next_bytes(self) -> bytes:
        if self._inflater is None:
            return self._file.read(_PIECE_BYTES)
        while not self._inflater.eof:
            packed = self._inflater.unconsumed_tail or self._file.read(_PIECE_BYTES)
            if not packed:
                raise _DamageError("truncated_gzip", "the file ends in the middle of its gzip data")
            try:
                data = self._inflater.decompress(packed, _INFLATED_BYTES)
            except zlib.error as error:
                raise _DamageError("bad_gzip", f"the gzip data is damaged ({error})") from error
            if data:
                return data
        return b""


def _next_member(file: BinaryIO, place: int) -> int | None:
    """Return where the next gzip member begins that begins with a record; None without one."""
    overlap = _FIRST_BYTES
    while data := _bytes_at(file, place, _INFLATED_BYTES):
        found = data.find(_GZIP)
        while found >= 0:
            if _begins_with(data[found : found + _FIRST_BYTES], WARC):
                return place + found
            found = data.find(_GZIP, found + 1)
        place += len(data) - overlap if len(data) > overlap else len(data)
    return None


def _begins_with(data: bytes, first: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data, len(first)) == first
    except zlib.error:
        return False


def _is_padding(file: BinaryIO, place: int) -> bool:
    rest = _bytes_at(file, place, _PIECE_BYTES)
    return len(rest) < _PIECE_BYTES and not rest.strip(b"\0\r\n")


def _bytes_at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place, io.SEEK_SET)
    return file.read(length)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
