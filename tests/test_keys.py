from datetime import datetime, timedelta, timezone

import pytest

from khobor.keys import hand_over_key, is_page, listing_key, page_key

NIGHT = datetime(2023, 8, 16, 1, 30, tzinfo=timezone(timedelta(hours=6)))


def test_a_page_key_shows_host_day_and_article_in_utc() -> None:
    assert page_key("example.com", NIGHT, "abc") == "pages/example.com/2023-08-15/193000.000000Z-abc.html.gz"


def test_page_keys_of_a_host_sort_by_time() -> None:
    stamps = [NIGHT + timedelta(microseconds=step) for step in (0, 1, 10, 10**6, 10**9, 10**11)]
    keys = [page_key("example.com", stamp, article) for stamp, article in zip(stamps, "zyxwvu", strict=True)]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    "key",
    [
        page_key("example.com", NIGHT, "abc"),
        "uploads/page.html",
        "uploads/PAGE.HTM",
        "uploads/page",
        "uploads/খবর/1.php",
        "page.html",
        "saved/PAGE.HTML.GZ",
    ],
)
def test_a_page_is_known_by_where_it_lies_or_by_its_name(key: str) -> None:
    assert is_page(key)


@pytest.mark.parametrize(
    "key",
    [
        hand_over_key("abc", "def"),
        listing_key("daily", "feed", NIGHT, "abc"),
        "sources/page.html",
        "uploads/",
        "uploads/saved/",
        "uploads/page_files/logo.PNG",
        "uploads/.DS_Store",
        "uploads/Thumbs.db",
        "notes.txt",
        "page.mhtml",
    ],
)
def test_no_other_object_is_a_page(key: str) -> None:
    assert not is_page(key)
