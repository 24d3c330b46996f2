"""Where a dump comes from and where it is loaded: a local archive, or a stack on AWS."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from khobor.archive.interface import Archive
from khobor.frontier.fetch_queue import FetchRequest
from khobor.frontier.interface import Frontier
from khobor.transfer.records import FailedRecord


def _nothing() -> Iterable[tuple[FetchRequest, datetime]]:
    return ()


def _no_dead_letters() -> Iterable[FailedRecord]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A local archive or a stack.

    Attributes:
        archive: The archive.
        frontier: The URL frontier.
        send: Puts a request in the fetch queue that was sent at a time; returns False if one waits there already.
        requests: Returns the requests that wait in the fetch queue, and when each was sent. The queue of a stack cannot
            be read without taking from it: before a dump it has to be empty.
        put_dead_letter: Keeps a record that failed for good; returns False if it is there already. Put twice, it is
            harmless.
        dead_letters: Returns the records that failed for good.
        together: Makes several writes one transaction, which is faster in a database.
        threads: How many writes may go on at the same time.
    """

    archive: Archive
    frontier: Frontier
    send: Callable[[FetchRequest, datetime], object]
    requests: Callable[[], Iterable[tuple[FetchRequest, datetime]]] = _nothing
    put_dead_letter: Callable[[FailedRecord], object]
    dead_letters: Callable[[], Iterable[FailedRecord]] = _no_dead_letters
    together: Callable[[], AbstractContextManager[object]] = nullcontext
    threads: int = 1
