"""A function of the template, invoked once with a local test event, and what it did."""

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
    from khobor.dead_letters.messages import DeadLetterMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
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
class SentDeadLetter:
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
class InvocationResult:
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
    messages: list[SentMessage]
    events: list[Mapping[str, Any]]
    notifications: list[Mapping[str, Any]]
    dead_letters: list[SentDeadLetter]


def invoke(function: str, event: Event, material: Material) -> InvocationResult:
    """Invoke a function on the embedded stack, with what the event needs in place.

    Args:
        function: Logical name of the function.
        event: The event.
        material: What the objects hold that the event names, and the pages of its URLs.

    Raises:
        CommandError: The event is for another function, or the page is of no use for it.
    """
    check(function, event)
    with EmbeddedStack(PARAMETERS) as stack, prepare_event(stack, function, event, material) as ready:
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

    def messages(self) -> "tuple[list[tuple[str, DeadLetterMessage]], list[tuple[str, DeadLetterMessage]]]":
        """Return the messages that were put aside and the others, each with the name of its queue."""
        aside: list[tuple[str, DeadLetterMessage]] = []
        sent: list[tuple[str, DeadLetterMessage]] = []
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


def _log(lines: Iterable[str]) -> Iterator[Mapping[str, Any] | str]:
    for line in lines:
        text = line.rstrip("\n")
        try:
            read = json.loads(text)
        except ValueError:
            read = None
        yield read if isinstance(read, dict) else text
