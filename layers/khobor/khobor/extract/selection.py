"""Selection of elements and texts by the selectors in sources' rules."""

import re
from typing import Any, cast

from lxml import etree

from khobor.extract.text import clean, text_of
from khobor.sources.selectors import compile_selector


def select(root: etree._Element, expression: str) -> list[etree._Element | str]:
    """Return what a CSS selector or an XPath selects, in document order. ``selectors.py`` says what is allowed.

    Args:
        root: The element in which it selects. An absolute path selects in the whole tree.
        expression: The selector. If it fails on this page, nothing is selected.

    Raises:
        BadSelectorError: It is not a valid selector.
    """
    compiled = compile_selector(expression)
    try:
        items = cast("list[Any]", compiled(root))
    except (etree.XPathEvalError, ValueError, re.error):
        return []
    # Comments are nodes too. Their tag is not a string.
    return [item for item in items if isinstance(item, str) or isinstance(getattr(item, "tag", None), str)]


def first_text(items: list[etree._Element | str]) -> str | None:
    """Return the first text, not empty, of what a selector selected; None if there is none.

    The texts of one element, which ``::text`` selects one by one, are joined.
    """
    for position, item in enumerate(items):
        if text := clean(item) if isinstance(item, str) else text_of(item):
            owner = _owner(item)
            return text if owner is None else _whole_text(text, owner, items[position + 1 :])
    return None


def _whole_text(text: str, owner: etree._Element, rest: list[etree._Element | str]) -> str:
    """Return a text of an element, joined with the other selected texts of that element.

    Args:
        text: The first selected text.
        owner: The element that it belongs to.
        rest: What is selected after it.
    """
    own = [text]
    for item in rest:
        other = _owner(item)
        if other is owner:
            own.append(str(item))
        elif other is not None and (owner in other.iterancestors() or other is owner.getparent()):
            # The texts of descendants are selected, too.
            return text_of(owner if owner in other.iterancestors() else other)
        else:
            break
    return clean(" ".join(own))


def _owner(item: etree._Element | str) -> etree._Element | None:
    """Return the element that a selected text belongs to; None for an attribute, or anything but a text."""
    if not isinstance(item, str) or getattr(item, "is_attribute", True):
        return None
    text: Any = item
    parent: etree._Element | None = text.getparent()
    return parent.getparent() if text.is_tail and parent is not None else parent


def elements_with(attributes: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements whose attributes an XPath selects, in document order.

    Args:
        attributes: An XPath of this package that selects attributes with one name.
        root: The element in which it selects.
    """
    return [attribute.getparent() for attribute in cast("list[Any]", attributes(root))]
