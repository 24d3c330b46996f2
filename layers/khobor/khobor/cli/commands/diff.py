"""``khobor diff``: the revisions of an article, and the difference between two of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from khobor.cli.archive import archive_at
from khobor.cli.article_argument import ArticleArgument, known_id
from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import Place
from khobor.cli.terminal import output
from khobor.revisions.timeline import Revision


def diff(
    article: ArticleArgument,
    revision: Annotated[int | None, typer.Argument(min=1, help="The revision; by default the last one.")] = None,
    before: Annotated[int | None, typer.Option(min=1, help="Compare with this one; by default the one before.")] = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Print when an article changed, and what a revision changed, by paragraph and word.

    For example:

    - `khobor diff https://www.example.com/news/1`
    - `khobor diff https://www.example.com/news/1 3 --before 1`
    """
    import msgspec

    from khobor.cli.word_diff import show_difference
    from khobor.query import answers

    parts = archive_at(place)
    article_id, query_service = known_id(parts.archive, article), parts.query_service
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


def _revisions(found: Sequence[Revision]) -> Table:
    table = Table.grid(padding=(0, 2))
    for each in found:
        table.add_row(str(each.number), _when(each.first_seen_at), ", ".join(each.changes) or "first seen")
    return table


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
