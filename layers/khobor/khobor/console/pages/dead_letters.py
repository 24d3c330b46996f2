"""The dead letters, with their reasons; they are looked at and stay where they are."""

from dataclasses import dataclass

from khobor.aws.letters import Letter, count, page_key, peek
from khobor.console.installation import DEAD_LETTER_QUEUES, Installation
from khobor.console.shown import Moment, moment

_MOST = 50
_CRASHED = "khobor crashed on it; the log of the function says on what"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One dead letter.

    Attributes:
        at: When it was sent there.
        reason: The slug of the cause.
        detail: What was wrong, with what, and what to do.
        page: The key of the page that it is about.
        body: The message as it can be sent again.
    """

    at: Moment
    reason: str
    detail: str
    page: str | None
    body: str


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One dead-letter queue.

    Attributes:
        name: What it holds.
        stage: Of which stage it is, as ``khobor redrive`` calls it.
        about: How many letters it has, about.
        rows: Some of them, the newest first.
    """

    name: str
    stage: str
    about: int
    rows: tuple[Row, ...]


def dead_letters(installation: Installation) -> tuple[Queue, ...]:
    """Return what is in each dead-letter queue, in the order of the pipeline."""
    return tuple(_queue(installation, output, name) for output, name in DEAD_LETTER_QUEUES.items())


def _queue(installation: Installation, output: str, name: str) -> Queue:
    sqs, url = installation.clients.sqs, installation.outputs[output]
    rows = tuple(_row(installation, letter) for letter in peek(sqs, url, _MOST))
    stage = output.removesuffix("DeadLetterQueueUrl").lower()
    return Queue(name=name, stage=stage, about=max(count(sqs, url), len(rows)), rows=rows)


def _row(installation: Installation, letter: Letter) -> Row:
    key = page_key(installation.clients.s3, letter.body)
    return Row(
        at=moment(letter.sent_at),
        reason=letter.reason or "crashed",
        detail=letter.detail or _CRASHED,
        page=key,
        body=letter.body,
    )
