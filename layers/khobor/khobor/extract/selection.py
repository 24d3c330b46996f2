"""What the rules of sources select in a page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from lxml import etree
from parsel import Selector, SelectorList

from khobor.extract import json_ld
from khobor.extract.text import clean, text_of
from khobor.sources.jmespaths import is_jmespath, jmespath_of
from khobor.sources.selectors import compile_selector


def select(page: Selector, rule: str, data: Sequence[Selector] = ()) -> SelectorList[Selector]:
    """Return what a source's rule selects, which is what parsel selects. ``khobor.sources`` says what is allowed.

    >>> page = Selector(text="<h1>Bridge <em>opens</em></h1>")
    >>> select(page, "h1 ::text").getall()
    ['Bridge ', 'opens']

    Args:
        page: The element in which a CSS selector or an XPath selects. An absolute path selects in the whole tree.
        rule: If it fails on this page, nothing is selected.
        data: The page's JSON-LD, in which a JMESPath selects.

    Raises:
        BadSelectorError: It is not a valid rule.
    """
    if is_jmespath(rule):
        return SelectorList(_in_data(data, jmespath_of(rule)))
    compiled = compile_selector(rule)
    try:
        found: Any = compiled(page.root)
    except (etree.XPathEvalError, ValueError, re.error):
        return SelectorList()
    items = [found] if isinstance(found, str) else found
    # Comments are nodes too.
    return selectors(item for item in items if isinstance(item, str) or _is_element(item))


def selectors(items: Iterable[etree._Element | str]) -> SelectorList[Selector]:
    """Return a selector of each of some elements, attributes or texts of a page."""
    return SelectorList(Selector(root=item, type="html") for item in items)


def items_of(selected: Iterable[Selector]) -> Iterator[etree._Element | str]:
    """Yield the elements, and the texts of everything else, that a rule selected.

    A value of JSON-LD is a text, a number, a thing with a name, or a list of these.
    """
    for each in selected:
        item = each.root
        if each.type == "html":
            yield item
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield str(item)
        else:
            yield from json_ld.texts(item)


def _in_data(data: Sequence[Selector], query: str) -> Iterator[Selector]:
    for each in data:
        try:
            yield from each.jmespath(query)
        # A function that does not take the values that this page has.
        except ValueError:
            continue


def _is_element(item: object) -> bool:
    # The tag of a comment is a function.
    return isinstance(getattr(item, "tag", None), str)


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
