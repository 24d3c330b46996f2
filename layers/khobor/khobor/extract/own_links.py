"""Links that do not lead away from a text: around all of it, and from a heading to its own part of the page."""

from lxml import etree

from khobor.extract.layout import Layout, Piece, leads_within_page
from khobor.extract.text import length_of

# A link around so many paragraphs that are so long is around an article, or was not closed. A card has a summary.
_FEWEST_PARAGRAPHS = 3
_SHORTEST_TEXT = 300
# A text of this length has fewer characters in no script.
_FEWEST_CHARACTERS = 100


def release_text(layout: Layout) -> None:
    """Set the text in such links as not linked.

    Args:
        layout: The page.
    """
    for at in layout.headings:
        heading = layout.pieces[at]
        if heading.linked and heading.links and leads_within_page(heading):
            heading.linked = 0
    long = (
        link for link, text in layout.links if len(text) >= _FEWEST_CHARACTERS and length_of(text) >= _SHORTEST_TEXT
    )
    around = list(long)
    # Almost no page has such a long link.
    links = {inner: element for element in around for inner in element.iter()}
    inside: dict[etree._Element, list[int]] = {element: [] for element in around}
    for at, piece in enumerate(layout.pieces if around else ()):
        if piece.linked and (element := links.get(piece.box.element)) is not None:
            inside[element].append(at)
    for element, positions in inside.items():
        pieces = [_released(layout.pieces[at], element) for at in positions]
        paragraphs = [piece.text for piece in pieces if piece.is_prose]
        if len(paragraphs) >= _FEWEST_PARAGRAPHS and sum(map(length_of, paragraphs)) >= _SHORTEST_TEXT:
            for at, piece in zip(positions, pieces, strict=True):
                layout.pieces[at] = piece


def _released(piece: Piece, link: etree._Element) -> Piece:
    return Piece(piece.text, 0, piece.box, [each for each in piece.links if each is not link], piece.media)
