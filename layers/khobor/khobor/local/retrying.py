"""What failed in a local archive is tried again: what a redrive of dead-letter messages is on AWS."""

from datetime import datetime

from khobor.article import RawReference
from khobor.errors import KhoborError, PermanentError
from khobor.frontier.fetch_queue import body_without_attempts, read_request
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.failures import Failure


def retry(folder: ArchiveFolder, failure: Failure, now: datetime) -> None:
    """Put a page or a URL back to where it failed; it is no failure until it fails again.

    Args:
        folder: The archive.
        failure: The failure.
        now: The time.

    Raises:
        KhoborError: It cannot be tried again, as its page is deleted; it stays a failure.
    """
    with folder.database.write():
        if failure.stage == "fetch":
            request = read_request(body_without_attempts(read_request(failure.body)))
            folder.fetch_queue.redrive(request, now)
        else:
            _check_there(folder, failure.body)
            folder.unread.add([(failure.body, None)])
        folder.failures.remove(failure.stage, failure.subject)


def _check_there(folder: ArchiveFolder, key: str) -> None:
    if not folder.pages.versions(RawReference(key=key)):
        raise PermanentError("no_such_object", f"the page {key} was deleted; fetch its URL again")


def retry_all(
    folder: ArchiveFolder, stage: str, reason: str | None, now: datetime
) -> tuple[list[Failure], list[tuple[Failure, KhoborError]]]:
    """Put the failures of a stage back to where they failed.

    Args:
        folder: The archive.
        stage: The stage.
        reason: Only those with this reason; None for all.
        now: The time.

    Returns:
        Those that are tried again, and those that cannot be, each with the error.
    """
    retried: list[Failure] = []
    kept: list[tuple[Failure, KhoborError]] = []
    for failure in folder.failures.all(stage):
        if reason not in {None, failure.reason}:
            continue
        try:
            retry(folder, failure, now)
            retried.append(failure)
        except KhoborError as error:
            kept.append((failure, error))
    return retried, kept
