"""Cards: boxes that lead to other articles, each with a linked headline and perhaps a summary and a date."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice

from khobor.extract.class_names import CONTENT, OUTSIDE, TAGS
from khobor.extract.entries import contains_entries
from khobor.extract.layout import HEADINGS, SHORTEST_HEADLINE, Box, Layout, Piece, ancestors_or_self, parent_of
from khobor.extract.text import comparable, length_of

# So much of a headline is a link.
_MOST_LINKED = 0.8
# What stands beside a linked headline in a small box is of the article to which it leads.
_MOST_BESIDE = 8
_LINKS_OF_HEADLINE = 2
_MOST_AROUND = 3
# Fewer cards beside each other may be parts of the article, and more may be a directory or a list of events.
_FEWEST = 3
_MOST = 15
_LARGEST = 700
_MOST_ON_CARD = 30
_FARTHEST_SUMMARY = 8
_LONGEST_TITLE = 300
# So much text stands between the title and the next card if the page has an article of its own.
_SHORTEST_ARTICLE = 60
# A longer one is found in spite of cards.
_LONGEST_ARTICLE = 700


def is_on_card(box: Box, layout: Layout, headline: int | None, line: Piece | None = None) -> bool:
    """Whether a box is beside a linked headline in a small box, which leads to another article.

    Args:
        box: The box.
        layout: The page.
        headline: The index of the article's headline, None if there is none.
        line: A piece that is no such headline, even if it is linked.
    """
    # Wrappers of the same pieces are one box.
    boxes = (next(same) for _, same in groupby(ancestors_or_self(box), key=lambda each: (each.start, each.end)))
    around = (each for each in islice(boxes, _MOST_AROUND) if each.end - each.start <= _MOST_BESIDE)
    cards = (each for each in around if headline is None or not each.start <= headline < each.end)
    beside = (piece for each in cards for piece in layout.pieces[each.start : each.end])
    others = (piece for piece in beside if piece is not line and not piece.box.meaning & TAGS)
    linked = (piece for piece in others if 2 * piece.linked > len(piece.text))
    return any(len(each.links) <= _LINKS_OF_HEADLINE and length_of(each.text) >= SHORTEST_HEADLINE for each in linked)


def cards_beside(layout: Layout, titles: frozenset[str]) -> list[Box]:
    """Return the cards of a page that has an article besides, in document order; none if nothing says so.

    A page has one if text that is in no card follows its title.

    Args:
        layout: The page.
        titles: The page's titles as ``comparable`` returns them.
    """
    headlines = [at for at, piece in enumerate(layout.pieces) if piece.linked and _is_headline(piece)]
    likely = _with_summary(headlines, layout)
    # Most pages have no such rows, so the title is searched last.
    title = _position_of_title(layout, titles) if len(likely) >= _FEWEST else None
    if title is None:
        return []
    prose = [at for at, piece in enumerate(layout.pieces) if piece.is_prose]
    rows = _rows(_cards(likely, headlines, layout, prose), layout, prose)
    after = [at for at in prose[bisect_left(prose, title) :] if _is_of_title(layout, at, title)] if rows else []
    own = parent_of(layout.pieces[after[0]]) if after else None
    # What is in the box of the article's paragraphs, or has one of them, is a part of it.
    others = [row for row in rows if own and (row.end <= own.start or own.end <= row.start)]
    others = [row for row in others if not contains_entries(layout, row, titles)]
    cards = sorted(chain.from_iterable(rows[row] for row in others), key=lambda box: box.start)
    length = _length_before(cards, layout, after) if cards else 0
    return cards if _SHORTEST_ARTICLE <= length <= _LONGEST_ARTICLE else []


def _is_of_title(layout: Layout, at: int, title: int) -> bool:
    """Whether no box around a sentence, but not around the title, is hidden or named as one outside the article.

    If the name of a box around both says so, the names of those within it mean nothing.
    """
    is_named = any(map(_is_named_outside, ancestors_or_self(layout.pieces[title].box)))
    around = (box for box in ancestors_or_self(layout.pieces[at].box) if not box.start <= title < box.end)
    return not any(box.is_hidden or (_is_named_outside(box) and not is_named) for box in around)


def _is_named_outside(box: Box) -> bool:
    return box.meaning & (OUTSIDE | CONTENT) == OUTSIDE


def _length_before(cards: list[Box], layout: Layout, prose: list[int]) -> int:
    """Return the length of the sentences before the first one that is in a card."""
    starts = [card.start for card in cards]
    length = 0
    for at in prose:
        before = bisect_right(starts, at) - 1
        if before >= 0 and at < cards[before].end:
            break
        length += length_of(layout.pieces[at].text)
    return length


def _position_of_title(layout: Layout, titles: frozenset[str]) -> int | None:
    """Return the index of the first heading that is the title, else of the first such line; None if there is none."""
    pieces = layout.pieces
    headings = (at for at in layout.headings if not pieces[at].linked or pieces[at].box.tag == "h1")
    heading = next((at for at in headings if comparable(pieces[at].text) in titles), None)
    if heading is not None:
        return heading
    lines = (at for at, piece in enumerate(pieces) if SHORTEST_HEADLINE <= len(piece.text) <= _LONGEST_TITLE)
    return next((at for at in lines if not pieces[at].linked and comparable(pieces[at].text) in titles), None)


def _with_summary(headlines: list[int], layout: Layout) -> list[int]:
    """Return those positions of headlines that sentences follow, before the next headline."""
    pieces = layout.pieces
    found = []
    for number, at in enumerate(headlines):
        end = headlines[number + 1] if number + 1 < len(headlines) else len(pieces)
        if any(piece.is_prose for piece in pieces[at + 1 : min(end, at + _FARTHEST_SUMMARY)]):
            found.append(at)
    return found


def _rows(cards: Iterable[Box], layout: Layout, prose: list[int]) -> dict[Box, list[Box]]:
    """Return the cards by the box around them, if there are several and no sentences between them."""
    rows: dict[Box, list[Box]] = defaultdict(list)
    for card in cards:
        if card.parent is not None and _is_small(card, layout, prose):
            rows[card.parent].append(card)
    direct = {parent_of(layout.pieces[at]) for at in prose}
    return {row: cards for row, cards in rows.items() if _FEWEST <= len(cards) <= _MOST and row not in direct}


def _cards(likely: list[int], headlines: list[int], layout: Layout, prose: list[int]) -> Iterator[Box]:
    """Yield for each likely headline the largest box around it that contains no other headline.

    A link behind the sentences of its box is no headline: "Learn more about the bridge".
    """
    for at in likely:
        card = None
        for box in ancestors_or_self(layout.pieces[at].box):
            if bisect_left(headlines, box.end) - bisect_left(headlines, box.start) > 1:
                break
            card = box
        if card is not None and card.tag not in HEADINGS and bisect_left(prose, card.start) == bisect_left(prose, at):
            yield card


def _is_headline(piece: Piece) -> bool:
    return piece.linked >= _MOST_LINKED * len(piece.text) and length_of(piece.text) >= SHORTEST_HEADLINE


def _is_small(card: Box, layout: Layout, prose: list[int]) -> bool:
    """Whether a box contains sentences, and not more than a card does."""
    if card.end - card.start > _MOST_ON_CARD:
        return False
    within = prose[bisect_left(prose, card.start) : bisect_left(prose, card.end)]
    return 0 < sum(length_of(layout.pieces[at].text) for at in within) <= _LARGEST
