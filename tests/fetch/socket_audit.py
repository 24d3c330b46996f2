"""What the sockets of this process connect to, from the interpreter's audit events (PEP 578)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any


@dataclass
class SocketAudit:
    """Connections that were tried, and names that were looked up by the socket library itself."""

    connections: list[tuple[str, int]] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        return {host for host, _ in self.connections}


# An audit hook stays for the life of the process: it is idle while nobody observes.
_observers: list[SocketAudit] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _observers:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host, port = arguments[1][:2]
        for observer in _observers:
            observer.connections.append((host, port))
        if not ip_address(host).is_loopback:
            raise OSError("seen, and stopped: tests leave this machine alone")
    elif event == "socket.getaddrinfo":
        for observer in _observers:
            observer.lookups.append(str(arguments[0]))


sys.addaudithook(_hook)


@contextmanager
def audit_sockets() -> Iterator[SocketAudit]:
    """Observe; connections to other machines are seen, and stopped before they are made."""
    observer = SocketAudit()
    _observers.append(observer)
    try:
        yield observer
    finally:
        _observers.remove(observer)
