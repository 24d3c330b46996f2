"""Where the masthead of a page ends: its name, the day on which it is read, the weather, and the menu below them."""

import re

from lxml import etree

from khobor.extract.layout import Layout, Piece

# So many links to other pages of the site in a row are a menu. A headline may have a section or two above it.
_FEWEST_LINKS = 3
# So much of a piece of a menu is linked. The rest is signs between its links.
_LINKED = 0.5
# How far above the headline a menu is looked for.
_MOST_BETWEEN = 60
_MENU = re.compile(r"(?<![a-z])(?:nav|[a-z]{0,10}menu)", re.IGNORECASE)
# The rest of a longer class is data.
_LONGEST = 160
_DIGIT = re.compile(r"\d")
_NO_PAGES = ("#", "javascript:", "mailto:")


def end_of_masthead(layout: Layout, headline: int, host: str | None) -> int:
    """Return the index of the first piece behind the last menu above the headline, 0 if there is none.

    Args:
        layout: The page.
        headline: The index of the headline in its pieces.
        host: The host of the page. Links to others, such as those that share the article, are no menu.
    """
    start = max(0, headline - _MOST_BETWEEN)
    skipped = (each for each in layout.skipped if start < each[0] <= headline)
    end = max((position for position, element in skipped if _is_menu(element)), default=0)
    count = 0
    for position in range(start, headline):
        piece = layout.pieces[position]
        if piece.text:
            links = _links_of_menu(piece, host)
            count = count + links if links else 0
            end = max(end, position + 1) if count >= _FEWEST_LINKS else end
    return end


def _is_menu(element: etree._Element) -> bool:
    """Whether an element is a menu by its tag, or is called so."""
    return element.tag == "nav" or _MENU.search(f"{element.get('class')} {element.get('id')}"[:_LONGEST]) is not None


def _links_of_menu(piece: Piece, host: str | None) -> int:
    """Return how many links to other pages of the site a piece consists of, 0 if it has other text or a number."""
    if piece.linked < _LINKED * len(piece.text) or _DIGIT.search(piece.text):
        return 0
    return sum(_leads_on(link, host) for link in piece.links)


def _leads_on(link: etree._Element, host: str | None) -> bool:
    address = (link.get("href") or "#").strip().lower()
    if address.startswith(_NO_PAGES):
        return False
    _, has_host, rest = address.partition("//")
    return not has_host or rest.partition("/")[0] == host
