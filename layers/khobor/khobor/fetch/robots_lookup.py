"""Looks up the robots.txt of a host: in this process, then in a store, then at the host."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

from khobor.content.media_types import ROBOTS
from khobor.errors import KhoborError, PermanentError
from khobor.fetch.downloader import Downloader
from khobor.fetch.robots import RobotsTxt
from khobor.page import RawPage, Redirect
from khobor.url import origin

# How many hosts one process remembers.
_MOST_HOSTS = 256
# A DynamoDB item may have 400 KB. A larger robots.txt is remembered only by the process.
_MOST_STORED_BYTES = 350_000

# The reasons of errors before any request is sent; they apply to every URL of the host.
_ADDRESS_REASONS = frozenset({"bad_url", "forbidden_address", "forbidden_port", "unknown_host"})


class RobotsStore(Protocol):
    """Stores the robots.txt of hosts for 30 days, so that a copy is available while robots.txt is unreachable."""

    def get(self, host_key: str) -> bytes | None:
        """Return the last value of a host; None if there is none."""

    def put(self, host_key: str, value: bytes) -> None:
        """Store the value of a host.

        Args:
            host_key: The scheme, host and port.
            value: The value, 350 KB at most.
        """


class RobotsLookup:
    """Looks up robots.txt; safe for use by several threads.

    Args:
        downloader: Fetches robots.txt.
        store: Stores it for other processes; None for none.
        clock: Returns the current time, aware.
    """

    def __init__(
        self,
        downloader: Downloader,
        store: RobotsStore | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._downloader = downloader
        self._store = store
        self._clock = clock
        self._known: dict[str, RobotsTxt] = {}
        self._lock = Lock()

    def known(self, url: str) -> RobotsTxt | None:
        """Return the robots.txt for the scheme, host and port of a URL; None if it must be fetched.

        Raises:
            PermanentError: ``bad_url``.
        """
        known = self._latest(origin(url))
        return known if known and known.expires_at > self._clock() else None

    def fetch(self, url: str, *, ports: Collection[int] = ()) -> RobotsTxt:
        """Fetch the robots.txt of the host of a URL, and return it; if that fails, the one to use instead.

        Args:
            url: An http or https URL.
            ports: As in ``Downloader.fetch``.

        Raises:
            PermanentError: The URL cannot be requested.
        """
        host_key, now = origin(url), self._clock()
        try:
            fetched = RobotsTxt.of_body(self._body(f"{host_key}/robots.txt", ports), now)
        except KhoborError as error:
            if error.reason in _ADDRESS_REASONS:
                raise
            fetched = RobotsTxt.of_failure(error, self._latest(host_key), now)
        self._keep(host_key, fetched)
        self._remember(host_key, fetched)
        return fetched

    def _body(self, url: str, ports: Collection[int]) -> bytes:
        """Return the body of a robots.txt; a redirect to a URL that cannot be requested is a bad redirect."""
        request = self._downloader.request(url, validators=None, ports=ports, accept=ROBOTS)
        answer = self._downloader.ask(request, None)
        while isinstance(answer, Redirect):
            try:
                answer = self._downloader.ask(request, answer)
            except PermanentError as error:
                if error.reason in _ADDRESS_REASONS:
                    raise PermanentError("bad_redirect", f"{url} redirects: {error.detail}") from error
                raise
        return answer.body if isinstance(answer, RawPage) else b""

    def _latest(self, host_key: str) -> RobotsTxt | None:
        """Return the latest robots.txt of a host, expired or not."""
        known = self._known.get(host_key)
        if known is None or known.expires_at <= self._clock():
            known = self._stored(host_key) or known
            if known:
                self._remember(host_key, known)
        return known

    def _stored(self, host_key: str) -> RobotsTxt | None:
        data = self._store.get(host_key) if self._store else None
        return RobotsTxt.from_bytes(data) if data else None

    def _keep(self, host_key: str, robots_txt: RobotsTxt) -> None:
        data = robots_txt.to_bytes()
        if self._store and len(data) <= _MOST_STORED_BYTES:
            self._store.put(host_key, data)

    def _remember(self, host_key: str, robots_txt: RobotsTxt) -> None:
        with self._lock:
            self._known.pop(host_key, None)
            self._known[host_key] = robots_txt
            if len(self._known) > _MOST_HOSTS:
                del self._known[next(iter(self._known))]
