"""The lead: the summary or first paragraph between the headline and the body."""

from itertools import islice

from khobor.extract.class_names import BYLINE, CAPTION, DATE, DEK, KICKER, OUTSIDE, TAGS
from khobor.extract.layout import HEADINGS, SENTENCE_ENDS, Box, Layout, Piece, ancestors_or_self, parent_of
from khobor.extract.pieces import CLOCK
from khobor.extract.sentences import leads_away
from khobor.extract.text import comparable

_SHORTEST = 40
# A shorter text needs a class that says it is a summary.
_SHORTEST_UNNAMED = 70
# Most texts between a headline and the body.
_MOST_BETWEEN = 25
_LONGEST_TITLE = 300
# So much of its beginning identifies a summary.
_PREFIX = 50
_ANCESTORS = 3
_ELLIPSES = ("…", "...", "[…]", "[...]")
_LABELS = BYLINE | CAPTION | DATE | KICKER | TAGS


def find_headline(layout: Layout, first: int, titles: frozenset[str]) -> int | None:
    """Return the index of the last headline before the body in a layout's pieces, None if there is none.

    Args:
        layout: The page.
        first: The index of the body's first sentence.
        titles: The page's titles as ``comparable`` returns them.
    """
    passed = 0
    second = None
    for position in range(first - 1, -1, -1):
        piece = layout.pieces[position]
        if piece.box.tag == "h1":
            return position
        if piece.box.tag in HEADINGS and comparable(piece.text) in titles:
            return _find_above(layout, position)
        if piece.box.tag == "h2" and second is None:
            second = position
        passed += bool(piece.text) and not piece.box.is_outside
        if passed > _MOST_BETWEEN:
            break
    line = _find_line(layout, first, titles)
    # Behind the heading of something else, a line that is the title is the headline.
    return line if second is None or (line is not None and line > second) else second


def _find_above(layout: Layout, heading: int) -> int:
    """Return the index of the first-level heading above a heading that is named as its summary, else of this one."""
    above = layout.pieces[heading - 1].box if heading and layout.pieces[heading].box.meaning & DEK else None
    return heading - 1 if above and above.tag == "h1" and not above.is_outside else heading


def _find_line(layout: Layout, first: int, titles: frozenset[str]) -> int | None:
    """Return the index of the last line before the body that is a title and no link, for a page without a headline."""
    for position in range(first - 1, max(first - _MOST_BETWEEN, 0) - 1, -1):
        piece = layout.pieces[position]
        is_line = piece.text and not piece.linked and not piece.box.is_outside and len(piece.text) <= _LONGEST_TITLE
        if is_line and comparable(piece.text) in titles:
            return position
    return None


def find_lead(layout: Layout, container: Box, headline: int, first: int, descriptions: frozenset[str]) -> list[Piece]:
    """Return the pieces between headline and body that summarize the article or begin it.

    Args:
        layout: The page.
        container: The box that contains the body.
        headline: The index of the headline in its pieces.
        first: The index of the body's first sentence.
        descriptions: The page's descriptions as ``comparable`` returns them.
    """
    prefixes = {text[:_PREFIX] for text in descriptions if len(text) >= _SHORTEST}
    around = frozenset(ancestors_or_self(container.parent))
    found = []
    for position in range(headline + 1, first):
        piece = layout.pieces[position]
        is_lead = _is_summary(piece, prefixes) or _is_beginning(layout, position, around)
        if is_lead and not _is_outside_article(piece.box, headline):
            found.append(piece)
    return found


def _is_summary(piece: Piece, prefixes: set[str]) -> bool:
    text = comparable(piece.text)
    if len(text) < _SHORTEST or 2 * piece.linked > len(piece.text):
        return False
    if text[:_PREFIX] in prefixes:
        return True
    return (
        any(box.meaning & DEK for box in islice(ancestors_or_self(piece.box), _ANCESTORS))
        and not piece.box.meaning & _LABELS
    )


def _is_beginning(layout: Layout, position: int, around: frozenset[Box]) -> bool:
    """Whether a piece is a paragraph, and nothing says that it is something else.

    Args:
        layout: The page.
        position: The index of the piece in it.
        around: The boxes around the body. What is directly in one of them is no caption.
    """
    piece, before = layout.pieces[position], layout.pieces[position - 1]
    if len(piece.text) < _SHORTEST_UNNAMED or piece.linked > len(piece.text) // 2 or piece.box.in_group:
        return False
    if (before.media is not None and parent_of(piece) not in around) or any(
        box.meaning & _LABELS for box in islice(ancestors_or_self(piece.box), _ANCESTORS)
    ):
        return False
    return piece.text.endswith(SENTENCE_ENDS) and not CLOCK.search(piece.text) and not leads_away(piece.text)


def _is_outside_article(box: Box, headline: int) -> bool:
    """Whether a box, or one around it but not around the headline, is hidden or outside the article."""
    return any(
        each.is_hidden or (each.meaning & OUTSIDE and not each.start <= headline < each.end)
        for each in ancestors_or_self(box)
    )


def without_portrait(pieces: list[Piece], authors: tuple[str, ...]) -> list[Piece]:
    """Return pieces without what the page says of its author above the text, which begins with the first name.

    Args:
        pieces: The pieces of the article.
        authors: The names of its authors as ``comparable`` returns them.
    """
    names = tuple(f"{author.partition(' ')[0]} " for author in authors if " " in author)
    first, *others = [piece for piece in pieces if piece.is_prose] or (None,)
    if first is None or not others or not names or not comparable(first.text).startswith(names):
        return pieces
    # An organization may be called "The Editors", and other sentences begin like it.
    word = comparable(first.text).partition(" ")[0]
    is_common = any(comparable(piece.text).partition(" ")[0] == word for piece in others)
    is_beside = parent_of(first) is parent_of(others[0])
    return pieces if is_common or is_beside else [piece for piece in pieces if piece is not first]


def without_excerpt(pieces: list[Piece]) -> list[Piece]:
    """Return pieces without a first one that is the cut beginning of the next sentences, as of an excerpt.

    Args:
        pieces: The pieces of the article.
    """
    first, second = [*islice((piece for piece in pieces if piece.is_prose), 2), None, None][:2]
    if first is None or second is None or not first.text.endswith(_ELLIPSES):
        return pieces
    beginning = comparable(first.text)
    is_excerpt = len(beginning) >= _SHORTEST and comparable(second.text).startswith(beginning)
    return [piece for piece in pieces if piece is not first] if is_excerpt else pieces
