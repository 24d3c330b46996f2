"""The reader of a page's layout, which walks the tree once."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from khobor.extract.class_names import (
    BREADCRUMB,
    BREADCRUMB_MARK,
    BYLINE,
    COMMENTS,
    CONTENT,
    DATE,
    FRONT,
    OUTSIDE,
    TAGS,
    TOOLS,
    meaning,
)
from khobor.extract.layout import (
    BREAK,
    HEADINGS,
    Box,
    Layout,
    NamedElement,
    Piece,
    Reach,
    has_text_tags,
    is_answer,
    is_around_code,
    is_folded_question,
    is_picture,
    is_whole_heading,
)
from khobor.extract.own_links import release_text
from khobor.extract.text import clean
from khobor.html.markup import BLOCKS, INLINE, SKIPPED, is_block, is_hiding, is_unknown

_EDGES = f" {BREAK}"
_JOINERS = "\u200c\u200d"

_INLINE, _LINK, _LINE_BREAK, _SKIPPED, _SKIPPED_BOX, _UNKNOWN, _IMAGE, _EMBED = range(8)
_TAGS = {
    _SKIPPED_BOX: "head nav footer dialog menu amp-ad amp-sidebar amp-analytics amp-social-share",
    _IMAGE: "img picture amp-img",
    _EMBED: "iframe embed object video amp-youtube amp-twitter amp-video amp-instagram",
}
# The elements with None are boxes.
_KINDS: dict[str, int | None] = dict.fromkeys(BLOCKS)
_KINDS |= dict.fromkeys(INLINE, _INLINE) | dict.fromkeys(SKIPPED, _SKIPPED) | {"a": _LINK, "br": _LINE_BREAK}
_KINDS |= {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
# Elements that contain no part of an article unless they contain most of the page.
_OUTSIDE_TAGS = frozenset({"form", "aside", "address", "fieldset"})
# Elements around the whole page, whatever their class says.
_AROUND_ALL = frozenset({"html", "body", "main", "article"})
# Landmark roles of WAI-ARIA that contain no part of an article.
_OUTSIDE_ROLES = frozenset(
    {"navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert", "alertdialog"}
)
# Attributes that mark breadcrumbs, by ARIA, microdata or RDFa.
_BREADCRUMB_ATTRIBUTES = frozenset({"aria-label", "itemtype", "typeof"})
# Whether an attribute names a box, for each attribute that is read.
_ATTRIBUTES = dict.fromkeys(_BREADCRUMB_ATTRIBUTES | {"style", "hidden", "role"}, False) | {"class": True, "id": True}
# Meanings of names that say which field an element contains.
_FIELDS = ~(CONTENT | OUTSIDE | FRONT | COMMENTS | TOOLS)
# Meanings of names that say that an element contains no part of an article's text.
_UNLIKELY = OUTSIDE | TOOLS | FRONT
# The elements of a page's article. What is around one is neither a button nor a menu.
_ARTICLES = ("main", "article")
# What browsers do not render while scripts run; and of the other skipped elements those that are no furniture.
_UNRENDERED = frozenset({"noscript", "template"})
_NEVER_OPENED = SKIPPED - {"button", "select", "noscript", "template", "canvas", "map", "audio"}
_READ_WITHOUT_CHILDREN = ("button", "textarea")
# Boxes that were opened for what is in them, within each other. Within so many no other one is searched: each search
# reads all that is within. Pages have one or two.
_MOST_SEARCHED = 20


def read_layout(root: etree._Element, dropped: Collection[etree._Element] = (), reach: Reach = Reach.SHOWN) -> Layout:
    """Return the layout of a tree.

    Args:
        root: The root of the tree.
        dropped: Elements to leave out, with their descendants.
        reach: What it includes besides what a browser shows of an article.
    """
    reader = _LayoutReader(frozenset(dropped), reach)
    reader.read(root)
    release_text(reader.layout)
    return reader.layout


class _LayoutReader:
    """Builds a layout from the events of a walk.

    The loop of ``read`` handles what most elements need, because each call of a function takes as long as it does.

    Args:
        dropped: Elements to leave out.
        reach: What the layout includes besides.
    """

    def __init__(self, dropped: frozenset[etree._Element], reach: Reach) -> None:
        self.layout = Layout()
        self._dropped = dropped
        self._any_name = Reach.ANY_NAME in reach
        self._unrendered = Reach.UNRENDERED in reach
        # The elements around an article that comes next.
        self._around_article: frozenset[etree._Element] = frozenset()
        self._around_time: frozenset[etree._Element] = frozenset()
        # The open boxes that were opened for what is in them, and the number of open articles.
        self._searched: list[Box] = []
        self._articles = 0
        self._pieces = self.layout.pieces
        self._boxes = self.layout.boxes
        # The innermost open box, and its element.
        self._box: Box | None = None
        self._box_element: etree._Element | None = None
        self._text: list[str] = []
        self._linked = 0
        self._links: list[etree._Element] = []
        # The open link, the index in _text at which its text begins, and its text in earlier pieces.
        self._link: etree._Element | None = None
        self._link_start = 0
        self._link_text: list[str] = []

    def read(self, root: etree._Element) -> None:
        """Read the tree below a root."""
        text, has_dropped = self._text, bool(self._dropped)
        # The open elements, each with those that follow it. lxml's iterwalk takes three times as long.
        opened: list[tuple[etree._Element, Iterator[etree._Element]]] = []
        following = iter((root,))
        while True:
            element = next(following, None)
            if element is None:
                if not opened:
                    return
                element, following = opened.pop()
            else:
                tag = element.tag
                kind = _KINDS.get(tag, _UNKNOWN)
                is_box = kind is None and not has_dropped
                is_entered = self._open_box(element, tag) if is_box else self._enter(element, tag, kind)
                if is_entered and len(element):
                    opened.append((element, following))
                    following = iter(element)
                    continue
            if element is self._box_element:
                self._close_box()
            elif self._link is not None and element is self._link:
                self._close_link(self._link)
            # A piece does not begin with white space.
            if (tail := element.tail) and (text or not tail.isspace()):
                text.append(tail)

    def _enter(self, element: etree._Element, tag: str, kind: int | None) -> bool:
        """Handle the start of an element; return whether to visit its children."""
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
        elif kind >= _SKIPPED_BOX or len(element) or tag in _READ_WITHOUT_CHILDREN:
            return self._enter_other(element, tag, self._box, kind)
        return False

    def _close_box(self) -> None:
        """Handle the end of the innermost box."""
        if self._text:
            self._end_piece()
        if self._box is not None:
            if self._searched and self._searched[-1] is self._box:
                self._searched.pop()
            if self._box.tag == "article":
                self._articles -= 1
            self._box.end = len(self._pieces)
            self._box = parent = self._box.parent
            self._box_element = parent.element if parent is not None else None

    def _open_box(self, element: etree._Element, tag: str) -> bool:
        if self._text:
            self._end_piece()
        if tag == "figure" and self._is_picture(element):
            self._take_media(element)
            return False
        box = Box(element, tag, self._box, len(self._pieces))
        if (attributes := element.items()) and self._set_meaning(box, attributes) & (TOOLS | CONTENT) == TOOLS:
            if self._may_search and not has_text_tags(element, tag):
                self.layout.skipped.append((len(self._pieces), element))
                self.layout.omits_names = True
                return False
            self._searched.append(box)
        elif tag == "figure":
            self._searched.append(box)
        if tag == "article":
            self._articles += 1
        self._boxes.append(box)
        self._box, self._box_element = box, element
        if (text := element.text) and not text.isspace():
            self._text.append(text)
        return True

    def _is_opened(self, element: etree._Element, tag: str) -> bool:
        """Whether an element that is usually skipped is a box: it contains the article, or the layout reaches it.

        The parser nests the rest of a page in an element that was not closed.
        """
        if tag == "head":
            # The parser puts elements that it does not know, such as nav, into the head if there is no body tag.
            return has_text_tags(element, tag)
        if tag in _UNRENDERED:
            is_root = tag == "template" and (element.get("shadowrootmode") or element.get("shadowroot")) is not None
            self.layout.omits_unrendered = True
            return is_root or (self._unrendered and self._may_search and has_text_tags(element, tag))
        self.layout.omits_names = True
        return (
            self._any_name
            or self._is_of_article(tag)
            or self._has_article(element)
            or (tag == "nav" and self._has_front_matter(element))
        )

    @property
    def _may_search(self) -> bool:
        """Whether all that is in an element may be searched."""
        return len(self._searched) < _MOST_SEARCHED

    def _is_of_article(self, tag: str) -> bool:
        """Whether an element is the footer of an article, which often contains its date, byline and tags."""
        return tag == "footer" and self._articles > 0

    def _has_front_matter(self, menu: etree._Element) -> bool:
        """Whether a menu contains one time and a byline, so that it says when and by whom the article was written."""
        if menu in self._around_time:
            return True
        times = list(islice(menu.iter("time"), 2)) if self._may_search else []
        if len(times) != 1 or not any(meaning(each.get("class") or "") & BYLINE for each in menu.iter()):
            return False
        # Menus within this one need not be searched again.
        self._around_time = frozenset(times[0].iterancestors())
        return True

    def _has_article(self, element: etree._Element) -> bool:
        """Whether an element contains an article."""
        if element in self._around_article:
            return True
        article = next(element.iter(*_ARTICLES), None) if self._may_search else None
        if article is None:
            return False
        # Elements within this one need not be searched again.
        self._around_article = frozenset(article.iterancestors())
        return True

    def _is_picture(self, figure: etree._Element) -> bool:
        return self._may_search and is_picture(figure) and not self._has_article(figure)

    def _set_meaning(self, box: Box, attributes: Iterable[tuple[Any, Any]]) -> int:
        """Set the meaning of a box from its attributes, and return it."""
        found = OUTSIDE if box.tag in _OUTSIDE_TAGS else 0
        for name, value in attributes:
            if (is_name := _ATTRIBUTES.get(name)) is not None:
                found |= meaning(value) if is_name else self._read_attribute(box, name, value)
        if found & OUTSIDE and is_around_code(box.element, box.tag):
            found &= CONTENT
        if found & _FIELDS:
            self.layout.named.append(NamedElement(found, box.element, box, box.start))
        if found & _UNLIKELY and not found & COMMENTS and box.tag not in _OUTSIDE_TAGS:
            if self._any_name:
                found &= ~_UNLIKELY
            self.layout.omits_names = True
        box.meaning = found & ~OUTSIDE if box.tag in _AROUND_ALL else found
        return box.meaning

    def _read_attribute(self, box: Box, name: str, value: str) -> int:
        """Return the meaning of an attribute other than class and id, or mark the box as hidden."""
        if name == "hidden" or (name == "style" and is_hiding(value)):
            box.is_hidden = not self._unrendered and not is_answer(box.element)
            self.layout.omits_unrendered = True
        elif name == "role":
            return OUTSIDE if value in _OUTSIDE_ROLES else 0
        elif name in _BREADCRUMB_ATTRIBUTES and BREADCRUMB_MARK in value:
            return BREADCRUMB
        return 0

    def _enter_inline(self, element: etree._Element, tag: str, box: Box) -> bool:
        if (style := element.get("style")) and is_block(style):
            return self._open_box(element, tag)
        found = DATE if tag == "time" else 0
        if names := element.get("class"):
            found |= meaning(names)
        # The classes in code are those of its language.
        if found and tag != "code" and box.tag != "pre":
            if found & _FIELDS:
                self.layout.named.append(NamedElement(found, element, box, len(self._pieces)))
            if found & OUTSIDE and not found & CONTENT and tag != "a" and not self._any_name:
                self.layout.omits_names = True
                # An inline element with children may wrap paragraphs all the same.
                return bool(len(element)) and self._open_box(element, tag)
        # The target of a link leads nowhere, and old pages do not close it.
        if tag == "a" and self._link is None and (element.get("href") is not None or not element.get("name")):
            self._open_link(element, box)
        if (text := element.text) and (self._text or not text.isspace()):
            self._text.append(text)
        return True

    def _open_link(self, element: etree._Element, box: Box) -> None:
        if rel := element.get("rel"):
            self._read_relation(element, rel.lower(), box)
        self._link, self._link_start, self._link_text = element, len(self._text), []
        self._links.append(element)

    def _read_relation(self, element: etree._Element, rel: str, box: Box) -> None:
        found = BYLINE if "author" in rel else TAGS if "tag" in rel.split() else 0
        if found:
            self.layout.named.append(NamedElement(found, element, box, len(self._pieces)))

    def _enter_other(self, element: etree._Element, tag: str, box: Box, kind: int) -> bool:
        """Handle the start of an element that is unknown or usually skipped; return whether to visit its children."""
        if kind == _UNKNOWN:
            # A custom element within a sentence is inline.
            is_inline = (is_unknown(tag) or bool(self._text)) and not any(child.tag in BLOCKS for child in element)
            return self._enter_inline(element, tag, box) if is_inline else self._open_box(element, tag)
        if tag == "button" and not self._text and is_whole_heading(element, box):
            return self._enter_inline(element, tag, box)
        if tag == "button" and is_folded_question(element):
            return self._open_box(element, tag)
        if tag not in _NEVER_OPENED and len(element) and self._is_opened(element, tag):
            return self._open_skipped(element, tag)
        if kind == _SKIPPED_BOX and self._text:
            self._end_piece()
        if tag == "nav":
            self.layout.menus.append(element)
            self.layout.skipped.append((len(self._pieces), element))
        elif tag == "textarea":
            self.layout.text_areas.append((len(self._pieces), box))
        return False

    def _open_skipped(self, element: etree._Element, tag: str) -> bool:
        """Open a box of an element that is usually skipped."""
        is_whole = self._may_search and next(element.iter("main", "h1"), None) is not None
        is_opened = self._open_box(element, tag)
        if is_opened and self._box:
            if not self._searched or self._searched[-1] is not self._box:
                self._searched.append(self._box)
            if not is_whole and tag not in _UNRENDERED:
                self._box.meaning |= FRONT if self._is_of_article(tag) else OUTSIDE
        return is_opened

    def _break(self) -> None:
        """Handle a line break. Two in a row end a piece."""
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
        """Count the text of the open link since its start, or since the last piece ended."""
        if text := clean("".join(self._text[self._link_start :])):
            self._linked += len(text)
            self._link_text.append(text.replace(BREAK, " "))

    def _end_piece(self) -> None:
        """Add the text since the last piece as a piece, unless it is only white space and line breaks."""
        if self._link is not None:
            self._read_link()
        box = self._box
        text = clean("".join(self._text)).strip(_EDGES)
        # Editors put a joiner into an empty paragraph.
        if text and (len(text) > 1 or text not in _JOINERS) and box is not None:
            if box.tag in HEADINGS:
                self.layout.headings.append(len(self._pieces))
                if box.tag == "h1":
                    self.layout.headlines.append(len(self._pieces))
            self._pieces.append(Piece(text, self._linked, box, self._links))
            self._links = []
        self._linked = self._link_start = 0
        self._text.clear()
