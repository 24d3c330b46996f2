"""moto responds as it does without the caches of the tests."""

from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core import responses
from moto.core.serialize import XFormedAttributePicker
from tests.moto_responses import CachingPicker

SESSION = boto3.Session(region_name="eu-central-1")
ITEM: dict[str, Any] = {
    "pk": {"S": "S"},
    "binary": {"B": b"\x00\xff"},
    "boolean": {"BOOL": False},
    "empty": {"S": ""},
    "list": {"L": [{"N": "0"}, {"M": {"S": {"S": "n"}, "N": {"NULL": True}}}]},
    "map": {"M": {}},
    "numbers": {"NS": ["1", "2"]},
    "texts": {"SS": ["খবর"]},
}


def dynamodb() -> list[Any]:
    client = SESSION.client("dynamodb")
    client.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    described = client.describe_table(TableName="t")["Table"]
    return [
        {name: described[name] for name in ("KeySchema", "AttributeDefinitions", "BillingModeSummary", "ItemCount")},
        client.put_item(TableName="t", Item=ITEM, ReturnValues="ALL_OLD"),
        client.get_item(TableName="t", Key={"pk": {"S": "S"}}),
        client.get_item(TableName="t", Key={"pk": {"S": "none"}}),
        client.scan(TableName="t", ReturnConsumedCapacity="TOTAL"),
    ]


def sqs() -> list[Any]:
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
    varying = {"MessageId", "ReceiptHandle", "Attributes"}
    return [
        [{name: value for name, value in each.items() if name not in varying} for each in received["Messages"]],
        [each["Attributes"].keys() for each in received["Messages"]],
        client.receive_message(QueueUrl=url),
    ]


def s3() -> list[Any]:
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


@pytest.mark.parametrize("calls", [dynamodb, sqs, s3])
def test_a_response_is_the_same(calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = []
    for picker in (XFormedAttributePicker, CachingPicker, CachingPicker):
        monkeypatch.setattr(responses, "XFormedAttributePicker", picker)
        with mock_aws():
            answers.append(without_metadata(calls()))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]
