"""The public suffix list (https://publicsuffix.org), which separates the hosts of different owners.

Its private section is used too: each host below blogspot.com or github.io is a site of its own.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def site_of(name: str) -> str:
    """Return the registrable domain of a host; a host without one, such as an IP address, is returned unchanged.

    >>> site_of("www.news.example.co.uk"), site_of("someone.blogspot.com"), site_of("127.0.0.1")
    ('example.co.uk', 'someone.blogspot.com', '127.0.0.1')

    Args:
        name: The host in any case, in Unicode or ASCII, without a port; an IPv6 address with or without brackets.
    """
    name = name.lower().removesuffix(".")
    if ":" in name or name.rpartition(".")[2].isdecimal():
        return name
    return _list().privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Whether different owners have domains or hosts directly below a name. Each name of one label is such a suffix.

    >>> is_public_suffix("com.bd"), is_public_suffix("github.io"), is_public_suffix("example.com")
    (True, True, False)
    """
    return "." not in name or _list().privatesuffix(name) is None


@cache
def _list() -> "PublicSuffixList":
    # Loading the list takes 25 ms, and most processes do not need it.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
