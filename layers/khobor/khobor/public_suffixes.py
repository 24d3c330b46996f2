"""The public suffix list (https://publicsuffix.org): where one owner's hosts end and another's begin.

Its private section counts: people who write on blogspot.com or github.io have sites of their own.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def site_of(name: str) -> str:
    """Return the registrable domain of a host; of a host that has none, such as an IP address, the host itself.

    >>> site_of("www.news.example.co.uk"), site_of("someone.blogspot.com"), site_of("127.0.0.1")
    ('example.co.uk', 'someone.blogspot.com', '127.0.0.1')

    Args:
        name: In any case, in Unicode or in ASCII, without a port; an IPv6 address with or without its brackets.
    """
    name = name.lower().removesuffix(".")
    if ":" in name or name.rpartition(".")[2].isdecimal():
        return name
    return _list().privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Whether different owners register domains, or get hosts, directly below a name; of one label every name is.

    >>> is_public_suffix("com.bd"), is_public_suffix("github.io"), is_public_suffix("example.com")
    (True, True, False)
    """
    return "." not in name or _list().privatesuffix(name) is None


@cache
def _list() -> "PublicSuffixList":
    # Reading it takes 25 ms, and most processes never ask.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
