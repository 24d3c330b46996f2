"""Pages that are kept become articles of a local archive: what the parse and the store stage do on AWS."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from khobor.archive.interface import WriteOutcome
from khobor.archive.sqlite.reading import ParsedArticle, reading_from_bytes
from khobor.article import Article
from khobor.errors import KhoborError, PermanentError
from khobor.extract import log_facts
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.extraction_pool import Extracted, ExtractionPool
from khobor.local.journal import Journal
from khobor.pages.input_page import InputPage
from khobor.sources.registry import Registry
from khobor.sqlite.errors import DatabaseError

# Of one transaction: it is committed after so many pages, or as soon as the first of them waits for so long.
_MOST_PAGES = 64
_MOST_SECONDS = 0.5
METRICS: Mapping[WriteOutcome, str] = MappingProxyType(
    {
        WriteOutcome.STORED: "ArticlesStored",
        WriteOutcome.SUPERSEDED: "ArticlesSuperseded",
        WriteOutcome.FORGOTTEN: "ArticlesForgotten",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What became of a page.

    Attributes:
        page: The page.
        article: Its article; None if there is none.
        outcome: What the archive answered; None if there is no article.
        error: Why there is no article.
    """

    page: InputPage
    article: Article | None = None
    outcome: WriteOutcome | None = None
    error: KhoborError | None = None

    @property
    def archived(self) -> Article | None:
        """The article, unless it was forgotten and does not come back."""
        return None if self.outcome is WriteOutcome.FORGOTTEN else self.article


class PageIngester:
    """Extracts the articles of pages, and writes them into the archive, many in a transaction.

    Args:
        folder: The archive.
        pool: Extracts; ``archive_pool`` makes it.
        journal: Logs and counts.
        settle: Is called with each result in the transaction that writes it.
    """

    def __init__(
        self,
        folder: ArchiveFolder,
        pool: ExtractionPool,
        journal: Journal,
        settle: Callable[[PageResult], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._pool = pool
        self._parse = journal.telemetry("parse")
        self._store = journal.telemetry("store")
        self._settle = settle

    def read(self, pages: Iterable[InputPage]) -> Iterator[PageResult]:
        """Yield what becomes of each page, in order, once it is written.

        Args:
            pages: Pages that are kept; ``raw`` says where.

        Raises:
            DatabaseError: The archive cannot be written. What was yielded is kept.
        """
        for batch in _batches(self._pool.extract(pages)):
            with self._folder.database.write():
                results = [self._write(extracted) for extracted in batch]
            for each in results:
                self._log(each)
                if each.outcome is WriteOutcome.FORGOTTEN:
                    # Nothing of what was forgotten may stay.
                    self._folder.pages.delete(_key(each.page))
            yield from results

    def _write(self, extracted: Extracted) -> PageResult:
        result = self._result(extracted)
        subject = result.page.page.url or result.page.name
        if result.error:
            self._folder.failures.put("parse", subject, _key(result.page), result.error)
        else:
            self._folder.failures.remove("parse", subject)
        article = result.archived
        self._folder.unread.settle(_key(result.page), article.article_id if article else None)
        self._settle(result)
        return result

    def _result(self, extracted: Extracted) -> PageResult:
        page = extracted.page
        if extracted.article is None:
            return PageResult(page=page, error=extracted.error)
        try:
            reading = reading_from_bytes(extracted.article)
            with self._folder.database.write():
                outcome = self._folder.archive.put_reading(reading)
        except KhoborError as error:
            return PageResult(page=page, error=error)
        except DatabaseError:
            raise
        # A bug in khobor. The other pages go on.
        except Exception as error:
            self._store.logger.exception("crashed", key=_key(page))
            return PageResult(page=page, error=PermanentError("crashed", f"{page.name}: khobor failed: {error!r}"))
        return PageResult(page=page, article=reading.article, outcome=outcome)

    def _log(self, result: PageResult) -> None:
        key, article = _key(result.page), result.article
        if result.error:
            self._parse.failed(result.error, key=key, **log_facts.expected_identity(result.page.page.url))
            return
        if article is None or result.outcome is None:
            return
        identity = log_facts.identity(article, result.page.page.url)
        self._parse.count("PagesParsed")
        self._parse.logger.info("parsed", key=key, **identity, **log_facts.reading(article))
        if claims := log_facts.foreign_claims(article):
            self._parse.count("ClaimsRefused", len(claims))
        self._store.count(METRICS[result.outcome])
        # As on AWS, parse alone says which other id the page has.
        self._store.logger.info(result.outcome.value, key=key, **{**identity, "same_as": None})


def archive_pool(jobs: int | None, sources: Registry) -> ExtractionPool:
    """Return a pool for ``PageIngester``, whose processes compute all that the archive stores of an article.

    Args:
        jobs: The number of processes; None for one for each core.
        sources: The sources whose rules are used.
    """
    return ExtractionPool(jobs, sources=sources, write=_stored_form)


def _stored_form(_: str, article: Article) -> bytes:
    return ParsedArticle(article).to_bytes()


def _batches(results: Iterable[Extracted]) -> Iterator[list[Extracted]]:
    batch: list[Extracted] = []
    began = 0.0
    for result in results:
        began = began if batch else time.monotonic()
        batch.append(result)
        if len(batch) >= _MOST_PAGES or time.monotonic() - began > _MOST_SECONDS:
            yield batch
            batch = []
    if batch:
        yield batch


def _key(page: InputPage) -> str:
    return page.raw.key if page.raw else ""
