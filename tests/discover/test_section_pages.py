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
