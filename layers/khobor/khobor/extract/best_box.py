"""Which of a page's boxes is that of the article: the one with the most text, if the headline and the title agree."""

from collections.abc import Sequence

from khobor.extract.class_names import CONTENT, DEK
from khobor.extract.layout import PARAGRAPHS, Box, Layout, contains_any
from khobor.extract.topic import is_about

# A paragraph adds to the score of so many ancestors, less with each level.
_SCORED_ANCESTORS = 3
# A class that means the body raises the score.
_CONTENT_BONUS = 1.3
# The page's article may have a lower score than another one on the page, but not less than this share of it.
_LEAST_SCORE = 0.3
# The same for one behind the headline that is about it, where the other is not.
_LEAST_ABOUT_TITLE = 0.1
# A copyright notice with the site's name is shorter.
_SHORTEST_BEHIND = 60
# A longer text is the article. So many boxes are compared with the title.
_SHORT = 600
_MOST_COMPARED = 10


def best_box(
    layout: Layout, weights: Sequence[int], titles: frozenset[str], headings: list[int]
) -> tuple[Box | None, Box | None]:
    """Return the box of the page's article, None if there is no text; and a longer text before its headline, if any.

    Sets the score of the boxes with text.

    Args:
        layout: The page.
        weights: Those of its pieces.
        titles: The page's titles as ``comparable`` returns them.
        headings: The indexes of the headings that are titles.
    """
    _set_scores(layout, weights)
    scored = [box for box in layout.boxes if box.score > 0]
    best = max(scored, key=lambda box: box.score * (_CONTENT_BONUS if box.meaning & CONTENT else 1), default=None)
    if best is None:
        return None, None
    own = _of_own_headline(layout, scored, best, titles, headings)
    if own is not best:
        return _first_article(layout, scored, own, headings), best
    if titles and best.weight < _SHORT:
        own = _about_title(layout, scored, best, titles, headings)
    return _first_article(layout, scored, own, headings), None


def _set_scores(layout: Layout, weights: Sequence[int]) -> None:
    for piece, weight in zip(layout.pieces, weights, strict=True):
        box: Box | None = piece.box
        if weight <= 0 or piece.box.is_outside:
            continue
        if piece.box.tag in PARAGRAPHS:
            box = piece.box.parent
        for distance in range(1, _SCORED_ANCESTORS + 1):
            if box is None:
                break
            box.score += weight / distance
            box = box.parent


def _about_title(layout: Layout, scored: list[Box], best: Box, titles: frozenset[str], headings: list[int]) -> Box:
    """Return the box with the highest score that is about the title, else the best.

    A copyright notice or rules for comments may be longer than a short article.
    """
    likely = sorted((box for box in scored if box.score > _LEAST_SCORE * best.score), key=lambda box: -box.score)
    found = next((box for box in likely[:_MOST_COMPARED] if is_about(_text(box, layout), titles, ())), best)
    # What is around both contains the other text too.
    is_around = found is not best and found.start <= best.start and best.end <= found.end
    return _before_heading(layout, scored, best, titles, headings) or found if is_around else found


def _of_own_headline(layout: Layout, scored: list[Box], best: Box, titles: frozenset[str], headings: list[int]) -> Box:
    """Return the box with the most text behind the headline, if the best box is before it and not about it.

    Many sites put what they say of cookies or of themselves first, and it may be longer than a short article. Without a
    headline the box is about the title.
    """
    headline = headings[0] if headings else None
    if not titles or (headline is not None and headline < best.end) or is_about(_text(best, layout), titles, ()):
        return best

    def is_own(box: Box) -> bool:
        is_long = headline is not None and box.score > _LEAST_SCORE * best.score
        return is_long or is_about(_text(box, layout), titles, ())

    behind = [box for box in scored if best.end <= box.start and (headline or 0) < box.end]
    behind = [box for box in behind if box.score > max(_SHORTEST_BEHIND, _LEAST_ABOUT_TITLE * best.score)]
    behind.sort(key=lambda box: -box.score)
    return next((box for box in behind[:_MOST_COMPARED] if is_own(box)), best)


def _before_heading(
    layout: Layout, scored: list[Box], best: Box, titles: frozenset[str], headings: list[int]
) -> Box | None:
    """Return the box with the title's heading and sentences about it, if another heading parts it from the best box."""
    if best.meaning & CONTENT:
        return None
    heading = headings[0] if headings else best.start
    if heading >= best.start or not contains_any(best, layout.headings):
        return None
    around = (box for box in scored if box.start <= heading < box.end <= best.start)
    own = max(around, key=lambda box: box.score, default=None)
    pieces = layout.pieces[heading + 1 : own.end] if own else ()
    text = " ".join(piece.text for piece in pieces if piece.is_prose and not piece.box.meaning & DEK)
    return own if is_about(text, titles, ()) else None


def _text(box: Box, layout: Layout) -> str:
    return " ".join(piece.text for piece in layout.pieces[box.start : box.end] if not piece.box.is_outside)


def _first_article(layout: Layout, scored: list[Box], best: Box, headings: list[int]) -> Box:
    """Return the box of the page's own article. Longer ones may follow below it."""
    headline = headings[0] if headings else best.start
    if headline >= best.start:
        return best
    between = [box for box in scored if headline < box.end <= best.start and box.score > _LEAST_SCORE * best.score]
    # Between a headline and its sentences may be a line with the date and the source.
    between = [box for box in between if any(piece.is_prose for piece in layout.pieces[box.start : box.end])]
    return max(between, key=lambda box: box.score, default=best)
