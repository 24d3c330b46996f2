"""Batches of SQS messages, as Lambda hands them over and takes an answer for each.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from khobor.errors import PermanentError

Record = Mapping[str, Any]


def records(event: Mapping[str, Any]) -> list[Record]:
    """Return the messages of an event; raises PermanentError ``not_a_batch`` if it holds none."""
    found = event.get("Records")
    if not isinstance(found, list) or not all(isinstance(record, dict) and "messageId" in record for record in found):
        raise PermanentError("not_a_batch", f"expected messages of a queue, got {str(event)[:200]}; see events/")
    return found


def partial_response(failed: Iterable[Record]) -> dict[str, list[dict[str, str]]]:
    """Return the answer that has the messages delivered again that failed, and only these."""
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}
