"""Which hosts are one site, by the public suffix list (https://publicsuffix.org), and which ones a source names."""

from collections.abc import Iterable
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from khobor.errors import PermanentError
from khobor.url import host


def is_same_site(one: str, other: str) -> bool:
    """Whether the hosts of two URLs belong to one registrable domain.

    >>> is_same_site("https://bangla.example.com/1", "https://www.example.com/")
    True
    >>> is_same_site("https://one.example.co.uk/", "https://another.co.uk/")
    False
    """
    first, second = _host(one), _host(other)
    return bool(first) and (first == second or site_of(first) == site_of(second))


def site_of(name: str) -> str:
    """Return the registrable domain of a host; of a host that has none, such as an IP address, the host itself.

    >>> site_of("www.news.example.co.uk"), site_of("someone.blogspot.com"), site_of("127.0.0.1")
    ('example.co.uk', 'someone.blogspot.com', '127.0.0.1')
    """
    if ":" in name or name.rpartition(".")[2].isdecimal():
        return name
    return _suffixes().privatesuffix(name) or name


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains."""
    return host == domain or host.endswith(f".{domain}")


def is_within(url: str, hosts: Iterable[str]) -> bool:
    """Whether a URL is on one of a source's hosts.

    Args:
        url: An absolute URL.
        hosts: Hosts, subdomains included, some with the beginning of a path: ``example.com/bengali``.
    """
    parts = urlsplit(url)
    return any(_is_of(given, parts.hostname or "", parts.path) for given in hosts)


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


@cache
def _suffixes() -> PublicSuffixList:
    """Return the list with its private section: whoever writes on blogspot.com or github.io has a site of their own.

    It is read when it is first asked for: two spellings of one host need no list.
    """
    return PublicSuffixList()


def _host(url: str) -> str:
    try:
        return host(url).rstrip(".")
    except PermanentError:
        return ""


def _is_of(given: str, name: str, path: str) -> bool:
    domain, slash, beginning = given.partition("/")
    return is_below(name, domain) and f"{path}/".startswith(f"{slash}{beginning}/" if slash else "")
