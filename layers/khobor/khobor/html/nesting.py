"""End tags that libxml2 ignores because an element within was not closed.

``<button><div></button>`` leaves the button open in libxml2, since a ``div`` outranks it, and the rest of the page is
parsed into it. By the parsing rules of HTML the end tag closes both. ``closed`` adds the missing ``</div>``.
"""

import re
from collections.abc import Iterator

# Elements that an end tag closes with all in them (HTML, "in body" insertion mode), without those that libxml2 ranks
# as high as a div, and without the div itself.
_CLOSED = """
    address article aside blockquote button center details dialog dir dl fieldset figcaption figure footer header hgroup
    listing main menu nav ol pre search section summary ul li dd dt h1 h2 h3 h4 h5 h6
"""
CLOSED = frozenset(_CLOSED.split())
# An end tag does not reach out of these, and those of cells do not reach out of their table.
_SCOPES = frozenset({"applet", "caption", "html", "table", "td", "th", "marquee", "object", "template"})
_CELLS = frozenset({"td", "th", "caption"})
_AROUND_CELLS = frozenset({"table", "template", "html"})
_LISTS = frozenset({"ul", "ol", "dl"})
_ITEMS = frozenset({"li", "dd", "dt"})
# Only these have a part in this.
_COUNTED = CLOSED | _SCOPES | {"div"}
# The content of these is not markup, up to the end tag.
_RAW_TAGS = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
_RAW = {name: re.compile(rb"</%b[\s/>]" % name.encode(), re.IGNORECASE) for name in _RAW_TAGS}
# All quantifiers are possessive, so the time is linear.
_TAG = re.compile(
    rb"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+)"
    rb"""(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+)*+[\s/]*+(>)?)"""
)
_MISMATCH = re.compile(r"mismatch: ([a-z0-9]+) and ")
# Deeper pages stay as they are, since each end tag may search all open elements.
_DEEPEST = 128


def is_ignored(message: str) -> bool:
    """Whether a message of libxml2 is about an end tag that it may have ignored.

    >>> is_ignored("Opening and ending tag mismatch: button and div")
    True
    """
    match = _MISMATCH.search(message)
    return match is not None and match[1] in CLOSED


def closed(html: bytes) -> bytes:
    """Return a page with the end tags of each ``div`` that an end tag around it closes.

    >>> closed(b"<nav><button><div><svg></svg></button></nav><main>")
    b'<nav><button><div><svg></svg></div></button></nav><main>'
    """
    parts = []
    start = 0
    for position, count in _missing(html):
        parts.append(html[start:position] + b"</div>" * count)
        start = position
    return b"".join([*parts, html[start:]]) if parts else html


def _missing(html: bytes) -> Iterator[tuple[int, int]]:
    """Yield the position of each end tag that is ignored, and how many ``</div>`` are missing before it."""
    opened: list[str] = []
    for is_end, name, position in _tags(html):
        if is_end or name in _ITEMS or name in _CELLS:
            # Items and cells also end where the next one begins.
            depth = _depth(opened, name)
            if depth is not None:
                if is_end and name in CLOSED and (count := opened[depth:].count("div")):
                    yield position, count
                if is_end or "div" not in opened[depth:]:
                    del opened[depth:]
        if not is_end:
            opened.append(name)
            if len(opened) > _DEEPEST:
                return


def _depth(opened: list[str], name: str) -> int | None:
    """Return how many open elements are around the one that an end tag closes, None if it closes none."""
    scopes = _AROUND_CELLS if name in _CELLS or name == "table" else _SCOPES | _LISTS if name in _ITEMS else _SCOPES
    for depth in range(len(opened) - 1, -1, -1):
        if opened[depth] == name:
            return depth
        if opened[depth] in scopes:
            return None
    return None


def _tags(html: bytes) -> Iterator[tuple[bool, str, int]]:
    """Yield each tag that counts: whether it is an end tag, its name, and its position."""
    at = 0
    while tag := _TAG.search(html, at):
        at = tag.end()
        if tag[1] is not None:
            end = html.find(b"-->", at)
            at = len(html) if end < 0 else end
            continue
        name = tag[3].decode("ascii", "replace").lower()
        if name in _COUNTED:
            # libxml2 closes an element at "/>".
            if tag[2] or not html.startswith(b"/>", at - 2):
                yield bool(tag[2]), name, tag.start()
        elif name in _RAW and not tag[2]:
            closing = _RAW[name].search(html, at)
            at = closing.start() if closing else len(html)
