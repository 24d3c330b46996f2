"""The page of an article: its contents, and the origin of each field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from khobor.article import Article, Block, Evidence, Image
from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, direction, language_tag, local_moment, moment, web_link
from khobor.console.pages.headlines import CHANGES, UNTITLED, publisher
from khobor.field_orders import FACTS
from khobor.fields import as_text
from khobor.revisions.timeline import Revision

_LONGEST = 400


@dataclass(frozen=True, kw_only=True)
class NamedLink:
    """A name, and a link to articles with it."""

    name: str
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image.

    Attributes:
        link: Its URL; None if that is not an http or https URL.
        can_be_shown: Whether it may be loaded, which requires https.
        caption: The caption.
        credit: The credit.
    """

    link: str | None
    can_be_shown: bool
    caption: str | None
    credit: str | None


@dataclass(frozen=True, kw_only=True)
class BodyPart:
    """A part of the body.

    Attributes:
        kind: The kind, as in Block.
        text: The text.
        level: The level of a heading, 3 to 6; the page's own headings use 1 and 2.
        items: The items of a list.
        rows: The rows of a table.
        picture: The picture of an image.
        link: The URL of an embed.
    """

    kind: str
    text: str
    level: int
    items: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    picture: Picture | None
    link: str | None


@dataclass(frozen=True, kw_only=True)
class FieldOrigin:
    """The origin of a field.

    Attributes:
        field: The name of the field.
        value: Its value.
        origin: The kind of place that it was extracted from.
        text: The text of that place.
        notes: The precision, assumptions, and other places that disagree.
    """

    field: str
    value: str
    origin: str
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SimilarArticleRow:
    """An article with nearly the same text.

    Attributes:
        title: The title.
        link: The path of its page.
        language: The language of the title.
        source: The source.
        at: When it was published, or else fetched.
        percent: The resemblance of the two texts.
    """

    title: str
    link: str
    language: str | None
    source: str | None
    at: Moment
    percent: int


@dataclass(frozen=True, kw_only=True)
class RevisionEntry:
    """One revision of the article.

    Attributes:
        number: The number.
        link: The path of its page.
        first_seen: When it was first seen.
        last_seen: When it was last seen.
        changes: The changes since the previous revision.
        compare: The path of the page that shows the changes; None for the first revision.
    """

    number: int
    link: str
    first_seen: Moment
    last_seen: Moment
    changes: tuple[str, ...]
    compare: str | None


@dataclass(frozen=True, kw_only=True)
class RevisionsPage:
    """The page of an article's revisions, the oldest first."""

    article_id: str
    title: str
    language: str | None
    revisions: tuple[RevisionEntry, ...]


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """The page of an article."""

    article_id: str
    title: str
    direction: str
    language: str | None
    kicker: str | None
    authors: tuple[NamedLink, ...]
    published: Moment | None
    modified: Moment | None
    fetched: Moment
    source: NamedLink | None
    section: NamedLink | None
    tags: tuple[NamedLink, ...]
    url: str | None
    address: str | None
    lead: tuple[Picture, ...]
    body: tuple[BodyPart, ...]
    facts: tuple[tuple[str, str], ...]
    origins: tuple[FieldOrigin, ...]
    rules: str
    similar: tuple[SimilarArticleRow, ...]
    revisions: tuple[RevisionEntry, ...]
    current: RevisionEntry
    gone: Moment | None
    has_pictures: bool
    are_pictures_shown: bool


def article_page(deployment: Deployment, article_id: str, number: int | None, *, pictures: bool) -> ArticlePage | None:
    """Return the page of an article; None if the archive does not have the article or the revision.

    Args:
        deployment: The deployment.
        article_id: The id of the article.
        number: The number of the revision; None for the latest.
        pictures: Whether images are loaded from their own hosts.
    """
    archive = deployment.archive
    revisions = archive.revisions(article_id)
    article = archive.get(article_id) if number is None else archive.revision(article_id, number)
    if article is None or not revisions:
        return None
    number = revisions[-1].number if number is None else number
    return _article_page(deployment, article, revisions, number, pictures=pictures)


def revisions_page(deployment: Deployment, article_id: str) -> RevisionsPage | None:
    """Return the revisions of an article; None if the archive does not have it.

    Args:
        deployment: The deployment.
        article_id: The id of the article.
    """
    article = deployment.archive.get(article_id)
    if article is None:
        return None
    return RevisionsPage(
        article_id=article_id,
        title=article.title or UNTITLED,
        language=language_tag(article.language),
        revisions=revision_entries(article_id, deployment.archive.revisions(article_id)),
    )


def revision_entries(article_id: str, revisions: tuple[Revision, ...]) -> tuple[RevisionEntry, ...]:
    """Return the entries of revisions, the oldest first.

    Args:
        article_id: The id of the article.
        revisions: Its revisions, the oldest first.
    """
    return tuple(_revision_entry(article_id, revision) for revision in revisions)


def part(block: Block) -> BodyPart:
    """Return a block of the body as the page shows it."""
    return BodyPart(
        kind=block.kind,
        text=block.text,
        level=min((block.level or 1) + 1, 6) if (block.level or 1) > 1 else 3,
        items=block.items,
        rows=block.rows,
        picture=picture(block.image) if block.image else None,
        link=web_link(block.url),
    )


def picture(image: Image) -> Picture:
    """Return an image as the page shows it."""
    link = web_link(image.url)
    return Picture(
        link=link,
        can_be_shown=bool(link and link.lower().startswith("https:")),
        caption=image.caption,
        credit=image.credit,
    )


def _article_page(
    deployment: Deployment, article: Article, revisions: tuple[Revision, ...], number: int, *, pictures: bool
) -> ArticlePage:
    body = tuple(map(part, article.body))
    lead = tuple(_lead(article))
    entries = revision_entries(article.article_id, revisions)
    return ArticlePage(
        article_id=article.article_id,
        title=article.title or UNTITLED,
        direction=direction(article.title or ""),
        language=language_tag(article.language),
        kicker=article.kicker,
        authors=tuple(_named_link("author", author.name) for author in article.authors),
        published=local_moment(article.published_at) if article.published_at else None,
        modified=local_moment(article.modified_at) if article.modified_at else None,
        fetched=moment(article.fetched_at),
        source=_source(deployment, article.source),
        section=_named_link("section", article.section) if article.section else None,
        tags=tuple(_named_link("tag", tag) for tag in article.tags),
        url=web_link(article.canonical_url or article.url),
        address=article.canonical_url or article.url,
        lead=lead,
        body=body,
        facts=tuple(facts(article)),
        origins=tuple(_origin(article, name, each) for name, each in article.extraction.fields.items()),
        rules=article.extraction.rules or "none: no source publishes this host",
        similar=tuple(_similar_articles(deployment, article)),
        revisions=entries,
        current=next(each for each in entries if each.number == number),
        gone=moment(revisions[-1].first_seen_at) if revisions[-1].is_gone else None,
        has_pictures=any(each.can_be_shown for each in _all_pictures(lead, body)),
        are_pictures_shown=pictures,
    )


def _similar_articles(deployment: Deployment, article: Article) -> Iterator[SimilarArticleRow]:
    for similar in deployment.lists.similar(article):
        headline = similar.headline
        yield SimilarArticleRow(
            title=headline.title or UNTITLED,
            link=f"/articles/{headline.article_id}",
            language=language_tag(headline.language),
            source=publisher(deployment.registry, headline.source) if headline.source else None,
            at=moment(headline.listed_at),
            percent=round(similar.resemblance * 100),
        )


def _lead(article: Article) -> Iterator[Picture]:
    """Yield the images that the body does not contain."""
    inside = {block.image.url for block in article.body if block.image}
    return (picture(image) for image in article.images if image.url not in inside)


def _all_pictures(lead: tuple[Picture, ...], body: tuple[BodyPart, ...]) -> Iterator[Picture]:
    yield from lead
    yield from (part.picture for part in body if part.picture)


def _named_link(index: str, value: str) -> NamedLink:
    return NamedLink(name=value, link=f"/search?{urlencode({'q': value, 'by': index})}")


def _source(deployment: Deployment, name: str | None) -> NamedLink | None:
    if name is None:
        return None
    return NamedLink(name=publisher(deployment.registry, name), link=f"/?{urlencode({'source': name})}")


def _revision_entry(article_id: str, revision: Revision) -> RevisionEntry:
    link = f"/articles/{article_id}"
    number = revision.number
    return RevisionEntry(
        number=number,
        link=f"{link}/revisions/{number}",
        first_seen=moment(revision.first_seen_at),
        last_seen=moment(revision.last_seen_at),
        changes=tuple(CHANGES[change] for change in revision.changes),
        compare=f"{link}/compare?before={number - 1}&after={number}" if number > 1 else None,
    )


def facts(article: Article) -> Iterator[tuple[str, str]]:
    """Yield the facts that the page lists beside the text: labels and values."""
    for field in FACTS:
        values = _OWN_FACTS[field.name](article) if field.name in _OWN_FACTS else as_text(getattr(article, field.name))
        by_label = values if isinstance(values, Mapping) else {field.console or "": values}
        yield from ((label, value) for label, value in by_label.items() if value)


def _rights(article: Article) -> Mapping[str, str | None]:
    rights = article.rights
    return {
        "Robots": ", ".join(rights.robots),
        "robots.txt": rights.robots_txt,
        "Text and data mining": {True: "reserved", False: "not reserved", None: None}[rights.tdm_reservation],
        "Licence": rights.license_url,
    }


# The facts that are not the field's value as text; a field with several facts has a label for each.
_OWN_FACTS: Mapping[str, Callable[[Article], str | Mapping[str, str | None] | None]] = {
    "word_count": lambda article: f"{article.word_count:,}",
    "related": lambda article: str(len(article.related)) if article.related else None,
    "rights": _rights,
    "extraction": lambda article: f"khobor {article.extraction.version}",
}


def _origin(article: Article, name: str, evidence: Evidence) -> FieldOrigin:
    return FieldOrigin(
        field=name,
        value=_short(_value(getattr(article, name, None))),
        origin=evidence.origin,
        text=_short(evidence.text),
        notes=tuple(_notes(evidence)),
    )


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return local_moment(value).text
    if isinstance(value, tuple):
        return ", ".join(map(_item, value)) if all(map(_item, value)) else f"{len(value)} parts"
    return "" if value is None else _item(value) or str(value)


def _item(value: object) -> str:
    if isinstance(value, str):
        return value
    return getattr(value, "name", None) or getattr(value, "url", None) or ""


def _notes(evidence: Evidence) -> Iterator[str]:
    if evidence.precision:
        yield f"to the {evidence.precision}"
    if evidence.assumed_zone:
        yield f"zone {evidence.assumed_zone} assumed"
    if evidence.confirmed_by:
        yield f"confirmed by {', '.join(evidence.confirmed_by)}"
    for other in evidence.disputed_by:
        yield f"{other.origin} says {_short(other.text)}"
    for claim in evidence.refused:
        yield f"{claim.origin} says {_short(claim.text)}, which was ignored: {claim.reason}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
