"""URLs that a user gives: fetched with the same politeness as all others, hosts side by side."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from khobor.errors import KhoborError, PermanentError
from khobor.fetch.on_demand import fetch_on_demand
from khobor.fetch.reporting_fetcher import ReportingFetcher
from khobor.frontier.fetch_queue import message_group

_HOSTS_AT_ONCE = 16
# So soon Ctrl-C is noticed while nothing is fetched.
_LOOK_SECONDS = 0.5


class _Fetched(NamedTuple):
    """A URL with the key of its page, or what went wrong."""

    url: str
    key: str | Exception


def fetch_urls(
    urls: Iterable[str],
    fetcher: ReportingFetcher,
    *,
    refuse: Callable[[str, KhoborError], object],
    is_stopped: Callable[[], bool],
) -> Iterator[tuple[str, str]]:
    """Yield each URL with the key of its page, once it is kept.

    Args:
        urls: The URLs.
        fetcher: Fetches one URL, and keeps its page.
        refuse: Receives a URL that has no page, and why.
        is_stopped: Returns whether no further URL is to be fetched.

    Raises:
        CommandError: Pages cannot be kept.
    """
    waiting: SimpleQueue[list[str]] = SimpleQueue()
    results: SimpleQueue[_Fetched | None] = SimpleQueue()
    for of_host in _by_host(urls, refuse):
        waiting.put(of_host)
    count = min(waiting.qsize(), _HOSTS_AT_ONCE)
    for _ in range(count):
        Thread(target=_work, args=(waiting, results, fetcher, is_stopped), daemon=True).start()
    while count and not is_stopped():
        try:
            fetched = results.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
        if fetched is None:
            count -= 1
        elif isinstance(fetched.key, KhoborError):
            refuse(fetched.url, fetched.key)
        elif isinstance(fetched.key, Exception):
            raise fetched.key
        else:
            yield fetched.url, fetched.key


def _by_host(urls: Iterable[str], refuse: Callable[[str, KhoborError], object]) -> Iterable[list[str]]:
    hosts: dict[str, list[str]] = {}
    for url in urls:
        try:
            hosts.setdefault(message_group(url), []).append(url)
        except PermanentError as error:
            refuse(url, error)
    return hosts.values()


def _work(
    waiting: "SimpleQueue[list[str]]",
    results: "SimpleQueue[_Fetched | None]",
    fetcher: ReportingFetcher,
    is_stopped: Callable[[], bool],
) -> None:
    """Fetch the URLs of one host after another, until none waits."""
    try:
        with suppress(Empty):
            while True:
                for url in waiting.get_nowait():
                    if is_stopped():
                        return
                    results.put(_Fetched(url, _key(url, fetcher)))
    finally:
        results.put(None)


def _key(url: str, fetcher: ReportingFetcher) -> str | Exception:
    """Return the key of a page, or what went wrong."""
    try:
        (result,) = fetch_on_demand({"url": url}, fetcher)
    # The main thread raises it.
    except Exception as error:  # noqa: BLE001
        return error
    if key := result.get("key"):
        return key
    return PermanentError(result["reason"] or "no_page", result["detail"] or f"{url} has no page")
