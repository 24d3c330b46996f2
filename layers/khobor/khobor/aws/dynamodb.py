"""What the tables share: the size of items, times as numbers, and conditional writes that are refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return about how many bytes DynamoDB counts for an item: of names and values; sets and numbers as texts."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind in {"SS", "NS", "BS"}:
        return sum(_value_bytes({kind[0]: each}) for each in content)
    return len(content if isinstance(content, bytes) else str(content).encode())


def is_refused(error: ClientError) -> bool:
    """Whether a conditional write failed because its condition does not hold."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def seconds(instant: datetime) -> dict[str, str]:
    """Return a time as an attribute in whole seconds since 1970, as DynamoDB's time to live is."""
    return {"N": str(int(instant.timestamp()))}


def milliseconds(instant: datetime) -> dict[str, str]:
    """Return a time as an attribute in milliseconds since 1970."""
    return {"N": str(int(instant.timestamp() * 1000))}


def from_milliseconds(attribute: "AttributeValueTypeDef | Mapping[str, str]") -> datetime:
    """Return the time of ``milliseconds``, UTC."""
    return datetime.fromtimestamp(int(attribute["N"]) / 1000, UTC)
