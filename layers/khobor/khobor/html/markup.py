"""What HTML tags do to the text that a reader sees, in a tree or in a string."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from khobor.characters import unescape

# Elements within a line: their text continues the text before them.
_INLINE = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark output q ruby s samp small span
    strike strong sub sup time tt u var wbr
"""
INLINE = frozenset(_INLINE.split())
# Elements that begin on a line of their own, or that are no text. Others that HTML does not know are inline, but not
# custom elements, which have a hyphen and a style of their own.
_BLOCK_TAGS = """
    address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt embed fieldset
    figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img legend li
    listing main menu nav noframes object ol optgroup p picture plaintext pre search section summary table tbody td
    tfoot th thead tr ul video xmp
"""
BLOCKS = frozenset(_BLOCK_TAGS.split())
# Elements whose text a reader does not see, or does not read as part of the text around them.
_SKIPPED = """
    script style noscript rp rt rtc template svg button select textarea input canvas map option datalist progress meter
    audio link meta base title
"""
SKIPPED = frozenset(_SKIPPED.split())
# Tags that publishing systems leave in titles and captions. Other angle brackets belong to the text.
_TAG = re.compile(
    r"</?(a|abbr|b|big|br|cite|div|em|font|h[1-6]|i|li|mark|ol|p|q|s|small|span|strong|sub|sup|u|ul|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_HIDING = ("display:none", "visibility:hidden")
_BLOCK = "display:block"
# A shorter part may be a drop cap.
_SHORTEST_PART = 2


def is_hiding(style: str) -> bool:
    """Whether a style hides its element."""
    lower = style.lower()
    # Most styles contain neither word, so this check comes first.
    return ("none" in lower or "hidden" in lower) and any(rule in lower.replace(" ", "") for rule in _HIDING)


def is_block(style: str) -> bool:
    """Whether a style puts an element on lines of its own."""
    return _BLOCK in style.lower().replace(" ", "")


def is_unknown(tag: str) -> bool:
    """Whether HTML knows no element of this name, and no script defines it, so that it is inline."""
    return tag not in BLOCKS and tag not in INLINE and tag not in SKIPPED and "-" not in tag


def lines_of(element: etree._Element) -> list[str]:
    """Return the lines of an element as a reader sees them, with their white space, and with empty lines.

    Lines end at ``br`` and around elements that are not inline. Scripts, ruby annotations and hidden elements are left
    out.
    """
    # Most elements have a single child, which has a single child.
    if (parts := _parts_of_chain(element)) is not None:
        return "".join(parts).split("\n")
    reader = _LineReader()
    # The open elements, each with those that follow it.
    opened: list[tuple[etree._Element, Iterator[etree._Element]]] = []
    following = iter((element,))
    while (each := next(following, None)) is not None or opened:
        if each is None:
            each, following = opened.pop()
            reader.end(each)
        elif each is element or not (each.tag in SKIPPED or is_hidden(each)):
            reader.start(each)
            if len(each):
                opened.append((each, following))
                following = iter(each)
                continue
            reader.end(each)
        if each is not element:
            reader.add(each.tail)
    return "".join(reader.parts).split("\n")


def _parts_of_chain(element: etree._Element) -> list[str] | None:
    """Return the texts in an element and its only descendants, with line breaks; None if one has several children."""
    before: list[str] = []
    behind: list[str] = []
    each = element
    while len(each) <= 1:
        around = "" if _is_inline(each) else "\n"
        before += (around, (each.text or "").replace("\n", " "))
        behind.append(around)
        if not len(each):
            return before + behind[::-1]
        each = each[0]
        behind.append((each.tail or "").replace("\n", " "))
        if each.tag in SKIPPED or is_hidden(each):
            return before + behind[::-1]
    return None


class _LineReader:
    """Collects the text of the elements in a walk.

    Attributes:
        parts: The text so far, with line breaks.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._last = ""
        # The inline element that ended last, if no text has followed; and the one that began directly after it.
        self._before: etree._Element | None = None
        self._beside: etree._Element | None = None

    def start(self, element: etree._Element) -> None:
        if not _is_inline(element):
            self._break()
        elif self._before is not None:
            self._beside = element
        self.add(element.text)

    def end(self, element: etree._Element) -> None:
        if _is_inline(element):
            self._before = element
        else:
            self._break()

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._before is not None and self._beside is not None:
            names = self._before.get("class"), self._beside.get("class")
            if _is_apart(self._last, text, are_named=None not in names and names[0] != names[1]):
                self.parts.append("\n")
        self.parts.append(" ".join(text.split("\n")))
        self._last, self._before, self._beside = text, None, None

    def _break(self) -> None:
        self.parts.append("\n")
        self._before = self._beside = None


def is_hidden(element: etree._Element) -> bool:
    """Whether an element's own attributes hide it."""
    if not element.attrib:
        return False
    return element.get("hidden") is not None or is_hiding(element.get("style") or "")


def without_markup(text: str) -> str:
    r"""Return a text without its tags, with a line break where a block ends, and with character references replaced.

    >>> without_markup("Town votes<br>to <b>re</b>build &amp; widen: 5 < 6")
    'Town votes\nto rebuild & widen: 5 < 6'
    """
    if "<" in text:
        text = _TAG.sub(lambda tag: "" if tag[1].lower() in INLINE else "\n", text)
    return unescape(text)


def _is_inline(element: etree._Element) -> bool:
    if element.tag not in INLINE and not is_unknown(element.tag):
        return False
    style = element.get("style")
    return style is None or not is_block(style)


def _is_apart(one: str, other: str, *, are_named: bool) -> bool:
    """Whether a style sheet probably separates two inline elements that have no space between them.

    It does if their classes differ and neither is a single letter, or if a capital would follow a small letter.

    Args:
        one: The text of the first element.
        other: The text of the second element.
        are_named: Whether both have a class, and not the same one.
    """
    if len(one.strip()) < _SHORTEST_PART or len(other.strip()) < _SHORTEST_PART:
        return False
    if one[-1].islower() and other[0].isupper():
        return True
    # Vowel signs of Indic scripts are marks (M).
    return are_named and all(unicodedata.category(char)[0] in "LMN" for char in (one[-1], other[0]))
