"""The archive of a deployed stack."""

from typing import TYPE_CHECKING

from khobor.cli.deployed import outputs

if TYPE_CHECKING:
    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.query.service import QueryService

# What the command calls the parts of a query.
OPTIONS = {
    **{name: f"--{name}" for name in ("source", "section", "tag", "author", "change", "day")},
    "since": "--from",
    "until": "--to",
    "order": "--added",
    "combinations": (
        "ask by at most one of --source, --section, --tag, --author and --change, with --day, or with --from and --to; "
        "--added goes with --from and --to only"
    ),
}


def archive_of(stack: str) -> "tuple[DynamoDBArchive, QueryService]":
    """Return what answers for a deployed stack."""
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.archive.dynamodb.lists import DynamoDBLists
    from khobor.query.service import QueryService
    from khobor.sources.registry import bundled_sources

    (table,) = outputs(stack, "ArchiveTableName")
    dynamodb = boto3.client("dynamodb")
    archive = DynamoDBArchive(dynamodb, table)
    return archive, QueryService(archive, DynamoDBLists(dynamodb, table), lambda: (bundled_sources(), ()), OPTIONS)
