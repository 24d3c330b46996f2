"""Feeds in which every entry has the time at which the site was built."""

import pytest
from tests.discover.test_listing_reader import SOURCE, page

from khobor.discover.listing import Listing
from khobor.discover.listing_reader import read_listing

BUILT = "Sat, 28 Nov 2026 02:31:00 +0000"
OTHER = "Fri, 27 Nov 2026 09:03:00 +0000"


def feed(*dates: str) -> Listing:
    items = "".join(
        f"<item><title>Bridge {number}</title><link>/{number}</link><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    return read_listing("feed", page(f"<rss><channel>{items}</channel></rss>", "/feed"), SOURCE)


def test_a_time_that_all_entries_share_is_no_time_of_publication() -> None:
    found = feed(BUILT, BUILT, BUILT, BUILT)
    assert [entry.published_at for entry in found.entries] == [None] * 4
    assert [(each.facts.title, each.facts.published) for each in found.entries if each.facts] == [
        (f"Bridge {number}", None) for number in range(4)
    ]
    assert found.is_unordered


@pytest.mark.parametrize(
    "dates",
    [
        (BUILT, BUILT, BUILT, OTHER),
        (BUILT, BUILT),
        (BUILT,),
        ("Sat, 28 Nov 2026 00:00:00 +0000",) * 4,
        (),
        (BUILT, "", BUILT),
    ],
)
def test_other_times_are_kept(dates: tuple[str, ...]) -> None:
    found = feed(*dates)
    assert [entry.published_at is not None for entry in found.entries] == [bool(date) for date in dates]
    assert not found.is_unordered
