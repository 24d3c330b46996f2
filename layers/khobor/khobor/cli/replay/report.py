"""The report of a replay: read from the raw bucket, and printed."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.terminal import output

if TYPE_CHECKING:
    from khobor.replay.report import ReplayReport


def gathered(bucket: str, name: str) -> "ReplayReport":
    """Return the merged reports that the batches of a replay stored.

    Args:
        bucket: Name of the raw bucket.
        name: Name of the replay.
    """
    import boto3

    from khobor.replay.report import ReplayReport, decode
    from khobor.replay.run import ReplayRun, keys

    s3 = boto3.client("s3")
    report = ReplayReport()
    for key in keys(s3, bucket, ReplayRun(name=name).reports):
        report.merge(decode(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
    return report


def show(report: "ReplayReport", *, is_dry_run: bool, as_json: bool | None) -> None:
    """Print what a replay changed, or would change.

    Args:
        report: What the replay found.
        is_dry_run: Whether it changed nothing.
        as_json: The option ``--json``.
    """
    import msgspec

    if wants_json(as_json):
        print_json({"is_dry_run": is_dry_run, **msgspec.to_builtins(report)})
        return
    of = report.outcomes
    outcomes = f"{of.get('new', 0)} new, {of.get('changed', 0)} changed, {of.get('same', 0)} unchanged"
    left = sum(report.reasons.values())
    output.print(f"{counted(report.pages, 'page')}; articles: {outcomes}, {left} skipped")
    if joined := of.get("joined", 0):
        output.print(f"pages added to existing articles: {joined}")
    if report.fields:
        _show_fields(report)
    for reason, count in sorted(report.reasons.items(), key=lambda each: -each[1]):
        output.print(f"skipped: {count} {reason}, for example: {report.problems[reason][0]}", soft_wrap=True)
    if is_dry_run:
        output.print("nothing was changed: this was a dry run")


def _show_fields(report: "ReplayReport") -> None:
    table = Table(expand=False)
    table.add_column("field", no_wrap=True)
    table.add_column("articles", justify="right")
    table.add_column("example", overflow="fold")
    for field, count in sorted(report.fields.items(), key=lambda each: -each[1]):
        example = report.examples[field][0]
        text = Text(example.before or "(none)", "red") + Text(" → ") + Text(example.after or "(none)", "green")
        table.add_row(field, str(count), text + Text(f"\n{example.article}", "dim"))
    output.print(table)
