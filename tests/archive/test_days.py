"""Days are days by the clocks of an article's source: in lists, spans of time, and the order of the newest."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from tests.articles import MORNING, article

from khobor.archive.headlines import Headline, HeadlinePage
from khobor.archive.spans import Span, one_day
from khobor.archive.times import listed_at_text, read_listed_at
from khobor.article import Article, Extraction
from khobor.embedded.stack import EmbeddedStack

DAY = date(2026, 3, 1)
NEXT = DAY + timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ids(page: HeadlinePage) -> list[str]:
    return [each.article_id for each in page.headlines]


def known_zone(minutes: int) -> Extraction:
    """Return how an article of a source was read whose clocks are so many minutes from UTC."""
    return Extraction(version="1", utc_offset=minutes)


NIGHTS = {
    "Dhaka": article(published_at=at("2026-03-01T02:00:00+06:00")),
    "Dhaka, by a page in UTC": article(published_at=at("2026-02-28T20:00:00Z"), extraction=known_zone(360)),
    "Kathmandu": article(published_at=at("2026-03-01T00:10:00+05:45")),
    "Auckland": article(published_at=at("2026-03-01T12:00:00+13:00")),
    "Los Angeles": article(published_at=at("2026-03-01T23:00:00-08:00")),
    "Marquesas": article(published_at=at("2026-03-01T22:00:00-09:30")),
    "UTC": article(published_at=at("2026-03-01T00:00:00Z")),
    "no date, in Dhaka": article(published_at=None, fetched_at=at("2026-02-28T19:00:00Z"), extraction=known_zone(360)),
    "no date, no zone": article(published_at=None, fetched_at=at("2026-03-01T19:00:00Z")),
    "an offset that no clock has": article(published_at=at("2026-03-01T00:30:00+23:00"), fetched_at=MORNING),
}


@pytest.mark.parametrize("place", NIGHTS)
def test_an_article_stands_under_the_day_of_its_source(stack: EmbeddedStack, place: str) -> None:
    found = NIGHTS[place]
    day = date(2026, 2, 28) if "no clock" in place else DAY
    stack.archive.put(Article(**{**vars(found), "section": "City", "tags": ("Night",)}))
    lists = stack.lists
    for around in (day - timedelta(days=1), day, day + timedelta(days=1)):
        expected = ["id1"] if around == day else []
        span = one_day(around)
        assert ids(lists.by_day(around)) == expected
        assert ids(lists.by_source("example", span=span)) == expected
        assert ids(lists.by("section", "city", span=span)) == ids(lists.by("tag", "night", span=span)) == expected
        assert ids(lists.newest(now=MORNING, span=span)) == expected
    (headline,) = lists.by_source("example").headlines
    assert headline.listed_at.date() == day
    assert headline.listed_at == (found.published_at or found.fetched_at)


@pytest.mark.slow
def test_the_newest_of_all_sources_are_in_the_order_of_time_whatever_their_day(stack: EmbeddedStack) -> None:
    places = ("+13:00", "+06:00", "+00:00", "-08:00", "-11:00")
    for number in range(20):
        offset = places[number % len(places)]
        published_at = MORNING + timedelta(hours=3 * number)
        local = published_at.astimezone(at(f"2026-01-01T00:00:00{offset}").tzinfo)
        stack.archive.put(article(number, published_at=local))
    for limit in (1, 3, 50):
        found = newest(stack, limit)
        assert [each.article_id for each in found] == [f"id{number}" for number in reversed(range(20))]
        assert all(after.listed_at <= before.listed_at for before, after in pairwise(found))


def newest(stack: EmbeddedStack, limit: int) -> list[Headline]:
    """Return the headlines of all pages of so many."""
    now, cursor = MORNING + timedelta(days=5), None
    found: list[Headline] = []
    while True:
        page = stack.lists.newest(now=now, limit=limit, cursor=cursor)
        found += page.headlines
        cursor = page.cursor
        if cursor is None:
            return found


def test_an_article_of_this_night_is_among_the_newest_while_it_is_still_yesterday_in_utc(stack: EmbeddedStack) -> None:
    stack.archive.put(article(published_at=at("2026-03-02T00:30:00+06:00")))
    assert ids(stack.lists.newest(now=at("2026-03-01T18:45:00Z"))) == ["id1"]


@pytest.mark.slow
def test_a_day_of_a_busy_source_is_listed_whole_page_by_page(stack: EmbeddedStack) -> None:
    for number in range(96):
        published_at = at("2026-02-28T12:00:00+06:00") + timedelta(minutes=30 * number)
        stack.archive.put(article(number, published_at=published_at))
    found: list[str] = []
    cursor = None
    while True:
        page = stack.lists.by_source("example", span=one_day(DAY), limit=10, cursor=cursor)
        found += ids(page)
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [f"id{number}" for number in reversed(range(24, 72))]


def test_days_and_instants_bound_a_span(stack: EmbeddedStack) -> None:
    stack.archive.put(article(1, published_at=at("2026-03-01T02:00:00+06:00")))
    stack.archive.put(article(2, published_at=at("2026-03-02T02:00:00+06:00")))
    since_day, since_instant = Span(since=NEXT), Span(since=at("2026-02-28T20:00:01Z"))
    assert ids(stack.lists.by_source("example", span=since_day)) == ["id2"]
    assert ids(stack.lists.by_source("example", span=since_instant)) == ["id2"]
    assert ids(stack.lists.by_source("example", span=Span(until=NEXT))) == ["id1"]
    assert ids(stack.lists.newest(now=MORNING, span=Span(since=DAY, until=NEXT))) == ["id1"]
    assert ids(stack.lists.newest(now=MORNING, span=Span(until=at("2026-03-01T20:00:00Z")))) == ["id1"]


def test_what_an_earlier_version_stored_stands_under_its_day_of_utc_until_it_is_stored_again(
    stack: EmbeddedStack,
) -> None:
    night = article(published_at=at("2026-03-01T02:00:00+06:00"), tags=("Night",))
    stack.archive.put(night)
    _as_stored_before(stack)
    lists = stack.lists
    assert ids(lists.by_day(date(2026, 2, 28))) == ids(lists.by("tag", "night")) == ["id1"]
    stack.archive.put(night)
    assert ids(lists.by_day(date(2026, 2, 28))) == []
    assert ids(lists.by_day(DAY)) == ids(lists.by("tag", "night")) == ids(lists.added()) == ["id1"]


def _as_stored_before(stack: EmbeddedStack) -> None:
    """Make the items of an archive such as versions before days of sources wrote them."""
    table = stack.outputs["ArchiveTableName"]
    for item in stack.dynamodb.scan(TableName=table)["Items"]:
        key = {name: item[name] for name in ("pk", "sk")}
        stack.dynamodb.delete_item(TableName=table, Key=key)
        if item["pk"]["S"].startswith("added#"):
            continue
        old = {name: value for name, value in item.items() if name != "added_at" and not name.startswith("title ")}
        old["sk"] = {"S": item["sk"]["S"].replace("+00:00+06:00", "+00:00")}
        if "day" in old:
            old["listed_at"] = {"S": item["listed_at"]["S"][:25]}
            old["day"] = {"S": f"2026-02-28{item['day']['S'][10:]}"}
        stack.dynamodb.put_item(TableName=table, Item=old)


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T03:30:00+06:00", "2026-03-01T21:30:00-09:30", "2026-03-01T21:30:00+00:00", "1890-01-01T00:00:00Z"],
)
def test_a_time_that_is_listed_keeps_its_clocks(text: str) -> None:
    found = read_listed_at(listed_at_text(at(text)))
    assert (found, found.utcoffset()) == (at(text), at(text).utcoffset())


def test_texts_of_times_sort_as_times_do_whatever_their_clocks() -> None:
    times = [at("2026-03-01T05:00:00+06:00"), at("2026-02-28T23:30:00Z"), at("2026-02-28T16:00:00-08:00")]
    assert sorted(map(listed_at_text, reversed(times))) == list(map(listed_at_text, times))
