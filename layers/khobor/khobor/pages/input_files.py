"""What a user names as input: URLs, files, folders, files that hold many pages, lists of these, standard input."""

import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from khobor.content.media_types import check_page
from khobor.errors import PermanentError
from khobor.keys import is_named_as_page, not_page_reason
from khobor.page import MAX_PAGE_BYTES, RawPage
from khobor.pages.input_page import MAX_MHTML_BYTES, Input, InputOptions, InputPage, RefusedInput, SkippedInput
from khobor.pages.mhtml import begins_as_mhtml, may_begin_mhtml
from khobor.pages.warc import read_warc
from khobor.pages.zip_file import read_zip
from khobor.url import is_url

STDIN = "-"
STANDARD_INPUT = "standard input"
# Enough to see what a file is.
_HEADER_BYTES = 4096
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WARC = (b"WARC/", b"filedesc://")
_MANY = (*_ZIP, *_WARC)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What begins so is a page, not a list of inputs.
_BEGINS_AS_PAGE = (b"<", _GZIP, b"\xff\xfe<", b"\xfe\xff\0<")
_WARC_NAMES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_ZIP_NAMES = (".zip", ".wacz")
_MHTML_NAMES = (".mhtml", ".mht", ".mhtml.gz", ".mht.gz")


@dataclass(frozen=True, slots=True)
class InputUrl:
    """A URL, which is to be fetched."""

    url: str


AnyInput: TypeAlias = Input | InputUrl


def read_inputs(arguments: Iterable[str], standard_input: BinaryIO, options: InputOptions) -> Iterator[AnyInput]:
    """Yield the pages of inputs in their order, and what else is among them.

    Args:
        arguments: URLs; files, folders, WARC, ARC, MHTML and zip files; ``-``.
        standard_input: What ``-`` reads: one of these files, or a list of inputs, one a line. Empty lines and those
            that begin with ``#`` are left out of a list.
        options: Which pages are taken.
    """
    for argument in arguments:
        if argument == STDIN:
            yield from _standard_input(standard_input, options)
        else:
            yield from _argument(argument, options)


def _argument(argument: str, options: InputOptions) -> Iterator[AnyInput]:
    if is_url(argument):
        yield InputUrl(argument)
        return
    if "\0" in argument:
        yield RefusedInput(argument, "unreadable_file", f"{argument!r} is no name of a file")
        return
    path = Path(argument)
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield from _file_of_folder(file, options)
    else:
        yield from _file(path, argument, options)


def _file(path: Path, name: str, options: InputOptions) -> Iterator[Input]:
    """Yield the pages of a file that the user names: it is read whatever it is called."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as stream:
                yield from _stream(stream, name, stream.read(_HEADER_BYTES), options)
            return
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            if _holds_many(header):
                yield from _of_container(file, name, header, options)
                return
    except OSError:
        # Reading the page reports the error.
        pass
    yield _page(path, name, options)


def _file_of_folder(path: Path, options: InputOptions) -> Iterator[Input]:
    """Yield the pages of a file in a folder, recognised by its name or, failing that, by its first bytes.

    A file that is named like what can be read is always read. If it is something else, the error says so.
    """
    name = str(path)
    if reason := not_page_reason(path.as_posix()):
        yield SkippedInput(name, reason)
    elif is_named_as_page(path.name):
        yield _page(path, name, options)
    elif path.name.lower().endswith((*_WARC_NAMES, *_ZIP_NAMES, *_MHTML_NAMES)):
        yield from _file(path, name, options)
    elif reason := _no_html_reason(path):
        yield SkippedInput(name, reason)
    else:
        yield from _file(path, name, options)


def _no_html_reason(path: Path) -> str | None:
    """Return why the first bytes of a file are not those of a page; None if they may be."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        # Reading the page reports the error.
        return None
    try:
        check_page(str(path), None, _inflated(header) if header.startswith(_GZIP) else header)
    except PermanentError:
        kind = f"a {path.suffix.lower()} file" if path.suffix else "a file without a suffix"
        return f"{kind} that does not begin like HTML"
    return None


def _page(path: Path, name: str, options: InputOptions) -> InputPage:
    # Another process may have another folder.
    page = RawPage(body=b"", fetched_at=options.now, url=options.url, final_url=options.url)
    return InputPage(name=name, page=page, file=path.absolute())


def _standard_input(stream: BinaryIO, options: InputOptions) -> Iterator[AnyInput]:
    header = _header(stream)
    begin = header.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if begin.startswith(_BEGINS_AS_PAGE) or _holds_many(header) or begins_as_mhtml(header):
        yield from _stream(stream, STANDARD_INPUT, header, options)
        return
    for line in _lines(header.removeprefix(_BYTE_ORDER_MARK), stream):
        # Names of files may hold any bytes.
        text = os.fsdecode(line).strip()
        if text and not text.startswith("#"):
            yield from _argument(text, options)


def _header(stream: BinaryIO) -> bytes:
    """Return the first bytes of standard input: of a list the first line, so that it starts before it is complete."""
    header = b""
    while len(header) < _HEADER_BYTES and (line := stream.readline(_HEADER_BYTES - len(header))):
        header += line
        begin = header.removeprefix(_BYTE_ORDER_MARK).lstrip()
        is_list = begin and not (begin.startswith((*_BEGINS_AS_PAGE, *_MANY)) or may_begin_mhtml(header))
        if is_list and line.endswith(b"\n"):
            break
    return header


def _lines(header: bytes, stream: BinaryIO) -> Iterator[bytes]:
    first = header.splitlines(keepends=True)
    if first and not first[-1].endswith(b"\n"):
        first[-1] += stream.readline()
    yield from first
    # A generator that ends early would close the stream if it yielded from the stream itself.
    yield from iter(stream.readline, b"")


def _stream(stream: BinaryIO, name: str, header: bytes, options: InputOptions) -> Iterator[Input]:
    """Yield the pages of what can be read once only."""
    if _holds_many(header):
        # What is damaged is passed over by going back.
        with tempfile.TemporaryFile() as file:
            file.write(header)
            shutil.copyfileobj(stream, file)
            file.seek(0)
            yield from _of_container(file, name, header, options)
        return
    most = MAX_MHTML_BYTES if begins_as_mhtml(header) else max(MAX_PAGE_BYTES, options.max_bytes)
    data = header + stream.read(most + 1 - len(header))
    page = RawPage(body=b"", fetched_at=options.now, url=options.url, final_url=options.url)
    yield InputPage(name=name, page=page, file=data)


def _holds_many(header: bytes) -> bool:
    """Return whether a file is one of many pages."""
    return header.startswith(_ZIP) or _begins_as_warc(header)


def _begins_as_warc(header: bytes) -> bool:
    begin = _inflated(header) if header.startswith(_GZIP) else header
    return begin.startswith(_WARC)


def _of_container(file: BinaryIO, name: str, header: bytes, options: InputOptions) -> Iterator[Input]:
    yield from (read_zip if header.startswith(_ZIP) else read_warc)(file, name, options)


def _inflated(header: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(header, _HEADER_BYTES)
    except zlib.error:
        return header
