"""Lists of headlines, page by page."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from tests.articles import MORNING, article

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.days import AT_ONCE
from khobor.archive.dynamodb.headline_items import DAY_SHARDS
from khobor.archive.dynamodb.lists import BY_DAY, DynamoDBLists
from khobor.archive.headlines import Headline, HeadlinePage
from khobor.archive.spans import Span
from khobor.article import Author, Block
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError

DAY = date(2023, 8, 16)


@pytest.fixture
def archive(stack: EmbeddedStack) -> DynamoDBArchive:
    return stack.archive


@pytest.fixture
def lists(stack: EmbeddedStack) -> DynamoDBLists:
    return DynamoDBLists(stack.dynamodb, stack.outputs["ArchiveTableName"])


def ids(page: HeadlinePage) -> list[str]:
    return [headline.article_id for headline in page.headlines]


def paged(ask: Callable[..., HeadlinePage]) -> list[list[str]]:
    """Return the ids of all pages of a list."""
    pages, cursor = [], None
    while True:
        page = ask(cursor=cursor)
        pages.append(ids(page))
        cursor = page.cursor
        if cursor is None:
            return pages


def test_a_source_lists_its_newest_first(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for number in (2, 3, 1):
        archive.put(article(number))
    archive.put(article(4, source="other"))
    assert ids(lists.by_source("example")) == ["id3", "id2", "id1"]
    assert ids(lists.by_source("nobody")) == []


def test_a_list_is_read_page_by_page(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for number in range(1, 6):
        archive.put(article(number))
    pages = paged(lambda cursor: lists.by_source("example", limit=2, cursor=cursor))
    assert [page for page in pages if page] == [["id5", "id4"], ["id3", "id2"], ["id1"]]


def test_a_list_has_a_beginning_that_belongs_to_it_and_an_end_that_does_not(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    for number in range(1, 6):
        archive.put(article(number, section="City"))
    span = Span(since=MORNING + timedelta(minutes=2), until=MORNING + timedelta(minutes=4))
    assert ids(lists.by_source("example", span=span)) == ids(lists.by("section", "City", span=span)) == ["id3", "id2"]


@pytest.mark.slow
def test_a_day_lists_all_sources_newest_first_over_all_its_shards(
    archive: DynamoDBArchive, lists: DynamoDBLists, stack: EmbeddedStack
) -> None:
    for number in range(1, 31):
        archive.put(article(number, source=f"source{number % 3}"))
    archive.put(article(99, published_at=MORNING + timedelta(days=1)))
    for limit in (1, 7, 50):
        found = paged(partial(lists.by_day, DAY, limit=limit))
        assert [each for page in found for each in page] == [f"id{number}" for number in range(30, 0, -1)]
        assert {len(page) for page in found[:-1]} <= {limit}
    items = stack.dynamodb.scan(TableName=stack.outputs["ArchiveTableName"], IndexName=BY_DAY)["Items"]
    assert len({item["day"]["S"] for item in items if item["day"]["S"].startswith("2023-08-16")}) == DAY_SHARDS


@pytest.mark.slow
def test_the_newest_are_listed_over_days_and_gaps(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for number in range(1, 8):
        archive.put(article(number, published_at=MORNING + timedelta(days=3 * number)))
    archive.put(article(8, published_at=MORNING - timedelta(days=60)))
    archive.put(article(9, published_at=MORNING + timedelta(days=90)))
    now = MORNING + timedelta(days=21)
    for limit in (2, 50):
        found = paged(partial(lists.newest, now=now, limit=limit))
        assert [each for page in found for each in page] == [*(f"id{number}" for number in range(7, 0, -1)), "id8"]


@pytest.mark.slow
def test_a_span_with_a_beginning_is_read_to_it_and_one_without_ends_at_a_gap_and_says_where(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    archive.put(article(1))
    archive.put(article(2, published_at=MORNING - timedelta(days=150)))
    without, since = Span(until=MORNING + timedelta(days=1)), Span(since=date(2023, 1, 1), until=date(2023, 9, 1))
    for span, expected in ((without, ["id1"]), (since, ["id1", "id2"])):
        found = paged(partial(lists.newest, now=MORNING, span=span, limit=50))
        assert [each for page in found for each in page] == expected
    page = lists.newest(now=MORNING, span=without)
    while page.cursor:
        assert page.looked_back_to is None
        page = lists.newest(now=MORNING, span=without, cursor=page.cursor)
    assert page.looked_back_to == date(2023, 5, 8)


def test_a_headline_has_what_a_list_shows(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(article(section="নগর", language="bn"))
    archive.mark_gone("id1", MORNING + timedelta(hours=2), "http_410")
    (found,) = lists.by_source("example").headlines
    assert found == Headline(
        article_id="id1",
        source="example",
        listed_at=MORNING + timedelta(minutes=1),
        title="Title 1",
        url="https://example.com/1",
        section="নগর",
        language="bn",
        revisions=2,
        gone_at=MORNING + timedelta(hours=2),
    )


def test_an_article_without_source_title_or_date_is_listed_by_its_fetch(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    archive.put(article(source=None, title=None, published_at=None, url=None, canonical_url=None))
    (headline,) = lists.by_day(DAY).headlines
    assert (headline.title, headline.source, headline.listed_at) == (None, None, MORNING + timedelta(hours=1))


def test_articles_are_found_by_section_tag_and_author_however_these_are_written(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    archive.put(article(1, section="নগর", tags=("Metro Rail",), authors=(Author(name="Ann O’Lee"),)))
    archive.put(article(2, section="নগর ", tags=("metro rail", "Dhaka"), authors=(Author(name="ANN O'LEE"),)))
    assert ids(lists.by("section", " নগর")) == ["id2", "id1"]
    assert ids(lists.by("tag", "METRO-RAIL")) == ["id2", "id1"]
    assert ids(lists.by("author", "ann o lee")) == ["id2", "id1"]
    assert ids(lists.by("tag", "dhaka", limit=1)) == ["id2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bridge", ["id2", "id1"]),
        ("Bridge OPENS", ["id1"]),
        ("সেতুতে যান", ["id3"]),
        ("সেতুতে গান", []),
        ("東京", ["id4"]),
        ("京タワー", ["id4"]),
    ],
)
def test_articles_are_found_by_all_words_of_a_text_in_any_script(
    archive: DynamoDBArchive, lists: DynamoDBLists, text: str, found: list[str]
) -> None:
    titles = ["The bridge opens", "The bridge closes", "পদ্মা সেতুতে যান চলাচল শুরু", "東京タワーの夜"]
    for number, title in enumerate(titles, 1):
        archive.put(article(number, title=title))
    assert ids(lists.by_words(text)) == found


@pytest.mark.slow
def test_words_that_many_titles_have_are_searched_page_by_page(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for number in range(1, 31):
        archive.put(article(number, title=f"The government of the day {'falls' if number == 2 else 'stays'}"))
    pages = paged(lambda cursor: lists.by_words("government falls", limit=5, cursor=cursor))
    assert [each for page in pages for each in page] == ["id2"]
    assert len(pages) > 1


COPIED = tuple(
    f"Paragraph {number} of the agency’s report tells how the ferry left {town} before dawn with {number * 37} people."
    for number, town in enumerate(("Bhola", "Chandpur", "Monpura", "Hatiya", "Barishal", "Patuakhali"), 1)
)


def body(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=text) for text in texts)


@pytest.mark.parametrize("asked", ["কিম", "কিমের", "কিমকে", "পুতিনকে কিম"])
def test_words_find_titles_that_have_them_in_another_form(
    archive: DynamoDBArchive, lists: DynamoDBLists, asked: str
) -> None:
    archive.put(article(1, title="পুতিন-কিমের চিঠি বিনিময়"))
    archive.put(article(2, title="কিমকে পুতিনের আমন্ত্রণ"))
    archive.put(article(3, title="কিমা রান্না"))
    assert ids(lists.by_words(asked)) == ["id2", "id1"]


def test_what_was_stored_under_whole_words_is_found_among_the_others_in_their_order(
    archive: DynamoDBArchive, lists: DynamoDBLists, stack: EmbeddedStack
) -> None:
    table = stack.outputs["ArchiveTableName"]
    for number in range(1, 8):
        archive.put(article(number, title="কিমের চিঠি"))
    postings = stack.dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "word#কিম"}},
    )["Items"]
    # Every other one is an earlier version's; of one there are both.
    for item in postings[::2]:
        stack.dynamodb.put_item(TableName=table, Item=item | {"pk": {"S": "word#কিমের"}})
        if item != postings[0]:
            stack.dynamodb.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    everything = [f"id{number}" for number in range(7, 0, -1)]
    assert ids(lists.by_words("কিমের")) == everything
    for limit in (1, 2, 3, 7):
        pages = paged(lambda cursor, limit=limit: lists.by_words("কিমের", limit=limit, cursor=cursor))
        assert [each for page in pages for each in page] == everything
        assert all(len(page) == limit for page in pages[:-2])


def test_a_copy_of_a_text_is_found_and_the_first_of_them_comes_first(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    original = article(1, source="agency", body=body(*COPIED))
    copies = [article(number, body=body("Our correspondent adds a line.", *COPIED[:-1])) for number in (2, 3)]
    other = article(4, body=body(*(f"{text[::-1]} and so on and on." for text in COPIED)))
    for each in (*copies, original, other):
        archive.put(each)
    assert [each.headline.article_id for each in lists.similar(copies[1])] == ["id1", "id2"]
    assert all(0.3 < each.resemblance < 1 for each in lists.similar(original))
    assert lists.similar(other) == ()
    assert lists.similar(article(5)) == ()


def test_the_same_text_years_later_is_no_copy(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(article(1, body=body(*COPIED)))
    later = article(2, body=body(*COPIED), published_at=MORNING + timedelta(days=365))
    archive.put(later)
    assert lists.similar(later) == ()


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_has_no_more_than_a_hundred_headlines(lists: DynamoDBLists, limit: int) -> None:
    with pytest.raises(PermanentError, match="bad_limit"):
        lists.by_source("example", limit=limit)


def made_up(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        made_up("source#other", None),
        made_up("source#example"),
        made_up("source#example", "abc"),
        made_up("source#example", {"pk": 1}),
        made_up("source#example", {"pk": "article#id1"}),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"\xff").decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_a_cursor_that_was_made_up_is_refused(archive: DynamoDBArchive, lists: DynamoDBLists, cursor: str) -> None:
    archive.put(article())
    with pytest.raises(PermanentError, match="bad_cursor"):
        lists.by_source("example", cursor=cursor)


@pytest.mark.parametrize(
    "positions",
    [[None], ["x", "0", None, None, None, None], ["2023-08-16", "x", *[None] * 4], ["2023-08-16", "0", 1, 2, 3, 4]],
)
def test_a_made_up_cursor_of_the_newest_is_refused(lists: DynamoDBLists, positions: list[object]) -> None:
    with pytest.raises(PermanentError, match="bad_cursor"):
        lists.newest(now=MORNING, cursor=made_up("newest", *positions))


def test_before_the_first_day_there_is_nothing_newer(lists: DynamoDBLists) -> None:
    page = lists.newest(now=MORNING, cursor=made_up("newest", "0001-01-03", "0", *[None] * (AT_ONCE * DAY_SHARDS)))
    assert (ids(page), page.cursor) == ([], None)


def test_the_headline_of_an_article_is_found_by_its_id(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(article())
    assert lists.headline("id1") == lists.by_source("example").headlines[0]
    assert lists.headline("id2") is None


def test_a_text_without_words_is_refused(lists: DynamoDBLists) -> None:
    with pytest.raises(PermanentError, match="no_words"):
        lists.by_words("— !")


def test_times_are_compared_in_every_zone(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(article(published_at=datetime.fromisoformat("2026-03-01T03:00:00+06:00")))
    assert ids(lists.by_day(date(2026, 3, 1))) == ["id1"]
    since = datetime(2026, 2, 28, 21, tzinfo=UTC)
    assert ids(lists.by_source("example", span=Span(since=since, until=since + timedelta(seconds=1)))) == ["id1"]
