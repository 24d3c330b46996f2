"""Queries of the archive table: of an index, of postings, and of the postings of several partitions at once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.archive.cursors import bad_cursor
from khobor.archive.dynamodb.items import Item
from khobor.archive.spans import Span

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The part of a day's items that belong to the days around it may be large: by the clocks of its source a day begins up
# to 26 hours later than elsewhere. So at least this many items are read at once.
_AROUND_A_DAY = 200


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query, the newest item first.

    Attributes:
        key_names: The names of the attributes of the key from which it goes on.
        read: Takes a start key, or None, and a number of items at most; returns the items, and the key from which the
            query goes on, or None at the end.
        at_least: The smallest number of items worth reading at once, because some of them may not fit.
    """

    key_names: Sequence[str]
    read: Callable[[Any, int], tuple[list[Item], Any]]
    at_least: int


class TableQueries:
    """Makes queries of the archive table.

    Args:
        dynamodb: The DynamoDB client.
        table: The name of the table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of_index(self, index: str, attribute: str, value: str, span: Span) -> Query:
        """Return a query of headlines.

        Args:
            index: The name of the index.
            attribute: The name of its partition key.
            value: The value of the partition key.
            span: The time in which the headlines are listed.
        """
        condition = "#key = :key AND listed_at BETWEEN :since AND :until"
        return self._query(attribute, value, span, condition, IndexName=index)

    def of_postings(self, partition: str, span: Span) -> Query:
        """Return a query of postings.

        Args:
            partition: Their partition key.
            span: The time in which they are listed.
        """
        return self._query("pk", partition, span, "#key = :key AND sk BETWEEN :since AND :until")

    def of_any_postings(self, partitions: Sequence[str], span: Span) -> Query:
        """Return a query of the postings of several partitions, each article once.

        Args:
            partitions: Their partition keys, at least one.
            span: The time in which they are listed.
        """
        return _merged([(partition, self.of_postings(partition, span)) for partition in partitions])

    def _query(self, attribute: str, value: str, span: Span, condition: str, **index: Any) -> Query:
        # BETWEEN includes both ends. Items listed within a second sort after the text of that second.
        values = {":key": value, ":since": _second(span.starts_at), ":until": _second(span.ends_at)}

        def read(start: Any, limit: int) -> tuple[list[Item], Any]:
            try:
                answer = self._dynamodb.query(
                    TableName=self._table,
                    KeyConditionExpression=condition,
                    ExpressionAttributeNames={"#key": attribute},
                    ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                    ScanIndexForward=False,
                    Limit=limit,
                    **(index | ({"ExclusiveStartKey": start} if start else {})),
                )
            except ClientError as error:
                # No page of this list has such a key, so the cursor was made up.
                if start and error.response["Error"]["Code"] == "ValidationException":
                    raise bad_cursor(start) from error
                raise
            return [dict(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")

        names = ("pk", "sk", *((attribute, "listed_at") if index else ()))
        return Query(key_names=names, read=read, at_least=0 if span.is_exact else _AROUND_A_DAY)


def start_key(position: object, needed: Collection[str]) -> dict[str, Any]:
    """Return the key in a cursor in DynamoDB's form.

    Args:
        position: The position in the cursor.
        needed: The names of the attributes that the key must have.

    Raises:
        PermanentError: ``bad_cursor`` if it is not such a key.
    """
    if not isinstance(position, dict) or position.keys() != set(needed):
        raise bad_cursor(position)
    if not all(isinstance(value, str) for value in position.values()):
        raise bad_cursor(position)
    return {name: {"S": value} for name, value in position.items()}


def _merged(queries: Sequence[tuple[str, Query]]) -> Query:
    """Return one query for several, each with its partition key."""
    if len(queries) == 1:
        return queries[0][1]

    def read(start: Any, limit: int) -> tuple[list[Item], Any]:
        found: dict[str, Item] = {}
        horizon = ""
        for partition, query in queries:
            # Sort keys are the same in all partitions, so each query goes on from the same one.
            items, end = query.read(start and {**start, "pk": {"S": partition}}, limit)
            for item in items:
                sk = item["sk"]["S"]
                found[sk] = _joined(found[sk], item) if sk in found else item
            if end:
                horizon = max(horizon, end["sk"]["S"])
        # Items beyond the horizon may be missing from the queries that have not read so far.
        sks = sorted((sk for sk in found if sk >= horizon), reverse=True)
        items = [found[sk] for sk in sks[:limit]]
        is_end = not horizon and len(sks) <= limit
        return items, None if is_end else {name: items[-1][name] for name in ("pk", "sk")}

    return Query(key_names=queries[0][1].key_names, read=read, at_least=queries[0][1].at_least)


def _joined(one: Item, other: Item) -> Item:
    """Return a posting with the earlier titles of another of the same article, which has another form of the word."""
    titles = [posting["earlier"]["L"] for posting in (one, other) if "earlier" in posting]
    return one | ({"earlier": {"L": [title for each in titles for title in each]}} if titles else {})


def _second(stamp: datetime) -> str:
    return stamp.astimezone(UTC).isoformat()[:19]
