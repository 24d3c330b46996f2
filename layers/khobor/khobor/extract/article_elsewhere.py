"""Whether the article is outside a box with much of the text: before comments, or beside a notice about cookies."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from khobor.extract.class_names import CONTENT, OUTSIDE
from khobor.extract.layout import Box, Layout, Piece, contains_any
from khobor.extract.text import length_of
from khobor.extract.topic import is_about

# So much text after the headline is an article, before the comments on it.
_SHORTEST_STORY = 100
# Beside a text that is no article, the article has at least this share of its length.
_LEAST_SHARE = 0.3
# So many boxes are compared with the title, by so many of their sentences.
_MOST_COMPARED = 20
_MOST_SENTENCES = 50


class ArticleElsewhere:
    """Says of boxes, in the order of their start tags, whether the article is outside.

    Args:
        layout: The page, in which the weights are known.
        titles: The page's titles as ``comparable`` returns them.
        headings: The indexes of the headings that are titles.
    """

    def __init__(self, layout: Layout, titles: frozenset[str], headings: list[int]) -> None:
        self._layout = layout
        self._titles = titles
        self._own_headings = headings
        self._compared = 0

    def is_before(self, box: Box) -> bool:
        """Whether a heading that is the title and sentences stand before a box."""
        headline = next((at for at in self._own_headings if at < box.start), box.start)
        before = (piece for piece in self._layout.pieces[headline : box.start] if piece.is_prose)
        return sum(length_of(piece.text) for piece in before) >= _SHORTEST_STORY

    def is_beside(self, box: Box) -> bool:
        """Whether the sentences in a box are not about the title, and an article is beside them."""
        beside = self._layout.boxes[0].weight - box.weight
        if beside < max(_SHORTEST_STORY, _LEAST_SHARE * box.weight) or contains_any(box, self._own_headings):
            return False
        self._compared += 1
        if self._compared > _MOST_COMPARED or self._is_about_title(self._layout.pieces[box.start : box.end]):
            return False
        return self._has_article_beside(box, beside) or self._is_about_title(
            [*self._layout.pieces[: box.start], *self._layout.pieces[box.end :]]
        )

    def _has_article_beside(self, box: Box, beside: float) -> bool:
        """Whether most of the text beside a box is in a box that is named as the article."""
        return any(
            each.weight > beside / 2 and (each.end <= box.start or box.end <= each.start) for each in self._articles
        )

    def _is_about_title(self, pieces: Iterable[Piece]) -> bool:
        texts = (piece.text for piece in pieces if piece.is_prose)
        return is_about(" ".join(islice(texts, _MOST_SENTENCES)), self._titles, ())

    @cached_property
    def _articles(self) -> list[Box]:
        boxes = self._layout.boxes
        return [box for box in boxes if box.tag == "article" or box.meaning & (CONTENT | OUTSIDE) == CONTENT]
