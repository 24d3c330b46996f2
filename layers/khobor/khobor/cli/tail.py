"""``khobor tail``: what happens in the archive of a deployed stack, as it happens."""

import sys
import time
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from khobor.cli.deployed import STACK, Stack, failures_said, outputs
from khobor.cli.options import Json
from khobor.cli.terminal import errors, output
from khobor.errors import KhoborError

if TYPE_CHECKING:
    from khobor.aws.announcements import Announcement


_WORDS = {"ArticleStored": ("new", "green"), "ArticleRevised": ("revised", "yellow"), "ArticleGone": ("gone", "red")}


def tail(
    as_json: Json = False,
    stack: Stack = STACK,
) -> None:
    """Print articles as they are stored, revised or gone, until it is stopped with Ctrl-C.

    Where articles are delivered, too, it is the third reader of the table's stream, which is meant for two, and may be
    told to slow down.

    For example:

    - `khobor tail`
    - `khobor tail | jq -r 'select(.kind == "ArticleRevised") | .url'`
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.aws.table_stream import TableStream

    (table,) = outputs(stack, "ArchiveTableName")
    try:
        with failures_said():
            stream = TableStream(boto3.client("dynamodb"), boto3.client("dynamodbstreams"), table)
            for each in stream.follow(time.sleep):
                _print(each, as_json=as_json or not output.is_terminal)
    except KhoborError as error:
        errors.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _print(told: "Announcement", *, as_json: bool) -> None:
    import msgspec

    if as_json:
        facts = {"kind": told.kind, **msgspec.to_builtins(told.detail)}
        sys.stdout.buffer.write(msgspec.json.encode(facts) + b"\n")
        sys.stdout.buffer.flush()
        return
    word, style = _WORDS[told.kind]
    line = Text(f"{word:<8}", style) + Text(f" {told.detail.source or ''}  ", "dim") + Text(told.detail.title or "")
    if told.detail.changes:
        line.append(f"  {', '.join(told.detail.changes)}", "yellow")
    output.print(line + Text(f"\n         {told.detail.url or told.detail.article_id}", "cyan"), soft_wrap=True)
