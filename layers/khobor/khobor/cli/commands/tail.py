"""``khobor tail``: what happens in the archive of a deployed stack, as it happens."""

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.text import Text

from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.terminal import output
from khobor.errors import PermanentError

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

    from khobor.announce.announcements import announcement
    from khobor.announce.table_stream import TableStream
    from khobor.archive.dynamodb.stream import read_headline_change

    (table,) = outputs(stack, "ArchiveTableName")
    stream = TableStream(boto3.client("dynamodb"), boto3.client("dynamodbstreams"), table)
    for record in stream.follow(time.sleep):
        # Skip items that khobor did not write.
        with suppress(PermanentError):
            if event := announcement(read_headline_change(record)):
                _print(event, as_json=wants_json(as_json))


def _print(event: "Announcement", *, as_json: bool) -> None:
    import msgspec

    if as_json:
        print_json({"kind": event.kind, **msgspec.to_builtins(event.detail)})
        return
    word, style = _WORDS[event.kind]
    line = Text(f"{word:<8}", style) + Text(f" {event.detail.source or ''}  ", "dim") + Text(event.detail.title or "")
    if event.detail.changes:
        line.append(f"  {', '.join(event.detail.changes)}", "yellow")
    output.print(line + Text(f"\n         {event.detail.url or event.detail.article_id}", "cyan"), soft_wrap=True)
