"""Which hosts belong to one site, by the public suffix list (https://publicsuffix.org), and which to a source."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from khobor.errors import PermanentError
from khobor.public_suffixes import site_of as site_of  # noqa: PLC0414 exported: callers compare sites
from khobor.url import absolute_url, host

_PORTS = {"http": 80, "https": 443}
# The names of the meta elements with which a page declares its image, the best first.
IMAGE_META = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?)$", re.IGNORECASE)
# WordPress writes the size of a smaller image into its name.
_SIZE = re.compile(r"-\d{1,4}x\d{1,4}$")


def is_same_site(one: str, other: str) -> bool:
    """Whether the hosts of two URLs belong to one registrable domain.

    >>> is_same_site("https://bangla.example.com/1", "https://www.example.com/")
    True
    >>> is_same_site("https://one.example.co.uk/", "https://another.co.uk/")
    False

    Args:
        one: A URL.
        other: Another URL.
    """
    first, second = _host(one), _host(other)
    return bool(first) and (first == second or site_of(first) == site_of(second))


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or one of its subdomains.

    Args:
        host: The host.
        domain: The domain.
    """
    return host == domain or host.endswith(f".{domain}")


def is_within(url: str, hosts: Iterable[str]) -> bool:
    """Whether a URL is on one of a source's hosts.

    Args:
        url: An absolute URL.
        hosts: Hosts with their subdomains, some with a port or the first part of a path: ``example.com:8080/bengali``.
            One without a port has every port.
    """
    try:
        # Browsers and urlsplit parse some URLs differently: https://one.example\\@other.example/
        parts = urlsplit(absolute_url(url))
    except PermanentError:
        return False
    port = parts.port or _PORTS[parts.scheme]
    return any(_is_on(each, (parts.hostname or "").removesuffix("."), port, parts.path) for each in hosts)


def is_loopback(url: str) -> bool:
    """Whether the host of a URL is this machine.

    >>> is_loopback("http://127.0.0.1:8000/"), is_loopback("http://127.evil.example/")
    (True, False)
    """
    name = urlsplit(url).hostname or ""
    # An IP address ends with a digit or has colons. Parsing names, which most hosts are, is slow.
    if not name[-1:].isdigit() and ":" not in name:
        return is_below(name, "localhost")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return is_below(name, "localhost")


def image_identity(url: str) -> str:
    """Return the part of an image's URL that says which image it is: without scheme and size, mostly without the query.

    >>> image_identity("https://example.com/card-64x64.jpg?v=3"), image_identity("http://example.com/image?id=3")
    ('//example.com/card.jpg', '//example.com/image?id=3')

    Args:
        url: An absolute URL.
    """
    address, mark, query = url.partition("#")[0].partition("?")
    rest = address.partition(":")[2]
    if ending := _IMAGE_FILE.search(rest):
        return _SIZE.sub("", rest[: ending.start()]) + ending[0]
    # A script answers with another image for another query.
    return rest + mark + query


def _host(url: str) -> str:
    try:
        return host(url).rstrip(".")
    except PermanentError:
        return ""


def _is_on(host_and_path: str, host: str, port: int, path: str) -> bool:
    domain, own_port, first_part = split_host(host_and_path)
    if own_port and own_port != port:
        return False
    return is_below(host, domain) and f"{path}/".startswith(f"/{first_part}/" if first_part else "")


def split_host(text: str) -> tuple[str, int | None, str]:
    """Return the parts of a host as sources name it: its domain, its port, and the beginning of a path.

    >>> split_host("example.com:8080/bengali"), split_host("example.com")
    (('example.com', 8080, 'bengali'), ('example.com', None, ''))
    """
    host, _, path = text.partition("/")
    domain, _, port = host.partition(":")
    return domain, int(port) if port else None, path
