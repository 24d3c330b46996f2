"""The robots.txt of each host, looked up where it is nearest: in this process, in a store, at the host."""

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

# Hosts that one process remembers.
_MOST_HOSTS = 256
# A DynamoDB item has room for 400 KB; a robots.txt that does not fit is remembered by the process alone.
_MOST_STORED_BYTES = 350_000

# What is wrong with a URL before anybody is asked, and with every URL of its host.
_OF_ADDRESS = frozenset({"bad_url", "forbidden_address", "forbidden_port", "unknown_host"})


class RobotsStore(Protocol):
    """Where what is known outlives the process, for 30 days: a copy is used on while there is no newer one."""

    def get(self, host_key: str) -> bytes | None:
        """Return what was put last for a host, None where nothing was."""

    def put(self, host_key: str, value: bytes) -> None:
        """Keep a value for a host, at most 350 KB."""


class RobotsLookup:
    """Looks up what robots.txt says; several threads may ask at once.

    Args:
        downloader: Fetches robots.txt.
        store: Where it is kept for others; None for nowhere.
        clock: What time it is, aware.
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
        """Return the robots.txt that a URL is subject to, of its scheme, host and port; None where it is to be fetched.

        Raises:
            PermanentError: ``bad_url``.
        """
        known = self._latest(origin(url))
        return known if known and known.expires_at > self._clock() else None

    def fetch(self, url: str, *, ports: Collection[int] = ()) -> RobotsTxt:
        """Ask the host of a URL for robots.txt and return it.

        Args:
            url: An http or https URL.
            ports: As in ``Downloader.fetch``.

        Raises:
            PermanentError: The URL is one that cannot be asked for. That robots.txt cannot be had raises nothing: its
                verdict says it.
        """
        host_key, now = origin(url), self._clock()
        try:
            fetched = RobotsTxt.of_body(self._body(f"{host_key}/robots.txt", ports), now)
        except KhoborError as error:
            if error.reason in _OF_ADDRESS:
                raise
            fetched = RobotsTxt.of_failure(error, self._latest(host_key), now)
        self._keep(host_key, fetched)
        self._remember(host_key, fetched)
        return fetched

    def _body(self, url: str, ports: Collection[int]) -> bytes:
        """Return a robots.txt; a redirect to what cannot be asked for is one that leads nowhere."""
        request = self._downloader.request(url, validators=None, ports=ports, accept=ROBOTS)
        answer = self._downloader.ask(request, None)
        while isinstance(answer, Redirect):
            try:
                answer = self._downloader.ask(request, answer)
            except PermanentError as error:
                if error.reason in _OF_ADDRESS:
                    raise PermanentError("bad_redirect", f"{url} leads elsewhere: {error.detail}") from error
                raise
        return answer.body if isinstance(answer, RawPage) else b""

    def _latest(self, host_key: str) -> RobotsTxt | None:
        """Return what is known of a host, expired or not."""
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
