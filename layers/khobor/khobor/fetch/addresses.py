"""Which IP addresses may be connected to: no URL may reach a service that is not public.

This prevents server-side request forgery: https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from khobor.errors import PermanentError, RetryableError

Address = IPv4Address | IPv6Address
# A function such as socket.getaddrinfo.
Resolver = Callable[..., list[Any]]

# The special-purpose registries of IANA. Globally reachable entries are included, because no site uses them.
# https://www.iana.org/assignments/iana-ipv4-special-registry https://www.iana.org/assignments/iana-ipv6-special-registry
# Python's is_global differs between versions. It is checked as well, for entries that a later version adds.
FORBIDDEN_NETWORKS = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # shared address space of providers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local: the metadata service and the container credentials of AWS
            "172.16.0.0/12",  # private use
            "192.0.0.0/24",  # IETF protocol assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic multicast tunnelling
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private use
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast, which has its own registry
            "240.0.0.0/4",  # reserved, broadcast
            "168.63.129.16/32",  # a public address that Azure uses for its host services
            "::/96",  # unspecified, loopback, IPv4-compatible
            "64:ff9b:1::/48",  # local-use NAT64
            "100::/64",  # discard
            "100:0:0:1::/64",  # dummy
            "2001::/23",  # IETF protocol assignments, including Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3ffe::/16",  # 6bone, no longer in use
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fc00::/7",  # unique local
            "fe80::/10",  # link-local
            "fec0::/10",  # site-local
            "ff00::/8",  # multicast
        ),
    )
)
# All global unicast addresses of IPv6: https://www.iana.org/assignments/ipv6-address-space
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# RFC 6052: the last 32 bits are an IPv4 address, which is checked. DNS64 returns such addresses in IPv6-only networks.
_NAT64 = IPv6Network("64:ff9b::/96")
# RFC 5214: these bytes precede an IPv4 address, which may be private.
_ISATAP = (bytes.fromhex("00005efe"), bytes.fromhex("02005efe"))


def resolve(
    host: str, port: int, *, allow_loopback: bool = False, resolver: Resolver = socket.getaddrinfo
) -> list[str]:
    """Return the addresses of a host, in the order in which to try them.

    Args:
        host: A name, or an address as the URL standard writes it.
        port: The port.
        allow_loopback: Whether loopback addresses are allowed.
        resolver: Resolves the name, like ``socket.getaddrinfo``.

    Raises:
        PermanentError: ``unknown_host``, or ``forbidden_address`` if any of the addresses is not public.
        RetryableError: ``name_lookup_failed``.
    """
    addresses = list(dict.fromkeys(_look_up(host, port, resolver)))
    if not addresses:
        raise PermanentError("unknown_host", f"the name {host} has no address; check its spelling")
    for address in addresses:
        if not is_allowed(address, allow_loopback=allow_loopback):
            raise PermanentError("forbidden_address", f"{host} has the address {address!r}, which is not public")
    return addresses


def is_allowed(address: str, *, allow_loopback: bool = False) -> bool:
    """Return whether an address may be connected to.

    Args:
        address: The address.
        allow_loopback: Whether loopback addresses are allowed besides public ones.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id or parsed.packed[8:12] in _ISATAP:
            return False
        parsed = _embedded(parsed) or parsed
    if parsed.is_loopback:
        return allow_loopback
    if isinstance(parsed, IPv6Address) and parsed not in _GLOBAL_UNICAST:
        return False
    return parsed.is_global and not any(parsed in network for network in FORBIDDEN_NETWORKS)


def is_loopback(address: str) -> bool:
    """Return whether an address is a loopback address, in any notation."""
    parsed = ip_address(address)
    return ((isinstance(parsed, IPv6Address) and _embedded(parsed)) or parsed).is_loopback


def _look_up(host: str, port: int, resolver: Resolver) -> list[str]:
    try:
        entries = resolver(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise RetryableError("name_lookup_failed", f"the DNS lookup of {host} failed: {error}") from error
        raise PermanentError("unknown_host", f"the name {host} has no address; check its spelling") from error
    except OSError as error:
        raise RetryableError("name_lookup_failed", f"the DNS lookup of {host} failed: {error}") from error
    except UnicodeError as error:  # a label of more than 63 characters
        raise PermanentError("unknown_host", f"{host} is not a valid host name: {error}") from error
    return [str(entry[4][0]) for entry in entries]


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a connection would go to; None if there is none in this address."""
    return IPv4Address(address.packed[-4:]) if address in _NAT64 else address.ipv4_mapped
