"""An article that a subcommand is about, by its URL or its id."""

from typing import TYPE_CHECKING, Annotated

import typer

from khobor.errors import KhoborError

if TYPE_CHECKING:
    from khobor.aws.archive import Archive

Asked = Annotated[str, typer.Argument(metavar="URL|ID", help="URL or id of the article.")]


def id_of(archive: "Archive", asked: str) -> str:
    """Return the id of an article by its URL or id, whether the archive has it or not."""
    from khobor.aws.known_urls import url_id

    if "://" not in asked:
        return asked
    try:
        return archive.find(asked) or url_id(asked)
    except KhoborError as error:
        raise typer.BadParameter(error.detail, param_hint="URL|ID") from error
