"""``khobor redrive``: the dead-letter messages of a stage by reason, and sending them back to where they came from."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.dead_letters import dead_letters_at
from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import Place
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors, output
from khobor.errors import CommandError
from khobor.stages import BY_NAME, Stage

if TYPE_CHECKING:
    from khobor.dead_letters.message import DeadLetterMessage, RedriveResult

    Groups: TypeAlias = dict[str, list[DeadLetterMessage]]

_LONGEST_EXAMPLE = 300


def _read_stage(name: str) -> Stage:
    if name not in BY_NAME:
        raise typer.BadParameter(unknown("stage", name, BY_NAME))
    return BY_NAME[name]


def _stage_names() -> list[str]:
    return list(BY_NAME)


StageArgument = Annotated[
    Stage,
    typer.Argument(
        parser=_read_stage, metavar="STAGE", autocompletion=_stage_names, help=f"The stage: {', '.join(BY_NAME)}."
    ),
]


def redrive(
    stage: StageArgument,
    reason: Annotated[str | None, typer.Option(help="Only messages with this reason.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the messages.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Show the dead-letter messages of a stage by reason, and send them back to the stage.

    Fix the cause first. A message that fails again returns to the dead-letter queue with its reason. In a local
    archive, these are the listings, URLs and pages that failed; the next crawl or watch goes on with them.

    For example:

    - `khobor redrive fetch --dry-run`
    - `khobor redrive fetch --reason http_503`
    """
    dead_letters = dead_letters_at(place, stage)
    groups = _by_reason(dead_letters.peek())
    if not groups:
        errors.print(f"{stage.name}: no dead-letter messages")
        return
    if reason is not None:
        groups = {reason: _with_reason(groups, reason, stage)}
    _show(groups, is_result=dry_run, as_json=as_json)
    if dry_run:
        return
    if not yes:
        count = max(dead_letters.count(), sum(map(len, groups.values())))
        how_many = f"all {count}" if reason is None else f"those {len(groups[reason])} with the reason {reason}"
        typer.confirm(f"Send back {how_many}?", abort=True, err=True)
    redriven = dead_letters.send_back(reason)
    _show_sent(stage, redriven, dead_letters.advice(), as_json=as_json)


def _by_reason(found: "Iterable[DeadLetterMessage]") -> "Groups":
    """Return dead-letter messages by reason, the most frequent first."""
    from khobor.dead_letters.message import reason_of

    groups = {reason: list(group) for reason, group in groupby(sorted(found, key=reason_of), key=reason_of)}
    return dict(sorted(groups.items(), key=lambda each: -len(each[1])))


def _with_reason(groups: "Groups", reason: str, stage: Stage) -> "list[DeadLetterMessage]":
    if reason not in groups:
        raise CommandError(f"{stage.name}: {unknown('dead-letter message with the reason', reason, groups)}")
    return groups[reason]


def _example(group: "list[DeadLetterMessage]") -> str:
    return (group[0].detail or group[0].body)[:_LONGEST_EXAMPLE]


def _show(groups: "Groups", *, is_result: bool, as_json: bool | None) -> None:
    """Print dead-letter messages by reason: as the result of a dry run, else for people before they are asked."""
    if is_result and wants_json(as_json):
        for reason, group in groups.items():
            print_json({"reason": reason, "count": len(group), "example": _example(group)})
    else:
        (errors if wants_json(as_json) else output).print(_table(groups))


def _table(groups: "Groups") -> Table:
    table = Table(expand=False)
    table.add_column("messages", justify="right")
    table.add_column("reason", no_wrap=True)
    table.add_column("for example", overflow="fold")
    for reason, group in groups.items():
        table.add_row(str(len(group)), reason, Text(_example(group)))
    return table


def _show_sent(stage: Stage, redriven: "RedriveResult", advice: str | None, *, as_json: bool | None) -> None:
    if wants_json(as_json):
        print_json({"stage": stage.name, "sent": redriven.sent, "kept": len(redriven.kept)})
    else:
        output.print(f"{redriven.sent} {stage.sends}")
    if advice and redriven.sent:
        errors.print(advice, markup=False, soft_wrap=True)
    for message, error in redriven.kept:
        errors.print(f"kept: {error} ({message.body[:_LONGEST_EXAMPLE]})", markup=False, soft_wrap=True)
    if redriven.kept:
        raise typer.Exit(1)
