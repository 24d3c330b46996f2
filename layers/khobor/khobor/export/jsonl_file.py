"""Articles as JSON, one a line: the form that ``khobor parse`` and ``khobor ingest --json`` print, too."""

from collections.abc import Iterable
from pathlib import Path

from khobor.archive import codec
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.text_file import opened


def write(path: Path, taken: Iterable[ArticleWithPage]) -> None:
    """Write articles to a file, compressed by gzip if its name ends in ``.gz``."""
    with opened(path) as file:
        for each in taken:
            file.write(codec.export(each.article) + b"\n")
