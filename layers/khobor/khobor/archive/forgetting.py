"""Forgetting an article: every revision and page is deleted, and its URLs are never requested again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from khobor.archive.interface import ArticleEraser, ArticleTraces
from khobor.frontier.interface import KnownUrls
from khobor.keys import hand_over_prefix
from khobor.pages.interface import PageStore
from khobor.url import url_id


@dataclass(frozen=True, kw_only=True)
class ForgetResult:
    """What was deleted of an article.

    Attributes:
        urls: Its URLs, which are never requested again.
        objects: The number of object versions that were deleted from the page store.
    """

    urls: tuple[str, ...]
    objects: int


class OtherTraces(Protocol):
    """Where else an article is known, such as in a log."""

    def erase(self, article_id: str, traces: ArticleTraces) -> None:
        """Erase what is known of an article. This may be repeated.

        Args:
            article_id: The article's id.
            traces: Its URLs, and the keys of its pages.
        """


class Forgetting:
    """Forgets articles. If it is stopped halfway, it can be repeated.

    Args:
        archive: The archive.
        urls: The known URLs.
        pages: The page store.
        others: Where else an article is known; None if that is not reached.
    """

    def __init__(
        self, archive: ArticleEraser, urls: KnownUrls, pages: PageStore, others: OtherTraces | None = None
    ) -> None:
        self._archive = archive
        self._urls = urls
        self._pages = pages
        self._others = others

    def forget(self, article_id: str, at: datetime) -> ForgetResult | None:
        """Delete an article with every revision and page, and keep it from coming back.

        Backups of the table, exports and events that were sent are not deleted.

        Args:
            article_id: The article's id.
            at: The time, aware.

        Returns:
            What was deleted; None if the archive never had the article.
        """
        traces = self._archive.forget(article_id, at)
        if traces is None:
            return None
        # Other URLs may have redirected to the pages.
        urls = traces.urls | {url for key in traces.raw_keys if (url := self._pages.url_of(key))}
        # URLs come first, so that no new page of the article arrives meanwhile.
        for url in urls:
            self._urls.forget(url, at)
        # Only the pages tell some of the URLs, so this comes before they are deleted.
        self._archive.erase_urls(article_id, urls)
        if self._others:
            self._others.erase(article_id, replace(traces, urls=frozenset(urls)))
        # Each address of an article that moved has an id of its own.
        handed_over = {hand_over_prefix(each) for each in (article_id, *map(url_id, urls))}
        objects = sum(map(self._pages.delete, (*traces.raw_keys, *sorted(handed_over))))
        self._archive.erase(article_id, traces, at)
        return ForgetResult(urls=tuple(sorted(urls)), objects=objects)
