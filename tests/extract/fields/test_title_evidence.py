"""Titles on pages whose title element, headings and data disagree: what the page shows decides."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

HEADLINE = "Old bridge opens again after two years"
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
URL = "https://www.lindmark-courier.example/article.php?id=3"


def title(body: str, *, title: str = f"{HEADLINE} - Lindmark Courier", head: str = "", url: str = URL) -> str | None:
    html = f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return extract(html.encode(), url).title


def og(text: str, site: str = "") -> str:
    named = f'<meta property="og:site_name" content="{site}">' if site else ""
    return f'<meta property="og:title" content="{text}">{named}'


def test_a_heading_above_sentences_comes_before_that_of_a_menu() -> None:
    menu = '<div><h2>Menu</h2><ul><li><a href="/a">About us</a></li><li><a href="/b">Contact</a></li></ul></div>'
    assert title(f"{menu}<div><h2>{HEADLINE}</h2>{TEXT}</div>", title="Lindmark Courier") == HEADLINE


@pytest.mark.parametrize("site", ["The Courier", "Norland Vision - Evening News"])
def test_the_only_first_heading_comes_before_a_title_element_that_stands_nowhere(site: str) -> None:
    url = "https://www.courier.example/article.php?id=3"
    assert title(f"<div><h1>{HEADLINE}</h1>{TEXT}</div>", title=site, url=url) == HEADLINE


def test_a_longer_title_element_comes_before_the_heading_of_a_popup() -> None:
    assert title(f"<h1>Original text</h1><div><div>{HEADLINE}</div>{TEXT}</div>", title=HEADLINE) == HEADLINE


@pytest.mark.parametrize("end", ['<a href="#c">Comments: 12</a>', '<span class="print">Lindmark Courier</span>'])
def test_the_element_at_the_end_of_a_heading_is_no_part_of_the_title_that_the_page_declares(end: str) -> None:
    assert title(f"<h1>{HEADLINE}{end}</h1>{TEXT}", head=og(HEADLINE)) == HEADLINE


def test_the_element_at_the_end_of_a_heading_stays_where_nothing_declares_the_title_without_it() -> None:
    whole = f"{HEADLINE} in Norland"
    assert title(f"<h1>{HEADLINE} <em>in Norland</em></h1>{TEXT}", title=whole, head=og(whole)) == whole


def test_a_later_part_of_the_title_element_is_no_title() -> None:
    parts = f"{HEADLINE} | news, norland | Lindmark Courier"
    assert title(f"<p>{HEADLINE}</p>{TEXT}", title=parts, head=og("Lindmark Courier - NORLAND")) == HEADLINE


def test_a_name_before_the_headline_may_be_longer() -> None:
    long = f"The Lindmark Courier Online HEALTH LIFE+STYLE - {HEADLINE}"
    assert title(f"<div>{HEADLINE}</div>{TEXT}", title=long) == HEADLINE


def test_a_headline_behind_which_stands_a_longer_name_is_the_title() -> None:
    slogan = "The newspaper for everybody who lives on the quay"
    named = f"Bridge opens - {slogan}"
    assert title(f"<p><a href='/'>{slogan}</a></p><h2>Bridge opens</h2>{TEXT}", title=named) == "Bridge opens"


def test_a_section_behind_a_bar_is_cut_where_the_page_shows_the_title_without_it() -> None:
    thing = '<div itemscope itemtype="https://schema.org/NewsArticle">'
    data = f'{thing}<meta itemprop="headline" content="{HEADLINE} | City">'
    assert title(f"{data}<h4>{HEADLINE}</h4>{TEXT}</div>", title=f"{HEADLINE} | City") == HEADLINE
    assert title(f"{data}<h4>{HEADLINE} | City</h4>{TEXT}</div>", title=f"{HEADLINE} | City") == f"{HEADLINE} | City"


def test_a_heading_is_no_section_though_another_article_links_to_it() -> None:
    related = '<ul><li><a href="/x">Bridge opens today</a></li></ul>'
    assert (
        title(f"{related}<h2>Bridge opens today</h2>{TEXT}", title="Bridge opens today - TOWN LIFE")
        == "Bridge opens today"
    )


@pytest.mark.parametrize(
    "before",
    ["", f'<a href="https://www.lindmark-courier.example/" title="{HEADLINE}">home</a>'],
)
def test_what_is_too_long_for_a_name_is_the_title_though_the_page_calls_its_site_so(before: str) -> None:
    head = og(HEADLINE, site="" if before else HEADLINE)
    assert title(f"{before}<h3>Follow us</h3><h1>{HEADLINE}</h1>{TEXT}", title=HEADLINE, head=head) == HEADLINE
