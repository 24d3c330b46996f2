"""``khobor forget``: an article deleted for good, with every revision and page."""

from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer

from khobor.cli.archive import archive_at
from khobor.cli.article_argument import ArticleArgument, id_of
from khobor.cli.deployed import output_if_any
from khobor.cli.output import counted
from khobor.cli.place import Place, StackPlace
from khobor.cli.terminal import errors, output


def forget(
    article: ArticleArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    *,
    place: Place,
) -> None:
    """Delete an article for good, with every revision and page, and keep it from coming back.

    This cannot be undone. In a local archive, its lines in the log of the archive are erased too. On a stack, backups
    of the table keep the article for 35 days at most, and logs name its URL for LogDays days. Exports, announced events
    and files of --log are not reached; for the files of a delivery, the command says how to find those that contain it.

    For example:

    - `khobor forget https://www.example.com/news/1`
    """
    # Here, not above: it takes long to import, and --help should not.
    from khobor.archive.forgetting import Forgetting

    parts = archive_at(place)
    article_id = id_of(parts.archive, article)
    if parts.archive.history(article_id) is None:
        _refuse(place, article)
    title = (known := parts.archive.get(article_id)) and known.title
    if not yes:
        typer.confirm(f"Delete {title or article} with every revision and page, for good?", abort=True)
    forgetting = Forgetting(parts.archive, parts.urls, parts.pages, parts.other_traces)
    forgotten = forgetting.forget(article_id, datetime.now(UTC))
    if forgotten is None:
        _refuse(place, article)
    output.print(f"deleted, with {counted(forgotten.objects, 'version')} of its pages; never fetched again:")
    for url in forgotten.urls:
        output.print(f"  {url}", markup=False, soft_wrap=True)
    if isinstance(place, StackPlace):
        _say_what_stays(place.name, article_id)


def _refuse(place: Place, article: str) -> NoReturn:
    errors.print(f"the archive has no article {article} ({place})", markup=False, soft_wrap=True)
    raise typer.Exit(1)


def _say_what_stays(stack: str, article_id: str) -> None:
    if database := output_if_any(stack, "DeliveryDatabaseName"):
        output.print("delivered files still contain it: rewrite those that Athena lists for", end=" ")
        query = f'SELECT DISTINCT "$path" FROM "{database}".articles WHERE article_id = \'{article_id}\''  # noqa: S608 only shown
        output.print(query, markup=False, soft_wrap=True)
