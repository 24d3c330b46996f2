"""The argument that names an article by its URL or id."""

from typing import TYPE_CHECKING, Annotated

import typer

from khobor.errors import KhoborError, NotFoundError

if TYPE_CHECKING:
    from khobor.archive.interface import ArticleReader

ArticleArgument = Annotated[str, typer.Argument(metavar="URL|ID", help="URL or id of the article.")]


def known_id(archive: "ArticleReader", asked: str) -> str:
    """Return the id of an article by its URL or id, as ``id_of`` does; raises NotFoundError ``unknown_article``.

    Of an id it is not looked up whether the archive has it.

    Args:
        archive: The archive.
        asked: A URL, or the id of an article.
    """
    if "://" not in asked:
        return asked
    article_id = _find(archive, asked)
    if article_id is None:
        raise NotFoundError("unknown_article", f"the archive has no article at {asked}")
    return article_id


def id_of(archive: "ArticleReader", asked: str) -> str:
    """Return the id of an article by its URL or id, whether the archive has it or not.

    Args:
        archive: The archive.
        asked: A URL, or the id of an article.
    """
    from khobor.url import url_id

    return asked if "://" not in asked else _find(archive, asked) or url_id(asked)


def _find(archive: "ArticleReader", url: str) -> str | None:
    try:
        return archive.find(url)
    except KhoborError as error:
        raise typer.BadParameter(error.detail, param_hint="URL|ID") from error
