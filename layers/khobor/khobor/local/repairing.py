"""Repairs a local archive from its articles and pages. Each step is a transaction, so a repair may be killed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from khobor.archive.sqlite.upkeep import SQLiteUpkeep
from khobor.article import RawReference
from khobor.errors import PermanentError
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.checking import ArchiveProblem, problems_of
from khobor.local.seen import Seen
from khobor.page import MAX_STORED_PAGE_BYTES
from khobor.replay.rereading import Rereading
from khobor.sources.registry import Registry
from khobor.sqlite.errors import DatabaseError
from khobor.work_limits import LOCAL_PAGE_LIMITS

_INDEXED = frozenset({"index", "text", "page_other"})


class Repair:
    """A repair of a local archive.

    Args:
        folder: The archive.
        sources: The sources whose rules are used.
        reread: Reads the pages with some keys again, and writes what they hold.
    """

    def __init__(self, folder: ArchiveFolder, sources: Registry, reread: Callable[[Iterator[str]], object]) -> None:
        self._folder = folder
        self._sources = sources
        self._reread = reread
        self._upkeep = SQLiteUpkeep(folder.database)

    def run(self) -> Counter[str]:
        """Repair what can be repaired; return how many problems of each kind there were before."""
        if self._folder.database.problems():
            # It repairs SQLite's own indexes. What else is damaged is found again.
            with suppress(DatabaseError):
                self._folder.database.reindex()
        found: Counter[str] = Counter()
        with Seen() as unread, Seen() as articles, Seen() as others:
            for problem in problems_of(self._folder, self._sources):
                found[problem.kind] += 1
                self._note(problem, unread, articles, others)
            if found["database"]:
                return found
            if _INDEXED & found.keys():
                self._upkeep.repair()
            self._claim(others, unread)
            again = [*self._prepare(articles)] if found["text"] else []
            if again or found["page_unread"]:
                self._reread(self._keys(unread, again))
                self._upkeep.repair()
        return found

    def _note(self, problem: ArchiveProblem, unread: Seen, articles: Seen, others: Seen) -> None:
        """Note what is to be done about a problem, or do it if it concerns a single file."""
        key, article_id = problem.key or "", problem.article_id or ""
        match problem.kind:
            case "page_unread":
                unread.first(key, "")
            case "text":
                articles.first(article_id, "")
            case "page_other":
                others.first(article_id, "")
            case "page_forgotten":
                self._folder.pages.delete(key)
            case "leftover":
                (self._folder.path / key).unlink(missing_ok=True)

    def _claim(self, others: Seen, unread: Seen) -> None:
        """Let articles that name a page that they were not made of name the right one, if it is there."""
        wrong = list(others.all())
        for key in unread.all() if wrong else ():
            any(self._upkeep.claim(article_id, key) for article_id in wrong)

    def _prepare(self, articles: Seen) -> Iterator[str]:
        """Delete the damaged texts of articles whose pages can be read again; yield the ids of these articles."""
        bad: list[tuple[str, str]] = []
        for article_id in articles.all():
            if self._is_readable(article_id):
                bad += ((article_id, content) for content in self._upkeep.bad_texts(article_id))
                yield article_id
        # The words of these texts cannot be taken out one by one.
        self._upkeep.rewrite_words(without=bad)

    def _is_readable(self, article_id: str) -> bool:
        """Return whether every page of an article still holds it."""
        folder = self._folder
        rereading = Rereading(
            folder.pages, None, folder.archive, folder.frontier.urls, MAX_STORED_PAGE_BYTES, limits=LOCAL_PAGE_LIMITS
        )
        keys = [key for _, key in folder.archive.page_keys([article_id])]
        try:
            found = [rereading.reading(RawReference(key=key), self._sources) for key in keys]
        except PermanentError:
            return False
        return bool(found) and all(
            each.article_id == article_id and each.extraction.not_article is None for each in found
        )

    def _keys(self, unread: Seen, articles: list[str]) -> Iterator[str]:
        """Yield the keys of the pages to read again, each once."""
        with Seen() as done:
            for key in unread.all():
                done.first(key, "")
                yield key
            for _, key in self._folder.archive.page_keys(articles):
                if done.first(key, "") is None:
                    yield key
