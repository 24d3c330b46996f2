"""The container: the box that contains the body."""

from bisect import bisect_left, bisect_right
from itertools import accumulate, islice
from operator import attrgetter

from khobor.extract.article_elsewhere import ArticleElsewhere
from khobor.extract.best_box import best_box
from khobor.extract.box_names import is_part, is_table, usual_paragraphs
from khobor.extract.cards import cards_beside
from khobor.extract.class_names import (
    BREADCRUMB,
    BYLINE,
    CAPTION,
    COMMENTS,
    CONTENT,
    DATE,
    FRONT,
    OUTSIDE,
    TAGS,
)
from khobor.extract.comment_form import set_rules_outside
from khobor.extract.layout import SHORTEST_HEADLINE, Box, Layout, Piece, ancestors_or_self, contains_any
from khobor.extract.message_phrases import asks_for_consent
from khobor.extract.sentences import heads_comments
from khobor.extract.text import comparable, is_one_of, length_of
from khobor.extract.title_place import own_headings
from khobor.extract.topic import is_about

# Shorter texts are labels.
_SHORTEST_PARAGRAPH = 25
# Shorter list items are menus and teasers.
_SHORTEST_ITEM = 80
# In a script without spaces a text has so many times fewer characters.
_PER_CHARACTER = 3
# What a site says of cookies is not longer.
_LONGEST_NOTICE = 3000
# Shorter texts without sentences are labels.
_SHORTEST_LINES = 40
# A box with so much of the page's text contains the article, whatever its class says. But comments may be longer than
# the article, so a box of comments must contain the headline, or nearly all of the text.
_HEAVY = 0.4
_LIGHT = 0.1
# Comments and teasers may be so long that the article has a smaller share. So much of a box that contains the body must
# be in a box within it, or so much of a box that is named as the body or around it.
_MOST_OF_BOX = 0.7
_NEARLY_ALL = 0.9
_MOST_AROUND = 8
_MOST_WITHIN = 100
_ARTICLES = frozenset({"main", "article"})
_UNRELATED = OUTSIDE | COMMENTS
_OF_ARTICLE = FRONT | BREADCRUMB | TAGS | BYLINE | DATE
# So much text after the headline is an article, before the next article.
_SHORTEST_ARTICLE = 200
# Byline and date of an article stand so few pieces before its headline, or after it and before its sentences.
_BEFORE_HEADLINE = 3
_MOST_FRONT = 25
# A longer text is the article.
_SHORT = 600
# A parent becomes the container if it has so much more text.
_MORE_TEXT = 1.1
_MORE_AROUND_TITLE = 1.6
# Paragraphs are compared by their first characters. A hidden box is a copy if so large a share of it is shown.
_KEY_LENGTH = 40
_MOST_COPIED = 0.5


def find_container(layout: Layout, titles: frozenset[str] = frozenset()) -> Box | None:
    """Return the box that contains most of the page's paragraphs and little else; None if there is no text.

    Sets weight, score, is_outside and is_unrelated of every box, and the comments of the layout.

    Args:
        layout: The page.
        titles: The page's titles as ``comparable`` returns them.
    """
    cards = cards_beside(layout, titles)
    found = _find(layout, titles, cards)
    if found is None and cards:
        # What seemed to be the article besides the cards is a notice.
        for box in layout.boxes:
            box.is_outside = box.is_unrelated = False
            box.weight = box.score = 0.0
        found = _find(layout, titles, [])
    return found


def _find(layout: Layout, titles: frozenset[str], cards: list[Box]) -> Box | None:
    weights = [
        _weight(piece) if piece.is_prose or len(piece.text) >= _SHORTEST_PARAGRAPH else 0 for piece in layout.pieces
    ]
    for card in cards:
        weights[card.start : card.end] = [0] * (card.end - card.start)
    layout.comments = comments = _find_comments(layout, titles)
    weights[comments.start : comments.stop] = [0] * len(comments)
    _set_weights(layout, weights)
    headings = own_headings(layout, titles)
    _set_outside(layout, ArticleElsewhere(layout, titles, headings))
    _set_next_articles_outside(layout, titles, headings)
    _set_cards_outside(layout, cards)
    set_rules_outside(layout, titles)
    _hide_copies(layout)
    weights = [0 if piece.box.is_outside else weight for piece, weight in zip(layout.pieces, weights, strict=True)]
    best, before = best_box(layout, weights, titles, headings)
    if best and _is_notice(best, layout, titles):
        _set_notice_outside(layout, best, weights)
        for box in layout.boxes:
            box.score = 0.0
        best, before = best_box(layout, weights, titles, headings)
    if before and asks_for_consent(_prose_of(before, layout)):
        _set_notice_outside(layout, before, weights)
    return _extended(best, layout, weights, headings) if best else None


def _set_notice_outside(layout: Layout, notice: Box, weights: list[int]) -> None:
    """Set all that is in a box outside, so that no box around it is taken for the sake of its text."""
    weights[notice.start : notice.end] = [0] * (notice.end - notice.start)
    for box in layout.boxes:
        box.is_outside = box.is_outside or (notice.start <= box.start < box.end <= notice.end)


def _is_notice(box: Box, layout: Layout, titles: frozenset[str]) -> bool:
    """Whether a box asks for consent to cookies, and sentences beside it are long enough for an article.

    Such a notice may be longer than a short article. If nothing else is on the page, the page is refused for it.
    """
    inside = _prose_of(box, layout) if box.weight <= _LONGEST_NOTICE else ""
    if not asks_for_consent(inside) or is_about(inside, titles, ()):
        return False
    others = (*layout.pieces[: box.start], *layout.pieces[box.end :])
    beside = [each.text for each in others if each.is_prose and not each.box.is_outside]
    return sum(map(length_of, beside)) >= _SHORTEST_ARTICLE or is_about(" ".join(beside), titles, ())


def _prose_of(box: Box, layout: Layout) -> str:
    return " ".join(piece.text for piece in layout.pieces[box.start : box.end] if piece.is_prose)


def _find_comments(layout: Layout, titles: frozenset[str]) -> range:
    """Return the indexes of the pieces below a heading such as "3 comments" in its box, empty if there is none.

    Comments may be longer than the article before them, and nothing but the heading may say what they are.
    """
    heading = next((at for at in layout.headings if heads_comments(layout.pieces[at].text, titles)), None)
    around = layout.pieces[heading].box.parent if heading is not None else None
    if heading is None or around is None:
        return range(0)
    before = (piece for piece in layout.pieces[:heading] if piece.is_prose and not piece.box.meaning & _UNRELATED)
    is_behind_article = sum(length_of(piece.text) for piece in before) >= _SHORTEST_ARTICLE
    return range(heading, around.end) if is_behind_article else range(0)


def find_short_lines(layout: Layout, titles: frozenset[str]) -> Box | None:
    """Return the box that is named as the body and contains the most text but no sentences; None if there is none.

    An article may consist of results, prices or lines of a form.

    Args:
        layout: The page, in which ``find_container`` found no sentences.
        titles: The page's titles as ``comparable`` returns them.
    """
    own = [
        0 if piece.box.is_outside or is_one_of(piece.text, titles) else max(0, len(piece.text) - 2 * piece.linked)
        for piece in layout.pieces
    ]
    sums = [0, *accumulate(own)]
    named = (box for box in layout.boxes if box.meaning & CONTENT or box.tag == "article")
    likely = [box for box in named if not box.is_outside and sums[box.end] - sums[box.start] >= _SHORTEST_LINES]
    # The innermost one of those with the same text.
    return max(reversed(likely), key=lambda box: sums[box.end] - sums[box.start], default=None)


def _weight(piece: Piece) -> int:
    """Return the weight of a piece that is not too short for a paragraph."""
    length = len(piece.text)
    if piece.box.meaning & (CAPTION | CONTENT) == CAPTION:
        return 0
    is_long = length >= _SHORTEST_ITEM or piece.box.tag != "li" or (piece.is_prose and _is_long(piece.text))
    return length - 2 * piece.linked if is_long else 0


def _is_long(item: str) -> bool:
    return _PER_CHARACTER * len(item) >= _SHORTEST_ITEM and length_of(item) >= _SHORTEST_ITEM


def _set_weights(layout: Layout, weights: list[int]) -> None:
    for piece, weight in zip(layout.pieces, weights, strict=True):
        if weight:
            piece.box.weight += weight
    for box in reversed(layout.boxes):
        if box.weight > 0 and box.parent is not None:
            box.parent.weight += box.weight


def _set_outside(layout: Layout, elsewhere: ArticleElsewhere) -> None:
    usual = usual_paragraphs(layout)
    end_of_table = 0
    for box in layout.boxes:
        parent = box.parent
        if parent is not None and parent.is_outside:
            box.is_outside = True
            box.is_unrelated = parent.is_unrelated
        # Most boxes have no such name, so this check comes first.
        elif (box.meaning or box.is_hidden or box.tag == "header") and _seems_outside(box, layout):
            is_named_alike = box.element.get("class") in usual if box.tag == "p" else is_part(box, layout)
            box.is_outside = not (is_named_alike or _is_around_article(box, layout, elsewhere))
            # What is in a table was looked at with it, so that boxes within each other do not cost much time.
            if box.is_outside and box.start >= end_of_table and is_table(box, layout):
                box.is_outside, end_of_table = False, box.end
        # Byline and dates are outside the text, but belong to the article.
        if box.is_outside and box.meaning & OUTSIDE and not box.meaning & _OF_ARTICLE:
            box.is_unrelated = True


def _seems_outside(box: Box, layout: Layout) -> bool:
    """Whether a box is hidden, or its class or its tag says that it is outside the article's text."""
    if box.is_hidden or (box.meaning & (OUTSIDE | FRONT) and not box.meaning & CONTENT):
        return True
    return box.tag == "header" and not contains_any(box, layout.headings)


def _is_around_article(box: Box, layout: Layout, elsewhere: ArticleElsewhere) -> bool:
    """Whether a box contains the article although its class says otherwise."""
    total = layout.boxes[0].weight
    if box.weight <= _HEAVY * total:
        is_possible = box.weight > _LIGHT * total and not box.meaning & COMMENTS
        return is_possible and (_is_all_of_content(box) or _contains_content(box, layout))
    if not box.meaning & COMMENTS or contains_any(box, layout.headlines):
        return not elsewhere.is_beside(box)
    return total - box.weight < _LIGHT * total and not elsewhere.is_before(box)


def _is_all_of_content(box: Box) -> bool:
    """Whether a box contains nearly all of the text of a box around it that is named as the body."""
    around = islice(ancestors_or_self(box.parent), _MOST_AROUND)
    content = next((each for each in around if each.meaning & CONTENT and not each.meaning & OUTSIDE), None)
    return content is not None and box.weight >= _NEARLY_ALL * content.weight


def _contains_content(box: Box, layout: Layout) -> bool:
    """Whether a box contains the headline, and most of its text is in an article or in a box named as the body."""
    if not contains_any(box, layout.headlines):
        return False
    first = bisect_left(layout.boxes, box.start, key=attrgetter("start"))
    return any(
        each.weight >= _MOST_OF_BOX * box.weight and (each.tag in _ARTICLES or each.meaning & CONTENT)
        for each in layout.boxes[first : first + _MOST_WITHIN]
        if each is not box and each.end <= box.end
    )


def _set_next_articles_outside(layout: Layout, titles: frozenset[str], headings: list[int]) -> None:
    """Set the articles outside that a site shows below the page's own one, the one below the other."""
    own = next((at for at in headings if layout.pieces[at].box.tag == "h1"), None)
    if own is None or own == layout.headlines[-1]:
        return
    next_article = _find_next_article(layout, own, titles)
    if next_article is not None:
        for box in layout.boxes:
            box.is_outside = box.is_outside or box.start >= next_article


def _set_cards_outside(layout: Layout, cards: list[Box]) -> None:
    """Set the cards outside that lead to other articles. Beside a short article they are most of the text."""
    starts = [card.start for card in cards]
    for box in layout.boxes if cards else ():
        at = bisect_right(starts, box.start) - 1
        if at >= 0 and box.start < box.end <= cards[at].end:
            box.is_outside = True


def _find_next_article(layout: Layout, own: int, titles: frozenset[str]) -> int | None:
    """Return the index of another headline, which has a byline or a date of its own; None if there is none.

    Args:
        layout: The page.
        own: The index of the page's own headline.
        titles: The page's titles.
    """
    marks = sorted({each.position for each in layout.named if each.meaning & (BYLINE | DATE)})
    sentences = [at for at, piece in enumerate(layout.pieces) if piece.is_prose and not piece.box.is_outside]
    sums = [0, *accumulate(length_of(layout.pieces[at].text) for at in sentences)]
    before = sums[bisect_left(sentences, own)]
    for at in layout.headlines[bisect_left(layout.headlines, own) + 1 :]:
        following = bisect_left(sentences, at)
        if sums[following] - before < _SHORTEST_ARTICLE or not _is_alike(layout, own, at, titles):
            continue
        mark = bisect_left(marks, at - _BEFORE_HEADLINE)
        end = sentences[following] if following < len(sentences) else at
        if mark < len(marks) and marks[mark] <= min(end, at + _MOST_FRONT):
            return at
    return None


def _is_alike(layout: Layout, own: int, at: int, titles: frozenset[str]) -> bool:
    """Whether a first-level heading has a class of the page's own headline, and is not the page's title."""
    piece = layout.pieces[at]
    if length_of(piece.text) < SHORTEST_HEADLINE or piece.box.is_outside or comparable(piece.text) in titles:
        return False
    names, others = ((each.box.element.get("class") or "").split() for each in (piece, layout.pieces[own]))
    return names == others or not set(names).isdisjoint(others)


def _hide_copies(layout: Layout) -> None:
    """Set hidden boxes outside that contain the text of shown ones once more."""
    hidden = _outermost_hidden(layout)
    if not hidden:
        return
    prose = [piece for piece in layout.pieces if piece.is_prose and not piece.box.is_outside]
    copies = {box for box in hidden if _is_copy(box, layout, prose)}
    for box in layout.boxes:
        if box in copies or (copies and box.parent is not None and box.parent.is_outside):
            box.is_outside = True


def _outermost_hidden(layout: Layout) -> list[Box]:
    """Return the hidden boxes that are not outside, without those within others."""
    found: list[Box] = []
    for box in layout.boxes:
        if box.is_hidden and not box.is_outside and (not found or box.start >= found[-1].end):
            found.append(box)
    return found


def _is_copy(box: Box, layout: Layout, prose: list[Piece]) -> bool:
    """Whether the prose outside a box makes up most of the text in it."""
    inside = layout.pieces[box.start : box.end]
    text = comparable(" ".join(piece.text for piece in inside))
    within = set(inside)
    shown = (piece for piece in prose if piece not in within)
    copied = sum(len(piece.text) for piece in shown if comparable(piece.text[: 2 * _KEY_LENGTH])[:_KEY_LENGTH] in text)
    return copied > _MOST_COPIED * len(text)


def _extended(best: Box, layout: Layout, weights: list[int], headings: list[int]) -> Box:
    """Return an ancestor of a box with considerably more text within the same article, else the box."""
    sums = [0, *accumulate(weights)]
    weight = sums[best.end] - sums[best.start]
    if best.parent and _weight_beside(best, layout, sums) > (_MORE_TEXT - 1) * weight:
        # The parent may have less than its parts, as linked text counts against it.
        best = best.parent
        weight = max(weight, sums[best.end] - sums[best.start])
    box = best
    while box.parent and box.parent.tag not in {"body", "html"} and not _is_whole(box, layout):
        more = _MORE_AROUND_TITLE if weight < _SHORT and contains_any(box, headings) else _MORE_TEXT
        box = box.parent
        if (whole := sums[box.end] - sums[box.start]) > more * weight:
            best, weight = box, whole
    return best


def _weight_beside(box: Box, layout: Layout, sums: list[int]) -> int:
    """Return the weight of the boxes beside a box that have the same class."""
    names = box.element.get("class")
    if not names or box.tag in {"article", "main", "li"}:
        return 0
    alike = (
        other
        for other in layout.boxes
        if other.parent is box.parent
        and other is not box
        and other.tag == box.tag
        and other.element.get("class") == names
    )
    return sum(max(0, sums[other.end] - sums[other.start]) for other in alike)


def _is_whole(box: Box, layout: Layout) -> bool:
    """Whether a box is a whole article with its headline, so that nothing around it belongs to it."""
    if box.tag == "main":
        return True
    return box.tag == "article" and contains_any(box, layout.headlines)
