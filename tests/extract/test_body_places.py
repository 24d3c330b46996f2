"""Which part of a page is the text of the article: short articles, odd class names, headings that open."""

import re

import pytest
from lxml import html

from khobor.extract import extract
from khobor.extract.cards import cards_beside
from khobor.extract.layout_reader import read_layout
from khobor.extract.text import comparable

TITLE = "Council reopens the old bridge to lorries"
FIRST = "The council voted on Monday to open the old bridge to lorries again after three years."
SECOND = "Engineers replaced four of the nine arches and laid a new deck."
THIRD = "Rahima Parvin, a teacher, said that she had crossed the river by boat all that time."
OTHERS = (
    ("Festival opens with forty musicians", "Musicians from the whole region play in the park until late on Sunday."),
    ("Tomatoes like a wall against the wind", "They need sun for sixty days, rich soil and somebody who waters them."),
    (
        "Clinic treats more patients than ever",
        "Doctors gave the new vaccine to nine hundred people in one single week.",
    ),
    ("Penguins cross the ice in a new film", "The film follows them over the ice and never loses its sense of humour."),
)
HEADING = f"<h1>{TITLE}</h1>"
SENTENCES = [f"Engineers replaced arch number {number} of the bridge and laid a new deck on it." for number in range(9)]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def cards(url: str = "/city") -> str:
    return "".join(
        f'<div class="item"><h3><a href="{url}/{number}">{title}</a></h3><p>{text}</p></div>'
        for number, (title, text) in enumerate(OTHERS)
    )


def body(markup: str, head: str = "") -> str:
    page = f"<html><head><title>{TITLE} - Herald</title>{head}</head><body>{markup}</body></html>"
    return extract(page.encode(), "https://news.example/city/1").body_text


def test_a_short_article_is_not_lost_among_longer_teasers() -> None:
    page = f'<div id="mid">{HEADING}<div class="story">{paragraphs(FIRST)}</div></div><div class="grid">{cards()}</div>'
    assert body(page) == FIRST
    # Even if one box contains all, and the teasers are a list.
    items = cards().replace('<div class="item">', "<li>").replace("</div>", "</li>")
    assert body(f"<main>{HEADING}<div><p>{FIRST}</p></div><div><ul>{items}</ul></div></main>") == FIRST


def test_cards_in_the_box_of_the_paragraphs_belong_to_the_article() -> None:
    def found(markup: str) -> int:
        return len(cards_beside(read_layout(html.document_fromstring(markup)), frozenset({comparable(TITLE)})))

    assert found(f"<div>{HEADING}<div><p>{FIRST}</p></div><div>{cards()}</div></div>") == len(OTHERS)
    assert not found(f"<div>{HEADING}<div><p>{FIRST}</p><div>{cards()}</div></div></div>")
    # Parts of an article end with a link to more.
    parts = cards().replace("<h3>", "").replace("</h3>", "")
    parts = re.sub(r"(<a href.+?</a>)(<p>.+?</p>)", r"\2\1", parts)
    assert not found(f"<div>{HEADING}<div><p>{FIRST}</p></div><div>{parts}</div></div>")
    # Or if a long text stands before them.
    assert not found(f"<div>{HEADING}<div>{paragraphs(*[FIRST] * 20)}</div><div>{cards()}</div></div>")


@pytest.mark.parametrize("name", ["banner", "promo", "footer-content", "tools-section"])
def test_teasers_do_not_decide_whether_a_box_contains_most_of_the_text(name: str) -> None:
    page = f'<div class="{name}">{HEADING}<p>{FIRST}</p></div><div class="column">{cards()}</div>'
    assert body(page) == FIRST


def test_cards_are_read_if_nothing_but_a_notice_stands_before_them() -> None:
    notice = f'<div class="cookie-notice" hidden>{paragraphs(SECOND + " " + THIRD)}</div>'
    assert OTHERS[1][1] in body(f"<article>{HEADING}{notice}<div>{cards()}</div></article>")


def test_text_in_headings_is_an_article() -> None:
    text = "".join(f"<h3>{one} {two}</h3>" for one, two in ((FIRST, SECOND), (SECOND, THIRD), (THIRD, FIRST)))
    page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{text}</div></body></html>"
    article = extract(page.encode(), "https://news.example/city/1")
    assert article.extraction.not_article is None
    assert THIRD in article.body_text


@pytest.mark.parametrize(("host", "is_text"), [("https://shop.example.org", True), ("", False)])
def test_a_list_of_links_to_other_sites_among_the_paragraphs_is_text(host: str, *, is_text: bool) -> None:
    items = "".join(f'<li><a href="{host}/{number}">Model number {number}</a></li>' for number in range(3))
    page = f"<article>{HEADING}{paragraphs(FIRST, SECOND)}<h3>Meters</h3><ul>{items}</ul><p>{THIRD}</p></article>"
    assert ("Model number 1" in body(page)) is is_text


def test_the_title_of_a_list_of_teasers_has_no_article() -> None:
    page = f"<html><head><title>City news</title></head><body><h1>City news</h1><div>{cards()}</div></body></html>"
    assert extract(page.encode(), "https://news.example/city/").extraction.not_article


def test_a_line_between_headline_and_text_is_not_the_text() -> None:
    line = "news.example, 17 May 2026, 10:12, from the desk of the Herald"
    page = f"<td><table><tr><td>{HEADING}</td></tr><tr><td>{line}</td></tr></table><div>{paragraphs(FIRST)}</div></td>"
    assert body(f"<table><tr>{page}</tr></table>") == FIRST


@pytest.mark.parametrize(
    "heading", ["<h3><button>What changed?</button></h3>", "<h3><button><span>What changed?</span></button></h3>"]
)
def test_a_heading_that_opens_its_part_is_read(heading: str) -> None:
    assert body(f"<article>{HEADING}<p>{FIRST}</p>{heading}<p>{SECOND}</p></article>").split("\n\n") == [
        FIRST,
        "What changed?",
        SECOND,
    ]
    # Not one beside the words of a heading.
    assert "Copy" not in body(
        f"<article>{HEADING}<p>{FIRST}</p><h3>Why <button>Copy</button></h3><p>{SECOND}</p></article>"
    )


def test_a_paragraph_with_nothing_but_a_joiner_is_empty() -> None:
    assert body(f"<article>{HEADING}<p>{FIRST}</p><p>\u200d</p><p>{SECOND}</p></article>") == f"{FIRST}\n\n{SECOND}"


def test_the_title_and_the_date_on_the_lines_above_the_text_are_left_out() -> None:
    lines = f"<b>{TITLE}</b><br>Posted on Saturday, 17 May<br>{FIRST}<br><br>{SECOND}<br><br>{THIRD}"
    assert body(f"<table><tr><td>{lines}</td></tr></table>") == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_an_excerpt_of_the_text_is_left_out() -> None:
    intro = f'<h2>{TITLE}</h2><div class="intro">{FIRST[:70]}...</div>'
    assert body(f'<div class="view">{intro}<div>{paragraphs(FIRST, SECOND)}</div></div>') == f"{FIRST}\n\n{SECOND}"


def test_a_summary_that_is_a_copy_of_a_paragraph_appears_once() -> None:
    page = f'<div>{HEADING}<h2 class="synopsis summary">{THIRD}</h2><div>{paragraphs(FIRST, SECOND, THIRD)}</div></div>'
    assert body(page) == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_a_summary_may_be_longer_than_the_text() -> None:
    summary = f'<div class="chapo">{FIRST} {SECOND} {SENTENCES[0]}</div>'
    assert THIRD in body(f"<main>{HEADING}{summary}<div>{paragraphs(THIRD, SENTENCES[1])}</div></main>").split("\n\n")


@pytest.mark.parametrize("heading", ["Comments", "3 Comments", "মন্তব্য", "Leserkommentare (12)"])
def test_comments_below_their_heading_are_left_out(heading: str) -> None:
    page = f"<div>{HEADING}{paragraphs(FIRST, SECOND, THIRD)}<h2>{heading}</h2>{paragraphs(OTHERS[0][1])}</div>"
    assert body(page) == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize(
    "heading",
    [
        "59 Comments on “{}”",
        "One thought on “{}”",
        "Ein Gedanke zu „{}“",
        "12 réflexions au sujet de « {} »",
        "“{}” üzerine 3 yorum",
        "3 мысли о “{}”",
        "{}: Comments (7)",
    ],
)
def test_comments_below_a_heading_with_the_title_are_left_out(heading: str) -> None:
    above = f"<h2>{heading.format(TITLE)}</h2>"
    page = f"<div>{HEADING}{paragraphs(FIRST, SECOND, THIRD)}{above}{paragraphs(OTHERS[0][1], OTHERS[1][1])}</div>"
    assert body(page) == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


COMMENTS = "".join(
    f"<div class='x{number}'><b>Reader {number}</b><p>{text}</p></div>"
    for number, text in enumerate(
        sentence for _, text in OTHERS for sentence in (f"{text} {text}", f"I do not agree. {text}")
    )
)


@pytest.mark.parametrize(
    "page",
    [
        "<div class='s'>{article}</div><div class='r'>{heading}{comments}</div>",
        "<div class='s'>{article}<div class='r'>{heading}{comments}</div></div>",
        "<div class='s'>{article}{heading}{comments}</div>",
        "<main><div>{article}</div><section>{heading}<ol>{comments}</ol></section></main>",
    ],
)
@pytest.mark.parametrize("heading", ["8 Comments", f"8 thoughts on “{TITLE}”"])
def test_comments_that_are_longer_than_the_article_are_left_out(page: str, heading: str) -> None:
    article = HEADING + paragraphs(FIRST, SECOND, THIRD)
    found = body(page.format(article=article, heading=f"<h3>{heading}</h3>", comments=COMMENTS))
    assert found == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_answers_below_a_heading_that_begins_a_page_are_read() -> None:
    assert OTHERS[0][1] in body(f"<div>{HEADING}<h2>8 comments</h2>{COMMENTS}</div>")


def test_a_heading_that_is_like_that_of_comments_is_read() -> None:
    page = f"<div>{HEADING}{paragraphs(FIRST, SECOND)}<h2>Comments of the mayor</h2>{paragraphs(THIRD)}</div>"
    assert body(page).endswith(THIRD)


@pytest.mark.parametrize("name", ["ad-free", "highLightSearchTarget"])
def test_a_class_of_all_paragraphs_does_not_condemn_them(name: str) -> None:
    text = "".join(f'<p class="{name}">{each}</p>' for each in (FIRST, SECOND, THIRD))
    assert body(f"<div><h1>{TITLE}</h1><div>{text}</div></div>") == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize("name", ["banner-top", "promo", "newsletter"])
def test_a_section_beside_others_is_read_in_spite_of_its_name(name: str) -> None:
    parts = [SENTENCES[:3], SENTENCES[3:6], SENTENCES[6:]]
    names = ("text", name, "text")
    sections = "".join(
        f'<div class="section section--{each}">{paragraphs(*texts)}</div>'
        for each, texts in zip(names, parts, strict=True)
    )
    assert body(f"<article>{HEADING}{sections}</article>").split("\n\n") == SENTENCES


def test_a_section_with_a_form_is_left_out() -> None:
    form = f'<div class="section section--newsletter">{paragraphs(*SENTENCES[3:6])}<form><input></form></div>'
    text = [f'<div class="section">{paragraphs(*each)}</div>' for each in (SENTENCES[:3], SENTENCES[6:])]
    assert SENTENCES[4] not in body(f"<article>{HEADING}{text[0]}{form}{text[1]}</article>")


def test_what_a_blog_says_of_itself_above_the_title_is_left_out() -> None:
    head = f'<div class="top"><h1><a href="/">My diary</a></h1><p>{OTHERS[0][1]}</p></div>'
    post = f'<div class="main"><h3>{TITLE}</h3><div class="post">{FIRST}<br><br>{SECOND}</div></div>'
    assert body(f"<div>{head}{post}</div>") == f"{FIRST}\n\n{SECOND}"


def test_a_heading_in_the_text_may_repeat_the_title() -> None:
    page = f"<article>{HEADING.replace('h1', 'div')}<p>{FIRST}</p><h2>{TITLE}</h2>{paragraphs(SECOND, THIRD)}</article>"
    assert body(page).startswith(FIRST)


def test_notices_beside_a_short_article_are_left_out() -> None:
    notice = "Please keep to the rules of the house, and do not insult others."
    view = f'<div class="view">{HEADING}<div>{paragraphs(FIRST + " " + SECOND)}</div></div>'
    assert body(f'<div><div class="left">{view}<dl><dd>{notice}</dd></dl></div></div>') == f"{FIRST} {SECOND}"


def test_the_line_that_says_where_a_post_is_filed_is_left_out() -> None:
    filed = "This entry was posted on Thursday, May 17th, 2007 at 9:14 pm and is filed under Town."
    text = f'{paragraphs(FIRST, SECOND)}<p class="postmetadata alt"><small>{filed}</small></p>'
    assert body(f'<div class="post"><h2>{TITLE}</h2><div class="entry">{text}</div></div>') == f"{FIRST}\n\n{SECOND}"


def test_a_date_and_a_byline_on_the_lines_below_the_title_are_no_text_and_are_found() -> None:
    text = " ".join(SENTENCES)
    lines = f"<p>{TITLE}<br>3 May 2026<br>By Ann Lee<br>{text}</p><p>{THIRD}</p>"
    page = f"<html><head><title>{TITLE}</title></head><body><div>{lines}</div></body></html>"
    article = extract(page.encode(), "https://news.example/city/1")
    assert article.body_text == f"{text}\n\n{THIRD}"
    assert article.published_at is not None
    assert f"{article.published_at:%Y-%m-%d}" == "2026-05-03"
    assert [author.name for author in article.authors] == ["Ann Lee"]


def test_an_article_of_one_paragraph_is_found_beside_longer_text_with_a_heading_of_its_own() -> None:
    story = "The council voted on Monday to close the old quay of Lindmark for repairs until the end of May."
    others = (
        "The Post has been printed in the county since 1870, and belongs to those who read it and who write it.",
        "We answer every letter, and correct every fault that we have made, on the second page of the next number.",
        "Whoever wants to write for us should send a page of text by mail and wait for a week or two.",
    )
    title = "Quay of Lindmark closed until May"
    about = "".join(f"<p>{text}</p>" for text in others)
    html = f"<title>{title}</title><div><h1>{title}</h1><p>{story}</p></div><div><h3>Who we are</h3>{about}</div>"
    assert extract(html.encode(), "https://news.example/x").body_text == story


CONSENT = (
    "We and our partners keep and read information on your device, such as cookies, to show you advertisements.",
    "With your permission we and our partners may learn where you are, and recognise your device by its features.",
    "You may refuse this, or choose otherwise at any time, by a link at the end of each of our pages.",
)
NOTICE = f"<h2>We value your privacy</h2>{paragraphs(*CONSENT)}<button>Accept</button>"
STORY = f"<p>{FIRST}</p><p>{SECOND}</p>"


@pytest.mark.parametrize("name", ["cc-window", "x1", "cookie-consent gdpr", "modal"])
@pytest.mark.parametrize("headline", [HEADING, f'<div class="t">{TITLE}</div>'])
def test_a_notice_before_the_headline_that_is_longer_than_the_article_is_left_out(name: str, headline: str) -> None:
    assert body(f'<div class="{name}">{NOTICE}</div><div class="c">{headline}{STORY}</div>') == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("name", ["cookie-consent", "modal", "popup newsletter"])
@pytest.mark.parametrize("around", ["<article>{}</article>", '<div class="c">{}</div>'])
def test_a_notice_behind_an_article_that_is_longer_and_named_so_is_left_out(name: str, around: str) -> None:
    page = around.format(HEADING + STORY) + f'<div class="{name}">{NOTICE}</div>'
    assert body(page) == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("where", ["{notice}{story}", "{story}{notice}", "<div>{notice}<div>{story}</div></div>"])
def test_a_request_for_consent_is_told_by_its_words_whatever_the_title_is(where: str) -> None:
    notice = f'<div class="x1"><h2>Before you go on</h2>{paragraphs(*CONSENT * 3)}</div>'
    story = f'<div class="c"><h1>Lorries again</h1>{paragraphs(FIRST, SECOND, THIRD)}</div>'
    article = extract(
        f"<title>Lorries again</title>{where.format(notice=notice, story=story)}".encode(), "https://n.example/1"
    )
    assert article.extraction.not_article is None
    assert article.body_text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_an_article_with_a_request_for_consent_before_a_video_is_read_beside_other_text() -> None:
    story = f'<h1>Quite a week</h1><div class="x1">{paragraphs(FIRST, *SENTENCES[:3], CONSENT[0], THIRD)}</div>'
    about = f"<div>{paragraphs(*(text for _, text in OTHERS))}</div>"
    article = extract(f"<title>Quite a week</title>{story}{about}".encode(), "https://n.example/1")
    assert article.extraction.not_article is None
    assert article.body_text.startswith(FIRST)
    assert THIRD in article.body_text


@pytest.mark.parametrize("name", ["modal", "cookie-story", "overlay"])
def test_an_article_about_cookies_is_read_whatever_its_box_is_called(name: str) -> None:
    title = "Partners keep information on devices by cookies, users find"
    page = f'<div class="c"><h1>{title}</h1></div><div class="{name}">{paragraphs(*CONSENT)}</div>'
    article = extract(f"<title>{title}</title>{page}".encode(), "https://news.example/city/1")
    assert article.body_text.endswith("\n\n".join(CONSENT))


def test_an_article_before_a_heading_that_repeats_its_title_is_read() -> None:
    text = paragraphs(FIRST, *SENTENCES)
    page = f"<div>{text}</div><div><h3>{TITLE}</h3>{paragraphs(*CONSENT)}</div>"
    assert body(page) == "\n\n".join((FIRST, *SENTENCES))


def test_paragraphs_in_tables_of_their_own_are_read_before_one_outside_of_tables() -> None:
    tables = "".join(f"<table><tr><td>{text}</td></tr></table>" for text in (FIRST, *SENTENCES))
    assert body(f"<div>{HEADING}{tables}<p>{THIRD}</p></div>") == "\n\n".join((FIRST, *SENTENCES, THIRD))


TABLE = "<table><tr><th>Arches</th><td>nine</td></tr><tr><th>Length of the deck</th><td>310 m</td></tr></table>"
MENU = TABLE.replace("nine", '<a href="/a">Arches of other bridges</a>').replace(
    "310 m", '<a href="/b">Long bridges</a>'
)


@pytest.mark.parametrize("name", ["sidebar-table", "related facts", "promo box"])
def test_a_data_table_between_paragraphs_belongs_to_the_text_whatever_its_box_is_called(name: str) -> None:
    def found(inside: str, after: str = f"<p>{FIRST}</p>") -> str:
        box = f'<div class="{name}">{inside}</div>'
        return body(f"<article>{HEADING}<div><p>{FIRST} It is so.</p>{box}{after}</div></article>")

    assert "Length of the deck | 310 m" in found(TABLE)
    # Navigation, a form, and a table at the end do not.
    assert "Arches" not in found(MENU)
    assert "Arches" not in found(f"{TABLE}<input name=mail>")
    assert "Arches" not in found(TABLE, after="")


JAPANESE = (
    "川の古い橋が三年ぶりに修理を終え、月曜日から車も人も渡れる。",
    "技術者は九つのアーチのうち四つを取り替え、床も新しくした。",
    "渡し船は夏の終わりまで運航し、その後は別の町に売られる。",
)


@pytest.mark.parametrize("tag", ["ol", "ul"])
def test_a_list_of_short_sentences_without_spaces_is_a_text(tag: str) -> None:
    items = "".join(f"<li>{text}</li>" for text in JAPANESE)
    title = "三年ぶりに開通した川の古い橋"
    page = f'<meta charset="utf-8"><title>{title}</title><main><h1>{title}</h1><{tag}>{items}</{tag}></main>'
    article = extract(page.encode(), "https://news.example/city/1")
    assert article.extraction.not_article is None
    assert article.body_text.split() == [*JAPANESE]
