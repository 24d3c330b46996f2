from datetime import UTC, datetime, timedelta, timezone

from khobor.keys import PAGE_SUFFIXES, hand_over_key, page_key

NIGHT = datetime(2023, 8, 16, 1, 30, tzinfo=timezone(timedelta(hours=6)))


def test_a_page_key_shows_host_day_and_article_in_utc() -> None:
    assert page_key("example.com", NIGHT, "abc") == "pages/example.com/2023-08-15/193000.000000Z-abc.html.gz"


def test_page_keys_of_a_host_sort_by_time() -> None:
    stamps = [NIGHT + timedelta(microseconds=step) for step in (0, 1, 10, 10**6, 10**9, 10**11)]
    keys = [page_key("example.com", stamp, article) for stamp, article in zip(stamps, "zyxwvu", strict=True)]
    assert keys == sorted(keys)


def test_an_article_handed_over_does_not_look_like_a_page() -> None:
    assert not hand_over_key("abc", "def").endswith(PAGE_SUFFIXES)
    assert page_key("example.com", datetime.now(UTC), "abc").endswith(PAGE_SUFFIXES)
