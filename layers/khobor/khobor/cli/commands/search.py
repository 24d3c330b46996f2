"""``khobor search``: articles by words of their titles."""

from typing import Annotated

import typer

from khobor.cli.headlines import Limit, print_headlines
from khobor.cli.options import Json
from khobor.cli.place import Place


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORD…", help="Words; a title or an earlier one has all of them.")
    ],
    limit: Limit = 50,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Find articles by words of their current or earlier titles, in any script, the newest first.

    For example:

    - `khobor search পদ্মা সেতু`
    """
    from khobor.query.article_query import ArticleQuery

    print_headlines(place, ArticleQuery(words=" ".join(words)), limit, as_json=as_json)
