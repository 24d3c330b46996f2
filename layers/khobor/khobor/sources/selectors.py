"""Selectors of sources' rules: CSS or XPath, both compiled to XPath once."""

import re
from functools import cache

from lxml import etree

_XPATH = ("/", "./", "(")
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_STRINGS = r"\"[^\"]*\"|'[^']*'"
_CALLS = r"(?<![\w:-])([\w:.-]+)\s*\("
_VARIABLE = r"\$\s*[\w-]+"
# https://www.w3.org/TR/1999/REC-xpath-19991116/: the functions, node types and operators that a bracket may follow.
_KNOWN = frozenset(
    {"last", "position", "count", "id", "local-name", "namespace-uri", "name", "string", "concat", "starts-with"}
    | {"contains", "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate"}
    | {"boolean", "not", "true", "false", "lang", "number", "sum", "floor", "ceiling", "round"}
    | {"text", "node", "comment", "processing-instruction", "and", "or", "div", "mod"}
    # EXSLT, and what parsel adds.
    | {"re:test", "re:match", "re:replace", "has-class"}
)
_EMPTY = etree.fromstring("<html><body/></html>", etree.HTMLParser())


class BadSelectorError(ValueError):
    """A selector cannot be used; the message says why."""


@cache
def compile_selector(expression: str) -> etree.XPath:
    """Return a CSS selector, or an XPath, which begins with /, ./ or (, ready to be evaluated on an element.

    Evaluated, it gives elements, or texts where it ends in ``::attr(name)``, ``::text``, ``/@name`` or ``/text()``.

    Raises:
        BadSelectorError: It is neither, or selects no elements, attributes or texts.
    """
    try:
        return _compiled(expression if expression.startswith(_XPATH) else _xpath(expression))
    except etree.XPathError as error:
        raise BadSelectorError(f"{expression!r} is no XPath: {error}") from error


def _xpath(css: str) -> str:
    # Here, not above: most pages are of no source, and these take as long to import as all of extraction.
    from cssselect import SelectorError
    from parsel.csstranslator import HTMLTranslator

    try:
        return HTMLTranslator().css_to_xpath(css)
    except SelectorError as error:
        what = f"{css!r} is no CSS selector: {error}; an XPath begins with /, ./ or ("
        raise BadSelectorError(what) from error


def _compiled(xpath: str) -> etree.XPath:
    compiled = etree.XPath(xpath, namespaces=_NAMESPACES)
    if not isinstance(found := compiled(_EMPTY), list):
        raise BadSelectorError(f"{xpath!r} gives {found!r}; select elements, attributes or texts")
    # A name in a condition is looked up only where there is something to test.
    rest = re.sub(_STRINGS, "''", xpath)
    calls = [name for name in re.findall(_CALLS, rest) if name.rpartition("::")[2] not in _KNOWN]
    if unknown := [*re.findall(_VARIABLE, rest), *calls]:
        raise BadSelectorError(f"{xpath!r}: there is no {unknown[0]} in XPath 1.0")
    return compiled
