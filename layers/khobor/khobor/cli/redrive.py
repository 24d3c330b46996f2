"""``khobor redrive``: the dead letters of a stage, by their reasons, sent back to where they came from."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from khobor import stages
from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors, output
from khobor.stages import BY_NAME, Stage

if TYPE_CHECKING:
    from khobor.aws.letters import Letter
    from khobor.aws.redriving import Redriven, Send

# So many are looked at to tell what there is; all are sent.
_MOST_SHOWN = 1000
_LONGEST_EXAMPLE = 300


# Values of outputs of a stack's template, by their names.
Outputs = Callable[..., Sequence[str]]


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
    reason: Annotated[str | None, typer.Option(help="Only those with this reason.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show them, and send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = STACK,
) -> None:
    """Show a stage's dead letters by their reasons, and send them back to where they came from, all or by reason.

    Mend first what they died of. One that fails again comes back here with its reason.

    For example:

    - `khobor redrive fetch --dry-run`
    - `khobor redrive fetch --reason http_503`
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.aws import letters, redriving

    (url,) = outputs(stack, stage.dead_letter_output)
    sqs = boto3.client("sqs")
    found = [each for each in letters.peek(sqs, url, _MOST_SHOWN) if reason in {None, redriving.reason_of(each)}]
    about = max(letters.count(sqs, url), len(found))
    if not found:
        output.print(f"{stage.name}: no dead letters{f' with the reason {reason}' if reason else ''}")
        return
    _show(found)
    if dry_run:
        return
    how_many = f"all {about}" if reason is None else f"those {len(found)} with the reason {reason}"
    if not yes:
        typer.confirm(f"Send back {how_many}?", abort=True)
    _tell(stage, redriving.redrive(sqs, url, reason, sender(stage, partial(outputs, stack))))


def _show(found: "Iterable[Letter]") -> None:
    from khobor.aws.redriving import reason_of

    table = Table(expand=False)
    table.add_column("letters", justify="right")
    table.add_column("reason", no_wrap=True)
    table.add_column("for example", overflow="fold")
    groups = {reason: list(group) for reason, group in groupby(sorted(found, key=reason_of), key=reason_of)}
    for reason, group in sorted(groups.items(), key=lambda each: -len(each[1])):
        example = group[0].detail or group[0].body
        table.add_row(str(len(group)), reason, Text(example[:_LONGEST_EXAMPLE]))
    output.print(table)


def sender(stage: Stage, outputs: Outputs) -> "Send":
    """Return what sends the dead-letter messages of a stage back.

    Args:
        stage: The stage.
        outputs: Gives the outputs of the stack's template.
    """
    import boto3

    from khobor.aws import redriving
    from khobor.aws.event_bus import EventBus

    if stage is stages.ANNOUNCE:
        (bus,) = outputs("EventBusName")
        return redriving.to_event_bus(EventBus(boto3.client("events"), bus), boto3.client("dynamodbstreams"))
    if stage is stages.DELIVER:
        return _to_delivery_stream(outputs)
    (url,) = outputs(stage.queue_output)
    sqs = boto3.client("sqs")
    return redriving.to_fetch_queue(sqs, url) if stage is stages.FETCH else redriving.to_queue(sqs, url)


def _to_delivery_stream(outputs: Outputs) -> "Send":
    import boto3

    from khobor.aws import redriving
    from khobor.aws.archive import Archive
    from khobor.aws.delivery_stream import DeliveryStream, check_size
    from khobor.export.json_row import json_row

    table, name = outputs("ArchiveTableName", "DeliveryStreamName")
    archive = Archive(boto3.client("dynamodb"), table)

    def row(article_id: str) -> bytes | None:
        article = archive.get(article_id)
        return check_size(json_row(article)) if article else None

    delivery_stream = DeliveryStream(boto3.client("firehose"), name)
    return redriving.to_delivery_stream(delivery_stream, boto3.client("dynamodbstreams"), row)


def _tell(stage: Stage, redriven: "Redriven") -> None:
    output.print(f"{redriven.sent} {stage.sends}")
    for letter, error in redriven.kept:
        errors.print(f"kept: {error} ({letter.body[:_LONGEST_EXAMPLE]})", markup=False, soft_wrap=True)
    if redriven.kept:
        raise typer.Exit(1)
