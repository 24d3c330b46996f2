"""The dead-letter messages of each stage with their reasons, and a way to send them back."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, moment
from khobor.console.reasons import explain
from khobor.dead_letters.messages import DeadLetterMessage, count, page_key, peek
from khobor.dead_letters.redriving import CRASHED, reason_of, redrive
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
        at: When it was put aside.
        reason: The slug of the cause.
        meaning: What the cause means, in words.
        detail: What was wrong, with what, and what to do; None where the function crashed.
        page: The key of the page that it is about.
        body: The message as it can be sent again.
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
        about: How many messages it has, about.
        reasons: The reasons of the rows, the most frequent first, each with how many rows have it.
        rows: Some of its messages, the newest first.
    """

    stage: Stage
    about: int
    reasons: tuple[tuple[str, int], ...]
    rows: tuple[MessageRow, ...]


@dataclass(frozen=True, kw_only=True)
class SendBackNotice:
    """What became of messages that were sent back.

    Attributes:
        stage: Their stage.
        count: How many were sent.
        kept: How many could not be sent, and are where they were.
        why: Why the first of those could not.
    """

    stage: Stage
    count: int
    kept: int
    why: str

    @property
    def link(self) -> str:
        """The page that says so."""
        said = {"stage": self.stage.name, "sent": self.count, "kept": self.kept, "why": self.why}
        return f"{PATH}?{urlencode({name: value for name, value in said.items() if value or name == 'sent'})}"


def dead_letters(deployment: Deployment) -> tuple[QueueContents, ...]:
    """Return what is in each dead-letter queue, in the order of the pipeline; all of it stays there."""
    return tuple(_queue(deployment, stage) for stage in deployment.stages)


def send_back(deployment: Deployment, name: str, reason: str | None) -> SendBackNotice:
    """Send messages of a stage back to where they came from.

    Args:
        deployment: Where they are.
        name: Name of the stage.
        reason: Only those with this reason; None for all.

    Raises:
        PermanentError: ``unknown_stage``.
    """
    stage = _stage(deployment, name)
    url = deployment.outputs[stage.dead_letter_output]
    redriven = redrive(deployment.clients.sqs, url, reason, deployment.sender(stage))
    deployment.move()
    why = str(redriven.kept[0][1])[:300] if redriven.kept else ""
    return SendBackNotice(stage=stage, count=redriven.sent, kept=len(redriven.kept), why=why)


def sent(deployment: Deployment, asked: Mapping[str, str]) -> SendBackNotice | None:
    """Return what a link to the page says of messages that were sent back; None where it says nothing."""
    numbers = asked.get("sent", ""), asked.get("kept", "0")
    if not all(map(_COUNT.fullmatch, numbers)):
        return None
    stage = _stage(deployment, asked.get("stage", ""))
    return SendBackNotice(stage=stage, count=int(numbers[0]), kept=int(numbers[1]), why=asked.get("why", ""))


def _stage(deployment: Deployment, name: str) -> Stage:
    names = [stage.name for stage in deployment.stages]
    if name not in names:
        raise PermanentError("unknown_stage", f"There is no stage {name!r}; the stages are {', '.join(names)}.")
    return deployment.stages[names.index(name)]


def _queue(deployment: Deployment, stage: Stage) -> QueueContents:
    sqs, url = deployment.clients.sqs, deployment.outputs[stage.dead_letter_output]
    messages = peek(sqs, url, _MOST)
    return QueueContents(
        stage=stage,
        about=max(count(sqs, url), len(messages)),
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
        page=page_key(deployment.clients.s3, message.body),
        body=message.body,
    )
