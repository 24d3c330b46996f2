"""Where the text of a container ends. What follows is no part of the article: teasers, comments, notices."""

from khobor.extract.layout import HEADINGS, SHORTEST_HEADLINE, Box, Piece, ancestors_or_self, first_line, parent_of
from khobor.extract.sentences import ends_article

# If one box contains so much of the prose, what follows it is not part of the article.
_NEARLY_ALL = 0.7
# Largest share of the prose after a line that ends the article. Comments and teasers are often longer than the news.
_MOST_AFTER_END = 0.8
_LISTS = frozenset({"ul", "ol", "dl"})
# The heading of a teaser is a link with at least so much of its text.
_MOST_LINKED = 0.8


def without_rest(pieces: list[Piece], main: frozenset[Box], sentences: set[Piece]) -> list[Piece]:
    """Return pieces without those after the main box, if that contains nearly all of the prose.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
        sentences: Pieces that are links but belong to the text, also in boxes beside these.
    """
    lengths = [len(piece.text) if piece.is_prose or piece in sentences else 0 for piece in pieces]
    own = [at for at, piece in enumerate(pieces) if lengths[at] and (piece in sentences or parent_of(piece) in main)]
    if not own or sum(lengths[at] for at in own) < _NEARLY_ALL * sum(lengths):
        return pieces
    last = parent_of(pieces[own[-1]])
    if last and last.tag in _LISTS:
        last = last.parent
    end = own[-1] + 1
    while end < len(pieces) and last and last.start <= pieces[end].box.start and pieces[end].box.end <= last.end:
        end += 1
    return pieces[:end]


def before_end(pieces: list[Piece], main: frozenset[Box]) -> list[Piece]:
    """Return the pieces before a line that ends the article, if not nearly all of the prose follows it.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
    """
    lengths = [len(piece.text) if piece.is_prose else 0 for piece in pieces]
    after = sum(lengths)
    most = _MOST_AFTER_END * after
    last = max((at for at, piece in enumerate(pieces) if lengths[at] and parent_of(piece) in main), default=0)
    for position, piece in enumerate(pieces):
        after -= lengths[position]
        if position > last and after <= most and ends_article(first_line(piece)):
            return pieces[:position]
    return pieces


def without_teasers(pieces: list[Piece], main: frozenset[Box]) -> list[Piece]:
    """Return pieces without the list of teasers after the text, whose items have linked headings.

    A list that is longer than the text is the text: a directory, or a list of events.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
    """
    own = [at for at, piece in enumerate(pieces) if piece.is_prose and parent_of(piece) in main]
    after = pieces[own[-1] + 1 :] if own else []
    items = {item for piece in after if _is_linked_heading(piece) and (item := _item_of(piece))}
    if not items:
        return pieces
    teasers = {piece for piece in after if not items.isdisjoint(ancestors_or_self(piece.box))}
    if sum(len(piece.text) for piece in teasers) > sum(len(pieces[at].text) for at in own):
        return pieces
    return [piece for piece in pieces if piece not in teasers]


def _is_linked_heading(piece: Piece) -> bool:
    is_heading = piece.box.tag in HEADINGS and piece.box.in_group and len(piece.text) >= SHORTEST_HEADLINE
    return is_heading and piece.linked >= _MOST_LINKED * len(piece.text)


def _item_of(piece: Piece) -> Box | None:
    """Return the innermost list item around a piece."""
    return next((box for box in ancestors_or_self(piece.box) if box.tag == "li"), None)
