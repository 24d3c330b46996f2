"""``khobor rebuild``: the archive table, filled again from the pages of the raw bucket."""

from typing import Annotated

import typer

from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import Json
from khobor.cli.replay.following import follow_replay
from khobor.cli.replay.in_process import writable_archive
from khobor.cli.replay.options import Concurrency, DryRun, Follow, Here, new_name
from khobor.cli.replay.starting import start_replay
from khobor.cli.terminal import errors


def rebuild(
    restored: Annotated[
        str | None, typer.Option(help="Table that point-in-time recovery restored; its items are copied first.")
    ] = None,
    dry_run: DryRun = False,
    concurrency: Concurrency = 10,
    here: Here = False,
    follow: Follow = None,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Rebuild an empty or incomplete archive table from every page of the raw bucket.

    Forgotten articles do not come back. Facts that no page holds, such as when an article disappeared from its site,
    come back from a table that point-in-time recovery restored.

    For example:

    - `khobor rebuild --dry-run`
    - `khobor rebuild --restored khobor-of-yesterday`
    """
    if follow is not None:
        if restored is not None:
            raise typer.BadParameter(
                "--follow resumes a rebuild, and --restored starts a new one; give one of them", param_hint="--follow"
            )
        follow_replay(follow, stack, as_json=as_json)
        return
    from khobor.replay.run import ReplayRun

    run = ReplayRun(name=new_name(), is_dry_run=dry_run)
    if not dry_run:
        _prepare(restored, stack)
    start_replay(run, concurrency, stack, here=here, as_json=as_json)


def _prepare(restored: str | None, stack: str) -> None:
    """Bring back what no page holds: the items of a restored table, and which articles must stay deleted."""
    import boto3

    from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls

    crawl_table, table, indexes = outputs(stack, "CrawlTableName", "ArchiveTableName", "Indexes")
    dynamodb = boto3.client("dynamodb")
    archive = writable_archive(table, indexes)
    forgotten = dict(DynamoDBKnownUrls(dynamodb, crawl_table, days=1).all_forgotten())
    for article_id, at in forgotten.items():
        archive.forbid(article_id, at)
    if restored:
        errors.print(f"{archive.copy_from(restored, forgotten.keys())} items copied from {restored}")
