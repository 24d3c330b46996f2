from urllib.parse import unquote

import pytest

from khobor.discover.listing import Entry, Listing
from khobor.discover.section_pages import read_section_page

URL = "https://www.example.com/politics"
HTML = """<html><body><nav><a href="/politics">Politics</a><a href="/tag/budget-of-the-year-2026">Budget</a></nav>
  <a href="/politics/12345/what-it-means"><img src="x.jpg"></a>
  <h2><a href="https://example.com/politics/12346?utm_source=front#comments">Two</a></h2>
  <a href=" /politics/12345/what-it-means?utm_medium=x ">Again</a>
  <a href="//bangla.example.com/খবর/12347">Bangla</a>
  <a href="https://example.org/politics/12348">Elsewhere</a> <a href="javascript:void(0)">x</a> <a name="x">x</a>
  <a href="politics-in-five-long-words">Three</a> <a href="http://[">x</a> <a href="/story/c4g2x1y2z3lo">Four</a>
  </body></html>"""


def urls(article_url: str | None, html: str = HTML) -> list[str]:
    return [entry.url for entry in read_section_page(html.encode(), URL, article_url).entries]


def test_articles_by_the_pattern_of_the_source() -> None:
    found = [
        "https://www.example.com/politics/12345/what-it-means",
        "https://example.com/politics/12346?utm_source=front",
        "https://bangla.example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0/12347",
    ]
    assert urls(r"/\d{5}(?:/|$)") == found


def test_articles_by_the_look_of_their_addresses() -> None:
    assert urls(None) == [
        "https://www.example.com/politics/12345/what-it-means",
        "https://example.com/politics/12346?utm_source=front",
        "https://bangla.example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0/12347",
        "https://www.example.com/politics-in-five-long-words",
        "https://www.example.com/story/c4g2x1y2z3lo",
    ]


def test_references_are_relative_to_the_base_of_the_page() -> None:
    assert urls(None, '<base href="/archive-2026/"><a href="12345">x</a>') == [
        "https://www.example.com/archive-2026/12345"
    ]


def test_addresses_in_the_charset_of_the_page() -> None:
    html = '<meta charset="windows-1251"><a href="/новости/12345">x</a>'.encode("cp1251")
    assert read_section_page(html, URL).entries == (
        Entry(url="https://www.example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/12345"),
    )


def test_a_page_without_articles_says_so() -> None:
    for body in (b"", b"<a href='/about'>x</a>", b"\x00\x01", b"{}"):
        assert read_section_page(body, URL) == Listing(problems=("the page has no link to an article",))


# Pages of lists as site engines write them. In each, the articles are /a to /c or have these letters in their URLs.
AROUND = """<header><h1><a href="/">The Daily Test</a></h1><nav><a href="/about">About</a>
  <a href="/the-people-who-write-this-paper">People</a></nav></header>{}
  <aside><h3><a href="/tag/river">River</a></h3><p>Everything about the river, its bridges and boats.</p>
  <h3><a href="/help-us">Help us</a></h3><p>We are a small paper and live on what readers give.</p></aside>
  <footer><a href="/how-we-correct-our-own-mistakes">Corrections</a> <a href="/cookies">Cookies</a> 2026</footer>"""


def paths(html: str) -> list[str]:
    """Return the paths, with the queries, of the articles on a page with navigation and footer."""
    found = read_section_page(AROUND.format(html).encode(), URL, content_type="text/html; charset=utf-8").entries
    return [unquote(entry.url.removeprefix("https://www.example.com")) for entry in found]


def card(path: str) -> str:
    """Return a card: a heading, the author, a teaser, a tag and a link to read more."""
    return f"""<article class="post tag-river"><h2><a href="{path}">Title</a></h2>
      <p>By <a href="/maya">Maya</a></p><p>A teaser that is longer than a label, as teasers are.</p>
      <footer><a href="/tags/river/">river</a> <a href="{path}">Read more</a> <a href="{path}#more">2</a></footer>
      </article>"""


@pytest.mark.parametrize(
    "names",
    [
        ("/a/", "/b/", "/c/"),
        ("/3", "/17", "/204"),
        ("/?p=1", "/?p=22", "/?p=333"),
        ("/2026/11/a.html", "/2026/11/b.html", "/2026/10/c.html"),
        ("/blog/预算", "/blog/桥", "/blog/市长辞职"),
        ("/บล็อก/สะพาน", "/บล็อก/แม่น้ำ", "/บล็อก/ก"),
        ("/خبر/الجسر", "/خبر/النهر", "/خبر/أ"),
        ("/খবর/সেতু", "/খবর/নদী", "/খবর/ক"),
        ("/posts/a/", "/posts/the-bridge-that-nobody-wanted/", "/posts/c2/"),
    ],
    ids=lambda names: names[1],
)
def test_articles_are_recognised_by_where_they_stand_whatever_their_urls_are(names: tuple[str, ...]) -> None:
    assert paths("<main>" + "".join(map(card, names)) + "</main>") == list(names)


@pytest.mark.parametrize(
    "row",
    [
        '<li><span class="date">28 Nov 2026</span> <a href="/{}">Title</a></li>',
        '<li><time datetime="2026-11-28">Saturday</time> <a href="/{}">Title</a> <a href="/tags/x">x</a></li>',
        "<tr><td>২৮ নভেম্বর ২০২৬</td><td><a href='/{}'>Title</a></td></tr>",
        "<dt>2026年11月28日</dt><dd><a href='/{}'>Title</a></dd>",
        '<li><a href="/{}"><img src="/x.jpg"><h4>Title</h4><p class="date">28.11.2026</p></a></li>',
        '<div><a href="/{0}"><img src="/x.jpg"></a><h3><a href="/{0}">Title</a></h3></div>',
        '<h3><a href="/{}">Title</a></h3><p>A teaser beside the heading, not in a box with it.</p>',
        '<div role="listitem"><a href="/{}"><h2>Title</h2></a><p>A teaser that is outside of the link.</p></div>',
    ],
)
def test_rows_of_articles(row: str) -> None:
    rows = "".join(row.format(name) for name in "abc")
    assert paths(f"<section><h1>All articles</h1>{rows}</section>") == ["/a", "/b", "/c"]


def test_where_urls_say_what_is_an_article_headings_of_sections_are_none() -> None:
    block = """<section><h2><a href="/{0}">Section</a></h2><p>All that is new in this section, from today.</p>
      <h3><a href="/{0}/1234{1}">Title</a></h3><p>A teaser that is longer than a label, as teasers are.</p>
      <h3><a href="/{0}/5678{1}">Title</a></h3><p>A teaser that is longer than a label, as teasers are.</p></section>"""
    assert paths(block.format("sport", 1) + block.format("culture", 2)) == [
        "/sport/12341",
        "/sport/56781",
        "/culture/12342",
        "/culture/56782",
    ]


def test_a_larger_first_card_is_an_article_too() -> None:
    lead = '<div class="lead"><div><h2><a href="/lead">Title</a></h2></div><p>A teaser of the first article.</p></div>'
    assert paths(f"{lead}<div>{card('/a')}{card('/b')}</div>") == ["/lead", "/a", "/b"]


def test_a_featured_article_in_a_side_column_is_one_of_them() -> None:
    assert paths(f"<aside>{card('/lead')}</aside><div>{card('/a')}{card('/b')}</div>") == ["/lead", "/a", "/b"]


def test_lists_of_all_articles_that_a_page_links_to() -> None:
    html = f"""<nav><a href="/posts">All</a> <a href="/tags/">Tags</a> <a href="/archives/">By year</a>
      <a href="/news/">News</a> <a href="/politics">Here</a></nav>{card("/posts/a")}{card("/posts/b")}"""
    assert [unquote(each) for each in read_section_page(html.encode(), URL).sections] == [
        "https://www.example.com/posts",
        "https://www.example.com/archives/",
        "https://www.example.com/news/",
    ]
    assert read_section_page(b'<a href="/blog/">Blog</a>', URL).sections == ("https://www.example.com/blog/",)


def test_lists_without_articles_have_none() -> None:
    cloud = "".join(f'<a href="/{name}">{name}</a> (12) ' for name in ("river", "bridge", "mayor"))
    authors = "".join(f'<h3><a href="/author/{name}">{name}</a></h3><p>{"Writes. " * 9}</p>' for name in "abc")
    tags = "".join(f'<h3><a rel="tag" href="/x/{name}">{name}</a></h3><p>{"Articles. " * 9}</p>' for name in "abc")
    assert paths(f"<main><p>{cloud}</p>{authors}{tags}</main>") == []


@pytest.mark.parametrize(
    ("url", "link", "following"),
    [
        ("/", '<a rel="next" href="/archive?before=7">Older</a>', "/archive?before=7"),
        ("/", '<link rel="next" href="/seite/zwei">', "/seite/zwei"),
        ("/", '<a href="/page/3/">3</a><a href="/page/2/">2</a>', "/page/2/"),
        ("/page/2/", '<a href="/">1</a><a href="/page/3/">Next</a>', "/page/3/"),
        ("/blog/", '<a href="/page/2/">other</a><a href="/blog/page/2/">2</a>', "/blog/page/2/"),
        ("/?paged=2", '<a href="/?paged=3">3</a>', "/?paged=3"),
        ("/news?s=1", '<a href="/news?page=2">x</a><a href="/news?s=1&amp;page=2">x</a>', "/news?s=1&page=2"),
        ("/", '<a href="/index2.html">2</a>', "/index2.html"),
        ("/index2.html", '<a href="/index3.html">3</a>', "/index3.html"),
        ("/page2/", '<a href="/page3/">3</a>', "/page3/"),
        ("/тег/x", '<a href="/тег/x/страница/2">2</a>', "/тег/x/страница/2"),
        ("/", '<a href="https://example.org/page/2/">2</a>', None),
        ("/", '<link rel="next" href="/a"><a href="/page/2/">2</a>', "/page/2/"),
        ("/", '<a rel="next" href="/all/the-news-from-page-two-on">Older</a>', "/all/the-news-from-page-two-on"),
        ("/page/3/", '<a href="/page/2/">2</a><a href="/page/5/">5</a>', None),
        ("/", '<a href="/?p=2">2</a><a href="/2">2</a>', None),
    ],
)
def test_the_page_that_continues_a_list(url: str, link: str, following: str | None) -> None:
    html = f'<meta charset="utf-8"><main>{card("/a")}{card("/b")}</main>{link}'
    listing = read_section_page(html.encode(), f"https://www.example.com{url}")
    found = listing.next_page
    assert [entry.url.rpartition("/")[2] for entry in listing.entries][:2] == ["a", "b"]
    assert found not in {entry.url for entry in listing.entries}
    assert (unquote(found.removeprefix("https://www.example.com")) if found else None) == following


def test_the_next_document_of_a_generator_of_documentation_is_an_article() -> None:
    names = (
        "bridge-plan-17",
        "the-old-bridge-opens-again",
        "the-council-votes-on-schools",
        "ferry-stops-for-the-winter",
    )
    links = "".join(f'<li><a href="/blog/{name}/">{name}</a></li>' for name in names)
    html = f'<nav><ul>{links}</ul></nav><main><a rel="next" href="/blog/bridge-plan-17/">Next</a></main>'
    found = read_section_page(html.encode(), "https://www.example.com/")
    assert found.next_page is None
    for following in ("/blog/page/2/", "/blog/2/", "/blog/index2.html", "/older"):
        other = html.replace('rel="next" href="/blog/bridge-plan-17/"', f'rel="next" href="{following}"')
        assert read_section_page(other.encode(), "https://www.example.com/").next_page == (
            f"https://www.example.com{following}"
        )
