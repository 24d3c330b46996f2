"""Which pieces of a container are part of the article."""

from collections import defaultdict

from khobor.extract.layout import HEADINGS, Box, Layout, Piece
from khobor.extract.names import BYLINE, CAPTION, DATE, KICKER, TAGS
from khobor.extract.sentences import ends_article, leads_away
from khobor.extract.text import comparable

# A text of which more leads elsewhere is a link, not a paragraph.
_MOST_LINKED = 0.8
_MOST_LINKED_LONG = 0.9
_LONG_TEXT = 200
# Labels of the article's front matter are no longer than this.
_LONGEST_LABEL = 120
_LABELS = BYLINE | DATE | TAGS | KICKER
# A sentence: long enough for one, or ended like one.
_PROSE = 80
_SHORTEST_PROSE = 25
_SENTENCE_ENDS = (".", "!", "?", "…", "।", "॥", "。", "！", "？", "؟", "۔", "”", "“", "»", "«", '"', "’", ":", "」", "።")


def article_pieces(layout: Layout, container: Box, titles: frozenset[str]) -> list[Piece]:
    """Return the pieces of a container that are part of the article, in order.

    Args:
        layout: The page.
        container: The box that holds the body.
        titles: The page's titles as ``comparable`` gives them, left out where they are repeated.
    """
    inside = [piece for piece in layout.pieces[container.start : container.end] if not piece.box.is_outside]
    kept = [piece for piece in _before_end(inside) if piece.media is not None or _belongs(piece, titles)]
    return _trimmed(kept)


def is_prose(piece: Piece) -> bool:
    """Whether a piece is text in sentences."""
    text = piece.text
    if len(text) < _SHORTEST_PROSE or piece.box.tag in HEADINGS or 2 * piece.linked > len(text):
        return False
    return len(text) >= _PROSE or text.endswith(_SENTENCE_ENDS)


def _before_end(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces before a line that ends the article: none of its paragraphs come behind that."""
    prose = [piece if is_prose(piece) else None for piece in pieces]
    lengths: dict[Box | None, int] = defaultdict(int)
    for piece in filter(None, prose):
        lengths[piece.box.parent] += len(piece.text)
    main = max(lengths, key=lambda box: lengths[box], default=None)
    last = max((position for position, piece in enumerate(prose) if piece and piece.box.parent is main), default=0)
    for position in range(last + 1, len(pieces)):
        if not prose[position] and ends_article(pieces[position].text):
            return pieces[:position]
    return pieces


def _belongs(piece: Piece, titles: frozenset[str]) -> bool:
    text, box = piece.text, piece.box
    share = _MOST_LINKED if len(text) < _LONG_TEXT else _MOST_LINKED_LONG
    if piece.linked > share * len(text) and not box.in_group:
        return False
    if len(text) < _LONGEST_LABEL and box.meaning & _LABELS:
        return False
    return not leads_away(text) and not ends_article(text) and (len(text) > 2 * _LONG_TEXT or comparable(text) not in titles)


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Return pieces without what comes before the first sentence and behind the last one."""
    prose = [position for position, piece in enumerate(pieces) if is_prose(piece)]
    if not prose:
        return pieces
    first, last = prose[0], prose[-1]
    start = first
    while start and _leads_in(pieces[start - 1], pieces[first]):
        start -= 1
    while last + 1 < len(pieces) and _goes_on(pieces[last + 1], pieces[prose[-1]]):
        last += 1
    return [
        piece for position, piece in enumerate(pieces) if start <= position <= last or piece.media is not None
    ]


def _leads_in(piece: Piece, first: Piece) -> bool:
    """Whether a piece before the first sentence belongs to it: a heading beside it, or an item of a list."""
    return piece.media is not None or (piece.box.tag in HEADINGS and piece.box.parent is first.box.parent)


def _goes_on(piece: Piece, last: Piece) -> bool:
    """Whether a piece behind the last sentence belongs to it: an item of a list, or a short paragraph beside it."""
    if piece.media is not None or piece.box.in_group:
        return True
    return piece.box.tag == last.box.tag == "p" and piece.box.parent is last.box.parent
