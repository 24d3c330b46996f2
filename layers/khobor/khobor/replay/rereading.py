"""One page read again, and with it every page of its article: an article is read again whole, or not at all.

Each sighting of an article is of one reader (``revisions/timeline.py``). Were only some of an article's pages read
again, the revisions between these and the others could not be told any more; so all of them are read, and become part
of the archive by one write. Where one of them is not there any more, or shows no article now, the article stays as it
is, and is told of.

A replay comes upon each page of an article. Only at the newest of those that it covers the article is read; so each is
read once, in whatever order the pages come, and nothing needs to be remembered of what was done. A page that the
archive does not know joins the article by itself, as it does when it is fetched. Read a second time everything is as it
is already, and nothing is written: whoever was stopped starts again.

Every write is conditional (``archive/dynamodb/archive.py``), so no table of finished work is needed to guard against
side effects.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from khobor.archive import codec
from khobor.archive.interface import Archive, FetchHistory, fetch_id
from khobor.article import Article, RawReference
from khobor.errors import PermanentError
from khobor.extract import extract_page
from khobor.frontier.interface import KnownUrls
from khobor.keys import fetched_page
from khobor.pages.interface import PageReader
from khobor.replay.report import REVISIONS, PageResult, ValueChange, differences
from khobor.replay.run import ReplayRun
from khobor.sources.registry import Registry
from khobor.work_limits import PAGE_LIMITS, within


class Rereading:
    """Reads pages again.

    Args:
        pages: The store of pages.
        bucket: The name of the raw bucket.
        archive: The archive.
        urls: The URLs that are known, those that were forgotten among them.
        max_page_bytes: Largest page that is read, after decompression, in bytes.
    """

    def __init__(self, pages: PageReader, bucket: str, archive: Archive, urls: KnownUrls, max_page_bytes: int) -> None:
        self._pages = pages
        self._bucket = bucket
        self._archive = archive
        self._urls = urls
        self._max_page_bytes = max_page_bytes

    def read(self, key: str, run: ReplayRun, sources: Registry) -> list[PageResult]:
        """Read the article of a page again, and write what changed unless that is only tried.

        Args:
            key: The page's key; of an upload it may have several versions, and these several articles.
            run: What is asked for.
            sources: Whose rules are used.

        Returns:
            What came of it; nothing for an object that is not covered.
        """
        # What prefixes did not tell was found by its source.
        if not run.covers(key, source=run.source):
            return []
        if (
            (page := fetched_page(key))
            and (kept := self._archive.history(page[2]))
            and _is_left_to_another(key, kept, run)
        ):
            return [PageResult(outcome="covered")]
        readings, problem = self._readings(key, sources)
        if problem and not readings:
            return [PageResult(outcome="left", reason=problem.reason, detail=problem.detail)]
        by_id: dict[str, list[Article]] = {}
        for article in readings:
            by_id.setdefault(article.article_id, []).append(article)
        return [self._take(key, found, run, sources) for found in by_id.values()]

    def _take(self, key: str, readings: list[Article], run: ReplayRun, sources: Registry) -> PageResult:
        """Take in the versions of a page that show one article."""
        article = readings[-1]
        kept = self._archive.history(article.article_id)
        # One that has another source now than the archive says is of both.
        if run.source is not None and run.source not in {article.source, kept and kept.source}:
            return PageResult(outcome="left", reason="another_source", detail=f"{key} is of {article.source}")
        if (kept and kept.is_forgotten) or self._urls.forgotten(_urls_of(readings)):
            return PageResult(outcome="left", reason="forgotten", detail=f"{article.article_id} is not to come back")
        if kept and _is_left_to_another(key, kept, run):
            return PageResult(outcome="covered")
        try:
            return self._write(kept, self._all(kept, readings, sources), run)
        except PermanentError as error:
            return PageResult(outcome="left", reason=error.reason, detail=error.detail)

    def _all(self, kept: FetchHistory | None, readings: list[Article], sources: Registry) -> list[Article]:
        """Return the readings, and where the archive knows one of them those of all its fetches.

        Raises:
            PermanentError: ``page_missing``, ``another_article``, or why a page holds no article.
        """
        article_id = readings[-1].article_id
        found = {fetch_id(article): article for article in readings}
        known: Mapping[str, object] = {}
        if kept and found.keys() & kept.pages.keys():
            known = kept.pages
            for other in dict.fromkeys(key for _, key in kept.pages.values()):
                found |= {fetch_id(article): article for article in self._readings(other, sources)[0]}
            if missing := known.keys() - found.keys():
                keys = ", ".join(sorted(kept.pages[name][1] for name in missing))
                raise PermanentError("page_missing", f"{article_id} stays as it is: {keys} is not there, or unreadable")
        for name in known:
            _check(found[name], article_id)
        usable = {name: each for name, each in found.items() if each.article_id == article_id and _is_article(each)}
        if not usable:
            _check(readings[-1], article_id)
        return list(usable.values())

    def _readings(self, key: str, sources: Registry) -> tuple[list[Article], PermanentError | None]:
        """Return the articles of the versions of a page, the oldest first, and what is wrong with one of these."""
        found: list[Article] = []
        reference = RawReference(bucket=self._bucket, key=key)
        problem: PermanentError | None = PermanentError("no_such_object", f"{key} is not there any more")
        for each in self._pages.versions(reference):
            problem = None
            try:
                found.append(self._reading(each, sources))
            except PermanentError as error:
                problem = error
        return found, problem

    def _reading(self, reference: RawReference, sources: Registry) -> Article:
        page, raw = self._pages.get(reference, self._max_page_bytes)
        article = within(PAGE_LIMITS, partial(extract_page, page, raw, sources), what=reference.key)
        # To the byte as it comes out of the store queue: so what is the same is seen to be.
        return codec.decode(codec.encode(article))

    def _write(self, kept: FetchHistory | None, readings: list[Article], run: ReplayRun) -> PageResult:
        """Write what is not in the archive as it is now read, and return what that changes."""
        texts = kept.texts() if kept else {}
        changes = _changes(kept, texts, readings)
        if kept and kept.pages and kept.is_current(texts, readings):
            return PageResult(outcome="same")
        if not run.is_dry_run:
            self._archive.put_again(readings)
        if kept is None or not kept.pages:
            return PageResult(outcome="new")
        if not any(fetch_id(article) in kept.pages for article in readings):
            return PageResult(outcome="joined")
        return PageResult(outcome="changed" if changes else "same", changes=changes)


def _is_article(article: Article) -> bool:
    return article.extraction.not_article is None


def _check(article: Article, expected: str) -> None:
    key, url = article.raw.key if article.raw else "", f"({article.url})" if article.url else ""
    where = f"{key} {url}".strip()
    if reason := article.extraction.not_article:
        raise PermanentError(reason, f"{where} holds no article, as it is read now")
    if article.article_id != expected:
        raise PermanentError("another_article", f"{where} is another article than {expected}, as it is read now")


def _is_left_to_another(key: str, kept: FetchHistory, run: ReplayRun) -> bool:
    """Whether the article is read at another page: the newest that the run covers."""
    covered = {(at, page) for at, page in kept.pages.values() if run.covers(page, at, kept.source)}
    return any(page == key for _, page in covered) and max(covered)[1] != key


def _changes(
    kept: FetchHistory | None, texts: Mapping[str, Article], readings: list[Article]
) -> dict[str, ValueChange]:
    """Return what the readings tell differently from the texts that the archive has; of each field the newest."""
    found: dict[str, ValueChange] = {}
    if kept is None:
        return found
    for article in sorted(readings, key=lambda each: each.fetched_at):
        if text := texts.get(fetch_id(article)):
            found |= differences(text, article)
    before, after = len(kept.revisions), len(kept.revisions_with(readings))
    if before and before != after:
        where = readings[-1].canonical_url or readings[-1].url or kept.article_id
        found[REVISIONS] = ValueChange(article=where, before=str(before), after=str(after))
    return found


def _urls_of(articles: Iterable[Article]) -> set[str]:
    return {url for article in articles for url in (article.url, article.canonical_url) if url}
