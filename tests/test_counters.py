"""Lines of numbers that change by themselves."""

import pytest

from khobor.counters import is_counter, without_counters

COUNTERS = [
    "Views: 1,234",
    "1,234 views",
    "পঠিত: ১২৩ বার",
    "খবরটি ১২৩ বার পঠিত",
    "5 min read",
    "3 comments",
    "Updated 5 minutes ago",
    "1.2K shares",
    "阅读 1234",
    "阅读量：1.2万",
    "조회수 1,234",
    "조회 1234회",
    "Просмотров: 1 234",
    "1 234 просмотра",
    "Vistas: 1.234",
    "قراءة 123 مرة",
    "عدد المشاهدات: ١٢٣",
    "123 बार देखा गया",
    "व्यूज 1,234",
    "Hace 5 minutos",
    "Il y a 5 minutes",
    "vor 5 Minuten aktualisiert",
    "1.234 Aufrufe",
    "閲覧数：1,234",
    "コメント 12件",
    "点击：1234次",
    "lượt xem: 123",
    "Dilihat 123 kali",
    "อ่าน 1,234 ครั้ง",
    "Görüntülenme: 1.234",
    "1 234 visningar",
    "👁 1,234 views",
    "Views : 1234 , Comments : 5",
    "(12) Comments",
    "Read 1,234 times",
    "Lu 123 fois",
    "Visto 123 veces",
    "Lecturas 1234",
    "بازدید: ۱۲۳",
    "۱۲ نظر",
    "5 मिनट पहले",
    "৫ মিনিট আগে",
    "3 ঘণ্টা আগে আপডেট",
    "Hits: 1234",
    "This article has been viewed 1,234 times",
    "This post has 12 likes",
    "5분 전",
    "3日前",
    "12条评论",
    "Post Views: 1,234",
    "Visitas: 12",
    "Прочитано 12 раз",
    "Время чтения: 5 мин",
    "Tempo de leitura: 5 min",
    "2 minutes to read",
    "1,234 people have read this",
    "Share 12",
    "浏览次数：1024 次",
    "點閱：1,234",
    "নিউজটি ১২৩ বার পড়া হয়েছে",
    "ভিউ: ১২৩",
    "12 Likes, 3 Comments",
    "1,5 mil visualizações",
    "12 хил. преглеждания",
]
OTHERS = [
    "The council counted 1,234 views of the plan.",
    "5 minutes",
    "Comments",
    "Views differ",
    "In 2025, 12 comments were deleted by the court",
    "Nov 27, 2026",
    "27 November 2026, 10:00",
    "১২৩ জন নিহত",
    "Two goals in 5 minutes",
    "Population: 12,345",
    "1,234",
    "2 days of rain",
    "Read page 12",
    "第12章",
    "2026年11月27日",
    "Chapter 3",
    "12 people died today",
    "Budget 2026",
    "5월 3일",
    "Photo 12",
    "Like 10 years in jail",
    "آخر 12 يوم في السنة",
    "2026-11-27",
    "10:30",
    "Page 3 of 5",
    "সেতুটি ১২ বার মেরামত করা হয়েছে",
    "3 Tage",
    "Over 100 people have shared views on the bridge",
    "5日",
    "12人",
    "3分",
    "1 день",
    "今年3月",
    "Over 3 million people",
]


@pytest.mark.parametrize("line", COUNTERS)
def test_a_line_that_says_how_often_or_how_long_ago_is_a_counter(line: str) -> None:
    assert is_counter(line)


@pytest.mark.parametrize("line", OTHERS)
def test_a_line_that_says_anything_else_is_none(line: str) -> None:
    assert not is_counter(line)


def test_the_other_lines_stay() -> None:
    assert without_counters("The bridge\n12 views\nopens") == "The bridge\nopens"
    assert without_counters("12 views") == ""
    assert without_counters("The bridge") == "The bridge"
