import sys
import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.dates.reading import parse_date, parse_day_without_year

DHAKA = ZoneInfo("Asia/Dhaka")
NOW = datetime(2026, 9, 16, 12, 0, 30, tzinfo=UTC)


def read(text: str, zone: tzinfo = DHAKA, language: str | None = None) -> str | None:
    point = parse_date(text, zone, NOW, language)
    return point.instant.isoformat() if point else None


def local(text: str, zone: tzinfo = DHAKA, language: str | None = None) -> str | None:
    """Return the date and the time of day in the site's zone, without the offset."""
    point = parse_date(text, zone, NOW, language)
    return f"{point.instant.astimezone(zone):%Y-%m-%d %H:%M}" if point else None


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


@pytest.mark.parametrize(
    "text",
    [
        "2023-08-16T05:23:00+06:00",
        "2023-08-16T05:23:00 +06:00",
        "2023-08-16 05:23:00 +0600",
        "2023-08-16T05:23:00+06",
        "2023-08-16 05:23:00.0 +06",
        "2023-08-16T05:23+06:00",
        "20230816T052300+0600",
        "2023-08-15T23:23:00Z",
        "20230815T232300Z",
        "2023-08-15 23:23:00 UTC",
        "2023-08-15T23:23:00 GMT",
        "2023/08/15 23:23 GMT",
        "2023-08-16T05:23:00.000000000+06:00",
        "2023-8-16T5:23+06:00",
        "2023-08-16T05:23:00+06:00[Asia/Dhaka]",
        " 2023-08-16T05:23:00+06:00\n",
        "Tue, 15 Aug 2023 23:23:00 GMT",
        "Tue, 15 Aug 23 23:23:00 +0000",
        "16 Aug 2023 05:23:00 +0600 (BST)",
        "Tuesday, 15-Aug-23 23:23:00 UTC",
        "Tue Aug 15 23:23:00 UTC 2023",
        "Tue Aug 15 23:23:00 +0000 2023",
        "Wed Aug 16 2023 05:23:00 GMT+0600 (Bangladesh Standard Time)",
        "1692141780",
        "1692141780000",
        "1692141780000000",
        "২০২৩-০৮-১৬ ০৫:২৩ +০৬:০০",
        "16.08.2023, 05:23 (UTC+6)",
        "5:23 AM GMT+6, August 16, 2023",
        "15 August 2023 at 7:23 p.m. EDT",
        "Aug. 15, 2023 7:23 PM ET",
        "16.08.2023 02:23 МСК",
    ],
)
def test_an_offset_is_read_however_it_is_written(text: str) -> None:
    point = parse_date(text, ZoneInfo("Asia/Kolkata"), NOW)
    assert point is not None
    assert point.instant == datetime(2023, 8, 15, 23, 23, tzinfo=UTC)
    assert (point.precision, point.has_offset) == ("minute", True)


# One or more forms for each language, all for 1 March 2024, 14:05.
WRITTEN = {
    "af": ["Vrydag 1 Maart 2024 om 14:05"],
    "am": ["ማርች 1, 2024 14:05", "ማርች 1 ቀን 2024 14:05"],
    "ar": ["الجمعة، ١ مارس ٢٠٢٤ 02:05 م", "1 آذار 2024 - 14:05", "01 أذار/مارس 2024 الساعة 2:05 مساءً"],
    "as": ["১ মাৰ্চ, ২০২৪ ১৪:০৫"],
    "az": ["1 mart 2024, 14:05"],
    "be": ["1 сакавіка 2024, 14:05"],
    "bg": ["петък, 1 март 2024 г., 14:05 ч.", "01.03.2024 г. 14:05"],
    "bn": [
        "শুক্রবার, ১ মার্চ ২০২৪, ০২:০৫ পিএম",
        "১লা মার্চ, ২০২৪ দুপুর ২টা ০৫ মিনিট",
        "০১ মার্চ’২৪ ১৪:০৫",
        "১ মার্চ ২০২৪, ০২ঃ০৫ অপরাহ্ন",
    ],
    "ca": ["1 de març de 2024, 14:05 h", "divendres, 1 de març del 2024 a les 14.05"],
    "ckb": ["1 ئازار 2024 14:05"],
    "cs": ["1. března 2024 14:05", "pátek 1. 3. 2024, 14:05"],
    "cy": ["1 Mawrth 2024, 14:05"],
    "da": ["fredag d. 1. marts 2024 kl. 14.05", "01. mar. 2024 kl. 14:05"],
    "de": ["Veröffentlicht am 1. März 2024 um 14:05 Uhr", "Freitag, 01.03.2024, 14.05 Uhr", "1. Mrz 2024 | 14:05"],
    "el": ["Παρασκευή, 1 Μαρτίου 2024, 14:05", "ΠΑΡΑΣΚΕΥΗ 1 ΜΑΡΤΙΟΥ 2024 2:05 μ.μ.", "01 Μαρ. 2024 14:05"],
    "en": [
        "Friday, March 1st, 2024 at 2:05 p.m.",
        "1 March 2024, 2.05pm",
        "Published Mar 1, 2024 | 2:05 PM",
        "14:05, 1st of March 2024",
    ],
    "es": [
        "viernes, 1 de marzo de 2024 a las 14:05",
        "1 mar 2024 - 2:05 p. m.",
        "01/03/2024 14:05 h",
        "1 de marzo de 2024, 14h05",
    ],
    "et": ["1. märts 2024 kell 14:05"],
    "eu": ["2024ko martxoaren 1a, 14:05"],
    "fa": ["جمعه ۱ مارس ۲۰۲۴ - ۱۴:۰۵"],
    "fi": ["perjantai 1. maaliskuuta 2024 klo 14.05", "1.3.2024 klo 14:05"],
    "fo": ["1. mars 2024 14:05"],
    "fr": [
        "Publié le 1er mars 2024 à 14h05",
        "vendredi 1 mars 2024 14 h 05",
        "Le 01/03/2024 à 14:05",
        "ven. 1 mars 2024 - 14:05",
    ],
    "ga": ["1 Márta 2024, 14:05"],
    "gl": ["1 de marzo de 2024 ás 14:05"],
    "gu": ["૧ માર્ચ ૨૦૨૪, ૧૪:૦૫"],
    "ha": ["1 ga Maris 2024, 14:05"],
    "he": ["1 במרץ 2024, 14:05", "יום שישי, 01.03.2024 בשעה 14:05"],
    "hi": ["शुक्रवार, १ मार्च २०२४ दोपहर 2:05 बजे", "1 मार्च 2024, 14:05"],
    "hr": ["petak, 1. ožujka 2024. u 14:05", "01.03.2024. u 14:05 h"],
    "bs": ["1. mart 2024. 14:05"],
    "hu": ["2024. március 1. 14:05", "2024. 03. 01. 14:05", "2024. márc. 1., péntek 14:05"],
    "hy": ["1 մարտի, 2024 14:05", "մարտ 1, 2024 14:05"],
    "id": ["Jumat, 1 Maret 2024 14:05 WIB", "1 Mar 2024, 14:05 WIB"],
    "is": ["1. mars 2024 kl. 14:05"],
    "it": ["venerdì 1 marzo 2024, ore 14:05", "1º marzo 2024 alle 14.05"],
    "ja": ["2024年3月1日 14時05分", "2024年3月1日（金）午後2時5分", "令和6年3月1日 14:05", "2024/03/01 14:05"],
    "ka": ["1 მარტი, 2024 14:05", "14:05 | 1 მარ, 2024"],
    "kk": ["2024 ж. 1 наурыз, 14:05", "1 наурыз 2024 14:05"],
    "km": ["ថ្ងៃទី ១ ខែ មីនា ឆ្នាំ ២០២៤ 14:05"],
    "kn": ["1 ಮಾರ್ಚ್ 2024, 14:05"],
    "ko": [
        "2024년 3월 1일 오후 2:05",
        "2024년 3월 1일 14시 5분",
        "입력 2024.03.01. 오후 2:05",
        "2024.03.01 (금) 14:05",
    ],
    "ky": ["1-март, 2024 14:05"],
    "lb": ["1. Mäerz 2024, 14:05 Auer"],
    "lo": ["1 ມີນາ 2024 14:05"],
    "lt": ["2024 m. kovo 1 d. 14:05", "2024-03-01 14:05"],
    "lv": ["2024. gada 1. marts, 14:05", "piektdiena, 1. marts, 2024 14:05"],
    "mk": ["1 март 2024, 14:05"],
    "ml": ["1 മാർച്ച് 2024, 14:05", "മാര്‍ച്ച് 1, 2024 14:05"],
    "mn": ["2024 оны 3 дугаар сарын 1, 14:05", "2024 оны 3 сарын 1-ний 14:05"],
    "mr": ["१ मार्च २०२४, १४:०५"],
    "ms": ["Jumaat, 1 Mac 2024 2:05 PM"],
    "mt": ["1 ta’ Marzu 2024 14:05"],
    "my": ["၁ မတ် ၂၀၂၄ ၁၄:၀၅"],
    "nb": ["1. mars 2024 kl. 14:05", "Publisert: 01.03.2024 kl 14.05"],
    "ne": ["१ मार्च २०२४, १४:०५"],
    "nl": ["vrijdag 1 maart 2024 om 14:05 uur", "01-03-2024 14:05"],
    "nn": ["1. mars 2024 kl. 14.05"],
    "or": ["୧ ମାର୍ଚ୍ଚ ୨୦୨୪, ୧୪:୦୫"],
    "pa": ["੧ ਮਾਰਚ ੨੦੨੪, ੧੪:੦੫"],
    "pl": ["piątek, 1 marca 2024 r., godz. 14:05", "1 marca 2024, 14:05"],
    "ps": ["۱ مارچ ۲۰۲۴ ۱۴:۰۵"],
    "pt": ["1 de março de 2024 às 14h05", "sexta-feira, 01 mar 2024 14h05min", "1º de março de 2024, 14:05"],
    "ro": ["vineri, 1 martie 2024, ora 14:05"],
    "ru": ["Пятница, 1 марта 2024 года, 14:05", "1 мар. 2024, 14 ч. 05 мин.", "14:05, 01.03.2024"],
    "si": ["2024 මාර්තු 1, 14:05", "1 මාර්තු 2024 14:05"],
    "sk": ["1. marca 2024 14:05", "1. 3. 2024 o 14.05 hod."],
    "sl": ["1. marec 2024 ob 14.05", "1. marca 2024, 14:05"],
    "so": ["1 Maarso 2024 14:05"],
    "sq": ["1 mars 2024, 14:05", "E premte, 01.03.2024 14:05"],
    "sr": ["1. mart 2024. 14:05", "петак, 1. март 2024. у 14:05"],
    "sv": ["fredag 1 mars 2024 kl. 14.05", "1 mars 2024, 14:05"],
    "sw": ["1 Machi 2024, 14:05"],
    "ta": ["1 மார்ச் 2024, 14:05", "மார்ச் 1, 2024 மாலை 2:05"],
    "te": ["1 మార్చి 2024, 14:05"],
    "tg": ["1 марти соли 2024 14:05"],
    "th": ["1 มีนาคม 2567 14:05 น.", "วันที่ 1 มี.ค. 2567 เวลา 14.05 น.", "1 มี.ค. 67 14:05", "๑ มีนาคม พ.ศ. ๒๕๖๗ ๑๔:๐๕"],
    "tl": ["Marso 1, 2024 2:05 PM"],
    "tr": ["1 Mart 2024 Cuma, 14:05", "01.03.2024 - 14:05"],
    "uk": ["П’ятниця, 1 березня 2024 р., 14:05", "1 бер. 2024 14:05"],
    "ur": ["جمعہ 1 مارچ 2024، 14:05"],
    "uz": ["1 mart 2024 yil, 14:05", "1 март 2024, 14:05"],
    "vi": ["Thứ sáu, 1 tháng 3 năm 2024, 14:05", "ngày 1 tháng 3, 2024 14h05", "Thứ Sáu, 01/03/2024, 14:05 (GMT+7)"],
    "zh": [
        "2024年3月1日 14:05",
        "2024年03月01日下午2点05分",
        "发布时间：2024-03-01 14:05",
        "三月 1, 2024 14:05",
        "民國113年3月1日 14:05",
    ],
}


def of_zone(language: str) -> tzinfo:
    return ZoneInfo({"vi": "Asia/Ho_Chi_Minh", "id": "Asia/Jakarta"}.get(language, "Europe/Brussels"))


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in WRITTEN.items() for text in texts]
)
def test_a_written_date_is_read_whether_its_language_is_known_or_not(language: str, text: str) -> None:
    zone = ZoneInfo({"vi": "Asia/Ho_Chi_Minh", "id": "Asia/Jakarta"}.get(language, "Europe/Brussels"))
    assert [local(text, zone, known) for known in (None, language)] == ["2024-03-01 14:05"] * 2


def test_an_old_spelling_of_a_month_is_read() -> None:
    assert [local(f"1 {month} 2023 14:05", ZoneInfo("Asia/Jakarta"), "id") for month in ("Nopember", "Pebruari")] == [
        "2023-11-01 14:05",
        "2023-02-01 14:05",
    ]


HALVES = [
    ("16 August 2023, 12:05 AM", "00:05"),
    ("16 August 2023, 12:05 PM", "12:05"),
    ("12 noon, 16 August 2023", "12:00"),
    ("16 August 2023 5pm", "17:00"),
    ("16. August 2023, 17 Uhr", "17:00"),
    ("16 août 2023 à 17h", "17:00"),
    ("16 août 2023 à 17h30", "17:30"),
    ("2023年8月16日 下午5点", "17:00"),
    ("2023年8月16日凌晨2点30分", "02:30"),
    ("2023년 8월 16일 밤 11시", "23:00"),
    ("১৬ আগস্ট ২০২৩, রাত ৯:৩০", "21:30"),
    ("১৬ আগস্ট ২০২৩, রাত ১২টা ৫ মিনিট", "00:05"),
    ("১৬ আগস্ট ২০২৩, রাত ২টা", "02:00"),
    ("১৬ আগস্ট ২০২৩, দুপুর ১২:৩০", "12:30"),
    ("১৬ আগস্ট ২০২৩, দুপুর ১:৩০", "13:30"),
    ("১৬ আগস্ট ২০২৩, সকাল ১০টা", "10:00"),
    ("16 ágúst 2023 kl. 17.05", "17:05"),
    ("16 August 2023, 17:05 PM", "17:05"),
    ("16 de agosto de 2023, 9:30 de la noche", "21:30"),
    ("16 Ogos 2023, 10:15 malam", "22:15"),
    ("16 Agustus 2023 pukul 01:15 siang", "13:15"),
    ("Rabu malam, 16 Agustus 2023 20:15", "20:15"),
]


@pytest.mark.parametrize(("text", "clock"), HALVES)
def test_the_time_of_day_is_read_in_halves_and_whole_hours(text: str, clock: str) -> None:
    assert local(text) == f"2023-08-16 {clock}"


@pytest.mark.parametrize(
    ("text", "zone", "language", "day"),
    [
        ("03/04/2024", "UTC", None, "2024-04-03"),
        ("03/04/2024", "UTC", "en-GB", "2024-04-03"),
        ("03/04/2024", "UTC", "en-us", "2024-03-04"),
        ("03/04/2024", "America/Chicago", None, "2024-03-04"),
        ("03/04/2024", "Asia/Dhaka", "en-US", "2024-04-03"),
        ("03-04-2024", "UTC", None, "2024-04-03"),
        ("03.04.2024", "UTC", "de", "2024-04-03"),
        ("03/16/2024", "UTC", None, "2024-03-16"),
        ("16/03/2024", "UTC", "en-US", "2024-03-16"),
        ("2024/03/04", "UTC", "en-US", "2024-03-04"),
        ("24.03.04", "UTC", "ko", "2024-03-04"),
        ("24.03.04", "Asia/Seoul", None, "2024-03-04"),
        ("04.03.24", "UTC", "de", "2024-03-04"),
        ("04.03.2024", "UTC", "ko", "2024-03-04"),
        ("98年3月12日", "Asia/Taipei", None, "2009-03-12"),
        ("98/3/12", "Asia/Taipei", "zh-TW", "2009-03-12"),
        ("12年3月1日", "Asia/Taipei", "zh-TW", "2012-03-01"),
        ("98年3月12日", "Asia/Shanghai", "zh", "1998-03-12"),
        ("11 listopada 2023", "Europe/Warsaw", None, "2023-11-11"),
        ("11 listopada 2023", "UTC", "pl-PL", "2023-11-11"),
        ("11. listopada 2023.", "Europe/Zagreb", None, "2023-10-11"),
        ("11. listopada 2023.", "Europe/Warsaw", "hr", "2023-10-11"),
        ("11. listopadu 2023", "UTC", None, "2023-11-11"),
        ("11 listopada 2023", "UTC", None, None),
    ],
)
def test_language_and_zone_decide_what_is_ambiguous(
    text: str, zone: str, language: str | None, day: str | None
) -> None:
    read_as = local(text, ZoneInfo(zone), language)
    assert read_as == (day and f"{day} 00:00")


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("16 Aug 2023 05:23 IST", "Asia/Kolkata", "2023-08-16T05:23:00+05:30"),
        ("16 Aug 2023 05:23 IST", "Asia/Jerusalem", "2023-08-16T05:23:00+03:00"),
        ("16 Jan 2023 05:23 IST", "Asia/Jerusalem", "2023-01-16T05:23:00+02:00"),
        ("16 Aug 2023 05:23 IST", "Europe/Dublin", "2023-08-16T05:23:00+01:00"),
        ("16 Aug 2023 05:23 IST", "Asia/Dhaka", "2023-08-16T05:23:00+05:30"),
        ("16 Aug 2023 05:23 BST", "Europe/London", "2023-08-16T05:23:00+01:00"),
        ("16 Aug 2023 05:23 BST", "Asia/Dhaka", "2023-08-16T05:23:00+06:00"),
        ("16 Jan 2023 05:23 BST", "Asia/Dhaka", "2023-01-16T05:23:00+06:00"),
        ("16 Aug 2023 05:23 BST", "UTC", "2023-08-16T05:23:00+01:00"),
        ("16 Jan 2023 05:23 AST", "Asia/Riyadh", "2023-01-16T05:23:00+03:00"),
        ("16 Jan 2023 05:23 AST", "UTC", "2023-01-16T05:23:00-04:00"),
        ("16 Jan 2023 05:23 PST", "Asia/Manila", "2023-01-16T05:23:00+08:00"),
        ("16 Aug 2023 05:23 CST", "Asia/Shanghai", "2023-08-16T05:23:00+08:00"),
        ("16 Jan 2023 05:23 CST", "America/Chicago", "2023-01-16T05:23:00-06:00"),
        ("16 Jan 2023 05:23 ET", "UTC", "2023-01-16T05:23:00-05:00"),
        ("16. Januar 2023, 05:23 Uhr MEZ", "UTC", "2023-01-16T05:23:00+01:00"),
        ("16 Jan 2023 05:23 (PST)", "UTC", "2023-01-16T05:23:00-08:00"),
        ("16 août 2023 05:23 et", "UTC", "2023-08-16T05:23:00+00:00"),
        ("16 Jan 2023 05:23 | PT", "UTC", "2023-01-16T05:23:00+00:00"),
        ("16 Jan 2023 05:23-06:40", "UTC", "2023-01-16T05:23:00+00:00"),
        ("16 Jan 2023 05:23 - 06:00", "UTC", "2023-01-16T05:23:00+00:00"),
    ],
)
def test_an_abbreviation_of_a_zone_is_the_one_of_the_sites_zone(text: str, zone: str, instant: str) -> None:
    assert read(text, ZoneInfo(zone)) == instant


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("2 hours ago", timedelta(hours=2)),
        ("Updated: an hour ago", timedelta(hours=1)),
        ("half an hour ago", timedelta(minutes=30)),
        ("1 hour, 20 minutes ago", timedelta(minutes=80)),
        ("1 hour and 20 minutes ago", timedelta(minutes=80)),
        ("5m ago", timedelta(minutes=5)),
        ("3h ago", timedelta(hours=3)),
        ("2 days ago", timedelta(days=2)),
        ("vor 2 Stunden", timedelta(hours=2)),
        ("vor einer Stunde", timedelta(hours=1)),
        ("hace 3 horas", timedelta(hours=3)),
        ("hace una hora", timedelta(hours=1)),
        ("il y a 2 heures", timedelta(hours=2)),
        ("Publié il y a 5 min", timedelta(minutes=5)),
        ("há 3 horas", timedelta(hours=3)),
        ("3 horas atrás", timedelta(hours=3)),
        ("2 ore fa", timedelta(hours=2)),
        ("fa 2 hores", timedelta(hours=2)),
        ("acum 2 ore", timedelta(hours=2)),
        ("2 uur geleden", timedelta(hours=2)),
        ("2 timer siden", timedelta(hours=2)),
        ("för 2 timmar sedan", timedelta(hours=2)),
        ("2 tuntia sitten", timedelta(hours=2)),
        ("2 часа назад", timedelta(hours=2)),
        ("час назад", timedelta(hours=1)),
        ("21 час назад", timedelta(hours=21)),
        ("полчаса назад", timedelta(minutes=30)),
        ("2 години тому", timedelta(hours=2)),
        ("5 godzin temu", timedelta(hours=5)),
        ("godzinę temu", timedelta(hours=1)),
        ("před 2 hodinami", timedelta(hours=2)),
        ("prije 2 sata", timedelta(hours=2)),
        ("преди 2 часа", timedelta(hours=2)),
        ("πριν από 2 ώρες", timedelta(hours=2)),
        ("2 órája", None),
        ("2 órával ezelőtt", timedelta(hours=2)),
        ("2 saat önce", timedelta(hours=2)),
        ("2 jam yang lalu", timedelta(hours=2)),
        ("2 giờ trước", timedelta(hours=2)),
        ("2 ชั่วโมงที่แล้ว", timedelta(hours=2)),
        ("২ ঘণ্টা আগে", timedelta(hours=2)),
        ("১ ঘন্টা ২০ মিনিট আগে", timedelta(minutes=80)),
        ("2 घंटे पहले", timedelta(hours=2)),
        ("२ घण्टा अघि", timedelta(hours=2)),
        ("2 மணி நேரத்திற்கு முன்பு", timedelta(hours=2)),
        ("2 గంటల క్రితం", timedelta(hours=2)),
        ("۲ ساعت پیش", timedelta(hours=2)),
        ("2 گھنٹے پہلے", timedelta(hours=2)),
        ("قبل ساعتين", timedelta(hours=2)),
        ("منذ ساعة", timedelta(hours=1)),
        ("قبل 3 ساعات", timedelta(hours=3)),
        ("לפני שעתיים", timedelta(hours=2)),
        ("לפני 3 שעות", timedelta(hours=3)),
        ("3小时前", timedelta(hours=3)),
        ("3 小時前", timedelta(hours=3)),
        ("3時間前", timedelta(hours=3)),
        ("5分前", timedelta(minutes=5)),
        ("3일 전", timedelta(days=3)),
        ("3시간 전", timedelta(hours=3)),
        ("3시간전", timedelta(hours=3)),
        ("a few hours ago", None),
        ("2.5 hours ago", None),
        ("wait for 3 hours", None),
        ("3 hours", None),
        ("3 months ago", None),
        ("long ago", None),
    ],
)
def test_a_span_of_time_is_counted_back_from_when_the_page_was_fetched(text: str, ago: timedelta | None) -> None:
    point = parse_date(text, DHAKA, NOW)
    assert (point and point.instant) == (ago and (NOW - ago).replace(second=0))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("yesterday at 2:05 pm", "2026-09-15 14:05"),
        ("Yesterday", "2026-09-15 00:00"),
        ("Gestern, 14:05 Uhr", "2026-09-15 14:05"),
        ("vorgestern 14.05 Uhr", "2026-09-14 14:05"),
        ("Aujourd’hui à 14h05", "2026-09-16 14:05"),
        ("avant-hier à 14h05", "2026-09-14 14:05"),
        ("hoy, 14:05", "2026-09-16 14:05"),
        ("вчера в 14:05", "2026-09-15 14:05"),
        ("গতকাল ১৪:০৫", "2026-09-15 14:05"),
        ("আজ, দুপুর ২:০৫", "2026-09-16 14:05"),
        ("昨天 14:05", "2026-09-15 14:05"),
        ("昨日14時05分", "2026-09-15 14:05"),
        ("어제 오후 2:05", "2026-09-15 14:05"),
        ("أمس 14:05", "2026-09-15 14:05"),
        ("i går kl. 14.05", "2026-09-15 14:05"),
        ("hôm qua 14:05", "2026-09-15 14:05"),
        ("What matters today", None),
        ("heute wichtig", None),
    ],
)
def test_a_day_is_counted_back_on_the_sites_own_calendar(text: str, instant: str | None) -> None:
    assert local(text) == instant


def test_today_is_the_day_where_the_site_is() -> None:
    late = datetime(2026, 9, 15, 20, 0, tzinfo=UTC)
    point = parse_date("today 01:30", DHAKA, late)
    assert point is not None
    assert point.instant.isoformat() == "2026-09-16T01:30:00+06:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Published 1 March 2024, 14:05. Updated 2 March 2024, 15:06", "2024-03-01 14:05"),
        ("1 March 2024 | Updated 2 March 2024, 15:06", "2024-03-01 00:00"),
        ("প্রকাশ: ১৪:০৫, ১ মার্চ ২০২৪ আপডেট: ১৫:০৬, ২ মার্চ ২০২৪", "2024-03-01 14:05"),
        ("1 March, updated 2 March 2024 15:06", "2024-03-02 15:06"),
        ("05:23 - 16-08-2023", "2023-08-16 05:23"),
        ("14.05 16.08.2023", "2023-08-16 14:05"),
        ("3 min read · 16 August 2023", "2023-08-16 00:00"),
        ("16.08.2023 01:13 min", "2023-08-16 00:00"),
        ("16.08.2023 14:05 01:13 min", "2023-08-16 14:05"),
        ("16.08.2023, 14:05 Uhr 3 Min.", "2023-08-16 14:05"),
        ("16 Aug '23", "2023-08-16 00:00"),
        ("mar 16 ago 2023", "2023-08-16 00:00"),
        ("mar. 16 août 2023", "2023-08-16 00:00"),
        ("By A. May, 16 August 2023", "2023-08-16 00:00"),
        ("16.08.2023 17.08.2023", "2023-08-16 00:00"),
        ("1-3 March 2024", "2024-03-03 00:00"),
        ("7 May 1998 14:05", "1998-05-07 14:05"),
        ("07.05.98 14:05", "1998-05-07 14:05"),
    ],
)
def test_of_several_dates_and_numbers_the_first_that_is_complete_counts(text: str, instant: str) -> None:
    assert local(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "বৃহস্পতিবার, ০২ মে ২০২৪, ১৯ বৈশাখ ১৪৩১",
        "ঢাকা, ০২ মে ২০২৪ | ১৯ বৈশাখ ১৪৩১ | ২৩ শাওয়াল ১৪৪৫",
        "১৯ই বৈশাখ, ১৪৩১ বঙ্গাব্দ, ২ মে ২০২৪",
        "২ মে ২০২৪ ১৯ বৈশাখ ১৪৩১ ২৩ শাওয়াল ১৪৪৫",
        "२ मई २०२४, बैशाख २०, २०८१",
        "२ मई २०२४ बैशाख २० २०८१",
        "२०८१ बैशाख २० (२ मई २०२४)",
        "২ মে ২০২৪ খ্রিস্টাব্দ, ১৯ বৈশাখ ১৪৩১ বঙ্গাব্দ, ২৩ শাওয়াল ১৪৪৫ হিজরি",
        "Thursday, 2 May 2024, 19 Boishakh 1431",
        "الخميس 2 مايو 2024 - 23 شوال 1445 هـ",
        "الخميس 23 شوال 1445 هـ - 2 مايو 2024 م",
        "الخميس 23 شوال 1445 هـ الموافق 2 مايو 2024م",
        "23 Shawwal 1445 AH | 2 May 2024",
        "1445 هـ، 2 مايو 2024",
        "۲۳ شوال ۱۴۴۵ھ، 2 مئی 2024ء",
        "جمعرات 2 مئی 2024ء بمطابق 23 شوال 1445ھ",
        "۱۳ اردیبهشت ۱۴۰۳ - 2 May 2024",
        "2 مه 2024 (13 اردیبهشت 1403)",
        "پنجشنبه 13 ثور 1403 / 2 می 2024",
        "20 बैशाख 2081, 2 मई 2024",
        "२ मई २०२४ | २० बैशाख २०८१",
        "כ״ד בניסן, 24 בניסן 5784, 2 במאי 2024",
        "ሚያዝያ 24, 2016 (2 May 2024)",
        "23 Syawal 1445 H / 2 Mei 2024",
    ],
)
@pytest.mark.parametrize(("clock", "read_as"), [("", "00:00"), (", 14:05", "14:05")], ids=["day", "clock"])
def test_of_dates_by_several_calendars_the_gregorian_one_is_read(text: str, clock: str, read_as: str) -> None:
    assert local(text + clock) == f"2024-05-02 {read_as}"


@pytest.mark.parametrize("text", ["১৯ বৈশাখ ১৪৩১, ১০:৩০", "23 شوال 1445 هـ", "20 बैशाख 2081", "16 Ramadan 1445 AH 10:30"])
def test_a_date_by_a_calendar_that_is_not_read_is_none(text: str) -> None:
    assert read(text) is None


def test_a_name_that_is_a_month_of_another_calendar_does_no_harm() -> None:
    assert local("রিপোর্ট: কার্তিক, ১৬ আগস্ট ২০২৩, ০৫:২৩") == "2023-08-16 05:23"


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
        "16 August, 05:23",
        "August 2023",
        "2023",
        "2023年8月",
        "13/40/2020",
        "32.01.2020",
        "2023-13-01",
        "2023-02-30T05:23:00Z",
        "31/02/2023 10:00",
        "0000-00-00 00:00:00",
        "24:30, 1 June 2023",
        "192.168.10.1",
        "01711-123456",
        "+880 2 9876543",
        "iPhone 15 Pro 2023",
        "12345678901234567890",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T00:00:00Z",
        "0000000000",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "31 December 1989",
        "2026-09-18",
        "18 September 2026",
        "2026-09-17T12:00:31Z",
        "9999999999",
        "1 মার্চ ২০৯৯",
        "1402/12/11",
        "11 اسفند 1302",
        "R99.1.1",
        "S63.1.7",
        "01/01/0001 00:00:00",
        "0024-01-01 00:00 UTC",
        "1445-09-20",
    ],
)
def test_a_date_before_the_web_or_in_the_future_is_not_believed(text: str) -> None:
    assert read(text) is None


def test_a_clock_that_is_ahead_by_less_than_a_day_is_believed() -> None:
    assert read("2026-09-17T12:00:30Z") == "2026-09-17T12:00:30+00:00"


@pytest.mark.parametrize(
    ("text", "precision", "has_offset"),
    [
        ("2023-08-16", "day", False),
        ("20230816", "day", False),
        ("2023-08-16T05", "minute", False),
        ("2023-08-16T00:00:00+06:00", "minute", True),
        ("1692141780", "minute", True),
        ("16 August 2023 05:23 +0600", "minute", True),
        ("১৬ আগস্ট ২০২৩", "day", False),
        ("১৬ আগস্ট ২০২৩, ০৫:২৩", "minute", False),
        ("২ দিন আগে", "day", True),
        ("2 hours ago", "minute", True),
        ("1 day, 2 hours ago", "minute", True),
        ("yesterday, 14:05", "minute", False),
        ("yesterday", "day", False),
    ],
)
def test_precision_and_offset_are_told(text: str, precision: str, has_offset: bool) -> None:
    point = parse_date(text, DHAKA, NOW)
    assert point is not None
    assert (point.precision, point.has_offset) == (precision, has_offset)


VOCABULARY: dict[str, Any] = tomllib.loads((files("khobor.dates") / "words.toml").read_text("utf-8"))
LANGUAGES = {tag: table["months"] for tag, table in VOCABULARY.items() if "months" in table}
ZEROS = [chr(code) for code in range(sys.maxunicode) if unicodedata.decimal(chr(code), -1) == 0]
FORMS = [
    "{day} {month} {year}, {hour}:{minute}",
    "{month} {day}, {year} {hour}:{minute}",
    "{hour}:{minute}, {day} {month} {year}",
    "{year} {month} {day} {hour}:{minute}",
    "{day}. {month} {year} {hour}.{minute}",
    "{day}-{month}-{year} {hour}:{minute}",
]
FIRST, LAST = datetime.fromisoformat("1990-01-01T00:00"), datetime.fromisoformat("2026-09-15T00:00")
instants = st.datetimes(FIRST, LAST, timezones=st.just(DHAKA)).map(
    lambda instant: instant.replace(second=0, microsecond=0)
)


def in_digits(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in f"{number:02}")


@given(instants, st.sampled_from(sorted(LANGUAGES)), st.sampled_from(FORMS), st.sampled_from(ZEROS), st.data())
def test_any_instant_is_read_back_in_any_language_form_and_digits(
    instant: datetime, language: str, form: str, zero: str, data: st.DataObject
) -> None:
    month = data.draw(st.sampled_from(LANGUAGES[language][instant.month - 1].split(", ")))
    numbers = {name: in_digits(getattr(instant, name), zero) for name in ("year", "day", "hour", "minute")}
    point = parse_date(form.format(month=month, **numbers), DHAKA, NOW, language)
    assert point is not None
    assert point.instant == instant


@given(instants, st.sampled_from(["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%Y年%m月%d日%H時%M分", "%Y/%m/%d %H.%M"]))
def test_any_instant_is_read_back_in_numbers(instant: datetime, form: str) -> None:
    assert local(instant.strftime(form)) == f"{instant:%Y-%m-%d %H:%M}"


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    point = parse_date(text, DHAKA, NOW)
    assert point is None or point.instant.tzinfo is not None


WORDS = [
    "1",
    "31",
    "2024",
    "99",
    ":",
    ".",
    "/",
    "-",
    "May",
    "ago",
    "hour",
    "Uhr",
    "pm",
    "+0600",
    "年",
    "月",
    "দিন",
    "আগে",
]


@given(
    st.lists(
        st.sampled_from([*WORDS, "vor", "قبل", "ساعتين", "yesterday", "UTC", "tháng", "令和", "১৯", "বৈশাখ", "IST"])
    )
)
def test_no_words_of_dates_make_it_fail(words: list[str]) -> None:
    point = parse_date(" ".join(words), DHAKA, NOW)
    assert point is None or NOW - point.instant < timedelta(days=365 * 40)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("27 августа, 14:05", "ru", "2026-08-27 14:05"),
        ("14:05, 27 августа", "ru", "2026-08-27 14:05"),
        ("Aug 27, 2:05 pm", "en", "2026-08-27 14:05"),
        ("8月27日 14時05分", "ja", "2026-08-27 14:05"),
        ("8월 27일 14:05", "ko", "2026-08-27 14:05"),
        ("২৭ আগস্ট, ১৪:০৫", "bn", "2026-08-27 14:05"),
        ("27 août à 14h05", "fr", "2026-08-27 14:05"),
        ("25 December", "en", "2025-12-25 00:00"),
        ("29 February, 10:00", "en", None),
        ("27 November 2025", "en", None),
        ("November 27, 2025", "en", None),
        ("2025年11月27日", "ja", None),
        ("27 Nov 25", "en", None),
        ("November", "en", None),
    ],
)
def test_a_day_without_a_year_is_the_last_one_before_the_fetch(text: str, language: str, expected: str | None) -> None:
    point = parse_day_without_year(text, DHAKA, NOW, language)
    assert (f"{point.instant:%Y-%m-%d %H:%M}" if point else None) == expected
