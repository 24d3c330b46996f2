import unicodedata
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.extract.dates import parse_date

DHAKA = ZoneInfo("Asia/Dhaka")
NOW = datetime(2026, 9, 16, 12, 0, 30, tzinfo=UTC)


def read(text: str) -> str | None:
    point = parse_date(text, DHAKA, NOW)
    return point.instant.isoformat() if point else None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("১৬ আগস্ট ২০২৩, ০৫:২৩ এএম", "2023-08-16T05:23:00+06:00"),
        ("১৬ আগস্ট ২০২৩, ১২:০৫ এএম", "2023-08-16T00:05:00+06:00"),
        ("১৬ আগস্ট ২০২৩, ১২:০৫ পিএম", "2023-08-16T12:05:00+06:00"),
        ("প্রকাশিত: ১১:৪৫, জুন ২৫, ২০১৮", "2018-06-25T11:45:00+06:00"),
        ("১:৫৪ অপরাহ্ণ, জানুয়ারি ১৯, ২০১৯", "2019-01-19T13:54:00+06:00"),
        ("১১:৫৪ পূর্বাহ্ণ, জানুয়ারী ১৯, ২০১৯", "2019-01-19T11:54:00+06:00"),
        ("বুধবার, ১৬ সেপ্টেম্বর ২০২৬ | ১০:২৫ পিএম", "2026-09-16T22:25:00+06:00"),
        ("প্রকাশিত: ১০:৪৪, ১৬ ফেব্রুয়ারি ২০২৬", "2026-02-16T10:44:00+06:00"),
        ("১৬ সেপ্টেম্বর, ২০২৬ ১২:৩০ পিএম", "2026-09-16T12:30:00+06:00"),
        ("০২ মার্চ ২০২৬, ১২:৪৫", "2026-03-02T12:45:00+06:00"),
        ("২ ঘণ্টা আগে", "2026-09-16T10:00:00+00:00"),
        ("৩০ মিনিট আগে", "2026-09-16T11:30:00+00:00"),
        ("2 hours ago", "2026-09-16T10:00:00+00:00"),
        ("2023-08-16T05:23:00Z", "2023-08-16T05:23:00+00:00"),
        ("2023-08-16T05:23:00.123+0600", "2023-08-16T05:23:00.123000+06:00"),
        ("2023-08-16 05:23", "2023-08-16T05:23:00+06:00"),
        ("Wed, 16 Aug 2023 05:23:00 +0200", "2023-08-16T05:23:00+02:00"),
        ("1692141780", "2023-08-15T23:23:00+00:00"),
        ("1692141780123", "2023-08-15T23:23:00+00:00"),
        ("August 16, 2023 5:23 PM", "2023-08-16T17:23:00+06:00"),
        ("Aug 16, 2023 05:23 CEST", "2023-08-16T05:23:00+02:00"),
        ("Aug 16, 2023 05:23 XYZ", "2023-08-16T05:23:00+06:00"),
        ("16 August 2023", "2023-08-16T00:00:00+06:00"),
    ],
)
def test_a_date_is_read(text: str, instant: str) -> None:
    assert read(text) == instant


MONTHS = [
    "জানুয়ারি জানুয়ারী", "ফেব্রুয়ারি ফেব্রুয়ারী", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট অগাস্ট আগষ্ট",
    "সেপ্টেম্বর", "অক্টোবর অক্টোবার", "নভেম্বর", "ডিসেম্বর",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for number, names in enumerate(MONTHS, 1) for name in names.split()]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_spelling_of_a_month_is_known_in_both_forms_of_its_letters(
    name: str, number: int, form: Literal["NFC", "NFD"]
) -> None:
    written = unicodedata.normalize(form, name)
    composed = written.replace("\u09af\u09bc", "\u09df")
    for text in (written, composed):
        assert read(f"০৫ {text} ২০২৪, ০১:০২") == f"2024-{number:02}-05T01:02:00+06:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "কালবেলা ডেস্ক",
        "May",
        "10:30",
        "Monday",
        "৩১ ফেব্রুয়ারি ২০২৩",
        "২৫:৭০, ১ জুন ২০২৩",
        "16",
        "no date in 3 words",
        "x" * 500,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "precision", "has_offset"),
    [
        ("2023-08-16", "day", False),
        ("2023-08-16T00:00:00+06:00", "minute", True),
        ("১৬ আগস্ট ২০২৩", "day", False),
        ("১৬ আগস্ট ২০২৩, ০৫:২৩", "minute", False),
        ("২ দিন আগে", "day", True),
    ],
)
def test_precision_and_offset_are_told(text: str, precision: str, has_offset: bool) -> None:
    point = parse_date(text, DHAKA, NOW)
    assert point is not None
    assert (point.precision, point.has_offset) == (precision, has_offset)


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    point = parse_date(text, DHAKA, NOW)
    assert point is None or point.instant.tzinfo is not None
