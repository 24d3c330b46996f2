"""The DynamoDB archive and the SQLite archive give the same answer to every query, after any sequence of writes."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests import articles as written
from tests.articles import MORNING

from khobor.announce.announcements import Announcement, announcement
from khobor.announce.table_stream import TableStream
from khobor.archive.changes import HeadlineChange
from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.archive.dynamodb.stream import read_headline_change
from khobor.archive.headlines import Headline, HeadlinePage
from khobor.archive.interface import Archive, ArchiveLists
from khobor.archive.spans import Span
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.headline_changes import SQLiteHeadlineChanges
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.article import Article, Author, Block, Extraction, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.sqlite.database import Database
from khobor.url import article_id, canonical_url

DHAKA = timezone(timedelta(hours=6))
NUMBERS = range(1, 4)
HOURS = (0, 1, 2, 3, 5, 8, 13)
TITLES = (
    None,
    "The bridge opens",
    "The bridge closes",
    "পদ্মা সেতু নিয়ে বৈঠকে সিদ্ধান্ত",
    "পদ্মা সেতুর বৈঠক, দাম বাড়ল",
    "新しい橋が開通",
)
SECTIONS = (None, "City", "জাতীয়")
TAGS = ((), ("Bridge",), ("Bridge", "পদ্মা সেতু", "Toll"))
AUTHORS = ((), ("Ann Lee",), ("আনিস রহমান", "Ann Lee"))
TEXTS = (
    "Short.",
    " ".join(f"word{number}" for number in range(60)),
    " ".join(f"word{number}" for number in (*range(30), *range(31, 61))),
    " ".join(f"শব্দ{number}" for number in range(60)),
)
NOTICE = "Correction: an earlier version misspelled a name."
PUBLISHED = (
    None,
    MORNING,
    (MORNING + timedelta(minutes=1)).astimezone(DHAKA),
    (MORNING - timedelta(hours=9)).astimezone(DHAKA),
    MORNING - timedelta(days=3),
)
NOW = MORNING + timedelta(days=2)
SPANS = (
    Span(since=MORNING - timedelta(days=1), until=MORNING + timedelta(hours=2)),
    Span(since=date(2023, 8, 16), until=date(2023, 8, 17)),
    Span(since=date(2023, 8, 13), until=MORNING),
)
WORDS = ("bridge", "BRIDGE opens", "সেতু", "বৈঠক", "পদ্মা বৈঠক", "橋が", "closes", "nothing")


def own_url(number: int) -> str:
    return f"https://example.com/stories/{number}"


def short_url(number: int) -> str:
    return f"https://example.com/s/{number}"


IDS = {number: article_id(canonical_url(own_url(number))) for number in NUMBERS}
SHORT_IDS = {number: article_id(canonical_url(short_url(number))) for number in NUMBERS}


@st.composite
def fetches(draw: st.DrawFn, number: int | None = None, extractor: str | None = None) -> Article:
    """Return a fetch of one of the articles, which may be one that was there before, parsed otherwise.

    An article has one page for each instant. Of two pages of one instant that are parsed again, the archive in DynamoDB
    may keep the other one as the newest.
    """
    pick = {name: draw(st.sampled_from(values)) for name, values in CHOICES.items()}
    chosen, hours = number or pick["number"], pick["hours"]
    texts = (pick["text"], *([NOTICE] if pick["notice"] else ()))
    return Article(
        article_id=IDS[chosen],
        url=pick["url"](chosen),
        canonical_url=own_url(chosen),
        source=pick["source"],
        title=pick["title"],
        body=tuple(Block(kind="paragraph", text=text) for text in texts),
        section=pick["section"],
        tags=pick["tags"],
        authors=tuple(Author(name=name) for name in pick["authors"]),
        published_at=pick["published_at"],
        modified_at=pick["modified_at"],
        fetched_at=MORNING + timedelta(hours=hours, microseconds=chosen),
        raw=RawReference(bucket="raw", key=f"pages/{chosen}/{hours}", version="v1" if hours % 2 else None),
        extraction=Extraction(version=extractor or pick["extractor"], utc_offset=pick["utc_offset"]),
        content_hash="0",
    )


CHOICES: dict[str, Any] = {
    "number": NUMBERS,
    "hours": HOURS,
    "url": (own_url, short_url),
    "source": ("daily", "daily", "daily", None, "gazette"),
    "title": TITLES,
    "text": TEXTS,
    "notice": (False, False, True),
    "section": SECTIONS,
    "tags": TAGS,
    "authors": AUTHORS,
    "published_at": PUBLISHED,
    "modified_at": (None, MORNING, MORNING + timedelta(hours=4)),
    "extractor": ("1", "1", "1", "2"),
    "utc_offset": (None, None, 360, -300),
}


@dataclass(frozen=True)
class Put:
    """A fetch is written."""

    article: Article

    def __call__(self, archive: Archive) -> object:
        return archive.put(self.article)


@dataclass(frozen=True)
class PutAgain:
    """Pages are parsed again."""

    readings: tuple[Article, ...]

    def __call__(self, archive: Archive) -> object:
        return archive.put_again(self.readings)


@dataclass(frozen=True)
class MarkGone:
    """A site answers that an article is gone."""

    url_id: str
    hours: float

    def __call__(self, archive: Archive) -> object:
        return archive.mark_gone(self.url_id, MORNING + timedelta(hours=self.hours), "http_410")


@dataclass(frozen=True)
class Forget:
    """An article is forgotten."""

    number: int

    def __call__(self, archive: Archive) -> object:
        at = MORNING + timedelta(hours=30)
        traces = archive.forget(IDS[self.number], at)
        if traces:
            # As Forgetting does it, which knows from the pages by which URLs they were fetched.
            urls = traces.urls | {own_url(self.number), short_url(self.number)}
            archive.erase(IDS[self.number], replace(traces, urls=urls), at)
        return traces and traces.raw_keys


@dataclass(frozen=True)
class Forbid:
    """An article that is known to be forgotten elsewhere."""

    number: int

    def __call__(self, archive: Archive) -> object:
        archive.forbid(IDS[self.number], MORNING)
        return None


Step = Callable[[Archive], object]


@st.composite
def rereadings(draw: st.DrawFn) -> PutAgain:
    number = draw(st.sampled_from(NUMBERS))
    readings = draw(st.lists(fetches(number, "2"), min_size=1, max_size=4, unique_by=lambda each: each.fetched_at))
    return PutAgain(tuple(readings))


STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(Put, fetches()),
        st.builds(Put, fetches()),
        st.builds(Put, fetches()),
        rereadings(),
        st.builds(MarkGone, st.sampled_from([*IDS.values(), *SHORT_IDS.values()]), st.sampled_from((0.5, 2, 4, 14))),
        st.builds(Forget, st.sampled_from(NUMBERS)),
        st.builds(Forbid, st.sampled_from(NUMBERS)),
    ),
    min_size=3,
    max_size=20,
)


def paged(ask: Callable[..., HeadlinePage], limit: int) -> list[Headline]:
    """Return the headlines of all pages of a list; those of one second in one order, which no index promises."""
    found: list[Headline] = []
    cursor = None
    while True:
        page = ask(limit=limit, cursor=cursor)
        assert len(page.headlines) <= limit
        found += page.headlines
        cursor = page.cursor
        if cursor is None:
            break
    return [each for _, tied in groupby(found, _time) for each in sorted(tied, key=str)]


def _time(headline: Headline) -> datetime:
    return headline.added_at or headline.listed_at


def answers_of_archive(archive: Archive) -> Iterator[tuple[str, object]]:
    """Yield what an archive answers about each article."""
    for number in NUMBERS:
        for name, each in (("own", IDS[number]), ("short", SHORT_IDS[number])):
            yield f"get {number} {name}", archive.get(each)
            revisions = archive.revisions(each)
            yield f"revisions {number} {name}", revisions
            for revision in range(1, len(revisions) + 2):
                yield f"revision {revision} of {number} {name}", archive.revision(each, revision)
            yield f"gone {number} {name}", archive.gone_at(each)
            history = archive.history(each)
            facts = history and (history.article_id, history.is_forgotten, history.source, dict(history.pages))
            yield f"history {number} {name}", (facts, history and history.revisions)
        yield f"find {number}", [archive.find(url(number)) for url in (own_url, short_url)]
    yield "pages", sorted(archive.page_keys(list(IDS.values())))
    yield "articles", sorted(archive.articles(), key=lambda each: each.article_id)


def answers_of_lists(lists: ArchiveLists, articles: Iterable[Article], limit: int) -> Iterator[tuple[str, object]]:
    """Yield what the lists answer, page by page.

    Args:
        lists: The lists of an archive.
        articles: Those for which similar ones are looked for.
        limit: The number of headlines of a page.
    """
    for name, ask in questions(lists):
        yield name, paged(ask, limit)
    for each in IDS.values():
        yield f"headline {each}", lists.headline(each)
    for article in articles:
        yield f"similar to {article.article_id}", lists.similar(article)


def questions(lists: ArchiveLists) -> Iterator[tuple[str, Callable[..., HeadlinePage]]]:
    yield "source", lambda **page: lists.by_source("daily", **page)
    yield "added", lists.added
    # Without a beginning the archive in DynamoDB would end at a gap of a hundred days.
    recent = Span(since=date(2023, 8, 13))
    for now in (NOW, MORNING - timedelta(hours=20)):
        yield f"newest at {now}", lambda now=now, **page: lists.newest(now=now, span=recent, **page)
    for day in (date(2023, 8, 13), date(2023, 8, 15), date(2023, 8, 16)):
        yield f"day {day}", lambda day=day, **page: lists.by_day(day, **page)
    for words in WORDS:
        yield f"words {words}", lambda words=words, **page: lists.by_words(words, **page)
    for span in SPANS:
        yield f"source in {span}", lambda span=span, **page: lists.by_source("daily", span=span, **page)
        yield f"newest in {span}", lambda span=span, **page: lists.newest(now=NOW, span=span, **page)
        yield f"tag in {span}", lambda span=span, **page: lists.by("tag", "bridge", span=span, **page)
        yield f"added in {span}", lambda span=span, **page: lists.added(span=span, **page)
        yield f"headline in {span}", lambda span=span, **page: lists.by("change", "headline", span=span, **page)
    for section in ("city", "জাতীয়"):
        yield f"section {section}", lambda section=section, **page: lists.by("section", section, **page)
    yield "tag", lambda **page: lists.by("tag", "পদ্মা সেতু", **page)
    yield "author", lambda **page: lists.by("author", "ann LEE", **page)
    for kind in ("headline", "byline", "body", "stealth", "correction", "gone", "back"):
        yield f"change {kind}", lambda kind=kind, **page: lists.by("change", kind, **page)


Changes = Iterator[HeadlineChange | None]


class _EndError(Exception):
    """No more changes are written."""


def _end(_: float) -> None:
    raise _EndError


def announced(changes: Changes) -> list[Announcement]:
    """Return what is announced of the changes that there are."""
    found: list[Announcement] = []
    with suppress(_EndError):
        found.extend(each for change in changes if (each := announcement(change)))
    return found


@dataclass(frozen=True, kw_only=True)
class Archived:
    """An archive, its lists, and the changes of its headlines since it was opened."""

    archive: Archive
    lists: ArchiveLists
    changes: Changes


@dataclass(frozen=True)
class Tables:
    """The archive table of a stack, which is emptied before each example."""

    stack: EmbeddedStack

    @contextmanager
    def emptied(self) -> Iterator[Archived]:
        name, dynamodb = self.stack.outputs["ArchiveTableName"], self.stack.dynamodb
        keys = [{each: item[each] for each in ("pk", "sk")} for item in dynamodb.scan(TableName=name)["Items"]]
        for key in keys:
            dynamodb.delete_item(TableName=name, Key=key)
        streams: Any = boto3.client("dynamodbstreams", region_name="eu-central-1")
        records = TableStream(dynamodb, streams, name).follow(_end)
        yield Archived(
            archive=DynamoDBArchive(dynamodb, name),
            lists=DynamoDBLists(dynamodb, name),
            changes=map(read_headline_change, records),
        )


@contextmanager
def new_database() -> Iterator[Archived]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "archive.db", {"archive": MIGRATIONS}, create=True)
        changes = SQLiteHeadlineChanges(database, lambda _: None).follow(_end)
        yield Archived(archive=SQLiteArchive(database), lists=SQLiteLists(database), changes=changes)
        database.close()


def take(steps: Iterable[Step], sqlite: Archived, dynamodb: Archived) -> None:
    """Take steps in both archives, and make sure that they answer alike."""
    for step in steps:
        assert (step, step(sqlite.archive)) == (step, step(dynamodb.archive))


def test_both_archives_announce_alike(stack: EmbeddedStack) -> None:
    first = written.article(1, article_id=IDS[1], url=short_url(1), canonical_url=own_url(1))
    hour = timedelta(hours=1)
    revised = replace(first, title="The bridge", section="City", language="en", fetched_at=first.fetched_at + 2 * hour)
    steps: list[Step] = [
        MarkGone(SHORT_IDS[2], 1),
        Put(written.article(2, article_id=IDS[2], url=short_url(2), canonical_url=own_url(2))),
        Put(first),
        Put(first),
        Put(revised),
        Put(replace(first, title="Late", fetched_at=first.fetched_at + hour)),
        PutAgain((replace(revised, title="Parsed otherwise"),)),
        MarkGone(SHORT_IDS[1], 5),
        MarkGone(IDS[1], 6),
        Put(replace(revised, fetched_at=first.fetched_at + 8 * hour)),
        Put(replace(revised, title=None, source=None, fetched_at=first.fetched_at + 9 * hour)),
        PutAgain((written.article(3, article_id=IDS[3], url=own_url(3), canonical_url=own_url(3)),)),
    ]
    with Tables(stack).emptied() as dynamodb, new_database() as sqlite:
        take(steps, sqlite, dynamodb)
        expected = announced(dynamodb.changes)
        assert announced(sqlite.changes) == expected
    kinds = [each.kind.removeprefix("Article") for each in expected]
    assert kinds == ["Stored", "Stored", "Revised", "Gone", "Revised", "Revised"]


@pytest.mark.slow
def test_both_archives_answer_alike(
    stack: EmbeddedStack, pytestconfig: pytest.Config, examples: Callable[[int], int]
) -> None:
    tables = Tables(stack)
    tried, number = pytestconfig.getoption("--chains") or examples(20), pytestconfig.getoption("--seed")

    @seed(number)
    @settings(
        max_examples=tried,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS, limit=st.sampled_from((1, 2, 3)))
    def both(steps: list[Step], limit: int) -> None:
        with tables.emptied() as dynamodb, new_database() as sqlite:
            take(steps, sqlite, dynamodb)
            expected = dict(answers_of_archive(dynamodb.archive))
            assert dict(answers_of_archive(sqlite.archive)) == expected
            articles: Any = expected["articles"]
            listed = dict(answers_of_lists(dynamodb.lists, articles, limit))
            assert dict(answers_of_lists(sqlite.lists, articles, limit)) == listed
            # Of an article that was forgotten nothing is left to be read.
            histories = (dynamodb.archive.history(each) for each in IDS.values())
            forgotten = {each.article_id for each in histories if each and each.is_forgotten}
            of_aws = [each for each in announced(dynamodb.changes) if each.detail.article_id not in forgotten]
            assert announced(sqlite.changes) == of_aws

    both()
