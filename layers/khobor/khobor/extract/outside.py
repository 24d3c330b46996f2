"""Which elements are no part of any article: navigation, comments, adverts."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from khobor.extract.boilerplate import SKIPPED_TAGS, is_boilerplate_name, is_boilerplate_role, is_hidden

# Ancestors that are looked at; without a bound, nesting without end takes time without end.
FARTHEST_ANCESTOR = 32

_NEVER = frozenset({"html", "body", "main", "article"})
_SHORTEST_PARAGRAPH = 25
# What holds so much of the page's paragraphs is not around the article, whatever it is called.
_HEAVY = 0.4


class Outside:
    """Tells the elements of one page that are outside of its article.

    Args:
        root: The page's tree.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._heavy = _heavy(root)

    def __call__(self, element: HtmlElement) -> bool:
        """Whether an element and all in it is no part of the article."""
        tag = element.tag
        if tag in SKIPPED_TAGS:
            return tag != "form" or element not in self._heavy
        if tag in _NEVER or element in self._heavy:
            return False
        if is_boilerplate_role(element.get("role")):
            return True
        if is_hidden(element.get("style"), hidden="hidden" in element.attrib):
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return names != " " and is_boilerplate_name(names)


def upwards(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield an element and its ancestors, as far as they are looked at."""
    return islice(_all_upwards(element), FARTHEST_ANCESTOR)


def _all_upwards(element: HtmlElement | None) -> Iterator[HtmlElement]:
    while element is not None:
        yield element
        element = element.getparent()


def _heavy(root: HtmlElement) -> set[HtmlElement]:
    lengths: dict[HtmlElement, int] = defaultdict(int)
    total = 0
    for paragraph in root.iter("p"):
        length = sum(map(len, paragraph.itertext()))
        if length >= _SHORTEST_PARAGRAPH:
            total += length
            for ancestor in upwards(paragraph.getparent()):
                lengths[ancestor] += length
    return {element for element, length in lengths.items() if length >= _HEAVY * total}
