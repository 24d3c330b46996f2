"""Whether this machine has a network: a lost one is no fault of the hosts, and no attempt at their URLs."""

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Lock
from typing import Any

from khobor.errors import KhoborError
from khobor.fetch.addresses import is_loopback
from khobor.fetch.downloader import Downloader
from khobor.fetch.request import Request
from khobor.page import NotModified, RawPage, Redirect
from khobor.url import host

# What fails alike where a host is not reached and where no host is.
_OF_THE_NETWORK = frozenset({"connection_failed", "name_lookup_failed", "timeout", "unknown_host"})
# So many hosts in a row that are not reached are the network's fault.
_HOSTS = 3
# Addresses of a.root-servers.net, which do not change. Connecting a UDP socket sends nothing.
_FAR = ((socket.AF_INET, "198.41.0.4"), (socket.AF_INET6, "2001:503:ba3e::2:30"))


class NetworkLostError(Exception):
    """The network of this machine is down."""


class Network:
    """What is known of the network, from what the downloads of all threads say.

    Args:
        on_change: Receives whether the network is there, each time that this changes.
        has_route: Returns whether this machine has a route to the internet.
    """

    def __init__(self, on_change: Callable[[bool], None], has_route: Callable[[], bool] | None = None) -> None:
        self._on_change = on_change
        self._has_route = has_route or has_route_to_internet
        self._lock = Lock()
        self._failing: set[str] = set()
        self._is_lost = False

    def reached(self) -> None:
        """Note that a host answered."""
        with self._lock:
            self._failing.clear()
            self._set_lost(False)

    def failed(self, failing_host: str) -> bool:
        """Note that a host was not reached; return whether that is the network's fault."""
        has_route = self._has_route()
        with self._lock:
            self._failing.add(failing_host)
            is_lost = self._is_lost or not has_route or len(self._failing) >= _HOSTS
            self._set_lost(is_lost)
        return is_lost

    def _set_lost(self, is_lost: bool) -> None:
        if is_lost != self._is_lost:
            self._is_lost = is_lost
            self._on_change(not is_lost)


class NetworkDownloader(Downloader):
    """A downloader that tells a lost network from a host that does not answer.

    Args:
        network: What is known of the network.
        given: What ``Downloader`` takes.
    """

    def __init__(self, network: Network, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._network = network

    def ask(self, request: Request, after: Redirect | None) -> RawPage | NotModified | Redirect:
        """Send one request; see ``Downloader``.

        Raises:
            NetworkLostError: The network is down.
        """
        asked = host(after.location if after else request.url)
        try:
            answer = super().ask(request, after)
        except KhoborError as error:
            if error.reason in _OF_THE_NETWORK and not _is_this_machine(asked):
                if self._network.failed(asked):
                    raise NetworkLostError(error.detail) from error
            elif error.reason.startswith("http_"):
                self._network.reached()
            raise
        self._network.reached()
        return answer


def has_route_to_internet() -> bool:
    """Return whether this machine has a route to the internet; nothing is sent."""
    for family, address in _FAR:
        with suppress(OSError), closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect((address, 9))
            return True
    return False


def _is_this_machine(name: str) -> bool:
    with suppress(ValueError):
        return is_loopback(name.strip("[]"))
    return name == "localhost" or name.endswith(".localhost")
