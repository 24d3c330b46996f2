"""The form for comments behind an article, and the rules of the site for comments that stand below it."""

from bisect import bisect_left
from itertools import accumulate

from khobor.extract.layout import Box, Layout, ancestors_or_self
from khobor.extract.text import comparable, length_of
from khobor.extract.topic import is_about

_MOST_FORMS = 20
# So much text before a form is an article.
_SHORTEST_ARTICLE = 60
_LONGEST_TITLE = 300
_MOST_RULES = 2


def set_rules_outside(layout: Layout, titles: frozenset[str]) -> None:
    """Set what stands below a form for comments outside. It may be longer than a short article.

    A form for comments has an area for text, and stands in a box without sentences before it. The title and sentences
    stand before this box; those behind the form are few, or not longer, and not about the title.

    Args:
        layout: The page.
        titles: The page's titles as ``comparable`` returns them.
    """
    if not layout.text_areas:
        return
    short = ((at, piece.text) for at, piece in enumerate(layout.pieces) if len(piece.text) <= _LONGEST_TITLE)
    title = next((at for at, text in short if comparable(text) in titles), len(layout.pieces))
    prose = [at for at, piece in enumerate(layout.pieces) if piece.is_prose and not piece.box.is_outside]
    sums = [0, *accumulate(length_of(layout.pieces[at].text) for at in prose)]
    for position, box in layout.text_areas[:_MOST_FORMS]:
        first = bisect_left(prose, position)
        around = _around_form(box, position, prose) if sums[first] >= _SHORTEST_ARTICLE else None
        below = prose[first : bisect_left(prose, around.end)] if around is not None else []
        # A form may also stand between the first sentence of an article and the others.
        are_few = len(below) <= _MOST_RULES or 2 * sums[first] >= sums[first + len(below)]
        if around is None or around.start <= title or not below or not are_few:
            continue
        if is_about(" ".join(layout.pieces[at].text for at in below), titles, ()):
            continue
        for each in layout.boxes:
            is_below = max(position, around.start) <= each.start < each.end <= around.end
            each.is_outside = each.is_outside or is_below


def _around_form(box: Box, position: int, prose: list[int]) -> Box | None:
    """Return the largest box around a form without sentences before its area for text, None if there is no form."""
    found, has_form = None, False
    for each in ancestors_or_self(box):
        if bisect_left(prose, position) > bisect_left(prose, each.start):
            break
        found, has_form = each, has_form or each.tag == "form"
    return found if has_form else None
