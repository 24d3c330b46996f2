"""``khobor list``, ``search``, ``get`` and ``diff``: the archive of a deployed stack, asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli import display
from khobor.cli.articles import Asked, known_id
from khobor.cli.completion import source_names
from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import Json
from khobor.cli.output import print_article, print_json, wants_json
from khobor.cli.terminal import errors, output
from khobor.cli.times import read_day, read_span
from khobor.errors import PermanentError
from khobor.revisions.timeline import Change, Revision

if TYPE_CHECKING:
    from khobor.archive.dynamodb.archive import Archive
    from khobor.archive.dynamodb.lists import Headline, Page
    from khobor.query.article_query import ArticleQuery
    from khobor.query.service import QueryService


# What the command calls the parts of a query.
_NAMES = {
    **{name: f"--{name}" for name in ("source", "section", "tag", "author", "change", "day")},
    "since": "--from",
    "until": "--to",
    "order": "--added",
    "combinations": (
        "ask by at most one of --source, --section, --tag, --author and --change, with --day, or with --from and --to; "
        "--added goes with --from and --to only"
    ),
}
Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]


def list_(
    source: Annotated[str | None, typer.Option(help="Name of the source.", autocompletion=source_names)] = None,
    section: Annotated[str | None, typer.Option(help="Section.")] = None,
    tag: Annotated[str | None, typer.Option(help="Tag.")] = None,
    author: Annotated[str | None, typer.Option(help="Author.")] = None,
    change: Annotated[Change | None, typer.Option(help="What a revision changed.")] = None,
    day: Annotated[str | None, typer.Option(help="Published on this date.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Published on or after this date or time.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Published up to this date, or before this time.")] = None,
    added: Annotated[bool, typer.Option("--added", help="Sort by when they were first fetched.")] = False,
    limit: Limit = 50,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """List headlines, the newest first, of all sources or by one of the options.

    A date is a day in the time zone of each article's source.

    For example:

    - `khobor list`
    - `khobor list --source kalbela --from 2026-03-01 --to 2026-03-07`
    - `khobor list --day 2026-03-01`
    - `khobor list --added`
    - `khobor list --change stealth --json`
    """
    from khobor.query.article_query import ArticleQuery

    since, until = read_span(start, end)
    query = ArticleQuery(
        source=source,
        section=section,
        tag=tag,
        author=author,
        change=change,
        day=read_day(day, "--day"),
        order="added" if added else "listed",
    )
    _print(stack, replace(query, since=since, until=until), limit, as_json=as_json)


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORD…", help="Words; a title or an earlier one has all of them.")
    ],
    limit: Limit = 50,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Find articles by words of their current or earlier titles, in any script, the newest first.

    For example:

    - `khobor search পদ্মা সেতু`
    """
    from khobor.query.article_query import ArticleQuery

    _print(stack, ArticleQuery(words=" ".join(words)), limit, as_json=as_json)


def get(
    article: Asked,
    revision: Annotated[int | None, typer.Option(min=1, help="Print this revision instead of the last.")] = None,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Print an article from the archive, as text or JSON.

    For example:

    - `khobor get https://www.example.com/news/1`
    - `khobor get https://www.example.com/news/1 --revision 1 | jq -r .title`
    """
    archive, query_service = _asked(stack)
    article_id = known_id(archive, article)
    found = query_service.article(article_id) if revision is None else query_service.revision(article_id, revision)
    if wants_json(as_json):
        print_article(found)
    else:
        display.show_text(output, found)


def diff(
    article: Asked,
    revision: Annotated[int | None, typer.Argument(min=1, help="The revision; by default the last one.")] = None,
    before: Annotated[int | None, typer.Option(min=1, help="Compare with this one; by default the one before.")] = None,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Print when an article changed, and what a revision changed, by paragraph and word.

    For example:

    - `khobor diff https://www.example.com/news/1`
    - `khobor diff https://www.example.com/news/1 3 --before 1`
    """
    import msgspec

    from khobor.cli.differences import show_difference
    from khobor.query import answers

    archive, query_service = _asked(stack)
    article_id = known_id(archive, article)
    revisions = query_service.revisions(article_id)
    number = revision or len(revisions)
    is_first = number == 1 and before is None
    difference = None if is_first else query_service.difference(article_id, number, before)
    if wants_json(as_json):
        facts = msgspec.to_builtins(answers.revisions(article_id, revisions))
        if difference:
            facts["difference"] = answers.difference(article_id, before or number - 1, number, difference)
        print_json(facts)
        return
    output.print(_revisions(revisions))
    if difference:
        output.print()
        show_difference(output, difference)


def _asked(stack: str) -> "tuple[Archive, QueryService]":
    """Return what answers for a deployed stack."""
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.archive.dynamodb.archive import Archive
    from khobor.archive.dynamodb.lists import ArchiveLists
    from khobor.query.service import QueryService
    from khobor.sources.registry import bundled

    (table,) = outputs(stack, "ArchiveTableName")
    dynamodb = boto3.client("dynamodb")
    archive = Archive(dynamodb, table)
    return archive, QueryService(archive, ArchiveLists(dynamodb, table), lambda: (bundled(), ()), _NAMES)


def _print(stack: str, query: "ArticleQuery", limit: int, *, as_json: bool | None) -> None:
    from khobor.archive.dynamodb.lists import Page
    from khobor.query import answers

    _, query_service = _asked(stack)
    pages: list[Page] = []
    found = list(islice(_headlines(query_service, query, limit, pages), limit))
    if not found and not any(page.notice for page in pages):
        # Several pages were read, of which no one could know that all are empty.
        pages.append(query_service.explain_empty(query, pages[-1]))
    for notice in (page.notice for page in pages if page.notice):
        errors.print(notice, markup=False, soft_wrap=True)
    if any(page.is_unknown for page in pages):
        raise typer.Exit(1)
    if wants_json(as_json):
        print_json(*answers.headlines(Page(headlines=tuple(found))).articles)
        return
    output.print(_table(found))


def _headlines(
    query_service: "QueryService", query: "ArticleQuery", limit: int, pages: "list[Page]"
) -> "Iterator[Headline]":
    """Yield the headlines that a query asks for; the pages that are read are added to the list."""
    from khobor.archive.dynamodb.lists import MOST, headlines

    most = min(limit, MOST)

    def ask(cursor: str | None) -> "Page":
        try:
            page = query_service.headlines(replace(query, limit=most, cursor=cursor))
        except PermanentError as error:
            # Only the command line can be wrong here.
            raise typer.BadParameter(error.detail) from error
        pages.append(page)
        return page

    return headlines(ask)


def _revisions(found: Sequence[Revision]) -> Table:
    table = Table.grid(padding=(0, 2))
    for each in found:
        table.add_row(str(each.number), _when(each.first_seen_at), ", ".join(each.changes) or "first seen")
    return table


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
        # By the clocks of the source, as lists go by its days.
        table.add_row(f"{headline.added_at or headline.listed_at:%Y-%m-%d %H:%M}", headline.source or "", title)
    return table


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
