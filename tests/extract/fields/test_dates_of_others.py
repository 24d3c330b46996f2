"""Dates on a page that are not the article's: the day on which it is read, the weather, other articles."""

from datetime import UTC, datetime

import pytest
from tests.example_pages import PARAGRAPHS
from tests.extract.fields.sample_article import NOW, URL

from khobor.article import Article
from khobor.extract import extract

HEADLINE = "<h1>Old bridge opens again</h1>"
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
LINKS = '<a href="/city">City</a> | <a href="/sport">Sport</a> | <a href="/culture">Culture</a>'
TEASER = '<a href="/roof">The roof of the school is repaired at last</a>'


def read(body: str, lang: str = "en", url: str = URL) -> Article:
    html = f'<html lang="{lang}"><head><title>Old bridge opens again</title></head><body>{body}</body></html>'
    return extract(html.encode(), url, fetched_at=NOW)


def day(body: str, lang: str = "en", url: str = URL) -> str | None:
    found = read(body, lang, url).published_at
    return found.date().isoformat() if found else None


@pytest.mark.parametrize(
    "masthead",
    [
        f"<table><tr><td>3 May 2026</td></tr><tr><td>{LINKS}</td></tr></table>",
        f'<div><div class="date">3 May 2026</div><div>{LINKS}</div></div>',
        "<div>3 May 2026</div><nav><a href='/city'>City</a></nav>",
        "<div><span class='date'>3 May 2026</span></div><ul class='main-menu'><li><a href='/city'>City</a></li></ul>",
        f"<div>3 May 2026</div><ul>{''.join(f'<li>{link}</li>' for link in LINKS.split(' | '))}</ul>",
    ],
)
@pytest.mark.parametrize("own", ["", "<p>15 September 2026</p>"])
def test_a_date_above_the_menu_is_not_the_articles(masthead: str, own: str) -> None:
    body = f"<div><div>{masthead}<div>{HEADLINE}{own}{TEXT}</div></div></div>"
    assert day(body) == ("2026-09-15" if own else None)


@pytest.mark.parametrize(
    "above",
    [
        (
            '<ul><li>15 September 2026</li><li><a href="#">Print</a></li><li><a href="mailto:?x">Mail</a></li>'
            '<li><a href="https://social.example/share">Share</a></li></ul>'
        ),
        '<p>15 September 2026 <a href="/city">City</a></p>',
        f'<div>{LINKS}</div><p><a href="/1">15 September 2026</a> <a href="/ann">Ann Lee</a> <a href="/c">City</a></p>',
    ],
)
def test_a_date_above_the_headline_is_the_articles_if_no_menu_is_between(above: str) -> None:
    assert day(f"<div>{above}{HEADLINE}{TEXT}</div>") == "2026-09-15"


@pytest.mark.parametrize(
    "others",
    [
        f"<div><div>{TEASER}</div><div>3 May 2026</div></div>",
        f"<div>Latest<br>{TEASER} (03.05.2026)<br>{TEASER} (04.05.2026)</div>",
        '<div>最新<br><a href="/1">旧灯塔将变成博物馆</a> (03.05.2026)<br><a href="/2">广场关闭</a> (04.05.2026)</div>',
        "<div>Weather 3.5. 24°</div>",
        "<div>03.05.2026 12:00, 24 °C</div>",
    ],
)
def test_dates_of_other_articles_and_of_the_weather(others: str) -> None:
    for body in (
        f"<div><div>{HEADLINE}{TEXT}</div><div>{others}</div></div>",
        f"<table><tr><td>{others}</td><td>{HEADLINE}{TEXT}</td><td>{others}</td></tr></table>",
    ):
        assert day(body) is None


def test_a_line_of_topics_beside_a_date_is_no_other_article() -> None:
    topics = " ".join(f'<a href="/t/{word}">{word}</a>' for word in ("bridges", "harbour", "traffic", "council"))
    end = f"<div><div>15 September 2026 / Ann</div><div>{topics}</div></div>"
    assert day(f"<div>{HEADLINE}{TEXT}{end}</div>") == "2026-09-15"


@pytest.mark.parametrize(
    ("line", "lang", "expected"),
    [
        ("Sept. 15, 2026 | 9:05 p.m.", "en", datetime(2026, 9, 15, 21, 5, tzinfo=UTC)),
        ("« on: September 15, 2026, 10:20:31 AM »", "en", datetime(2026, 9, 15, 10, 20, 31, tzinfo=UTC)),
        ("Місто | 15 вересня 2026 р.", "uk", datetime(2026, 9, 15, tzinfo=UTC)),
        # Elements side by side
        ("<i>By Ann Lee</i><b>September 15, 2026</b><i>5 min read</i>", "en", datetime(2026, 9, 15, tzinfo=UTC)),
        # Only one of the two days is a Tuesday.
        ("Submitted by alee on Tue, 09/08/2026 - 10:20", "en", datetime(2026, 9, 8, 10, 20, tzinfo=UTC)),
        ("9/8/2026 10:20:00 AM", "en", datetime(2026, 9, 8, 10, 20, tzinfo=UTC)),
        ("9/8/2026 10:20", "en", datetime(2026, 8, 9, 10, 20, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_lines_that_look_like_sentences_or_have_no_spaces(line: str, lang: str, expected: datetime) -> None:
    found = read(f"<div>{HEADLINE}<div>{line}</div>{TEXT}</div>", lang).published_at
    assert found is not None
    assert found.replace(tzinfo=UTC) == expected


@pytest.mark.parametrize("end", ["<p>(Harbourton, 15 September 2026)</p>", "<p>Harbourton, 15 September 2026.</p>"])
def test_a_date_at_the_end_of_a_text_in_a_table(end: str) -> None:
    assert day(f"<table><tr><td>{HEADLINE}{TEXT}{end}</td></tr></table>") == "2026-09-15"


def test_a_chinese_dateline() -> None:
    assert (
        day(f"<div>{HEADLINE}<p>新华社北京2026年9月15日电　{'桥梁重新开放，车辆恢复通行。' * 5}</p></div>", "zh")
        == "2026-09-15"
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<span data-created="1789453800">now</span>',
        '<span property="dc:date dc:created" content="2026-09-15T06:30:00+00:00">now</span>',
        "<script>document.write(new Date(1789453800*1000).toLocaleString())</script>",
        "<script>document.write('September 15, 2026 06:30')</script>",
    ],
)
def test_dates_beside_the_headline_for_scripts_and_in_rdfa(markup: str) -> None:
    found = read(f"<div>{HEADLINE}<div>{markup}</div>{TEXT}</div>").published_at
    assert found == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"title": "Old bridge opens again", "date": "2026-09-15", "x": "%s"}', "2026-09-15"),
        ('{"title": "Old bridge opens again", "createdAt": "2026-09-15", "x": "%s"}', "2026-09-15"),
        ('{"title": "Old bridge opens again", "event": {"date": "2026-09-15"}, "x": "%s"}', None),
        ('{"title": "Roof repaired", "date": "2026-09-15", "x": "%s"}', None),
        ('{"title": "Old bridge opens again", "date": "2026-09-16T10:00:00Z", "x": "%s"}', None),
    ],
)
def test_a_plain_date_in_a_script_counts_beside_the_headline_unless_it_is_of_the_last_change(
    data: str, expected: str | None
) -> None:
    script = f"<script>window.state = {data % ('x' * 200)}</script>"
    changed = '<meta property="article:modified_time" content="2026-09-16T10:00:00Z">'
    assert day(f"{changed}{script}<div>{HEADLINE}{TEXT}</div>") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bridge-25082026", "2026-08-25"),
        ("bridge-08252026.html", "2026-08-25"),
        ("bridge-08072026", None),
        ("n/2026-8/11/c_1234.htm", "2026-08-11"),
    ],
)
def test_the_year_last_in_a_url_counts_if_the_order_is_clear(path: str, expected: str | None) -> None:
    assert day(f"<div>{HEADLINE}{TEXT}</div>", url=f"https://news.example/{path}") == expected


@pytest.mark.parametrize("name", ["updated", "modified", "last-updated", "article:modified_date", "bt:modDate"])
def test_names_of_the_last_change(name: str) -> None:
    found = read(f'<meta name="{name}" content="2026-09-15"><div>{HEADLINE}{TEXT}</div>')
    assert (found.published_at, found.modified_at) == (None, datetime(2026, 9, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "about",
    [
        "<p>Hans Meer: Das Boot. Erschienen: 01.02.1999. ISBN 978-3-16-148410-0</p>",
        "<p>Erschienen: 01.02.1999, 320 Seiten, 19,90 Euro</p>",
        "<p>Erschienen im Verlag am Hafen: 01.02.1999</p>",
        "<p>Paru le 1er février 1999 aux Éditions du Port</p>",
        "<ul><li>Titel: Das Boot</li><li>Erschienen: 01.02.1999</li><li>ISBN: 978-3-16-148410-0</li></ul>",
        "<table><tr><td>Erschienen:</td><td>01.02.1999</td></tr><tr><td>ISBN</td><td>978-3-16-148410-0</td></tr></table>",
        "<dl><dt>Verlag</dt><dd>Am Hafen</dd><dt>Erschienen</dt><dd>01.02.1999</dd><dt>Seiten</dt><dd>320</dd></dl>",
        "<p>Photo taken: 12 March 1999</p>",
        "<p>Termin: 12.12.2025, 19:00 Uhr</p>",
        "<p>When: 12 December 2025, 19:00</p>",
        "<p>Date de sortie : 12 mars 1999</p>",
    ],
)
@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.parametrize("own", ["", "<p>15.09.2026</p>"])
def test_a_date_about_a_book_an_event_or_a_picture_is_not_the_articles(about: str, is_behind: bool, own: str) -> None:
    text = f"{TEXT}{about}" if is_behind else f"{about}{TEXT}"
    assert day(f"<article>{HEADLINE}{own}{text}</article>", "de") == ("2026-09-15" if own else None)


def test_dates_of_other_articles_behind_the_text_count_for_none_however_they_are_wrapped() -> None:
    card = (
        '<div class="item"><div class="meta"><div class="inner"><time class="date">3 May 2026</time></div></div>'
        f'<div class="item-title">{TEASER}</div></div>'
    )
    own = '<div class="post-meta"><a href="/ann">Ann Lee</a> <time class="date">15 September 2026</time></div>'
    assert day(f"<div>{HEADLINE}{TEXT}<div>{card * 3}</div>{own}</div>") == "2026-09-15"


def test_the_date_of_a_teaser_between_headline_and_text_comes_after_one_behind_the_text() -> None:
    teaser = f'<div class="teaser"><div><div>3 May 2026</div><h2>{TEASER}</h2></div><p>It took two years.</p></div>'
    end = '<h2>Related topics</h2><div class="extra"><span>15 September 2026, 15:40</span></div>'
    assert day(f"<main><div>{HEADLINE}{teaser}{TEXT}</div>{end}</main>") == "2026-09-15"


def test_a_date_beside_the_tags_of_an_article_is_its_own() -> None:
    tags = '<span class="tag"><a href="/t/bridges">The history of old bridges</a></span>' * 2
    assert day(f"<div>{HEADLINE}{TEXT}<div><span>15 September 2026</span><div>{tags}</div></div></div>") == "2026-09-15"


@pytest.mark.parametrize("label", ["Akt.:", "Aktual.", "MAJ :", "Act.:", "agg.", "Upd.", "Обн."])
def test_an_abbreviation_may_say_that_an_article_was_changed(label: str) -> None:
    found = read(f"<div>{HEADLINE}<p>15.09.2026 16:03</p><p>{label} 16.09.2026 21:18</p>{TEXT}</div>")
    assert (found.published_at, found.modified_at) == (
        datetime(2026, 9, 15, 16, 3, tzinfo=UTC),
        datetime(2026, 9, 16, 21, 18, tzinfo=UTC),
    )
