"""The columns of an exported article: what each is called, its type and its meaning.

This is the schema of the Parquet files. A column is never renamed, given another type or another meaning within one
version; new ones may be added behind the others. What would break a reader raises ``VERSION``, which stands in each
file's metadata as ``khobor.schema``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from khobor.article import Article, Evidence

VERSION = "1"

STRING = "string"
INT32 = "int32"
BOOL = "bool"
# An instant of UTC, to the microsecond.
TIMESTAMP = "timestamp[us, UTC]"

# A scalar's name; a list of one type; a struct's fields by name.
Type: TypeAlias = "str | Sequence[Type] | Mapping[str, Type]"


@dataclass(frozen=True)
class Column:
    """A column; what is absent is null, or an empty list.

    Attributes:
        name: Its name; a field of ``Article`` has the same there.
        type: Its type.
        meaning: What stands in it.
    """

    name: str
    type: Type
    meaning: str


_IMAGE: Type = {"url": STRING, "caption": STRING, "credit": STRING, "width": INT32, "height": INT32}
_LINK: Type = {"url": STRING, "text": STRING}
_BLOCK: Type = {
    "kind": STRING,
    "text": STRING,
    "level": INT32,
    "items": [STRING],
    "rows": [[STRING]],
    "image": _IMAGE,
    "url": STRING,
}
_RIGHTS: Type = {
    "robots": [STRING],
    "robots_txt": STRING,
    "tdm_reservation": BOOL,
    "tdm_policy": STRING,
    "license_url": STRING,
}
_EVIDENCE: Mapping[str, Type] = {
    "field": STRING,
    "origin": STRING,
    "text": STRING,
    "precision": STRING,
    "assumed_zone": STRING,
    "disputed_by": [{"origin": STRING, "text": STRING}],
}

COLUMNS = (
    Column("article_id", STRING, "Id of the article, derived from its canonical URL; the same in every export"),
    Column("source", STRING, "Name of its source, else its host"),
    Column("url", STRING, "URL that was fetched"),
    Column("canonical_url", STRING, "Address of the article, as the page states it"),
    Column("title", STRING, "Headline that a reader sees"),
    Column("alternative_titles", [STRING], "The page's other titles, where they differ"),
    Column("kicker", STRING, "Line above the headline"),
    Column("description", STRING, "Summary or dek"),
    Column("authors", [{"name": STRING, "url": STRING}], "Persons, desks and agencies in the byline"),
    Column("published_at", TIMESTAMP, "Date of publication, as the page states it"),
    Column("modified_at", TIMESTAMP, "Date of modification, as the page states it"),
    Column("language", STRING, "BCP 47 tag"),
    Column("section", STRING, "Section of the newspaper"),
    Column("breadcrumbs", [STRING], "Path to the article from the home page"),
    Column("tags", [STRING], "Keywords"),
    Column("edition", STRING, "online or print"),
    Column("dateline", STRING, "Place the article was filed from"),
    Column("genre", STRING, "news, opinion, live, video or gallery, if the page says so"),
    Column("word_count", INT32, "Words of the body, by the rules of its language"),
    Column("body_text", STRING, "Text of the body, blocks separated by an empty line; images and embeds are left out"),
    Column(
        "body", [_BLOCK], "Blocks of the body in order; kind is paragraph, heading, quote, list, table, image or embed"
    ),
    Column("images", [_IMAGE], "Images, the lead image first; width and height in CSS pixels"),
    Column("videos", [{"url": STRING, "caption": STRING}], "Embedded media"),
    Column("links", [_LINK], "Links in the body"),
    Column("related", [_LINK], "Links of the page to other articles"),
    Column("credits", [STRING], "Agencies that the article names as its source"),
    Column("is_accessible_for_free", BOOL, "false behind a paywall, if the page says so"),
    Column(
        "rights",
        _RIGHTS,
        "What page, headers and robots.txt reserved at the time of the fetch; null if they did not say",
    ),
    Column("publisher", {"name": STRING, "logo": STRING}, "Publisher"),
    Column("fetched_at", TIMESTAMP, "When the page was fetched"),
    Column(
        "listed_at",
        TIMESTAMP,
        "published_at, else fetched_at; selections go by it, and files by its day in the source's time zone",
    ),
    Column("raw", {"bucket": STRING, "key": STRING, "version": STRING}, "S3 object that holds the page as it came"),
    Column("extraction", {"version": STRING, "rules": STRING}, "khobor's version and the rules that read the page"),
    Column("evidence", [_EVIDENCE], "For each field its place in the page, and the text as found"),
    Column("content_hash", STRING, "SHA-256 of the normalised title and body: equal for equal texts"),
    Column("simhash", STRING, "Null: no longer computed; kept so that the columns of one schema are the same"),
)


def row(article: Article) -> dict[str, Any]:
    """Return an article's value for each column, by name."""
    made = {
        "listed_at": article.listed_at,
        "simhash": None,
        "evidence": [{"field": name, **_evidence(each)} for name, each in article.extraction.fields.items()],
    }
    others = (column for column in COLUMNS if column.name not in made)
    return {column.name: _value(column.type, getattr(article, column.name)) for column in others} | made


def _evidence(evidence: Evidence) -> dict[str, Any]:
    names = {name: kind for name, kind in _EVIDENCE.items() if name != "field"}
    return {name: _value(kind, getattr(evidence, name)) for name, kind in names.items()}


def _value(kind: Type, value: Any) -> Any:
    if value is None or isinstance(kind, str):
        return value
    if isinstance(kind, Mapping):
        return {name: _value(part, getattr(value, name)) for name, part in kind.items()}
    return [_value(kind[0], each) for each in value]


def written(kind: Type) -> str:
    """Return a type as text.

    >>> written([{"name": STRING, "url": STRING}])
    'list<struct<name: string, url: string>>'
    """
    if isinstance(kind, str):
        return kind
    if isinstance(kind, Mapping):
        return f"struct<{', '.join(f'{name}: {written(part)}' for name, part in kind.items())}>"
    return f"list<{written(kind[0])}>"
