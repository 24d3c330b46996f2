"""A rule of a source selects what parsel selects, in khobor and in a Scrapy shell."""

from itertools import product

import parsel
import pytest
from tests.example_pages import KALBELA, page

from khobor.extract.document import Document

PAGES = {
    "article": page(
        head='<meta property="og:title" content="Bridge"><link rel="canonical" href="/1">',
        article="""<p class="byline big"><span>By <a rel="author" href="/a">Ann  Lee</a></span>, <b>Dhaka</b></p>
        <p class="date" data-at='2026-03-01'>Sunday<br>1 March</p><p></p><p class="note"> two\n lines </p>""",
        json_ld={"headline": "Bridge", "author": [{"name": "Ann Lee"}, {"name": "B. Das"}], "keywords": ["a", "b"]},
    ),
    "unclosed": b"""<title>X</title><h1 class=headline>One<p class='a b'>x<p class="b">y<ul><li>1<li>2<li class=b>3</ul>
        <table><tr><td class=a>c<td>d</table><button>z<p class="c">&amp;lt; \xe0\xa6\xac\xe0\xa6\xbe</button>""",
    "lists": b"<p class='x'><a><b>6</b></a>"
    + b"<div class='row'><i>1</i><b class='x'>2</b> 3 <i>4</i><b class='x y'>5</b></div>" * 3,
    "kalbela": KALBELA.read_bytes(),
    "empty": b"",
}
CSS = [
    "h1", "h1::text", "h1 ::text", "p", "p.b", ".a.b", "p.date::attr(data-at)", "a::attr(href)", "*::attr(class)",
    "p + p", "i + b", "b + i::text", "p:first-child", "li:last-child::text", "b:only-child", "div > p:first-child",
    "li:nth-child(2)", "li:nth-last-child(1)", "b:nth-of-type(2)::text", "i:first-of-type", "b:last-of-type",
    "p:not(.b)", "p:empty", "p:contains('y')", "div:has(> b)", "[class~=b]", "[href^='/']", "[data-at$='01']",
    "[class|=a]", "[class*=li]::text", "meta[property='og:title']::attr(content)", "link[rel=canonical]::attr(href)",
    "h1, p.b, li", "td.a, td::text", "html:root", "p:is(.a, .c)", "main article p", "ul > li + li::text",
]  # fmt: skip
XPATHS = [
    "//h1", "//h1/text()", "//p/@class", "//*[has-class('b')]", "//p[has-class('a', 'b')]//text()", "/html/body/*",
    "./body/h1", ".//li[2]", "(//p)[last()]", "(//li | //td)/text()", "//b/following-sibling::*[1]",
    "//i[following-sibling::*[1][self::b]]", "//p[not(ancestor::button)]", "//*[@class and not(*)]/@class",
    "//p[contains(., 'y')]", "//p[starts-with(normalize-space(.), 'two')]", "//p[string-length(.) > 3]/text()",
    "//li[position() mod 2 = 1]", "//div[count(b) = 2]", "//p[. = 'y']", "//td[last()]", "//a[../@class = 'x']",
    "//*[name(..) = 'ul']", "//p[re:test(@class, '^[ab]$')]", "//p[re:test(., '^S', 'i')]/text()",
    r"//*[re:test(text(), '\d')]", r"//p[re:test(@data-at, '^\d{4}-\d\d')]/@data-at", r"//*[re:test(., '^\w$')]",
    "//*[re:test(@class, 'X|Y', 'i')]/@class", "//li[re:test(., '[13]')]", r"//p[re:test(., '^\s*$')]",
    "normalize-space(//p[@class='note'])", "string(//h1)", "concat(//h1, ' / ', //title)", "substring-after(//p, 'x')",
    "translate(//h1, 'O', 'o')", "//processing-instruction()", "//title/text()", "//p//text()[normalize-space()]",
]  # fmt: skip
JMESPATHS = ["headline", "author[].name", "keywords", "author[0]", "keywords[-1]", "author[?name=='B. Das'].name"]


@pytest.mark.parametrize(("rule", "name"), [*product(CSS, PAGES)])
def test_a_css_selector_selects_what_it_selects_in_parsel(rule: str, name: str) -> None:
    found = Document(PAGES[name], "https://news.example/1").ask(rule).getall()
    assert found == parsel.Selector(text=PAGES[name].decode()).css(rule).getall()


@pytest.mark.parametrize(("rule", "name"), [*product(XPATHS, PAGES)])
def test_an_xpath_selects_what_it_selects_in_parsel(rule: str, name: str) -> None:
    found = Document(PAGES[name], "https://news.example/1").ask(rule).getall()
    assert found == parsel.Selector(text=PAGES[name].decode()).xpath(rule).getall()


@pytest.mark.parametrize(("rule", "name"), [*product(JMESPATHS, PAGES)])
def test_a_jmespath_selects_what_it_selects_in_parsel(rule: str, name: str) -> None:
    found = Document(PAGES[name], "https://news.example/1").ask(f"jmespath:{rule}").getall()
    scripts = parsel.Selector(text=PAGES[name].decode()).css("script[type='application/ld+json']")
    assert found == scripts.jmespath(rule).getall()


@pytest.mark.parametrize("name", PAGES)
def test_the_selector_of_a_page_is_that_of_parsel(name: str) -> None:
    selector = Document(PAGES[name], None).selector
    assert isinstance(selector, parsel.Selector)
    assert selector.get() == parsel.Selector(text=PAGES[name].decode()).get()


def test_each_of_these_rules_selects_something() -> None:
    documents = [Document(html, None) for html in PAGES.values()]
    rules = [*CSS, *XPATHS, *(f"jmespath:{each}" for each in JMESPATHS)]
    idle = [rule for rule in rules if not any(document.ask(rule) for document in documents)]
    assert idle == ["//processing-instruction()"]
