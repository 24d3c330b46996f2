"""Translates CSS selectors to XPath in linear time; the usual translation counts the siblings of each element."""

from cssselect.xpath import XPathExpr
from parsel.csstranslator import HTMLTranslator

_FIRST = "not(preceding-sibling::*[1])"
_LAST = "not(following-sibling::*[1])"


class Translator(HTMLTranslator):
    """Translates a CSS selector, with ``::text`` and ``::attr(name)``."""

    def xpath_direct_adjacent_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        """Return the translation of ``left + right``.

        Args:
            left: The translation of the first element.
            right: The translation of the second element.
        """
        return left.join("/following-sibling::*[1]/self::", right)

    def xpath_first_child_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        """Return what ``:first-child`` adds."""
        return xpath.add_condition(_FIRST)

    def xpath_last_child_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        """Return what ``:last-child`` adds."""
        return xpath.add_condition(_LAST)

    def xpath_only_child_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        """Return what ``:only-child`` adds."""
        return xpath.add_condition(f"{_FIRST} and {_LAST}")
