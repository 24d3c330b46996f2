"""What the writers of the formats receive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from khobor.article import Article
from khobor.page import RawPage


@dataclass(frozen=True)
class ArticleWithPage:
    """An article, with its raw page if the format needs it.

    Attributes:
        article: The article.
        page: The raw page; None if the format does not need it.
    """

    article: Article
    page: RawPage | None = None


# Writes articles to a new file, with few of them in memory at a time.
Write: TypeAlias = Callable[[Path, Iterable[ArticleWithPage]], None]
