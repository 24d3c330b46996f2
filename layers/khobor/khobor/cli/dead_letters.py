"""What failed for good at a stage, in a local archive or on a stack, and sending it back, for ``khobor redrive``."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from khobor.cli.deployed import outputs
from khobor.cli.place import ArchivePlace, Place, StackPlace
from khobor.cli.redrive_targets import sender
from khobor.dead_letters.message import DeadLetterMessage, RedriveResult
from khobor.errors import CommandError, KhoborError
from khobor.stages import DISCOVER, FETCH, PARSE, Stage

if TYPE_CHECKING:
    from khobor.local.failures import Failure

# A local archive writes an article in the step in which it parses the page, and announces and delivers nothing.
LOCAL_STAGES = (DISCOVER, FETCH, PARSE)
# So many messages of a queue are looked at to show what there is; all are sent.
_MOST_SHOWN = 1000


class DeadLetters(Protocol):
    """The dead-letter messages of a stage."""

    def peek(self) -> Sequence[DeadLetterMessage]:
        """Return them, of a stack only some of very many."""

    def count(self) -> int:
        """Return how many there are, on a stack approximately."""

    def send_back(self, reason: str | None) -> RedriveResult:
        """Send them back to the stage, or those with a reason."""

    def advice(self) -> str | None:
        """Return what the user does for them to be handled; None for nothing."""


def dead_letters_at(place: Place, stage: Stage) -> DeadLetters:
    """Return the dead-letter messages of a stage at a place.

    Args:
        place: Where the command works.
        stage: The stage.

    Raises:
        CommandError: There is no archive in the folder, it has no such stage, or the stack lacks an output.
    """
    return _InFolder(place, stage) if isinstance(place, ArchivePlace) else _OnStack(place, stage)


class _OnStack:
    def __init__(self, place: StackPlace, stage: Stage) -> None:
        # Here, not above: it takes a second to import, and --help should not.
        import boto3

        (self._url,) = outputs(place.name, stage.dead_letter_output)
        self._sqs = boto3.client("sqs")
        self._place = place
        self._stage = stage

    def peek(self) -> Sequence[DeadLetterMessage]:
        from khobor.dead_letters import messages

        return messages.peek(self._sqs, self._url, _MOST_SHOWN)

    def count(self) -> int:
        from khobor.dead_letters import messages

        return messages.count(self._sqs, self._url)

    def send_back(self, reason: str | None) -> RedriveResult:
        from khobor.dead_letters import redriving

        send = sender(self._stage, partial(outputs, self._place.name))
        return redriving.redrive(self._sqs, self._url, reason, send)

    def advice(self) -> str | None:
        return None


class _InFolder:
    def __init__(self, place: ArchivePlace, stage: Stage) -> None:
        from khobor.local.archive_folder import ArchiveFolder

        if stage not in LOCAL_STAGES:
            stages = ", ".join(each.name for each in LOCAL_STAGES)
            raise CommandError(f"a local archive has no stage {stage.name}; it has {stages}")
        self._folder = place.until_done.enter_context(ArchiveFolder.open(place.folder))
        self._stage = stage

    def peek(self) -> Sequence[DeadLetterMessage]:
        newest = sorted(self._folder.failures.all(self._stage.name), key=lambda each: each.at, reverse=True)
        return tuple(map(as_message, newest))

    def count(self) -> int:
        return self._folder.failures.count(self._stage.name)

    def send_back(self, reason: str | None) -> RedriveResult:
        from khobor.local.retrying import retry_all

        return redrive_result(*retry_all(self._folder, self._stage.name, reason, datetime.now(UTC)))

    def advice(self) -> str | None:
        if self._stage is FETCH:
            return "khobor crawl SOURCE or khobor watch fetches them"
        return "the next khobor crawl, watch or ingest reads them"


def as_message(failure: "Failure") -> DeadLetterMessage:
    """Return a failure of a local archive as a dead-letter message."""
    return DeadLetterMessage(
        body=failure.body,
        reason=failure.reason,
        detail=failure.detail,
        sent_at=failure.at,
        message_id=failure.subject,
        receipt="",
    )


def redrive_result(retried: "Sequence[Failure]", kept: "Iterable[tuple[Failure, KhoborError]]") -> RedriveResult:
    """Return the result of trying failures of a local archive again.

    Args:
        retried: The failures that were tried again.
        kept: Those that failed again, each with its error.
    """
    return RedriveResult(sent=len(retried), kept=tuple((as_message(failure), error) for failure, error in kept))
