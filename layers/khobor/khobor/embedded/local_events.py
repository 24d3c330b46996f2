"""The functions of the template, and the events that each of them handles."""

from pathlib import Path
from typing import Any

from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Template
from khobor.errors import CommandError
from khobor.stages import STAGES

Event = dict[str, Any]

# With these, the template has all its functions, and pages are fetched only from a server on this machine.
PARAMETERS = {"Contact": "mailto:nobody@localhost", "AllowLoopback": "true", "Delivery": "ENABLED"}
_FUNCTION = "AWS::Serverless::Function"
_MOST_NAMES = 5
# The eventSource of the records of each kind of event.
_EVENT_SOURCES = {"SQS": "aws:sqs", "DynamoDB": "aws:dynamodb"}
# Parse also handles S3 events without a queue in between.
_DIRECT = {"ParseFunction": "aws:s3"}
# The fields of events that are not batches of records; an event for the function has at least one of them.
_FIELDS = {
    "DiscoverFunction": {"scheduled_at", "source"},
    "HealthFunction": {"scheduled_at", "source"},
    "FetchFunction": {"url", "urls"},
    "ParseFunction": {"Event"},
    "ReplayFunction": {"Items", "key"},
    "ApiFunction": {"requestContext"},
}


def functions() -> dict[str, str]:
    """Return the logical names of the template's functions by the names of their stages, such as ``parse``."""
    return {Path(each.properties["CodeUri"]).name: each.name for each in _template().of_type(_FUNCTION)}


def check(function: str, event: Event) -> None:
    """Check that an event is for a function.

    Args:
        function: The logical name of the function.
        event: The event.

    Raises:
        CommandError: The event is for another function, or for none.
    """
    accepted, records = _event_sources(function), event.get("Records")
    fields = _FIELDS.get(function, set()) | ({"Records"} if accepted else set())
    if not fields & event.keys():
        has = ", ".join(sorted(event)[:_MOST_NAMES]) or "nothing"
        raise CommandError(f"an event of {function} has {' or '.join(sorted(fields))}; this one has {has}")
    for record in records if isinstance(records, list) and accepted else ():
        source = record.get("eventSource") if isinstance(record, dict) else None
        if source not in accepted:
            what = " or ".join(sorted(accepted))
            raise CommandError(f"{function} takes records of {what}; the event has one of {source or 'no eventSource'}")
        owner = _owner(str(record.get("eventSourceARN", "")))
        if owner and owner != function:
            raise CommandError(f"the event is of {record['eventSourceARN']}, which invokes {owner}, not {function}")


def _template() -> Template:
    return Template.load(TEMPLATE, PARAMETERS)


def _event_sources(function: str) -> set[str]:
    """Return the event sources whose records a function handles."""
    declared = _template().resources[function].properties.get("Events", {}).values()
    sources = {_EVENT_SOURCES[each["Type"]] for each in declared if each["Type"] in _EVENT_SOURCES}
    return sources | ({_DIRECT[function]} if function in _DIRECT else set())


def _owner(arn: str) -> str | None:
    """Return the function that the queue with an ARN invokes; None if the template does not have the queue."""
    # CloudFormation names a queue after its stack and its logical name, followed by random characters.
    parts = arn.rpartition(":")[2].removesuffix(".fifo").split("-")
    return next((stage.function for stage in STAGES if stage.queue and stage.queue in parts), None)
