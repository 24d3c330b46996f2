import pytest
from parsel import Selector

from khobor.extract.document import Document
from khobor.extract.selection import first_text, items_of, select
from khobor.sources.selectors import BadSelectorError

PAGE = Selector(
    text="""<html><body><!-- a comment -->
<h1 class="headline big">Bridge <em>opens</em></h1>
<p class="date" data-at="2026-03-01">Sunday</p><p>One</p><p>and(two)</p>
<a href="/one">1</a><a href="/two">2</a></body></html>"""
)


def found(expression: str) -> list[str | None]:
    return [item if isinstance(item, str) else item.tag for item in items_of(select(PAGE, expression))]


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
        ("normalize-space(//h1)", ["Bridge opens"]),
        ("string(//a/@href)", ["/one"]),
        ("concat(//a[1], ', ', //a[2])", ["1, 2"]),
    ],
)
def test_css_and_xpath_select_elements_attributes_and_texts(expression: str, selected: list[str]) -> None:
    assert found(expression) == selected


def test_a_part_of_the_page_can_be_searched() -> None:
    (heading,) = select(PAGE, "h1")
    assert select(heading, "em").getall() == ["<em>opens</em>"]
    assert select(heading, "a") == []


LINES = Selector(
    text="""<html><body><h1>Town votes<br>to <b>re</b>build</h1><p class="k"><b>Old</b> bridge</p>
<p class="n"><a title="x">Ann</a> <a>Bob</a></p><p class="n"> </p></body></html>"""
)


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
    found = first_text(list(items_of(select(LINES, expression))))
    assert found == text
    # A text with a reference to its element would keep the whole tree in memory.
    assert type(found) in {str, type(None)}


@pytest.mark.parametrize("expression", ["//a[has-class()]"])
def test_a_selector_that_the_page_leads_astray_selects_nothing(expression: str) -> None:
    assert select(PAGE, expression) == []


def test_what_is_no_selector_is_refused() -> None:
    with pytest.raises(BadSelectorError, match=r"div\["):
        select(PAGE, "div[")


SCRIPTS = b"""<script type="application/ld+json">{"headline": "Bridge", "author": [{"name": "A. Rahman"}, {"name": "B.
Das"}], "datePublished": 1772900000, "image": {"url": "/a.jpg"}, "isAccessibleForFree": true, "about": [null, "x"]}
</script><script type="application/ld+json">[{"@graph": [{"name": "Fish &amp; chips"}]}]</script>"""


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("jmespath:headline", ["Bridge"]),
        ("jmespath: author[].name", ["A. Rahman", "B. Das"]),
        ("jmespath:author", ["A. Rahman", "B. Das"]),
        ("jmespath:image.url || image", ["/a.jpg"]),
        ("jmespath:datePublished", ["1772900000"]),
        ("jmespath:isAccessibleForFree", []),
        ("jmespath:about", ["x"]),
        ('jmespath:[]."@graph"[].name', ["Fish & chips"]),
        ("jmespath:length(headline)", ["6"]),
        ("jmespath:keywords", []),
    ],
)
def test_a_jmespath_selects_texts_in_each_json_ld_script(rule: str, texts: list[str]) -> None:
    # length(null), in the second script, is an error of that script alone.
    assert Document(SCRIPTS, None).select_texts(rule) == texts


def test_json_ld_of_very_many_values_is_not_asked() -> None:
    small, large = (
        Document(f'<script type="application/ld+json">{{"a": "x", "b": {[1] * count}}}</script>'.encode(), None)
        for count in (1_000, 30_000)
    )
    assert small.select_texts("jmespath:a") == ["x"]
    assert large.select_texts("jmespath:a") == []
