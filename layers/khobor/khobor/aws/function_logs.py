"""The logs of a deployed stack's functions, and the lines about one article in them."""

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from khobor.log_trace import LogLine, read_facts, trace_lines


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
        return trace_lines(term, lambda each: self._matches(groups, each, since, until))

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
                if (facts := read_facts(event["message"])) is not None:
                    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                    yield event["message"], LogLine(at=at, stage=group.removeprefix(self._prefix), facts=facts)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
