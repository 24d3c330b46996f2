"""What became of the URLs of a crawl, as the stages log it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from khobor.cli.output import counted
from khobor.frontier.budgets import CAUSES, Cause

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.local.page_ingester import PageResult

# What fetch logs of a URL that has no page, and how a total calls it.
_WITHOUT_PAGE = {
    "missing": "not found (404)",
    "gone": "gone (410)",
    "disallowed": "forbidden by robots.txt",
}


@dataclass
class CrawlOutcomes:
    """What became of the URLs of a crawl.

    Attributes:
        found: The URLs of articles that listings and links led to.
        fetched: Those whose page was stored.
        without_page: Of URLs that have no page, why: the word of the log, and the line for people.
        failed: Of URLs that failed for good, reason and detail.
        left_by: For each listing how many of its URLs exceeded a budget, by cause.
        articles: The ids of the articles that were stored.
        merged: How many pages are of an article that was stored by another page.
        is_up_to_date: Whether a listing has only known URLs, or has not changed.
    """

    found: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)
    without_page: dict[str, tuple[str, str]] = field(default_factory=dict)
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_by: dict[str, Mapping[Cause, int]] = field(default_factory=dict)
    articles: set[str] = field(default_factory=set)
    merged: int = 0
    is_up_to_date: bool = False

    def add(self, line: Mapping[str, Any]) -> None:
        """Count a line of the log."""
        match line.get("service"):
            case "discover":
                self._add_discover(line)
            case "fetch":
                self._add_fetch(line)
        is_guess = line.get("is_guess")
        if not is_guess and line.get("reason") and line.get("level") == "WARNING" and not line.get("is_tried_again"):
            subject = str(line.get("url") or line.get("key"))
            self.failed[subject] = str(line["reason"]), str(line["message"])

    def new_article(self, result: "PageResult") -> "Iterator[Article]":
        """Yield the article of a page the first time that it is stored, and count it."""
        article = result.archived
        if article is None:
            return
        if article.article_id in self.articles:
            self.merged += 1
            return
        self.articles.add(article.article_id)
        yield article

    def left(self) -> Iterator[str]:
        """Yield a line for each cause for which URLs were left for a later run."""
        counts = Counter[Cause]()
        for causes in self.left_by.values():
            counts.update(causes)
        for cause, words in CAUSES.items():
            if counts[cause]:
                yield f"{counted(counts[cause], 'URL')} left for a later run: {words}"

    def total(self) -> str:
        """Return all of it in one line."""
        counts = Counter(said for said, _ in self.without_page.values())
        parts = [counted(len(self.articles), "article")]
        parts += [f"{self.merged:,} with the same URL as another"] if self.merged else []
        parts += [f"{counts[said]:,} {words}" for said, words in _WITHOUT_PAGE.items() if counts[said]]
        parts += [f"{len(self.failed):,} failed"] if self.failed else []
        return f"{counted(len(self.found), 'URL')} found: {', '.join(parts)}"

    def _add_discover(self, line: Mapping[str, Any]) -> None:
        if line["message"] == "found":
            self.found.add(line["url"])
        elif line["message"] == "read":
            self.left_by[line["url"]] = line.get("left_by") or {}
            self.is_up_to_date = self.is_up_to_date or bool(line.get("known"))

    def _add_fetch(self, line: Mapping[str, Any]) -> None:
        said, url = str(line["message"]), str(line.get("url"))
        if line.get("is_guess"):
            return
        if said in _WITHOUT_PAGE:
            self.without_page[url] = said, f"{_WITHOUT_PAGE[said]}: {line.get('detail') or url}"
        elif said == "unchanged":
            self.is_up_to_date = True
        elif said == "stored" and line.get("kind") == "article":
            self.fetched.add(url)
            self.without_page.pop(url, None)
            self.failed.pop(url, None)
