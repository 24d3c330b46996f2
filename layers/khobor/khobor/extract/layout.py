"""The layout of a page: its boxes and the pieces of text in them. ``layout_reader`` makes it in one walk over the tree.

Every search for text uses the layout, so that the tree is walked once. Boxes are in the order of their start tags, and
pieces are in reading order, so the pieces of a box are consecutive.
"""

from bisect import bisect_left
from collections.abc import Iterator
from enum import Flag
from itertools import islice

from lxml import etree

from khobor.extract.text import text_of

# A line break within a piece of text. This character does not occur in pages and is not white space.
BREAK = "\ue00a"
GROUPS = frozenset({"ul", "ol", "dl", "table", "blockquote", "pre"})
# How many boxes around a piece are considered.
MOST_ANCESTORS = 64
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A figure with more paragraphs is not a picture.
_MOST_PARAGRAPHS = 3
_NOT_IN_PICTURE = ("blockquote", "h1", "address")
# How many boxes around the caption of a figure, and elements before its quotation, are considered.
_MOST_IN_FIGURE = 3
_MOST_BEFORE_QUOTE = 20
_QUESTION_MARKS = ("?", "？", "؟")
# How many elements around a button and in it are looked at.
_MOST_AROUND_BUTTON = 5
_MOST_IN_BUTTON = 12
# Elements that contain one paragraph and have others beside them.
PARAGRAPHS = HEADINGS.keys() | {"p", "pre", "blockquote", "li", "dd", "dt"}
# Elements that a box of buttons and menus does not contain.
_TEXT_TAGS = ("p", "h1", "h2", "h3", "article", "br", "time", "blockquote", "td")
# Headlines are longer than the names of sections.
SHORTEST_HEADLINE = 20
# How sentences end in various scripts, also in quotations.
SENTENCE_ENDS = (".", "!", "?", "…", "।", "॥", "。", "！", "？", "؟", "۔", "”", "“", "»", "«", '"', "’", ":", "」")
# A text is prose if it is this long, or if it ends like a sentence and is not shorter than the second limit. In Chinese
# and Japanese fewer characters make a sentence, which may end with a bracket; Thai and Lao have no sign at its end, and
# spaces within it, so that several characters are looked at.
_PROSE = 80
_SHORTEST_PROSE = 25
_PROSE_HAN = 40
_SHORTEST_HAN = 13
_PROSE_THAI = 50
_COMPARED = 4


class Reach(Flag):
    """What a layout includes besides what a browser shows of an article.

    Attributes:
        SHOWN: Nothing.
        ANY_NAME: Navigation and footers, and boxes whose class says that they are outside the article.
        UNRENDERED: What scripts would show: ``template``, ``noscript``, hidden elements.
    """

    SHOWN = 0
    ANY_NAME = 1
    UNRENDERED = 2


class Box:
    """An element that begins on a line of its own.

    ``find_container`` sets weight, score, is_outside and is_unrelated.

    Attributes:
        element: The element.
        tag: Its tag.
        parent: The box around it; None for the root.
        meaning: What its class and id say, as bits of ``class_names``.
        is_hidden: Whether it is hidden.
        in_group: Whether it is a list, a table, a quote or preformatted text, or within one.
        start: The index of its first piece in the layout.
        end: The index after its last piece.
        weight: The length of its paragraphs.
        score: How likely it contains the body.
        is_outside: Whether it is not part of the article's text.
        is_unrelated: Whether it is not about the article at all, such as a side column.
    """

    __slots__ = (
        "element",
        "end",
        "in_group",
        "is_hidden",
        "is_outside",
        "is_unrelated",
        "meaning",
        "parent",
        "score",
        "start",
        "tag",
        "weight",
    )  # fmt: skip

    def __init__(self, element: etree._Element, tag: str, parent: "Box | None", start: int) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.start = self.end = start
        self.in_group: bool = tag in GROUPS or (parent is not None and parent.in_group)
        self.meaning = 0
        self.is_hidden = self.is_outside = self.is_unrelated = False
        self.weight = self.score = 0.0


class Piece:
    """A run of text with only inline elements in it; or an image or an embed.

    Attributes:
        text: Cleaned, with ``BREAK`` for single line breaks; empty for media.
        linked: How many of its characters are in links.
        box: The innermost box around it.
        links: The ``a`` elements in it.
        media: The element of an image or an embed; None for text.
        is_prose: Whether it consists of sentences.
    """

    __slots__ = ("box", "is_prose", "linked", "links", "media", "text")

    def __init__(
        self, text: str, linked: int, box: Box, links: list[etree._Element], media: etree._Element | None = None
    ) -> None:
        self.text = text
        self.linked = linked
        self.box = box
        self.links = links
        self.media = media
        length = len(text)
        self.is_prose = (
            length >= _SHORTEST_HAN
            and 2 * linked <= length
            and box.tag not in HEADINGS
            and (length >= _PROSE or _is_sentence(text, length))
        )


def _is_sentence(text: str, length: int) -> bool:
    """Whether a text that is shorter than a paragraph looks like a sentence."""
    if text.isascii():
        return length >= _SHORTEST_PROSE and text.endswith(SENTENCE_ENDS)
    if "\u2e80" <= text[length // 2] <= "\u9fff":
        return (length >= _PROSE_HAN and text[-1] >= "\u2e80") or text.endswith(SENTENCE_ENDS)
    if length >= _PROSE_THAI and any("\u0e00" <= char <= "\u0eff" for char in text[:: length // _COMPARED]):
        return True
    return length >= _SHORTEST_PROSE and text.endswith(SENTENCE_ENDS)


class NamedElement:
    """An element whose class or id says that it contains a field.

    Attributes:
        meaning: What they say, as bits of ``class_names``.
        element: The element.
        box: The element as a box, or the box around it.
        position: The index of its first piece in the layout.
    """

    __slots__ = ("box", "element", "meaning", "position")

    def __init__(self, meaning: int, element: etree._Element, box: Box, position: int) -> None:
        self.meaning = meaning
        self.element = element
        self.box = box
        self.position = position


class Layout:
    """The boxes and pieces of a tree.

    Attributes:
        boxes: In the order of their start tags. The first is the root.
        pieces: In reading order.
        links: Each link outside navigation, with its text.
        named: Elements whose class or id says that they contain a field.
        menus: The ``nav`` elements, which have no pieces.
        skipped: These, and the elements that are called tools, each behind the index of the piece after it.
        headings: The indexes of the headings in ``pieces``.
        headlines: The indexes of the first-level headings in ``pieces``.
        text_areas: The areas for text in forms, each as the index of the piece after it and the box around it.
        comments: The indexes of the pieces below a heading of comments, which ``find_container`` sets.
        omits_names: Whether anything on the page would be read otherwise with ``Reach.ANY_NAME``.
        omits_unrendered: Whether anything of what was read would be read otherwise with ``Reach.UNRENDERED``.
    """

    __slots__ = (
        "boxes",
        "comments",
        "headings",
        "headlines",
        "links",
        "menus",
        "named",
        "omits_names",
        "omits_unrendered",
        "pieces",
        "skipped",
        "text_areas",
    )  # fmt: skip

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.pieces: list[Piece] = []
        self.links: list[tuple[etree._Element, str]] = []
        self.named: list[NamedElement] = []
        self.menus: list[etree._Element] = []
        self.skipped: list[tuple[int, etree._Element]] = []
        self.headings: list[int] = []
        self.headlines: list[int] = []
        self.text_areas: list[tuple[int, Box]] = []
        self.comments = range(0)
        self.omits_names = self.omits_unrendered = False


def contains_any(box: Box, positions: list[int]) -> bool:
    """Whether a box contains a piece at one of these positions.

    Args:
        box: The box.
        positions: Indexes of pieces, sorted.
    """
    at = bisect_left(positions, box.start)
    return at < len(positions) and positions[at] < box.end


def has_text_tags(element: etree._Element, tag: str) -> bool:
    """Whether an element is, or contains, one that boxes of buttons and menus do not contain.

    Args:
        element: The element.
        tag: Its tag.
    """
    return tag in _TEXT_TAGS or (len(element) > 0 and next(element.iter(*_TEXT_TAGS), None) is not None)


def is_picture(figure: etree._Element) -> bool:
    """Whether a figure is a picture.

    It may also be a quotation with a portrait, what stands above an article, or the byline below the author's portrait.
    """
    if next(figure.iter("img", "amp-img"), None) is None or next(figure.iter(*_NOT_IN_PICTURE), None) is not None:
        return False
    return next(islice(figure.iter("p"), _MOST_PARAGRAPHS, None), None) is None


def is_around_code(element: etree._Element, tag: str) -> bool:
    """Whether an element is or begins with preformatted text. Its class may be ``language-go`` or ``code-toolbar``.

    Args:
        element: The element.
        tag: Its tag.
    """
    return tag == "pre" or (len(element) > 0 and element[0].tag == "pre")


def is_whole_heading(button: etree._Element, box: Box) -> bool:
    """Whether a button is all of a heading, and so opens the part below it.

    Args:
        button: An element without text before it in its box.
        box: The box around it.
    """
    if box.tag not in HEADINGS or button.getparent() is not box.element:
        return False
    # The length of an element takes as long as it has children.
    return button.getprevious() is None and button.getnext() is None and not (button.tail or "").strip()


def is_folded_question(button: etree._Element) -> bool:
    """Whether a button is a question that opens the answer below it."""
    if button.get("aria-expanded") is None and button.get("aria-controls") is None:
        return False
    # Buttons that were not closed are in each other, and contain the rest of the page.
    is_small = next(islice(button.iter(), _MOST_IN_BUTTON, None), None) is None
    return is_small and ends_as_question(text_of(button))


def is_answer(element: etree._Element) -> bool:
    """Whether a hidden element is what a question or a heading before it opens."""
    before = element.getprevious()
    inside = islice(before.iter(), _MOST_AROUND_BUTTON) if before is not None else ()
    button = next((each for each in inside if each.tag == "button"), None)
    if before is None or button is None or button.get("aria-expanded") is None:
        return False
    return before.tag in HEADINGS or is_folded_question(button)


def ends_as_question(text: str) -> bool:
    """Whether a text ends with the question mark of some script."""
    return text.endswith(_QUESTION_MARKS)


def first_line(piece: Piece) -> str:
    """Return the text of a piece before its first line break."""
    return piece.text.partition(BREAK)[0]


def leads_within_page(piece: Piece) -> bool:
    """Whether the links of a piece lead to other parts of the page, as in a table of contents."""
    return all((link.get("href") or "").startswith("#") for link in piece.links)


def credits_quote(piece: Piece) -> bool:
    """Whether a piece is in a figure with a quotation, and so says whose words these are."""
    around = islice(ancestors_or_self(piece.box), _MOST_IN_FIGURE)
    figure = next((box.element for box in around if box.tag == "figure"), None)
    inside = islice(figure.iter(), _MOST_BEFORE_QUOTE) if figure is not None else ()
    return any(element.tag == "blockquote" for element in inside)


def parent_of(piece: Piece) -> Box | None:
    """Return the box that contains a paragraph and those beside it."""
    return piece.box.parent if piece.box.tag in PARAGRAPHS else piece.box


def ancestors_or_self(box: Box | None) -> Iterator[Box]:
    """Yield a box and the boxes around it, MOST_ANCESTORS at most, so that deep nesting does not cost much time."""
    for _ in range(MOST_ANCESTORS):
        if box is None:
            return
        yield box
        box = box.parent
