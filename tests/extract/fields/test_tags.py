"""Keywords and topics."""

from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.extract import extract

KEYWORDS = '<meta name="keywords" content="harbour, ferries, repairs">'


@pytest.mark.parametrize(
    "parts",
    [
        {"json_ld": json_ld_article(keywords=["Bridges", "Floods"])},
        {"json_ld": json_ld_article(keywords="Bridges, Floods, bridges")},
        {"head": meta("article:tag", "Bridges") + meta("article:tag", "Floods")},
        {"head": '<meta name="news_keywords" content="Bridges; Floods">'},
        {"head": '<meta name="keywords" content="Bridges، Floods">'},
        {"article": '<meta itemprop="keywords" content="Bridges, Floods">'},
        {"article": '<a rel="tag" href="/t/1">#Bridges</a><a rel="tag" href="/t/2">Floods</a>'},
        {"article": '<ul><li><a href="/topic/1">Bridges</a></li><li><a href="/topic/2">Floods</a></li></ul>'},
        {"article": '<p><a href="/tag/1">Bridges</a>, <a href="/tag/2">Floods</a></p>'},
        {"article": '<p>tags: <a href="/tag/1">Bridges</a> <a href="/tag/2">Floods</a></p>'},
        {"article": '<p>বিষয়: <a href="/tag/1.html">Bridges</a> <a href="/tag/2.html">Floods</a></p>'},
        {"article": '<nav class="md-tags"><span class="md-tag">Bridges</span><span class="md-tag">Floods</span></nav>'},
        {"article": '<nav class="tags"><a href="/t/1">Bridges</a><a href="/t/2">Floods</a></nav>'},
    ],
)
def test_tags(parts: dict[str, Any]) -> None:
    assert article(**parts).tags == ("Bridges", "Floods")


def test_links_to_categories_that_are_marked_as_tags_stand_back_behind_links_to_pages_of_tags() -> None:
    category = '<div class="terms"><a rel="tag" href="/category/city/">City</a></div>'
    tags = (
        '<div class="terms"><a rel="tag" href="/tag/bridges/">Bridges</a> <a rel="tag" href="/tag/f/">Floods</a></div>'
    )
    assert article(article=category + tags).tags == ("Bridges", "Floods")
    assert article(article=category).tags == ("City",)


def test_a_menu_of_tags_that_stands_elsewhere_is_of_the_site() -> None:
    menu = '<div><nav class="tags"><a href="/t/1">Elections</a><a href="/t/2">Weather</a></nav></div>'
    assert article(article=menu).tags == ()


def test_a_line_that_links_to_a_topic_among_other_words_has_no_tags() -> None:
    assert article(article='<p>More reports on the bridge: <a href="/topic/1">Bridges</a></p>').tags == ()


def test_the_place_that_another_confirms_is_taken() -> None:
    head = KEYWORDS + '<meta name="news_keywords" content="ferries, harbour, Repairs">'
    described = json_ld_article(keywords=["picture-left", "web", "harbour", "origin-feed", "ferries", "repairs"])
    found = article(head=head, json_ld=described)
    assert found.tags == ("ferries", "harbour", "Repairs")
    assert found.extraction.fields["tags"].confirmed_by == ("keywords",)


def test_keywords_outweigh_a_few_links_in_a_box_for_tags() -> None:
    box = '<div class="tags"><a href="/all">All</a><a href="/more">More topics</a></div>'
    assert article(head=KEYWORDS, article=box).tags == ("harbour", "ferries", "repairs")
    assert article(article=box).tags == ("All", "More topics")


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (["sections/harbour", "organization/ferry company", "topic/repairs"], ("harbour", "ferry company", "repairs")),
        (["sport/formula-1", "races"], ("formula-1", "races")),
        (["Input/Output", "AC/DC live"], ("Input/Output", "AC/DC live")),
        (["hip/hop", "music", "dance", "Berlin"], ("hip/hop", "music", "dance", "Berlin")),
        (["either / or", "and/"], ("either / or", "and/")),
        (["NATO", "Sweden", "War"], ("NATO", "Sweden", "War")),
        (["AERO", "TRAN", "MEAST", "Flights"], ("Flights",)),
        (["নদী", "সেতু", "বাংলাদেশ/ঢাকা"], ("নদী", "সেতু", "বাংলাদেশ/ঢাকা")),
    ],
)
def test_what_a_content_management_system_writes_for_itself_is_left_out(
    keywords: list[str], expected: tuple[str, ...]
) -> None:
    assert article(json_ld=json_ld_article(keywords=keywords)).tags == expected


@pytest.mark.parametrize("address", ["#next", "/city/bridge-1#next", URL + "#next"])
def test_links_to_a_part_of_the_page_are_no_tags(address: str) -> None:
    box = f'<section class="tags"><a href="{address}">Jump over these topics</a><a href="/t/1">Ferries</a></section>'
    assert article(article=box).tags == ("Ferries",)


@pytest.mark.parametrize("names", ["post hentry tag-budget", "tag-budget", "type-post category-politics tag-tags"])
def test_a_class_that_says_which_tags_an_article_has_does_not_make_its_links_tags(names: str) -> None:
    text = '<p>The council approved the plan for the old depot, as <a href="/r/1">the report</a> says.</p>' * 4
    html = f'<article class="{names}"><h1>Council approves plan</h1><div class="entry-content">{text}</div></article>'
    assert extract(f"<title>Council approves plan</title>{html}".encode(), URL).tags == ()


def test_the_links_of_a_menu_before_the_headline_are_no_tags() -> None:
    menu = '<div class="tags"><a href="/politics">Politics</a><a href="/sport">Sport</a></div>' + "<p>Live</p>" * 4
    html = page(article='<a rel="tag" href="/t/1">Ferries</a>').decode().replace("<main>", f"{menu}<main>")
    assert extract(html.encode(), URL).tags == ("Ferries",)


def test_the_headline_of_a_teaser_is_no_tag() -> None:
    teaser = '<div class="tag-budget"><h3><a href="/a/2">Ferries late again</a></h3></div>'
    assert article(article=teaser).tags == ()


@pytest.mark.parametrize("unit", ["a/", "A: ", "#", "NATO,", "a,"])
def test_a_long_keyword_takes_no_long_time(unit: str) -> None:
    assert len(article(json_ld=json_ld_article(keywords=unit * 50_000)).tags) <= 40


@pytest.mark.parametrize("names", ["post-footer", "entry-footer", "article__footer", "storyFooter"])
def test_the_footer_of_a_post_has_its_tags_whatever_element_it_is(names: str) -> None:
    tags = (
        '<b>Tags:</b><ul><li><a href="/tags/bridges/">Bridges</a></li><li><a href="/tags/floods/">Floods</a></li></ul>'
    )
    pages = '<div class="pagination"><a href="/2/" rel="prev">The market square floods again</a></div>'
    html = page().decode().replace("</article>", f'<div class="{names}"><div>{tags}</div>{pages}</div></article>')
    found = extract(html.encode(), URL)
    assert found.tags == ("Bridges", "Floods")
    assert "Tags" not in found.body_text
    of_site = html.replace(names, "site-footer").encode()
    assert extract(of_site, URL).tags == ()


def test_tags_in_a_footer_of_the_page_count_if_all_stand_in_one_element() -> None:
    def tags(*lists: str) -> tuple[str, ...]:
        parts = "".join(f"<div class='tags'>{each}</div>" for each in lists)
        footer = f"<div role='contentinfo' class='pagefooter'>{parts}</div></body>"
        return extract(page().replace(b"</body>", footer.encode()), URL).tags

    one = '<a href="../../tags/bridges/" rel="tag">Bridges</a> <a href="../../tags/floods/" rel="tag">Floods</a>'
    assert tags(one) == ("Bridges", "Floods")
    assert tags(
        "<ul><li><a rel=tag href=/tags/b/>Bridges</a></li><li><a rel=tag href=/tags/f/>Floods</a></li></ul>"
    ) == (
        "Bridges",
        "Floods",
    )
    assert tags(one, '<a href="/tags/elections/" rel="tag">Elections</a>') == ()
    assert tags('<a href="/c/city/" rel="category tag">City</a>') == ()


@pytest.mark.parametrize("tag", ["p", "aside", "div"])
def test_tags_among_other_words_count_between_headline_and_text(tag: str) -> None:
    links = '<a href="/tags/bridges.html">#Bridges</a> and <a href="/tags/f">#Floods</a>'
    line = f"<{tag}>published on 2026-11-27 · tagged with {links}</{tag}>"
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    title = "Old bridge opens again"
    html = f"<title>{title}</title><article><h1>{title}</h1>{line}{text}</article>"
    assert extract(html.encode(), URL).tags == ("Bridges", "Floods")


def test_keywords_that_name_none_of_the_linked_tags_are_the_sites() -> None:
    items = "".join(f"<li><b>#</b><a href='/tags/{name}/'>{name}</a></li>" for name in ("Bridges", "Floods"))
    links = f"<div><span class='post-tag'><ul class='post-tag-ul'>{items}</ul></span> 2026-11-27</div>"
    head = '<meta name="keywords" content="Theme, Blog">'
    assert article(head=head, article=links).tags == ("Bridges", "Floods")
    assert article(head=head).tags == ("Theme", "Blog")


BEHIND = '<span>{}</span><ul><li><a href="/a/1">Ferries</a></li><li><a href="/b/2">Harbour</a></li></ul>'


def behind(markup: str, **parts: Any) -> tuple[str, ...]:
    """Return the tags of a page with an element behind its text."""
    html = page(**parts).decode().replace("</div></article>", f"</div><div>{markup}</div></article>")
    return extract(html.encode(), URL).tags


@pytest.mark.parametrize(
    "label", ["Tags", "Read more about", "Mehr lesen über", "বিষয় :", "Теги:", "关键词", "الوسوم", "태그"]
)
def test_links_behind_a_label_are_tags(label: str) -> None:
    assert behind(BEHIND.format(label)) == ("Ferries", "Harbour")
    assert behind(f'<p>{label}: <a href="/a/1">Ferries</a>, <a href="/b/2">Harbour</a></p>') == ("Ferries", "Harbour")


@pytest.mark.parametrize("label", ["Follow us", "More news", "Contact"])
def test_links_behind_another_label_are_no_tags(label: str) -> None:
    assert behind(BEHIND.format(label)) == ()


def test_links_behind_a_label_count_where_no_others_are_marked() -> None:
    marked = '<div class="tags"><a href="/tag/bridges" rel="tag">Bridges</a></div>'
    assert behind(marked + BEHIND.format("Topics")) == ("Bridges",)


def test_a_menu_behind_the_text_has_the_articles_tags() -> None:
    menu = '<nav><ul class="tags"><li><a href="/law/themen/b/bridge">Bridge</a></li></ul></nav>'
    assert behind(menu) == ("Bridge",)
    assert behind(menu, head='<meta name="keywords" content="Law, Background, Analysis">') == ("Bridge",)
    assert behind(menu, head='<meta name="keywords" content="river, flood">') == ("river", "flood")


def test_a_menu_of_topics_in_the_header_of_the_site_has_no_tags_of_the_article() -> None:
    html = page().decode()
    header = '<header><div class="topics"><a href="/tag/life">Life</a> <a href="/tag/sea">Sea</a></div></header>'
    tagged = '<div class="tags"><a href="/tag/ferries">Ferries</a></div>'
    html = html.replace("<main>", f"{header}<main>").replace("</div></article>", f"</div>{tagged}</article>")
    assert extract(html.encode(), URL).tags == ("Ferries",)


def test_a_link_within_a_sentence_is_no_tag() -> None:
    text = f'The <a class="tag-link" href="/k/harbour">harbour</a> was closed. {PARAGRAPHS[0]}'
    assert extract(page(paragraphs=(text, *PARAGRAPHS)), URL).tags == ()


def test_a_sign_before_a_tag_is_no_part_of_it() -> None:
    assert behind('<div class="post-tags"><a href="/tags/ferry/" rel="tag"># Ferry</a></div>') == ("Ferry",)
