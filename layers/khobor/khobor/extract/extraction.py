"""``extract``: all fields of a page."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from khobor import __version__
from khobor.article import Article, Evidence, Extraction, RawReference, RefusedStatement
from khobor.entry_facts import EntryFacts
from khobor.errors import PermanentError
from khobor.extract.body import Body, locate_body, read_body
from khobor.extract.document import Document
from khobor.extract.field_candidate import Confirms, FieldCandidate, best_candidate, same_text
from khobor.extract.fields import (
    authors,
    canonical,
    dateline,
    description,
    edition,
    genre,
    images,
    kicker,
    language,
    publisher,
    related,
    rights,
    section,
    tags,
)
from khobor.extract.fields import credits as agency_credits
from khobor.extract.fields.dates import PageDates
from khobor.extract.fields.titles import PageTitles, is_title
from khobor.extract.front_matter import FrontMatter, read_front_matter
from khobor.extract.not_article import not_article
from khobor.extract.site_images import SiteImages
from khobor.extract.text import comparable, content_hash
from khobor.page import RawPage, Reservations
from khobor.sources.registry import Registry, bundled_sources
from khobor.sources.source import Rules, Source
from khobor.url import article_id, canonical_url, digest, host, without_credentials

_Value = TypeVar("_Value")
Values = dict[str, Any]
_NO_RESERVATION = Reservations()


class _Evidence:
    """Collects the evidence of the fields.

    Args:
        explain: Whether to keep the other candidates of each field.

    Attributes:
        fields: The evidence by field.
    """

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain
        self.fields: dict[str, Evidence] = {}

    def take(
        self,
        field: str,
        candidates: Iterator[FieldCandidate[_Value]],
        confirms: Confirms[_Value] | None = None,
        last: Iterable[FieldCandidate[_Value]] = (),
    ) -> _Value | None:
        """Return the value of a field's best candidate, and keep its evidence.

        Args:
            field: The name of the field.
            candidates: Its candidates, the best first.
            confirms: When a candidate confirms another, as for ``best_candidate``.
            last: The candidates if there are no others.
        """
        found = best_candidate(candidates, confirms, last=last, explain=self._explain)
        if found is None:
            return None
        self.fields[field] = found.evidence
        return found.value

    def refuse(self, field: str, refused: tuple[RefusedStatement, ...]) -> None:
        """Keep the statements about a field that were refused, even if the field has no value."""
        if refused:
            evidence = self.fields.get(field, Evidence(origin=refused[0].origin))
            self.fields[field] = replace(evidence, refused=refused)


@contextmanager
def _gc_paused() -> Iterator[None]:
    """Pause the garbage collector, unless the caller did. What extraction leaves behind is in no reference cycle.

    The collector takes 1 % of the time of an extraction if all that was loaded before is frozen, else 3 %.
    """
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


@_gc_paused()
def extract(
    html: bytes,
    url: str | None,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    raw: RawReference | None = None,
    sources: Registry | None = None,
    reserved: Reservations = _NO_RESERVATION,
    entry: EntryFacts | None = None,
    is_entry_doubtful: bool = False,
    explain: bool = False,
) -> Article:
    """Return the article of a page. If the page contains none, ``extraction.not_article`` says why.

    Args:
        html: The page as fetched, decompressed.
        url: Its URL. If it is None, the URL is read from the page.
        content_type: Its Content-Type header, for the charset.
        fetched_at: When it was fetched, aware. None means now.
        raw: Where it is stored.
        sources: The sources with their rules. None means those that are part of khobor.
        reserved: What robots.txt and the response headers reserved when it was fetched.
        entry: What the feed that listed the page stated about the article: the last candidates of its fields.
        is_entry_doubtful: Whether the entry is used only if the page has its title, as after a redirect.
        explain: Whether the evidence includes the other candidates of each field. This takes longer.
    """
    document = Document(html, _without_credentials(url), content_type)
    evidence = _Evidence(explain=explain)
    registry = sources or bundled_sources()
    canonical_url = _canonical_url(document, registry, evidence)
    is_foreign = is_entry_doubtful and entry and not is_title(document, entry.title)
    listed = EntryFacts() if entry is None or is_foreign else entry
    page = _read(document, canonical_url, fetched_at or datetime.now(UTC), registry, listed, evidence)
    return _article(page, html, raw, reserved, evidence)


def _article(
    page: "_Page", html: bytes, raw: RawReference | None, reserved: Reservations, evidence: _Evidence
) -> Article:
    values = _fields(page, evidence)
    return Article(
        article_id=article_id(page.canonical) if page.canonical else digest(html),
        url=page.document.url,
        canonical_url=page.canonical,
        title=page.title,
        rights=rights.rights(page.document, reserved),
        **values,
        fetched_at=page.fetched_at,
        raw=raw,
        extraction=_extraction(page, values, evidence, html),
    )


def _canonical_url(document: Document, sources: Registry, evidence: _Evidence) -> str | None:
    """Return a page's canonical URL, which becomes the document's URL if that is not known."""
    candidates, refused = canonical.candidates_and_refused(document, sources)
    url = evidence.take("canonical_url", iter(candidates))
    evidence.refuse("canonical_url", refused)
    document.url = document.url or url
    return url


def extract_page(page: RawPage, raw: RawReference | None, sources: Registry, *, explain: bool = False) -> Article:
    """Return the article of a page, as ``extract`` does.

    Args:
        page: The page with the facts of its response.
        raw: Where it is stored, None if it is not stored.
        sources: The sources with their rules.
        explain: As for ``extract``.
    """
    return extract(
        page.body,
        page.location,
        content_type=page.content_type,
        fetched_at=page.fetched_at,
        raw=raw,
        sources=sources,
        reserved=page.reservations,
        entry=page.entry,
        is_entry_doubtful=_is_other(page.url, page.location),
        explain=explain,
    )


def _is_other(requested: str | None, answered: str | None) -> bool:
    """Whether the URL that answered is not that which was requested, on another host of the site or with a slash."""
    if not requested or not answered or requested == answered:
        return False
    one, other = (urlsplit(canonical_url(url)) for url in (requested, answered))
    return (one.path.rstrip("/"), one.query) != (other.path.rstrip("/"), other.query)


def _extraction(page: "_Page", values: Values, evidence: _Evidence, html: bytes) -> Extraction:
    refusal = not_article(html, page.document, page.title, page.body, evidence.fields)
    extraction = Extraction(
        version=__version__,
        fields=evidence.fields,
        not_article=refusal.reason if refusal else None,
        refusal=refusal.evidence if refusal else None,
        reader=__version__,
    )
    if page.source is None:
        return extraction
    at = values.get("published_at") or page.fetched_at
    return replace(
        extraction,
        rules=page.source.reference_on(page.fetched_at),
        reader=f"{__version__} {page.source.reading}",
        utc_offset=page.source.utc_offset(at),
    )


class _Page(NamedTuple):
    """A page with the fields that the others depend on."""

    document: Document
    canonical: str | None
    source: Source | None
    rules: Rules
    fetched_at: datetime
    title: str | None
    values: Values
    front_matter: FrontMatter
    body: Body
    entry: EntryFacts


def _read(  # noqa: PLR0917 the parts of a page
    document: Document,
    canonical_url: str | None,
    fetched_at: datetime,
    sources: Registry,
    entry: EntryFacts,
    evidence: _Evidence,
) -> _Page:
    """Return the page with its title, authors and body, which the other fields depend on."""
    source = sources.find(canonical_url) if canonical_url else None
    rules = source.rules_on(fetched_at) if source else Rules()
    page_titles = PageTitles(document, rules)
    title = evidence.take("title", page_titles.candidates(entry.title), same_text, page_titles.listed(entry.title))
    others = page_titles.alternatives(title, entry.title)
    published_by = evidence.take("publisher", publisher.candidates(document, source.publisher if source else None))
    # A first-level heading that is no title elsewhere may be a section's, which belongs to the body.
    known_titles = frozenset(map(comparable, filter(None, (title, *page_titles.declared))))
    location = locate_body(document, rules, known_titles)
    front_matter = read_front_matter(document.layout, location.page_box, known_titles)
    named = authors.candidates(document, rules, front_matter)
    listed = authors.listed(document, front_matter, entry.authors)
    names = evidence.take("authors", named, authors.confirms, listed) or ()
    comparable_names = tuple(comparable(author.name) for author in names)
    body = read_body(document, location, known_titles, comparable_names, rules.boilerplate)
    if body.data_source == "json-ld":
        evidence.fields["body"] = Evidence(origin="json-ld", text="articleBody")
    elif body.data_source:
        evidence.fields["body"] = Evidence(origin="heuristic", text=body.data_source)
    elif body.element is not None:
        evidence.fields["body"] = Evidence(origin="source rule" if body.by_rule else "heuristic", text=body.name)
    values = {"alternative_titles": others, "publisher": published_by, "authors": names}
    return _Page(document, canonical_url, source, rules, fetched_at, title, values, front_matter, body, entry)


def _fields(page: _Page, evidence: _Evidence) -> Values:
    values = _text_fields(page, evidence)
    return values | _page_fields(page, values["language"], evidence)


def _text_fields(page: _Page, evidence: _Evidence) -> Values:
    """Return the fields that depend on title and body."""
    document, rules, title, body, take = page.document, page.rules, page.title, page.body, evidence.take
    text = body.text
    source_language = page.source.language if page.source else None
    of_site = SiteImages(document, title, page.entry.site_images)
    return {
        "kicker": take("kicker", kicker.candidates(document, rules, title)),
        "description": take(
            "description",
            description.candidates(document, rules, title),
            description.confirms,
            last=description.listed(page.entry.summary, title),
        ),
        "body": body.blocks,
        "images": take(
            "images",
            images.candidates(document, rules, body.blocks, page.front_matter, of_site),
            last=images.last(document, page.entry.image),
        )
        or (),
        "videos": body.videos,
        "links": body.links,
        "credits": take("credits", agency_credits.candidates(document, body.texts, page.front_matter)) or (),
        "dateline": take("dateline", dateline.candidates(document, text)),
        "language": take("language", language.candidates(document, f"{title or ''} {text}", source_language)),
        "word_count": language.count_words(text),
        "content_hash": content_hash(title, text),
    }


def _page_fields(page: _Page, text_language: str | None, evidence: _Evidence) -> Values:
    """Return the fields that are read from the whole page."""
    document, source, rules, take = page.document, page.source, page.rules, evidence.take
    breadcrumbs = section.breadcrumbs(document, page.title)
    dates = PageDates(document, source, text_language, page.fetched_at, page.front_matter, page.entry)
    own_section = take("section", section.candidates(document, rules, breadcrumbs, page.canonical))
    keywords = tags.candidates(document, rules, page.front_matter)
    listed = tags.listed(document, page.entry.categories, {own_section, *breadcrumbs})
    return page.values | {
        "source": source.name if source else host(page.canonical) if page.canonical else None,
        "published_at": take("published_at", dates.published()),
        "modified_at": take("modified_at", dates.modified()),
        "breadcrumbs": breadcrumbs,
        "section": own_section,
        "tags": take("tags", keywords, tags.same_tags, listed) or (),
        "edition": take("edition", edition.candidates(document, rules)),
        "genre": take("genre", genre.candidates(document, page.canonical)),
        "related": related.related(document, rules, page.canonical),
        "is_accessible_for_free": take("is_accessible_for_free", rights.is_accessible_for_free(document)),
    }


def _without_credentials(url: str | None) -> str | None:
    """Return a URL without user name and password, None if it is not a valid URL."""
    try:
        return without_credentials(url) if url else None
    except PermanentError:
        return None
