"""Pages that a user gives become articles of a local archive.

A page is kept before anything interprets it. **A page that the archive has already is skipped**: one with the same
bytes, from the same URL, and of the same time if the input says when it was fetched; and a URL of which the archive has
an article. So the same command continues where it was stopped.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from khobor.archive.interface import WriteOutcome
from khobor.article import Article, RawReference
from khobor.errors import KhoborError, PermanentError
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.ingested import Ingested, page_digest
from khobor.local.page_ingester import PageIngester, PageResult
from khobor.local.seen import Seen
from khobor.page import MAX_PAGE_BYTES
from khobor.pages.folder import FolderPages
from khobor.pages.input_page import InputPage

# Pages of one synchronisation with the disk.
_KEPT_TOGETHER = 32
_KEPT_BYTES = 8_000_000
# Articles that are known already are given back before so many more are looked at.
_MOST_KNOWN = 100


@dataclass(kw_only=True)
class IngestCounts:
    """What became of the inputs.

    Attributes:
        pages: How many there were.
        articles: How many articles were stored.
        same: How many pages are of an article of which another input is a page.
        known: How many the archive had already.
        failed: How many were not stored, by reason.
    """

    pages: int = 0
    articles: int = 0
    same: int = 0
    known: int = 0
    failed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class IngestEvents:
    """What is to be said while inputs are taken.

    Attributes:
        failed: Receives the name of an input that was not stored, and why.
        same: Receives the name of a page, and that of the earlier one of the same article.
        done: Is called after each input.
        words_of: Returns what is wrong with a file that cannot be read.
    """

    failed: Callable[[str, KhoborError], object]
    same: Callable[[str, str], object]
    done: Callable[[], object]
    words_of: Callable[[OSError], str]


class Ingest:
    """One run of inputs into an archive.

    Args:
        folder: The archive.
        events: What is to be said.
        now: The time that an input has if nobody says when it was fetched.
        is_stopped: Returns whether no further input is to be taken.
        again: Whether pages are taken that the archive has already.

    Attributes:
        counts: What became of the inputs so far.
    """

    def __init__(
        self,
        folder: ArchiveFolder,
        events: IngestEvents,
        *,
        now: datetime,
        is_stopped: Callable[[], bool],
        again: bool = False,
    ) -> None:
        self._folder = folder
        self._events = events
        self._now = now
        self._is_stopped = is_stopped
        self._again = again
        self._known: deque[str] = deque()
        self._is_over = False
        self.counts = IngestCounts()

    def run(self, inputs: Iterable[InputPage | None], reader: PageIngester) -> Iterator[Article]:
        """Take inputs, and yield their articles once they are stored, each once.

        Args:
            inputs: The pages. Those that have a key in ``raw`` are kept already. None says that the next one may take a
                while: the pages before it are read and written first.
            reader: Reads the pages.

        Raises:
            CommandError: The archive cannot be written.
        """
        remaining = iter(inputs)
        with Seen() as seen:
            while not self._is_over:
                for result in reader.read(self._some(remaining, seen)):
                    yield from self._known_articles(seen)
                    yield from self._result(result, seen)
                yield from self._known_articles(seen)

    def unknown_urls(self, urls: Iterable[str]) -> Iterator[str]:
        """Yield the URLs of which the archive has no article yet, and count the others."""
        for url in urls:
            try:
                article_id = None if self._again else self._folder.archive.find(url)
            except PermanentError as error:
                self.refuse(url, error)
                continue
            if article_id and self._folder.lists.headline(article_id):
                self.know(article_id)
            else:
                yield url

    def refuse(self, name: str, error: KhoborError) -> None:
        """Count an input that was not stored, and say why.

        Args:
            name: The name of the input.
            error: Why.
        """
        self.counts.failed[error.reason] += 1
        self._events.failed(name, error)
        self._finish()

    def know(self, article_id: str) -> None:
        """Count an input of which the archive has the article already."""
        self.counts.known += 1
        self._known.append(article_id)
        self._finish()

    def _finish(self) -> None:
        self.counts.pages += 1
        self._events.done()

    def _some(self, inputs: Iterator[InputPage | None], seen: Seen) -> Iterator[InputPage]:
        """Keep inputs and yield them, until enough are known already, a wait may come, or none is left."""
        while len(self._known) < _MOST_KNOWN:
            batch, follows = ([], _Follows.NOTHING) if self._is_stopped() else _batch(inputs)
            if batch:
                yield from self._keep_all(batch, seen)
            self._is_over = follows is _Follows.NOTHING
            if follows is not _Follows.MORE:
                return

    def _keep_all(self, batch: list[InputPage], seen: Seen) -> list[InputPage]:
        """Keep the pages of inputs, all at once; return those that are to be read."""
        with self._folder.pages.together() as store:
            kept = [found for each in batch if (found := self._keep(each, store, seen))]
        self._folder.unread.add((page.raw.key, digest) for page, digest in kept if page.raw)
        return [page for page, _ in kept]

    def _keep(self, given: InputPage, store: FolderPages, seen: Seen) -> tuple[InputPage, bytes | None] | None:
        """Keep the page of an input, and return it with its digest; None if there is nothing to do with it."""
        if given.raw:
            return given, None
        try:
            page = given.load(MAX_PAGE_BYTES)
            # The inputs' own time is that of all pages of which nobody says when they were fetched.
            is_dated = page.fetched_at != self._now
            digest = page_digest(page, page.fetched_at if is_dated else None)
            earlier = self._folder.ingested.find(digest)
            if self._is_known(earlier, given.name, seen.first(digest, given.name)):
                return None
            if earlier and (kept := self._kept(earlier.key, given.name)):
                return kept, digest
            # A page with a known URL and time was fetched, by any program.
            key = store.put_page(page) if page.url and is_dated else store.put_upload(page)
        except KhoborError as error:
            self.refuse(given.name, error)
            return None
        except OSError as error:
            why = self._events.words_of(OSError(error.errno, error.strerror))
            self.refuse(given.name, PermanentError("unreadable_file", f"{why}; give a page or a URL"))
            return None
        return replace(given, page=page, file=None, raw=RawReference(key=key)), digest

    def _is_known(self, earlier: Ingested | None, name: str, other: str | None) -> bool:
        """Return whether the archive has the article that a page became, so that nothing is left to do.

        Args:
            earlier: What became of the page.
            name: Its name.
            other: The name under which this run saw it before.
        """
        if not earlier or not earlier.article_id or not self._folder.lists.headline(earlier.article_id):
            return False
        if other:
            self._same(name, other)
        elif not self._again:
            self.know(earlier.article_id)
        return bool(other) or not self._again

    def _kept(self, key: str, name: str) -> InputPage | None:
        """Return a page that was kept before, so that it is not kept twice; None if it is not there."""
        try:
            page, raw = self._folder.pages.get(RawReference(key=key), MAX_PAGE_BYTES)
        except PermanentError:
            return None
        return InputPage(name=name, page=page, raw=raw)

    def _result(self, result: PageResult, seen: Seen) -> Iterator[Article]:
        name, article = result.page.name, result.article
        if result.error:
            self.refuse(name, result.error)
        elif result.outcome is WriteOutcome.FORGOTTEN:
            self.refuse(name, PermanentError("forgotten", "this article was forgotten, and does not come back"))
        elif article and (other := seen.first(article.article_id, name)):
            self._same(name, other)
        elif article:
            self.counts.articles += 1
            self._finish()
            yield article

    def _same(self, name: str, other: str) -> None:
        self.counts.same += 1
        self._events.same(name, other)
        self._finish()

    def _known_articles(self, seen: Seen) -> Iterator[Article]:
        while self._known:
            article_id = self._known.popleft()
            if not seen.first(article_id, article_id) and (article := self._folder.archive.get(article_id)):
                yield article


class _Follows(Enum):
    """What follows a batch of inputs."""

    MORE = auto()
    A_WAIT = auto()
    NOTHING = auto()


def _batch(inputs: Iterator[InputPage | None]) -> tuple[list[InputPage], _Follows]:
    """Return the next inputs that are kept together, and what follows them."""
    batch: list[InputPage] = []
    size = 0
    for each in inputs:
        if each is None:
            return batch, _Follows.A_WAIT
        batch.append(each)
        size += each.size
        if len(batch) == _KEPT_TOGETHER or size >= _KEPT_BYTES:
            return batch, _Follows.MORE
    return batch, _Follows.NOTHING
