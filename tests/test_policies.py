"""Each function's policy grants what the function's code calls, and nothing else.

The calls are those of a small archive's days in the embedded stack; moto judges them by the policies of the template.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto.iam.access_control import IAMPolicy, PermissionResult
from tests.articles import MORNING, article
from tests.conftest import PARAMETERS
from tests.example_pages import page
from tests.faults.days import beginning

from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.embedded.account import ACCOUNT, REGION, STACK_NAME
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Template
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl

pytestmark = pytest.mark.slow

# A function's name, the action, the resource, and the prefix below which it acts.
Request = tuple[str, str, str, str]
Statement = dict[str, Any]

EVERYTHING = PARAMETERS | {"Delivery": "ENABLED"}
# What Lambda itself does in a function's name: it reads queues and streams, and writes logs.
LAMBDAS_OWN = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}
# Where an operation is not the name of the action: https://docs.aws.amazon.com/service-authorization/latest/reference/
ACTIONS = {
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}


def asked(operation: str, params: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the actions that a call needs, each with the ARN of the resource, and the prefix."""
    action = ACTIONS.get(operation, operation)
    match operation.partition(":")[0]:
        case "s3":
            bucket = f"arn:aws:s3:::{params['Bucket']}"
            if "VersionId" in params:
                action = action.replace("GetObject", "GetObjectVersion")
            yield action, f"{bucket}/{params['Key']}" if "Key" in params else bucket, params.get("Prefix", "")
        case "sqs":
            yield action, arn("sqs", params["QueueUrl"].rpartition("/")[2]), ""
        case "dynamodb":
            tables = params["RequestItems"] if "RequestItems" in params else [params["TableName"]]
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield from ((action, arn("dynamodb", f"table/{table}{index}"), "") for table in tables)
        case "firehose":
            yield action, arn("firehose", f"deliverystream/{params['DeliveryStreamName']}"), ""
        case "events":
            buses = {entry["EventBusName"] for entry in params["Entries"]}
            yield from ((action, arn("events", f"event-bus/{bus}"), "") for bus in buses)
        case "sns":
            yield action, params["TopicArn"], ""
        case _:
            raise AssertionError(f"{operation} is called: say here what it asks for")


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


@pytest.fixture(scope="module")
def requests() -> set[Request]:
    """Return the calls to AWS that the functions make in the days of an archive."""
    asked_for: set[Request] = set()
    # The one place that all calls of all clients go through.
    made = vars(BaseClient)["_make_api_call"]

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        if function is None:
            return made(client, operation, params)
        name = f"{client.meta.service_model.service_name}:{operation}"
        asked_for.update((function, *each) for each in asked(name, params))
        try:
            return made(client, operation, params)
        except ClientError as error:
            # To learn that an object is not there, and not only that it may not be read.
            if error.response["Error"]["Code"] == "NoSuchKey":
                asked_for.add((function, "s3:ListBucket", f"arn:aws:s3:::{params['Bucket']}", params["Key"]))
            raise

    with beginning() as days, patch.object(BaseClient, "_make_api_call", call):
        for step in days.steps:
            days.take(step)
        # A large article whose message came after the article's object had expired.
        lost = {"reference": {"bucket": days.stack.outputs["RawBucketName"], "key": "articles/expired.json.gz"}}
        queue = days.stack.sqs.get_queue_url(QueueName=f"{STACK_NAME}-StoreQueue")["QueueUrl"]
        days.stack.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(lost))
        days.stack.run()
    with EmbeddedStack(EVERYTHING) as stack, patch.object(BaseClient, "_make_api_call", call):
        deliver_and_replay(stack)
        judge(stack)
    return asked_for


def deliver_and_replay(stack: EmbeddedStack) -> None:
    """Deliver an article, refuse a page without one, and parse old and new pages again."""
    table, bucket = stack.outputs["ArchiveTableName"], stack.outputs["RawBucketName"]
    source = b'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n'
    stack.upload("sources/daily.toml", source)
    stack.upload("uploads/bridge.html", page(head="<h2>Another title</h2>"), {"url": "https://news.example/1"})
    stack.run()
    spoilt = {"pk": {"S": "article#spoilt"}, "sk": {"S": "headline"}}
    for content in ({}, {"content": {"S": "?"}}):
        stack.dynamodb.put_item(TableName=table, Item=spoilt | content)
    # By other rules they show something else.
    stack.upload("sources/daily.toml", source + b'[rules]\ntitle = ["h2"]\n')
    stack.s3.put_object(Bucket=bucket, Key="uploads/new.html", Body=page(title="The ferry"))
    for key in ("uploads/bridge.html", "uploads/new.html", "uploads/none.html"):
        stack.invoke("ReplayFunction", {"key": key, "run": {"name": "again"}})
    # An event of a bucket with versions, which moto leaves out.
    key = "listings/daily/feed/2026-03-02/1.listing.gz"
    version = stack.s3.put_object(Bucket=bucket, Key=key, Body=b"<rss/>")["VersionId"]
    told = event_of(RawReference(bucket=bucket, key=key, version=version))
    queue = stack.sqs.get_queue_url(QueueName=f"{STACK_NAME}-DiscoverQueue")["QueueUrl"]
    stack.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(told))
    stack.run()


def judge(stack: EmbeddedStack) -> None:
    """Let health find a silent source, a URL that is no article, and the damaged file of another source."""
    weekly = b'version = 1\npublisher = "The Weekly Test"\nhosts = ["weekly.example"]\nenabled = true\n'
    stack.upload("sources/weekly.toml", weekly)
    stack.upload("sources/spoilt.toml", weekly.replace(b"weekly", b"spoilt"))
    stack.upload("sources/spoilt.toml", b"spoilt")
    for number in range(12):
        stack.archive.put(article(number, source="weekly"))
    last = MORNING + timedelta(minutes=11)
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], days=1)
    now = last + timedelta(hours=73)
    young = KnownUrl(url="https://weekly.example/1", source="weekly", since=last, next_visit=now + timedelta(hours=1))
    urls.add(young, now)
    stack.invoke("HealthFunction", {"scheduled_at": now.isoformat()})


def policies() -> dict[str, list[Statement]]:
    """Return the statements of each function's role, by the name of the function."""
    template = Template.load(TEMPLATE, EVERYTHING)

    def arn_of(name: str, attribute: str | None) -> str:
        """Return the ARN of a resource as the embedded stack names it."""
        if name == "AlarmTopic":
            return arn("sns", f"{STACK_NAME}-{name}")
        if name not in template.resources or attribute != "Arn":
            return name
        resource = template.resources[name]
        fifo = ".fifo" if resource.properties.get("FifoQueue") else ""
        return {
            "AWS::S3::Bucket": f"arn:aws:s3:::{STACK_NAME}-{name}".lower(),
            "AWS::DynamoDB::Table": arn("dynamodb", f"table/{STACK_NAME}-{name}"),
            "AWS::Events::EventBus": arn("events", f"event-bus/{STACK_NAME}"),
            "AWS::KinesisFirehose::DeliveryStream": arn("firehose", f"deliverystream/{STACK_NAME}-{name}"),
            "AWS::SQS::Queue": arn("sqs", f"{STACK_NAME}-{name}{fifo}"),
        }.get(resource.type, name)

    return {
        function.name: [
            statement
            for policy in template.resources[function.properties["Role"]["Fn::GetAtt"][0]].properties["Policies"]
            for statement in template.resolve(policy["PolicyDocument"]["Statement"], arn_of)
        ]
        for function in template.of_type("AWS::Serverless::Function")
    }


def is_granted(statements: list[Statement], request: Request) -> bool:
    _, action, resource, prefix = request
    policy = IAMPolicy(json.dumps({"Statement": statements}))
    given = {"s3:prefix": prefix}
    return policy.is_action_permitted(action, resource, None, given) == PermissionResult.PERMITTED


def parts(statements: list[Statement]) -> Iterator[Statement]:
    """Yield each action on each resource that a policy grants, but for what Lambda itself does."""
    for statement in statements:
        actions, resources = (
            [value] if isinstance(value, str) else value for value in (statement["Action"], statement["Resource"])
        )
        for action in actions:
            if action not in LAMBDAS_OWN:
                yield from (statement | {"Action": action, "Resource": resource} for resource in resources)


def test_every_function_may_do_what_it_does(requests: set[Request]) -> None:
    granted = policies()
    assert {name for name, *_ in requests} == granted.keys()
    assert [request for request in sorted(requests) if not is_granted(granted[request[0]], request)] == []


@pytest.mark.parametrize(("name", "statements"), policies().items(), ids=policies())
def test_without_any_part_of_its_policy_a_function_would_fail(
    name: str, statements: list[Statement], requests: set[Request]
) -> None:
    own = [request for request in requests if request[0] == name]
    whole = list(parts(statements))
    idle = [
        (part["Action"], part["Resource"])
        for part in whole
        if all(is_granted([other for other in whole if other != part], request) for request in own)
    ]
    assert idle == []
