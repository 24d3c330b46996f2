"""A function of the template, invoked once with a local test event, and what it did."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khobor.errors import CommandError
from khobor.local.contents import Contents, ItemChange, ObjectChange, take_all
from khobor.local.function import FunctionError
from khobor.local.preparation import Event, Material, prepared
from khobor.local.project import TEMPLATE
from khobor.local.stack import EmbeddedStack
from khobor.local.template import Template
from khobor.stages import STAGES

if TYPE_CHECKING:
    from khobor.aws.letters import Letter

# All functions that there can be; only a server on this machine is asked for pages.
_PARAMETERS = {"Contact": "mailto:nobody@localhost", "AllowLoopback": "true", "Delivery": "ENABLED"}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that was sent to a queue.

    Attributes:
        queue: Name of the queue.
        body: The message.
        group: Its message group, in a FIFO queue.
    """

    queue: str
    body: str
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterMessage:
    """A message that was put aside.

    Attributes:
        queue: Name of the dead-letter queue.
        reason: Slug of the cause.
        detail: What was wrong, with what, and what to do.
        body: The message.
    """

    queue: str
    reason: str | None
    detail: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What came of an invocation.

    Attributes:
        function: Logical name of the function.
        answer: What it answered; None where it failed.
        error: Why it failed as a whole, as Lambda reports it.
        log: Its lines: the facts of those in JSON, others as they are.
        objects: What it put into buckets and deleted there.
        items: Likewise, of tables.
        messages: What it sent to queues, or S3 because of it.
        events: What it put on the event bus.
        notifications: What it published to a topic.
        dead_letters: What it put aside.
    """

    function: str
    answer: Any
    error: str | None
    log: tuple[Mapping[str, Any] | str, ...]
    objects: list[ObjectChange]
    items: list[ItemChange]
    messages: list[Message]
    events: list[Mapping[str, Any]]
    notifications: list[Mapping[str, Any]]
    dead_letters: list[DeadLetterMessage]


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


def invoke(function: str, event: Event, material: Material) -> Invocation:
    """Invoke a function on the embedded stack, with what the event needs in place.

    Args:
        function: Logical name of the function.
        event: The event.
        material: What the objects hold that the event names, and the pages of its URLs.

    Raises:
        CommandError: The event is for another function, or the page is of no use for it.
    """
    check(function, event)
    with EmbeddedStack(_PARAMETERS) as stack, prepared(stack, function, event, material) as ready:
        listener = _Listener(stack)
        before, logged = Contents.of(stack), stack.log.tell()
        answer, error = None, None
        try:
            answer = stack.invoke(function, ready)
        except FunctionError as failure:
            error = str(failure)
        after = Contents.of(stack)
        stack.log.seek(logged)
        dead, sent = listener.messages()
        return Invocation(
            function=function,
            answer=answer,
            error=error,
            log=tuple(_log(stack.log)),
            objects=after.changed_objects(before),
            items=after.changed_items(before),
            messages=[Message(queue=name, body=each.body, group=each.group) for name, each in sent],
            events=listener.events(),
            notifications=listener.notifications(),
            dead_letters=[
                DeadLetterMessage(queue=name, reason=each.reason, detail=each.detail, body=each.body)
                for name, each in dead
            ],
        )


class _Listener:
    """Hears what is sent from now on: to queues, to the event bus and to topics."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self._sqs = stack.sqs
        self._queues = self._sqs.list_queues().get("QueueUrls", [])
        self._dead = {stack.outputs[each.dead_letter_output] for each in STAGES}
        for url in self._queues:
            self._sqs.purge_queue(QueueUrl=url)
        self._bus, arn = self._queue("on-the-event-bus")
        bus = stack.outputs["EventBusName"]
        pattern = json.dumps({"source": [{"prefix": ""}]})
        stack.events.put_rule(Name="all", EventBusName=bus, EventPattern=pattern)
        stack.events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        self._topics, arn = self._queue("published-to-a-topic")
        for topic in stack.sns.list_topics()["Topics"]:
            stack.sns.subscribe(TopicArn=topic["TopicArn"], Protocol="sqs", Endpoint=arn)

    def messages(self) -> "tuple[list[tuple[str, Letter]], list[tuple[str, Letter]]]":
        """Return the messages that were put aside and the others, each with the name of its queue."""
        aside: list[tuple[str, Letter]] = []
        sent: list[tuple[str, Letter]] = []
        for url in self._queues:
            found = [(url.rpartition("/")[2], each) for each in take_all(self._sqs, url)]
            (aside if url in self._dead else sent).extend(found)
        return aside, sent

    def events(self) -> list[Mapping[str, Any]]:
        """Return what was put on the event bus."""
        read = [json.loads(each.body) for each in take_all(self._sqs, self._bus)]
        return [{"detail-type": event["detail-type"], "detail": event["detail"]} for event in read]

    def notifications(self) -> list[Mapping[str, Any]]:
        """Return what was published to topics."""
        read = [json.loads(each.body) for each in take_all(self._sqs, self._topics)]
        return [{"subject": each.get("Subject"), "message": each["Message"]} for each in read]

    def _queue(self, name: str) -> tuple[str, str]:
        url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, answer["Attributes"]["QueueArn"]


def _template() -> Template:
    return Template.load(TEMPLATE, _PARAMETERS)


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


def _log(lines: Iterable[str]) -> Iterator[Mapping[str, Any] | str]:
    for line in lines:
        text = line.rstrip("\n")
        try:
            read = json.loads(text)
        except ValueError:
            read = None
        yield read if isinstance(read, dict) else text
