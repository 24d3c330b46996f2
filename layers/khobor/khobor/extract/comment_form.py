"""The form for comments behind an article, and the rules of the site for comments that stand below it."""

from bisect import bisect_left
from itertools import islice

from khobor.extract.layout import Box, Layout, ancestors_or_self
from khobor.extract.text import comparable, length_of

_MOST_FORMS = 20
# So much text before a form is an article.
_SHORTEST_ARTICLE = 60
_LONGEST_TITLE = 300


def set_rules_outside(layout: Layout, titles: frozenset[str]) -> None:
    """Set what stands below a form for comments outside. It may be longer than a short article.

    A form for comments has an area for text, and stands in a box without sentences before it. The title and sentences
    stand before this box.

    Args:
        layout: The page.
        titles: The page's titles as ``comparable`` returns them.
    """
    if not layout.text_areas:
        return
    prose = [at for at, piece in enumerate(layout.pieces) if piece.is_prose and not piece.box.is_outside]
    for position, box in layout.text_areas[:_MOST_FORMS]:
        around = _without_sentences_before(box, position, prose)
        if around is None or bisect_left(prose, around.end) == bisect_left(prose, position):
            continue
        length = sum(length_of(layout.pieces[at].text) for at in prose[: bisect_left(prose, position)])
        short = (each.text for each in layout.pieces[: around.start] if len(each.text) <= _LONGEST_TITLE)
        if length >= _SHORTEST_ARTICLE and any(comparable(text) in titles for text in short):
            for each in layout.boxes:
                is_below = max(position, around.start) <= each.start < each.end <= around.end
                each.is_outside = each.is_outside or is_below


def _without_sentences_before(box: Box, position: int, prose: list[int]) -> Box | None:
    """Return the largest box around a form that has no sentences before the form, None if the innermost has some."""
    found = None
    for each in islice(ancestors_or_self(box), len(prose) + 64):
        if bisect_left(prose, position) > bisect_left(prose, each.start):
            break
        found = each
    return found
