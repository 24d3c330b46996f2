"""Which processes work on a local archive at the moment, by locks that the system releases when a process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from khobor.errors import CommandError

_AT_WORK = ".at-work.lock"
_WATCHING = ".watching.lock"


@contextmanager
def at_work(folder: Path) -> Iterator[bool]:
    """Say to others that this process adds pages to an archive; yield whether no other one does.

    Args:
        folder: The folder of the archive.
    """
    with _opened(folder / _AT_WORK) as descriptor:
        is_alone = _locks(descriptor, fcntl.LOCK_EX)
        # Those that come later find that they are not alone.
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield is_alone


@contextmanager
def watching(folder: Path) -> Iterator[None]:
    """Keep other processes from watching an archive.

    Args:
        folder: The folder of the archive.

    Raises:
        CommandError: Another one watches it.
    """
    with _opened(folder / _WATCHING) as descriptor:
        if not _locks(descriptor, fcntl.LOCK_EX):
            pid = os.read(descriptor, 20).decode(errors="replace").strip()
            raise CommandError(
                f"another process{f' ({pid})' if pid else ''} watches {folder} already; one is enough: it takes up "
                "changes of sources itself. End it first to watch here"
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locks(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
