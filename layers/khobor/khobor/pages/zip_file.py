"""Pages in a zip file, and in the WARC files of a zip file, as WACZ has them."""

import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from khobor.content.media_types import check_page
from khobor.errors import PermanentError
from khobor.keys import is_named_as_page, not_page_reason
from khobor.page import RawPage
from khobor.pages.input_page import Input, InputOptions, InputPage, RefusedInput, SkippedInput
from khobor.pages.mhtml import begins_as_mhtml
from khobor.pages.warc import read_warc

ZIP = b"PK\x03\x04"
_IS_ENCRYPTED, _IS_UTF_8 = 0x1, 0x800
_WARCS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError)
# A zip file of pages grows about fivefold. What grows so much more is made to fill a memory or a disk.
_GROWTH, _FREE_BYTES = 200, 100_000_000


def read_zip(file: BinaryIO, name: str, options: InputOptions) -> Iterator[Input]:
    """Yield the pages of a zip file in its order, and what else is in it.

    Args:
        file: The file; it can be read at any place.
        name: What it is called in messages; a page in it is ``name#path``.
        options: Which pages are taken.
    """
    try:
        archive = zipfile.ZipFile(file)
        size = file.seek(0, 2)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield RefusedInput(name, "bad_zip", f"{name} cannot be read as a zip file ({error}); get it again")
        return
    left = size * _GROWTH + _FREE_BYTES
    seen: set[str] = set()
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        where = _where(name, entry, seen)
        left -= entry.file_size
        if left < 0:
            yield RefusedInput(where, "too_large", f"{name} grows over {_GROWTH}-fold; the rest of it is not read")
            return
        if entry.filename.lower().endswith(_WARCS):
            yield from _pages_of_warc(archive, entry, where, options)
        else:
            yield _entry(archive, entry, where, options)


def _where(name: str, entry: zipfile.ZipInfo, seen: set[str]) -> str:
    """Return what an entry is called in messages: no other of the file is called so."""
    where = f"{name}#{_path(entry)}"
    if where in seen:
        where = f"{where}@{entry.header_offset}"
    seen.add(where)
    return where


def _path(entry: zipfile.ZipInfo) -> str:
    """Return the path of an entry. Programs on Unix write UTF-8 and often do not say so; the standard is CP437."""
    if entry.flag_bits & _IS_UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, options: InputOptions) -> Input:
    if reason := not_page_reason(entry.filename):
        return SkippedInput(where, reason)
    try:
        with _opened(archive, entry, where) as opened:
            data = opened.read(options.max_bytes + 1)
    except PermanentError as error:
        return RefusedInput(where, error.reason, error.detail)
    if len(data) > options.max_bytes:
        return RefusedInput(where, "too_large", f"{where} has over {options.max_bytes} bytes")
    if not is_named_as_page(entry.filename) and not _begins_as_page(where, data):
        return SkippedInput(where, "a file that does not begin like HTML")
    return InputPage(name=where, page=RawPage(body=b"", fetched_at=options.now), file=data)


@contextmanager
def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> Iterator[IO[bytes]]:
    """Open an entry; raises PermanentError where it cannot be read, now or later."""
    if entry.flag_bits & _IS_ENCRYPTED:
        raise PermanentError("encrypted", f"{where} is encrypted; extract it with its password first")
    try:
        with archive.open(entry) as opened:
            yield opened
    except NotImplementedError as error:
        raise PermanentError("unknown_compression", f"{where}: {error}; extract it with another program") from error
    except _DAMAGE as error:
        raise PermanentError("bad_zip", f"{where} is damaged ({error}); get the file again") from error


def _begins_as_page(where: str, data: bytes) -> bool:
    try:
        check_page(where, None, data)
    except PermanentError:
        # What is in a gzip file is not looked at: its name says what it is.
        return begins_as_mhtml(data)
    return True


def _pages_of_warc(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, options: InputOptions
) -> Iterator[Input]:
    # What is read of a WARC file is not in order, and a zip file is read from the beginning for each step back.
    with tempfile.TemporaryFile() as file:
        try:
            with _opened(archive, entry, where) as opened:
                shutil.copyfileobj(opened, file)
        except PermanentError as error:
            yield RefusedInput(where, error.reason, error.detail)
        yield from read_warc(file, where, options)
