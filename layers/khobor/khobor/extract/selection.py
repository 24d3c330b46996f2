"""What the selectors of sources' rules select."""

import re
from typing import Any, cast

from lxml import etree

from khobor.sources.selectors import compile_selector


def select(root: etree._Element, expression: str) -> list[etree._Element | str]:
    """Return what a CSS selector or an XPath selects, in the page's order; ``selectors.py`` says what it may be.

    Args:
        root: The element that is searched with all in it; a path from the top of the tree leaves it.
        expression: The selector. One that is good, but that this page leads astray, selects nothing.

    Raises:
        BadSelectorError: It is no selector.
    """
    compiled = compile_selector(expression)
    try:
        found = cast("list[Any]", compiled(root))
    except (etree.XPathEvalError, ValueError, re.error):
        return []
    # Comments are nodes too; what they have for a tag is no text.
    return [item for item in found if isinstance(item, str) or isinstance(getattr(item, "tag", None), str)]


def elements_on(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements that an XPath of our own leads to, in the page's order."""
    found: list[etree._Element] = cast("Any", path(root))
    return found
