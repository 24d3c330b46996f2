"""The logs of a deployed stack's functions, and the lines about one article in them."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from khobor.stages import STAGES

# Each URL that leads to an article has an id, and a line with two ids leads from one to the other. This many are
# followed.
_MOST_IDS = 8


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of a function's log.

    Attributes:
        at: When it was written.
        stage: The function, such as ``parse``.
        facts: The fields of the line.
    """

    at: datetime
    stage: str
    facts: Mapping[str, Any]


class FunctionLogs:
    """The logs of the functions of a stack.

    Args:
        logs: The CloudWatch Logs client.
        stack: The name of the stack.
    """

    def __init__(self, logs: Any, stack: str) -> None:
        self._logs = logs
        self._prefix = f"/khobor/{stack}/"

    def trace(self, term: str, since: datetime, until: datetime) -> list[LogLine]:
        """Return every line about an article, in order of time.

        Args:
            term: The id of the article, the id of one of its URLs, or the key of one of its pages.
            since: Lines from this time on, aware.
            until: Lines before this time, aware.
        """
        groups = self._groups()
        lines: dict[tuple[str, datetime, str], LogLine] = {}
        searched: set[str] = set()
        waiting = [term]
        while waiting and len(searched) < _MOST_IDS:
            searched.add(each := waiting.pop(0))
            # The same text twice at one instant is the same line, which several terms found.
            matches = self._matches(groups, each, since, until)
            more = {(line.stage, line.at, text): line for text, line in matches}
            lines |= more
            waiting += sorted(_ids(more.values()) - searched - set(waiting))
        return sorted(lines.values(), key=lambda line: (line.at, stage_position(line.stage)))

    def _groups(self) -> list[str]:
        pages = self._logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=self._prefix)
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    def _matches(
        self, groups: Collection[str], term: str, since: datetime, until: datetime
    ) -> Iterator[tuple[str, LogLine]]:
        """Yield the lines that contain a term, each with its text."""
        pattern = json.dumps(term, ensure_ascii=False)
        span = {"startTime": _milliseconds(since), "endTime": _milliseconds(until)}
        for group in groups:
            pages = self._logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=pattern, **span
            )
            for event in (event for page in pages for event in page["events"]):
                if (facts := _facts(event["message"])) is not None:
                    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                    yield event["message"], LogLine(at=at, stage=group.removeprefix(self._prefix), facts=facts)


def _facts(text: str) -> dict[str, Any] | None:
    """Return the fields of a line; None if it was not written by the logger of a function."""
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) and "message" in fields and "service" in fields else None


def _ids(lines: Collection[LogLine]) -> set[str]:
    return {line.facts[name] for line in lines for name in ("article_id", "same_as") if line.facts.get(name)}


def stage_position(name: str) -> int:
    """Return the position of a function in the order of the pipeline; the last one if it is no stage."""
    return next((number for number, stage in enumerate(STAGES) if stage.name == name), len(STAGES))


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
