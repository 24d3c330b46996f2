"""``khobor invoke``: a function of the template, invoked with a local test event."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.inputs import Url
from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import LEVEL_STYLES, errors, output

if TYPE_CHECKING:
    from khobor.embedded.contents import ItemChange, ObjectChange
    from khobor.embedded.invocation import InvocationResult

_STANDARD_INPUT = "-"
_LONGEST = 300
# What the logger says of itself, and what all lines of an invocation have alike.
_OF_THE_LOGGER = frozenset(
    {"cold_start", "function_request_id", "level", "location", "message", "service", "timestamp", "xray_trace_id"}
)


def _stage_names() -> list[str]:
    # Here, not above: it reads the template, and --help should not.
    from khobor.embedded.local_events import functions

    return list(functions())


Function = Annotated[
    str | None,
    typer.Argument(
        autocompletion=_stage_names, help="The function, by its name in the template or its stage, such as parse."
    ),
]


def invoke(
    function: Function = None,
    event: Annotated[
        str | None, typer.Argument(help="File of the event, as AWS sends it, or - for standard input.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Page for the objects and URLs of the event, instead of the demo page.")
    ] = None,
    url: Url = None,
    shows_list: Annotated[bool, typer.Option("--list", help="List the functions with their events.")] = False,
    as_json: Json = None,
) -> None:
    """Invoke a function of the template with a local event, and show its response, log, stored objects and messages.

    It runs on the embedded stack, which holds only what the event names: its objects contain the demo page, a server on
    this machine answers its URLs, and the archive has the page's article if the function reads the archive. Nothing
    reaches AWS or the network.

    For example:

    - `khobor invoke parse events/parse-put.json`
    - `khobor invoke ParseFunction events/parse-put.json --page saved.html --url https://www.example.com/news/1`
    - `khobor invoke --list`
    """
    if shows_list:
        _list(as_json=as_json)
        return
    if function is None or event is None:
        raise typer.BadParameter("give a function and an event; khobor invoke --list shows both", param_hint="FUNCTION")
    name, given = _function(function), _read(event)
    content = page.read_bytes() if page else None
    # What is wrong with the arguments is said before this is imported, which takes a second.
    from khobor.embedded import invocation
    from khobor.embedded.preparation import Material

    done = invocation.invoke(name, given, Material(page=content, url=url))
    _show(done, as_json=as_json)


def _function(name: str) -> str:
    """Return the logical name of a function by that or by the name of its stage."""
    from khobor.embedded.local_events import functions

    by_stage = functions()
    stage = name.lower().removesuffix("function")
    if stage not in by_stage:
        known = by_stage.values() if "func" in name.lower() else by_stage
        raise typer.BadParameter(unknown("function", name, known), param_hint="FUNCTION")
    return by_stage[stage]


def _read(event: str) -> dict[str, Any]:
    """Return the event of a file or of standard input; what is no object of JSON is a usage error."""
    where = "standard input" if event == _STANDARD_INPUT else event
    try:
        content = sys.stdin.buffer.read() if event == _STANDARD_INPUT else Path(event).read_bytes()
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"{where} is not valid JSON: {error}", param_hint="EVENT") from error
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{where} is not an event: an event is a JSON object", param_hint="EVENT")
    return found


def _show(done: "InvocationResult", *, as_json: bool | None) -> None:
    """Print what came of an invocation; one that failed is a failure of the command too."""
    if wants_json(as_json):
        print_json(done)
    else:
        for part in _parts(done):
            output.print(part, soft_wrap=True)
    if done.error:
        errors.print(done.error, markup=False, soft_wrap=True)
        raise typer.Exit(1)


def _list(*, as_json: bool | None) -> None:
    from khobor.embedded.local_events import functions
    from khobor.embedded.project import EVENTS

    files = sorted(EVENTS.glob("*.json")) if EVENTS else []
    found: list[dict[str, Any]] = [
        {"name": stage, "function": name, "events": [_shown(path) for path in files if _stage_of(path) == stage]}
        for stage, name in functions().items()
    ]
    if wants_json(as_json):
        print_json(*found)
    else:
        table = Table.grid(padding=(0, 2))
        for each in found:
            table.add_row(each["name"], each["function"], Text("\n".join(each["events"])))
        output.print(table)
    if not files:
        errors.print("there are no example events here; they are in the folder events/ of khobor's repository")


def _stage_of(path: Path) -> str:
    return path.stem.partition("-")[0]


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _parts(done: "InvocationResult") -> Iterator[Text]:
    """Yield what came of an invocation, a line each, under headings."""
    parts: dict[str, Sequence[Text | str]] = {
        "answer": [] if done.error else [_cut(_json(done.answer))],
        "log": [_line(each) for each in done.log],
        "stored": [*map(_object, done.objects), *map(_item, done.items)],
        "sent": [
            *(_cut(f"{each.queue}  {each.body}") for each in done.messages),
            *(_cut(f"event bus  {each['detail-type']}  {_json(each['detail'])}") for each in done.events),
            *(_cut(f"topic  {each['subject']}: {each['message']}") for each in done.notifications),
        ],
        "dead-lettered": [
            _cut(f"{each.queue}  {each.reason or 'no reason'}: {each.detail or each.body}")
            for each in done.dead_letters
        ],
    }
    for title, lines in parts.items():
        if lines or title in {"stored", "sent", "dead-lettered"}:
            yield Text(title, "bold")
            yield from (Text("  ") + (Text(line) if isinstance(line, str) else line) for line in lines or ["nothing"])


def _line(line: Mapping[str, Any] | str) -> Text:
    """Return a line of the log; of metrics their names and values."""
    if isinstance(line, str):
        return Text(line)
    if "_aws" in line:
        named = {name: _values(value) for name, value in line.items() if name not in {"_aws", "service"}}
        return Text(f"METRICS  {_facts(named)}", "dim")
    level = str(line.get("level", ""))
    facts = {name: value for name, value in line.items() if name not in _OF_THE_LOGGER}
    message = " ".join(str(line.get("message", "")).splitlines())
    text = Text(f"{level:<7}  {message}", LEVEL_STYLES.get(level, ""))
    return text.append(f"  {_facts(facts)}" if facts else "", "dim")


def _facts(facts: Mapping[str, Any]) -> str:
    return "  ".join(f"{name} {value if isinstance(value, str) else _json(value)}" for name, value in facts.items())


def _values(value: object) -> object:
    return ", ".join(f"{each:g}" for each in value) if isinstance(value, list) else value


def _object(change: "ObjectChange") -> str:
    size = "" if change.bytes is None else f"  {change.bytes:,} bytes"
    return f"{change.change}  s3://{change.bucket}/{change.key}{size}"


def _item(change: "ItemChange") -> str:
    key = "  ".join(value["S"] for name in ("pk", "sk") if "S" in (value := change.item.get(name, {})))
    return f"{change.change}  {change.table}  {key}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    text = " ".join(text.splitlines())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
