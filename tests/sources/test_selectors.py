import pytest

from khobor.sources.selectors import BadSelectorError, compile_selector


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("div[", "not a valid CSS selector"),
        ("", "not a valid CSS selector"),
        ("p::before", "not a valid CSS selector"),
        ("count(//p)", "not a valid CSS selector"),
        ("//p[", "not a valid XPath"),
        ("//x:p", "not a valid XPath"),
        ("(count(//p))", "select elements"),
        ("//p[upper-case(.) = 'A']", "no upper-case in XPath"),
        ("//p[$name]", r"no \$name in XPath"),
        ("//h1[has-class()] | //p[", "not a valid XPath"),
        ("//p[. = '\x01']", "a character that XML does not allow"),
        ("//p\0", "a character that XML does not allow"),
        (r"p[title='\1 ']", "a character that XML does not allow"),
        ("p[title='\ufffe']", "a character that XML does not allow"),
    ],
)
def test_what_is_no_selector_is_refused_with_the_reason(selector: str, why: str) -> None:
    with pytest.raises(BadSelectorError, match=why):
        compile_selector(selector)
