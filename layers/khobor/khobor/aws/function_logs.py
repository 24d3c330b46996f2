"""The logs of a deployed stack's functions, and what they tell of one article."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from khobor.stages import STAGES

# An article has an id by each URL that leads to it: a line in which two meet leads on to the next. No more often.
_MOST_IDS = 8


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a function's log.

    Attributes:
        at: When it was written.
        stage: The function, such as ``parse``.
        facts: What stands in it.
    """

    at: datetime
    stage: str
    facts: Mapping[str, Any]


class FunctionLogs:
    """The logs, through a CloudWatch Logs client.

    Args:
        logs: The client.
        stack: Name of the stack.
    """

    def __init__(self, logs: Any, stack: str) -> None:
        self._logs = logs
        self._prefix = f"/khobor/{stack}/"

    def trace(self, term: str, since: datetime, until: datetime) -> list[Line]:
        """Return every line about an article, in the order of time.

        Args:
            term: Its id, that of a URL of it, or the key of a page of it.
            since: From this time on, aware.
            until: Before this time, aware.
        """
        groups = self._groups()
        found: dict[tuple[str, datetime, str], Line] = {}
        asked: set[str] = set()
        waiting = [term]
        while waiting and len(asked) < _MOST_IDS:
            asked.add(each := waiting.pop(0))
            # Written at once and alike, two lines tell one thing.
            lines = self._lines(groups, each, since, until)
            more = {(line.stage, line.at, written): line for written, line in lines}
            found |= more
            waiting += sorted(_ids(more.values()) - asked - set(waiting))
        return sorted(found.values(), key=lambda line: (line.at, place(line.stage)))

    def _groups(self) -> list[str]:
        pages = self._logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=self._prefix)
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    def _lines(
        self, groups: Collection[str], term: str, since: datetime, until: datetime
    ) -> Iterator[tuple[str, Line]]:
        """Yield the lines with a text in them, each as it was written."""
        pattern = json.dumps(term, ensure_ascii=False)
        span = {"startTime": _milliseconds(since), "endTime": _milliseconds(until)}
        for group in groups:
            pages = self._logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=pattern, **span
            )
            for event in (event for page in pages for event in page["events"]):
                if (facts := _facts(event["message"])) is not None:
                    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                    yield event["message"], Line(at=at, stage=group.removeprefix(self._prefix), facts=facts)


def _facts(text: str) -> dict[str, Any] | None:
    """Return what stands in a line; None for one that no function wrote with its logger."""
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) and "message" in read and "service" in read else None


def _ids(lines: Collection[Line]) -> set[str]:
    return {line.facts[name] for line in lines for name in ("article_id", "same_as") if line.facts.get(name)}


def place(name: str) -> int:
    """Return where a function stands in the order of the pipeline; behind all stages where it is none."""
    return next((number for number, stage in enumerate(STAGES) if stage.name == name), len(STAGES))


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
