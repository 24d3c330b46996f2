"""What the selectors of sources' rules select."""

import re
from typing import Any, cast

from lxml import etree

from khobor.extract.text import clean, text_of
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


def first_text(found: list[etree._Element | str]) -> str | None:
    """Return the text of the first thing that a selector selected and that has any; None where there is none.

    The texts of one element, which ``::text`` selects one by one, are one text, whatever stands between them.
    """
    for position, item in enumerate(found):
        if text := clean(item) if isinstance(item, str) else text_of(item):
            owner = _owner(item)
            return text if owner is None else _whole_text(text, owner, found[position + 1 :])
    return None


def _whole_text(text: str, owner: etree._Element, rest: list[etree._Element | str]) -> str:
    """Return a text of an element with the others of it that are selected."""
    own = [text]
    for item in rest:
        other = _owner(item)
        if other is owner:
            own.append(str(item))
        elif other is not None and (owner in other.iterancestors() or other is owner.getparent()):
            # The texts of what is in it are selected, too.
            return text_of(owner if owner in other.iterancestors() else other)
        else:
            break
    return clean(" ".join(own))


def _owner(item: etree._Element | str) -> etree._Element | None:
    """Return the element whose own text a selected text is; None for an attribute, or what is none."""
    if not isinstance(item, str) or getattr(item, "is_attribute", True):
        return None
    text: Any = item
    parent: etree._Element | None = text.getparent()
    return parent.getparent() if text.is_tail and parent is not None else parent


def elements_with(attributes: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements whose attributes an XPath selects, in the page's order.

    Args:
        attributes: One of our own XPaths, which selects attributes of one name.
        root: The element that is searched with all in it.
    """
    return [attribute.getparent() for attribute in cast("list[Any]", attributes(root))]
