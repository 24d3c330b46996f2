"""Parts of a page that arrive after their place, as React streams them.

The page has ``<template id="B:0">`` where a part belongs; the part follows as ``<div hidden id="S:0">``, and a script
that calls ``$RC("B:0","S:0")`` moves it. ``assemble`` does what these scripts do.
"""

import re

from lxml import etree

# $RC completes a boundary, $RS a segment within one: the first argument of $RC is the place, that of $RS the part.
_CALL = re.compile(r"""\$R([CS])\(\s?["']([\w:-]{1,40})["']\s?,\s?["']([\w:-]{1,40})["']""")


def assemble(root: etree._Element) -> None:
    """Move the parts of a streamed page to their places.

    Args:
        root: The root of the tree, which is changed.
    """
    places = {element.get("id"): element for element in root.iter("template") if element.get("id")}
    if not places:
        return
    moves = [match.groups() for script in root.iter("script") for match in _CALL.finditer(script.text or "")]
    parts = {element.get("id"): element for element in root.iter("div") if element.get("hidden") is not None}
    for kind, first, second in moves:
        place, part = (first, second) if kind == "C" else (second, first)
        if place in places and part in parts:
            _move(parts.pop(part), places.pop(place))


def _move(part: etree._Element, place: etree._Element) -> None:
    """Put the content of a part before the template that marks its place."""
    if any(around is part for around in place.iterancestors()):
        return
    shown = etree.Element("div")
    shown.text, part.text = part.text, None
    shown.extend(list(part))
    place.addprevious(shown)
