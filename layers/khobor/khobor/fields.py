"""The one list of an article's fields, and where each is shown.

``Article`` has their types. A field that is missing here, or in a place that should have it, fails
``tests/test_fields.py``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an article.

    Attributes:
        name: Its name in ``Article``, in JSON and in Parquet.
        is_listed: Whether ``khobor parse`` and its ``--explain`` list it.
        is_compared: Whether readers see it beside the body, so that the difference of two revisions has it.
        console: What the console's page of an article calls it: an attribute of the page or the label of a fact; None
            where the page does not show it.
        cells: The CSV columns that hold it; None for one with the field's own name.
    """

    name: str
    is_listed: bool = True
    is_compared: bool = False
    console: str | None = None
    cells: tuple[str, ...] | None = None

    @property
    def csv_columns(self) -> tuple[str, ...]:
        """The names of the CSV columns that hold it."""
        return (self.name,) if self.cells is None else self.cells


_RIGHTS = ("robots", "robots_txt", "tdm_reservation", "tdm_policy", "license_url")

FIELDS = (
    Field(name="article_id", console="article_id"),
    Field(name="url", console="url"),
    Field(name="canonical_url", console="address"),
    Field(name="source", console="source"),
    Field(name="title", is_compared=True, console="title"),
    Field(name="alternative_titles", is_listed=False, cells=()),
    Field(name="kicker", is_compared=True, console="kicker"),
    Field(name="description", is_compared=True, console="description"),
    Field(name="authors", is_compared=True, console="authors"),
    Field(name="published_at", is_compared=True, console="published"),
    Field(name="modified_at", is_compared=True, console="modified"),
    Field(name="language", console="language"),
    Field(name="section", is_compared=True, console="section"),
    Field(name="breadcrumbs", is_listed=False, cells=()),
    Field(name="tags", is_compared=True, console="tags"),
    Field(name="edition", console="Edition"),
    Field(name="dateline", is_compared=True, console="dateline"),
    Field(name="genre", console="Genre"),
    Field(name="word_count", is_listed=False, console="Words"),
    # The difference has its paragraphs apart from the fields.
    Field(name="body", console="body", cells=("body_text",)),
    Field(name="images", is_compared=True, console="lead", cells=("image_urls",)),
    Field(name="videos", is_listed=False, is_compared=True, cells=()),
    Field(name="links", is_listed=False, cells=()),
    Field(name="related", console="Links to other articles", cells=()),
    Field(name="credits", is_compared=True, console="credits"),
    Field(name="is_accessible_for_free", console="Free to read"),
    Field(name="rights", is_listed=False, console="Robots", cells=_RIGHTS),
    Field(name="publisher", console="publisher"),
    Field(name="fetched_at", is_listed=False, console="fetched"),
    Field(name="raw", console="Raw page"),
    Field(name="extraction", is_listed=False, console="Read by", cells=()),
    Field(name="content_hash", is_listed=False),
)
BY_NAME = {field.name: field for field in FIELDS}
# CSV columns that hold no field: kept so that a file has the columns of those before it.
EMPTY_CSV_COLUMNS = ("simhash",)
