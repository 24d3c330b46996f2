"""The shorter way to moto gives what the usual way gives."""

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from khobor.local.resources import REGION
from khobor.local.stack import EmbeddedStack

ITEM: dict[str, Any] = {
    "pk": {"S": "url#a"},
    "source": {"S": "আলো"},
    "next_visit": {"N": "12"},
    "data": {"B": b"\x00\xff"},
    "is_taken": {"BOOL": True},
    "tags": {"L": [{"S": "a"}, {"M": {"b": {"N": "1.50"}}}]},
}


def usual(service: str) -> Any:
    """A client that takes the usual way."""
    return botocore.session.Session().create_client(service, region_name=REGION)


def said(answer: Any) -> dict[str, Any]:
    """What an answer says, without what it says of itself."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def ask(client: Any, operation: str, **request: object) -> dict[str, Any]:
    return said(getattr(client, operation)(**request))


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("get_item", {"Key": {"pk": {"S": "url#a"}}}),
        ("get_item", {"Key": {"pk": {"S": "url#b"}}}),
        (
            "query",
            {
                "IndexName": "by_next_visit",
                "KeyConditionExpression": "#source = :source AND next_visit <= :now",
                "ExpressionAttributeNames": {"#source": "source"},
                "ExpressionAttributeValues": {":source": {"S": "আলো"}, ":now": {"N": "12"}},
            },
        ),
        ("scan", {"Limit": 1}),
        (
            "update_item",
            {
                "Key": {"pk": {"S": "url#a"}},
                "UpdateExpression": "SET is_taken = :taken",
                "ExpressionAttributeValues": {":taken": {"BOOL": True}},
                "ReturnValues": "ALL_OLD",
            },
        ),
    ],
)
def test_a_table_answers_the_same(stack: EmbeddedStack, operation: str, request_: dict[str, Any]) -> None:
    table = stack.outputs["CrawlTableName"]
    stack.dynamodb.put_item(TableName=table, Item=ITEM)
    short, long = (
        ask(client, operation, TableName=table, **request_) for client in (stack.dynamodb, usual("dynamodb"))
    )
    assert short == long


def test_a_refused_write_raises_the_same(stack: EmbeddedStack) -> None:
    table = stack.outputs["CrawlTableName"]
    stack.dynamodb.put_item(TableName=table, Item=ITEM)
    answers = []
    for client in (stack.dynamodb, usual("dynamodb")):
        with pytest.raises(ClientError) as refused:
            client.put_item(
                TableName=table,
                Item=ITEM,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        answers.append(said(refused.value.response))
    assert answers[0] == answers[1]
    assert answers[0]["Item"] == ITEM


def test_a_message_is_the_same(stack: EmbeddedStack) -> None:
    queue = stack.outputs["FetchQueueUrl"]
    received = []
    clients: tuple[Any, ...] = (stack.sqs, usual("sqs"))
    for client in clients:
        attributes = {"reason": {"DataType": "String", "StringValue": "ভুল"}}
        client.send_message(QueueUrl=queue, MessageBody="<b>&", MessageGroupId="a", MessageAttributes=attributes)
        (message,) = client.receive_message(QueueUrl=queue, AttributeNames=["All"], MessageAttributeNames=["All"])[
            "Messages"
        ]
        client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        received.append(message)
        assert said(client.receive_message(QueueUrl=queue)) == {}
    short, long = received
    assert short.keys() == long.keys()
    for name in ("Body", "MD5OfBody", "MessageAttributes", "MD5OfMessageAttributes"):
        assert short[name] == long[name]
    assert short["Attributes"].keys() == long["Attributes"].keys()


def test_an_object_is_the_same_whoever_wrote_and_reads_it(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    clients: tuple[Any, ...] = (stack.s3, usual("s3"))
    answers = []
    for writer in clients:
        writer.put_object(
            Bucket=bucket,
            Key="a b/ক.txt",
            Body=b"text\r\n",
            ContentEncoding="gzip",
            Metadata={"url": "https://a.example"},
        )
        for reader in clients:
            answer = reader.get_object(Bucket=bucket, Key="a b/ক.txt")
            content = answer.pop("Body").read()
            answers.append({**said(answer), "content": content, "VersionId": None, "LastModified": None})
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["content"] == b"text\r\n"


def test_an_object_that_is_not_there_raises_the_same(stack: EmbeddedStack) -> None:
    answers = []
    for client in (stack.s3, usual("s3")):
        with pytest.raises(ClientError) as missing:
            client.get_object(Bucket=stack.outputs["RawBucketName"], Key="none")
        answers.append(said(missing.value.response))
    assert answers[0] == answers[1]


def test_a_stream_is_the_same(stack: EmbeddedStack) -> None:
    table = stack.outputs["ArchiveTableName"]
    item = ITEM | {"sk": {"S": "body"}}
    stack.dynamodb.put_item(TableName=table, Item=item)
    stack.dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item | {"data": {"B": b"2"}}}}]})
    arn = stack.dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    answers = []
    # What the functions make is made from the stack's own session.
    for client in (boto3.client("dynamodbstreams"), usual("dynamodbstreams")):
        (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        where: Any = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = client.get_shard_iterator(**where)["ShardIterator"]
        answers.append(client.get_records(ShardIterator=iterator)["Records"])
    assert answers[0] == answers[1]
    assert [record["dynamodb"]["NewImage"]["data"] for record in answers[0]] == [{"B": b"\x00\xff"}, {"B": b"2"}]


def test_an_event_is_put_as_on_the_usual_way(stack: EmbeddedStack) -> None:
    bus = stack.events.list_event_buses()["EventBuses"][-1]["Name"]
    entry = {"Source": "khobor", "DetailType": "ArticleStored", "Detail": "{}", "EventBusName": bus}
    clients: tuple[Any, ...] = (stack.events, usual("events"))
    answers = [ask(client, "put_events", Entries=[entry]) for client in clients]
    assert [(answer["FailedEntryCount"], [list(each) for each in answer["Entries"]]) for answer in answers] == [
        (0, [["EventId"]])
    ] * 2
