"""What CloudWatch would measure of an embedded stack, and what an alarm of the template makes of it.

moto keeps alarms and does not judge them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
says how CloudWatch does.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3

from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Resource

# A metric: namespace, name, and the values of its dimensions.
Metric = tuple[str, str, tuple[str, ...]]
Datapoints = dict[Metric, float]


def measure(stack: EmbeddedStack, **by_aws: float) -> Datapoints:
    """Return one period's datapoints: the most, or the sum, as the alarms ask for.

    Args:
        stack: The stack.
        by_aws: What AWS alone can measure, such as ``Throttles``.
    """
    return (
        _queues(stack) | _functions(stack) | _own(stack) | {("AWS/Lambda", name, ()): by_aws[name] for name in by_aws}
    )


def ask(stack: EmbeddedStack, path: str) -> Datapoints:
    """Return what API Gateway measures of a request."""
    try:
        failed = stack.request("GET", path).status >= 500
    except FunctionError:
        failed = True
    return {("AWS/ApiGateway", "5xx", ("Api",)): float(failed)}


class Alarm:
    """An alarm of the template, which judges one period after another.

    Args:
        resource: What the template says.
        properties: The same, resolved.
    """

    def __init__(self, resource: Resource, properties: Mapping[str, Any]) -> None:
        self.name = resource.name
        self._properties = properties
        self._seen: list[float | None] = []
        self.state = "OK"

    @property
    def metric(self) -> Metric:
        values = tuple(str(each["Value"]) for each in self._properties["Dimensions"])
        return self._properties["Namespace"], self._properties["MetricName"], values

    @property
    def periods(self) -> int:
        """How many periods must be bad."""
        return int(self._properties["EvaluationPeriods"])

    @property
    def seconds(self) -> int:
        """How long a period is."""
        return int(self._properties["Period"])

    def judge(self, datapoints: Datapoints) -> str:
        """Take one more period, and return the state after it."""
        assert self._properties["ComparisonOperator"] == "GreaterThanThreshold"
        self._seen = [*self._seen, datapoints.get(self.metric)][-self.periods :]
        present = [value for value in self._seen if value is not None]
        if not present and self._properties["TreatMissingData"] == "ignore":
            return self.state
        breaching = [value for value in present if value > float(self._properties["Threshold"])]
        self.state = "ALARM" if len(breaching) == self.periods else "OK"
        return self.state


def _queues(stack: EmbeddedStack) -> Datapoints:
    found: Datapoints = {}
    for url in stack.sqs.list_queues(QueueNamePrefix="khobor-")["QueueUrls"]:
        name = url.rpartition("khobor-")[2].removesuffix(".fifo")
        attributes = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        count = float(attributes["Attributes"]["ApproximateNumberOfMessages"])
        found["AWS/SQS", "ApproximateNumberOfMessagesVisible", (name,)] = count
        sent = [_sent_at(message) for message in _look(stack, url)]
        if sent:
            age = (datetime.now(UTC) - min(sent)).total_seconds()
            found["AWS/SQS", "ApproximateAgeOfOldestMessage", (name,)] = age
    return found


def _look(stack: EmbeddedStack, url: str) -> Sequence[Any]:
    answer = stack.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["SentTimestamp"]
    )
    return answer.get("Messages", [])


def _sent_at(message: Any) -> datetime:
    return datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)


def _functions(stack: EmbeddedStack) -> Datapoints:
    found: Datapoints = {("AWS/Lambda", "Errors", (name,)): each.errors for name, each in stack.functions.items()}
    for each in stack.functions.values():
        each.errors = 0
    for stream in stack.streams:
        if waiting := _not_taken(stack, stream.function.name.removesuffix("Function").lower()):
            age = (datetime.now(UTC) - min(waiting)).total_seconds() * 1000
            found["AWS/Lambda", "IteratorAge", (stream.function.name,)] = age
    return found


def _not_taken(stack: EmbeddedStack, service: str) -> list[datetime]:
    """Return when the headlines were written that stand in the stream and of which a service says nothing."""
    streams: Any = boto3.client("dynamodbstreams")
    table = stack.dynamodb.describe_table(TableName=stack.outputs["ArchiveTableName"])["Table"]
    arn = table["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    changes = [record["dynamodb"] for record in streams.get_records(ShardIterator=start)["Records"]]
    said = _lines(stack)
    taken = {line["article_id"] for line in said if line.get("service") == service and "article_id" in line}
    return [
        change["ApproximateCreationDateTime"]
        for change in changes
        if change["Keys"]["sk"]["S"] == "headline" and change["Keys"]["pk"]["S"].removeprefix("article#") not in taken
    ]


def _own(stack: EmbeddedStack) -> Datapoints:
    """Return what the functions wrote as EMF: of each metric the most."""
    found: Datapoints = {}
    for line in _lines(stack):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            for dimensions in directive["Dimensions"]:
                values = tuple(line[name] for name in dimensions)
                for metric in directive["Metrics"]:
                    key = (directive["Namespace"], metric["Name"], values)
                    found[key] = max(found.get(key, 0.0), *line[metric["Name"]])
    return found


def _lines(stack: EmbeddedStack) -> list[dict[str, Any]]:
    stack.log.seek(0)
    return [json.loads(line) for line in stack.log if line.startswith("{")]
