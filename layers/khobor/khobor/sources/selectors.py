"""The selectors of rules: CSS or XPath, compiled to XPath once."""

import re
from functools import lru_cache

from lxml import etree

from khobor.sources.patterns import BadPatternError, compile_pattern, is_in_text
from khobor.sources.xpath_cost import objection

# No CSS selector begins like this: a path, a parenthesis, or a function such as normalize-space(.
_XPATH = re.compile(r"\.?/|\(|(?:(?:re|set):)?[a-z-]+\s*\(")
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_STRINGS = r"\"[^\"]*\"|'[^']*'"
_CALLS = r"(?<![\w:-])([\w:.-]+)\s*\("
_VARIABLE = r"\$\s*[\w-]+"
# https://www.w3.org/TR/1999/REC-xpath-19991116/: functions, node types and operators that may precede a parenthesis.
_KNOWN = frozenset(
    {"last", "position", "count", "local-name", "namespace-uri", "name", "string", "concat", "starts-with"}
    | {"contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate"}
    | {"boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round"}
    | {"text", "node", "comment", "processing-instruction", "and", "or", "div", "mod"}
    # The functions of EXSLT and parsel.
    | {"re:test", "has-class"}
)
# What to write for functions that parsel has and rules have not.
_INSTEAD = {
    "id": "the tree has no index of ids; write //*[@id='…']",
    "re:match": "write re:test in a condition",
    "re:replace": "select the text as it is",
    "set:distinct": "what is selected twice counts once",
    "set:difference": "the time of set functions grows with the square of the page; write a condition with not()",
    "set:intersection": "the time of set functions grows with the square of the page; write a condition with and",
}
# ``re:test(what, 'pattern', 'i')``: the pattern must be a literal, so that it can be checked.
_ARGUMENT = r"[^(),'\"]*(?:\([^(),'\"]*\)[^(),'\"]*)*"
_TESTS = re.compile(
    rf"(?P<test>re:test\s*\()(?:{_ARGUMENT},\s*(?P<pattern>{_STRINGS})\s*(?:,\s*(?:'[gi]*'|\"[gi]*\")\s*)?\))?|{_STRINGS}"
)
# The translations of :nth-child() and :nth-of-type() by cssselect.
_COUNTED = r"count\((?:preceding|following)-sibling::[^()]+\)"
_EMPTY = etree.fromstring("<html><body/></html>", etree.HTMLParser())


class BadSelectorError(ValueError):
    """A selector is invalid; the message says why."""


@lru_cache(maxsize=4096)
def compile_selector(expression: str) -> etree.XPath:
    """Return a compiled selector, which can be evaluated on an element.

    It selects what parsel selects: elements, or texts if the selector ends in ``::attr(name)``, ``::text``, ``/@name``
    or ``/text()``, or one text if it is a function such as ``normalize-space(//h1)``.

    Args:
        expression: A CSS selector, or an XPath, which begins with /, ./, ( or a function.

    Raises:
        BadSelectorError: The expression is invalid, does not select elements, attributes or texts, or takes too long on
            a large page.
    """
    is_xpath = _XPATH.match(expression) is not None
    xpath = expression if is_xpath else _xpath(expression)
    try:
        compiled = _compile(xpath)
        why = objection(xpath if is_xpath else re.sub(_COUNTED, "0", xpath))
        if why:
            raise BadSelectorError(f"{expression!r} takes too long on a large page: {why}")
        _check_tests(xpath)
        return _check_result(compiled, xpath)
    except etree.XPathError as error:
        raise BadSelectorError(f"{expression!r} is not a valid XPath: {error}") from error


def _compile(xpath: str) -> etree.XPath:
    # Imported here, because most pages have no source. It gives XPath the function has-class.
    import parsel  # noqa: F401

    try:
        return etree.XPath(xpath, namespaces=_NAMESPACES, extensions=_EXTENSIONS, regexp=False)
    except ValueError as error:
        raise BadSelectorError(f"{xpath!r} contains a character that XML does not allow") from error


def _xpath(css: str) -> str:
    # Imported here, because functions that check no selector start faster.
    from cssselect import SelectorError

    from khobor.sources.css import Translator

    try:
        return Translator().css_to_xpath(css)
    except SelectorError as error:
        what = f"{css!r} is not a valid CSS selector: {error}; an XPath begins with /, ./, ( or a function"
        raise BadSelectorError(what) from error


def _check_tests(xpath: str) -> None:
    """Raise BadSelectorError if a pattern of re:test is invalid, or not a literal."""
    for match in _TESTS.finditer(xpath):
        if not match["test"]:
            continue
        if not match["pattern"]:
            raise BadSelectorError(f"{xpath!r}: write re:test(., 'pattern'), or re:test(., 'pattern', 'i')")
        try:
            compile_pattern(match["pattern"][1:-1], is_of_text=True)
        except BadPatternError as error:
            raise BadSelectorError(f"{xpath!r}: {match['pattern']} is not a regular expression: {error}") from error


def _test(_: object, value: object, pattern: str, flags: str = "") -> bool:
    """Implement re:test."""
    first = (value[0] if value else "") if isinstance(value, list) else value
    text = str(first.xpath("string()") if hasattr(first, "xpath") else first)
    return is_in_text(pattern, text, ignore_case="i" in flags)


def _check_result(compiled: etree.XPath, xpath: str) -> etree.XPath:
    # libxml2 looks up the names in a condition only if there is an element to test.
    rest = re.sub(_STRINGS, "''", xpath)
    calls = [name for name in re.findall(_CALLS, rest) if name.rpartition("::")[2] not in _KNOWN]
    for name in (*re.findall(_VARIABLE, rest), *calls):
        instead = _INSTEAD.get(name)
        what = f"there is no {name} in rules; {instead}" if instead else f"there is no {name} in XPath 1.0"
        raise BadSelectorError(f"{xpath!r}: {what}")
    if not isinstance(result := compiled(_EMPTY), list | str):
        raise BadSelectorError(f"{xpath!r} returns {result!r}; select elements, attributes or texts")
    return compiled


_EXTENSIONS = {(_NAMESPACES["re"], "test"): _test}
