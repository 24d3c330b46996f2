"""Estimates the cost of an XPath: one that does not take linear time is refused before it runs.

A running XPath cannot be interrupted, and libxml2 evaluates a predicate again for each element. So a predicate may use
only the element's own attributes, text and descendants, its ancestors, and its adjacent siblings: the depth of a page
is limited, but its number of elements is large.

Consecutive descents, as in ``div div``, are allowed, although libxml2 does not evaluate them in linear time: on a page
of deeply nested elements, the time limit of the page applies.
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
# A name after these is not an operator.
_BEFORE_STEPS = frozenset({"/", "//", "[", "(", "@"})
# The axes that stay at an element.
_STAY = frozenset({"attribute", "self", "namespace"})
# Functions that do not read the text of their arguments.
_WITHOUT_TEXT = frozenset({"", "not", "boolean", "count", "name", "local-name"})
_BESIDE = re.compile(r"(?:following|preceding)-sibling\s*::\s*\*\s*\[\s*\d{1,2}\s*\]")
_OF_ONE = re.compile(r"^\([^()]*\)\s*\[\s*\d+\s*\]\s*/\s*(?:following|preceding)(?:-sibling)?\s*::")

_ABSOLUTE = "a condition searches the whole page again for each element; begin it at the element, with ./ or .//"
_ROUND = "a condition goes up and down again for each element, or reads the text of an ancestor; test attributes there"
_NESTED = "a condition within a condition searches all descendants; write one condition with .//a/b"
_SIDEWAYS = "everything before or after each element is searched; write following-sibling::*[1] (in CSS +)"
_DEEP = f"conditions are nested more than {_MOST_NESTED} deep; use fewer"
_MANY = f"it descends with // more than {_MOST_DESCENTS} times; use fewer steps"
_UNITED = f"it combines more than {_MOST_UNIONS} selectors; write a list of selectors"


@dataclass
class _OpenBracket:
    """An open parenthesis or bracket, and the state of the path in it.

    Attributes:
        call: The function; None for a condition.
        is_below_up: Whether it is a condition on an ancestor.
        is_up: Whether the path has gone up.
        is_new: Whether the path has no step yet.
        is_compared: Whether the text of the path is compared.
    """

    call: str | None = ""
    is_below_up: bool = False
    is_up: bool = False
    is_new: bool = True
    is_compared: bool = False


def objection(xpath: str) -> str | None:
    """Return why an XPath is too costly, and what to write instead; None if it takes linear time.

    >>> objection("//p[contains(@class, 'by')]")
    >>> objection("//a[count(//*) > 1]")
    'a condition searches the whole page again for each element; begin it at the element, with ./ or .//'
    """
    bare = _OF_ONE.sub(lambda match: match[0][: match[0].rindex("/")] + "/self::", _BESIDE.sub("self::*", xpath))
    steps = [*_steps(bare)]
    if sum(kind == "down" for kind, _ in steps) > _MOST_DESCENTS:
        return _MANY
    if sum(what == "|" for _, what in steps) > _MOST_UNIONS:
        return _UNITED
    frames = [_OpenBracket()]
    return next((why for kind, what in steps if (why := _refused(kind, what, frames))), None)


def _steps(xpath: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each part of an XPath."""
    before, previous, is_operand = "", "", False
    for match in _TOKEN.finditer(xpath):
        kind, what = match.lastgroup or "", match[match.lastgroup or 0]
        is_operator = kind in {"name", "sign"} and (what in _SIGNS or (is_operand and what in {*_OPERATORS, "*"}))
        yield from _step_of(kind, what, is_operator=is_operator, is_test=before == "axis" or previous == "@")
        is_operand = not is_operator and kind not in {"axis", "call"} and what not in _BEFORE_STEPS
        before, previous = kind, what


def _step_of(kind: str, what: str, *, is_operator: bool, is_test: bool) -> Iterator[tuple[str, str]]:
    """Yield the parts for one token; the node test after an axis or @ belongs to the same step."""
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


def _refused(kind: str, what: str, frames: list[_OpenBracket]) -> str | None:
    """Process one part; return why it is refused, or None."""
    frame = frames[-1]
    depth = sum(each.call is None for each in frames)
    if kind == "aside":
        return _SIDEWAYS
    if what == "[" or kind == "call":
        is_below_up = frame.is_below_up or (frame.is_up and what == "[")
        frames.append(_OpenBracket(call=None if what == "[" else what, is_below_up=is_below_up))
        return _DEEP if depth + (what == "[") > _MOST_NESTED else None
    if what == "(":
        frames.append(_OpenBracket(is_below_up=frame.is_below_up))
        return None
    if what in {")", "]"} or kind == "operator":
        return _end(what, frames)
    return _step(kind, what, frame, depth)


def _end(what: str, frames: list[_OpenBracket]) -> str | None:
    """End a path; return why it is refused, or None."""
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


def _step(kind: str, what: str, frame: _OpenBracket, depth: int) -> str | None:
    """Process a step of a path; return why it is refused, or None."""
    was_new, frame.is_new = frame.is_new, False
    if depth == 0 or (kind == "other" and what != "/"):
        return None
    if was_new and what in {"/", "//"}:
        return _ABSOLUTE
    if kind in {"child", "down"} and (frame.is_up or frame.is_below_up):
        return _ROUND
    if kind == "down" and depth > 1:
        return _NESTED
    # An attribute is short, even that of an ancestor.
    frame.is_up = kind == "up" or (frame.is_up and kind != "stay")
    return None
