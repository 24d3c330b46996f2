"""One article on its way into a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from khobor.article import Article
from khobor.page import RawPage


@dataclass(frozen=True)
class ArticleWithPage:
    """An article, and its page as it came where the format wants that and the bucket has it."""

    article: Article
    page: RawPage | None = None


# Writes articles to a file that it makes, holding few of them at a time.
Write: TypeAlias = Callable[[Path, Iterable[ArticleWithPage]], None]
