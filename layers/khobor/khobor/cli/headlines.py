"""Headlines of the archive, as ``khobor list`` and ``khobor search`` print them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.archive import OPTIONS, archive_at
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import Place
from khobor.cli.terminal import errors, output
from khobor.cli.workspace import say
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from khobor.archive.headlines import Headline, HeadlinePage
    from khobor.query.article_query import ArticleQuery
    from khobor.query.service import QueryService

Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]


def print_headlines(place: Place, query: "ArticleQuery", limit: int, *, as_json: bool | None) -> None:
    """Print the headlines that a query finds, and on standard error what the archive says about an empty list.

    Args:
        place: Where the archive is.
        query: The query.
        limit: How many headlines to print at most.
        as_json: The option ``--json``.

    Raises:
        BadParameter: The options cannot be combined, or one of them has a bad value.
    """
    from khobor.archive.headlines import HeadlinePage
    from khobor.query import answers
    from khobor.query.empty import looked_no_further

    query_service = archive_at(place).query_service
    pages: list[HeadlinePage] = []
    found = list(islice(_headlines(query_service, query, limit, pages), limit))
    if not found and not any(page.notice for page in pages):
        # Each page knows only that it is empty itself; the explanation is about all of them.
        pages.append(query_service.explain_empty(query, pages[-1]))
    elif len(found) < limit and (day := pages[-1].looked_back_to):
        say(f"the list ends here{looked_no_further(day, OPTIONS)}")
    for notice in (page.notice for page in pages if page.notice):
        errors.print(notice, markup=False, soft_wrap=True)
    if any(page.is_unknown for page in pages):
        raise typer.Exit(1)
    if wants_json(as_json):
        print_json(*answers.headlines(HeadlinePage(headlines=tuple(found))).articles)
        return
    output.print(_table(found))


def _headlines(
    query_service: "QueryService", query: "ArticleQuery", limit: int, pages: "list[HeadlinePage]"
) -> "Iterator[Headline]":
    """Yield the headlines that a query finds, and add each page that is read to ``pages``."""
    from khobor.archive.headlines import MAX_PAGE_SIZE, all_headlines

    most = min(limit, MAX_PAGE_SIZE)

    def ask(cursor: str | None) -> "HeadlinePage":
        try:
            page = query_service.headlines(replace(query, limit=most, cursor=cursor))
        except PermanentError as error:
            # Only the command line can be wrong here.
            raise typer.BadParameter(error.detail) from error
        pages.append(page)
        return page

    return all_headlines(ask)


def _table(found: "list[Headline]") -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for headline in found:
        title = Text(headline.title or "(no title)", "strike" if headline.gone_at else "")
        if (count := headline.revisions or headline.revision or 1) > 1:
            title.append(f"  revision {count}", "yellow")
        if headline.changes:
            title.append(f": {', '.join(headline.changes)}", "yellow")
        if before := headline.title_before or headline.earlier_title:
            title.append(f"\nbefore: {before}", "dim")
        title.append(f"\n{headline.url or headline.article_id}", "cyan")
        # In the source's time zone, because lists are sorted by its days.
        table.add_row(f"{headline.added_at or headline.listed_at:%Y-%m-%d %H:%M}", headline.source or "", title)
    return table
