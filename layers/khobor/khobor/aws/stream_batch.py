"""Batches of records of a DynamoDB stream, as Lambda hands them over and takes an answer for them.

Lambda goes on behind the last record before the first one that is told to have failed: that one and all after it come
again, those after it whether they failed or not.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from collections.abc import Mapping
from typing import Any

from khobor.errors import PermanentError

Record = Mapping[str, Any]


def records(event: Mapping[str, Any]) -> list[Record]:
    """Return the records of an event; raises PermanentError ``not_a_batch`` if it holds none."""
    found = event.get("Records")
    if not isinstance(found, list) or not all(map(_is_record, found)):
        raise PermanentError("not_a_batch", f"expected records of a stream, got {str(event)[:200]}; see events/")
    return found


def resume_at(record: Record | None) -> dict[str, list[dict[str, str]]]:
    """Return the answer that has a record and all after it delivered again; None for none."""
    failed = [] if record is None else [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]
    return {"batchItemFailures": failed}


def _is_record(record: object) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("dynamodb"), dict)
        and isinstance(record["dynamodb"].get("SequenceNumber"), str)
    )
