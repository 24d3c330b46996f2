"""The dead-letter messages of each stage with their reasons, and a way to send them back."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from khobor.console.deployment import Installation
from khobor.console.formatting import Moment, moment
from khobor.console.reasons import explain
from khobor.dead_letters.messages import DeadLetterMessage, count, page_key, peek
from khobor.dead_letters.redriving import CRASHED, reason_of, redrive
from khobor.errors import PermanentError
from khobor.stages import Stage

PATH = "/dead-letters"
_COUNT = re.compile("[0-9]{1,9}")
_MOST = 50
_CRASHED = "The function crashed on it, or ran out of time or memory; its log says why."


@dataclass(frozen=True, kw_only=True)
class Row:
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
class Queue:
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
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Sent:
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


def dead_letters(installation: Installation) -> tuple[Queue, ...]:
    """Return what is in each dead-letter queue, in the order of the pipeline; all of it stays there."""
    return tuple(_queue(installation, stage) for stage in installation.stages)


def send_back(installation: Installation, name: str, reason: str | None) -> Sent:
    """Send messages of a stage back to where they came from.

    Args:
        installation: Where they are.
        name: Name of the stage.
        reason: Only those with this reason; None for all.

    Raises:
        PermanentError: ``unknown_stage``.
    """
    stage = _stage(installation, name)
    url = installation.outputs[stage.dead_letter_output]
    redriven = redrive(installation.clients.sqs, url, reason, installation.sender(stage))
    installation.move()
    why = str(redriven.kept[0][1])[:300] if redriven.kept else ""
    return Sent(stage=stage, count=redriven.sent, kept=len(redriven.kept), why=why)


def sent(installation: Installation, asked: Mapping[str, str]) -> Sent | None:
    """Return what a link to the page says of messages that were sent back; None where it says nothing."""
    numbers = asked.get("sent", ""), asked.get("kept", "0")
    if not all(map(_COUNT.fullmatch, numbers)):
        return None
    stage = _stage(installation, asked.get("stage", ""))
    return Sent(stage=stage, count=int(numbers[0]), kept=int(numbers[1]), why=asked.get("why", ""))


def _stage(installation: Installation, name: str) -> Stage:
    names = [stage.name for stage in installation.stages]
    if name not in names:
        raise PermanentError("unknown_stage", f"There is no stage {name!r}; there are {', '.join(names)}.")
    return installation.stages[names.index(name)]


def _queue(installation: Installation, stage: Stage) -> Queue:
    sqs, url = installation.clients.sqs, installation.outputs[stage.dead_letter_output]
    letters = peek(sqs, url, _MOST)
    return Queue(
        stage=stage,
        about=max(count(sqs, url), len(letters)),
        reasons=tuple(Counter(map(reason_of, letters)).most_common()),
        rows=tuple(_row(installation, letter) for letter in letters),
    )


def _row(installation: Installation, letter: DeadLetterMessage) -> Row:
    reason = reason_of(letter)
    return Row(
        at=moment(letter.sent_at),
        reason=reason,
        meaning=_CRASHED if reason == CRASHED else explain(reason).meaning,
        detail=letter.detail,
        page=page_key(installation.clients.s3, letter.body),
        body=letter.body,
    )
