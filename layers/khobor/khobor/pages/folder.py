"""Pages and listings as files in a folder, under the same keys as in the raw bucket.

``<folder>/pages/example.com/2026-03-01/090500.000000Z-<id>.html.gz`` is the file of the key
``pages/example.com/2026-03-01/090500.000000Z-<id>.html.gz``, so that a folder can be copied to a bucket, and back, by
any program. The facts of a page are in the header of its file (see ``gzip_header``).

**What survives.** A file appears under its key when it is complete: it is written under another name, synchronised to
the disk (fsync), and then linked to its name. A process that is killed leaves no half page; it may leave a hidden file
that ends in ``.tmp``, which is no page, and which ``leftovers`` finds. When ``put_page`` returns, the page survives a
power cut, too: the file and its folder are synchronised. Within ``together``, this holds from the end of the block.

**What the keys guarantee.** A key that khobor writes consists of lower-case ASCII apart from the Z of its time, so that
no two keys are one file where case does not count. No part is longer than 254 bytes. A host that the file system has no
name for, such as one with a colon on Windows, is refused with ``bad_key``. No key names a file outside the folder.

**Versions.** A file has one version. A page that was fetched in the same microsecond as another one of the same URL has
the key of the next free microsecond; its own time stays in its header. The same page put twice is kept once. A copy of
an object that has several versions in a bucket has the newest one.

A reference to a page in a folder has neither bucket nor version.
"""

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from khobor.article import RawReference
from khobor.entry_facts import same_metadata
from khobor.errors import DISK_ADVICE, PermanentError, RetryableError, StorageError
from khobor.keys import HAND_OVER, LISTINGS, PAGES, UPLOADS, is_page, listing_key, page_key, upload_key
from khobor.page import RawPage, decompress, from_metadata, to_metadata
from khobor.pages import gzip_header
from khobor.pages.interface import PageStore
from khobor.url import host, url_id

# Below these khobor writes, and may delete all. Before there was uploads/, pages could have any other key.
_PLACES = (PAGES, UPLOADS, LISTINGS, HAND_OVER)
_TEMPORARY = ".tmp"
_MICROSECOND = timedelta(microseconds=1)
# More pages of one URL in one microsecond, and more attempts to make one folder, are a mistake.
_MOST_AT_ONCE = 1000
# A file system that has no hard links answers with one of these.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
# The kernel writes what several threads wait for at once.
_SYNC_THREADS = 8


class PagesFolderError(StorageError):
    """A folder of pages that cannot be read or written."""


class FolderPages(PageStore):
    """Keeps pages in a folder.

    Args:
        folder: The folder of the local archive, which has ``pages/`` in it. It need not exist.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # What to synchronise at the end of a block; None to synchronise everything at once.
        self._unsynchronised: dict[Path, None] | None = None

    def get(self, reference: RawReference, max_bytes: int) -> tuple[RawPage, RawReference]:
        """Return a page and the reference to it; see ``PageReader``. Bucket and version of the reference do not count.

        A file without facts in its header, which a person put there, was fetched when it was last changed.

        Raises:
            PermanentError: As ``PageReader`` says.
            PagesFolderError: ``disk_error``.
        """
        data, changed_at = self._read(reference.key, max_bytes + 1)
        where = str(self.folder / reference.key)
        body = decompress(data, where, max_bytes)
        page = from_metadata(body, gzip_header.facts(data, where), changed_at, now=datetime.now(UTC))
        return page, replace(reference, bucket=None, version=None)

    def versions(self, reference: RawReference) -> list[RawReference]:
        """Return the reference to a page, which has one version; none if there is no such file."""
        path = self._path(reference.key)
        return [replace(reference, bucket=None, version=None)] if path and path.is_file() else []

    def url_of(self, key: str) -> str | None:
        """Return the URL by which a page was requested; see ``PageStore``."""
        # A file in the folder may hold anything.
        with suppress(PermanentError):
            data, changed_at = self._read(key, gzip_header.MAX_HEADER_BYTES)
            return from_metadata(b"", gzip_header.facts(data, key), changed_at).url
        return None

    def put_page(self, page: RawPage) -> str:
        """Keep a fetched page, and return its key; see ``PageStore``.

        Raises:
            PermanentError: ``bad_url``, ``url_too_long``, ``bad_key``.
            PagesFolderError: ``disk_full``, ``read_only`` or ``disk_error``. Nothing of the page is left.
        """
        url = page.url or ""
        of_host, of_url = host(url), url_id(url)
        return self._put(page, lambda at: page_key(of_host, at, of_url))

    def put_listing(self, page: RawPage, source: str, kind: str) -> str:
        """Keep a fetched listing, and return its key; see ``PageStore`` and ``put_page``."""
        of_url = url_id(page.url or "")
        return self._put(page, lambda at: listing_key(source, kind, at, of_url))

    def put_upload(self, page: RawPage) -> str:
        """Keep a page that was handed over, and return its key; see ``PageStore`` and ``put_page``."""
        digest = page.digest
        return self._put(page, lambda at: upload_key(at, digest))

    @contextmanager
    def together(self) -> Iterator["FolderPages"]:
        """Yield the same store for many pages, which survive a power cut once the block has ended.

        Several files are synchronised at once, which takes a tenth of the time. A process that is killed within the
        block loses no page that was put. After a power cut within it, files may be damaged: ``get`` says so, and
        putting the page again replaces them.
        """
        pages = FolderPages(self.folder)
        pages._unsynchronised = {}
        try:
            yield pages
        finally:
            with ThreadPoolExecutor(_SYNC_THREADS) as threads, _clear_errors(self.folder):
                list(threads.map(_synchronise, pages._unsynchronised))

    def keys(self, prefix: str = PAGES) -> Iterator[str]:
        """Yield the keys of all files below a folder, in order.

        Args:
            prefix: A key that ends with a slash, such as ``pages/example.com/``.
        """
        top = self._path(prefix.removesuffix("/"))
        for path in _files(top) if top else ():
            if not _is_temporary(path.name):
                yield path.relative_to(self.folder).as_posix()

    def page_keys(self) -> Iterator[str]:
        """Yield the keys of all pages: those that were fetched, uploads, and those with keys of earlier versions."""
        for place in (PAGES, UPLOADS):
            yield from filter(is_page, self.keys(place))
        yield from self.old_page_keys()

    def old_page_keys(self) -> Iterator[str]:
        """Yield the keys of pages that are in none of today's folders: earlier versions took any key."""
        try:
            with os.scandir(self.folder) as entries:
                found = sorted(each.name for each in entries if not each.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return
        for name in found:
            path = self.folder / name
            if f"{name}/" in _PLACES:
                continue
            files = _files(path) if path.is_dir() and not path.is_symlink() else [path]
            for key in (each.relative_to(self.folder).as_posix() for each in files):
                if is_page(key):
                    yield key

    def hosts(self) -> list[str]:
        """Return the hosts whose fetched pages are in the folder."""
        try:
            with os.scandir(self.folder / PAGES) as entries:
                return sorted(each.name for each in entries if each.is_dir() and not each.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def leftovers(self) -> Iterator[Path]:
        """Yield the files that killed processes left half written; a file of a process at work may be among them."""
        for place in _PLACES:
            yield from (path for path in _files(self.folder / place) if _is_temporary(path.name))

    def delete(self, key: str) -> int:
        """Delete a page, or all files below a key that ends with a slash; see ``PageStore``. Empty folders go, too."""
        path = self._path(key.removesuffix("/"))
        if path is None or not (key.startswith(_PLACES) or is_page(key)):
            return 0
        count = 0
        try:
            for each in list(_files(path)) if key.endswith("/") else [path]:
                count += self._delete(each)
        except OSError as error:
            raise RetryableError(
                "not_deleted", f"{error.filename} is still there ({error.strerror}); forget it again"
            ) from error
        return count

    def _delete(self, path: Path) -> int:
        """Delete a file and the folders that are empty without it; return the number of files."""
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return 0
        above = path.parent
        # Not pages/ itself, which may be a link to another disk.
        while len(above.relative_to(self.folder).parts) > 1:
            try:
                above.rmdir()
            except OSError:
                break
            above = above.parent
        self._synchronise([above])
        return 1

    def _put(self, page: RawPage, key_at: Callable[[datetime], str]) -> str:
        """Keep a page under the first free key from the time of its fetch on, and return the key."""
        data = gzip_header.compress(page.body, to_metadata(page))
        for key in map(key_at, _moments(page.fetched_at)):
            path = self._path(key)
            if path is None:
                raise PermanentError("bad_key", f"{key!r} names no file inside {self.folder}")
            with _clear_errors(path):
                if self._keep(path, data, page):
                    return key
        raise PermanentError("bad_key", f"{_MOST_AT_ONCE} pages have a key like {key_at(page.fetched_at)}")

    def _keep(self, path: Path, data: bytes, page: RawPage) -> bool:
        """Write the file of a page, unless there is one; return False if that is the file of another page."""
        present = _comparison(path, page) if path.exists() else "absent"
        if present in {"same", "other"}:
            return present == "same"
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")
        try:
            new_folders = _write(temporary, data)
            if self._unsynchronised is None:
                # A file has its name only once its bytes are on the disk.
                _synchronise(temporary)
            if present == "damaged":
                temporary.replace(path)
            elif not _link(temporary, path):
                return _comparison(path, page) == "same"
        finally:
            temporary.unlink(missing_ok=True)
        self._synchronise([path, path.parent, *new_folders])
        return True

    def _synchronise(self, paths: Iterable[Path]) -> None:
        """Write to the disk what the kernel still keeps in memory of files and folders, now or at the block's end."""
        if self._unsynchronised is not None:
            self._unsynchronised.update(dict.fromkeys(paths))
            return
        for path in paths:
            _synchronise(path)

    def _read(self, key: str, size: int) -> tuple[bytes, datetime]:
        """Return the first bytes of a file, and when it was last changed."""
        path = self._path(key)
        where = self.folder / key
        if path is None:
            raise PermanentError("no_such_object", f"there can be no {where}")
        try:
            with path.open("rb") as file:
                changed_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                return file.read(size), changed_at
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise PermanentError("no_such_object", f"{where} is not there; add the page again") from error
        except OSError as error:
            raise PagesFolderError("disk_error", f"{where} cannot be read: {error.strerror}") from error

    def _path(self, key: str) -> Path | None:
        """Return the path of a key; None if the key could name no file of a page."""
        parts = key.split("/")
        if not (key.startswith(_PLACES) or f"{key}/" in _PLACES or is_page(key)) or not all(map(_is_name, parts)):
            return None
        path = self.folder.joinpath(*parts)
        # On Windows a part with a colon leads elsewhere.
        return path if path.is_relative_to(self.folder) else None


def _is_name(part: str) -> bool:
    if part in {"", ".", ".."} or "\\" in part or "\0" in part or _is_temporary(part):
        return False
    # Half a surrogate pair is in no name.
    return not any("\ud800" <= character <= "\udfff" for character in part)


def _is_temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(_TEMPORARY)


def _moments(at: datetime) -> Iterator[datetime]:
    """Yield a time and the microseconds after it."""
    with suppress(OverflowError):
        for step in range(_MOST_AT_ONCE):
            yield at + step * _MICROSECOND


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the order of their keys, without following links to folders."""
    try:
        with os.scandir(folder) as entries:
            found = {f"{each.name}/" if each.is_dir(follow_symlinks=False) else each.name for each in entries}
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in sorted(found):
        if name.endswith("/"):
            yield from _files(folder / name)
        else:
            yield folder / name


def _comparison(path: Path, page: RawPage) -> Literal["same", "other", "damaged"]:
    """Return whether a file holds a page, another page, or none that can be read; a page without facts is damaged."""
    data = path.read_bytes()
    if data == b"":
        return "damaged"
    try:
        body = decompress(data, str(path), max(len(data), len(page.body)))
        facts = gzip_header.facts(data, str(path))
    except PermanentError as error:
        return "damaged" if error.reason in {"bad_gzip", "truncated_gzip"} else "other"
    if body != page.body or (facts and not same_metadata(facts, to_metadata(page))):
        return "other"
    return "same" if facts else "damaged"


def _write(path: Path, data: bytes) -> list[Path]:
    """Write a new file, and return the folders that have a new folder for it."""
    changed: dict[Path, None] = {}
    # Another process may remove a folder while it is empty.
    for attempt in range(_MOST_AT_ONCE):
        try:
            with path.open("xb") as file:
                file.write(data)
            break
        except FileNotFoundError:
            if attempt == _MOST_AT_ONCE - 1:
                raise
            missing = [each for each in (path.parent, *path.parent.parents) if not each.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            changed.update(dict.fromkeys(each.parent for each in missing))
    return list(changed)


def _link(temporary: Path, path: Path) -> bool:
    """Give a file its name, unless another file has it; return whether it has."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            return False
        temporary.rename(path)
    return True


def _synchronise(path: Path) -> None:
    """Write to the disk what the kernel still keeps in memory of a file or a folder."""
    if os.name == "nt" and path.is_dir():
        # Windows has no such call for a folder.
        return
    try:
        file = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    except FileNotFoundError:
        # Deleted meanwhile.
        return
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """Say what is wrong with a disk.

    Raises:
        PermanentError: ``bad_key``.
        PagesFolderError: ``disk_full``, ``read_only``, ``disk_error``.
    """
    try:
        yield
    except OSError as error:
        why = f"{path} cannot be written: {error.strerror}"
        if error.errno in {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}:
            raise PermanentError("bad_key", f"{why}; the file system has no such name") from error
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise PagesFolderError("disk_full", f"{why}. {DISK_ADVICE['disk_full']}") from error
        reason = "read_only" if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} else "disk_error"
        raise PagesFolderError(reason, f"{why}: {DISK_ADVICE[reason]}") from error
