"""The headline, and the page's other titles."""

import json
from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.extract import extract


def test_is_the_heading_that_the_pages_titles_confirm() -> None:
    head = meta("og:title", "Old bridge opens again after two years")
    assert article(head=head).title == "Old bridge opens again"


def test_is_not_a_heading_that_nothing_confirms() -> None:
    html = page().decode().replace("<h1>Old bridge opens again</h1>", "<h1>The Daily Test</h1>")
    assert extract(html.encode(), URL).title == "Old bridge opens again"


def test_of_the_page_loses_the_sites_name() -> None:
    html = page().decode().replace("<h1>Old bridge opens again</h1>", "")
    assert extract(html.encode(), URL).title == "Old bridge opens again"


@pytest.mark.parametrize("heading", ["市议会通过重建旧桥方案", "旧い橋の架け替え案を可決", "สภาเมืองลงมติสร้างสะพาน"])
def test_a_heading_without_spaces_is_confirmed_by_a_title_that_holds_it(heading: str) -> None:
    html = page(title=heading).decode().replace("The Daily Test", "The Bridge Daily Test")
    assert extract(html.encode(), URL).title == heading


def test_alternatives_are_those_that_differ() -> None:
    found = article(head=meta("og:title", "Bridge open"), json_ld=json_ld_article(headline="Old bridge opens AGAIN"))
    assert found.alternative_titles == ("Bridge open",)


def test_loses_the_sites_name_in_front_where_only_the_rest_stands_on_the_page() -> None:
    html = (
        page()
        .decode()
        .replace("Old bridge opens again | The Daily Test", "Daily Test - Old bridge opens again at last")
    )
    html = html.replace("<h1>Old bridge opens again</h1>", "<div><b>Old bridge opens again at last</b></div>")
    assert extract(html.encode(), URL).title == "Old bridge opens again at last"


def test_alternatives_lose_section_and_site() -> None:
    title = "Old bridge opens again after two long years | City | The Daily Test"
    found = extract(page().decode().replace("Old bridge opens again | The Daily Test", title).encode(), URL)
    assert found.alternative_titles == ("Old bridge opens again after two long years",)


def test_of_two_articles_in_json_ld_the_one_with_the_pages_address_is_it() -> None:
    other = json_ld_article(
        headline="Another headline", url="https://news.example/city/2", author="B. Khan", keywords=["x"]
    )
    graph = {"@graph": [other, json_ld_article(headline="Bridge open", url=URL, author="A. Rahman")]}
    assert [author.name for author in article(json_ld=graph).authors] == ["A. Rahman"]


SITE = meta("og:site_name", "Lindmark Courier")
QUAY = "Northern quay stays closed until May"


def titles(
    *, head: str = "", body: str = "", title: str = "", url: str = "https://www.lindmark-courier.example/x"
) -> Any:
    """Return the article of a page with this title element, and with nothing but paragraphs below this body."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return extract(f"<html><head><title>{title}</title>{head}</head><body>{body}{text}</body></html>".encode(), url)


def test_a_heading_that_another_title_confirms_whole_is_not_cut() -> None:
    whole = "'Worst winter ever': shop owners count their losses"
    found = titles(title="Shop owners count their losses", head=meta("og:title", whole), body=f"<h1>{whole}</h1>")
    assert found.title == whole
    assert found.alternative_titles == ("Shop owners count their losses",)


def test_a_short_text_behind_a_dash_is_a_name_only_where_something_says_so() -> None:
    whole, part = "Old stamps are sought after - how to tell them apart", "Old stamps are sought after - how to tell"
    found = titles(title=f"{whole} | Lindmark Courier", head=SITE + meta("og:title", part), body=f"<h1>{whole}</h1>")
    assert (found.title, found.alternative_titles) == (whole, (part,))


def test_a_heading_that_nothing_confirms_is_an_alternative() -> None:
    heading = "Reaching the islands this spring"
    found = titles(title=QUAY, head=meta("og:title", "Angry skippers, no end in sight"), body=f"<h1>{heading}</h1>")
    assert heading in {found.title, *found.alternative_titles}


def test_data_and_opengraph_outweigh_the_heading_and_the_title_element() -> None:
    described = f'<script type="application/ld+json">{json.dumps(json_ld_article(headline=QUAY))}</script>'
    other = "Why boats queue at the old fishing port"
    found = titles(title=other, head=described + meta("og:title", QUAY), body=f"<h1>{other}</h1>")
    assert found.title == QUAY
    assert found.extraction.fields["title"].confirmed_by == ("og:title",)


def test_copies_of_one_text_in_the_head_do_not_outweigh_the_heading() -> None:
    head = meta("og:title", "Quay closed? All dates") + '<meta name="twitter:title" content="Quay closed? All dates">'
    heading = "Quay closed: all the dates that skippers need"
    assert titles(title="Quay closed? All dates", head=head, body=f"<h1>{heading}</h1>").title == heading


@pytest.mark.parametrize(
    "title",
    [
        f"{QUAY}-HarbourㅣLindmark Courier",
        f"{QUAY} - Harbour - Lindmark Courier",
        f"{QUAY} ✩ Lindmark Courier",
        f"{QUAY}_Harbour_Lindmark Courier",
        f"{QUAY} (Lindmark Courier)",
        f"Lindmark Courier: {QUAY}",
        f"Lindmark Courier » {QUAY}",
        f"{QUAY} // lindmark-courier.example",
        f"{QUAY} | Lindmark Courier – all about the islands",
        f"{QUAY} | Ships | Islands | The Courier of the whole coast",
    ],
)
def test_the_names_of_site_and_section_are_cut_at_any_sign(title: str) -> None:
    url = "https://www.lindmark-courier.example/harbour/quay"
    assert titles(title=title, head=SITE + meta("og:title", title), url=url).title == QUAY


@pytest.mark.parametrize(
    "body",
    [
        '<div><a href="/"><img src="/logo.png" alt="Die Küste"></a></div>',
        '<div><a href="https://www.lindmark-courier.example/">Die Küste</a></div>',
        '<link rel="alternate" type="application/rss+xml" title="Die Küste » Feed" href="/feed">',
        f"<h2>{QUAY}</h2>",
    ],
)
def test_links_feeds_and_lines_of_the_page_tell_the_sites_name(body: str) -> None:
    assert titles(title=f"{QUAY} - Die Küste", body=body).title == QUAY


def test_without_such_evidence_a_dash_belongs_to_the_title() -> None:
    assert titles(title=f"{QUAY} - a guide").title == f"{QUAY} - a guide"


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("市议会批准重建旧电车车库 - 三角洲日报", ""),
        ("The Char Gazette - 市议会批准重建旧电车车库", ""),
        ("市议会批准重建旧电车车库-三角洲日报", meta("og:site_name", "三角洲日报")),
        ("【三角洲日报】市议会批准重建旧电车车库", meta("og:site_name", "三角洲日报")),
        ("市议会批准重建旧电车车库，三角洲日报", meta("og:site_name", "三角洲日报")),
    ],
)
def test_a_title_without_spaces_loses_the_sites_name(title: str, head: str) -> None:
    header = '<header><h1><a href="/">The Char Gazette</a></h1></header>'
    found = titles(title=title, head=head, body=f"{header}<h2>市议会批准重建旧电车车库</h2>")
    assert found.title == "市议会批准重建旧电车车库"


@pytest.mark.parametrize("level", [1, 2])
def test_a_heading_that_links_to_the_home_page_is_not_the_title(level: int) -> None:
    title = "The mayor of Lindmark resigns over bridge plan"
    header = '<header><h1><a href="/">The Lindmark Post</a></h1></header>'
    found = titles(title=title, body=f"{header}<h{level}>{title}</h{level}>")
    assert (found.title, found.alternative_titles) == (title, ())


def test_the_name_of_a_section_in_a_heading_is_not_the_title() -> None:
    menu = '<div><a href="/harbour/">Harbour</a></div>'
    found = titles(title=f"{QUAY} - Harbour | Lindmark Courier", head=SITE, body=f"{menu}<h1>Harbour</h1>")
    assert found.title == QUAY
    assert "Harbour" not in found.alternative_titles


def test_where_only_the_site_is_named_a_lower_heading_is_the_title() -> None:
    found = titles(title="Lindmark Courier", head=SITE, body=f"<h1>Lindmark Courier</h1><h2>{QUAY}</h2>")
    assert found.title == QUAY


@pytest.mark.parametrize("unit", [" - a", "|", "(", ": ", "a-", " ✩ ", "Lindmark Courier | "])
def test_a_long_title_is_left_as_it_is(unit: str) -> None:
    assert titles(title=unit * 20_000, head=SITE).title


def test_a_heading_of_a_section_is_an_alternative_and_stays_in_the_text() -> None:
    sections = "".join(f"<h1>What changes in {year}</h1><p>{PARAGRAPHS[0]}</p>" for year in (2026, 2027))
    found = titles(title=QUAY, body=f"<article><h1>{QUAY}</h1><p>{PARAGRAPHS[1]}</p>{sections}</article>")
    assert found.title == QUAY
    assert "What changes in 2027" in found.alternative_titles
    assert "What changes in 2027" in found.body_text


@pytest.mark.parametrize(
    ("title", "host"),
    [
        ("A bridge is announced", "announced.example"),
        ("Guardian angels found", "www.guardian.example"),
        ("Times are hard", "times.example"),
        ("A day in the life of the Tribune", "tribune.example"),
        ("সমকাল পদক পেলেন তিনজন", "সমকাল.example"),
    ],
)
@pytest.mark.parametrize("sign", [" | ", " - ", " – ", " :: "])
def test_a_headline_may_contain_the_name_of_the_host(title: str, host: str, sign: str) -> None:
    html = page(title=title).decode().replace(" | The Daily Test", f"{sign}The Daily Test")
    assert extract(html.encode(), f"https://{host}/city/1").title == title


def test_a_heading_with_the_name_of_the_host_is_the_site_where_the_title_begins_with_it() -> None:
    html = page(title="Old bridge opens again").decode()
    html = html.replace("<nav>", "<h1>Harbour News</h1><nav>")
    html = html.replace(
        "<title>Old bridge opens again | The Daily Test", "<title>Harbour News | Old bridge opens again"
    )
    assert extract(html.encode(), "https://harbour.example/city/1").title == "Old bridge opens again"


@pytest.mark.parametrize("own", [".", "./", "../bridge/"])
def test_is_a_heading_that_links_to_its_own_page(own: str) -> None:
    heading = f'<h1><a href="{own}">Old bridge opens again</a></h1>'
    html = page(head=meta("og:title", "Old bridge opens again")).decode()
    html = html.replace("<h1>Old bridge opens again</h1>", heading)
    assert extract(html.encode(), "https://news.example/city/bridge/").title == "Old bridge opens again"


@pytest.mark.parametrize("home", ["..", "../..", "../../", "../../index.html"])
def test_is_not_a_heading_that_links_to_the_home_page_from_a_folder(home: str) -> None:
    html = page(title="The bridge of Daily").decode()
    html = html.replace("<h1>", f'<h1><a href="{home}">The Bridge Daily</a></h1><h1>').replace("Test<", "Bridge Daily<")
    url = "https://news.example/city/bridge/" if home != ".." else "https://news.example/city/"
    assert extract(html.encode(), url).title == "The bridge of Daily"


@pytest.mark.parametrize("head", ["Blog: {}", ": {}", "| {}", "{} |", "{} -"])
def test_loses_a_name_that_the_page_shows_nowhere_and_a_sign_without_name(head: str) -> None:
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    title = f"<title>{head.format('Old bridge opens')}</title>"
    html = f'{title}<h1>Untitled Blog</h1><div class="title">Old bridge opens</div>{text}'
    assert extract(html.encode(), URL).title == "Old bridge opens"


def test_keeps_a_kicker_that_the_page_shows() -> None:
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    html = f"<title>Floods: Old bridge opens</title><p>Floods</p><div>Old bridge opens</div>{text}"
    assert extract(html.encode(), URL).title == "Floods: Old bridge opens"


def test_of_two_first_level_headings_the_one_at_the_end_of_the_title_element_is_a_name() -> None:
    headline = "動画：川に架かる古い橋が二年ぶりに通行できるようになった"
    head = f"<title>{headline} 写真1枚 国際ニュース：LINDMARK News</title>"
    body = f"<h1>国際ニュース：LINDMARK News</h1><article><h1>{headline}</h1>{'<p>市が発表した。</p>' * 3}</article>"
    assert extract(f"<html>{head}{body}</html>".encode(), URL).title == headline


def test_a_name_of_several_words_may_have_the_initials_of_the_host() -> None:
    html = page().decode().replace("The Daily Test", "U.S. Small Bridges Administration")
    html = html.replace("<h1>Old bridge opens again</h1>", "<div>Old bridge opens again at last</div>")
    assert extract(html.encode(), "https://www.sba.example/bridge").title == "Old bridge opens again"
