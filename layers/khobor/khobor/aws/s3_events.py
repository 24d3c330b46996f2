"""S3 event notifications, which come directly or inside an SQS message.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from khobor.article import RawReference
from khobor.errors import PermanentError


def is_s3_event(event: Mapping[str, Any]) -> bool:
    """Whether an event comes from S3: uploads, or the test event that S3 sends when notifications are set up."""
    records = event.get("Records")
    return event.get("Event") == "s3:TestEvent" or (
        isinstance(records, list)
        and any(isinstance(record, dict) and record.get("eventSource") == "aws:s3" for record in records)
    )


def uploads(event: object) -> list[RawReference]:
    """Return the objects that an event is about; none for ``s3:TestEvent``.

    Raises:
        PermanentError: ``not_an_s3_event``.
    """
    if not isinstance(event, dict) or not is_s3_event(event):
        raise PermanentError("not_an_s3_event", f"expected an S3 event notification, got {str(event)[:200]}")
    try:
        return [_object(record["s3"]) for record in event.get("Records", ())]
    except (KeyError, TypeError) as error:
        raise PermanentError("not_an_s3_event", f"the S3 event lacks {error}: {str(event)[:200]}") from error
    except ValueError as error:
        raise PermanentError("not_an_s3_event", f"{error} in the S3 event {str(event)[:200]}") from error


def uploads_of_message(body: str) -> list[RawReference]:
    """Return the objects that the event in a message is about.

    Raises:
        PermanentError: ``not_an_s3_event``.
    """
    try:
        event = json.loads(body)
    except ValueError as error:
        raise PermanentError("not_an_s3_event", f"expected an S3 event notification, got {body[:200]!r}") from error
    return uploads(event)


def event_of(upload: RawReference) -> dict[str, Any]:
    """Return the event of one object, which ``uploads`` reads."""
    target = {"key": quote_plus(upload.key)} | ({"versionId": upload.version} if upload.version else {})
    return {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": upload.bucket}, "object": target}}]}


def _object(s3: Mapping[str, Any]) -> RawReference:
    # S3 encodes keys as HTML forms do: a space becomes "+".
    key, bucket, version = s3["object"]["key"], s3["bucket"]["name"], s3["object"].get("versionId")
    if not (isinstance(key, str) and isinstance(bucket, str) and isinstance(version, str | None)):
        raise TypeError("a key, a name and a version that are strings")
    # Encoding refuses half a surrogate pair, which no key has, before a request is sent to S3.
    return RawReference(bucket=bucket, key=unquote_plus(key).encode().decode(), version=version)
