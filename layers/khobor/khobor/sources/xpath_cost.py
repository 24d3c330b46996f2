"""What an XPath can cost: those whose time is not linear in the page are refused before they run.

Nothing ends an XPath that runs. libxml2 walks a path again for each element that a predicate is tried on. So a
predicate may look at the element's own attributes, text and descendants, at what it is in, and at the sibling beside
it. The depth of a page is limited, its number of elements is large.

Descents behind one another, as in ``div div``, are allowed, though libxml2 does not walk them in linear time: on a page
of deeply nested elements the time limit of the page ends them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_DESCENTS = 8
_MOST_UNIONS = 16
_MOST_NESTED = 3
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')|(?P<axis>[\w-]+)\s*::|(?P<call>[\w:.-]+)\s*\(|(?P<number>\d[\d.]*)"""
    r"""|(?P<name>[^\W\d][\w.-]*(?::[\w.-]+|:\*)?)|(?P<sign>//|\.\.|[!<>]=|[^\s])"""
)
_NODE_TYPES = frozenset({"text", "node", "comment", "processing-instruction"})
_OPERATORS = frozenset({"and", "or", "div", "mod"})
_SIGNS = frozenset({"=", "!=", "<", ">", "<=", ">=", "+", "-", "|", ","})
_UP = frozenset({"parent", "ancestor", "ancestor-or-self"})
_DOWN = frozenset({"descendant", "descendant-or-self"})
_ASIDE = frozenset({"following", "preceding", "following-sibling", "preceding-sibling"})
# Behind these a name is no operator.
_BEFORE_STEPS = frozenset({"/", "//", "[", "(", "@"})
# Steps that stay at an element.
_STAY = frozenset({"attribute", "self", "namespace"})
# They do not read the text of what they are given.
_WITHOUT_TEXT = frozenset({"", "not", "boolean", "count", "name", "local-name"})
_BESIDE = re.compile(r"(?:following|preceding)-sibling\s*::\s*\*\s*\[\s*\d{1,2}\s*\]")
_OF_ONE = re.compile(r"^\([^()]*\)\s*\[\s*\d+\s*\]\s*/\s*(?:following|preceding)(?:-sibling)?\s*::")

_ABSOLUTE = "a condition searches the whole page again for each element; begin it at the element, with ./ or .//"
_ROUND = "a condition goes up and down again for each element, or reads the text above it; ask for attributes there"
_NESTED = "a condition within a condition searches all descendants; write one condition with .//a/b"
_SIDEWAYS = "all that follows or precedes is searched for each element; write following-sibling::*[1] (in CSS +)"
_DEEP = f"conditions are nested more than {_MOST_NESTED} deep; write fewer"
_MANY = f"it descends with // more than {_MOST_DESCENTS} times; write fewer steps"
_UNITED = f"it unites more than {_MOST_UNIONS} selectors; write a list of selectors"


@dataclass
class _Frame:
    """An open bracket, and the path that is read in it.

    Attributes:
        call: The function, None for a condition.
        is_below_up: Whether it is a condition on what lies above an element.
        is_up: Whether the path went up.
        is_new: Whether the path has no step so far.
        is_compared: Whether the path's text is compared.
    """

    call: str | None = ""
    is_below_up: bool = False
    is_up: bool = False
    is_new: bool = True
    is_compared: bool = False


def objection(xpath: str) -> str | None:
    """Return why an XPath is too costly, and what to write instead; None where its time is linear.

    >>> objection("//p[contains(@class, 'by')]")
    >>> objection("//a[count(//*) > 1]")
    'a condition searches the whole page again for each element; begin it at the element, with ./ or .//'
    """
    bare = _OF_ONE.sub(lambda found: found[0][: found[0].rindex("/")] + "/self::", _BESIDE.sub("self::*", xpath))
    steps = [*_steps(bare)]
    if sum(kind == "down" for kind, _ in steps) > _MOST_DESCENTS:
        return _MANY
    if sum(what == "|" for _, what in steps) > _MOST_UNIONS:
        return _UNITED
    frames = [_Frame()]
    return next((why for kind, what in steps if (why := _refused(kind, what, frames))), None)


def _steps(xpath: str) -> Iterator[tuple[str, str]]:
    """Yield what an XPath is made of: its kind, and what stands there."""
    before, previous, is_operand = "", "", False
    for match in _TOKEN.finditer(xpath):
        kind, what = match.lastgroup or "", match[match.lastgroup or 0]
        is_operator = kind in {"name", "sign"} and (what in _SIGNS or (is_operand and what in {*_OPERATORS, "*"}))
        yield from _step_of(kind, what, is_operator=is_operator, is_test=before == "axis" or previous == "@")
        is_operand = not is_operator and kind not in {"axis", "call"} and what not in _BEFORE_STEPS
        before, previous = kind, what


def _step_of(kind: str, what: str, *, is_operator: bool, is_test: bool) -> Iterator[tuple[str, str]]:
    """Yield what one token is; the test behind an axis or @ is a part of that step."""
    is_node = kind == "name" or what == "*" or (kind == "call" and what in _NODE_TYPES)
    if is_operator:
        yield "operator", what
    elif kind == "axis":
        yield _kind_of_axis(what), what
    elif is_node:
        if not is_test:
            yield "child", what
        if kind == "call":
            yield "call", ""
    elif kind == "call":
        yield "call", what
    else:
        yield {"..": "up", "//": "down", "@": "stay"}.get(what, "other"), what


def _kind_of_axis(axis: str) -> str:
    kinds = {"up": _UP, "down": _DOWN, "aside": _ASIDE, "stay": _STAY}
    return next((kind for kind, axes in kinds.items() if axis in axes), "child")


def _refused(kind: str, what: str, frames: list[_Frame]) -> str | None:
    """Take one step; return why it is refused."""
    frame = frames[-1]
    depth = sum(each.call is None for each in frames)
    if kind == "aside":
        return _SIDEWAYS
    if what == "[" or kind == "call":
        is_below_up = frame.is_below_up or (frame.is_up and what == "[")
        frames.append(_Frame(call=None if what == "[" else what, is_below_up=is_below_up))
        return _DEEP if depth + (what == "[") > _MOST_NESTED else None
    if what == "(":
        frames.append(_Frame(is_below_up=frame.is_below_up))
        return None
    if what in {")", "]"} or kind == "operator":
        return _end(what, frames)
    return _step(kind, what, frame, depth)


def _end(what: str, frames: list[_Frame]) -> str | None:
    """End a path; return why it is refused."""
    frame = frames[-1]
    is_read = frame.is_compared or what in {"=", "!=", "<", ">", "<=", ">=", "+", "-"}
    is_read = is_read or (frame.call is not None and frame.call not in _WITHOUT_TEXT)
    why = _ROUND if frame.is_up and is_read and any(each.call is None for each in frames) else None
    if what in {")", "]"}:
        if len(frames) > 1:
            frames.pop()
            frames[-1].is_up |= frame.call == "" and frame.is_up
            frames[-1].is_new = False
        return why
    frame.is_up, frame.is_new = False, True
    frame.is_compared = what not in {"and", "or", ",", "|"}
    return why


def _step(kind: str, what: str, frame: _Frame, depth: int) -> str | None:
    """Take a step of a path; return why it is refused."""
    was_new, frame.is_new = frame.is_new, False
    if depth == 0 or (kind == "other" and what != "/"):
        return None
    if was_new and what in {"/", "//"}:
        return _ABSOLUTE
    if kind in {"child", "down"} and (frame.is_up or frame.is_below_up):
        return _ROUND
    if kind == "down" and depth > 1:
        return _NESTED
    # An attribute is short, whatever it is of.
    frame.is_up = kind == "up" or (frame.is_up and kind != "stay")
    return None
