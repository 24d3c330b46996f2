"""Forgetting an article: every revision and page is deleted, and its URLs are never requested again."""

from dataclasses import dataclass
from datetime import datetime

from khobor.archive.interface import ArticleEraser
from khobor.frontier.interface import KnownUrls
from khobor.keys import hand_over_prefix
from khobor.pages.interface import PageStore


@dataclass(frozen=True, kw_only=True)
class ForgetResult:
    """What was deleted of an article.

    Attributes:
        urls: Its URLs, which are never requested again.
        objects: The number of object versions that were deleted from the page store.
    """

    urls: tuple[str, ...]
    objects: int


class Forgetting:
    """Forgets articles. If it is stopped halfway, it can be repeated.

    Args:
        archive: The archive.
        urls: The known URLs.
        pages: The page store.
    """

    def __init__(self, archive: ArticleEraser, urls: KnownUrls, pages: PageStore) -> None:
        self._archive = archive
        self._urls = urls
        self._pages = pages

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
        objects = sum(map(self._pages.delete, (*traces.raw_keys, hand_over_prefix(article_id))))
        self._archive.erase(article_id, traces, at)
        return ForgetResult(urls=tuple(sorted(urls)), objects=objects)
