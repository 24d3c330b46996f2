"""Reads a page again, and with it all pages of its article: an article is read again completely, or not at all.

Revisions are compared only between pages that the same extractor read (``revisions/timeline.py``). If only some pages
of an article were read again, the revisions between these and the others would be lost. So all pages are read, and
stored by one write. If a page is missing, or no longer holds an article, the article is left alone and reported.

A replay encounters each page of an article, but reads the article only at the newest page that it covers. So each is
read once, in any order, without a record of finished work. A page that the archive does not know joins the article, as
it does after a fetch. A second replay finds everything up to date and writes nothing, so an interrupted replay can
simply be started again.

Every write is conditional (``archive/dynamodb/archive.py``), so repeating it is harmless.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from khobor.archive import codec
from khobor.archive.interface import Archive, FetchHistory, fetch_id
from khobor.article import Article, RawReference
from khobor.errors import PermanentError
from khobor.extract import extract_page
from khobor.frontier.interface import KnownUrls
from khobor.keys import fetched_page
from khobor.pages.interface import PageReader
from khobor.replay.report import REVISIONS, RereadResult, ValueChange, differences
from khobor.replay.run import ReplayRun
from khobor.sources.registry import Registry
from khobor.work_limits import PAGE_LIMITS, WorkLimits, within


class Rereading:
    """Reads pages again.

    Args:
        pages: The page store.
        bucket: The name of the raw bucket; None for the folder of a local archive.
        archive: The archive.
        urls: The known URLs, including erased ones.
        max_page_bytes: The largest page that is read, in bytes after decompression.
        limits: The limits of one page.
    """

    def __init__(  # noqa: PLR0913 what pages are read from, and within which limits
        self,
        pages: PageReader,
        bucket: str | None,
        archive: Archive,
        urls: KnownUrls,
        max_page_bytes: int,
        *,
        limits: WorkLimits = PAGE_LIMITS,
    ) -> None:
        self._pages = pages
        self._bucket = bucket
        self._archive = archive
        self._urls = urls
        self._max_page_bytes = max_page_bytes
        self._limits = limits

    def read(self, key: str, run: ReplayRun, sources: Registry) -> list[RereadResult]:
        """Read the article of a page again, and write what changed unless it is a dry run.

        Args:
            key: The key of the page; an upload may have several versions, which may be different articles.
            run: The replay.
            sources: The sources whose rules are used.

        Returns:
            The results; none for an object that the replay does not cover.
        """
        # Pages outside the prefixes were found by their source.
        if not run.covers(key, source=run.source):
            return []
        if (
            (page := fetched_page(key))
            and (history := self._archive.history(page[2]))
            and _is_left_to_another(key, history, run)
        ):
            return [RereadResult(outcome="covered")]
        readings, problem = self._readings(key, sources)
        if problem and not readings:
            return [RereadResult(outcome="left", reason=problem.reason, detail=problem.detail)]
        by_id: dict[str, list[Article]] = {}
        for article in readings:
            by_id.setdefault(article.article_id, []).append(article)
        return [self._take(key, versions, run, sources) for versions in by_id.values()]

    def _take(self, key: str, readings: list[Article], run: ReplayRun, sources: Registry) -> RereadResult:
        """Process the versions of a page that hold one article."""
        article = readings[-1]
        history = self._archive.history(article.article_id)
        # An article whose source changed belongs to both sources.
        if run.source is not None and run.source not in {article.source, history and history.source}:
            return RereadResult(
                outcome="left", reason="another_source", detail=f"{key} belongs to the source {article.source}"
            )
        if (history and history.is_forgotten) or self._urls.forgotten(_urls_of(readings)):
            return RereadResult(
                outcome="left", reason="forgotten", detail=f"{article.article_id} was erased and must not return"
            )
        if history and _is_left_to_another(key, history, run):
            return RereadResult(outcome="covered")
        try:
            return self._write(history, self._all(history, readings, sources), run)
        except PermanentError as error:
            return RereadResult(outcome="left", reason=error.reason, detail=error.detail)

    def _all(self, history: FetchHistory | None, readings: list[Article], sources: Registry) -> list[Article]:
        """Return the readings, with those of all other fetches if the archive knows one of them.

        Raises:
            PermanentError: ``page_missing``, ``another_article``, or why a page holds no article.
        """
        article_id = readings[-1].article_id
        by_fetch = {fetch_id(article): article for article in readings}
        known: Mapping[str, object] = {}
        if history and by_fetch.keys() & history.pages.keys():
            known = history.pages
            for other in dict.fromkeys(key for _, key in history.pages.values()):
                by_fetch |= {fetch_id(article): article for article in self._readings(other, sources)[0]}
            if missing := known.keys() - by_fetch.keys():
                keys = ", ".join(sorted(history.pages[name][1] for name in missing))
                raise PermanentError("page_missing", f"{article_id} is left alone: {keys} is missing or unreadable")
        # An article that moved has an id for each of its addresses.
        ids = {article_id, *(history.ids if history else ())}
        for name in known:
            _check(by_fetch[name], ids)
        usable = {name: each for name, each in by_fetch.items() if each.article_id in ids and _is_article(each)}
        if not usable:
            _check(readings[-1], ids)
        return list(usable.values())

    def _readings(self, key: str, sources: Registry) -> tuple[list[Article], PermanentError | None]:
        """Return the articles of the versions of a page, the oldest first, and the problem of one of them, if any."""
        articles: list[Article] = []
        reference = RawReference(bucket=self._bucket, key=key)
        problem: PermanentError | None = PermanentError("no_such_object", f"{key} no longer exists")
        for each in self._pages.versions(reference):
            problem = None
            try:
                articles.append(self.reading(each, sources))
            except PermanentError as error:
                problem = error
        return articles, problem

    def reading(self, reference: RawReference, sources: Registry) -> Article:
        """Return the article of a page as the archive would store it.

        Args:
            reference: The page.
            sources: The sources whose rules are used.

        Raises:
            PermanentError: The page cannot be read, or takes too much work.
        """
        page, raw = self._pages.get(reference, self._max_page_bytes)
        article = within(self._limits, partial(extract_page, page, raw, sources), what=reference.key)
        # Encode and decode as the store queue does, so that equal articles compare equal.
        return codec.decode(codec.encode(article))

    def _write(self, history: FetchHistory | None, readings: list[Article], run: ReplayRun) -> RereadResult:
        """Write readings that differ from the archive, and return what that changes."""
        texts = history.texts() if history else {}
        named = [replace(each, article_id=history.article_id) for each in readings] if history else readings
        changes = _changes(history, texts, named)
        if history and history.pages and history.is_current(texts, named):
            return RereadResult(outcome="same")
        if not run.is_dry_run:
            self._archive.put_again(readings)
        if history is None or not history.pages:
            return RereadResult(outcome="new")
        if not any(fetch_id(article) in history.pages for article in readings):
            return RereadResult(outcome="joined")
        return RereadResult(outcome="changed" if changes else "same", changes=changes)


def _is_article(article: Article) -> bool:
    return article.extraction.not_article is None


def _check(article: Article, expected: Collection[str]) -> None:
    key, url = article.raw.key if article.raw else "", f"({article.url})" if article.url else ""
    where = f"{key} {url}".strip()
    if reason := article.extraction.not_article:
        raise PermanentError(reason, f"{where} holds no article by the current rules{article.extraction.refusal_text}")
    if article.article_id not in expected:
        ids = " or ".join(sorted(expected))
        raise PermanentError("another_article", f"{where} is not the article {ids} by the current rules")


def _is_left_to_another(key: str, history: FetchHistory, run: ReplayRun) -> bool:
    """Whether the article is read at another page, the newest that the replay covers."""
    covered = {(at, page) for at, page in history.pages.values() if run.covers(page, at, history.source)}
    return any(page == key for _, page in covered) and max(covered)[1] != key


def _changes(
    history: FetchHistory | None, texts: Mapping[str, Article], readings: list[Article]
) -> dict[str, ValueChange]:
    """Return how the readings differ from the texts in the archive; for each field the newest change."""
    changes: dict[str, ValueChange] = {}
    if history is None:
        return changes
    for article in sorted(readings, key=lambda each: each.fetched_at):
        if text := texts.get(fetch_id(article)):
            changes |= differences(text, article)
    before, after = len(history.revisions), len(history.revisions_with(readings))
    if before and before != after:
        where = readings[-1].canonical_url or readings[-1].url or history.article_id
        changes[REVISIONS] = ValueChange(article=where, before=str(before), after=str(after))
    return changes


def _urls_of(articles: Iterable[Article]) -> set[str]:
    return {url for article in articles for url in (article.url, article.canonical_url) if url}
