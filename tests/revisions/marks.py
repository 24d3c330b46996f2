"""Segments as text with marks, for the tests of differences."""

from khobor.revisions.text_difference import Segment

MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}


def marked(segments: tuple[Segment, ...]) -> str:
    return "".join(MARKS[segment.kind].format(segment.text) for segment in segments)
