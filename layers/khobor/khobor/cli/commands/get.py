"""``khobor get``: one article of the archive."""

from typing import Annotated

import typer

from khobor.cli import display
from khobor.cli.archive import archive_at
from khobor.cli.article_argument import ArticleArgument, known_id
from khobor.cli.options import Json
from khobor.cli.output import print_article, wants_json
from khobor.cli.place import Place
from khobor.cli.terminal import output


def get(
    article: ArticleArgument,
    revision: Annotated[int | None, typer.Option(min=1, help="Print this revision instead of the last.")] = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Print an article from the archive, as text or JSON.

    For example:

    - `khobor get https://www.example.com/news/1`
    - `khobor get https://www.example.com/news/1 --revision 1 | jq -r .title`
    """
    parts = archive_at(place)
    article_id, query_service = known_id(parts.archive, article), parts.query_service
    found = query_service.article(article_id) if revision is None else query_service.revision(article_id, revision)
    if wants_json(as_json):
        print_article(found)
    else:
        display.show_text(output, found)
