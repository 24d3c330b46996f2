"""The embedded stack: the resources and functions of template.yaml on moto, in this process."""

import json
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO
from unittest.mock import patch

import boto3
from moto import mock_aws

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.article import Article
from khobor.dead_letters.messages import count
from khobor.embedded.account import REGION
from khobor.embedded.function import Function, FunctionError, ProcessEndedError
from khobor.embedded.gateway import GatewayResponse, http_event, read_response
from khobor.embedded.project import TEMPLATE
from khobor.embedded.resources import Clients, Resources
from khobor.embedded.sessions import borrow
from khobor.embedded.stream import Stream, Subscription
from khobor.embedded.template import Template
from khobor.stages import STAGES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# Keeps the user's own AWS configuration away from the embedded stack.
_AWS = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    # botocore 1.44 reads the account from a stream's ARN and calls <account>.streams-ddb.<region>.amazonaws.com, which
    # moto 5.2.5 does not mock.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
# SQS returns up to ten messages at a time; Lambda collects larger batches from several calls.
_MOST_MESSAGES = 10
# moto delivers a message after the millisecond at which it becomes visible, not in it.
_MOMENT = 0.05
# The placeholder of EventBridge Scheduler in the input of a schedule.
_SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message in a dead-letter queue; reason and detail are None if the function crashed on it."""

    queue: str
    body: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue that invokes a function, with the batch size and the visibility timeout in seconds."""

    function: Function
    queue_url: str
    queue_arn: str
    batch_size: int
    visibility_timeout: int


class EmbeddedStack:
    """The stack of a template, on moto.

    Use it as a context manager. A message that failed is delivered again at once, until its queue's maxReceiveCount
    moves it to the dead-letter queue. A message that a function has hidden is delivered when it is visible again; a
    message whose process ended is delivered after its queue's VisibilityTimeout.

    Args:
        parameters: The values of template parameters that differ from their defaults.
        template: The file of the template.
        log: Receives the output of the functions.
        on_call: Called with the name of each call of the functions to AWS, such as ``s3.PutObject``.
        sleep: Lets seconds pass, like ``time.sleep``.
    """

    def __init__(
        self,
        parameters: Mapping[str, str],
        *,
        template: Path = TEMPLATE,
        log: TextIO | None = None,
        on_call: Callable[[str], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.log = log or StringIO()
        self._on_call = on_call
        self._sleep = sleep
        self._hidden: set[str] = set()
        self._ends_of_waits: list[float] = []
        self._template = Template.load(template, parameters)
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Create the resources, and load the functions."""
        with ExitStack() as exit_stack:
            others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            exit_stack.enter_context(patch.dict(os.environ, others | _AWS, clear=True))
            exit_stack.enter_context(mock_aws())
            self._sessions = exit_stack.enter_context(borrow(self._note_wait, self._on_call))
            self._make()
            self._exit = exit_stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete everything."""
        self._exit.close()

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """Invoke a function, and return its response.

        Args:
            name: The logical name of the function.
            event: The event.

        Raises:
            FunctionError: The invocation failed.
        """
        return self.functions[name].invoke(event)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> GatewayResponse:
        """Send an authorized request to the HTTP API.

        Args:
            method: The method, such as GET.
            url: Path and query, percent-encoded.
            headers: The headers of the request.

        Raises:
            FunctionError: The function failed; API Gateway would answer 500 or 502.
        """
        return read_response(self._api.invoke(http_event(method, url, headers or {}, datetime.now(UTC))))

    def upload(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """Put an object into the raw bucket, and return its version.

        Args:
            key: The key.
            body: The content.
            metadata: The metadata.
        """
        bucket = self.outputs["RawBucketName"]
        return self.s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=dict(metadata or {}))["VersionId"]

    def run(self, seconds: float = math.inf) -> float | None:
        """Deliver messages and table changes to the functions until nothing is left.

        Args:
            seconds: How long to wait for hidden messages.

        Returns:
            When the next hidden message becomes visible, in seconds since 1970; None if there is none.
        """
        end = time.time() + seconds
        while True:
            # Each queue is emptied in turn, so that batches are as full as under load.
            while sum(map(self._drain, self.sources)) + sum(stream.deliver() for stream in self.streams):
                pass
            now = time.time()
            self._ends_of_waits = [at for at in self._ends_of_waits if at > now]
            next_at = min(self._ends_of_waits, default=None)
            if next_at is None or next_at > end:
                return next_at
            self._sleep(next_at - now)

    def tick(self, at: datetime, schedule: str = "rate(5 minutes)") -> None:
        """Invoke the functions of a schedule.

        Args:
            at: The scheduled time, aware.
            schedule: The schedule expression in the template.
        """
        for function, event in self.schedules.get(schedule, ()):
            function.invoke(json.loads(event.replace(_SCHEDULED_TIME, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")))

    def waiting(self, queue: str) -> int:
        """Return how many messages are in a queue, which is given by the template output with its URL."""
        return count(self.sqs, self.outputs[queue])

    def articles(self) -> Iterator[Article]:
        """Yield every article of the archive, with its body."""
        return self.archive.articles()

    def dead_letters(self) -> list[DeadLetter]:
        """Return the messages of all dead-letter queues, and delete them."""
        queues = ((stage.dead_letter_queue, self.outputs.get(stage.dead_letter_output)) for stage in STAGES)
        return [each for name, url in queues if url for each in self._take(name, url)]

    def _make(self) -> None:
        own = self._sessions.own
        self.s3: S3Client = own.client("s3")
        self.sqs: SQSClient = own.client("sqs")
        self.dynamodb: DynamoDBClient = own.client("dynamodb")
        self.events: EventBridgeClient = own.client("events")
        self.sns = own.client("sns")
        self._dynamodb_streams: DynamoDBStreamsClient = own.client("dynamodbstreams")
        # The functions create their clients from the default session.
        boto3.DEFAULT_SESSION = self._sessions.functions
        clients = Clients(
            s3=self.s3,
            sqs=self.sqs,
            dynamodb=self.dynamodb,
            events=self.events,
            sns=self.sns,
            firehose=lambda: own.client("firehose"),
        )
        resources = Resources(self._template, clients)
        resources.make_all()
        self.outputs: dict[str, str] = resources.resolve(self._template.outputs)
        self.archive = DynamoDBArchive(self.dynamodb, self.outputs["ArchiveTableName"])
        self.lists = DynamoDBLists(self.dynamodb, self.outputs["ArchiveTableName"])
        self.functions: dict[str, Function] = {}
        self.sources: list[EventSource] = []
        self.streams: list[Stream] = []
        self.schedules: dict[str, list[tuple[Function, str]]] = {}
        for function in self._template.of_type("AWS::Serverless::Function"):
            self._load(function.name, function.properties, resources)

    def _load(self, name: str, properties: Mapping[str, Any], resources: Resources) -> None:
        used = {key: properties[key] for key in ("Handler", "CodeUri", "Timeout", "MemorySize", "Environment")}
        function = Function(name, resources.resolve(used), self._template.folder, self.log)
        self.functions[name] = function
        for event in properties.get("Events", {}).values():
            match event["Type"]:
                case "ScheduleV2":
                    same = self.schedules.setdefault(event["Properties"]["ScheduleExpression"], [])
                    same.append((function, event["Properties"]["Input"]))
                case "HttpApi":
                    self._api = function
                case "DynamoDB":
                    self.streams.append(self._stream(function, event["Properties"], resources))
                case "SQS":
                    self.sources.append(self._source(function, event["Properties"], resources))

    def _source(self, function: Function, properties: Mapping[str, Any], resources: Resources) -> EventSource:
        queue = properties["Queue"]["Fn::GetAtt"][0]
        url, arn = resources.lookup(queue, None), resources.lookup(queue, "Arn")
        visibility_timeout = self._template.resources[queue].properties["VisibilityTimeout"]
        return EventSource(function, url, arn, properties["BatchSize"], visibility_timeout)

    def _stream(self, function: Function, properties: Mapping[str, Any], resources: Resources) -> Stream:
        queue = properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        send_to_failures = partial(self._put, resources.lookup(queue, None))
        subscription = Subscription.read(resources.resolve(properties))
        return Stream(function, self._dynamodb_streams, subscription, send_to_failures)

    def _put(self, queue_url: str, body: str) -> None:
        self.sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    def _drain(self, source: EventSource) -> int:
        """Deliver all visible messages of a queue to its function; return how many there were."""
        count = delivered = min(source.batch_size, _MOST_MESSAGES)
        moved = 0
        # Fewer messages than requested means that the queue is empty.
        while delivered == count:
            delivered = self._deliver(source, count)
            moved += delivered
        return moved

    def _deliver(self, source: EventSource, count: int) -> int:
        messages = self._receive(source.queue_url, count)
        if not messages:
            return 0
        try:
            failed = _failed(source.function, {"Records": [_record(message, source.queue_arn) for message in messages]})
        except ProcessEndedError:
            self._ends_of_waits.append(time.time() + source.visibility_timeout + _MOMENT)
            return len(messages)
        succeeded = []
        for message in messages:
            receipt = message["ReceiptHandle"]
            if receipt in self._hidden:
                self._hidden.discard(receipt)
            elif message["MessageId"] in failed:
                self.sqs.change_message_visibility(
                    QueueUrl=source.queue_url, ReceiptHandle=receipt, VisibilityTimeout=0
                )
                self._ends_of_waits.append(time.time() + _MOMENT)
            else:
                succeeded.append(receipt)
        if succeeded:
            entries: list[Any] = [
                {"Id": str(number), "ReceiptHandle": receipt} for number, receipt in enumerate(succeeded)
            ]
            self.sqs.delete_message_batch(QueueUrl=source.queue_url, Entries=entries)
        return len(messages)

    def _note_wait(self, params: Mapping[str, Any]) -> None:
        for entry in params.get("Entries", [params]):
            self._hidden.add(entry["ReceiptHandle"])
            self._ends_of_waits.append(time.time() + entry["VisibilityTimeout"] + _MOMENT)

    def _take(self, name: str, url: str) -> Iterator[DeadLetter]:
        while messages := self._receive(url, _MOST_MESSAGES):
            for message in messages:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                texts = {key: value["StringValue"] for key, value in message.get("MessageAttributes", {}).items()}
                yield DeadLetter(name, message["Body"], texts.get("reason"), texts.get("detail"))

    def _receive(self, url: str, count: int) -> list[dict[str, Any]]:
        answer: Any = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=count, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))


def _failed(function: Function, event: dict[str, Any]) -> set[str]:
    everything = {record["messageId"] for record in event["Records"]}
    try:
        answer = function.invoke(event)
    except ProcessEndedError:
        raise
    except FunctionError:
        return everything
    return {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", [])}


def _record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }
