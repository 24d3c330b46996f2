"""The dates of publication and modification."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import NOW, URL, article, json_ld_article, meta

from khobor.extract import extract


@pytest.mark.parametrize(
    "parts",
    [
        {"json_ld": json_ld_article(datePublished="2026-09-15T08:30:00+02:00")},
        {"head": meta("article:published_time", "2026-09-15T06:30:00Z")},
        {"article": '<time datetime="2026-09-15T06:30:00Z">yesterday</time>'},
        {"article": '<span class="published">Published: 15 September 2026, 06:30</span>'},
    ],
)
def test_published(parts: dict[str, Any]) -> None:
    assert article(**parts).published_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "parts",
    [
        {"json_ld": json_ld_article(datePublished=1789453800)},
        {"json_ld": json_ld_article(datePublished=1789453800000)},
        {"json_ld": json_ld_article(datePublished=1789453800.0)},
        {"json_ld": json_ld_article(datePublished="1789453800000")},
        {"json_ld": json_ld_article(datePublished=[1789453800])},
        {"json_ld": json_ld_article(datePublished={"@type": "Date", "@value": 1789453800})},
        {"head": meta("article:published_time", "1789453800")},
        {"article": '<time datetime="1789453800">yesterday</time>'},
        {"article": '<time data-timestamp="1789453800000">yesterday</time>'},
        {"article": '<span class="date" data-utime="1789453800">yesterday</span>'},
        {"article": '<p data-published="1789453800">By Ann Lee</p>'},
        {"article": '<p>By Ann Lee <span data-unix-time="1789453800000">now</span></p>'},
        {"article": '<p><span data-publish-date="2026-09-15T06:30:00Z">now</span></p>'},
        {"article": '<span class="date">2026-09-15 HKT 14:30</span>'},
        {"article": "<p>Published: 2026-09-15 HKT 14:30</p>"},
        {"article": '<span class="date">Tue, Sep 15, 2026 02:30:00 AM EDT</span>'},
        {"json_ld": json_ld_article(datePublished="2026-09-15T12:00:00+5:30")},
        {"json_ld": json_ld_article(datePublished="2569-09-15T13:30:00+07:00")},
    ],
)
def test_published_in_unix_time_with_names_of_zones_and_by_another_era(parts: dict[str, Any]) -> None:
    assert article(**parts).published_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["data-updated-at", "data-modified-time", "data-expires-time", "data-id", "data-time-zone"]
)
def test_a_number_of_another_meaning_is_not_when_it_was_published(name: str) -> None:
    assert article(article=f'<p {name}="1789453800">By Ann Lee</p>').published_at is None


@pytest.mark.parametrize("value", [True, 0, -1, 1789453, [], {}, [None], {"@value": None}, 1e300])
def test_what_is_no_unix_time_is_no_date(value: Any) -> None:
    assert article(json_ld=json_ld_article(datePublished=value)).published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "الثلاثاء 3 ربيع الآخر 1448 هـ - 15 سبتمبر 2026 م",
        "১৫ সেপ্টেম্বর ২০২৬, ৩১ ভাদ্র ১৪৩৩",
        "سه‌شنبه ۲۴ شهریور ۱۴۰۵",
        "R8.9.15",
        "民國115年9月15日",
        "15 ก.ย. 69",
    ],
)
def test_a_day_by_another_calendar_or_by_two(line: str) -> None:
    found = article(article=f'<p class="date">{line}</p>')
    assert found.published_at is not None
    assert f"{found.published_at:%Y-%m-%d}" == "2026-09-15"


def test_a_time_with_a_zone_that_nobody_knows_is_no_time_in_utc() -> None:
    evidence = article(json_ld=json_ld_article(datePublished="2026-09-15T08:30:00+0517")).extraction.fields[
        "published_at"
    ]
    assert evidence.precision == "day"


def test_a_place_with_the_time_is_better_than_one_with_the_day() -> None:
    found = article(
        json_ld=json_ld_article(datePublished="2026-09-15"), head=meta("article:published_time", "2026-09-15T06:30:00Z")
    )
    assert found.published_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


def test_one_is_never_guessed_from_the_other() -> None:
    found = article(json_ld=json_ld_article(dateModified="2026-09-15T08:30:00+02:00"))
    assert found.published_at is None
    assert found.modified_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


def test_a_change_in_brackets_behind_the_date_is_when_it_was_modified() -> None:
    found = article(article='<p class="date">12 marzo 2026 01:57 (modifica il 12 marzo 2026 | 19:20)</p>')
    assert found.published_at == datetime(2026, 3, 12, 1, 57, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 3, 12, 19, 20, tzinfo=UTC)


def test_the_zone_that_was_assumed_is_told() -> None:
    evidence = article(json_ld=json_ld_article(datePublished="2026-09-15 08:30")).extraction.fields["published_at"]
    assert (evidence.assumed_zone, evidence.precision, evidence.origin) == ("UTC", "minute", "json-ld")


def test_a_time_without_an_offset_takes_that_of_the_pages_other_times() -> None:
    found = article(
        head=meta("article:published_time", "2026-09-15T14:20:00+09:00"),
        article="<div>Updated 2026-09-15 16:05</div>",
    )
    assert found.modified_at == datetime(2026, 9, 15, 7, 5, tzinfo=UTC)
    assert found.extraction.fields["modified_at"].assumed_zone == "UTC+09:00"


def test_todays_date_in_the_pages_header_is_not_the_articles() -> None:
    html = page().decode().replace("<nav>", '<div class="top"><span class="date">16 September 2026</span></div><nav>')
    assert extract(html.encode(), URL, fetched_at=NOW).published_at is None


def test_another_articles_date_in_microdata_is_not_the_articles() -> None:
    other = '<meta itemprop="datePublished" content="2026-09-14T10:00:00Z">'
    scope = 'itemscope itemtype="https://schema.org/NewsArticle"'
    html = page().decode().replace("<article>", f"<article {scope}>")
    html = html.replace("<footer>", f"<div {scope}>{other}</div><footer>")
    assert extract(html.encode(), URL, fetched_at=NOW).published_at is None
