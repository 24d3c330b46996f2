"""A JMESPath of a source is refused, with the reason, if it is wrong or may multiply the data of a page."""

import pytest
from tests.sources.daily import DAILY

from khobor.extract.document import Document
from khobor.sources.checking import load_sources
from khobor.sources.jmespaths import jmespath_of
from khobor.sources.registry import Registry
from khobor.sources.selectors import BadSelectorError


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "cannot be empty"),
        ("author[", "Incomplete expression; see https://jmespath.org"),
        ("author..name", r"Parse error at column 7, token \"\.\""),
        ("@type", "Parse error"),
        ("author#name", "Unknown token"),
        ("upper(headline)", r"there is no function upper\(\); the functions are abs, avg, "),
        ("author[?upper(name) == `1`]", r"there is no function upper\(\)"),
        ("length()", r"length\(\) takes 1 argument, not 0"),
        ("contains(a)", r"contains\(\) takes 2 arguments, not 1"),
        ("!" * 490 + "a", "nested too deeply|parts; at most"),
        ("a" + ".a" * 200, "at most 60 are allowed"),
    ],
)
def test_what_is_no_jmespath_is_refused_with_the_reason(expression: str, why: str) -> None:
    with pytest.raises(BadSelectorError, match=f"^'jmespath:.*(?:{why})"):
        jmespath_of(f"jmespath:{expression}")


@pytest.mark.parametrize(
    "expression",
    [
        " | ".join(["[@, @][]"] * 6),
        "[]" + ".[@, @][]" * 6,
        "length([@, @][] | [@, @][] | [@, @][] | [@, @][] | [@, @][] | [@, @][])",
        "map(&[@, @, @, @, @, @, @], map(&[@, @, @, @, @, @, @], @)[])[]",
        "merge({a: @, b: @}, {c: @}) | {a: @, b: @, c: @, d: @} | [@, @, @]",
        "to_string(to_string(@))",
        "join(sep, list)",
        "list.join(@[0], @)",
        f"map(&`{list(range(60))}`, @)[]",
    ],
)
def test_what_multiplies_the_data_is_refused(expression: str) -> None:
    with pytest.raises(BadSelectorError, match=r"times as large as the data; select fewer|write it out, such as join"):
        jmespath_of(f"jmespath:{expression}")


@pytest.mark.parametrize(
    "expression",
    [
        "headline",
        '"@graph"[?"@type" == \'NewsArticle\'].author[].name',
        "author[].name || author.name || author",
        "[].[headline, name][] | [0]",
        "image[0].url || image.url || image",
        "join(', ', author[].name)",
        "itemListElement[-2].{name: name, url: item}.name",
        "not_null(articleSection[0], articleSection, genre)",
        "sort_by(itemListElement, &position)[*].name",
        "keywords[?!contains(['News', 'Home', 'Latest', 'Top', 'World', 'All'], @)]",
        "max_by(image, &width).url",
        "to_string(datePublished)",
    ],
)
def test_what_sources_need_is_not_refused(expression: str) -> None:
    assert jmespath_of(f"jmespath:{expression}") == expression


def test_a_check_names_file_key_and_expression() -> None:
    bad = f'{DAILY}tags = ["a", "jmespath:keywords["]\ndrop = ["jmespath:articleBody"]\n'
    _, (first, second) = load_sources({"bad.toml": bad.encode()}, Registry({}))
    assert str(first).startswith("bad.toml:9: rules.tags: 'jmespath:keywords[' is not a valid JMESPath: ")
    assert str(second) == (
        "bad.toml:10: rules.drop: 'jmespath:articleBody': drop takes elements of the page, but a JMESPath selects"
        " values of its JSON-LD; write a CSS selector or an XPath"
    )


def test_an_expression_that_is_not_checked_first_is_refused_when_it_is_used() -> None:
    with pytest.raises(BadSelectorError, match="not a valid JMESPath"):
        Document(b"", None).ask("jmespath:a[")
