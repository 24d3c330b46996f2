import json
from datetime import UTC, datetime

import pytest
from tests.counting import count_calls
from tests.discover.rss import URL, without_facts

from khobor.discover.feeds import read_feed
from khobor.discover.listing import Entry, Listing

ITEMS = [
    {"id": "1", "url": "/news/1", "title": "Rise &amp; fall", "date_published": "2026-03-10T09:01:00Z"},
    {"id": "https://example.com/news/2", "date_modified": "2026-03-10T09:02:00Z", "language": "en"},
    {"id": "3", "external_url": "https://example.org/3", "title": 7, "date_published": None},
]
ENTRIES = (
    Entry(
        url="https://example.com/news/1",
        title="Rise & fall",
        published_at=datetime(2026, 3, 10, 9, 1, tzinfo=UTC),
        language="bn",
    ),
    Entry(url="https://example.com/news/2", modified_at=datetime(2026, 3, 10, 9, 2, tzinfo=UTC), language="en"),
    Entry(url="https://example.org/3", language="bn"),
)


def read(text: str) -> Listing:
    return without_facts(read_feed(text.encode(), URL, "application/feed+json"))


def test_json_feed() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "language": "bn", "next_url": "?page=2", "items": ITEMS}
    assert read(json.dumps(feed)) == Listing(entries=ENTRIES, next_page=f"{URL}?page=2")
    assert read("\N{BYTE ORDER MARK}" + json.dumps(feed)).entries == ENTRIES


def test_items_without_an_address_are_left_out_and_counted() -> None:
    listing = read(json.dumps({"items": [{"id": "1"}, "2", None, {"url": "mailto:x"}, *ITEMS]}))
    assert len(listing.entries) == len(ITEMS)
    assert listing.problems == ("entries without a link to an article: 4",)


def test_a_feed_that_is_cut_off_gives_the_items_before() -> None:
    text = json.dumps({"version": "https://jsonfeed.org/version/1", "items": ITEMS})
    listing = read(text[: text.index("external_url")])
    assert [entry.url for entry in listing.entries] == ["https://example.com/news/1", "https://example.com/news/2"]
    assert listing.problems == ("the JSON is broken or truncated",)


@pytest.mark.parametrize("text", ['{"items": {}}', '{"items": 1}', "{}", '{"items": [', "{", '{"a":' + "[" * 100_000])
def test_other_json_is_no_feed(text: str) -> None:
    assert read(text) == Listing(problems=("this is JSON, not a feed",))


def test_half_a_surrogate_pair_is_no_text() -> None:
    listing = read('{"items": [{"url": "/a\\ud800", "title": "x\\ud800y"}, {"url": "/b", "title": "\\udfff"}]}')
    assert [entry.title for entry in listing.entries][-1] is None
    for entry in listing.entries:
        assert (entry.title or "").encode() in {b"xy", b""}


def test_a_link_and_a_language_with_half_a_surrogate_pair_are_read_without_it() -> None:
    feed = r'{"language": "en\ud800", "items": [{"url": "/news/1\uDFFF"}, {"id": "https://example.com/2\ud83c\udf0a\ud83c"}]}'
    for text in (feed, feed[:-2]):
        urls = [entry.url for entry in read(text).entries]
        assert urls == ["https://example.com/news/1", "https://example.com/2%F0%9F%8C%8A"]
    assert read(feed).entries[0].language == "en"


@pytest.mark.parametrize("date", ["1773133260", "1773133260000", "1773133260.5", '"2026-03-10 15:01:00 +6:00"'])
def test_a_date_that_is_no_rfc_3339(date: str) -> None:
    feed = f'{{"items": [{{"url": "https://example.com/1", "date_published": {date}}}]}}'
    assert read_feed(feed.encode(), URL).entries[0].published_at == datetime(2026, 3, 10, 9, 1, tzinfo=UTC)


def test_the_authors_of_a_feed_are_not_read_for_each_item() -> None:
    def calls(times: int) -> int:
        authors = [{"name": f"Ann {number}"} for number in range(times)]
        items = [{"id": f"https://news.example/{number}", "title": "Floods"} for number in range(times)]
        data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "authors": authors, "items": items})
        return count_calls(lambda: read_feed(data.encode(), URL))

    calls(100)
    assert calls(400) < 2.5 * calls(200)
