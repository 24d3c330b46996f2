"""What stands before, between and behind the paragraphs of an article, and is no part of them or is one."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

HEADLINE = "Old bridge opens again after the flood"
RULES = (
    "Comments are moderated before they appear and must not contain insults, advertisements or names of private "
    "persons. The editors may shorten or remove each of them without giving reasons, and readers are responsible for "
    "what they write. By sending a comment you accept these rules and allow us to publish it in print."
)
FORM = '<form action="/c"><textarea name="text"></textarea><input type="submit"></form>'
CHINESE = (
    "停运十年的老缆车周二上午恢复载客，首日共运送乘客三千余人次，不少市民带着孩子专程赶来乘坐。",
    "缆车全长一百八十米，连接江边码头与半山老街，单程只需四分钟，票价两元，周末的座位已经订满。",
)
SHORT = ("The old bridge opens again after two years.", "The flood had carried away nine of its arches.")


def body(html: str, title: str = HEADLINE) -> str:
    page = f"<html><head><title>{title} - The Daily Test</title></head><body>{html}</body></html>"
    return extract(page.encode(), "https://news.example/city/bridge").body_text


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def old_page(article: str, below: str) -> str:
    title = f'<tr><td align="center"><font size="5"><b>{HEADLINE}</b></font></td></tr>'
    return (
        f'<table width="950">{title}<tr><td><font size="3">{article}</font></td></tr><tr><td>{below}</td></tr></table>'
    )


@pytest.mark.parametrize("texts", [SHORT, PARAGRAPHS])
@pytest.mark.parametrize("rules", [f"<p>{RULES}</p>", RULES, f"<div><b>Rules</b><p>{RULES}</p></div>"])
def test_the_rules_below_a_form_for_comments_are_no_text_of_the_article(texts: tuple[str, ...], rules: str) -> None:
    assert body(old_page("<br><br>".join(texts), f"{FORM}{rules}")) == "\n\n".join(texts)


def test_an_article_below_the_form_of_a_search_is_read() -> None:
    search = '<div class="top"><p>We keep this site open to all readers.</p><form><textarea name="q"></textarea></form>'
    text = f"<div><h1>{HEADLINE}</h1>{paragraphs(*PARAGRAPHS)}</div>"
    assert body(f"<div>{search}{text}</div></div>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("box", ['<div class="embed"><textarea readonly>code</textarea></div>', FORM])
def test_an_article_goes_on_below_a_box_with_an_area_for_text(box: str) -> None:
    text = f"<div><div>{box}</div>{paragraphs(*PARAGRAPHS[1:])}</div>"
    found = body(f"<div><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p>{text}</div>")
    assert found == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("notice", "title"),
    [
        ("版权所有 江岸日报社 未经授权不得转载", "山城老缆车停运十年后恢复载客"),
        ("© 2026 江岸日报", "山城老缆车停运十年后恢复载客"),
    ],
)
def test_a_line_about_copyright_behind_the_text_is_left_out(notice: str, title: str) -> None:
    article = f"<article><h1>{title}</h1>{paragraphs(*CHINESE, notice)}</article>"
    assert body(article, title) == "\n\n".join(CHINESE)


def test_a_line_about_an_author_whose_name_has_no_spaces_is_left_out() -> None:
    title = "山城老缆车停运十年后恢复载客"
    byline = '<div class="author">陈语</div>'
    article = f"<article><h1>{title}</h1>{byline}{paragraphs(*CHINESE, '陈语，本报记者，长期关注城市交通。')}</article>"
    assert body(article, title) == "\n\n".join(CHINESE)


def test_a_caption_in_a_table_below_its_picture_is_no_paragraph() -> None:
    table = (
        '<table><tr><td><img src="/a.jpg" width="600"></td></tr><tr><td>Crowds cross the bridge on Tuesday.</td></tr>'
    )
    page = f"<article><h1>{HEADLINE}</h1>{table}</table>{paragraphs(*PARAGRAPHS[:2])}</article>"
    article = extract(f"<title>{HEADLINE}</title>{page}".encode(), "https://news.example/city/bridge")
    assert article.body_text == "\n\n".join(PARAGRAPHS[:2])
    captions = [block.image.caption for block in article.body if block.image]
    assert captions == ["Crowds cross the bridge on Tuesday."]


@pytest.mark.parametrize("heading", ["", "<h4>In short</h4>"])
def test_a_summary_in_a_box_of_its_own_before_the_text_is_part_of_it(heading: str) -> None:
    points = "<li>The bridge was closed for two years.</li><li>The repair of its nine arches cost four million.</li>"
    box = f'<div class="keypoints">{heading}<ul>{points}</ul></div>'
    found = body(f'<main><h1>{HEADLINE}</h1><div class="content">{box}{paragraphs(*PARAGRAPHS)}</div></main>')
    before = "In short\n\n" if heading else ""
    summary = "The bridge was closed for two years.\nThe repair of its nine arches cost four million."
    assert found == f"{before}{summary}\n\n" + "\n\n".join(PARAGRAPHS)


def test_links_to_other_articles_in_such_a_box_are_left_out() -> None:
    links = '<li><a href="/1">The ferry runs late again.</a></li><li><a href="/2">The school gets a new roof.</a></li>'
    box = f'<div class="keypoints"><h4>Also</h4><ul>{links}</ul></div>'
    found = body(f'<main><h1>{HEADLINE}</h1><div class="content">{box}{paragraphs(*PARAGRAPHS)}</div></main>')
    assert found == "\n\n".join(PARAGRAPHS)


def test_cards_are_left_out_whose_headlines_are_short_in_characters_and_not_in_length() -> None:
    title = "山城老缆车停运十年后恢复载客"
    card = '<div class="box"><img src="/t.jpg"><h3><a href="/n/2">老街改造征求居民意见</a></h3><p>截止到月底</p></div>'
    wrapped = [f'<div class="wrap">{paragraphs(text)}</div>' for text in CHINESE]
    assert body(f"<div><h1>{title}</h1><div>{wrapped[0]}{card}{wrapped[1]}{card}</div></div>", title) == "\n\n".join(
        CHINESE
    )


def test_the_source_of_a_script_in_a_cell_is_no_text() -> None:
    script = 'var cpro_id="u123"; function f(){ document.write("x"); return false; } window.onload = f;'
    table = f"<table><tr><td>{script}</td></tr></table>"
    first, *rest = PARAGRAPHS
    assert body(f"<div><h1>{HEADLINE}</h1><p>{first}</p>{table}{paragraphs(*rest)}</div>") == "\n\n".join(PARAGRAPHS)


def test_code_in_an_article_about_code_is_kept() -> None:
    code = 'var id = 1;\nfunction f() { document.write("x"); return id; }\nf();'
    assert code in body(f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><pre>{code}</pre></article>")


def test_a_copyright_notice_with_the_sites_name_is_not_longer_than_a_short_article() -> None:
    notice = "<table><tr><td>© 2026 The Daily Test of the old bridge. All rights reserved.</td></tr></table>"
    rules = f"<table><tr><td>{RULES}</td></tr></table>"
    page = old_page(f"{SHORT[0]}<br>{PARAGRAPHS[1]}", "")
    assert body(f"{page}{rules}{notice}") == f"{SHORT[0]} {PARAGRAPHS[1]}"


def test_a_poem_beside_teasers_is_an_article() -> None:
    lines = ["The tide came in without a sound", "and took the ladder from the wall", "the boats turned once around"]
    teasers = "".join(
        f'<article class="post"><h2><a href="/n">School is open</a></h2><time>12 May</time><p>{text}</p></article>'
        for text in (
            "Builders will replace the slates.",
            "A warden filmed them near the weir.",
            "Traders had asked for it.",
        )
    )
    page = f'<main><article class="gh"><h1>The Ladder at Low Tide</h1>{paragraphs(*lines, *lines)}</article></main>'
    article = extract(f"<title>The Ladder at Low Tide</title>{page}{teasers}".encode(), "https://news.example/poem")
    assert article.extraction.not_article is None
    assert article.body_text == "\n\n".join([*lines, *lines])
