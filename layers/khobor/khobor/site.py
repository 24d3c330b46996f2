"""Which hosts are one site."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_same_site(one: str, other: str) -> bool:
    """Whether the host of one URL is that of another, but for ``www.``, or lies below it.

    >>> is_same_site("https://bangla.example.com/1", "https://www.example.com/")
    True
    """
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    return is_below(hosts[0], hosts[1]) or is_below(hosts[1], hosts[0])


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains."""
    return host == domain or host.endswith(f".{domain}")


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
