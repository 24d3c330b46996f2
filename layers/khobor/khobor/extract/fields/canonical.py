"""The canonical URL: what the page says of itself, believed where its own address, or several statements, agree.

Two articles under one id is the worst that can happen, one article under two ids a small fault: in doubt the page keeps
the URL that it was fetched from.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from khobor.article import Origin, Refused
from khobor.errors import PermanentError
from khobor.extract import json_ld
from khobor.extract.addresses import Address, difference, may_match, slug_matches
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable
from khobor.frontier.ownership import owns
from khobor.page import LONGEST_URL
from khobor.site import is_loopback, is_same_site
from khobor.sources.patterns import is_in_url
from khobor.sources.registry import Registry
from khobor.url import canonical_url

# What templates and scripts leave where they had no value, as a whole or as a part of a path.
_NO_VALUE = frozenset(
    {
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "false",
        "true",
        "[object object]",
        "object",
        "url",
        "permalink",
        "canonical",
    }
)
_UNFILLED = re.compile(
    r"\{\{|\}\}|\$\{|#\{|<[?%]|\{%|%%|\[\[|\[object|\{[a-z_. ]+\}|__[a-z]+__|^[$@]|^\[[a-z_]+\]$", re.IGNORECASE
)
# Why a statement about the article of another site is not believed.
ANOTHER_SITE = "another site"
_MOST_CLAIMS = 20
_MOST_TITLES = 5
_LONGEST_TITLE = 500


class _Claim(NamedTuple):
    """A statement of a page about its own address.

    Attributes:
        place: ``link``, ``og:url``, ``json-ld``, or ``body`` for a link outside of the head.
        text: As it stands there.
        url: The canonical form of it; None where it is no address.
    """

    place: str
    text: str
    url: str | None

    @property
    def origin(self) -> Origin:
        """The kind of its place."""
        return "json-ld" if self.place == "json-ld" else "meta"


def read(document: Document, sources: Registry) -> tuple[list[FieldCandidate[str]], tuple[Refused, ...]]:
    """Return what a page's canonical URL can be, the best first, and the statements that are not believed.

    Args:
        document: The page.
        sources: Those whose ``article_url`` says which addresses are articles'.
    """
    claims = list(dict.fromkeys(_claims(document)))[:_MOST_CLAIMS]
    fetched = canonical_url(document.url, unwrap=False) if document.url else None
    reader = _Reader(document, claims, fetched, sources)
    # Beside the page's own address, JSON-LD only confirms: it is filled with other addresses more often than links.
    candidates = [claim for claim in claims if claim.place != "json-ld" or fetched is None]
    judged = [(claim, reader.objection(claim)) for claim in candidates]
    refused = tuple(Refused(origin=claim.origin, text=claim.text, reason=why) for claim, why in judged if why)
    believed = [claim for claim, why in judged if not why]
    if fetched is None or is_loopback(fetched):
        believed, disagreeing = _agreed(believed, reader.titles)
        refused += disagreeing
    found = [FieldCandidate.at(claim.url, claim.origin, claim.text) for claim in believed if claim.url]
    if fetched and document.url:
        found.append(FieldCandidate.at(fetched, "url", document.url))
    return found, refused


class _Reader:
    """Judges the statements of one page."""

    def __init__(self, document: Document, claims: Sequence[_Claim], fetched: str | None, sources: Registry) -> None:
        self._document = document
        self._claims = claims
        self._fetched = fetched
        self._sources = sources
        self.titles = _titles(document)

    def objection(self, claim: _Claim) -> str | None:
        """Return why a statement is not believed, None where it is."""
        if claim.url is None or _is_unfilled(claim.text):
            return "no address"
        if self._fetched is None:
            return self._objection_alone(claim.url, claim.place)
        if is_loopback(self._fetched) and not is_loopback(claim.url):
            return self._objection_alone(claim.url, claim.place)
        source = self._sources.find(self._fetched)
        if not owns(self._fetched, claim.url, source.hosts if source else ()):
            return ANOTHER_SITE
        return self._objection_beside(Address(self._fetched), Address(claim.url), claim.place)

    def _objection_alone(self, claimed: str, place: str) -> str | None:
        """Judge a statement of a page of which nobody knows where it is from."""
        if place == "body":
            return "outside of the head"
        address = Address(claimed)
        if self._is_article(address) or slug_matches(address, self.titles) or may_match(address, self.titles):
            return None
        return "not the address of an article"

    def _objection_beside(self, fetched: Address, claimed: Address, place: str) -> str | None:
        why = difference(fetched, claimed, is_article=self._is_article(claimed))
        if why is None and self._is_elsewhere(fetched.url, claimed.url):
            why = "another host"
        if why is None or (place != "body" and why == "another page" and self._is_told(fetched, claimed)):
            return None
        return why

    def _is_elsewhere(self, fetched: str, claimed: str) -> bool:
        """Whether a statement names another host, and another statement the one that the page came from."""
        return _host(fetched) != _host(claimed) and self._is_confirmed(fetched)

    def _is_confirmed(self, fetched: str) -> bool:
        """Whether a statement is the URL that the page came from."""
        return any(
            claim.url and _host(claim.url) == _host(fetched) and _is_one(claim.url, fetched) for claim in self._claims
        )

    def _is_told(self, fetched: Address, claimed: Address) -> bool:
        """Whether the title, or the article's own JSON-LD, says that the page is the claimed one, and nothing else."""
        if (fetched.number and claimed.number) or not self._is_article(claimed):
            return False
        if slug_matches(fetched, self.titles) or self._is_confirmed(fetched.url):
            return False
        if slug_matches(claimed, self.titles):
            return True
        places = {claim.place for claim in self._claims if claim.url and _is_one(claim.url, claimed.url)}
        headline = comparable(json_ld.text(self._document.article.get("headline")))
        is_of_article = "json-ld" in places and headline in map(comparable, self.titles)
        return is_of_article and len(places) > 1 and not fetched.names_article

    def _is_article(self, address: Address) -> bool:
        source = self._sources.find(address.url)
        if source and source.article_url:
            return is_in_url(source.article_url, urlsplit(address.url).path)
        return address.names_article


def _claims(document: Document) -> Iterator[_Claim]:
    """Yield what a page says of its address: the head's links, og:url, JSON-LD, links elsewhere."""
    links = [link for link in document.elements("link") if "canonical" in (link.get("rel") or "").lower().split()]
    del links[_MOST_CLAIMS:]
    inside = [any(parent.tag == "head" for parent in link.iterancestors()) for link in links]
    heads = (("link", link.get("href")) for link, is_inside in zip(links, inside, strict=True) if is_inside)
    others = (("body", link.get("href")) for link, is_inside in zip(links, inside, strict=True) if not is_inside)
    metas = (("og:url", url) for url in document.meta.get("og:url", ())[:_MOST_CLAIMS])
    article = document.article
    stated = (text for key in ("url", "mainEntityOfPage", "@id") for text in json_ld.texts(article.get(key), "@id"))
    data = (("json-ld", text) for text in stated)
    for place, text in chain(heads, metas, data, others):
        if text and text.strip():
            # A longer one could not be kept.
            url = _canonical(document.resolve(text)) if len(text) <= LONGEST_URL else None
            yield _Claim(place, text.strip()[:LONGEST_URL], url)


def _agreed(claims: Sequence[_Claim], titles: Sequence[str]) -> tuple[list[_Claim], tuple[Refused, ...]]:
    """Return those of several statements that name one page; none where they name several and nothing decides."""
    groups: list[list[_Claim]] = []
    for claim in claims:
        group = next((group for group in groups if _is_one(group[0].url, claim.url)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    weights = [_weight(group, titles) for group in groups]
    best = [group for group, weight in zip(groups, weights, strict=True) if weight == max(weights)]
    chosen = best[0] if len(best) == 1 else []
    others = [claim for group in groups if group is not chosen for claim in group]
    return chosen, tuple(Refused(origin=each.origin, text=each.text, reason="statements disagree") for each in others)


def _weight(group: Sequence[_Claim], titles: Sequence[str]) -> tuple[bool, int]:
    told = any(claim.url and slug_matches(Address(claim.url), titles) for claim in group)
    return told, len({claim.place for claim in group})


def _is_one(one: str | None, other: str | None) -> bool:
    """Whether two addresses are plainly those of one page."""
    if one is None or other is None:
        return False
    first, second = Address(one), Address(other)
    return one == other or (
        is_same_site(one, other) and difference(first, second, is_article=second.names_article) is None
    )


def _is_unfilled(text: str) -> bool:
    """Whether a template left a statement without a value."""
    plain = unquote(text).strip()
    if plain.startswith("#") or _UNFILLED.search(plain):
        return True
    parts = urlsplit(text)
    names = (plain, parts.netloc, *parts.path.split("/"))
    return any(unquote(name).strip().lower() in _NO_VALUE for name in names)


def _titles(document: Document) -> tuple[str, ...]:
    headings = tuple(heading for heading in document.headings if len(heading.split()) > 1 or not heading.isascii())
    titles = headings or tuple(filter(None, (document.first_meta("og:title"), document.head_title)))
    return tuple(title[:_LONGEST_TITLE] for title in titles[:_MOST_TITLES])


def _canonical(url: str | None) -> str | None:
    try:
        return canonical_url(url) if url else None
    except PermanentError:
        return None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
