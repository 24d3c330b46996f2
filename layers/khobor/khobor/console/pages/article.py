"""The page of an article: what it says, and where each of its fields came from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from khobor.article import Article, Block, Evidence, Image
from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, direction, language_tag, local_moment, moment, web_link
from khobor.console.pages.headlines import CHANGES, publisher
from khobor.fields import FACTS, as_text
from khobor.revisions.timeline import Revision

_UNTITLED = "(no title)"
_LONGEST = 400


@dataclass(frozen=True, kw_only=True)
class NamedLink:
    """A name, and where more of it is found."""

    name: str
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image.

    Attributes:
        link: Where it lies; None where that is no web address.
        can_be_shown: Whether it may be loaded: over TLS only.
        caption: What stands below it.
        credit: Whose it is.
    """

    link: str | None
    can_be_shown: bool
    caption: str | None
    credit: str | None


@dataclass(frozen=True, kw_only=True)
class BodyPart:
    """A part of the body.

    Attributes:
        kind: As in Block.
        text: Its text.
        level: Of a heading, 3 to 6: the page's own are above.
        items: Of a list.
        rows: Of a table.
        picture: Of an image.
        link: Of an embed.
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
    """Where a field came from.

    Attributes:
        field: Its name.
        value: What it is.
        origin: The kind of place.
        text: What stood there.
        notes: How exact it is, what was assumed, and who says otherwise.
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
        title: Its title.
        link: Its page.
        language: Of the title.
        source: Its source.
        at: When it was published, or fetched.
        percent: How alike the two texts are.
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
        number: Its number.
        link: Its page.
        first_seen: When it was seen first.
        last_seen: When it was seen last.
        changes: What was different from the one before.
        compare: The page that shows that; None of the first.
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
    copies: tuple[SimilarArticleRow, ...]
    revisions: tuple[RevisionEntry, ...]
    shown: RevisionEntry
    gone: Moment | None
    has_pictures: bool
    are_pictures_shown: bool


def article_page(deployment: Deployment, article_id: str, number: int | None, *, pictures: bool) -> ArticlePage | None:
    """Return the page of an article; None where the archive does not have it, or not this revision.

    Args:
        deployment: Where it is.
        article_id: Its id.
        number: Of the revision; None takes the newest text.
        pictures: Whether its images are loaded from where they lie.
    """
    archive = deployment.archive
    revisions = archive.revisions(article_id)
    article = archive.get(article_id) if number is None else archive.revision(article_id, number)
    if article is None or not revisions:
        return None
    shown = revisions[-1].number if number is None else number
    return _article_page(deployment, article, revisions, shown, pictures=pictures)


def revisions_page(deployment: Deployment, article_id: str) -> RevisionsPage | None:
    """Return the revisions of an article; None where the archive does not have it."""
    article = deployment.archive.get(article_id)
    if article is None:
        return None
    return RevisionsPage(
        article_id=article_id,
        title=article.title or _UNTITLED,
        language=language_tag(article.language),
        revisions=revision_entries(article_id, deployment.archive.revisions(article_id)),
    )


def revision_entries(article_id: str, revisions: tuple[Revision, ...]) -> tuple[RevisionEntry, ...]:
    """Return the revisions of an article as they are listed, the oldest first."""
    return tuple(_revision_entry(article_id, revision) for revision in revisions)


def part(block: Block) -> BodyPart:
    """Return a block of the body as it is shown."""
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
    """Return an image as it is shown."""
    link = web_link(image.url)
    return Picture(
        link=link,
        can_be_shown=bool(link and link.lower().startswith("https:")),
        caption=image.caption,
        credit=image.credit,
    )


def _article_page(
    deployment: Deployment, article: Article, revisions: tuple[Revision, ...], shown: int, *, pictures: bool
) -> ArticlePage:
    body = tuple(map(part, article.body))
    lead = tuple(_lead(article))
    listed = revision_entries(article.article_id, revisions)
    return ArticlePage(
        article_id=article.article_id,
        title=article.title or _UNTITLED,
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
        copies=tuple(_copies(deployment, article)),
        revisions=listed,
        shown=next(each for each in listed if each.number == shown),
        gone=moment(revisions[-1].first_seen_at) if revisions[-1].is_gone else None,
        has_pictures=any(each.can_be_shown for each in _all_pictures(lead, body)),
        are_pictures_shown=pictures,
    )


def _copies(deployment: Deployment, article: Article) -> Iterator[SimilarArticleRow]:
    for similar in deployment.lists.similar(article):
        found = similar.headline
        yield SimilarArticleRow(
            title=found.title or _UNTITLED,
            link=f"/articles/{found.article_id}",
            language=language_tag(found.language),
            source=publisher(deployment.registry, found.source) if found.source else None,
            at=moment(found.listed_at),
            percent=round(similar.resemblance * 100),
        )


def _lead(article: Article) -> Iterator[Picture]:
    """Yield the images that the body does not have itself."""
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
    """Yield what the page lists of an article beside its text: labels with their values."""
    for field in FACTS:
        values = _OWN_FACTS[field.name](article) if field.name in _OWN_FACTS else as_text(getattr(article, field.name))
        named = values if isinstance(values, Mapping) else {field.console or "": values}
        yield from ((label, value) for label, value in named.items() if value)


def _rights(article: Article) -> Mapping[str, str | None]:
    rights = article.rights
    return {
        "Robots": ", ".join(rights.robots),
        "robots.txt": rights.robots_txt,
        "Text and data mining": {True: "reserved", False: "not reserved", None: None}[rights.tdm_reservation],
        "Licence": rights.license_url,
    }


# The facts that are not the field's value as a text; a field with several has a label for each.
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
    for other in evidence.disputed_by:
        yield f"{other.origin} says {_short(other.text)}"
    for claim in evidence.refused:
        yield f"{claim.origin} says {_short(claim.text)}, which is not believed: {claim.reason}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
