from datetime import UTC, date, datetime, timedelta

import pytest
from tests.articles import MORNING, article
from tests.export.full_article import DHAKA

from khobor.archive.headlines import Headline
from khobor.article import Rights
from khobor.export.rights import MEANINGS, Reservation, first_reservation
from khobor.export.selection import Selection, bound


def headline(language: str | None = "bn", at: datetime = MORNING) -> Headline:
    return Headline(
        article_id="id1", source="example", listed_at=at, title=None, url=None, section=None, language=language
    )


@pytest.mark.parametrize(
    ("text", "is_end", "expected"),
    [
        ("2026-03-01", False, date(2026, 3, 1)),
        ("2026-03-01", True, date(2026, 3, 2)),
        ("2026-03-01T06:00", False, datetime(2026, 3, 1, 6, tzinfo=UTC)),
        ("2026-03-01T06:00", True, datetime(2026, 3, 1, 6, tzinfo=UTC)),
        ("2026-03-01T06:00+06:00", False, datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T06:00:00Z", False, datetime(2026, 3, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_day_is_taken_whole_and_a_time_to_the_moment(text: str, *, is_end: bool, expected: date | datetime) -> None:
    assert bound(text, is_end=is_end) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-02-29"])
def test_what_is_no_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month|day"):
        bound(text)


@pytest.mark.parametrize(
    ("wanted", "language", "is_taken"),
    [
        ("bn", "bn", True),
        ("bn", "bn-BD", True),
        ("BN-bd", "bn-BD", True),
        ("bn-BD", "bn", False),
        ("b", "bn", False),
        ("bn", None, False),
        ("bn", "en", False),
    ],
)
def test_a_language_takes_its_regions_too(wanted: str, language: str | None, *, is_taken: bool) -> None:
    assert Selection(languages=(wanted, "qaa")).takes(headline(language)) is is_taken


def test_the_end_is_not_taken_and_the_start_is() -> None:
    selection = Selection(start=MORNING, end=MORNING + timedelta(hours=1))
    assert selection.takes(headline())
    assert not selection.takes(headline(at=MORNING + timedelta(hours=1)))
    assert not selection.takes(headline(at=MORNING - timedelta(seconds=1)))


def test_only_a_whole_day_of_a_source_that_is_asked_for_is_covered() -> None:
    day = date(2023, 8, 16)
    assert Selection(sources=("example",)).covers("example", day)
    assert not Selection(sources=("other",)).covers("example", day)
    assert Selection(start=day, end=date(2023, 8, 17)).covers(None, day)
    assert not Selection(start=date(2023, 8, 17)).covers(None, day)
    assert not Selection(end=day).covers(None, day)
    # Somewhere on Earth the day begins before this instant.
    assert not Selection(start=datetime(2023, 8, 16, tzinfo=DHAKA)).covers(None, day)
    assert Selection(start=datetime(2023, 8, 15, 10, tzinfo=UTC)).covers(None, day)
    assert not Selection(end=datetime(2023, 8, 16, 23, tzinfo=UTC)).covers(None, day)


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (Rights(tdm_reservation=True), Reservation.TDM),
        (Rights(tdm_reservation=False), None),
        (Rights(), None),
        (Rights(robots=("NoArchive",)), Reservation.NOARCHIVE),
        (Rights(robots=("nocache",)), Reservation.NOARCHIVE),
        (Rights(robots=("noimageai",)), Reservation.NOAI),
        (Rights(robots=("max-snippet: 0",)), Reservation.NOSNIPPET),
        (Rights(robots=("max-snippet:50", "follow")), None),
        (Rights(robots=("none",)), Reservation.NOINDEX),
    ],
)
def test_a_reservation_is_what_page_and_answer_said(rights: Rights, expected: Reservation | None) -> None:
    assert first_reservation(article(rights=rights), tuple(Reservation)) is expected


@pytest.mark.parametrize(("free", "expected"), [(False, Reservation.PAYWALL), (True, None), (None, None)])
def test_a_paywall_is_one_only_if_the_page_says_so(free: bool | None, expected: Reservation | None) -> None:
    assert first_reservation(article(is_accessible_for_free=free), [Reservation.PAYWALL]) is expected


def test_only_what_is_to_be_respected_is() -> None:
    both = article(rights=Rights(tdm_reservation=True, robots=("noarchive",)))
    assert first_reservation(both, [Reservation.NOARCHIVE]) is Reservation.NOARCHIVE
    assert first_reservation(both, [Reservation.NOSNIPPET]) is None


def test_every_reservation_says_what_it_is() -> None:
    assert set(MEANINGS) == set(Reservation)
