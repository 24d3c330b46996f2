"""Answers queries from the archive table and the sources, and writes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from khobor.archive.headlines import Headline, HeadlinePage, SimilarArticle
from khobor.archive.interface import Archive, ArchiveLists
from khobor.article import Article
from khobor.errors import NotFoundError, PermanentError
from khobor.query.article_query import DEFAULT_NAMES, ArticleQuery, Names, headlines
from khobor.query.empty import Explainer
from khobor.revisions.difference import Difference, difference
from khobor.revisions.timeline import Revision

if TYPE_CHECKING:
    # Few queries need them, and they are slow to import.
    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.sources.source import Source

# The size of a client's connection pool.
_AT_ONCE = 10


@dataclass(frozen=True, kw_only=True)
class SourceStatus:
    """A source with its newest headline.

    Attributes:
        source: The source.
        newest: Its newest headline; None if the archive has no article of it.
    """

    source: "Source"
    newest: Headline | None


class QueryService:
    """Answers queries.

    Args:
        archive: The archive table.
        lists: The lists of the archive.
        sources: Returns the current sources, and the problems of those that were uploaded.
        names: The front end's names for the parts of a query, for error messages.
    """

    def __init__(
        self,
        archive: Archive,
        lists: ArchiveLists,
        sources: "Callable[[], tuple[Registry, tuple[Problem, ...]]]",
        names: Names = DEFAULT_NAMES,
    ) -> None:
        self._archive = archive
        self._lists = lists
        self._sources = sources
        self._names = names

    def headlines(self, query: ArticleQuery) -> HeadlinePage:
        """Return a page of headlines; an empty first page has a notice that says why.

        Raises:
            PermanentError: As ``article_query.headlines`` does.
        """
        page = headlines(query, self._lists, self._archive.find, self._names)
        return page if page.headlines or page.cursor or query.cursor else self.explain_empty(query, page)

    def explain_empty(self, query: ArticleQuery, page: HeadlinePage) -> HeadlinePage:
        """Return an empty page with a notice that says why the query found nothing.

        Args:
            query: The query.
            page: Its empty page.
        """
        explainer = Explainer(self._lists, lambda: [source.name for source in self._sources()[0]], self._names)
        notice, is_unknown = explainer.why_empty(query, page.looked_back_to)
        return replace(page, notice=notice, is_unknown=is_unknown)

    def article(self, article_id: str) -> Article:
        """Return the latest version of an article; raises NotFoundError ``unknown_article``."""
        article = self._archive.get(article_id)
        if article is None:
            raise _unknown_article(article_id)
        return article

    def revisions(self, article_id: str) -> tuple[Revision, ...]:
        """Return the revisions of an article, the oldest first; raises NotFoundError ``unknown_article``."""
        revisions = self._archive.revisions(article_id)
        if not revisions:
            raise _unknown_article(article_id)
        return revisions

    def revision(self, article_id: str, number: int) -> Article:
        """Return an article as it was in a revision.

        Args:
            article_id: The article's id.
            number: The revision's number, from 1 on.

        Raises:
            NotFoundError: ``unknown_article`` or ``unknown_revision``.
        """
        article = self._archive.revision(article_id, number)
        if article is None:
            count = len(self.revisions(article_id))
            raise NotFoundError(
                "unknown_revision", f"{article_id} has revisions 1 to {count}, but no revision {number}"
            )
        return article

    def difference(self, article_id: str, number: int, before: int | None = None) -> Difference:
        """Return what a revision changed.

        Args:
            article_id: The article's id.
            number: The revision's number.
            before: The number of the revision to compare with; None for the previous one.

        Raises:
            NotFoundError: ``unknown_article``, ``unknown_revision``.
            PermanentError: ``no_revision_before``.
        """
        after = self.revision(article_id, number)
        earlier = number - 1 if before is None else before
        if earlier == 0:
            raise PermanentError(
                "no_revision_before", f"revision 1 of {article_id} is the first; name a revision to compare it with"
            )
        return difference(self.revision(article_id, earlier), after)

    def similar(self, article_id: str) -> tuple[SimilarArticle, ...]:
        """Return articles with nearly the same text; raises NotFoundError ``unknown_article``."""
        return self._lists.similar(self.article(article_id))

    def sources(self) -> "tuple[tuple[SourceStatus, ...], tuple[Problem, ...]]":
        """Return the sources by name, and the problems of uploaded ones; it costs one query for each source."""
        registry, problems = self._sources()
        sources = tuple(registry)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            newest = pool.map(self._newest, sources)
            return tuple(
                SourceStatus(source=source, newest=first) for source, first in zip(sources, newest, strict=True)
            ), (problems)

    def _newest(self, source: "Source") -> Headline | None:
        return next(iter(self._lists.by_source(source.name, limit=1).headlines), None)


def _unknown_article(article_id: str) -> NotFoundError:
    return NotFoundError("unknown_article", f"the archive has no article {article_id}")
