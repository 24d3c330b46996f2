"""The faster moto of the tests gives the same responses as moto itself."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from tests import quick_moto

SESSION = boto3.Session(region_name="eu-central-1")
ITEM: dict[str, Any] = {
    "pk": {"S": "S"},
    "sk": {"N": "10"},
    "binary": {"B": b"\x00\xff"},
    "boolean": {"BOOL": False},
    "empty": {"S": ""},
    "list": {"L": [{"N": "0"}, {"M": {"S": {"S": "n"}, "N": {"NULL": True}}}]},
    "map": {"M": {}},
    "numbers": {"NS": ["1", "2"]},
    "parts": {"BS": [b"\x01"]},
    "texts": {"SS": ["খবর"]},
}
KEY = {name: ITEM[name] for name in ("pk", "sk")}


def table() -> Any:
    client = SESSION.client("dynamodb")
    client.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
        ],
    )
    return client


def refused(call: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    return dict(refusal.value.response)


def items() -> list[Any]:
    client = table()
    described = client.describe_table(TableName="t")["Table"]
    numbered = [{"pk": {"S": "many"}, "sk": {"N": str(number)}, "text": {"S": "x" * number}} for number in (9, 10, 2)]
    return [
        {name: described[name] for name in ("KeySchema", "AttributeDefinitions", "BillingModeSummary", "ItemCount")},
        client.put_item(TableName="t", Item=ITEM, ReturnValues="ALL_OLD"),
        client.put_item(TableName="t", Item=ITEM | {"new": {"S": ""}}, ReturnValues="ALL_OLD"),
        client.get_item(TableName="t", Key=KEY),
        client.get_item(
            TableName="t", Key=KEY, ProjectionExpression="#l, numbers", ExpressionAttributeNames={"#l": "list"}
        ),
        client.get_item(TableName="t", Key=KEY | {"pk": {"S": "none"}}),
        client.update_item(
            TableName="t",
            Key=KEY,
            UpdateExpression="SET bools = :b, counted_all = if_not_exists(counted_all, :n) + :n REMOVE texts",
            ConditionExpression="#binary = :binary",
            ExpressionAttributeNames={"#binary": "binary"},
            ExpressionAttributeValues={":b": {"BOOL": True}, ":n": {"N": "1"}, ":binary": ITEM["binary"]},
            ReturnValues="ALL_NEW",
        ),
        client.batch_write_item(RequestItems={"t": [{"PutRequest": {"Item": item}} for item in numbered]}),
        client.batch_get_item(RequestItems={"t": {"Keys": [KEY, {"pk": {"S": "many"}, "sk": {"N": "9"}}]}}),
        *[
            client.query(
                TableName="t",
                KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": "many"}},
                ScanIndexForward=forward,
                Limit=2,
            )
            for forward in (True, False)
        ],
        client.scan(TableName="t", ReturnConsumedCapacity="TOTAL"),
        client.transact_write_items(TransactItems=[{"Delete": {"TableName": "t", "Key": KEY}}]),
        client.delete_item(TableName="t", Key={"pk": {"S": "many"}, "sk": {"N": "9"}}, ReturnValues="ALL_OLD"),
    ]


def refusals() -> list[Any]:
    client = table()
    client.put_item(TableName="t", Item=ITEM)
    there: Any = {"ConditionExpression": "attribute_not_exists(pk)"}
    return [
        refused(client.put_item, TableName="t", Item=ITEM, **there, ReturnValuesOnConditionCheckFailure="ALL_OLD"),
        refused(client.update_item, TableName="t", Key=KEY, UpdateExpression="SET a = :a"),
        refused(client.get_item, TableName="none", Key=KEY),
        refused(
            client.query, TableName="t", KeyConditionExpression="sk = :p", ExpressionAttributeValues={":p": {"N": "1"}}
        ),
        refused(client.transact_write_items, TransactItems=[{"Put": {"TableName": "t", "Item": ITEM, **there}}]),
        client.scan(TableName="t"),
    ]


def changes() -> list[Any]:
    client, streams = table(), SESSION.client("dynamodbstreams")
    for item in (ITEM, ITEM | {"empty": {"S": "full"}}):
        client.put_item(TableName="t", Item=item)
    arn = client.describe_table(TableName="t")["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=iterator["ShardIterator"], Limit=10)["Records"]
    images = ("Keys", "OldImage", "NewImage", "StreamViewType")
    return [
        [each["eventName"], {name: each["dynamodb"].get(name) for name in images}, type(each["dynamodb"]["SizeBytes"])]
        for each in records
    ]


def messages() -> list[Any]:
    client = SESSION.client("sqs")
    url = client.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    attributes: Any = {"reason": {"DataType": "String", "StringValue": "খবর"}}
    client.send_message(QueueUrl=url, MessageBody="a", MessageGroupId="g", MessageDeduplicationId="d")
    client.send_message(
        QueueUrl=url, MessageBody="b", MessageGroupId="h", MessageDeduplicationId="e", MessageAttributes=attributes
    )
    received = client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
    )
    hidden: list[Any] = [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 60}
        for number, message in enumerate(received["Messages"])
    ]
    binary: Any = {"raw": {"DataType": "Binary", "BinaryValue": b"\xff"}}
    entries: list[Any] = [
        {"Id": group, "MessageBody": group, "MessageGroupId": group, "MessageDeduplicationId": group}
        for group in ("i", "j")
    ]
    varying = {"MessageId", "ReceiptHandle", "Attributes"}
    return [
        [{name: value for name, value in each.items() if name not in varying} for each in received["Messages"]],
        [each["Attributes"].keys() for each in received["Messages"]],
        client.receive_message(QueueUrl=url),
        client.change_message_visibility_batch(QueueUrl=url, Entries=hidden),
        client.delete_message_batch(QueueUrl=url, Entries=[{"Id": "0", "ReceiptHandle": hidden[0]["ReceiptHandle"]}]),
        client.delete_message(QueueUrl=url, ReceiptHandle=hidden[1]["ReceiptHandle"]),
        [sent.keys() for sent in client.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]],
        client.send_message(
            QueueUrl=url, MessageBody="c", MessageGroupId="k", MessageDeduplicationId="f", MessageAttributes=binary
        )["MD5OfMessageAttributes"],
        client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]),
        refused(client.receive_message, QueueUrl=url, MaxNumberOfMessages=11),
        refused(client.delete_message, QueueUrl=url, ReceiptHandle="none"),
        refused(client.get_queue_url, QueueName="none"),
    ]


def objects() -> list[Any]:
    client = SESSION.client("s3")
    client.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_object(Bucket="bucket", Key="pages/খবর.html", Body=b"x", Metadata={"url": "https://news.example/1"})
    listed = client.list_objects_v2(Bucket="bucket")
    return [
        [{name: value for name, value in each.items() if name != "LastModified"} for each in listed["Contents"]],
        client.head_object(Bucket="bucket", Key="pages/খবর.html")["Metadata"],
        client.list_objects_v2(Bucket="bucket", Prefix="none"),
    ]


def without_metadata(answers: Any) -> Any:
    if isinstance(answers, dict):
        return {name: without_metadata(value) for name, value in answers.items() if name != "ResponseMetadata"}
    return [without_metadata(each) for each in answers] if isinstance(answers, list) else answers


@pytest.mark.parametrize("calls", [items, refusals, changes, messages, objects])
def test_a_response_is_the_same(calls: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        quick = without_metadata(calls())
    for owner, name, own, _ in quick_moto.REPLACEMENTS:
        monkeypatch.setattr(owner, name, own)
    with mock_aws():
        assert quick == without_metadata(calls())
    assert quick
