"""Which addresses may be connected to: no request of a stranger's URL may reach what only this machine can reach.

Server-side request forgery: https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from khobor.errors import PermanentError, RetryableError

Address = IPv4Address | IPv6Address
# As socket.getaddrinfo.
Resolver = Callable[..., list[Any]]

# RFC 6052: the last 32 bits are an IPv4 address.
_NAT64 = IPv6Network("64:ff9b::/96")


def resolve(
    host: str, port: int, *, allow_loopback: bool = False, resolver: Resolver = socket.getaddrinfo
) -> list[str]:
    """Return the addresses of a host, in the order in which to try them.

    Args:
        host: A name, or an address as the URL standard writes it.
        port: The port.
        allow_loopback: Whether this machine itself may be reached.
        resolver: What looks the name up, as ``socket.getaddrinfo`` does.

    Raises:
        PermanentError: ``unknown_host``, or ``forbidden_address`` if any of its addresses is not public.
        RetryableError: ``name_lookup_failed``.
    """
    try:
        found = resolver(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise RetryableError("name_lookup_failed", f"{host} could not be looked up now: {error}") from error
        raise PermanentError("unknown_host", f"the name {host} has no address; check its spelling") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not _is_allowed(ip_address(address), allow_loopback=allow_loopback):
            raise PermanentError("forbidden_address", f"{host} is at {address}, which is no public address")
    return addresses


def _is_allowed(address: Address, *, allow_loopback: bool) -> bool:
    inner = _embedded(address)
    if inner:
        return _is_allowed(inner, allow_loopback=allow_loopback)
    if address.is_loopback:
        return allow_loopback
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
