"""``khobor rebuild``: the articles of an archive, made again from its pages."""

from typing import Annotated

import typer

from khobor.cli.deployed import outputs
from khobor.cli.options import Json
from khobor.cli.place import ArchivePlace, Place
from khobor.cli.replay.following import follow_replay
from khobor.cli.replay.in_folder import rebuild_folder
from khobor.cli.replay.in_process import writable_archive
from khobor.cli.replay.options import CONCURRENCY, Concurrency, DryRun, Follow, Here, new_name, refuse_on_archive
from khobor.cli.replay.starting import start_replay
from khobor.cli.terminal import errors


def rebuild(
    restored: Annotated[
        str | None,
        typer.Option(help="Table of a stack that point-in-time recovery restored; its items are copied first."),
    ] = None,
    dry_run: DryRun = False,
    concurrency: Concurrency = None,
    here: Here = False,
    follow: Follow = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Rebuild an empty or incomplete archive from every page that was kept.

    A folder that has pages and no archive.db, such as a copy of a bucket, becomes an archive. Forgotten articles do not
    come back. Facts that no page holds, such as when an article disappeared from its site, come from a dump (`khobor
    archive load`), or from a table that point-in-time recovery restored.

    For example:

    - `khobor rebuild --archive news`
    - `khobor rebuild --stack khobor --restored khobor-of-yesterday`
    """
    refuse_on_archive(place, concurrency=concurrency, here=here, follow=follow, restored=restored)
    if isinstance(place, ArchivePlace):
        rebuild_folder(place, is_dry_run=dry_run, as_json=as_json)
        return
    if follow is not None:
        if restored is not None:
            raise typer.BadParameter("it resumes a rebuild, --restored starts a new one", param_hint="--follow")
        follow_replay(follow, place.name, as_json=as_json)
        return
    from khobor.replay.run import ReplayRun

    run = ReplayRun(name=new_name(), is_dry_run=dry_run)
    if not dry_run:
        _prepare(restored, place.name)
    start_replay(run, concurrency or CONCURRENCY, place.name, here=here, as_json=as_json)


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
