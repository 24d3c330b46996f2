"""Extraction of many pages in a pool of processes.

``concurrent.futures`` and ``multiprocessing.Pool`` give up, or wait for ever, if one of their processes dies. Here the
page that a process died of is tried once more in a process of its own, which tells why, and the other pages go on.

The processes are forked from a server that has loaded the extraction (``forkserver``): that works on Linux and macOS,
with threads in this process, and the processes share the memory of what is loaded. A process gets a batch only when it
waits for one, so that this process never waits to write while the other waits to write too.
"""

import gc
import math
import multiprocessing
import os
import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from khobor.errors import CommandError, KhoborError, PermanentError
from khobor.local.extraction_worker import Answer, Extractor, Task, WriteArticle, encoded, work
from khobor.page import MAX_PAGE_BYTES
from khobor.pages.input_page import InputPage
from khobor.sources.registry import Registry, bundled_sources
from khobor.work_limits import LOCAL_PAGE_LIMITS, WorkLimits

# A batch lasts some tenths of a second, so that the time between two batches does not count.
_BATCH_PAGES = 16
_BATCH_BYTES = 4_000_000
# Pages and articles that are held at once: enough to go on beside a page that takes seconds.
_HELD_PAGES = 1_000
_HELD_BYTES = 64_000_000
# Beyond the limit of time, a process needs some to say so; more if the page has a process of its own.
_GRACE_SECONDS, _GRACE_SECONDS_APART = 1.0, 3.0
_FAILED_STARTS = 3


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of a page.

    Attributes:
        page: The page that was given.
        article: Its article, as the pool's ``write`` returned it; None if there is none.
        error: Why there is none: of the file, of the page (``no_headline``, ``not_html`` …), ``too_slow``,
            ``too_much_memory``, or ``crashed``.
    """

    page: InputPage
    article: bytes | None
    error: KhoborError | None


@dataclass(slots=True, eq=False)
class _Held:
    """A page that was given and is not returned yet."""

    page: InputPage
    apart: bool = False
    answer: Answer | None = None
    size: int = 0

    def __post_init__(self) -> None:
        self.size = self.page.size


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with the pages that it has not answered, in order.

    Attributes:
        process: The process.
        connection: The pipe to it.
        pages: Its pages.
        is_ready: Whether it has loaded what it needs.
        since: When it began with the first of its pages.
    """

    process: BaseProcess
    connection: Connection
    pages: deque[_Held] = field(default_factory=deque)
    is_ready: bool = False
    since: float = 0.0


class ExtractionPool:
    """A pool of processes that extract articles; a context manager, which ends the processes.

    Args:
        jobs: The number of processes; None takes all cores that this process may use. With 1, pages are extracted in
            this process.
        sources: The sources whose rules are used; None takes those that come with khobor.
        limits: The limits of one page.
        max_bytes: The largest page.
        write: Returns the bytes of an article, in the process that extracted it: by default those that
            ``khobor.archive.codec.decode`` reads.
    """

    def __init__(
        self,
        jobs: int | None = None,
        *,
        sources: Registry | None = None,
        limits: WorkLimits = LOCAL_PAGE_LIMITS,
        max_bytes: int = MAX_PAGE_BYTES,
        write: WriteArticle = encoded,
    ) -> None:
        self.jobs = jobs or usable_cores()
        self._extractor = Extractor(sources=_replaced(sources), limits=limits, max_bytes=max_bytes, write=write)
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._held: deque[_Held] = deque()
        self._waiting: deque[_Held] = deque()
        self._held_bytes = 0
        self._failed_starts = 0

    def __enter__(self) -> Self:
        """Return the pool. Processes start when there is work for them."""
        # What is loaded stays, so the garbage collector need not look at it again: 1.5 % of the time of an extraction.
        gc.freeze()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes at once."""
        self.close()

    def close(self) -> None:
        """End all processes at once, whatever they do."""
        for worker in self._workers[:]:
            self._end(worker)
        self._selector.close()

    def extract(self, pages: Iterable[InputPage]) -> Iterator[Extracted]:
        """Yield what becomes of each page, in the order of the pages.

        Pages are taken from the iterable as they are needed, so that memory does not grow with their number. Two calls
        must not overlap.

        Args:
            pages: The pages.

        Raises:
            CommandError: The processes cannot be started.
        """
        if self.jobs == 1:
            yield from self._here(pages)
            return
        try:
            yield from self._in_processes(iter(pages))
        finally:
            self._drop_all()

    def _here(self, pages: Iterable[InputPage]) -> Iterator[Extracted]:
        sources = self._extractor.registry()
        return (_result(page, self._extractor.answer(page, sources)) for page in pages)

    def _in_processes(self, pages: Iterator[InputPage]) -> Iterator[Extracted]:
        is_over = False
        while self._held or not is_over:
            has_room = not is_over and len(self._held) < _HELD_PAGES and self._held_bytes < _HELD_BYTES
            if has_room:
                page = next(pages, None)
                if page is None:
                    is_over = True
                else:
                    self._add(page)
            self._feed()
            is_done = bool(self._held) and self._held[0].answer is not None
            self._exchange(wait=not has_room and not is_done)
            if is_done:
                yield self._taken()

    def _add(self, page: InputPage) -> None:
        held = _Held(page)
        self._held.append(held)
        self._waiting.append(held)
        self._held_bytes += held.size

    def _taken(self) -> Extracted:
        held = self._held.popleft()
        self._held_bytes -= held.size
        assert held.answer is not None  # noqa: S101 it is asked for only then
        return _result(held.page, held.answer)

    def _feed(self) -> None:
        """Give batches to the processes that wait for one, and start processes if all are at work."""
        for worker in self._workers:
            if self._waiting and worker.is_ready and not worker.pages:
                self._send(worker)
        starting = sum(not worker.is_ready for worker in self._workers)
        while len(self._waiting) > starting and len(self._workers) < self.jobs:
            self._start()
            starting += 1

    def _send(self, worker: _Worker) -> None:
        worker.pages.extend(self._batch())
        worker.since = time.monotonic()
        try:
            worker.connection.send([Task(each.page, each.apart) for each in worker.pages])
        except OSError:
            self._lose(worker)

    def _batch(self) -> Iterator[_Held]:
        """Yield the next pages for one process; a page that a process died of goes alone."""
        count = min(_BATCH_PAGES, math.ceil(len(self._waiting) / (2 * self.jobs)))
        size = 0
        while self._waiting and count > 0 and size < _BATCH_BYTES:
            held = self._waiting.popleft()
            size += held.size
            count -= 1
            yield held
            if held.apart:
                return

    def _start(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        process = _context().Process(target=work, args=(theirs, self._extractor), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _exchange(self, *, wait: bool) -> None:
        """Receive the answers that there are.

        Args:
            wait: Whether to wait for one.
        """
        for key, _ in self._selector.select(self._seconds_left() if wait else 0):
            self._receive(key.data)
        now = time.monotonic()
        for worker in [each for each in self._workers if self._deadline(each) < now]:
            self._lose(worker)

    def _seconds_left(self) -> float | None:
        """Return the time until the first process is too late; None if none can be."""
        first = min(map(self._deadline, self._workers), default=math.inf)
        return None if first == math.inf else max(first - time.monotonic(), 0)

    def _deadline(self, worker: _Worker) -> float:
        if not worker.pages:
            return math.inf
        grace = _GRACE_SECONDS_APART if worker.pages[0].apart else _GRACE_SECONDS
        return worker.since + self._extractor.limits.clock_seconds + grace

    def _receive(self, worker: _Worker) -> None:
        try:
            answer: Answer | None = worker.connection.recv()
        except (EOFError, OSError):
            self._lose(worker)
            return
        if answer is None:
            worker.is_ready = True
            self._failed_starts = 0
            return
        self._answered(worker.pages.popleft(), answer)
        worker.since = time.monotonic()

    def _answered(self, held: _Held, answer: Answer) -> None:
        held.answer = answer
        if isinstance(answer, bytes):
            held.size += len(answer)
            self._held_bytes += len(answer)

    def _lose(self, worker: _Worker) -> None:
        """End a process that died or is too late. The page that it had begun with gets a second try, the rest a first.

        Raises:
            CommandError: Several processes died before they were ready.
        """
        self._end(worker)
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts == _FAILED_STARTS:
                raise CommandError("the processes that extract pages do not start; see above, or use --jobs 1")
        if worker.pages and worker.pages[0].apart:
            held = worker.pages.popleft()
            why = f"{held.page.name} ended the process that extracted it twice (exit {worker.process.exitcode})"
            self._answered(held, PermanentError("crashed", why))
        elif worker.pages:
            worker.pages[0].apart = True
        self._waiting.extendleft(reversed(worker.pages))

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.connection)
        worker.connection.close()
        worker.process.kill()
        worker.process.join()

    def _drop_all(self) -> None:
        """Forget the pages that nobody waits for any more, and end the processes that have some."""
        for worker in [each for each in self._workers if each.pages]:
            self._end(worker)
        self._held.clear()
        self._waiting.clear()
        self._held_bytes = 0


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["khobor.local.extraction_worker"])
    return context


def _replaced(sources: Registry | None) -> dict[str, str]:
    """Return the files in which sources differ from the bundled ones."""
    if sources is None or sources is bundled_sources():
        return {}
    known = bundled_sources().files
    return {path: text for path, text in sources.files.items() if known.get(path) != text}


def _result(page: InputPage, answer: Answer) -> Extracted:
    return Extracted(page, answer, None) if isinstance(answer, bytes) else Extracted(page, None, answer)
