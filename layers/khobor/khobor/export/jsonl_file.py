"""Articles as JSON Lines, in the form that ``khobor parse`` and ``khobor ingest --json`` print."""

from collections.abc import Iterable
from pathlib import Path

from khobor.archive import codec
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.text_file import open_text_file


def write(path: Path, articles: Iterable[ArticleWithPage]) -> None:
    """Write articles to a file, compressed with gzip if its name ends in ``.gz``.

    Args:
        path: The file.
        articles: The articles.
    """
    with open_text_file(path) as file:
        for each in articles:
            file.write(codec.export(each.article) + b"\n")
