"""Checks whether all of a local archive is in order: its database, its indexes, its pages."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from khobor.archive.sqlite.faults import FaultKind
from khobor.archive.sqlite.upkeep import SQLiteUpkeep
from khobor.article import RawReference
from khobor.errors import PermanentError
from khobor.extract import extract_page
from khobor.keys import LISTINGS, fetched_page, time_of, upload_digest
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.ingested import page_digest
from khobor.local.seen import Seen
from khobor.page import MAX_STORED_PAGE_BYTES, RawPage
from khobor.sources.registry import Registry
from khobor.url import url_id
from khobor.work_limits import LOCAL_PAGE_LIMITS, within

# A process writes a file under a temporary name within seconds. One that is this old has no process any more.
LEFTOVER_SECONDS = 3600
# Pages of one URL that were fetched in one instant have the keys of the next microseconds.
_LATEST_KEY = timedelta(milliseconds=1)
# The facts of a page with a longer URL may lack the time of its fetch.
_LONGEST_URL = 1500
_KINDS: dict[FaultKind, str] = {"text": "text", "index": "index", "words": "index", "page": "page_other"}
# What check --fix repairs, or may repair.
REPAIRABLE = frozenset({"database", "index", "text", "page_other", "page_unread", "page_forgotten", "leftover"})


@dataclass(frozen=True, kw_only=True)
class ArchiveProblem:
    """Something that is wrong in a local archive.

    Attributes:
        kind: ``database``: SQLite finds the file damaged. ``index``: lists, changes or words do not fit the articles.
            ``text``: a text of an article is missing or damaged. ``page_missing``: the page of an article is not there.
            ``page_damaged``: a file is not the page that was kept. ``page_other``: an article names a page that it was
            not made of. ``page_unread``: a page has neither an article nor a reason. ``page_forgotten``: a page of a
            forgotten article is still there. ``leftover``: a process that was killed left half a file.
        detail: What is wrong.
        key: The key of the page, or the path of the file, if it is about one.
        article_id: The id of the article, if it is about one.
    """

    kind: str
    detail: str
    key: str | None = None
    article_id: str | None = None


def problems_of(folder: ArchiveFolder, sources: Registry) -> Iterator[ArchiveProblem]:
    """Yield what is wrong in an archive. This reads all of it, with the names of one folder in memory.

    Args:
        folder: The archive.
        sources: The sources whose rules tell whether a page holds an article.
    """
    # The index of words is checked with the other indexes.
    damage = [each for each in folder.database.problems() if "fts5" not in each.lower()]
    if damage:
        # What else would be found may follow from it.
        yield from (ArchiveProblem(kind="database", detail=each) for each in damage)
        return
    for fault in SQLiteUpkeep(folder.database).faults():
        yield ArchiveProblem(kind=_KINDS[fault.kind], detail=fault.detail, article_id=fault.article_id)
    with Seen() as claimed, Seen() as given:
        yield from _claims(folder, sources, claimed)
        for key in folder.ingested.all_keys():
            given.first(key, "")
        for key in folder.pages.page_keys():
            yield from _page_problems(folder, key, sources, claimed=claimed, given=given)
    for key in folder.pages.keys(LISTINGS):
        yield from _file_problems(folder, key)
    yield from _leftovers(folder)


def _claims(folder: ArchiveFolder, sources: Registry, claimed: Seen) -> Iterator[ArchiveProblem]:
    """Note which article has which page, and which pages failed; yield pages that are missing, or of two articles."""
    for article_id, key in SQLiteUpkeep(folder.database).page_keys():
        other = claimed.first(key, article_id)
        if other is None and not (folder.path / key).is_file():
            yield ArchiveProblem(
                kind="page_missing", detail=f"{article_id} lacks its page {key}", key=key, article_id=article_id
            )
        elif other is not None and other != article_id:
            owner = _article_of(folder, key, sources)
            wrong = other if owner == article_id else article_id
            detail = f"{wrong}: {key} is named as its page, but it is that of {owner or 'another article'}"
            yield ArchiveProblem(kind="page_other", detail=detail, key=key, article_id=wrong)
    for failure in folder.failures.all("parse"):
        claimed.first(failure.body, "")


def _page_problems(
    folder: ArchiveFolder, key: str, sources: Registry, *, claimed: Seen, given: Seen
) -> Iterator[ArchiveProblem]:
    """Yield what is wrong with a page.

    Args:
        folder: The archive.
        key: The key of the page.
        sources: The sources.
        claimed: The pages that have an article or a reason.
        given: The pages that were given to ``khobor ingest``.
    """
    article_id, own = claimed.find(key), fetched_page(key)
    history = folder.archive.history(own[2]) if own and not article_id else None
    if history and history.is_forgotten:
        yield ArchiveProblem(kind="page_forgotten", detail=f"{key} is of an article that was forgotten", key=key)
        return
    try:
        page = _page(folder, key)
    except PermanentError as error:
        # Also if the archive knows this as the reason why the page has no article.
        yield ArchiveProblem(kind="page_damaged", detail=f"{error.reason}: {error.detail}", key=key)
        return
    if page and (wrong := _mismatch(folder, key, page, is_given=given.find(key) is not None)):
        yield ArchiveProblem(kind="page_damaged", detail=f"{key} {wrong}", key=key)
    elif (
        article_id is None
        and not folder.unread.has(key)
        and (
            # Another page of its URL may be the reason why nobody says what became of this one.
            history is None or _article_of(folder, key, sources)
        )
    ):
        yield ArchiveProblem(kind="page_unread", detail=f"{key} has neither an article nor a reason", key=key)


def _mismatch(folder: ArchiveFolder, key: str, page: RawPage, *, is_given: bool) -> str | None:
    """Return in which way a file is not the page that was kept under its key; None if it is.

    Args:
        folder: The archive.
        key: The key.
        page: What is in the file.
        is_given: Whether it was given to ``khobor ingest``, which keeps a digest of it.
    """
    own, digest = fetched_page(key), upload_digest(key)
    if own and page.url and url_id(page.url) != own[2]:
        return f"holds the page of another URL, {page.url}"
    if own and page.url and not _has_time_of(key, page):
        return f"holds the page of another time, {page.fetched_at.isoformat()}"
    if digest and digest != page.digest:
        return "does not have the content that its name says"
    if is_given:
        digests = (page_digest(page, page.fetched_at), page_digest(page, None))
        if not any((found := folder.ingested.find(each)) and found.key == key for each in digests):
            return "does not have the content that was given to khobor ingest"
    return None


def _has_time_of(key: str, page: RawPage) -> bool:
    at = time_of(key)
    # A time in the future is not believed when a page is read.
    if at is None or at > datetime.now(UTC) or len(page.url or "") > _LONGEST_URL:
        return True
    return timedelta(0) <= at - page.fetched_at < _LATEST_KEY


def _article_of(folder: ArchiveFolder, key: str, sources: Registry) -> str | None:
    """Return the id of the article that a page holds by the current rules; None if it holds none."""
    try:
        page, raw = folder.pages.get(RawReference(key=key), MAX_STORED_PAGE_BYTES)
        article = within(LOCAL_PAGE_LIMITS, lambda: extract_page(page, raw, sources), what=key)
    except PermanentError:
        return None
    return None if article.extraction.not_article else article.article_id


def _file_problems(folder: ArchiveFolder, key: str) -> Iterator[ArchiveProblem]:
    try:
        _page(folder, key)
    except PermanentError as error:
        yield ArchiveProblem(kind="page_damaged", detail=f"{error.reason}: {error.detail}", key=key)


def _page(folder: ArchiveFolder, key: str) -> RawPage | None:
    """Return what is in a file; None if a site sent nothing. Raises PermanentError if the file is damaged."""
    try:
        return folder.pages.get(RawReference(key=key), MAX_STORED_PAGE_BYTES)[0]
    except PermanentError as error:
        # The file of an empty page has its header at least.
        if error.reason != "empty" or (folder.path / key).stat().st_size == 0:
            raise
        return None


def _leftovers(folder: ArchiveFolder) -> Iterator[ArchiveProblem]:
    latest = time.time() - LEFTOVER_SECONDS
    for path in folder.pages.leftovers():
        try:
            is_old = path.stat().st_mtime < latest
        except FileNotFoundError:
            # Its process has given it its name meanwhile.
            continue
        if is_old:
            key = path.relative_to(folder.path).as_posix()
            yield ArchiveProblem(
                kind="leftover", detail=f"{key} was left half written by a process that was killed", key=key
            )
