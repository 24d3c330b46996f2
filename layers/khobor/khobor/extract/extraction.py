"""``extract``: every field of one page, put together."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from khobor import __version__
from khobor.article import Article, Evidence, Extraction, RawReference
from khobor.errors import PermanentError
from khobor.extract import fingerprint
from khobor.extract.body import Body, find_body
from khobor.extract.document import Document
from khobor.extract.fields.authors import find_authors
from khobor.extract.fields.canonical import find_canonical_url
from khobor.extract.fields.credits import find_credits
from khobor.extract.fields.dateline import find_dateline
from khobor.extract.fields.dates import find_modified_at, find_published_at
from khobor.extract.fields.description import find_description
from khobor.extract.fields.edition import find_edition
from khobor.extract.fields.genre import find_genre
from khobor.extract.fields.images import find_images
from khobor.extract.fields.kicker import find_kicker
from khobor.extract.fields.language import count_words, find_language
from khobor.extract.fields.publisher import find_publisher
from khobor.extract.fields.related import find_related
from khobor.extract.fields.rights import find_is_accessible_for_free, find_rights
from khobor.extract.fields.sections import find_breadcrumbs, find_section
from khobor.extract.fields.tags import find_tags
from khobor.extract.fields.titles import find_alternative_titles, find_title
from khobor.extract.found import Found
from khobor.extract.verdict import not_article
from khobor.sources.registry import Registry, bundled
from khobor.sources.source import Rules, Source
from khobor.url import absolute_url, article_id, digest, host

_Value = TypeVar("_Value")
Values = dict[str, Any]


class _Evidence:
    """The evidence of the fields that were found."""

    def __init__(self) -> None:
        self.fields: dict[str, Evidence] = {}

    def take(self, field: str, found: Found[_Value] | None) -> _Value | None:
        """Return a field's value, and keep where it came from."""
        if found is None:
            return None
        self.fields[field] = found.evidence
        return found.value


def extract(
    html: bytes,
    url: str | None,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    raw: RawReference | None = None,
    sources: Registry | None = None,
    explain: bool = False,
) -> Article:
    """Return the article of a page; for a page that holds none, ``extraction.not_article`` says why.

    Args:
        html: The page as it came, decompressed.
        url: Where it came from; None takes what the page says.
        content_type: Its Content-Type header, for the charset.
        fetched_at: When it was fetched, aware; None takes now.
        raw: Where it is kept.
        sources: Who publishes what, and how it is read; None takes the sources that come with khobor.
        explain: Whether to keep what the other candidates of each field say.
    """
    del explain
    document = Document(html, _usable(url), content_type)
    evidence = _Evidence()
    canonical = evidence.take("canonical_url", find_canonical_url(document))
    document.url = document.url or canonical
    page = _read(document, canonical, sources or bundled(), fetched_at or datetime.now(UTC), evidence)
    values = _text_fields(page, evidence) | _page_fields(page, evidence)
    return Article(
        article_id=article_id(canonical) if canonical else digest(html),
        url=document.url,
        canonical_url=canonical,
        title=page.title,
        **values,
        fetched_at=page.fetched_at,
        raw=raw,
        extraction=_extraction(html, page, evidence),
    )


def _extraction(html: bytes, page: "_Page", evidence: _Evidence) -> Extraction:
    return Extraction(
        version=__version__,
        rules=page.source.reference_on(page.fetched_at) if page.source else None,
        fields=evidence.fields,
        not_article=not_article(html, page.document, page.title, page.body),
    )


class _Page(NamedTuple):
    """What the fields are read from."""

    document: Document
    canonical: str | None
    source: Source | None
    rules: Rules
    fetched_at: datetime
    title: str | None
    body: Body


def _read(
    document: Document, canonical: str | None, sources: Registry, fetched_at: datetime, evidence: _Evidence
) -> _Page:
    source = sources.find(canonical) if canonical else None
    rules = source.rules_on(fetched_at) if source else Rules()
    title = evidence.take("title", find_title(document, rules))
    body = find_body(document, rules, title)
    if body.element is not None:
        evidence.fields["body"] = Evidence(origin="source rule" if body.by_rule else "heuristic", text=body.place)
    return _Page(
        document=document,
        canonical=canonical,
        source=source,
        rules=rules,
        fetched_at=fetched_at,
        title=title,
        body=body,
    )


def _text_fields(page: _Page, evidence: _Evidence) -> Values:
    """Return the fields that depend on title and body."""
    document, title, body, take = page.document, page.title, page.body, evidence.take
    text = body.text
    usual = page.source.language if page.source else None
    return {
        "alternative_titles": find_alternative_titles(document, title),
        "kicker": take("kicker", find_kicker(document, title)),
        "description": take("description", find_description(document, title)),
        "body": body.blocks,
        "images": take("images", find_images(document, page.rules, body.blocks)) or (),
        "videos": body.videos,
        "links": body.links,
        "credits": take("credits", find_credits(body.texts)) or (),
        "dateline": take("dateline", find_dateline(document, text)),
        "language": take("language", find_language(document, f"{title or ''} {text}", usual)),
        "word_count": count_words(text),
        "content_hash": fingerprint.content_hash(title, text),
        "simhash": fingerprint.simhash(title, text),
    }


def _page_fields(page: _Page, evidence: _Evidence) -> Values:
    """Return the fields that the page around the text tells."""
    document, source, rules, take = page.document, page.source, page.rules, evidence.take
    zone = source.zone if source else None
    breadcrumbs = find_breadcrumbs(document, page.title)
    return {
        "source": source.name if source else host(page.canonical) if page.canonical else None,
        "authors": take("authors", find_authors(document, rules)) or (),
        "published_at": take("published_at", find_published_at(document, rules, zone, page.fetched_at)),
        "modified_at": take("modified_at", find_modified_at(document, rules, zone, page.fetched_at)),
        "breadcrumbs": breadcrumbs,
        "section": take("section", find_section(document, breadcrumbs, page.canonical)),
        "tags": take("tags", find_tags(document, rules)) or (),
        "edition": take("edition", find_edition(document, rules)),
        "genre": take("genre", find_genre(document, page.canonical)),
        "related": find_related(document, rules, page.canonical),
        "is_accessible_for_free": take("is_accessible_for_free", find_is_accessible_for_free(document)),
        "rights": find_rights(document),
        "publisher": take("publisher", find_publisher(document, source.publisher if source else None)),
    }


def _usable(url: str | None) -> str | None:
    try:
        return absolute_url(url) if url else None
    except PermanentError:
        return None
