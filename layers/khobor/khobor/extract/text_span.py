"""The span of the text among the pieces of an article: its first sentence to its last, and what belongs to these."""

from itertools import islice

from khobor.extract.layout import HEADINGS, Box, Piece, ancestors_or_self, ends_as_question, parent_of

# Largest share of linked characters in a list after the text.
_MOST_LINKED_AFTER = 0.5
# So many boxes may be around a paragraph or a heading within its part.
MOST_WRAPPERS = 4
# A text that announces what follows ends so.
ANNOUNCING = (":", "：")


def trimmed(pieces: list[Piece], sentences: set[Piece], main: frozenset[Box]) -> list[Piece]:
    """Return pieces without those before the first sentence and after the last one.

    Args:
        pieces: The pieces of a text, in order.
        sentences: Those that are sentences.
        main: The boxes of the main text.
    """
    prose = [position for position, piece in enumerate(pieces) if piece.is_prose or piece in sentences]
    if not prose:
        return pieces
    # An article begins with a list only if that is beside its paragraphs, or if most of the text is in lists or tables.
    first = next((position for position in prose if not pieces[position].box.in_group), prose[0])
    lengths = [len(pieces[position].text) for position in prose]
    before = sum(lengths[: prose.index(first)])
    first = prose[0] if before > sum(lengths) - before else first
    own = [position for position in prose if parent_of(pieces[position]) in main]
    # On old pages the whole article is in a table, and a notice follows it.
    first = own[0] if own and own[-1] < first else first
    start, last = first, prose[-1]
    places = main | {box for box in (pieces[first].box.parent,) if box is not None}
    text = pieces[first : last + 1]
    kinds = {_kind(piece) for piece in text if piece.box.tag in HEADINGS and piece.box.tag != "h1" and not piece.linked}
    while start and (
        _leads_in(pieces[start - 1], pieces[first])
        or _is_first_heading(pieces[start - 1], pieces[start], kinds)
        or _is_summary(pieces[start - 1], places)
        or _heads_summary(pieces[start - 1], pieces[start], places)
        or _is_line(pieces[start - 1], pieces[first])
        or (start == first and _is_first_question(pieces[start - 1], text))
    ):
        start -= 1
    # A last sentence that announces something is left out if that does not follow.
    while last > first and pieces[last].text.endswith(ANNOUNCING) and _announces_nothing(pieces, last):
        last -= 1
    while more := _continued(pieces, last, main):
        last += more
    return [piece for position, piece in enumerate(pieces) if start <= position <= last or piece.media is not None]


def _continued(pieces: list[Piece], last: int, main: frozenset[Box]) -> int:
    """Return how many pieces after the last one of the text belong to it, 0 if none does."""
    following = pieces[last + 1 : last + 3]
    if following and _continues(following[0], pieces[last]):
        return 1
    if len(following) > 1 and following[0].box.tag in HEADINGS and not following[0].linked:
        # A list under a heading of its own, such as what to bring.
        is_own = following[0].box.parent in main and _around(_group_of(following[1])) in main
        return 2 if is_own and _continues(following[1], pieces[last]) else 0
    return 0


def _is_line(piece: Piece, first: Piece) -> bool:
    """Whether a piece before the first sentence is a line of the text: equal to its paragraph, and beside that."""
    box, other = piece.box, first.box
    is_equal = box.tag == other.tag == "p" and box.element.get("class") == other.element.get("class")
    return is_equal and box.parent is other.parent and not (piece.linked or ends_as_question(piece.text))


def _is_summary(piece: Piece, places: frozenset[Box]) -> bool:
    """Whether a piece is a sentence in a list, and the list or the box around it is beside the paragraphs."""
    group = _group_of(piece)
    around = group.parent if group is not None else None
    is_beside = around is not None and (around in places or around.parent in places)
    return is_beside and piece.is_prose and piece.linked <= _MOST_LINKED_AFTER * len(piece.text)


def _heads_summary(piece: Piece, below: Piece, places: frozenset[Box]) -> bool:
    """Whether a piece is the heading of such a list, in the box around both."""
    group = _group_of(below)
    is_heading = piece.box.tag in HEADINGS and not piece.linked
    return is_heading and group is not None and piece.box.parent is group.parent and _is_summary(below, places)


def _group_of(piece: Piece) -> Box | None:
    """Return the outermost list, table or quote with a piece, None if the piece is in none."""
    group = None
    for box in ancestors_or_self(piece.box):
        if not box.in_group:
            break
        group = box
    return group


def _around(group: Box | None) -> Box | None:
    """Return the innermost box around a group with anything else in it. Themes put a table into boxes of its own."""
    size = group.end - group.start if group else 0
    return next((box for box in ancestors_or_self(group) if box.end - box.start > size), None)


def _announces_nothing(pieces: list[Piece], last: int) -> bool:
    return last + 1 == len(pieces) or not (pieces[last + 1].box.in_group or pieces[last + 1].media is not None)


def _leads_in(piece: Piece, first: Piece) -> bool:
    """Whether a piece before the first sentence belongs to the text: media, or a heading beside that sentence."""
    if piece.media is not None or piece.box.tag not in HEADINGS:
        return piece.media is not None
    # Of the linked headings only those of parts are left, which may be around the box of their sentences.
    around = islice(ancestors_or_self(first.box.parent), MOST_WRAPPERS if piece.linked else 1)
    return any(box is piece.box.parent for box in around)


def _kind(piece: Piece) -> tuple[str, str | None]:
    return piece.box.tag, piece.box.element.get("class")


def _is_first_heading(piece: Piece, below: Piece, kinds: set[tuple[str, str | None]]) -> bool:
    """Whether a piece is a heading directly above a part of the text, and other parts have an equal one.

    Args:
        piece: The piece.
        below: The piece after it.
        kinds: The tags and classes of the text's other headings.
    """
    is_part = piece.box.tag in HEADINGS and not piece.linked and below.box.tag not in HEADINGS
    return is_part and _kind(piece) in kinds


def _is_first_question(piece: Piece, text: list[Piece]) -> bool:
    """Whether a piece is a question, and an equal element of the text is one too, as in an interview."""
    if not _is_question(piece):
        return False
    return any(
        other.box.tag == piece.box.tag and other.box.element.get("class") == piece.box.element.get("class")
        for other in text
        if _is_question(other)
    )


def _is_question(piece: Piece) -> bool:
    return ends_as_question(piece.text) and not piece.linked


def _continues(piece: Piece, last: Piece) -> bool:
    """Whether a piece after the last sentence belongs to the text: media, a list item, or a paragraph beside it."""
    if piece.media is not None:
        return True
    if piece.box.in_group:
        return piece.linked <= _MOST_LINKED_AFTER * len(piece.text)
    return piece.box.tag == last.box.tag == "p" and piece.box.parent is last.box.parent
