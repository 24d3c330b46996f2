"""Invokes a function of the template once, with a local test event, and reports its effects."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from khobor.embedded.contents import Contents, ItemChange, ObjectChange, take_all
from khobor.embedded.function import FunctionError
from khobor.embedded.local_events import PARAMETERS, Event, check
from khobor.embedded.preparation import Material, prepare_event
from khobor.embedded.stack import EmbeddedStack
from khobor.stages import STAGES

if TYPE_CHECKING:
    from khobor.dead_letters.message import DeadLetterMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that was sent to a queue.

    Attributes:
        queue: The name of the queue.
        body: The body.
        group: The message group in a FIFO queue; None in others.
    """

    queue: str
    body: str
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDeadLetter:
    """A message that was sent to a dead-letter queue.

    Attributes:
        queue: The name of the dead-letter queue.
        reason: The slug of the cause; None if the function crashed.
        detail: The error, for people; None if the function crashed.
        body: The body.
    """

    queue: str
    reason: str | None
    detail: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvocationResult:
    """The response and the effects of an invocation.

    Attributes:
        function: The logical name of the function.
        answer: The response; None if the invocation failed.
        error: Why the invocation failed, as Lambda reports it; None if it did not.
        log: The log lines; those in JSON are decoded.
        objects: The objects that it put into buckets or deleted.
        items: The items that it put into tables or deleted.
        messages: The messages that it sent to queues, and the S3 events that it caused.
        events: The events that it sent to the event bus.
        notifications: The messages that it published to a topic.
        dead_letters: The messages that it sent to dead-letter queues.
    """

    function: str
    answer: Any
    error: str | None
    log: tuple[Mapping[str, Any] | str, ...]
    objects: list[ObjectChange]
    items: list[ItemChange]
    messages: list[SentMessage]
    events: list[Mapping[str, Any]]
    notifications: list[Mapping[str, Any]]
    dead_letters: list[SentDeadLetter]


def invoke(function: str, event: Event, material: Material) -> InvocationResult:
    """Invoke a function on an embedded stack that has everything the event refers to.

    Args:
        function: The logical name of the function.
        event: The event.
        material: The content of the objects and URLs in the event.

    Raises:
        CommandError: The event is for another function, or the page is unsuitable for it.
    """
    check(function, event)
    with EmbeddedStack(PARAMETERS) as stack, prepare_event(stack, function, event, material) as ready:
        listener = _Listener(stack)
        before, log_start = Contents.of(stack), stack.log.tell()
        answer, error = None, None
        try:
            answer = stack.invoke(function, ready)
        except FunctionError as failure:
            error = str(failure)
        after = Contents.of(stack)
        stack.log.seek(log_start)
        dead, sent = listener.messages()
        return InvocationResult(
            function=function,
            answer=answer,
            error=error,
            log=tuple(_log(stack.log)),
            objects=after.changed_objects(before),
            items=after.changed_items(before),
            messages=[SentMessage(queue=name, body=each.body, group=each.group) for name, each in sent],
            events=listener.events(),
            notifications=listener.notifications(),
            dead_letters=[
                SentDeadLetter(queue=name, reason=each.reason, detail=each.detail, body=each.body)
                for name, each in dead
            ],
        )


class _Listener:
    """Receives everything that is sent from now on: to queues, to the event bus and to topics."""

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

    def messages(self) -> "tuple[list[tuple[str, DeadLetterMessage]], list[tuple[str, DeadLetterMessage]]]":
        """Return the dead-letter messages and the other messages, each with the name of its queue."""
        dead: list[tuple[str, DeadLetterMessage]] = []
        others: list[tuple[str, DeadLetterMessage]] = []
        for url in self._queues:
            messages = [(url.rpartition("/")[2], each) for each in take_all(self._sqs, url)]
            (dead if url in self._dead else others).extend(messages)
        return dead, others

    def events(self) -> list[Mapping[str, Any]]:
        """Return the events on the event bus."""
        events = [json.loads(each.body) for each in take_all(self._sqs, self._bus)]
        return [{"detail-type": event["detail-type"], "detail": event["detail"]} for event in events]

    def notifications(self) -> list[Mapping[str, Any]]:
        """Return the messages that were published to topics."""
        messages = [json.loads(each.body) for each in take_all(self._sqs, self._topics)]
        return [{"subject": each.get("Subject"), "message": each["Message"]} for each in messages]

    def _queue(self, name: str) -> tuple[str, str]:
        url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, answer["Attributes"]["QueueArn"]


def _log(lines: Iterable[str]) -> Iterator[Mapping[str, Any] | str]:
    for line in lines:
        text = line.rstrip("\n")
        try:
            facts = json.loads(text)
        except ValueError:
            facts = None
        yield facts if isinstance(facts, dict) else text
