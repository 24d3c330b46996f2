"""``khobor tail``: what happens in the archive of a deployed stack, as it happens."""

import time
from typing import TYPE_CHECKING

from rich.text import Text

from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.terminal import output

if TYPE_CHECKING:
    from khobor.announce.announcements import Announcement


_WORDS = {"ArticleStored": ("new", "green"), "ArticleRevised": ("revised", "yellow"), "ArticleGone": ("gone", "red")}


def tail(
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Print articles as they are stored, revised or removed from their sites, until you press Ctrl-C.

    DynamoDB intends the table's stream for two readers. If delivery is enabled this is the third, and may be throttled.

    For example:

    - `khobor tail`
    - `khobor tail | jq -r 'select(.kind == "ArticleRevised") | .url'`
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.announce.table_stream import TableStream

    (table,) = outputs(stack, "ArchiveTableName")
    stream = TableStream(boto3.client("dynamodb"), boto3.client("dynamodbstreams"), table)
    for each in stream.follow(time.sleep):
        _print(each, as_json=wants_json(as_json))


def _print(told: "Announcement", *, as_json: bool) -> None:
    import msgspec

    if as_json:
        print_json({"kind": told.kind, **msgspec.to_builtins(told.detail)})
        return
    word, style = _WORDS[told.kind]
    line = Text(f"{word:<8}", style) + Text(f" {told.detail.source or ''}  ", "dim") + Text(told.detail.title or "")
    if told.detail.changes:
        line.append(f"  {', '.join(told.detail.changes)}", "yellow")
    output.print(line + Text(f"\n         {told.detail.url or told.detail.article_id}", "cyan"), soft_wrap=True)
