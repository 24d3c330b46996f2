"""The layout of a page: its boxes and the pieces of text in them, read in one walk over the tree.

All that looks for text looks here, so that the tree is walked once. Boxes stand in the order in which they open, pieces
in the order in which they are read: what is in a box is one run of pieces.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from lxml import etree

from khobor.extract.class_names import BREADCRUMB, BYLINE, COMMENTS, CONTENT, DATE, FRONT, OUTSIDE, TAGS, TOOLS, meaning
from khobor.extract.text import clean
from khobor.html.markup import INLINE, SKIPPED, is_block, is_hiding

# Stands for a line break within a piece of text: no page has it, and it is no white space.
BREAK = "\ue00a"
_EDGES = f" {BREAK}"

_INLINE, _LINK, _LINE_BREAK, _SKIPPED, _SKIPPED_BOX, _IMAGE, _EMBED = range(7)
_TAGS = {
    _SKIPPED_BOX: "head nav footer dialog menu amp-ad amp-sidebar amp-analytics amp-social-share",
    _IMAGE: "img picture amp-img",
    _EMBED: "iframe embed object video amp-youtube amp-twitter amp-video amp-instagram",
}
_KINDS = dict.fromkeys(INLINE, _INLINE) | dict.fromkeys(SKIPPED, _SKIPPED) | {"a": _LINK, "br": _LINE_BREAK}
_KINDS |= {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
# Boxes that hold no part of an article unless they hold most of the page.
_OUTSIDE_TAGS = frozenset({"form", "aside", "address", "fieldset"})
# Boxes around everything, whatever they are called.
_AROUND_ALL = frozenset({"html", "body", "main", "article"})
# Landmarks of WAI-ARIA that hold no part of an article.
_OUTSIDE_ROLES = frozenset(
    {"navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert", "alertdialog"}
)
# Attributes that mark the way from the front page, by ARIA, microdata or RDFa, and how they say it.
_MARKS = frozenset({"aria-label", "itemtype", "typeof"})
_BREADCRUMB = "readcrumb"
# Attributes that name a box, and those that tell something of it otherwise.
_NAMES = frozenset({"class", "id"})
_TOLD = _MARKS | {"style", "hidden", "role"}
GROUPS = frozenset({"ul", "ol", "dl", "table", "blockquote"})
# Boxes around a piece that are looked at.
FARTHEST_ANCESTOR = 64
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Elements that are a paragraph, each in a box with others.
PARAGRAPHS = HEADINGS.keys() | {"p", "pre", "blockquote", "li", "dd", "dt"}
# Beside being outside or content, a name may say what a field is read from.
_FIELDS = ~(CONTENT | OUTSIDE | FRONT | COMMENTS | TOOLS)
# What a box of buttons and menus has none of.
_READ = ("p", "h1", "h2", "h3", "article", "br", "time", "blockquote", "td")


# How sentences end in the scripts of the world, quotations among them.
SENTENCE_ENDS = (".", "!", "?", "…", "।", "॥", "。", "！", "？", "؟", "۔", "”", "“", "»", "«", '"', "’", ":", "」")
# A text is a sentence that is long enough for one, or ends like one.
_PROSE = 80
_SHORTEST_PROSE = 25


class Box:
    """An element that begins on a line of its own.

    Attributes:
        element: The element.
        tag: Its tag.
        parent: The box around it; None around all.
        meaning: What its names say, as bits of ``names``.
        is_hidden: Whether it is not shown.
        in_group: Whether it is a list, a table or a quote, or within one.
        start: Where its pieces begin in the layout's.
        end: Where they end.
        weight: How much text it holds, with all in it; whoever looks for the body sets this and the next three.
        score: How likely it is what holds the body.
        is_outside: Whether it is no part of the article.
        is_unrelated: Whether it is about other things than the page's article, such as a side column.
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
    """A run of text in which nothing but inline elements stands; or an image or an embed.

    Attributes:
        text: Cleaned, with ``BREAK`` for single line breaks; empty for media.
        linked: How many of its characters lead elsewhere.
        box: The innermost box that it is in.
        links: The ``a`` elements in it.
        media: The element of an image or an embed.
        is_prose: Whether it is text in sentences.
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
            length >= _SHORTEST_PROSE
            and (length >= _PROSE or text.endswith(SENTENCE_ENDS))
            and 2 * linked <= length
            and box.tag not in HEADINGS
        )


class NamedElement:
    """An element whose names say that a field stands there.

    Attributes:
        meaning: What they say, as bits of ``names``.
        element: The element.
        box: The box that it is, or is in.
        position: Where it stands among the layout's pieces.
    """

    __slots__ = ("box", "element", "meaning", "position")

    def __init__(self, said: int, element: etree._Element, box: Box, position: int) -> None:
        self.meaning = said
        self.element = element
        self.box = box
        self.position = position


class Layout:
    """What one walk over a tree finds.

    Attributes:
        boxes: In the order in which they open; the first is around all.
        pieces: In the order in which they are read.
        links: Each link outside of navigation, with its text.
        named: Elements whose names say that a field stands there.
        menus: The ``nav`` elements, of which nothing is read.
        headings: Where the headings stand among the pieces.
        headlines: Where those of the first level do.
    """

    __slots__ = ("boxes", "headings", "headlines", "links", "menus", "named", "pieces")

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.pieces: list[Piece] = []
        self.links: list[tuple[etree._Element, str]] = []
        self.named: list[NamedElement] = []
        self.menus: list[etree._Element] = []
        self.headings: list[int] = []
        self.headlines: list[int] = []


def read_layout(root: etree._Element, dropped: Collection[etree._Element] = ()) -> Layout:
    """Return the layout of a tree.

    Args:
        root: The element around all.
        dropped: Elements that are left out with all in them.
    """
    reader = _Reader(frozenset(dropped))
    enter, leave = reader.enter, reader.leave
    walker = etree.iterwalk(root, events=("start", "end"))
    skip = walker.skip_subtree
    for event, element in walker:
        if event == "end":
            leave(element)
        elif not enter(element):
            skip()
    return reader.layout


class _Reader:
    """Takes the events of the walk.

    Args:
        dropped: Elements that are left out.
    """

    def __init__(self, dropped: frozenset[etree._Element]) -> None:
        self.layout = Layout()
        self._dropped = dropped
        self._pieces = self.layout.pieces
        # The innermost box that is open.
        self._box: Box | None = None
        self._text: list[str] = []
        self._linked = 0
        self._links: list[etree._Element] = []
        # The link that is open, where its text begins in what is being read, and what was read of it before.
        self._link: etree._Element | None = None
        self._link_start = 0
        self._link_text: list[str] = []

    def enter(self, element: etree._Element) -> bool:
        """Take the beginning of an element; return whether to go on with what is in it."""
        tag = element.tag
        kind = _KINDS.get(tag)
        if self._dropped and element in self._dropped:
            if kind is None and self._text:
                self._end_piece()
            return False
        if kind is None or self._box is None:
            return self._open_box(element, tag)
        if kind <= _LINK:
            return self._enter_inline(element, tag, self._box)
        if kind == _LINE_BREAK:
            self._break()
        elif kind >= _IMAGE:
            self._take_media(element)
        elif kind == _SKIPPED_BOX:
            self._skip(element, tag)
        return False

    def leave(self, element: etree._Element) -> None:
        """Take the end of an element."""
        box = self._box
        if box is not None and box.element is element:
            if self._text:
                self._end_piece()
            box.end = len(self._pieces)
            self._box = box.parent
        elif element is self._link:
            self._close_link(element)
        # White space at the beginning of a piece is none of it.
        if (tail := element.tail) and (self._text or not tail.isspace()):
            self._text.append(tail)

    def _open_box(self, element: etree._Element, tag: str) -> bool:
        if self._text:
            self._end_piece()
        if tag == "figure" and next(element.iter("img", "amp-img"), None) is not None:
            self._take_media(element)
            return False
        box = Box(element, tag, self._box, len(self._pieces))
        if attributes := element.items():
            said = self._name(box, attributes)
            if said & (TOOLS | CONTENT) == TOOLS and not _is_read(element, tag):
                return False
        self.layout.boxes.append(box)
        self._box = box
        if (text := element.text) and not text.isspace():
            self._text.append(text)
        return True

    def _name(self, box: Box, attributes: Iterable[tuple[Any, Any]]) -> int:
        """Give a box the meaning that its attributes have, and return that."""
        said = OUTSIDE if box.tag in _OUTSIDE_TAGS else 0
        for name, value in attributes:
            if name in _NAMES:
                said |= meaning(value)
            elif name in _TOLD:
                said |= self._told(box, name, value)
        if said & _FIELDS:
            self.layout.named.append(NamedElement(said, box.element, box, box.start))
        box.meaning = said & ~OUTSIDE if box.tag in _AROUND_ALL else said
        return box.meaning

    def _told(self, box: Box, name: str, value: str) -> int:
        """Return what an attribute means that is no name, or hide the box because of it."""
        if name == "hidden" or (name == "style" and is_hiding(value)):
            box.is_hidden = True
        elif name == "role":
            return OUTSIDE if value in _OUTSIDE_ROLES else 0
        elif name in _MARKS and _BREADCRUMB in value:
            return BREADCRUMB
        return 0

    def _enter_inline(self, element: etree._Element, tag: str, box: Box) -> bool:
        if (style := element.get("style")) and is_block(style):
            return self._open_box(element, tag)
        said = DATE if tag == "time" else 0
        if names := element.get("class"):
            said |= meaning(names)
        if said:
            if said & _FIELDS:
                self.layout.named.append(NamedElement(said, element, box, len(self._pieces)))
            if said & OUTSIDE and not said & CONTENT and tag != "a":
                # With elements in it, it may be a wrapper around paragraphs, which no inline element should be.
                return bool(len(element)) and self._open_box(element, tag)
        if tag == "a" and self._link is None:
            self._open_link(element, box)
        if (text := element.text) and (self._text or not text.isspace()):
            self._text.append(text)
        return True

    def _open_link(self, element: etree._Element, box: Box) -> None:
        if rel := element.get("rel"):
            self._relate(element, rel.lower(), box)
        self._link, self._link_start, self._link_text = element, len(self._text), []
        self._links.append(element)

    def _relate(self, element: etree._Element, rel: str, box: Box) -> None:
        said = BYLINE if "author" in rel else TAGS if "tag" in rel.split() else 0
        if said:
            self.layout.named.append(NamedElement(said, element, box, len(self._pieces)))

    def _skip(self, element: etree._Element, tag: str) -> None:
        if self._text:
            self._end_piece()
        if tag == "nav":
            self.layout.menus.append(element)

    def _break(self) -> None:
        """Take a line break: the second of two ends a paragraph."""
        text = self._text
        if text and (text[-1] == BREAK or (text[-1].isspace() and len(text) > 1 and text[-2] == BREAK)):
            self._end_piece()
        elif text:
            text.append(BREAK)

    def _take_media(self, element: etree._Element) -> None:
        if self._text:
            self._end_piece()
        if self._box is not None:
            self._pieces.append(Piece("", 0, self._box, [], element))

    def _close_link(self, element: etree._Element) -> None:
        self._read_link()
        self.layout.links.append((element, " ".join(self._link_text)))
        self._link = None

    def _read_link(self) -> None:
        """Take what was read of the open link since it opened, or since the last piece ended."""
        text = clean("".join(self._text[self._link_start :]))
        if text:
            self._linked += len(text)
            self._link_text.append(text.replace(BREAK, " "))

    def _mark_heading(self, tag: str) -> None:
        self.layout.headings.append(len(self._pieces))
        if tag == "h1":
            self.layout.headlines.append(len(self._pieces))

    def _end_piece(self) -> None:
        """Take what was read since the last piece as one; white space and breaks alone are none."""
        if self._link is not None:
            self._read_link()
        box = self._box
        if (text := clean("".join(self._text)).strip(_EDGES)) and box is not None:
            if box.tag in HEADINGS:
                self._mark_heading(box.tag)
            self._pieces.append(Piece(text, self._linked, box, self._links))
            self._links = []
        self._linked = self._link_start = 0
        self._text.clear()


def _is_read(element: etree._Element, tag: str) -> bool:
    """Whether an element is, or holds, what a box of buttons and menus has none of."""
    return tag in _READ or (len(element) > 0 and next(element.iter(*_READ), None) is not None)


def contains_any(box: Box, positions: list[int]) -> bool:
    """Whether one of these places, in order, is in a box."""
    at = bisect_left(positions, box.start)
    return at < len(positions) and positions[at] < box.end


def ancestors_or_self(box: Box | None) -> Iterator[Box]:
    """Yield a box and those around it, as far as they are looked at: nesting without end takes time without end."""
    for _ in range(FARTHEST_ANCESTOR):
        if box is None:
            return
        yield box
        box = box.parent
