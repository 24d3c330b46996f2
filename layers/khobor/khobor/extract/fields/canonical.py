"""The canonical URL: the page's own claim, accepted if it agrees with the fetched URL or with other claims.

Two articles under one id are the worst fault, one article under two ids is a small one. In doubt the page keeps the URL
that it was fetched from.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from khobor.article import Origin, RefusedStatement
from khobor.errors import PermanentError
from khobor.extract import json_ld
from khobor.extract.addresses import Address, may_match, mismatch, slug_matches
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable
from khobor.frontier.ownership import owns
from khobor.page import LONGEST_URL
from khobor.site import is_loopback, is_same_site
from khobor.sources.patterns import is_in_url
from khobor.sources.registry import Registry
from khobor.url import canonical_url

# What templates and scripts write for a missing value, as the whole URL or as a part of its path.
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
# The reason for refusing a URL of another site.
ANOTHER_SITE = "another site"
_MOST_CLAIMS = 20
_MOST_TITLES = 5
_LONGEST_TITLE = 500


class _Claim(NamedTuple):
    """A URL that a page claims as its own.

    Attributes:
        place: ``link``, ``og:url``, ``json-ld``, or ``body`` for a link outside the head.
        text: As written.
        url: Its canonical form, None if it is not a URL.
    """

    place: str
    text: str
    url: str | None

    @property
    def origin(self) -> Origin:
        """The kind of place, for the evidence."""
        return "json-ld" if self.place == "json-ld" else "meta"


def candidates_and_refused(
    document: Document, sources: Registry
) -> tuple[list[FieldCandidate[str]], tuple[RefusedStatement, ...]]:
    """Return the candidates for a page's canonical URL, the best first, and the claims that are refused.

    Args:
        document: The page.
        sources: The sources. Their ``article_url`` says which URLs are those of articles.
    """
    claims = list(dict.fromkeys(_claims(document)))[:_MOST_CLAIMS]
    fetched = canonical_url(document.url, unwrap=False) if document.url else None
    judge = _ClaimJudge(document, claims, fetched, sources)
    # If the fetched URL is known, JSON-LD only confirms others: it has wrong URLs more often than links have.
    candidates = [claim for claim in claims if claim.place != "json-ld" or fetched is None]
    judged = [(claim, judge.objection(claim)) for claim in candidates]
    refused = tuple(RefusedStatement(origin=claim.origin, text=claim.text, reason=why) for claim, why in judged if why)
    accepted = [claim for claim, why in judged if not why]
    if fetched is None or is_loopback(fetched):
        accepted, disagreeing = _agreed(accepted, judge.titles)
        refused += disagreeing
    urls = [FieldCandidate.at(claim.url, claim.origin, claim.text) for claim in accepted if claim.url]
    if fetched and document.url:
        urls.append(FieldCandidate.at(fetched, "url", document.url))
    return urls, refused


class _ClaimJudge:
    """Decides which claims of a page are accepted.

    Args:
        document: The page.
        claims: All claims of the page.
        fetched: The canonical form of the URL that the page was fetched from, None if it is not known.
        sources: The sources.

    Attributes:
        titles: The titles of the page that a URL may contain.
    """

    def __init__(self, document: Document, claims: Sequence[_Claim], fetched: str | None, sources: Registry) -> None:
        self._document = document
        self._claims = claims
        self._addresses: dict[str, Address] = {}
        self._fetched = fetched
        self._sources = sources
        self.titles = _titles(document)

    def objection(self, claim: _Claim) -> str | None:
        """Return why a claim is refused, None if it is accepted."""
        if claim.url is None or _is_unfilled(claim.text):
            return "no address"
        if self._fetched is None:
            return self._objection_without_fetched(claim.url, claim.place)
        if is_loopback(self._fetched) and not is_loopback(claim.url):
            return self._objection_without_fetched(claim.url, claim.place)
        source = self._sources.find(self._fetched)
        if not owns(self._fetched, claim.url, source.hosts if source else ()):
            return ANOTHER_SITE
        return self._objection_with_fetched(self._address(self._fetched), self._address(claim.url), claim.place)

    def _address(self, url: str) -> Address:
        # Most claims are the fetched URL.
        return self._addresses.setdefault(url, Address(url))

    def _objection_without_fetched(self, claimed: str, place: str) -> str | None:
        """Return why a claim of a page whose URL is not known is refused, None if it is accepted."""
        if place == "body":
            return "outside of the head"
        address = self._address(claimed)
        if self._is_article(address) or slug_matches(address, self.titles) or may_match(address, self.titles):
            return None
        return "not the address of an article"

    def _objection_with_fetched(self, fetched: Address, claimed: Address, place: str) -> str | None:
        # Most claims are the fetched URL itself. Comparing its parts took 1 % of the time of an extraction.
        if claimed.url == fetched.url:
            return None
        why = mismatch(fetched, claimed, is_article=self._is_article(claimed))
        if why is None and self._is_other_host(fetched.url, claimed.url):
            why = "another host"
        if why is None or (place != "body" and why == "another page" and self._is_confirmed_by_title(fetched, claimed)):
            return None
        return why

    def _is_other_host(self, fetched: str, claimed: str) -> bool:
        """Whether a claim has another host than the fetched URL, which another claim confirms."""
        return _host(fetched) != _host(claimed) and self._is_confirmed(fetched)

    def _is_confirmed(self, fetched: str) -> bool:
        """Whether a claim is the fetched URL."""
        urls = (claim.url for claim in self._claims if claim.url and _host(claim.url) == _host(fetched))
        return any(_is_same_page(url, fetched) for url in urls)

    def _is_confirmed_by_title(self, fetched: Address, claimed: Address) -> bool:
        """Whether title or JSON-LD confirm the claimed URL, and nothing confirms the fetched one."""
        if (fetched.number and claimed.number) or not self._is_article(claimed):
            return False
        if slug_matches(fetched, self.titles) or self._is_confirmed(fetched.url):
            return False
        if slug_matches(claimed, self.titles):
            return True
        places = {claim.place for claim in self._claims if claim.url and _is_same_page(claim.url, claimed.url)}
        headline = comparable(json_ld.text(self._document.article.get("headline")))
        is_of_article = "json-ld" in places and headline in map(comparable, self.titles)
        return is_of_article and len(places) > 1 and not fetched.names_article

    def _is_article(self, address: Address) -> bool:
        source = self._sources.find(address.url)
        if source and source.article_url:
            return is_in_url(source.article_url, urlsplit(address.url).path)
        return address.names_article


def _claims(document: Document) -> Iterator[_Claim]:
    """Yield the claims of a page: links in the head, og:url, JSON-LD, links in the body."""
    links = [link for link in document.linked("canonical") if link.root.tag == "link"][:_MOST_CLAIMS]
    placed = [("link" if _is_in_head(link.root) else "body", link.root.get("href")) for link in links]
    heads, others = ([claim for claim in placed if claim[0] == place] for place in ("link", "body"))
    metas = (("og:url", url) for url in document.meta.get("og:url", ())[:_MOST_CLAIMS])
    article = document.article
    in_json_ld = (text for key in ("url", "mainEntityOfPage", "@id") for text in json_ld.texts(article.get(key), "@id"))
    things = (("json-ld", text) for text in in_json_ld)
    # Most claims have the same text.
    urls: dict[str, str | None] = {}
    for place, text in chain(heads, metas, things, others):
        if text and text.strip():
            if text not in urls:
                # A page with a longer URL could not be stored.
                urls[text] = _canonical(document.resolve(text)) if len(text) <= LONGEST_URL else None
            yield _Claim(place, text.strip()[:LONGEST_URL], urls[text])


def _is_in_head(link: etree._Element) -> bool:
    return next(link.iterancestors("head"), None) is not None


def _agreed(claims: Sequence[_Claim], titles: Sequence[str]) -> tuple[list[_Claim], tuple[RefusedStatement, ...]]:
    """Return the claims that agree on one page, none if they name several equally; and the others as refused."""
    groups: list[list[_Claim]] = []
    for claim in claims:
        group = next((group for group in groups if _is_same_page(group[0].url, claim.url)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    weights = [_weight(group, titles) for group in groups]
    best = [group for group, weight in zip(groups, weights, strict=True) if weight == max(weights)]
    chosen = best[0] if len(best) == 1 else []
    others = [claim for group in groups if group is not chosen for claim in group]
    return chosen, tuple(
        RefusedStatement(origin=each.origin, text=each.text, reason="statements disagree") for each in others
    )


def _weight(group: Sequence[_Claim], titles: Sequence[str]) -> tuple[bool, int]:
    is_in_title = any(claim.url and slug_matches(Address(claim.url), titles) for claim in group)
    return is_in_title, len({claim.place for claim in group})


def _is_same_page(one: str | None, other: str | None) -> bool:
    """Whether two URLs clearly belong to one page."""
    if one is None or other is None:
        return False
    first, second = Address(one), Address(other)
    return one == other or (
        is_same_site(one, other) and mismatch(first, second, is_article=second.names_article) is None
    )


def _is_unfilled(text: str) -> bool:
    """Whether a template or script left a claim without a value."""
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
