"""moto at scale answers as moto does."""

import json
from contextlib import nullcontext
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError, ParamValidationError
from moto import mock_aws
from tests.benchmarks.moto_at_scale import moto_at_scale

REGION = "eu-central-1"
# One for all: it reads the descriptions of AWS's services once.
SESSION = boto3.Session(region_name=REGION)
ITEM: dict[str, Any] = {
    "pk": {"S": "1"},
    "source": {"S": "x"},
    "next": {"N": "5"},
    "title": {"S": "old"},
    "count": {"N": "1"},
}


def both(asked: Any) -> list[Any]:
    """What moto answers to the same calls, as it is and at scale."""
    answers = []
    for manner in (nullcontext(), moto_at_scale()):
        with mock_aws(), manner:
            answers.append(asked())
    return answers


def table() -> Any:
    dynamodb: Any = SESSION.client("dynamodb")
    names = {"pk": "S", "source": "S", "next": "N"}
    dynamodb.create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in names.items()],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "index",
                "KeySchema": [
                    {"AttributeName": "source", "KeyType": "HASH"},
                    {"AttributeName": "next", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    dynamodb.put_item(TableName="table", Item=ITEM)
    return dynamodb


def items(dynamodb: Any) -> Any:
    return dynamodb.scan(TableName="table")["Items"]


def due(dynamodb: Any, source: str) -> list[str]:
    answer = dynamodb.query(
        TableName="table",
        IndexName="index",
        KeyConditionExpression="#source = :source AND #next <= :now",
        ExpressionAttributeNames={"#source": "source", "#next": "next"},
        ExpressionAttributeValues={":source": {"S": source}, ":now": {"N": "9"}},
    )
    return [item["pk"]["S"] for item in answer["Items"]]


@pytest.mark.parametrize(
    ("expression", "names", "values"),
    [
        ("SET title = :a, is_taken = :b", {}, {":a": {"S": "new"}, ":b": {"BOOL": True}}),
        ("SET title = if_not_exists(title, :a), other = if_not_exists(other, :a)", {}, {":a": {"S": "new"}}),
        ("SET #s = :a REMOVE #n, title, nothing", {"#s": "source", "#n": "next"}, {":a": {"S": "y"}}),
        ("REMOVE title", {}, {}),
        ("SET #c = #c + :a", {"#c": "count"}, {":a": {"N": "2"}}),
        ("ADD #c :a", {"#c": "count"}, {":a": {"N": "2"}}),
        ("SET title = if_not_exists(other, :a)", {}, {":a": {"S": "new"}}),
        # What is refused.
        ("SET source = :a", {}, {":a": {"S": "y"}}),
        ("SET pk = :a", {}, {":a": {"S": "2"}}),
        ("SET #s = :a", {"#s": "source"}, {":a": {"N": "1"}}),
        ("SET #s = :a", {"#s": "source"}, {":a": {"S": ""}}),
        ("SET title = :a, title = :b", {}, {":a": {"S": "a"}, ":b": {"S": "b"}}),
        ("SET title = :missing", {}, {":a": {"S": "a"}}),
        ("SET title = title", {}, {":unused": {"S": "a"}}),
    ],
)
@pytest.mark.parametrize("pk", ["1", "2"])
def test_an_update_does_the_same(expression: str, names: dict[str, str], values: dict[str, Any], pk: str) -> None:
    def update() -> Any:
        dynamodb = table()
        given = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        request = {name: value for name, value in given.items() if value}
        refused = None
        try:
            dynamodb.update_item(TableName="table", Key={"pk": {"S": pk}}, UpdateExpression=expression, **request)
        except ClientError as error:
            refused = error.response["Error"]
        return refused, items(dynamodb), due(dynamodb, "x"), due(dynamodb, "y")

    usual, at_scale = both(update)
    assert usual == at_scale


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("attribute_not_exists(pk)", {}),
        ("attribute_not_exists(gone) OR gone < :a", {}),
        ("(attribute_exists(pk) AND #c <= :a) OR #c = :b", {"#c": "count"}),
        ("NOT #c BETWEEN :a AND :b", {"#c": "count"}),
        ("#c IN (:a, :b)", {"#c": "count"}),
        ("begins_with(title, :c)", {}),
    ],
)
def test_a_condition_holds_or_not_all_the_same_whatever_the_values(condition: str, names: dict[str, str]) -> None:
    def put() -> list[bool]:
        dynamodb = table()
        holds = []
        for numbers in (("0", "1"), ("1", "2"), ("2", "3")):
            given = dict(zip((":a", ":b"), ({"N": each} for each in numbers), strict=True)) | {":c": {"S": "o"}}
            values = {name: value for name, value in given.items() if name in condition}
            request = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
            try:
                dynamodb.put_item(
                    TableName="table",
                    Item=ITEM,
                    ConditionExpression=condition,
                    **{name: value for name, value in request.items() if value},
                )
                holds.append(True)
            except ClientError:
                holds.append(False)
        return holds

    usual, at_scale = both(put)
    assert usual == at_scale


def test_an_index_finds_what_is_in_it_now() -> None:
    def ask() -> list[Any]:
        dynamodb = table()
        for number in range(2, 6):
            dynamodb.put_item(
                TableName="table", Item={**ITEM, "pk": {"S": str(number)}, "next": {"N": str(10 - number)}}
            )
        found = [due(dynamodb, "x"), due(dynamodb, "y")]
        dynamodb.put_item(TableName="table", Item={**ITEM, "pk": {"S": "3"}, "source": {"S": "y"}})
        dynamodb.delete_item(TableName="table", Key={"pk": {"S": "4"}})
        dynamodb.put_item(TableName="table", Item={"pk": {"S": "5"}, "source": {"S": "x"}})
        return [*found, due(dynamodb, "x"), due(dynamodb, "y")]

    usual, at_scale = both(ask)
    assert usual == at_scale == [["1", "5", "4", "3", "2"], [], ["1", "2"], ["3"]]


def test_a_stream_that_is_read_on_is_the_same() -> None:
    def read() -> Any:
        dynamodb = table()
        viewed = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        answer = dynamodb.update_table(TableName="table", StreamSpecification=viewed)
        arn = answer["TableDescription"]["LatestStreamArn"]
        for number in range(5):
            dynamodb.put_item(TableName="table", Item={**ITEM, "pk": {"S": str(number)}})
        streams: Any = SESSION.client("dynamodbstreams")
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**where)["ShardIterator"]
        pages = []
        for _ in range(4):
            answer = streams.get_records(ShardIterator=iterator, Limit=2)
            iterator = answer["NextShardIterator"]
            pages.append([record["dynamodb"]["NewImage"]["pk"]["S"] for record in answer["Records"]])
        return pages

    usual, at_scale = both(read)
    assert usual == at_scale == [["0", "1"], ["2", "3"], ["4"], []]


def test_a_queue_is_the_same() -> None:
    def queue() -> Any:
        sqs: Any = SESSION.client("sqs")
        dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:123456789012:dead.fifo", "maxReceiveCount": 2}
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "RedrivePolicy": json.dumps(redrive)}
        url = sqs.create_queue(QueueName="q.fifo", Attributes=attributes)["QueueUrl"]
        for body in ("1", "2", "2", "3"):
            sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="a")
        (first,) = sqs.receive_message(QueueUrl=url)["Messages"]
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        for _ in range(2):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        rest = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        some = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "Policy", "FifoQueue"])["Attributes"]
        count = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
        return first["Body"], [message["Body"] for message in rest], told, some, count

    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        usual, at_scale = both(queue)
        clock.shift(1)
    assert usual == at_scale


def test_a_group_comes_in_its_order_when_its_messages_are_visible_again() -> None:
    with mock_aws(), moto_at_scale(), time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        sqs: Any = SESSION.client("sqs")
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "30"}
        url = sqs.create_queue(QueueName="q.fifo", Attributes=attributes)["QueueUrl"]
        for body in "abc":
            sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
        clock.shift(1)
        for _ in range(2):
            received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
            assert [message["Body"] for message in received] == ["a", "b", "c"]
            assert "Messages" not in sqs.receive_message(QueueUrl=url)
            clock.shift(31)


def test_what_stands_in_for_moto_is_taken_back() -> None:
    with mock_aws():
        with moto_at_scale():
            dynamodb = table()
        assert due(dynamodb, "x") == ["1"]
        with pytest.raises(ParamValidationError):
            dynamodb.get_item(TableName="table")
