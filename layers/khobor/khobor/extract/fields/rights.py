"""What the page reserves: robots, text and data mining, licence, payment."""

from collections.abc import Iterator
from itertools import chain

from khobor.article import Rights
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found

_FREE = {"true": True, "false": False, "yes": True, "no": False, "locked": False, "free": True, "metered": False}


def rights(document: Document) -> Rights:
    """Return the directives of robots meta, the reservation of text and data mining, and the licence."""
    robots = ",".join(document.meta.get("robots", ()) + document.meta.get("googlebot", ()))
    reservation = document.first_meta("tdm-reservation")
    licence = json_ld.text(document.article.get("license"), "url") or _linked(document)
    return Rights(
        robots=tuple(dict.fromkeys(word.strip().lower() for word in robots.split(",") if word.strip())),
        tdm_reservation=None if reservation is None else reservation == "1",
        license_url=document.resolve(licence),
    )


def _linked(document: Document) -> str | None:
    """Return what the first link of the relation ``license`` leads to."""
    links = chain(document.elements("link"), document.elements("a"))
    return next((link.get("href") for link in links if "license" in (link.get("rel") or "").split()), None)


def is_accessible_for_free(document: Document) -> Iterator[Found[bool]]:
    """Yield whether the article can be read without paying, if JSON-LD or meta say so."""
    said = document.article.get("isAccessibleForFree")
    if isinstance(said, bool | str) and str(said).lower() in _FREE:
        yield Found.at(_FREE[str(said).lower()], "json-ld", str(said))
    tier = document.first_meta("article:content_tier") or ""
    if tier.lower() in _FREE:
        yield Found.at(_FREE[tier.lower()], "meta", tier)
