"""The rights that the page reserves: robots, text and data mining, licence, payment."""

from collections.abc import Iterator

from khobor.article import Rights
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.page import Reservations

# Directives with a colon: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_FREE = {"true": True, "false": False, "yes": True, "no": False, "locked": False, "free": True, "metered": False}


def rights(document: Document, reserved: Reservations) -> Rights:
    """Return the directives for robots, the reservation of text and data mining, and the licence.

    Args:
        document: The page. For text and data mining its meta elements override the headers.
        reserved: What was reserved beside it when it was fetched.
    """
    directives = (*document.meta.get("robots", ()), *document.meta.get("googlebot", ()), reserved.robots_tag or "")
    robots = ",".join(directives)
    reservation = document.first_meta("tdm-reservation") or reserved.tdm_reservation
    linked = (link.attrib.get("href") for link in document.linked("license"))
    licence = json_ld.text(document.article.get("license"), "url") or next(linked, None)
    return Rights(
        robots=tuple(dict.fromkeys(filter(None, map(_directive, robots.split(","))))),
        robots_txt=reserved.robots_txt,
        tdm_reservation=None if reservation is None else reservation == "1",
        tdm_policy=document.resolve(document.first_meta("tdm-policy") or reserved.tdm_policy),
        license_url=document.resolve(licence),
    )


def _directive(text: str) -> str:
    """Return a directive without the name of its robot: a directive for one robot counts for all."""
    agent, colon, directive = text.strip().lower().partition(":")
    return directive.strip() if colon and agent not in _WITH_VALUE else text.strip().lower()


def is_accessible_for_free(document: Document) -> Iterator[FieldCandidate[bool]]:
    """Yield whether the article can be read without paying, if JSON-LD or a meta element says so."""
    declared = document.article.get("isAccessibleForFree")
    if isinstance(declared, bool | str) and str(declared).lower() in _FREE:
        yield FieldCandidate.at(_FREE[str(declared).lower()], "json-ld", str(declared))
    tier = document.first_meta("article:content_tier") or ""
    if tier.lower() in _FREE:
        yield FieldCandidate.at(_FREE[tier.lower()], "meta", tier)
