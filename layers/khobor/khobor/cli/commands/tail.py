"""``khobor tail``: what happens in an archive, as it happens."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from rich.text import Text

from khobor.cli.deployed import outputs
from khobor.cli.options import Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.place import ArchivePlace, Place
from khobor.cli.terminal import output
from khobor.cli.workspace import say
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from khobor.announce.announcements import Announcement
    from khobor.archive.changes import HeadlineChange

    # Takes what waits a number of seconds, and yields changes without end.
    Follow: TypeAlias = Callable[[Callable[[float], object]], Iterator[HeadlineChange | None]]

_WORDS = {
    "ArticleStored": ("new", "green"),
    "ArticleRevised": ("revised", "yellow"),
    "ArticleMoved": ("moved", "magenta"),
    "ArticleGone": ("gone", "red"),
}


def tail(
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Print articles as they are stored, revised, moved or removed from their sites, until you press Ctrl-C.

    In a local archive, all commands that add articles are followed; it keeps the last 10,000 changes for a reader that
    falls behind. DynamoDB intends the stream of a stack's table for two readers. If delivery is enabled this is the
    third, and may be throttled.

    For example:

    - `khobor tail`
    - `khobor tail | jq -r 'select(.kind == "ArticleRevised") | .url'`
    """
    # Here, not above: it takes a while to import, and --help should not.
    from khobor.announce.announcements import announcement

    for change in _changes_at(place):
        if event := announcement(change):
            _print(event, as_json=wants_json(as_json))


def _changes_at(place: Place) -> "Iterator[HeadlineChange | None]":
    """Yield the changes of headlines at a place, from now on."""
    follow = _changes_in_folder(place) if isinstance(place, ArchivePlace) else _changes_of_stack(place.name)
    say("waiting for changes; Ctrl-C ends it")
    return follow(time.sleep)


def _changes_in_folder(place: ArchivePlace) -> "Follow":
    from khobor.archive.sqlite.headline_changes import SQLiteHeadlineChanges
    from khobor.local.archive_folder import ArchiveFolder

    folder = place.until_done.enter_context(ArchiveFolder.open(place.folder))
    return SQLiteHeadlineChanges(folder.database, _say_missed).follow


def _changes_of_stack(stack: str) -> "Follow":
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.announce.table_stream import TableStream
    from khobor.archive.dynamodb.stream import read_headline_change

    (table,) = outputs(stack, "ArchiveTableName")
    stream = TableStream(boto3.client("dynamodb"), boto3.client("dynamodbstreams"), table)

    def follow(wait: Callable[[float], object]) -> "Iterator[HeadlineChange | None]":
        for record in stream.follow(wait):
            # Skip items that khobor did not write.
            with suppress(PermanentError):
                yield read_headline_change(record)

    return follow


def _say_missed(count: int) -> None:
    are = "is" if count == 1 else "are"
    say(
        f"{counted(count, 'change')} {are} missing here: deleted before this command could read them, because more "
        "followed than an archive keeps, or because the article was forgotten; khobor list --added shows what there is"
    )


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
