"""Inputs as they come: pages, and URLs, which are fetched with the same politeness as all others, hosts side by side.

A list of URLs may come slowly, from a program that is still at work. A thread reads it, so that each URL is fetched as
soon as its line is there.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Queue
from threading import Lock, Thread
from typing import NamedTuple, TypeAlias

from khobor.errors import KhoborError, PermanentError
from khobor.fetch.on_demand import fetch_on_demand
from khobor.fetch.reporting_fetcher import ReportingFetcher
from khobor.frontier.fetch_queue import message_group
from khobor.pages.input_files import AnyInput

_HOSTS_AT_ONCE = 16
# So soon Ctrl-C is noticed while nothing comes.
_LOOK_SECONDS = 0.5
# Inputs that are read ahead: each may be a page of some megabytes.
_READ_AHEAD = 32


class FetchedUrl(NamedTuple):
    """A URL with the key of its page, or why it has none."""

    url: str
    key: str | KhoborError


class _Failed(NamedTuple):
    """What ended a thread that should have ended in no exception."""

    error: Exception


class _End:
    """All inputs are read."""


_Arrived: TypeAlias = AnyInput | FetchedUrl | _Failed | _End


class ComingInputs:
    """Inputs, and the pages of URLs among them, in the order in which they come.

    Args:
        inputs: The inputs, which a thread reads.
        fetcher: Fetches one URL, and keeps its page.
        is_stopped: Returns whether nothing more is to be read or fetched.
    """

    def __init__(self, inputs: Iterable[AnyInput], fetcher: ReportingFetcher, is_stopped: Callable[[], bool]) -> None:
        self._inputs = inputs
        self._fetcher = fetcher
        self._is_stopped = is_stopped
        self._arrived: Queue[_Arrived] = Queue(_READ_AHEAD)
        self._lock = Lock()
        self._waiting: dict[str, deque[str]] = {}
        self._hosts: deque[str] = deque()
        self._threads = 0
        self._fetching = 0

    def fetch(self, url: str) -> None:
        """Fetch a URL; it comes as a ``FetchedUrl``.

        Args:
            url: The URL.

        Raises:
            PermanentError: ``bad_url``.
        """
        host = message_group(url)
        self._fetching += 1
        with self._lock:
            if host in self._waiting:
                self._waiting[host].append(url)
                return
            self._waiting[host] = deque([url])
            self._hosts.append(host)
            if self._threads == _HOSTS_AT_ONCE:
                return
            self._threads += 1
        Thread(target=self._fetch_hosts, daemon=True).start()

    def __iter__(self) -> Iterator[AnyInput | FetchedUrl | None]:
        """Yield what comes, until all is read and fetched or the work is to end, and None before a wait.

        Raises:
            CommandError: Pages cannot be kept.
            OSError: Standard input cannot be read.
        """
        Thread(target=self._read, daemon=True).start()
        is_read = False
        while not self._is_stopped() and not (is_read and not self._fetching):
            if self._arrived.empty():
                yield None
            arrived = self._next()
            if isinstance(arrived, _Failed):
                raise arrived.error
            if isinstance(arrived, _End):
                is_read = True
                continue
            if isinstance(arrived, FetchedUrl):
                self._fetching -= 1
            if arrived is not None:
                yield arrived

    def _next(self) -> _Arrived | None:
        """Wait for what comes next; return None if the work is to end."""
        while not self._is_stopped():
            try:
                return self._arrived.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
        return None

    def _read(self) -> None:
        try:
            for each in self._inputs:
                self._arrived.put(each)
                if self._is_stopped():
                    return
        # The main thread raises it.
        except Exception as error:  # noqa: BLE001
            self._arrived.put(_Failed(error))
        self._arrived.put(_End())

    def _fetch_hosts(self) -> None:
        """Fetch the URLs of one host after another, until none waits."""
        while (host := self._next_host()) is not None:
            while (url := self._next_url(host)) is not None:
                if self._is_stopped():
                    return
                self._arrived.put(_fetched(url, self._fetcher))

    def _next_host(self) -> str | None:
        with self._lock:
            if self._hosts:
                return self._hosts.popleft()
            self._threads -= 1
        return None

    def _next_url(self, host: str) -> str | None:
        with self._lock:
            if self._waiting[host]:
                return self._waiting[host].popleft()
            del self._waiting[host]
        return None


def _fetched(url: str, fetcher: ReportingFetcher) -> FetchedUrl | _Failed:
    """Return a URL with the key of its page, or what went wrong."""
    try:
        (result,) = fetch_on_demand({"url": url}, fetcher)
    except KhoborError as error:
        return FetchedUrl(url, error)
    # The main thread raises it.
    except Exception as error:  # noqa: BLE001
        return _Failed(error)
    if key := result.get("key"):
        return FetchedUrl(url, key)
    return FetchedUrl(url, PermanentError(result["reason"] or "no_page", result["detail"] or f"{url} has no page"))
