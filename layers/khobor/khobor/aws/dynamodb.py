"""What the tables share: times as numbers, and conditional writes that are refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


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
