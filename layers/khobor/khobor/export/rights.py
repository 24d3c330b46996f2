"""The rights that publishers reserved when their pages were fetched, by which an export can leave articles out.

khobor keeps what the page, the HTTP headers and robots.txt stated when it was fetched (``Article.rights``). It does not
decide what may be done with an article: that depends on the purpose and the jurisdiction. An export leaves out the
reservations that it is told to respect; an article whose page states nothing is exported.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from khobor.article import Article


class Reservation(StrEnum):
    """A reservation that an export can respect: an article that has it is left out."""

    TDM = "tdm"
    NOAI = "noai"
    NOARCHIVE = "noarchive"
    NOINDEX = "noindex"
    NOSNIPPET = "nosnippet"
    PAYWALL = "paywall"


MEANINGS: Mapping[Reservation, str] = MappingProxyType(
    {
        Reservation.TDM: "text and data mining is reserved by the W3C's TDM Reservation Protocol (tdm-reservation: 1)",
        Reservation.NOAI: "the robots directives include noai, noimageai or noml: no use for artificial intelligence",
        Reservation.NOARCHIVE: "the robots directives include noarchive or nocache: copies must not be shown",
        Reservation.NOINDEX: "the robots directives include noindex or none: search engines must not list it",
        Reservation.NOSNIPPET: "the robots directives include nosnippet or max-snippet:0: no text may be shown",
        Reservation.PAYWALL: "the page says that it is not accessible for free",
    }
)

_DIRECTIVES: Mapping[Reservation, frozenset[str]] = MappingProxyType(
    {
        Reservation.NOAI: frozenset({"noai", "noimageai", "noml"}),
        Reservation.NOARCHIVE: frozenset({"noarchive", "nocache"}),
        Reservation.NOINDEX: frozenset({"noindex", "none"}),
        Reservation.NOSNIPPET: frozenset({"nosnippet", "max-snippet:0"}),
    }
)
_OTHERS: Mapping[Reservation, Callable[[Article], bool]] = MappingProxyType(
    {
        Reservation.TDM: lambda article: article.rights.tdm_reservation is True,
        Reservation.PAYWALL: lambda article: article.is_accessible_for_free is False,
    }
)


def first_reservation(article: Article, respected: Iterable[Reservation]) -> Reservation | None:
    """Return the first reservation that an article has; None if it has none.

    Args:
        article: The article.
        respected: The reservations to look for.
    """
    directives = frozenset("".join(directive.lower().split()) for directive in article.rights.robots)
    return next((each for each in respected if _has(article, directives, each)), None)


def _has(article: Article, directives: frozenset[str], reservation: Reservation) -> bool:
    if other := _OTHERS.get(reservation):
        return other(article)
    return not directives.isdisjoint(_DIRECTIVES[reservation])
