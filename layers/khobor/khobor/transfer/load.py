"""Loads a dump into a local archive or a stack.

Loading is idempotent, and adds to what is there: of a URL or a host, what was written later stays; what was forgotten
stays forgotten. A line that cannot be loaded is reported with its number and the reason, and the others go on.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO, TypeAlias

import msgspec

from khobor.archive.interface import WriteOutcome
from khobor.errors import CommandError, KhoborError
from khobor.frontier.interface import HostRecord, KnownUrl
from khobor.transfer.place import Place
from khobor.transfer.records import (
    VERSION,
    End,
    FailedRecord,
    ForgottenArticle,
    ForgottenUrl,
    Gone,
    Header,
    Host,
    Line,
    Record,
    Url,
    WaitingRequest,
    tag_of,
)

# No line that khobor writes is longer.
_LONGEST_LINE = 1_000_000
# Lines of one transaction.
_LINES_AT_ONCE = 500
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)

# Receives the number of a line and why it was not loaded.
OnProblem: TypeAlias = Callable[[int, str], None]
_Numbered: TypeAlias = tuple[int, Record]


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What was loaded.

    Attributes:
        loaded: The number of records of each kind that were written.
        kept: The number of records of each kind that were there already, or in a later form.
        problems: The number of lines that were not loaded.
        is_complete: Whether the dump has its end, and all lines before it could be read.
    """

    loaded: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    problems: int = 0
    is_complete: bool = False


def load(file: BinaryIO, place: Place, on_problem: OnProblem) -> LoadReport:
    """Load a dump.

    Load it before the articles are rebuilt from their pages: a mark that an article is gone is announced if the archive
    has the article already, and a forgotten article must not come back.

    Args:
        file: The dump; it is read once, line by line.
        place: Where to load it.
        on_problem: Receives the number of each line that is not loaded, and the reason.

    Raises:
        CommandError: The file is no dump, or one of a newer khobor; nothing was loaded.
    """
    _check_header(file)
    lines = _Lines(file, on_problem)
    loaded: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    records = iter(lines)
    with ThreadPoolExecutor(place.threads) as threads:
        while chunk := list(islice(records, _LINES_AT_ONCE)):
            with place.together():
                # A transaction of a database belongs to one thread, and the requests of a host are in order.
                is_ordered = place.threads == 1 or any(isinstance(record, WaitingRequest) for _, record in chunk)
                results = map(_loader(place), chunk) if is_ordered else threads.map(_loader(place), chunk)
                for (number, record), result in zip(chunk, results, strict=True):
                    if isinstance(result, str):
                        lines.report(number, result)
                    else:
                        (loaded if result else kept)[tag_of(record)] += 1
    return LoadReport(loaded=loaded, kept=kept, problems=lines.problems, is_complete=lines.is_complete)


def _check_header(file: BinaryIO) -> None:
    first = file.readline(_LONGEST_LINE)
    try:
        header = _decoder.decode(first)
    except msgspec.MsgspecError:
        header = None
    if not isinstance(header, Header):
        raise CommandError(
            f"this is no dump of khobor: its first line is {first[:80]!r}; give a file that khobor archive dump wrote"
        )
    if header.version > VERSION:
        raise CommandError(f"khobor {header.khobor} wrote this dump, which is newer than this one: update khobor")


class _Lines:
    """The records of a dump with the numbers of their lines.

    Attributes:
        problems: The number of lines that were not loaded.
        is_complete: Whether the end was found, and all lines before it could be read.
    """

    def __init__(self, file: BinaryIO, on_problem: OnProblem) -> None:
        self._file = file
        self._on_problem = on_problem
        self.problems = 0
        self.is_complete = False

    def report(self, number: int, reason: str) -> None:
        self.problems += 1
        self._on_problem(number, reason)

    def __iter__(self) -> Iterator[_Numbered]:
        counts: Counter[str] = Counter()
        number = 1
        for number, data in enumerate(self._read(), 2):
            line = self._decoded(number, data)
            if isinstance(line, End):
                self._end(number, line, counts)
                return
            if line is not None:
                counts[tag_of(line)] += 1
                yield number, line
        self.report(number + 1, "the dump ends before its last line: write it again, and load that one, too")

    def _end(self, number: int, end: End, counts: Counter[str]) -> None:
        """Compare what the dump had with what there was."""
        self.is_complete = dict(end.counts) == dict(counts)
        if not self.is_complete and not self.problems:
            self.report(number, f"the dump had {dict(end.counts)}, but there is {dict(counts)}")
        if self._file.readline(1):
            self.report(number + 1, "there is more after the end of the dump; load each dump on its own")

    def _read(self) -> Iterator[bytes]:
        while data := self._file.readline(_LONGEST_LINE):
            rest = data
            while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
                rest = self._file.readline(_LONGEST_LINE)
            yield data if rest is data else b""

    def _decoded(self, number: int, data: bytes) -> Record | End | None:
        """Return what a line holds; None if it is reported as a problem."""
        if not data:
            self.report(number, f"the line has over {_LONGEST_LINE} bytes")
            return None
        try:
            line = _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self.report(number, f"{error}: {data[:80]!r}")
            return None
        if isinstance(line, Header):
            self.report(number, "another dump begins here; load each dump on its own")
            return None
        return line


def _loader(place: Place) -> Callable[[_Numbered], bool | str]:
    """Return a function that loads a record, and returns whether it was written, or why it cannot be."""

    def loaded(numbered: _Numbered) -> bool | str:
        try:
            return _load(numbered[1], place)
        except KhoborError as error:
            return f"{error.reason}: {error.detail}"
        # A time too near to the end of the calendar, or a text that cannot be written.
        except (OverflowError, ValueError) as error:
            return f"{type(error).__name__}: {error}"

    return loaded


def _load(record: Record, place: Place) -> bool | str:  # noqa: PLR0911 one answer for each kind
    facts = {name: _in_utc(value) for name, value in msgspec.structs.asdict(record).items()}
    match record:
        case Url():
            written_at = facts.pop("written_at")
            return place.frontier.urls.restore(KnownUrl(**facts), written_at)
        case ForgottenUrl():
            return place.frontier.urls.forget_id(record.url_id, record.at)
        case Host():
            return place.frontier.hosts.restore(HostRecord(**facts))
        case WaitingRequest():
            return place.send(record.request, record.sent_at) is not False
        case ForgottenArticle():
            return _forbid(record, place)
        case Gone():
            outcome = place.archive.mark_gone(record.article_id, record.at, record.reason)
            return outcome is not WriteOutcome.FORGOTTEN
        case FailedRecord():
            return place.put_dead_letter(record) is not False


def _in_utc(value: Any) -> Any:
    # A time that is in no year in UTC could be written, but not read.
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _forbid(record: ForgottenArticle, place: Place) -> bool | str:
    place.archive.forbid(record.article_id, record.at)
    history = place.archive.history(record.article_id)
    if history is None or history.is_forgotten:
        return True
    return f"{record.article_id} was forgotten there, but this archive has it: run khobor forget {record.article_id}"
