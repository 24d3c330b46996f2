"""Who is asked: answers questions from the archive table and the sources, and writes nothing."""

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
    # One query in many needs them, and they take long to import.
    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.sources.source import Source

# As many as a client keeps connections.
_AT_ONCE = 10


@dataclass(frozen=True, kw_only=True)
class SourceStatus:
    """A source, and how it is.

    Attributes:
        source: The source.
        newest: The headline of it that is listed first; None where the archive has none.
    """

    source: "Source"
    newest: Headline | None


class QueryService:
    """Answers from the archive.

    Args:
        archive: The archive table.
        lists: Its lists.
        sources: Gives the sources as they are now, and what is wrong with those that were uploaded.
        names: What the front end calls the parts of a query, for what is said of them.
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
        """Return headlines; where there is none, the page says why. Raises as ``query.headlines`` does."""
        page = headlines(query, self._lists, self._archive.find, self._names)
        return page if page.headlines or page.cursor or query.cursor else self.explain_empty(query, page)

    def explain_empty(self, query: ArticleQuery, page: HeadlinePage) -> HeadlinePage:
        """Return an empty page with a notice that says why the query found nothing."""
        explainer = Explainer(self._lists, lambda: [source.name for source in self._sources()[0]])
        notice, is_unknown = explainer.why_empty(query)
        return replace(page, notice=notice, is_unknown=is_unknown)

    def article(self, article_id: str) -> Article:
        """Return an article as it was fetched last; raises NotFoundError ``unknown_article``."""
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
        """Return an article as it was in a revision; raises NotFoundError, ``unknown_revision`` too."""
        article = self._archive.revision(article_id, number)
        if article is None:
            count = len(self.revisions(article_id))
            raise NotFoundError("unknown_revision", f"{article_id} has revisions 1 to {count}, and none {number}")
        return article

    def difference(self, article_id: str, number: int, before: int | None = None) -> Difference:
        """Return what a revision changed.

        Args:
            article_id: The article's id.
            number: The revision's number.
            before: That of the revision that it is compared with; None for the one before it.

        Raises:
            NotFoundError: ``unknown_article``, ``unknown_revision``.
            PermanentError: ``no_revision_before``.
        """
        after = self.revision(article_id, number)
        earlier = number - 1 if before is None else before
        if earlier == 0:
            raise PermanentError("no_revision_before", f"revision 1 of {article_id} is the first; say from which")
        return difference(self.revision(article_id, earlier), after)

    def similar(self, article_id: str) -> tuple[SimilarArticle, ...]:
        """Return what has nearly the same text as an article; raises NotFoundError ``unknown_article``."""
        return self._lists.similar(self.article(article_id))

    def sources(self) -> "tuple[tuple[SourceStatus, ...], tuple[Problem, ...]]":
        """Return the sources by name, and what is wrong with those that were uploaded: one query for each source."""
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
