"""The contents of an embedded stack, to find out what an invocation changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from khobor.dead_letters.message import DeadLetterMessage
from khobor.dead_letters.messages import delete, take

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from khobor.embedded.stack import EmbeddedStack

# Longer than it takes to delete the received messages.
_HIDDEN_SECONDS = 60

Kind = Literal["put", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """An object that was put or deleted.

    Attributes:
        change: What happened to it.
        bucket: The name of the bucket.
        key: The key.
        bytes: The size; None if it was deleted.
    """

    change: Kind
    bucket: str
    key: str
    bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """An item of a table that was put, changed or deleted.

    Attributes:
        change: What happened to it; a changed item counts as put.
        table: The name of the table.
        item: The item in DynamoDB's format; if it was deleted, the previous one.
    """

    change: Kind
    table: str
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contents:
    """The objects of all buckets and the items of all tables.

    Attributes:
        objects: The size of each version of an object, by bucket, key and version; None for a delete marker.
        items: The items by table and key.
    """

    objects: Mapping[tuple[str, str, str], int | None]
    items: Mapping[tuple[str, ...], Mapping[str, Any]]

    @classmethod
    def of(cls, stack: "EmbeddedStack") -> "Contents":
        """Read the contents of a stack."""
        return cls(objects=dict(_objects(stack)), items=dict(_items(stack)))

    def changed_objects(self, before: "Contents") -> list[ObjectChange]:
        """Return the objects that were put or deleted since earlier contents, in the order of their keys."""
        new = [(where, size) for where, size in self.objects.items() if where not in before.objects]
        gone: list[tuple[tuple[str, str, str], int | None]]
        gone = [(where, None) for where in before.objects if where not in self.objects]
        return [
            ObjectChange(change="deleted" if size is None else "put", bucket=bucket, key=key, bytes=size)
            for (bucket, key, _), size in sorted(new + gone, key=lambda each: each[0])
        ]

    def changed_items(self, before: "Contents") -> list[ItemChange]:
        """Return the items that were put, changed or deleted since earlier contents, in the order of their keys."""
        put = [(where, "put", item) for where, item in self.items.items() if before.items.get(where) != item]
        gone = [(where, "deleted", item) for where, item in before.items.items() if where not in self.items]
        return [
            ItemChange(change="put" if change == "put" else "deleted", table=where[0], item=item)
            for where, change, item in sorted(put + gone, key=lambda each: each[0])
        ]


def take_all(sqs: "SQSClient", queue_url: str) -> Iterator[DeadLetterMessage]:
    """Yield the messages of a queue, and delete them.

    Args:
        sqs: The client of the queue.
        queue_url: The queue.
    """
    while messages := take(sqs, queue_url, _HIDDEN_SECONDS):
        delete(sqs, queue_url, messages)
        yield from messages


def _objects(stack: "EmbeddedStack") -> Iterator[tuple[tuple[str, str, str], int | None]]:
    for bucket in stack.s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for page in stack.s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for each in page.get("Versions", ()):
                # In a bucket without versioning, only the ETag changes.
                yield (name, each["Key"], f"{each['VersionId']} {each['ETag']}"), each["Size"]
            for marker in page.get("DeleteMarkers", ()):
                yield (name, marker["Key"], marker["VersionId"]), None


def _items(stack: "EmbeddedStack") -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for table in stack.dynamodb.list_tables()["TableNames"]:
        names = [each["AttributeName"] for each in stack.dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
        for page in stack.dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                yield (table, *(str(item[name]) for name in names)), item
