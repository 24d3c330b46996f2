"""Selectors whose time is not linear in the page are refused in a source's check: nothing can stop a running one."""

import pytest
from lxml import etree
from parsel import Selector
from tests.sources.daily import DAILY

from khobor.extract.selection import select
from khobor.sources.checking import load_sources
from khobor.sources.registry import Registry, bundled_sources
from khobor.sources.selectors import BadSelectorError, compile_selector


@pytest.mark.parametrize(
    "selector",
    [
        "//a[count(//*) > 1]", "//a[count(count(//*))]", "//a[//b]", "//a[ //b]", "//a[(//b)]", "//a[not(/html//b)]",
        "//a[1 - count(//b)]", "//div[. = //p]", "//a[@id or //b]", "//a[id(//b)]", "//a[/descendant::b]",
        "//p[following::a]", "//p[preceding::a[1]]", "//p/following::a", "//p/following-sibling::p",
        "//p[preceding-sibling::p]", "//a[count(preceding-sibling::a) = 3]", "//a[following-sibling ::*]",
        "//a[../b]", "//a[../*]", "//a[../text()]", "//a[parent::*[b]]", "//a[ancestor::b[c]]", "//a[../..//b]",
        "//a[(..)/b]",
        "//a[parent::*/child::b]", "//a[self::*/../b]", "//a[.//b/..//c]", "//a[contains(.., 'x')]", "//a[. = ..]",
        "//a[.. = 'x']", "//a[string(parent::*) = 'x']", "//a[re:test(ancestor::b, 'x')]",
        "//a[.//b[.//c]]", "//a[descendant::b[descendant::c]]", "//a[b[c[d[e]]]]", "//a" * 9, "|".join(["//a"] * 20),
        "div ~ p", "div:has(~ p)", "div:has(a:has(b))", "a b c d e f g h i j",
        ", ".join("abcdefghijklmnopqrst"),
    ],
)  # fmt: skip
def test_what_walks_the_page_for_each_element_is_refused_with_advice(selector: str) -> None:
    with pytest.raises(BadSelectorError, match=r"takes too long on a large page: .*; "):
        compile_selector(selector)


@pytest.mark.parametrize(
    "selector",
    [
        "//div[.//img]", "//div[contains(., 'By')]", "//p[not(ancestor::aside)]", "//p[ancestor::div[@class = 'b']]",
        "//a[../@class = 'x']", "//p[contains(../@class, 'x')]", "//p[name(..) = 'div']", "//p[parent::div and a]",
        "//h2/following-sibling::*[1]", "//p[following-sibling::*[1][self::div]]", "(//h1)[1]/following-sibling::p",
        "//div[p[@class]]", "//div[count(.//p) > 3]", "//a | //b", "//li[last()]//a", "//main//section//p//a",
        "//p[starts-with(normalize-space(.), '//x[..]')]", "//div[count(*) * 2 > 4]", "//p[position() mod 2 = 1]",
        "h1 + p", "li:last-child a", "li:nth-child(2)", "a:nth-of-type(2)", "div:has(> img)", "main p:not(.ad)",
        "p:only-of-type",
        "//div[div div 2 > 1 and @div]", "//*[* * 2 > 1]", "//p[parent::div or parent::and]",
        "li:first-child, p:only-child", "a[href*='//x[..]']::attr(href)", "p ::text",
    ],
)  # fmt: skip
def test_what_sources_need_is_not_refused(selector: str) -> None:
    assert isinstance(compile_selector(selector), etree.XPath)


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("//a[re:test(@href, '((')]", "not a regular expression: missing"),
        ("//a[re:test(@href, '(?!x)')]", "not a regular expression: invalid perl operator"),
        ("//a[re:test(., '\\bBy')]", "not a regular expression: "),
        ("//a[re:test(@href, .)]", "write re:test(., 'pattern')"),
        ("//a[re:test(@href, concat('a', @x))]", "write re:test(., 'pattern')"),
        ("//a[re:test(contains(., 'b'), @x)]", "write re:test(., 'pattern')"),
        ("//a[re:test(substring-before(., 'b'), 'x', @x)]", "write re:test(., 'pattern')"),
        ("//a[re:match(., 'x')]", "there is no re:match"),
        ("//a[re:replace(., 'x', 'g', 'y') = 'y']", "there is no re:replace"),
    ],
)
def test_a_pattern_in_a_selector_is_written_out_and_checked(selector: str, told: str) -> None:
    with pytest.raises(BadSelectorError) as caught:
        compile_selector(selector)
    assert told in str(caught.value)


def test_a_check_names_file_key_and_selector_and_leaves_the_others_alone() -> None:
    other = DAILY.replace("daily.example", "other.example")
    bad = f'{DAILY}tags = ["a", "//a[count(//*) > 1]"]'
    registry, (problem,) = load_sources({"bad.toml": bad.encode(), "other.toml": other.encode()}, Registry({}))
    assert [source.name for source in registry] == ["other"]
    assert str(problem).startswith("bad.toml:9: rules.tags: '//a[count(//*) > 1]' takes too long on a large page: ")


def test_a_pattern_that_python_never_ends_ends_in_a_selector() -> None:
    page = Selector(text=f"<p><b>{'a' * 100_000}!</b><b>aa</b></p>")
    assert select(page, "//b[re:test(., '^(a+)+$')]/text()").getall() == ["aa"]


def test_the_bundled_sources_are_not_refused() -> None:
    files = {path: text.encode() for path, text in bundled_sources().files.items()}
    assert load_sources(files, Registry({}))[1] == []
