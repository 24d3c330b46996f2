import pytest
from lxml.html import HtmlElement, document_fromstring

from khobor.extract.selection import first_text, select
from khobor.sources.selectors import BadSelectorError

PAGE = document_fromstring("""<html><body><!-- a comment -->
<h1 class="headline big">Bridge <em>opens</em></h1>
<p class="date" data-at="2026-03-01">Sunday</p><p>One</p><p>and(two)</p>
<a href="/one">1</a><a href="/two">2</a></body></html>""")


def found(expression: str) -> list[str | None]:
    return [item if isinstance(item, str) else item.tag for item in select(PAGE, expression)]


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ("h1", ["h1"]),
        ("h1, p.date", ["h1", "p"]),
        ("a:nth-of-type(2)", ["a"]),
        ("a::attr(href)", ["/one", "/two"]),
        ("p.date::attr(data-at)", ["2026-03-01"]),
        ("p.date::text", ["Sunday"]),
        ("h1::text", ["Bridge "]),
        ("//a", ["a", "a"]),
        ("//a/@href", ["/one", "/two"]),
        ("(//a)[1]/@href", ["/one"]),
        ("./body/p[2]/text()", ["One"]),
        ("/html/body/h1", ["h1"]),
        ("//h1[has-class('headline')]", ["h1"]),
        (r"//a[re:test(@href, '^/t')]/@href", ["/two"]),
        (r"//a[re:test(@href, '^/T', 'i')]/@href", ["/two"]),
        (r"//h1[re:test(normalize-space(.), '^\w+ opens$')]", ["h1"]),
        (r"//a[re:test(., '^\d$') and not(re:test(@class, '.'))]", ["a", "a"]),
        ("h1 + p.date", ["p"]),
        ("p + p + a", ["a"]),
        ("h1 + a", []),
        ("body > :first-child, a:last-child", ["h1", "a"]),
        ("//p[. = 'and(two)' and (position() > 1)]", ["p"]),
        ("//comment()", []),
        ("video", []),
    ],
)
def test_css_and_xpath_select_elements_attributes_and_texts(expression: str, selected: list[str]) -> None:
    assert found(expression) == selected


def test_a_part_of_the_page_can_be_searched() -> None:
    (heading,) = select(PAGE, "h1")
    assert isinstance(heading, HtmlElement)
    assert [item.tag for item in select(heading, "em") if isinstance(item, HtmlElement)] == ["em"]
    assert select(heading, "a") == []


LINES = document_fromstring("""<html><body><h1>Town votes<br>to <b>re</b>build</h1><p class="k"><b>Old</b> bridge</p>
<p class="n"><a title="x">Ann</a> <a>Bob</a></p><p class="n"> </p></body></html>""")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("h1", "Town votes to rebuild"),
        ("h1::text", "Town votes to build"),
        ("h1 ::text", "Town votes to rebuild"),
        ("//h1//text()", "Town votes to rebuild"),
        (".k ::text", "Old bridge"),
        (".k::text", "bridge"),
        (".n a::text", "Ann"),
        (".n a::attr(title)", "x"),
        (".n::text", None),
        ("video", None),
    ],
)
def test_the_first_text_is_whole(expression: str, text: str | None) -> None:
    found = first_text(select(LINES, expression))
    assert found == text
    # A text with a reference to its element would keep the whole tree in memory.
    assert type(found) in {str, type(None)}


@pytest.mark.parametrize("expression", ["//a[has-class()]"])
def test_a_selector_that_the_page_leads_astray_selects_nothing(expression: str) -> None:
    assert select(PAGE, expression) == []


def test_what_is_no_selector_is_refused() -> None:
    with pytest.raises(BadSelectorError, match=r"div\["):
        select(PAGE, "div[")
