"""Names between headline and text that no label announces, in scripts without capitals, and links to authors."""

import pytest
from tests.extract.fields.sample_article import NOW, URL

from khobor.extract import extract

TEXTS = {
    "bn": (
        "পুরোনো সেতু আবার খুলেছে নদীর ওপর",
        "বন্যায় ক্ষতিগ্রস্ত সেতুটি দুই বছর পর সোমবার আবার যান চলাচলের জন্য খুলে দেওয়া হয়েছে।",
        "২৭ নভেম্বর ২০২৬",
    ),
    "hi": (
        "नदी पर पुराना पुल फिर से खुला",
        "बाढ़ में टूटा हुआ पुल दो साल बाद सोमवार को फिर से यातायात के लिए खोल दिया गया है।",
        "27 नवंबर 2026",
    ),
    "ar": (
        "الجسر القديم يفتح من جديد فوق النهر",
        "أعيد فتح الجسر الذي تضرر من الفيضان أمام حركة المرور يوم الاثنين بعد عامين من الإصلاح.",
        "27 نوفمبر 2026",
    ),
    "fa": (
        "پل قدیمی روی رودخانه دوباره باز شد",
        "پلی که در سیل آسیب دیده بود پس از دو سال روز دوشنبه دوباره به روی خودروها باز شد.",
        "۶ آذر ۱۴۰۵",
    ),
    "en": (
        "Old bridge over the river opens again",
        "The bridge that the flood damaged was opened to traffic again on Monday, two years later.",
        "27 November 2026",
    ),
}


def names(lang: str, above: str) -> list[str]:
    title, text, date = TEXTS[lang]
    body = f"<article><h1>{title}</h1>{above.format(date=date)}{f'<p>{text}</p>' * 4}</article>"
    html = f'<html lang="{lang}"><head><title>{title}</title></head><body>{body}</body></html>'
    return [author.name for author in extract(html.encode(), URL, fetched_at=NOW).authors]


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("bn", "রফিক আহমেদ"),
        ("bn", "মো. আনিসুর রহমান"),
        ("bn", "সুচিত্রা ভট্টাচার্য"),
        ("hi", "रमेश शर्मा"),
        ("hi", "लता मंगेश कुलकर्णी"),
        ("ar", "أحمد منصور"),
        ("ar", "فاطمة الزهراء حسن"),
        ("fa", "مریم رضایی"),
        ("fa", "بابک حسن‌زاده"),
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "<p>{name}</p><p>{{date}}</p>",
        "<p>{{date}}</p><p><strong>{name}</strong></p>",
        "<p>{name} | {{date}}</p>",
        "<div><span>{name}</span> <span>{{date}}</span></div>",
        "<p>{name}, {{date}}</p>",
    ],
)
def test_a_known_name_beside_a_date_is_the_authors(lang: str, name: str, line: str) -> None:
    assert names(lang, line.format(name=name)) == [name]


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("bn", "রফিক আহমেদ, ঢাকা", "রফিক আহমেদ"),
        ("hi", "रमेश शर्मा, दिल्ली", "रमेश शर्मा"),
        ("ar", "أحمد منصور، القاهرة", "أحمد منصور"),
    ],
)
def test_a_place_may_stand_behind_the_name(lang: str, line: str, name: str) -> None:
    assert names(lang, f"<p>{line}</p><p>{{date}}</p>") == [name]


@pytest.mark.parametrize(
    ("lang", "label"),
    [
        ("bn", "স্থানীয় সংবাদ"),
        ("bn", "ঢাকা অফিস"),
        ("bn", "বাংলাদেশ সরকার"),
        ("hi", "स्थानीय समाचार"),
        ("hi", "विकास समाचार"),
        ("ar", "أخبار محلية"),
        ("ar", "كمال الأجسام"),
        ("fa", "اخبار محلی"),
        ("fa", "گروه اجتماعی"),
    ],
)
@pytest.mark.parametrize("line", ["<p>{name}</p><p>{{date}}</p>", "<p>{name} | {{date}}</p>"])
def test_the_name_of_a_section_is_no_author(lang: str, label: str, line: str) -> None:
    assert names(lang, line.format(name=label)) == []


def test_a_person_in_the_text_is_not_its_author() -> None:
    assert names("bn", "<p>রফিক আহমেদ</p><p>{date}</p><p>রফিক আহমেদ সোমবার বলেছেন যে সেতুটি এখন নিরাপদ।</p>") == []


@pytest.mark.parametrize(
    ("lang", "name", "reference"),
    [
        ("en", "Ann Lee", "/author/12"),
        ("bn", "নীলা ঢালী", "/author/nila"),
        ("ar", "سنا قطب", "/writers/7"),
        ("hi", "ज्योति कौल", "/author/jyoti-3"),
    ],
)
def test_the_text_of_a_link_to_an_author_is_a_name(lang: str, name: str, reference: str) -> None:
    link = f'<div><a href="{reference}">{name}</a> <time>{{date}}</time></div>'
    assert names(lang, link) == [name]
    assert names(lang, link.replace(reference, "/city/12")) == []
