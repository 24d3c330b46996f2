"""The measures: what is right, half right and not there."""

from typing import Any

import pytest
from tests.benchmarks import measures
from tests.benchmarks.corpus import Page
from tests.benchmarks.readings import Reading


def page(**known: Any) -> Page:
    return Page(id="page", url="https://news.example/1", **known)


def reading(**found: Any) -> Reading:
    return Reading(id="page", cost=1.0, floor=0.5, **found)


def test_precision_and_recall_count_sequences_of_four_words() -> None:
    # Of "a b c d", "b c d e" one is found, and "b c d x" is found besides.
    assert measures.overlap("a b c d e", "a b c d x") == (0.5, 0.5)
    assert measures.overlap("a b c d e", "a b c d") == (1.0, 0.5)


def test_sequences_count_as_often_as_they_stand() -> None:
    assert measures.overlap("a a a a", "a a a a a") == (0.5, 1.0)


def test_short_text_is_one_sequence() -> None:
    assert measures.overlap("Two words", "Two words") == (1.0, 1.0)
    assert measures.overlap("Two words", "Two words more") == (0.0, 0.0)


def test_nothing_found_has_a_recall_and_no_precision() -> None:
    assert measures.overlap("a b c d", "") == (None, 0.0)
    assert measures.overlap("", "a b c d") == (0.0, None)


def test_body_is_the_f1_of_mean_precision_and_mean_recall() -> None:
    pairs = [(page(body="a b c d e"), reading(body="a b c d")), (page(body="a b c d"), reading())]
    # Precision 1 of the one page with a text; recall 0.5 and 0.
    assert measures.body(pairs) == measures.f1(1.0, 0.25)


def test_body_of_nothing_but_misses_is_zero() -> None:
    assert measures.body([(page(body="a b c d"), reading())]) == 0.0


@pytest.mark.parametrize(
    ("found", "right"),
    [("THE “HARBOUR” – OPENS", 1.0), ("The\u00a0harbour opens", 1.0), ("The harbour", 0.0), (None, 0.0)],
)
def test_title(found: str | None, right: float) -> None:
    assert measures.title([(page(title="The harbour opens"), reading(title=found))]) == right


def test_alternative_title_counts_where_it_may() -> None:
    pairs = [(page(title="The harbour opens"), reading(title="Harbour", alternative_titles=["the harbour: opens"]))]
    assert measures.title(pairs) == 0.0
    assert measures.title_or_alternative(pairs) == 1.0


@pytest.mark.parametrize(
    ("found", "minute", "day"),
    [
        ("2026-03-01T10:00:30+01:00", 1.0, 1.0),
        ("2026-03-01 09:00:00", 1.0, 1.0),
        ("2026-03-01T10:01:00+01:00", 0.0, 1.0),
        ("2026-03-01", 0.0, 1.0),
        ("2026-03-02T09:00:00Z", 0.0, 0.0),
        (None, 0.0, 0.0),
    ],
)
def test_time_of_publication(found: str | None, minute: float, day: float) -> None:
    pairs = [(page(published="2026-03-01T10:00:00+01:00"), reading(published=found))]
    assert (measures.published_minute(pairs), measures.published_day(pairs)) == (minute, day)


@pytest.mark.parametrize(
    ("true", "found", "right"),
    [
        # The same moment is another day by the offset that the page gives.
        ("2026-03-01T23:30:00+00:00", "2026-03-02T05:30:00+06:00", 1.0),
        ("2026-03-02T05:30:00+06:00", "2026-03-01", 1.0),
        ("2026-03-02T05:30:00+06:00", "2026-02-28", 0.0),
        ("2026-03-02T05:30:00+06:00", None, 0.0),
    ],
)
def test_day_is_right_by_the_offset_of_the_page_and_in_utc(true: str, found: str | None, right: float) -> None:
    assert measures.published_day([(page(published=true), reading(published=found))]) == right


def test_of_a_known_day_only_the_day_counts() -> None:
    known = page(published="2026-03-01", precision="day")
    found = [reading(published="2026-03-01T23:00:00-08:00"), reading(published="2026-03-02T07:00:00Z")]
    assert measures.published_day([(known, each) for each in found]) == 0.5
    assert measures.score([known], found[:1], ["published"]) == {"published_day": 1.0}


@pytest.mark.parametrize(
    ("published", "precision"), [("2026-03-01T10:00:00", "minute"), ("2026-03-01T10:00:00+08:00", "wall")]
)
def test_time_on_the_publishers_clock_counts_whatever_the_offset(published: str, precision: str) -> None:
    known = page(published=published, precision=precision)
    found = [reading(published="2026-03-01T10:00:20+06:00"), reading(published="2026-03-01T10:00:00.000Z")]
    assert measures.published_minute([(known, each) for each in found]) == 1.0
    assert measures.published_minute([(known, reading(published="2026-03-01T04:00:00Z"))]) == 0.0


def test_characters_count_as_words_where_a_script_has_no_spaces() -> None:
    assert measures.overlap("港口今天开放", "港口今天") == (1.0, 1 / 3)


def test_text_starts_with_the_last_characters_of_the_true_first_words() -> None:
    known = page(starts="LONDON (Example) – The harbour opened on Monday")
    assert measures.starts([(known, reading(body="By us. The harbour opened on Monday, the crew said."))]) == 1.0
    assert measures.starts([(known, reading(body="The crew said."))]) == 0.0


def test_article_is_kept_and_another_page_is_refused() -> None:
    texts = [reading(body="Tide"), reading(body="Tide", not_article="listing"), reading(body=" "), reading()]
    assert measures.kept([(page(), each) for each in texts]) == 0.25
    assert measures.refused([(page(kind="listing"), each) for each in texts]) == 0.75
    assert measures.score([page(kind="listing")], texts[:1], ["body"]) == {"refused": 0.0}


def test_names_count_over_all_pages() -> None:
    pairs = [
        (page(authors=["Ann Lee", "Bo Ek"]), reading(authors=["ann lee"])),
        (page(authors=["Cy Ott"]), reading(authors=["Cy Ott", "The Desk", ""])),
    ]
    # Two right, one missing, one too many.
    assert measures.authors(pairs) == 2 * 2 / (2 * 2 + 2)
    assert measures.topics([(page(topics=["Ships"]), reading())]) == 0.0


def test_segments_count_over_all_pages() -> None:
    pairs = [
        (page(within=["tide", "crew"], without=["cookies"]), reading(body="The tide, the crew, the cookies")),
        (page(within=["harbour"], without=[]), reading(body="Nothing")),
    ]
    assert measures.segments(pairs) == measures.f1(2 / 3, 2 / 3)


def test_only_what_is_known_and_given_is_measured() -> None:
    pages = [page(title="The harbour", authors=[]), page(body="a b c d")]
    readings = [reading(title="The harbour"), reading(body="a b c d")]
    assert measures.score(pages, readings, ["body", "title"]) == {"body": 1.0, "title": 1.0, "kept": 0.5}
    assert measures.score(pages, readings, ["title"]) == {"title": 1.0}


def test_worst_page_is_found_by_its_own_text() -> None:
    assert measures.body_score(page(body="a b c d e"), reading(body="a b c d x")) == 0.5
    assert measures.body_score(page(within=["tide"], without=["crew"]), reading(body="tide")) == 1.0
