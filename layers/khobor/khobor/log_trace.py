"""Lines of the log of the stages, and those about one article among them, wherever the log is kept."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from khobor.stages import STAGES

# Each URL that leads to an article has an id, and a line with two ids leads from one to the other. This many are
# followed.
_MOST_IDS = 8


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of the log.

    Attributes:
        at: When it was written.
        stage: The stage, such as ``parse``.
        facts: The fields of the line.
    """

    at: datetime
    stage: str
    facts: Mapping[str, Any]


def trace_lines(term: str, matches: Callable[[str], Iterable[tuple[str, LogLine]]]) -> list[LogLine]:
    """Return every line about an article, in order of time.

    Args:
        term: The id of the article, the id of one of its URLs, or the key of one of its pages.
        matches: Returns the lines that contain a term, each with its text.
    """
    lines: dict[tuple[str, datetime, str], LogLine] = {}
    searched: set[str] = set()
    waiting = [term]
    while waiting and len(searched) < _MOST_IDS:
        searched.add(each := waiting.pop(0))
        # The same text twice at one instant is the same line, which several terms found.
        more = {(line.stage, line.at, text): line for text, line in matches(each)}
        lines |= more
        waiting += sorted(_ids(more.values()) - searched - set(waiting))
    return sorted(lines.values(), key=lambda line: (line.at, stage_position(line.stage)))


def read_facts(text: str | bytes) -> dict[str, Any] | None:
    """Return the fields of a line; None if it was not written by the logger of a stage, or is incomplete."""
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) and "message" in fields and "service" in fields else None


def stage_position(name: str) -> int:
    """Return the position of a function in the order of the pipeline; the last one if it is no stage."""
    return next((number for number, stage in enumerate(STAGES) if stage.name == name), len(STAGES))


def _ids(lines: Collection[LogLine]) -> set[str]:
    return {line.facts[name] for line in lines for name in ("article_id", "same_as") if line.facts.get(name)}
