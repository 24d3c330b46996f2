"""The embedded stack: what template.yaml describes, running in this process until nothing moves any more."""

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

# Nothing of the account that the user works with reaches the embedded stack.
_AWS = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    # botocore 1.44 takes the account from a stream's ARN and calls <account>.streams-ddb.<region>.amazonaws.com, a host
    # that moto 5.2.5 does not route.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
# SQS gives ten messages at a time; Lambda gathers larger batches from several receives.
_MOST_MESSAGES = 10
_MOMENT = 0.05
# Of EventBridge Scheduler, in the input of a schedule.
_SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message in a dead-letter queue; reason and detail are None where the function crashed on it."""

    queue: str
    body: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue, the function that it starts, how many of its messages at a time, and for how many seconds they hide."""

    function: Function
    queue_url: str
    queue_arn: str
    batch_size: int
    hidden: int


class EmbeddedStack:
    """The system of a template on moto.

    Use it as a context manager. A message that failed is delivered again at once, until its queue's maxReceiveCount
    sends it to the dead-letter queue; one that a function told to wait is waited for, and so is one whose function's
    process ended, until its queue's VisibilityTimeout is over.

    Args:
        parameters: Values of the template's parameters, in place of their defaults.
        template: The template's file.
        log: Where goes what the functions print.
        on_call: Told each call of the functions to AWS, such as ``s3.PutObject``.
        sleep: Lets seconds pass, as ``time.sleep`` does.
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
        self._told_to_wait: set[str] = set()
        self._ends_of_waits: list[float] = []
        self._template = Template.load(template, parameters)
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Make the resources and load the functions."""
        with ExitStack() as until_made:
            others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            until_made.enter_context(patch.dict(os.environ, others | _AWS, clear=True))
            until_made.enter_context(mock_aws())
            self._sessions = until_made.enter_context(borrow(self._note_wait, self._on_call))
            self._make()
            self._exit = until_made.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._exit.close()

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """Invoke a function by its logical name; raises FunctionError as Lambda reports it."""
        return self.functions[name].invoke(event)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> GatewayResponse:
        """Ask the HTTP API, as one who may; raises FunctionError as API Gateway would answer 500 or 502.

        Args:
            method: Such as GET.
            url: Path and query, percent-encoded.
            headers: Of the request.
        """
        return read_response(self._api.invoke(http_event(method, url, headers or {}, datetime.now(UTC))))

    def upload(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """Put an object into the raw bucket and return its version."""
        bucket = self.outputs["RawBucketName"]
        return self.s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=dict(metadata or {}))["VersionId"]

    def run(self, seconds: float = math.inf) -> float | None:
        """Move messages and changes of tables to their functions until no function has anything left to take.

        Args:
            seconds: So long messages are waited for that are not to be delivered yet.

        Returns:
            Until when the next of these has to wait, in seconds since 1970; None where there is none.
        """
        end = time.time() + seconds
        while True:
            # Queue by queue, each until it is empty: so batches are filled as they are where there is much to do.
            while sum(map(self._drain, self.sources)) + sum(stream.deliver() for stream in self.streams):
                pass
            now = time.time()
            self._ends_of_waits = [at for at in self._ends_of_waits if at > now]
            next_at = min(self._ends_of_waits, default=None)
            if next_at is None or next_at > end:
                return next_at
            self._sleep(next_at - now)

    def tick(self, at: datetime, schedule: str = "rate(5 minutes)") -> None:
        """Invoke the functions that a schedule starts.

        Args:
            at: As at this time, aware.
            schedule: The schedule, as the template has it.
        """
        for function, event in self.schedules.get(schedule, ()):
            function.invoke(json.loads(event.replace(_SCHEDULED_TIME, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")))

    def waiting(self, queue: str) -> int:
        """Return how many messages are in a queue, by the name of the template's output for its URL."""
        return count(self.sqs, self.outputs[queue])

    def articles(self) -> Iterator[Article]:
        """Yield every article of the archive, whole."""
        return self.archive.articles()

    def dead_letters(self) -> list[DeadLetter]:
        """Take the messages out of all dead-letter queues."""
        queues = ((stage.dead_letter_queue, self.outputs.get(stage.dead_letter_output)) for stage in STAGES)
        return [letter for name, url in queues if url for letter in self._take(name, url)]

    def _make(self) -> None:
        own = self._sessions.own
        self.s3: S3Client = own.client("s3")
        self.sqs: SQSClient = own.client("sqs")
        self.dynamodb: DynamoDBClient = own.client("dynamodb")
        self.events: EventBridgeClient = own.client("events")
        self.sns = own.client("sns")
        self._dynamodb_streams: DynamoDBStreamsClient = own.client("dynamodbstreams")
        # What the functions make their clients from.
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
        needed = {key: properties[key] for key in ("Handler", "CodeUri", "Timeout", "MemorySize", "Environment")}
        function = Function(name, resources.resolve(needed), self._template.folder, self.log)
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
        hidden = self._template.resources[queue].properties["VisibilityTimeout"]
        return EventSource(function, url, arn, properties["BatchSize"], hidden)

    def _stream(self, function: Function, properties: Mapping[str, Any], resources: Resources) -> Stream:
        queue = properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        put_aside = partial(self._put, resources.lookup(queue, None))
        return Stream(function, self._dynamodb_streams, Subscription.read(resources.resolve(properties)), put_aside)

    def _put(self, queue_url: str, body: str) -> None:
        self.sqs.send_message(QueueUrl=queue_url, MessageBody=body)

    def _drain(self, source: EventSource) -> int:
        """Move all messages of a queue to its function that can be delivered; return how many there were."""
        count = delivered = min(source.batch_size, _MOST_MESSAGES)
        moved = 0
        # Less than was asked for is all that there is.
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
            self._ends_of_waits.append(time.time() + source.hidden + _MOMENT)
            return len(messages)
        done = []
        for message in messages:
            receipt = message["ReceiptHandle"]
            if receipt in self._told_to_wait:
                self._told_to_wait.discard(receipt)
            elif message["MessageId"] in failed:
                self.sqs.change_message_visibility(
                    QueueUrl=source.queue_url, ReceiptHandle=receipt, VisibilityTimeout=0
                )
                self._ends_of_waits.append(time.time() + _MOMENT)
            else:
                done.append(receipt)
        if done:
            entries: list[Any] = [{"Id": str(number), "ReceiptHandle": receipt} for number, receipt in enumerate(done)]
            self.sqs.delete_message_batch(QueueUrl=source.queue_url, Entries=entries)
        return len(messages)

    def _note_wait(self, params: Mapping[str, Any]) -> None:
        for entry in params.get("Entries", [params]):
            self._told_to_wait.add(entry["ReceiptHandle"])
            # A moment more: the queue counts from when the call arrives.
            self._ends_of_waits.append(time.time() + entry["VisibilityTimeout"] + _MOMENT)

    def _take(self, name: str, url: str) -> Iterator[DeadLetter]:
        while messages := self._receive(url, _MOST_MESSAGES):
            for message in messages:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                said = {key: value["StringValue"] for key, value in message.get("MessageAttributes", {}).items()}
                yield DeadLetter(name, message["Body"], said.get("reason"), said.get("detail"))

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
