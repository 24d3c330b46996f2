"""What a log line says about a parsed page: which article it is, and on what evidence."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from khobor.article import Article, RawReference
from khobor.errors import PermanentError
from khobor.extract.fields.canonical import ANOTHER_SITE
from khobor.page import RawPage
from khobor.sources.problems import SourceError
from khobor.sources.registry import Registry
from khobor.url import absolute_url, article_id, canonical_url

# The fields whose kind of evidence is logged.
_FIELDS = frozenset({"title", "authors", "published_at", "body"})


def expected_identity(url: str | None) -> dict[str, str | None]:
    """Return the URL of a page that is not parsed yet, and the id that its article is expected to have."""
    return {"url": url, "article_id": next(iter(_ids([url or ""], None)), None)}


def page_location(raw: RawReference, page: RawPage, sources: Registry) -> str:
    """Return where a page is stored, with its URL and the source whose rules apply, for messages.

    Args:
        raw: Where it is stored.
        page: The page.
        sources: The sources.
    """
    source = None
    with suppress(SourceError):
        source = sources.find(page.location) if page.location else None
    details = [part for part in (page.location, source and f"source {source.name}") if part]
    return raw.address + (f" ({', '.join(details)})" if details else "")


def identity(article: Article, fetched_url: str | None) -> dict[str, str | None]:
    """Return which article a page is. ``same_as`` is the id of the fetched URL if that is a different one.

    Args:
        article: The article.
        fetched_url: The URL that was fetched, None for an uploaded page.
    """
    fetched_id = article_id(canonical_url(fetched_url)) if fetched_url else article.article_id
    return {
        "article_id": article.article_id,
        "same_as": fetched_id if fetched_id != article.article_id else None,
        "url": article.url,
        "source": article.source,
    }


def reading(article: Article) -> dict[str, Any]:
    """Return the rules and the kinds of evidence that an article was read by, and the claims that were refused.

    The claims are canonical URLs, each with the reason. The ids of those on other sites let a trace of such a URL show
    which page claims it.
    """
    fields = article.extraction.fields
    origins = {name: evidence.origin for name, evidence in fields.items() if name in _FIELDS}
    facts: dict[str, Any] = {"rules": article.extraction.rules, "evidence": origins}
    if "canonical_url" in fields and (refused := fields["canonical_url"].refused):
        ids = sorted(_ids(foreign_claims(article), article.url))
        facts |= {"refused": [f"{claim.text} ({claim.reason})" for claim in refused], "refused_ids": ids or None}
    return facts


def foreign_claims(article: Article) -> list[str]:
    """Return the URLs of other sites that a page claims as its own, as they are written in the page."""
    evidence = article.extraction.fields.get("canonical_url")
    return [claim.text for claim in evidence.refused if claim.reason == ANOTHER_SITE] if evidence else []


def _ids(references: Iterable[str], base: str | None) -> set[str]:
    ids = set()
    for reference in references:
        with suppress(PermanentError):
            ids.add(article_id(canonical_url(absolute_url(reference, base))))
    return ids
