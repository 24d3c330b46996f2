"""Signs beside headings and captions by which a reader copies their address: ``¶``, ``#``, ``§`` or a symbol of a font.

Generators of documentation and blogs put them there. A style sheet shows them only below the mouse.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote

from lxml import etree

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# How many elements around a link may have the id to which it leads.
_MOST_AROUND = 5
# A link without its end tag may contain the rest of a page.
_MOST_WITHIN = 10


def empty_handles(links: Iterable[etree._Element]) -> None:
    """Remove the texts of links that lead to where they stand, and have neither letters nor digits.

    The mark of a footnote stays, because it leads elsewhere.

    Args:
        links: All links of a page.
    """
    for link in links:
        reference = link.get("href") or ""
        if reference[:1] == "#" and len(reference) > 1 and _is_sign(link) and _is_here(link, reference[1:]):
            for element in link.iter(etree.Element):
                element.text = None
                if element is not link:
                    element.tail = None


def _is_sign(link: etree._Element) -> bool:
    if next(islice(link.iter(), _MOST_WITHIN, None), None) is not None:
        return False
    return not any(map(str.isalnum, "".join(map(str, link.itertext()))))


def _is_here(link: etree._Element, fragment: str) -> bool:
    """Whether a link stands in a heading, or in an element with the id to which it leads."""
    ids = {fragment, unquote(fragment)}
    return any(each.tag in _HEADINGS or each.get("id") in ids for each in _around(link))


def _around(link: etree._Element) -> Iterator[etree._Element]:
    yield link
    yield from islice(link.iterancestors(), _MOST_AROUND)
