"""Bylines as sites write them in the text alone, and names on the page that are no author's."""

import pytest
from tests.example_pages import PARAGRAPHS
from tests.extract.fields.sample_article import NOW, URL

from khobor.extract import extract

TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
KOREAN = (
    "<p>시의회는 지난봄 홍수로 폐쇄된 오래된 다리를 다시 짓기로 화요일에 의결했다고 밝혔습니다. "
    "공사는 내년 3월에 시작됩니다.</p>"
    "<p>시장은 회의가 끝난 뒤 공사비가 약 사백만 달러이며 내년 가을에 끝난다고 말했습니다. "
    "상점들은 도움을 요청했습니다.</p>"
)
CHINESE = (
    "<p>市议会周二投票决定重建河上的老桥，该桥自去年春天洪水以来一直关闭，居民对此表示欢迎。</p>"
    "<p>市长在会后表示，工程将于三月开始，耗资约四百万，并将于明年秋天完工，届时交通将恢复。</p>"
)


def names(near: str = "", end: str = "", *, text: str = TEXT) -> list[str]:
    head = "<head><title>Old bridge opens again</title></head>"
    body = f"<main><div><h1>Old bridge opens again</h1>{near}<div>{text}</div>{end}</div></main>"
    found = extract(f"<html>{head}<body>{body}</body></html>".encode(), URL, fetched_at=NOW)
    return [author.name for author in found.authors]


@pytest.mark.parametrize(
    "near",
    [
        # A link to a person before a role.
        '<p><a href="/more/bios/jane-doe-1.48">Jane Doe</a>, <span>Managing Digital Producer</span></p>',
        '<p><a href="/jane-doe">Jane Doe</a> | Science Editor</p>',
        # A symbol of a user.
        '<p><i class="fa fa-user"></i> <a href="/en/jane.html">Jane Doe</a> <i class="fa fa-clock"></i> 1 h ago</p>',
        '<ul><li><span class="icon-user"></span> Jane Doe</li><li><span class="icon-calendar"></span> 12 May</li></ul>',
        '<div><svg><use xlink:href="#icon-author"></use></svg><span>Jane Doe</span></div>',
        # The caption of the author's portrait.
        '<figure><img src="/j.jpg"><figcaption><address>By <a href="/j">Jane Doe</a></address></figcaption></figure>',
        # A name that opens a description.
        '<div class="byline"><div class="byline__item author">By <button type="button">Jane Doe</button></div></div>',
        # A name for readers and one for machines.
        '<div class="byline"><a href="mailto:j@n.example"><i>Jane Doe</i> <span>Jane</span> <b>Doe</b></a></div>',
    ],
)
def test_a_byline_between_headline_and_text(near: str) -> None:
    assert names(near) == ["Jane Doe"]


def test_a_label_with_a_colon_may_stand_in_a_cell_before_the_name() -> None:
    rows = "<tr><td>撰文：</td><td>黃毅鈞</td></tr><tr><td>欄名：</td><td>數據先鋒</td></tr>"
    assert names(f'<table class="credits">{rows}</table>', text=CHINESE) == ["黃毅鈞"]
    assert names("<table><tr><td>Text:</td><td>Jane Doe</td></tr></table>") == ["Jane Doe"]
    assert names("<table><tr><td>Text</td><td>Large Print</td></tr></table>") == []


@pytest.mark.parametrize(
    ("near", "end"),
    [
        ('<div><a href="/r?author_id=4">안진우</a> 기자<span>l</span>기사입력 2026-04-04 19:01</div>', ""),
        ("", "<p>NTN 안진우 (jw@news.example)</p>"),
        ("", "<p>안진우 jw@news.example</p>"),
    ],
)
def test_a_korean_reporter_is_named_before_a_date_or_an_address(near: str, end: str) -> None:
    assert names(near, end, text=KOREAN) == ["안진우"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("<p>Jane Doe (jane.doe@news.example)</p>", ["Jane Doe"]),
        ("<p>Jane Doe, jane.doe@news.example</p>", ["Jane Doe"]),
        ("<p>News Desk (news@news.example)</p>", []),
        ("<p>Write to us: letters@news.example</p>", []),
    ],
)
def test_a_name_before_a_mail_address_behind_the_text(end: str, expected: list[str]) -> None:
    assert names(end=end) == expected


@pytest.mark.parametrize(
    "other",
    [
        # Of a picture.
        '<div><img src="/a.jpg"><figcaption>The bridge<span class="fig--author">Jane Doe</span></figcaption></div>',
        '<div><img src="/a.jpg"><div class="photo__text">The bridge<b class="photo__author">Jane Doe</b></div></div>',
        # Of something quoted.
        '<div class="tweet"><span class="tweet-author-name">Jane Doe</span> <span>@jane</span> We were told so.</div>',
        '<div class="Quote_box"><p>It is the best.</p><strong class="Quote_author__bx">Jane Doe, </strong></div>',
        '<blockquote><p>It is the best.</p><span class="author">Jane Doe</span></blockquote>',
        '<div class="testimonial"><p>It is the best.</p><span class="testimonial-author">Jane Doe</span></div>',
        # Who checked.
        '<div><span>Fact checked by</span><div><a class="meta__author" href="/j">Jane Doe</a></div></div>',
        # A link to more.
        '<div class="author-bio"><p><a href="/about">More About Me</a></p></div>',
    ],
)
def test_a_name_that_is_not_the_authors(other: str) -> None:
    assert names(other) == []
    assert names(end=other) == []


def test_the_author_of_a_teaser_within_the_text_is_not_the_articles() -> None:
    teaser = (
        '<div><a href="/x/y"><strong>How does the council pay for the ferry over the river?</strong></a>'
        "<div><span>By <span>Jane Doe</span></span></div></div>"
    )
    assert names(text=f"<p>{PARAGRAPHS[0]}</p>{teaser}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>") == []


def test_a_desk_is_named_without_the_word_before_it() -> None:
    assert names(
        "<div>par <a href='/redaction'>La rédaction</a> | Reportage Jane Doe</div><div>28 mars 2026</div>"
    ) == ["La rédaction"]


def test_a_line_may_name_more_people_than_the_caption_of_a_portrait() -> None:
    portrait = '<figure><img src="/j.jpg"><figcaption><a rel="author" href="/j">Jane Doe</a></figcaption></figure>'
    line = '<p>By <a href="/authors/j">Jane Doe</a> and <a href="/authors/k">Karl Hahn</a></p>'
    assert names(f"{portrait}{line}") == ["Jane Doe", "Karl Hahn"]


def test_linked_names_are_no_headline_of_a_teaser() -> None:
    line = '<p>By <a href="http://jane.example">Jane Maria Doe</a> and <a href="http://karl.example">Karl Hahn</a></p>'
    assert names(line) == ["Jane Maria Doe", "Karl Hahn"]


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ("<p>Jane Doe and Karl Hahn, The Associated Press</p>", ["Jane Doe", "Karl Hahn", "The Associated Press"]),
        ("<p>Jane Doe | Reuters</p>", ["Jane Doe", "Reuters"]),
        ("<p>Old Bridge | Reuters</p>", []),
        ("<p>Copyright Jane Doe/AP</p>", []),
        ("<p>Photo: Jane Doe, AP</p>", []),
        ('<p><span class="article-author">Von dpa</span> <span class="date">30.04.2026</span></p>', ["dpa"]),
        ('<div class="share">By: <a href="/agency/reuters">Reuters</a> <span>2 April 2026</span></div>', ["Reuters"]),
        ('<div><a href="/search?type=author">PTI</a> | July 9, 2026 | Updated 08:24</div>', ["PTI"]),
        ('<div class="author">par <a href="/redaction/un">La rédaction de TV1</a></div>', ["La rédaction de TV1"]),
        ('<div class="author">Von Redaktion Lindmark</div>', ["Redaktion Lindmark"]),
        ("<div><span>By </span><div><div><button>Jane Doe</button></div></div></div>", ["Jane Doe"]),
        ("<div><span>By </span><div><div><button>Share this</button></div></div></div>", []),
    ],
)
def test_agencies_desks_and_buttons_in_bylines(near: str, expected: list[str]) -> None:
    assert names(near) == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("记者 王小明 李丽 摄影 张强", ["王小明", "李丽"]),
        ("Par Anne Roy avec Luc Morel (à Brest)", ["Anne Roy"]),
        ("Por Ana Ruiz con Luis Gil", ["Ana Ruiz"]),
        ("Par Anne Roy avec AFP", ["Anne Roy", "AFP"]),
    ],
)
def test_who_took_the_pictures_or_was_with_the_author_is_none(byline: str, expected: list[str]) -> None:
    assert names(f'<div class="byline">{byline}</div>') == expected


def test_the_author_below_a_headline_on_a_picture_is_the_articles() -> None:
    hero = '<div class="carousel-caption"><h1>Old bridge opens again</h1><span class="author">Jane Doe</span></div>'
    html = f"<title>Old bridge opens again</title><main>{hero}<div>{TEXT}</div></main>"
    assert [author.name for author in extract(html.encode(), URL, fetched_at=NOW).authors] == ["Jane Doe"]
