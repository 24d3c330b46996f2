import pytest

from khobor.sources.selectors import BadSelectorError, compile_selector


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("div[", "no CSS selector"),
        ("", "no CSS selector"),
        ("p::before", "no CSS selector"),
        ("count(//p)", "no CSS selector"),
        ("//p[", "no XPath"),
        ("//x:p", "no XPath"),
        ("(count(//p))", "select elements"),
        ("//p[upper-case(.) = 'A']", "no upper-case in XPath"),
        ("//p[$name]", r"no \$name in XPath"),
        ("//h1[has-class()] | //p[", "no XPath"),
        ("//p[. = '\x01']", "a character that no page has"),
        ("//p\0", "a character that no page has"),
        (r"p[title='\1 ']", "a character that no page has"),
        ("p[title='\ufffe']", "a character that no page has"),
    ],
)
def test_what_is_no_selector_is_refused_with_the_reason(selector: str, why: str) -> None:
    with pytest.raises(BadSelectorError, match=why):
        compile_selector(selector)
