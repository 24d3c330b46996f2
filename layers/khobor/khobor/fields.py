"""The list of an article's fields: what each means, and where it is shown. ``Article`` has their types.

Terminal, console, difference, the columns of Parquet, Athena and CSV, drafts of sources and docs/reference/fields.md
are generated from it. ``tests/test_fields.py`` compares all other places with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from khobor.article import RawReference

Change = Literal["difference", "headline", "byline", "description", "body", "modified_at"]
# For a field that the console shows outside of its list of facts.
OWN_PLACE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an article. Attributes without a default must be decided for each field.

    Attributes:
        name: Its name in ``Article``, in JSON and in Parquet.
        meaning: The meaning of its column in an export, in one line.
        details: Further text for docs/reference/fields.md, in Markdown.
        change: What a new value changes for readers: None for nothing; ``difference`` if the difference of two
            revisions shows it, but the content digests do not include it; else the part of the content digests that
            includes it. Digests are stored, so a field must not move from one part to another.
        console: Its label under "About this article" in the console; OWN_PLACE if the page shows it elsewhere; None if
            the console does not show it.
        rule: The key of a source's rules that locates it; None if no rule does.
        class_words: Words in names of HTML classes that hint at it, for drafts of a source; only with a rule.
        has_evidence: Whether ``extraction.fields`` has the origin of its value.
        is_listed: Whether ``khobor parse`` and its ``--explain`` list it.
        is_in_csv: Whether CSV has a cell for it.
        is_about_reading: Whether it describes the extraction and not the page, so that a replay does not compare it.
    """

    name: str
    meaning: str
    details: str | None = None
    change: Change | None
    console: str | None
    rule: str | None
    class_words: tuple[str, ...] = ()
    has_evidence: bool = True
    is_listed: bool = True
    is_in_csv: bool = True
    is_about_reading: bool = False

    @property
    def is_compared(self) -> bool:
        """Whether the difference of two revisions has it among its fields; the body has its own part there."""
        return self.change not in {None, "body"}


FIELDS = (
    Field(
        name="article_id",
        meaning="Id of the article, derived from its canonical URL; the same in every export",
        details="For a page without a URL it is derived from its bytes",
        change=None,
        console="Id",
        rule=None,
        has_evidence=False,
        is_about_reading=True,
    ),
    Field(
        name="url",
        meaning="URL that was fetched",
        change=None,
        console=OWN_PLACE,
        rule=None,
        has_evidence=False,
    ),
    Field(
        name="canonical_url",
        meaning="Address of the article, as the page states it",
        details="It is believed where its own address or several of its statements agree; `--explain` shows the "
        "statements that were not believed, and why",
        change=None,
        console=OWN_PLACE,
        rule=None,
    ),
    Field(
        name="source",
        meaning="Name of its source, else its host",
        details="The files of `sources/` name the sources",
        change=None,
        console=OWN_PLACE,
        rule=None,
        has_evidence=False,
    ),
    Field(
        name="title",
        meaning="Headline that a reader sees",
        change="headline",
        console=OWN_PLACE,
        rule="title",
        class_words=("title", "headline"),
    ),
    Field(
        name="alternative_titles",
        meaning="The page's other titles, where they differ",
        change=None,
        console=None,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_in_csv=False,
    ),
    Field(
        name="kicker",
        meaning="Line above the headline",
        change="headline",
        console=OWN_PLACE,
        rule="kicker",
        class_words=("kicker", "shoulder", "overline", "eyebrow", "subhead"),
    ),
    Field(
        name="description",
        meaning="Summary or dek",
        change="description",
        console="Summary",
        rule="description",
        class_words=("summary", "excerpt", "intro", "standfirst", "dek", "lead"),
    ),
    Field(
        name="authors",
        meaning="Persons, desks and agencies in the byline",
        details="Each has a `name`, maybe a `url`, without role, place or degree; `Doe, Jane` becomes `Jane Doe`. A "
        "desk, agency or site has the `kind` `organization`, and is an author only where no person is named",
        change="byline",
        console=OWN_PLACE,
        rule="authors",
        class_words=("author", "byline", "writer", "reporter", "contributor", "rpt"),
    ),
    Field(
        name="published_at",
        meaning="Date of publication, as the page states it",
        details="It has an offset; see [dates](#dates)",
        change="difference",
        console=OWN_PLACE,
        rule="published_at",
        class_words=("date", "time", "publish", "update"),
    ),
    Field(
        name="modified_at",
        meaning="Date of modification, as the page states it",
        details="It has an offset; see [dates](#dates)",
        change="modified_at",
        console=OWN_PLACE,
        rule="modified_at",
        class_words=("update", "modif", "date", "time"),
    ),
    Field(
        name="language",
        meaning="BCP 47 tag",
        details="It is what the page declares; where the script, or the frequent words and letters of the text, rule "
        "that out, it is the language that they show",
        change=None,
        console="Language",
        rule=None,
    ),
    Field(
        name="section",
        meaning="Section of the newspaper",
        details="Where the page names none, it is the first part of the URL's path",
        change="difference",
        console=OWN_PLACE,
        rule="section",
        class_words=("breadcrumb", "breadcrump", "section", "category", "rubric"),
    ),
    Field(
        name="breadcrumbs",
        meaning="Path to the article from the home page",
        change=None,
        console=None,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_in_csv=False,
    ),
    Field(
        name="tags",
        meaning="Keywords",
        change="difference",
        console=OWN_PLACE,
        rule="tags",
        class_words=("tag", "topic", "keyword"),
    ),
    Field(
        name="edition",
        meaning="online or print",
        change=None,
        console="Edition",
        rule="edition",
        class_words=("edition",),
    ),
    Field(
        name="dateline",
        meaning="Place the article was filed from",
        change="difference",
        console="Dateline",
        rule=None,
    ),
    Field(
        name="genre",
        meaning="news, opinion, live, video or gallery, if the page says so",
        change=None,
        console="Genre",
        rule=None,
    ),
    Field(
        name="word_count",
        meaning="Words of the body, by the rules of its language",
        change=None,
        console="Words",
        rule=None,
        has_evidence=False,
        is_listed=False,
    ),
    Field(
        name="body",
        meaning="Blocks of the body in order; kind is paragraph, heading, quote, list, table, image, embed or code",
        details="The summary comes first where the page shows one. Where the page shows little text, the body is "
        "taken from its JSON-LD, from the data or templates in its scripts, or from elements that it hides",
        change="body",
        console=OWN_PLACE,
        rule="body",
        class_words=("content", "body", "article", "story", "detail"),
    ),
    Field(
        name="images",
        meaning="Images, the lead image first; width and height in CSS pixels",
        details="Each has its caption, credit and size if the page gives them",
        change="difference",
        console=OWN_PLACE,
        rule="image",
        class_words=("hero", "lead", "feature", "photo", "detail"),
    ),
    Field(
        name="videos",
        meaning="Embedded media",
        change="difference",
        console=None,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_in_csv=False,
    ),
    Field(
        name="links",
        meaning="Links in the body",
        change=None,
        console=None,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_in_csv=False,
    ),
    Field(
        name="related",
        meaning="Links of the page to other articles",
        details="They lead to the same site, and are those of the time when anything else last changed",
        change=None,
        console="Links to other articles",
        rule="related",
        class_words=("related", "latest", "more", "popular", "recommend"),
        has_evidence=False,
        is_in_csv=False,
    ),
    Field(
        name="credits",
        meaning="Agencies that the article names as its source",
        change="difference",
        console="Agencies",
        rule=None,
    ),
    Field(
        name="is_accessible_for_free",
        meaning="false behind a paywall, if the page says so",
        change=None,
        console="Free to read",
        rule=None,
    ),
    Field(
        name="rights",
        meaning="What page, headers and robots.txt reserved at the time of the fetch; null if they did not say",
        details="This covers directives for robots, the reservation of text and data mining, and the licence",
        change=None,
        console="Robots",
        rule=None,
        has_evidence=False,
        is_listed=False,
    ),
    Field(
        name="publisher",
        meaning="Publisher",
        details="It has a `name`, and a `logo` where there is one",
        change=None,
        console="Publisher",
        rule=None,
    ),
    Field(
        name="fetched_at",
        meaning="When the page was fetched",
        change=None,
        console=OWN_PLACE,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_about_reading=True,
    ),
    Field(
        name="raw",
        meaning="S3 object that holds the page as it came",
        details="It has bucket, key and version",
        change=None,
        console="Raw page",
        rule=None,
        has_evidence=False,
        is_about_reading=True,
    ),
    Field(
        name="extraction",
        meaning="khobor's version and the rules that read the page",
        details="It says for each field where its value came from, with the text as found, and the places that confirm "
        "it; for dates also their precision, the time zone that was assumed, and the places that disagree",
        change=None,
        console="Read by",
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_in_csv=False,
        is_about_reading=True,
    ),
    Field(
        name="content_hash",
        meaning="SHA-256 of the normalised title and body: equal for equal texts",
        change=None,
        console=None,
        rule=None,
        has_evidence=False,
        is_listed=False,
        is_about_reading=True,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}


def as_text(value: Any) -> str | None:
    """Return the value of a field as a text for people; None if it is absent.

    >>> as_text(("tea", "coffee")), as_text(True), as_text(None)
    ('tea, coffee', 'yes', None)
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(as_text, value)))
    if isinstance(value, RawReference):
        return value.address
    return str(getattr(value, "name", getattr(value, "url", value)))
