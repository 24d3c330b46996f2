"""``khobor trace``: the way of an article through the stages, from the log of a local archive or of a stack."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import ArchivePlace, Place
from khobor.cli.terminal import LEVEL_STYLES, errors, output
from khobor.cli.times import check_order, read_time
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from khobor.log_trace import LogLine

# What the logger says of itself and of the invocation; the request's id finds the rest of that.
_OF_THE_LOGGER = frozenset({"cold_start", "location", "service", "timestamp", "xray_trace_id"})
# What a line for people shows behind what happened, in this order.
_SHOWN = ("source", "reason", "detail", "key", "rules", "evidence", "refused", "same_as", "revision", "changes")
# In its first week an article is looked at again; most of what is asked happened in these days.
_DAYS = 14
_HINT = "khobor discover SOURCE --dry-run shows why a URL in a listing is not fetched"


def trace(
    what: Annotated[str, typer.Argument(metavar="URL", help="Its URL, its id, or the key of one of its pages.")],
    start: Annotated[str | None, typer.Option("--from", help="From this date or time; by default 14 days ago.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Until this date, or before this time.")] = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Print what became of a URL, from its discovery on, one line for each decision.

    The log of a local archive is kept for 30 days, that of a stack for LogDays days. All lines of the days that are
    asked for are searched: about 0.2 seconds for a million lines of a local archive; on AWS, CloudWatch searches them.

    For example:

    - `khobor trace https://www.example.com/news/1`
    - `khobor trace https://www.example.com/news/1 --from 2026-03-01 | jq -r .message`
    """
    now, term = datetime.now(UTC), _term(what)
    begins, ends = read_time(start, "--from"), read_time(end, "--to", is_end=True)
    check_order(start, end, begins, ends)
    since, until = begins or now - timedelta(days=_DAYS), ends or now + timedelta(minutes=1)
    lines = _log_at(place)(term, since, until)
    if not lines:
        _say_nothing(place, what, since)
        raise typer.Exit(1)
    if wants_json(as_json):
        print_json(*map(_facts, lines))
    else:
        output.print(_table(lines))


def _log_at(place: Place) -> "Callable[[str, datetime, datetime], list[LogLine]]":
    """Return what finds the lines about a term between two times; raises CommandError if there is no archive."""
    if isinstance(place, ArchivePlace):
        from khobor.local.archive_folder import ArchiveFolder
        from khobor.local.kept_log import KeptLog

        with ArchiveFolder.open(place.folder) as folder:
            return KeptLog(folder.path).trace
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.aws.function_logs import FunctionLogs

    return FunctionLogs(boto3.client("logs"), place.name).trace


def _say_nothing(place: Place, what: str, since: datetime) -> None:
    if isinstance(place, ArchivePlace):
        log, days = f"the log of {place.folder} does", "which are kept for 30 days"
    else:
        log, days = f"the logs of the stack {place.name} do", "which the stack keeps for LogDays days"
    nothing = f"{log} not mention {what} since {since:%Y-%m-%d %H:%M} UTC"
    errors.print(f"{nothing}; use --from to search older lines, {days}; {_HINT}", markup=False, soft_wrap=True)


def _term(what: str) -> str:
    from khobor.url import url_id

    if not what.strip():
        raise typer.BadParameter("give a URL, an id or a key", param_hint="URL")
    if "://" not in what:
        return what
    try:
        return url_id(what)
    except PermanentError as error:
        raise typer.BadParameter(error.detail, param_hint="URL") from error


def _facts(line: "LogLine") -> dict[str, Any]:
    facts = {name: value for name, value in line.facts.items() if name not in _OF_THE_LOGGER}
    return {"at": line.at, "stage": line.stage, **facts}


def _table(lines: "list[LogLine]") -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    before: dict[str, object] = {}
    for line in lines:
        # What is as on the line before is not said again.
        new = {name: value for name, value in line.facts.items() if before.get(name) != value}
        day = f"{line.at:%Y-%m-%d}"
        shown = "" if before.get("day") == day else day
        table.add_row(f"{shown:<10} {line.at:%H:%M:%S}", line.stage, _told(line.facts, new))
        before |= {**line.facts, "day": day}
    return table


def _told(facts: Mapping[str, Any], new: Mapping[str, Any]) -> Text:
    text = Text(str(facts["message"]), LEVEL_STYLES.get(facts.get("level", ""), "bold"))
    for name in _SHOWN:
        if (value := new.get(name)) and value != facts["message"]:
            text.append(f"  {name} {_words(value)}", "dim")
    return text


def _words(value: object) -> str:
    match value:
        case list():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{name} by {origin}" for name, origin in value.items())
    return str(value)
