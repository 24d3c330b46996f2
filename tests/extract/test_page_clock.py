"""The zones of times on pages whose source is not known."""

from datetime import UTC, datetime

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import NOW, URL, article, json_ld_article, meta

from khobor.extract import extract

ZONE = '<script>window.site = {{"name": "Harbour", {}}}</script>'
LOS_ANGELES = ZONE.format('"publicationTimezone": "America\\/Los_Angeles"')
LINE = '<p class="date">15 September 2026, 14:24</p>'


@pytest.mark.parametrize(
    ("script", "zone", "hour"),
    [
        (LOS_ANGELES, "America/Los_Angeles", 21),
        (ZONE.format('timezone: "Asia/Tokyo"'), "Asia/Tokyo", 5),
        (ZONE.format('"timezone_string":"Europe/Berlin"'), "Europe/Berlin", 12),
        (ZONE.format('"data": "{\\"timeZone\\":\\"America/Chicago\\"}"'), "America/Chicago", 19),
        (ZONE.format('"timezone": "Europe/Nowhere"'), "UTC", 14),
        (ZONE.format('"timezones": [{"timezone": "Europe/Berlin"}, {"timezone": "Asia/Tokyo"}]'), "UTC", 14),
        ("", "UTC", 14),
    ],
)
def test_a_time_without_an_offset_is_in_the_zone_that_the_scripts_of_the_page_name(
    script: str, zone: str, hour: int
) -> None:
    found = article(head=script, article=LINE)
    assert found.published_at == datetime(2026, 9, 15, hour, 24, tzinfo=UTC)
    assert found.extraction.fields["published_at"].assumed_zone == zone


def test_the_zone_in_a_script_is_not_asked_where_the_host_names_a_country_with_one_zone() -> None:
    found = article(url="https://news.example.de/ferry", head=LOS_ANGELES, article=LINE)
    assert found.extraction.fields["published_at"].assumed_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("September 15, 2026 2:24 pm", "America/New_York"),
        ("Tuesday, Sept. 15th, 2026 at 2:24PM", "America/New_York"),
        ("September 15, 2026 | 2:24 p.m.", "America/New_York"),
        ("15 September 2026 2:24 pm", "UTC"),
        ("September 15, 2026 14:24", "UTC"),
        ("2026-09-15 14:24", "UTC"),
    ],
)
def test_a_time_in_the_american_form_is_in_the_zone_of_most_americans(line: str, zone: str) -> None:
    found = article(article=f'<p class="date">{line}</p>')
    assert found.published_at is not None
    assert found.published_at.replace(tzinfo=None) == datetime(2026, 9, 15, 14, 24)  # noqa: DTZ001 local times
    assert found.extraction.fields["published_at"].assumed_zone == zone


def test_a_time_that_the_page_shows_in_the_american_form_is_the_same_time_where_it_is_declared() -> None:
    head = meta("article:published_time", "2026-09-15 14:24:31")
    found = article(head=head, article='<p class="date">September 15, 2026 2:24 pm</p>')
    assert found.published_at == datetime(2026, 9, 15, 18, 24, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "script", "instant", "local"),
    [
        ("https://news.example.ca/ferry", "", "2026-09-16T00:23:33Z", "2026-09-15 20:23"),
        ("https://news.example.jp/ferry", "", "2026-09-15T20:23:33Z", "2026-09-16 05:23"),
        ("https://news.example/ferry", LOS_ANGELES, "2026-09-16T02:00:01Z", "2026-09-15 19:00"),
        # Midnight is a day.
        ("https://news.example/ferry", LOS_ANGELES, "2026-09-16T00:00:00Z", "2026-09-16 00:00"),
        ("https://news.example/ferry", "", "2026-09-16T02:00:01Z", "2026-09-16 02:00"),
    ],
)
def test_a_time_in_utc_has_the_day_that_its_readers_see(url: str, script: str, instant: str, local: str) -> None:
    found = article(url=url, head=script, json_ld=json_ld_article(datePublished=instant))
    assert found.published_at == datetime.fromisoformat(instant)
    assert f"{found.published_at:%Y-%m-%d %H:%M}" == local


def test_a_page_that_shows_the_day_in_utc_keeps_it() -> None:
    found = article(
        url="https://news.example.ca/ferry",
        json_ld=json_ld_article(datePublished="2026-09-16T00:23:33Z"),
        article="<p>16 September 2026</p>",
    )
    assert f"{found.published_at:%Y-%m-%d}" == "2026-09-16"


def test_a_short_script_that_writes_the_only_date_of_the_page_tells_the_day() -> None:
    script = b'<table><tr><td>&nbsp;<script>showDate("2026/09/15 01:43:09 01:43:09")</script></td></tr></table>'
    found = extract(page().replace(b"<footer>", script + b"<footer>"), URL, fetched_at=NOW)
    assert found.published_at == datetime(2026, 9, 15, 1, 43, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>15 September 2026</p><p>14:24</p>",
        "<p>15.09.2026<br>14:24 Uhr</p>",
        "<p>15.09.2026</p><p>um 14.24 Uhr</p>",
        "<ul><li>15 Sep 2026</li><li>2:24 pm</li><li>3 min read</li></ul>",
        "<dl><dt>Datum</dt><dd>15.09.2026</dd><dt>Uhrzeit</dt><dd>14:24</dd></dl>",
        "<table><tr><td>Date:</td><td>15.09.2026</td><td>Time:</td><td>14:24</td></tr></table>",
    ],
)
def test_a_line_with_a_time_alone_belongs_to_the_day_before_it(lines: str) -> None:
    found = article(url="https://news.example.de/ferry", article=lines)
    assert found.published_at == datetime(2026, 9, 15, 12, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>15 September 2026</p><p>Updated: 14:24</p>",
        "<p>15 September 2026</p><p>Updated</p><p>14:24</p>",
        "<p>15 September 2026</p><p>12.50</p>",
        "<p>15 September 2026</p><p>The boat leaves at 14:24</p>",
    ],
)
def test_a_line_with_more_than_a_time_or_of_a_change_leaves_the_day_alone(lines: str) -> None:
    found = article(article=lines)
    assert found.published_at == datetime(2026, 9, 15, tzinfo=UTC)
    assert found.extraction.fields["published_at"].precision == "day"


@pytest.mark.parametrize("midnight", ["2026-09-15T00:00:00+02:00", "2026-09-15T00:00:00Z", "2026-09-15 00:00:00"])
def test_a_declared_midnight_is_a_day_whose_time_the_page_may_show(midnight: str) -> None:
    declared = json_ld_article(datePublished=midnight)
    found = article(url="https://news.example.de/ferry", json_ld=declared, article="<p>15.09.2026, 14:24 Uhr</p>")
    assert found.published_at == datetime(2026, 9, 15, 12, 24, tzinfo=UTC)
    assert article(json_ld=declared).extraction.fields["published_at"].precision == "day"
