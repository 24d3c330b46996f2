"""The dead-letter messages of each stage with their reasons, and a way to send them back."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, moment
from khobor.console.reasons import explain
from khobor.dead_letters.message import CRASHED, DeadLetterMessage, reason_of
from khobor.errors import PermanentError
from khobor.stages import Stage

PATH = "/dead-letters"
_COUNT = re.compile("[0-9]{1,9}")
_MOST = 50
_CRASHED = "The function crashed, or ran out of time or memory; its log says why."


@dataclass(frozen=True, kw_only=True)
class MessageRow:
    """One dead-letter message.

    Attributes:
        at: When it was sent to the dead-letter queue.
        reason: The slug of the cause.
        meaning: The meaning of the reason, for people.
        detail: The error, for people; None if the function crashed.
        page: The key of the page that it is about; None if there is none.
        body: The message.
    """

    at: Moment
    reason: str
    meaning: str
    detail: str | None
    page: str | None
    body: str


@dataclass(frozen=True, kw_only=True)
class QueueContents:
    """The dead-letter queue of a stage.

    Attributes:
        stage: The stage.
        approximate_count: Approximately how many messages it has.
        reasons: The reasons of the rows, the most frequent first, each with the number of its rows.
        rows: Some of its messages, the newest first.
    """

    stage: Stage
    approximate_count: int
    reasons: tuple[tuple[str, int], ...]
    rows: tuple[MessageRow, ...]


@dataclass(frozen=True, kw_only=True)
class SendBackNotice:
    """The result of sending messages back.

    Attributes:
        stage: The stage of the messages.
        count: How many were sent.
        kept: How many could not be sent, and are still in the queue.
        why: Why the first of those could not be sent; empty if there is none.
    """

    stage: Stage
    count: int
    kept: int
    why: str

    @property
    def link(self) -> str:
        """The path of the page that shows the result."""
        result = {"stage": self.stage.name, "sent": self.count, "kept": self.kept, "why": self.why}
        return f"{PATH}?{urlencode({name: value for name, value in result.items() if value or name == 'sent'})}"


def dead_letters(deployment: Deployment) -> tuple[QueueContents, ...]:
    """Return the contents of each dead-letter queue, in the order of the pipeline; the messages stay in the queues."""
    return tuple(_queue(deployment, stage) for stage in deployment.stages)


def send_back(deployment: Deployment, name: str, reason: str | None) -> SendBackNotice:
    """Send the dead-letter messages of a stage back.

    Args:
        deployment: The deployment.
        name: The name of the stage.
        reason: The reason of the messages to send back; None for all messages.

    Raises:
        PermanentError: ``unknown_stage``.
    """
    stage = _stage(deployment, name)
    redriven = deployment.send_back(stage, reason)
    deployment.run_queues()
    why = str(redriven.kept[0][1])[:300] if redriven.kept else ""
    return SendBackNotice(stage=stage, count=redriven.sent, kept=len(redriven.kept), why=why)


def send_back_notice(deployment: Deployment, parameters: Mapping[str, str]) -> SendBackNotice | None:
    """Return the result of sending messages back that the page's link states; None if it states none.

    Args:
        deployment: The deployment.
        parameters: The query parameters of the link.

    Raises:
        PermanentError: ``unknown_stage``.
    """
    numbers = parameters.get("sent", ""), parameters.get("kept", "0")
    if not all(map(_COUNT.fullmatch, numbers)):
        return None
    stage = _stage(deployment, parameters.get("stage", ""))
    return SendBackNotice(stage=stage, count=int(numbers[0]), kept=int(numbers[1]), why=parameters.get("why", ""))


def _stage(deployment: Deployment, name: str) -> Stage:
    names = [stage.name for stage in deployment.stages]
    if name not in names:
        raise PermanentError("unknown_stage", f"There is no stage {name!r}; the stages are {', '.join(names)}.")
    return deployment.stages[names.index(name)]


def _queue(deployment: Deployment, stage: Stage) -> QueueContents:
    messages = deployment.dead_letters(stage, _MOST)
    return QueueContents(
        stage=stage,
        approximate_count=max(deployment.count_dead_letters(stage), len(messages)),
        reasons=tuple(Counter(map(reason_of, messages)).most_common()),
        rows=tuple(_row(deployment, message) for message in messages),
    )


def _row(deployment: Deployment, message: DeadLetterMessage) -> MessageRow:
    reason = reason_of(message)
    return MessageRow(
        at=moment(message.sent_at),
        reason=reason,
        meaning=_CRASHED if reason == CRASHED else explain(reason).meaning,
        detail=message.detail,
        page=deployment.page_of(message),
        body=message.body,
    )
