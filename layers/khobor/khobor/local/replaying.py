"""The pages of a local archive, read again: what the replay function and its state machine do on AWS."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from khobor.archive import codec
from khobor.article import Article, RawReference
from khobor.errors import PermanentError
from khobor.keys import PAGES
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.extraction_pool import Extracted, ExtractionPool
from khobor.page import MAX_STORED_PAGE_BYTES, RawPage
from khobor.pages.input_page import InputPage
from khobor.replay.report import RereadResult
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun, is_found_by_host, kept_pages
from khobor.sources.registry import Registry
from khobor.work_limits import LOCAL_PAGE_LIMITS

# Why a page had no article in a process of the pool. In this process it would take the same time, or end it.
_ENDED_WORK = frozenset({"crashed", "too_slow", "too_much_memory"})
# Why an article is left alone although its page may be in order.
_OF_ARTICLE = frozenset({"page_missing", "another_article", "another_source", "forgotten"})


class _PooledRereading(Rereading):
    """Reads pages again, of which each was extracted by a process of the pool just before."""

    _extracted: tuple[RawReference, Article | PermanentError] | None = None

    def keep(self, extracted: Extracted) -> None:
        """Keep what a process made of a page, in place of the page before."""
        self._extracted = None
        raw, error = extracted.page.raw, extracted.error
        if raw and extracted.article is not None:
            self._extracted = (raw, codec.decode(extracted.article))
        elif raw and isinstance(error, PermanentError) and error.reason in _ENDED_WORK:
            self._extracted = (raw, error)

    def reading(self, reference: RawReference, sources: Registry) -> Article:
        """Return the article of a page; see ``Rereading``."""
        raw, found = self._extracted or (None, None)
        if found is None or raw != reference:
            return super().reading(reference, sources)
        if isinstance(found, PermanentError):
            raise found
        return found


class FolderReplay:
    """Reads pages of a local archive again.

    Args:
        folder: The archive.
        sources: The sources whose rules are used.
        pool: Extracts the pages.
    """

    def __init__(self, folder: ArchiveFolder, sources: Registry, pool: ExtractionPool) -> None:
        self._folder = folder
        self._sources = sources
        self._pool = pool
        self._rereading = _PooledRereading(
            folder.pages, None, folder.archive, folder.frontier.urls, MAX_STORED_PAGE_BYTES, limits=LOCAL_PAGE_LIMITS
        )

    def keys(self, run: ReplayRun) -> Iterator[str]:
        """Yield the keys of the pages of a replay.

        Args:
            run: The replay, with the hosts of its source.
        """
        pages = self._folder.pages
        if run.is_of_all:
            yield from pages.page_keys()
            return
        for host in filter(run.is_of_hosts, pages.hosts()):
            found = pages.keys(f"{PAGES}{host}/")
            yield from (key for key in found if is_found_by_host(run, key) and run.covers(key))
        yield from kept_pages(self._folder.archive, self._folder.lists, run)

    def read(self, run: ReplayRun, keys: Iterator[str]) -> Iterator[list[RereadResult]]:
        """Read pages again, and write what changed unless it is a dry run; yield the results of each page.

        Args:
            run: The replay.
            keys: The keys of the pages, as ``keys`` yields them.

        Raises:
            DatabaseError: The archive cannot be written. What was yielded is kept.
        """
        for each in self._pool.extract(map(self._input, keys)):
            self._rereading.keep(each)
            with self._folder.database.write():
                results = self._rereading.read(each.page.name, run, self._sources)
                if not run.is_dry_run:
                    self._note(each.page, results)
            yield results

    def forbid_forgotten(self) -> None:
        """Keep the articles of forgotten URLs from coming back."""
        for article_id, at in self._folder.frontier.urls.all_forgotten():
            self._folder.archive.forbid(article_id, at)

    def _input(self, key: str) -> InputPage:
        raw = RawReference(key=key)
        # The rereading says what is wrong with a page that cannot be read.
        page = RawPage(body=b"", fetched_at=datetime.now(UTC))
        with suppress(PermanentError):
            page, raw = self._folder.pages.get(raw, MAX_STORED_PAGE_BYTES)
        return InputPage(name=key, page=page, raw=raw)

    def _note(self, given: InputPage, results: list[RereadResult]) -> None:
        """Keep why a page is no article, and forget it if the page is one."""
        key, subject = given.name, given.page.url or given.name
        for each in results:
            if each.reason is None and each.outcome != "covered":
                self._folder.failures.remove("parse", subject)
            elif each.reason and each.reason not in _OF_ARTICLE:
                self._folder.failures.put("parse", subject, key, PermanentError(each.reason, each.detail or ""))
