"""What publishers reserved when their pages were fetched, and whether an article is left out because of it.

khobor keeps what the page, its answer and robots.txt said at the time of the fetch (``Article.rights``). It does not
say what may be done with an article: that depends on the purpose and on the law of the place. It can leave out what
was reserved by name; an article whose page said nothing is taken.
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
        Reservation.NOAI: "robots are told noai, noimageai or noml: no use for artificial intelligence",
        Reservation.NOARCHIVE: "robots are told noarchive or nocache: no copy is to be shown",
        Reservation.NOINDEX: "robots are told noindex or none: it is not to be found by search",
        Reservation.NOSNIPPET: "robots are told nosnippet or max-snippet:0: no part of the text is to be shown",
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


def reserved(article: Article, respected: Iterable[Reservation]) -> Reservation | None:
    """Return the first of some reservations that an article has, None where it has none of them."""
    said = frozenset("".join(directive.lower().split()) for directive in article.rights.robots)
    return next((each for each in respected if _has(article, said, each)), None)


def _has(article: Article, said: frozenset[str], reservation: Reservation) -> bool:
    if other := _OTHERS.get(reservation):
        return other(article)
    return not said.isdisjoint(_DIRECTIVES[reservation])
