import subprocess
import sys

import pytest

from khobor.sources.selectors import BadSelectorError, compile_selector


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("div[", "not a valid CSS selector"),
        ("", "not a valid CSS selector"),
        ("p::before", "not a valid CSS selector"),
        ("p:unknown(a)", "not a valid CSS selector"),
        ("count(//p)", "select elements"),
        ("re:test(//p, 'x')", "select elements"),
        ("//p[", "not a valid XPath"),
        ("//x:p", "not a valid XPath"),
        ("(count(//p))", "select elements"),
        ("//p[upper-case(.) = 'A']", "no upper-case in XPath"),
        ("//p[id('x')]", r"no id in rules; the tree has no index of ids; write //\*\[@id='…'\]"),
        ("id('x')", "no id in rules"),
        ("re:replace(//p, 'a', 'g', 'b')", "no re:replace in rules; select the text as it is"),
        ("set:difference(//p, //div/p)", "no set:difference in rules; the time of set functions grows"),
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


def test_an_xpath_has_the_functions_of_parsel_if_nothing_else_has_imported_it() -> None:
    code = "from khobor.sources.selectors import compile_selector; compile_selector('//body[has-class(\"x\")]')"
    subprocess.run([sys.executable, "-c", code], check=True)
