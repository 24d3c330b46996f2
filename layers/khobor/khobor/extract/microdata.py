"""Whose the properties in a page's microdata are: the article's, those of a picture in it, or those of another article.

https://html.spec.whatwg.org/multipage/microdata.html
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from khobor.extract import json_ld
from khobor.extract.selection import elements_with

# These select attributes, because a predicate on every element is slower, and a step back to the elements is quadratic.
_PROPERTIES = etree.XPath("descendant-or-self::*/@itemprop")
_TYPES = etree.XPath("descendant-or-self::*/@itemtype")


class _Around(NamedTuple):
    """What is around an element.

    Attributes:
        owner: The innermost element with ``itemscope``, None if there is none.
        is_in_caption: Whether one is a ``figcaption``.
    """

    owner: etree._Element | None
    is_in_caption: bool


class Microdata:
    """The microdata of a page. What is known of an element is not searched for again, however deep the page is.

    Args:
        root: The root of its tree.
        headings: Its first-level headings.
    """

    def __init__(self, root: etree._Element, headings: Iterable[etree._Element]) -> None:
        self._root = root
        self._headings = headings
        # What is around the children of elements.
        self._around: dict[etree._Element, _Around] = {}

    @cached_property
    def properties(self) -> Mapping[str, list[etree._Element]]:
        """The elements with properties of the page's article, by the name of the property, in document order."""
        elements: dict[str, list[etree._Element]] = {}
        for element in elements_with(_PROPERTIES, self._root):
            if self.is_own(element):
                for name in dict.fromkeys((element.get("itemprop") or "").split()):
                    elements.setdefault(name, []).append(element)
        return elements

    def is_own(self, element: etree._Element) -> bool:
        """Whether a property in microdata is of the article, not of a picture in it or of another article."""
        owner, is_in_caption = self._around_element(element)
        if is_in_caption:
            return False
        if owner is None or owner is self._scope:
            return True
        if self._scope is None:
            return owner.get("itemprop") is None
        return owner in self._around_scope

    @cached_property
    def _scope(self) -> etree._Element | None:
        """The element of the page's article: the one with a headline, else the first."""
        scopes = [
            element
            for element in elements_with(_TYPES, self._root)
            if element.get("itemscope") is not None and json_ld.is_article({"@type": element.get("itemtype")})
        ]
        if not scopes[1:]:
            return next(iter(scopes), None)
        around_headings: set[etree._Element] = set()
        for each in self._headings:
            around: etree._Element | None = each
            while around is not None and around not in around_headings:
                around_headings.add(around)
                around = around.getparent()
        return next((scope for scope in scopes if scope in around_headings), scopes[0])

    @cached_property
    def _around_scope(self) -> frozenset[etree._Element]:
        return frozenset(() if self._scope is None else self._scope.iterancestors())

    def _around_element(self, element: etree._Element) -> _Around:
        path = []
        each = element.getparent()
        while each is not None and each not in self._around:
            path.append(each)
            each = each.getparent()
        found = _Around(None, is_in_caption=False) if each is None else self._around[each]
        for each in reversed(path):
            owner = found.owner if each.get("itemscope") is None else each
            found = self._around[each] = _Around(owner, is_in_caption=found.is_in_caption or each.tag == "figcaption")
        return found
