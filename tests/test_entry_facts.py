"""What a feed stated about an article, as a short text, and in the metadata of its page."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.entry_facts import MOST_CHARACTERS, EntryFacts, bounded, image_mark, read_facts, same_metadata, write_facts
from khobor.page import MAX_METADATA_BYTES, RawPage, from_metadata, to_metadata

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FACTS = EntryFacts(
    title="মীরা নদীর সেতু খুলল",
    published="2026-03-10T09:01:00+06:00",
    modified="2026-03-10",
    authors=("রহিমা বেগম", "Jane Doe"),
    categories=("শহর", "Bridges"),
    summary="দুই সপ্তাহ আগে সেতুটি খুলে দেওয়া হলো।",
    image="https://daily.example/bridge.jpg",
    site_images=(image_mark("https://daily.example/card.jpg"), image_mark("https://daily.example/logo.png")),
)
TEXTS = st.text(max_size=900)


def test_facts_come_back_from_a_short_text_of_ascii() -> None:
    text = write_facts(FACTS)
    assert text is not None
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 600
    assert read_facts(text) == FACTS


def test_an_image_has_one_mark_whatever_its_scheme_version_and_size() -> None:
    site = "https://daily.example"
    addresses = (
        "http://daily.example/card.jpg",
        f"{site}/card.jpg?v=2",
        f"{site}/card.jpg#a",
        f"{site}/card-64x64.jpg",
    )
    marks = set(map(image_mark, addresses))
    assert len(marks) == 1
    assert image_mark("https://daily.example/image?id=1") != image_mark("https://daily.example/image?id=2")
    assert image_mark("https://daily.example/a/card.jpg") not in marks


def test_marks_of_a_strange_length_are_none() -> None:
    strange = replace(FACTS, site_images=("x" * 9, "y" * 8))
    assert read_facts(write_facts(strange)) == replace(FACTS, site_images=("y" * 8,))


@given(st.builds(EntryFacts, title=TEXTS, summary=TEXTS, authors=st.lists(TEXTS).map(tuple), published=TEXTS))
def test_any_facts_fit(facts: EntryFacts) -> None:
    text = write_facts(bounded(facts))
    assert text is None or len(text) <= MOST_CHARACTERS
    assert text is None or read_facts(text) is not None


def test_the_least_important_facts_make_room_for_the_others() -> None:
    long = replace(FACTS, summary="".join(chr(0x980 + n * 7 % 60) for n in range(700)))
    whole = write_facts(FACTS) or ""
    assert read_facts(write_facts(long, len(whole))) == replace(FACTS, summary=None)
    assert read_facts(write_facts(FACTS, 60)) == EntryFacts(published=FACTS.published)
    assert write_facts(FACTS, 10) is None
    assert write_facts(None) is None
    assert write_facts(EntryFacts()) is None


@pytest.mark.parametrize("text", ["", "x", "!", "é", "AAAA", "q1YqVrJSerBsx4Pl7Q", "=" * 5000])
def test_any_other_text_has_no_facts(text: str) -> None:
    assert read_facts(text) is None


def test_the_metadata_of_a_page_keep_its_facts() -> None:
    page = RawPage(body=b"x", fetched_at=NOW, url="https://daily.example/1", entry=FACTS)
    metadata = to_metadata(page)
    assert from_metadata(b"x", metadata, NOW).entry == FACTS
    assert same_metadata(metadata, dict(metadata))
    assert not same_metadata(metadata, to_metadata(replace(page, entry=None)))
    assert not same_metadata(metadata, to_metadata(replace(page, entry=EntryFacts(title="Other"))))


def test_long_addresses_leave_room_for_the_time_of_publication() -> None:
    url = "https://daily.example/" + "%E0%A6%B8" * 193
    page = RawPage(body=b"x", fetched_at=NOW, url=url, entry=FACTS)
    metadata = to_metadata(page)
    assert sum(len(name) + len(value) for name, value in metadata.items()) <= MAX_METADATA_BYTES
    kept = from_metadata(b"x", metadata, NOW).entry
    assert kept is not None
    assert (kept.published, kept.summary) == (FACTS.published, None)


def test_what_the_first_feed_stated_stays_and_the_second_adds_to_it() -> None:
    first = EntryFacts(title="Bridge opens", published="2026-03-10")
    second = replace(FACTS, title="Bridge opens at last", published="2026-03-11T00:00:00+00:00")
    assert first.completed_by(second) == replace(second, title="Bridge opens", published="2026-03-10")
