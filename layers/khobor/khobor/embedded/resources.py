"""Creates the template's buckets, queues, tables, event buses, topics and delivery streams, as references need them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from khobor.embedded import gateway
from khobor.embedded.account import ACCOUNT, REGION, STACK_NAME
from khobor.embedded.template import Resource, Template
from khobor.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_firehose import FirehoseClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK_NAME,
}

_BUCKET_PROPERTIES = ("VersioningConfiguration", "NotificationConfiguration")
_TABLE_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")

# The attributes of a created resource; the key None has the value of ``Ref``.
ResourceAttributes = dict[str | None, str]


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The clients that create resources.

    Attributes:
        s3: For buckets.
        sqs: For queues.
        dynamodb: For tables.
        events: For event buses.
        sns: For topics.
        firehose: For delivery streams. Returns the client, because few stacks need it and it takes time to create.
    """

    s3: "S3Client"
    sqs: "SQSClient"
    dynamodb: "DynamoDBClient"
    events: "EventBridgeClient"
    sns: Any
    firehose: Callable[[], "FirehoseClient"]


class Resources:
    """The resources of one template, each created once."""

    def __init__(self, template: Template, clients: Clients) -> None:
        self._template = template
        self._clients = clients
        self._created: dict[str, ResourceAttributes] = {}
        self._makers: dict[str, Callable[[Resource], ResourceAttributes]] = {
            "AWS::SQS::Queue": self._make_queue,
            "AWS::S3::Bucket": self._make_bucket,
            "AWS::DynamoDB::Table": self._make_table,
            "AWS::Events::EventBus": self._make_event_bus,
            "AWS::KinesisFirehose::DeliveryStream": self._make_delivery_stream,
            "AWS::SNS::Topic": self._make_topic,
            "AWS::CloudWatch::Dashboard": lambda dashboard: {None: dashboard.name},
            "AWS::Serverless::Function": lambda function: {None: function.name},
            # Only the names of these are used.
            "AWS::Glue::Database": lambda database: {None: self.resolve(database.properties["DatabaseInput"]["Name"])},
            # The state machine cannot run here, but its function can.
            "AWS::Serverless::StateMachine": lambda machine: {
                None: f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{machine.name}"
            },
            "AWS::Serverless::HttpApi": lambda api: {None: api.name, "ApiEndpoint": gateway.ENDPOINT},
        }

    def make_all(self) -> None:
        """Create every resource of a supported type."""
        for resource in self._template.resources.values():
            if resource.type in self._makers:
                self.lookup(resource.name, None)

    def resolve(self, value: Any) -> Any:
        """Return a part of the template with its references resolved; resources that it refers to are created."""
        return self._template.resolve(value, self.lookup)

    def lookup(self, name: str, attribute: str | None) -> Any:
        """Return the value of ``Ref`` or ``Fn::GetAtt``.

        Args:
            name: The resource or pseudo parameter.
            attribute: The attribute of ``Fn::GetAtt``; None for ``Ref``.

        Raises:
            ConfigurationError: The resource has an unsupported type.
        """
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name not in self._created:
            resource = self._template.resources[name]
            if resource.type not in self._makers:
                raise ConfigurationError(f"the embedded stack does not support {name}, which is an {resource.type}")
            self._created[name] = self._makers[resource.type](resource)
        return self._created[name][attribute]

    def _make_queue(self, resource: Resource) -> ResourceAttributes:
        properties = self.resolve(resource.properties)
        name = f"{STACK_NAME}-{resource.name}" + (".fifo" if properties.get("FifoQueue") else "")
        url = self._clients.sqs.create_queue(
            QueueName=name, Attributes={key: _attribute(value) for key, value in properties.items()}
        )["QueueUrl"]
        return {None: url, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", "QueueName": name}

    def _make_bucket(self, resource: Resource) -> ResourceAttributes:
        name = f"{STACK_NAME}-{resource.name}".lower()
        declared = resource.properties
        properties = {key: self.resolve(declared[key]) for key in _BUCKET_PROPERTIES if key in declared}
        self._clients.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if versioning := properties.get("VersioningConfiguration"):
            self._clients.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
        queues = properties.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
        self._clients.s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": [_notification(queue) for queue in queues]}
        )
        return {None: name, "Arn": f"arn:aws:s3:::{name}"}

    def _make_table(self, resource: Resource) -> ResourceAttributes:
        name = f"{STACK_NAME}-{resource.name}"
        properties = self.resolve(resource.properties)
        request = {key: properties[key] for key in _TABLE_PROPERTIES if key in properties}
        if "StreamSpecification" in properties:
            request["StreamSpecification"] = {"StreamEnabled": True} | properties["StreamSpecification"]
        description = self._clients.dynamodb.create_table(TableName=name, **request)["TableDescription"]
        return {None: name, "Arn": description["TableArn"], "StreamArn": description.get("LatestStreamArn", "")}

    def _make_event_bus(self, resource: Resource) -> ResourceAttributes:
        name: str = self.resolve(resource.properties["Name"])
        return {None: name, "Arn": self._clients.events.create_event_bus(Name=name)["EventBusArn"]}

    def _make_delivery_stream(self, resource: Resource) -> ResourceAttributes:
        # moto writes the rows to the bucket unchanged, without converting them to Parquet.
        name, role = f"{STACK_NAME}-{resource.name}", f"arn:aws:iam::{ACCOUNT}:role/{STACK_NAME}"
        declared = resource.properties["ExtendedS3DestinationConfiguration"]
        where: Any = {key: self.resolve(declared[key]) for key in ("BucketARN", "Prefix", "ErrorOutputPrefix")}
        arn = self._clients.firehose().create_delivery_stream(
            DeliveryStreamName=name, ExtendedS3DestinationConfiguration=where | {"RoleARN": role}
        )["DeliveryStreamARN"]
        return {None: name, "Arn": arn}

    def _make_topic(self, resource: Resource) -> ResourceAttributes:
        name = f"{STACK_NAME}-{resource.name}"
        return {None: self._clients.sns.create_topic(Name=name)["TopicArn"], "TopicName": name}


def _attribute(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else json.dumps(value)


def _notification(queue: dict[str, Any]) -> Any:
    rules = queue.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return {"Events": [queue["Event"]], "QueueArn": queue["Queue"], "Filter": {"Key": {"FilterRules": rules}}}
