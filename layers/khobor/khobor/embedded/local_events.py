"""The functions of the template, and which of them an event is for."""

from pathlib import Path
from typing import Any

from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Template
from khobor.errors import CommandError
from khobor.stages import STAGES

Event = dict[str, Any]

# All functions that there can be; only a server on this machine is asked for pages.
PARAMETERS = {"Contact": "mailto:nobody@localhost", "AllowLoopback": "true", "Delivery": "ENABLED"}
_FUNCTION = "AWS::Serverless::Function"
_MOST_NAMES = 5
# What the records of an event of each kind say of where they come from.
_EVENT_SOURCES = {"SQS": "aws:sqs", "DynamoDB": "aws:dynamodb"}
# Parse also takes what S3 says without a queue between.
_DIRECT = {"ParseFunction": "aws:s3"}
# Of what is no batch of records, the fields of which an event for a function has one.
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
    """Raise CommandError where an event is for another function, or for none.

    Args:
        function: Logical name of the function.
        event: The event.
    """
    taken, records = _taken(function), event.get("Records")
    fields = _FIELDS.get(function, set()) | ({"Records"} if taken else set())
    if not fields & event.keys():
        has = ", ".join(sorted(event)[:_MOST_NAMES]) or "nothing"
        raise CommandError(f"an event of {function} has {' or '.join(sorted(fields))}; this one has {has}")
    for record in records if isinstance(records, list) and taken else ():
        found = record.get("eventSource") if isinstance(record, dict) else None
        if found not in taken:
            what = " or ".join(sorted(taken))
            raise CommandError(f"{function} takes records of {what}; the event has one of {found or 'no eventSource'}")
        owner = _owner(str(record.get("eventSourceARN", "")))
        if owner and owner != function:
            raise CommandError(f"the event is of {record['eventSourceARN']}, which invokes {owner}, not {function}")


def _template() -> Template:
    return Template.load(TEMPLATE, PARAMETERS)


def _taken(function: str) -> set[str]:
    """Return of which event sources a function takes records."""
    declared = _template().resources[function].properties.get("Events", {}).values()
    taken = {_EVENT_SOURCES[each["Type"]] for each in declared if each["Type"] in _EVENT_SOURCES}
    return taken | ({_DIRECT[function]} if function in _DIRECT else set())


def _owner(arn: str) -> str | None:
    """Return the function that the queue with this ARN invokes; None of a queue that is not the template's."""
    # CloudFormation calls a queue by its stack, its logical name and random characters.
    parts = arn.rpartition(":")[2].removesuffix(".fifo").split("-")
    return next((stage.function for stage in STAGES if stage.queue and stage.queue in parts), None)
