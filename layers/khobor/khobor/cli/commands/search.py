"""``khobor search``: articles by their words."""

from typing import Annotated

import typer

from khobor.cli.archive import archive_at
from khobor.cli.headlines import Limit, print_headlines
from khobor.cli.matches import print_matches
from khobor.cli.options import Json
from khobor.cli.place import Place


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORD…", help='Words, all of which an article has; "a phrase"; begin*.')
    ],
    titles: Annotated[bool, typer.Option("--titles", help="Search current and earlier titles only.")] = False,
    limit: Limit = 50,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Find articles by words of title and text, in any script, the best match first.

    A stack on AWS searches current and earlier titles, the newest first, without phrases and beginnings of words; so
    does --titles.

    For example:

    - `khobor search পদ্মা সেতু`
    - `khobor search '"toll plaza" bridg*' --limit 10`
    - `khobor search বাজেট --titles --json`
    """
    full_text = archive_at(place).full_text
    text = " ".join(words)
    if full_text is not None and not titles:
        print_matches(full_text, text, limit, as_json=as_json)
        return
    from khobor.query.article_query import ArticleQuery

    print_headlines(place, ArticleQuery(words=text), limit, as_json=as_json)
