"""Articles printed: one a line as JSON, or a few lines for reading."""

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from khobor.article import Article
from khobor.aws import codec
from khobor.cli import display


def print_articles(output: Console, articles: Iterable[Article], out: Path | None, *, as_json: bool) -> None:
    """Print articles.

    Args:
        output: Where the lines for reading go.
        articles: The articles.
        out: A file for one a line as JSON beside that.
        as_json: Whether to print them so too, in place of the lines for reading.
    """
    with out.open("wb") if out else nullcontext() as file:
        for article in articles:
            if file:
                file.write(codec.export(article) + b"\n")
            if as_json:
                print_json(article)
            else:
                display.show_summary(output, article)


def print_json(article: Article) -> None:
    """Print an article on one line as JSON."""
    sys.stdout.buffer.write(codec.export(article) + b"\n")
    sys.stdout.buffer.flush()
