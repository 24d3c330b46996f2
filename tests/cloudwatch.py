"""CloudWatch for an embedded stack: its metrics, the states of the template's alarms, and its logs.

moto stores alarms but does not evaluate them. How CloudWatch does:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import boto3

from khobor.embedded.account import STACK_NAME
from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Resource

# A metric: namespace, name, and the values of its dimensions.
Metric = tuple[str, str, tuple[str, ...]]
Datapoints = dict[Metric, float]


def measure(stack: EmbeddedStack, **by_aws: float) -> Datapoints:
    """Return the datapoints of one period: the maximum or the sum, whichever the alarms use.

    Args:
        stack: The stack.
        by_aws: Metrics that only AWS can measure, such as ``Throttles``.
    """
    return (
        _queues(stack) | _functions(stack) | _own(stack) | {("AWS/Lambda", name, ()): by_aws[name] for name in by_aws}
    )


def request_metrics(stack: EmbeddedStack, path: str) -> Datapoints:
    """Return the datapoints of API Gateway for a request."""
    try:
        failed = stack.request("GET", path).status >= 500
    except FunctionError:
        failed = True
    return {("AWS/ApiGateway", "5xx", ("Api",)): float(failed)}


class Alarm:
    """An alarm of the template, evaluated period by period.

    Args:
        resource: The resource in the template.
        properties: Its properties, resolved.
    """

    def __init__(self, resource: Resource, properties: Mapping[str, Any]) -> None:
        self.name = resource.name
        self._properties = properties
        self._values: list[float | None] = []
        self.state = "OK"

    @property
    def metric(self) -> Metric:
        values = tuple(str(each["Value"]) for each in self._properties["Dimensions"])
        return self._properties["Namespace"], self._properties["MetricName"], values

    @property
    def periods(self) -> int:
        """How many periods must breach the threshold."""
        return int(self._properties["EvaluationPeriods"])

    @property
    def seconds(self) -> int:
        """The length of a period."""
        return int(self._properties["Period"])

    def evaluate(self, datapoints: Datapoints) -> str:
        """Evaluate one more period, and return the state after it."""
        assert self._properties["ComparisonOperator"] == "GreaterThanThreshold"
        self._values = [*self._values, datapoints.get(self.metric)][-self.periods :]
        present = [value for value in self._values if value is not None]
        if not present and self._properties["TreatMissingData"] == "ignore":
            return self.state
        breaching = [value for value in present if value > float(self._properties["Threshold"])]
        self.state = "ALARM" if len(breaching) == self.periods else "OK"
        return self.state


def publish_logs(stack: EmbeddedStack) -> None:
    """Replace the log lines in CloudWatch Logs with those of the functions, one group for each."""
    events: dict[str, list[Any]] = {}
    for line in _lines(stack):
        if "timestamp" in line:
            at = datetime.fromisoformat(line["timestamp"].replace(",", "."))
            event = {"timestamp": int(at.timestamp() * 1000), "message": json.dumps(line)}
            events.setdefault(f"/khobor/{STACK_NAME}/{line['service']}", []).append(event)
    logs: Any = boto3.client("logs")
    for group, of_group in events.items():
        with suppress(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName=group)
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="stream")
        logs.put_log_events(logGroupName=group, logStreamName="stream", logEvents=of_group)


def _queues(stack: EmbeddedStack) -> Datapoints:
    datapoints: Datapoints = {}
    for url in stack.sqs.list_queues(QueueNamePrefix="khobor-")["QueueUrls"]:
        name = url.rpartition("khobor-")[2].removesuffix(".fifo")
        attributes = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        count = float(attributes["Attributes"]["ApproximateNumberOfMessages"])
        datapoints["AWS/SQS", "ApproximateNumberOfMessagesVisible", (name,)] = count
        sent = [_sent_at(message) for message in _look(stack, url)]
        if sent:
            age = (datetime.now(UTC) - min(sent)).total_seconds()
            datapoints["AWS/SQS", "ApproximateAgeOfOldestMessage", (name,)] = age
    return datapoints


def _look(stack: EmbeddedStack, url: str) -> Sequence[Any]:
    answer = stack.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["SentTimestamp"]
    )
    return answer.get("Messages", [])


def _sent_at(message: Any) -> datetime:
    return datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)


def _functions(stack: EmbeddedStack) -> Datapoints:
    datapoints: Datapoints = {("AWS/Lambda", "Errors", (name,)): each.errors for name, each in stack.functions.items()}
    for each in stack.functions.values():
        each.errors = 0
    for stream in stack.streams:
        if waiting := _times_of_unread_headlines(stack, stream.function.name.removesuffix("Function").lower()):
            age = (datetime.now(UTC) - min(waiting)).total_seconds() * 1000
            datapoints["AWS/Lambda", "IteratorAge", (stream.function.name,)] = age
    return datapoints


def _times_of_unread_headlines(stack: EmbeddedStack, service: str) -> list[datetime]:
    """Return when the headlines in the stream that a service has not logged were written."""
    streams: Any = boto3.client("dynamodbstreams")
    table = stack.dynamodb.describe_table(TableName=stack.outputs["ArchiveTableName"])["Table"]
    arn = table["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    changes = [record["dynamodb"] for record in streams.get_records(ShardIterator=start)["Records"]]
    handled = {line["article_id"] for line in _lines(stack) if line.get("service") == service and "article_id" in line}
    return [
        change["ApproximateCreationDateTime"]
        for change in changes
        if change["Keys"]["sk"]["S"] == "headline" and change["Keys"]["pk"]["S"].removeprefix("article#") not in handled
    ]


def _own(stack: EmbeddedStack) -> Datapoints:
    """Return the metrics that the functions logged in EMF: the maximum of each."""
    datapoints: Datapoints = {}
    for line in _lines(stack):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            for dimensions in directive["Dimensions"]:
                values = tuple(line[name] for name in dimensions)
                for metric in directive["Metrics"]:
                    key = (directive["Namespace"], metric["Name"], values)
                    datapoints[key] = max(datapoints.get(key, 0.0), *line[metric["Name"]])
    return datapoints


def _lines(stack: EmbeddedStack) -> list[dict[str, Any]]:
    stack.log.seek(0)
    return [json.loads(line) for line in stack.log if line.startswith("{")]
