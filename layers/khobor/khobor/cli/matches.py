"""What a full-text search found, as ``khobor search`` prints it."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.output import print_json, wants_json
from khobor.cli.terminal import errors, output
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from khobor.archive.full_text import Excerpt, FullTextSearch, Match


def print_matches(full_text: "FullTextSearch", text: str, limit: int, *, as_json: bool | None) -> None:
    """Print the articles that a search finds, each with the part of its text that matches best.

    Args:
        full_text: The search.
        text: The query.
        limit: How many articles to print at most.
        as_json: The option ``--json``.

    Raises:
        BadParameter: The query has no word, or cannot be searched.
    """
    found = list(islice(_matches(full_text, text, limit), limit))
    if not found:
        errors.print(f"no article has all words of {text}", markup=False, soft_wrap=True)
    if wants_json(as_json):
        print_json(*map(_facts, found))
        return
    output.print(_table(found))


def _matches(full_text: "FullTextSearch", text: str, limit: int) -> "Iterator[Match]":
    from khobor.archive.headlines import MAX_PAGE_SIZE

    most, cursor = min(limit, MAX_PAGE_SIZE), None
    while True:
        try:
            page = full_text.search(text, limit=most, cursor=cursor)
        except PermanentError as error:
            # Only the command line can be wrong here.
            raise typer.BadParameter(error.detail) from error
        yield from page.matches
        cursor = page.cursor
        if cursor is None:
            return


def _facts(match: "Match") -> dict[str, Any]:
    """Return a match as JSON has it: its headline, and where the words are in title and excerpt."""
    import msgspec

    from khobor.archive.headlines import HeadlinePage
    from khobor.query import answers

    (headline,) = answers.headlines(HeadlinePage(headlines=(match.headline,))).articles
    facts: dict[str, Any] = msgspec.to_builtins(headline)
    facts["excerpt"] = match.excerpt.text
    facts["excerpt_marks"] = match.excerpt.marks
    facts["title_marks"] = match.title.marks if match.title else ()
    return facts


def _table(found: "list[Match]") -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for match in found:
        headline = match.headline
        text = _marked(match.title) if match.title else Text("(no title)")
        text.append(f"\n{headline.url or headline.article_id}\n", "cyan")
        text.append_text(_marked(match.excerpt, "dim"))
        # In the source's time zone, as in lists.
        table.add_row(f"{headline.listed_at:%Y-%m-%d %H:%M}", headline.source or "", text)
    return table


def _marked(excerpt: "Excerpt", style: str = "") -> Text:
    text = Text(excerpt.text, style)
    for start, end in excerpt.marks:
        text.stylize("bold not dim", start, end)
    return text
