"""Threads that fetch the requests of a local archive's queue, hosts side by side."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

from khobor.frontier.sqlite.fetch_queue import QueuedRequest


class FetchThreads:
    """A fixed number of threads. They do not keep the process from ending, as a slow host may take a minute.

    Args:
        count: How many.
        fetch: Fetches one request.
        on_done: Is called after each request, in its thread.
    """

    def __init__(self, count: int, fetch: Callable[[QueuedRequest], None], on_done: Callable[[], None]) -> None:
        self._count = count
        self._fetch = fetch
        self._on_done = on_done
        self._lock = Lock()
        self._busy = 0
        self._failure: BaseException | None = None
        self._requests: SimpleQueue[QueuedRequest | None] = SimpleQueue()
        self._threads: list[Thread] = []

    @property
    def busy(self) -> int:
        """The number of requests that are under way."""
        with self._lock:
            return self._busy

    @property
    def free(self) -> int:
        """The number of requests that can be taken now."""
        return self._count - self.busy

    def give(self, request: QueuedRequest) -> None:
        """Fetch a request in one of the threads."""
        with self._lock:
            self._busy += 1
        if len(self._threads) < min(self._count, self.busy):
            thread = Thread(target=self._work, daemon=True, name=f"fetch-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()
        self._requests.put(request)

    def check(self) -> None:
        """Check the threads; raises the exception that ended a request, if one did."""
        with self._lock:
            failure, self._failure = self._failure, None
        if failure:
            raise failure

    def close(self) -> None:
        """Let the threads end after what they do now."""
        for _ in self._threads:
            self._requests.put(None)

    def _work(self) -> None:
        while request := self._requests.get():
            failure: BaseException | None = None
            try:
                self._fetch(request)
            # The main thread raises it.
            except BaseException as error:  # noqa: BLE001
                failure = error
            with self._lock:
                self._busy -= 1
                self._failure = self._failure or failure
            self._on_done()
