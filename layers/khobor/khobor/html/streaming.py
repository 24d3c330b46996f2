"""Parts of a page that arrive after their place, as React streams them.

The page has ``<template id="B:0">`` where a part belongs; the part follows as ``<div hidden id="S:0">``, and a script
that calls ``$RC("B:0","S:0")`` moves it. ``assemble`` does what these scripts do.
"""

import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

# Each move reads all that is moved and all that is around its place, and a part may be in another one. News pages have
# some dozens.
MOST_MOVES = 500
# $RC completes a boundary, $RS a segment within one: the first argument of $RC is the place, that of $RS the part.
_CALL = re.compile(r"""\$R([CS])\(\s?["']([\w:-]{1,40})["']\s?,\s?["']([\w:-]{1,40})["']""")


class TooManyPartsError(Exception):
    """A page moves more than MOST_MOVES parts."""


def assemble(root: etree._Element, templates: Iterable[etree._Element]) -> bool:
    """Move the parts of a streamed page to their places; return whether the tree was changed.

    Args:
        root: The root of the tree.
        templates: Its ``template`` elements.

    Raises:
        TooManyPartsError: It has too many parts. The tree is unchanged.
    """
    places = {element.get("id"): element for element in templates if element.get("id")}
    if not places:
        return False
    calls = (match.groups() for script in root.iter("script") for match in _CALL.finditer(script.text or ""))
    moves = list(islice(calls, MOST_MOVES + 1))
    if len(moves) > MOST_MOVES:
        raise TooManyPartsError
    parts = {element.get("id"): element for element in root.iter("div") if element.get("hidden") is not None}
    is_changed = False
    for kind, first, second in moves:
        place, part = (first, second) if kind == "C" else (second, first)
        if place in places and part in parts:
            is_changed = _move(parts.pop(part), places.pop(place)) or is_changed
    return is_changed


def _move(part: etree._Element, place: etree._Element) -> bool:
    """Put the content of a part before the template that marks its place, unless that is in the part."""
    if any(around is part for around in place.iterancestors()):
        return False
    shown = etree.Element("div")
    shown.text, part.text = part.text, None
    shown.extend(list(part))
    place.addprevious(shown)
    return True
