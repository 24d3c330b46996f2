"""What a line of the log says of a page that was read: which article it is, and by what evidence."""

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


def place(url: str | None) -> dict[str, str | None]:
    """Return of a page that is not read yet its URL, and the id of the article that it is expected to be."""
    return {"url": url, "article_id": next(iter(_ids([url or ""], None)), None)}


def where(raw: RawReference, page: RawPage, sources: Registry) -> str:
    """Return where a page lies, by what URL it is known, and the source whose rules are used for it, for messages."""
    source = None
    with suppress(SourceError):
        source = sources.find(page.location) if page.location else None
    known_by = [part for part in (page.location, source and f"source {source.name}") if part]
    return raw.address + (f" ({', '.join(known_by)})" if known_by else "")


def identity(article: Article, fetched_by: str | None) -> dict[str, str | None]:
    """Return which article a page is; ``same_as`` is the id of the URL that it was fetched by, where that is another.

    Args:
        article: The article.
        fetched_by: The URL that the page was fetched by; None for one that was uploaded.
    """
    found_as = article_id(canonical_url(fetched_by)) if fetched_by else article.article_id
    return {
        "article_id": article.article_id,
        "same_as": found_as if found_as != article.article_id else None,
        "url": article.url,
        "source": article.source,
    }


def reading(article: Article) -> dict[str, Any]:
    """Return by which rules and what kind of evidence an article was read, and which of its page's claims were not.

    Those are canonical URLs, each with the reason. The ids of those on other sites let a trace of such a URL show who
    claims it.
    """
    fields = article.extraction.fields
    origins = {name: found.origin for name, found in fields.items() if name in _FIELDS}
    facts: dict[str, Any] = {"rules": article.extraction.rules, "evidence": origins}
    if "canonical_url" in fields and (refused := fields["canonical_url"].refused):
        ids = sorted(_ids(foreign_claims(article), article.url))
        facts |= {"refused": [f"{claim.text} ({claim.reason})" for claim in refused], "refused_ids": ids or None}
    return facts


def foreign_claims(article: Article) -> list[str]:
    """Return the URLs of other sites that a page claims to be, as they are written there."""
    found = article.extraction.fields.get("canonical_url")
    return [claim.text for claim in found.refused if claim.reason == ANOTHER_SITE] if found else []


def _ids(references: Iterable[str], base: str | None) -> set[str]:
    found = set()
    for reference in references:
        with suppress(PermanentError):
            found.add(article_id(canonical_url(absolute_url(reference, base))))
    return found
