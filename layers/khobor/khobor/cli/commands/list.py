"""``khobor list``: headlines of the archive, the newest first."""

from dataclasses import replace
from typing import Annotated

import typer

from khobor.cli.completion import source_names
from khobor.cli.headlines import Limit, print_headlines
from khobor.cli.options import Json
from khobor.cli.place import Place
from khobor.cli.times import read_day, read_span
from khobor.revisions.timeline import Change


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
    *,
    place: Place,
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
    print_headlines(place, replace(query, since=since, until=until), limit, as_json=as_json)
