"""Which hosts are one site, by the public suffix list (https://publicsuffix.org), and which ones a source names."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from khobor.errors import PermanentError
from khobor.public_suffixes import site_of as site_of  # noqa: PLC0414 the sites of two hosts are compared with it
from khobor.url import absolute_url, host


def is_same_site(one: str, other: str) -> bool:
    """Whether the hosts of two URLs belong to one registrable domain.

    >>> is_same_site("https://bangla.example.com/1", "https://www.example.com/")
    True
    >>> is_same_site("https://one.example.co.uk/", "https://another.co.uk/")
    False
    """
    first, second = _host(one), _host(other)
    return bool(first) and (first == second or site_of(first) == site_of(second))


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains."""
    return host == domain or host.endswith(f".{domain}")


def is_within(url: str, hosts: Iterable[str]) -> bool:
    """Whether a URL is on one of a source's hosts.

    Args:
        url: An absolute URL.
        hosts: Hosts, subdomains included, some with the beginning of a path: ``example.com/bengali``.
    """
    try:
        # Browsers, and urlsplit, read some spellings differently: https://one.example\\@other.example/
        parts = urlsplit(absolute_url(url))
    except PermanentError:
        return False
    return any(_is_of(given, (parts.hostname or "").removesuffix("."), parts.path) for given in hosts)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine.

    >>> is_loopback("http://127.0.0.1:8000/"), is_loopback("http://127.evil.example/")
    (True, False)
    """
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return is_below(name, "localhost")


def _host(url: str) -> str:
    try:
        return host(url).rstrip(".")
    except PermanentError:
        return ""


def _is_of(given: str, name: str, path: str) -> bool:
    domain, slash, beginning = given.partition("/")
    return is_below(name, domain) and f"{path}/".startswith(f"{slash}{beginning}/" if slash else "")
