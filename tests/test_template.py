"""What template.yaml promises an operator."""

import json
import re
from dataclasses import fields
from typing import Any

import pytest
from tests.conftest import PARAMETERS
from tests.docs.glue_table import glue_type

from khobor import keys
from khobor.archive.dynamodb.lists import BY_DAY, BY_SOURCE
from khobor.archive.store_queue import MAX_MESSAGE_BYTES
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stream import matches
from khobor.embedded.template import Resource, Template
from khobor.export import schema
from khobor.fetch import fetcher
from khobor.frontier.dynamodb.known_urls import BY_NEXT_VISIT
from khobor.keys import LISTING_SUFFIX, REPLAYS, SOURCES
from khobor.replay.run import ReplayRun
from khobor.runtime import settings
from khobor.work_limits import LISTING_LIMITS, PAGE_LIMITS, WorkLimits

# With all that there is.
ALL = PARAMETERS | {"Delivery": "ENABLED"}
TEMPLATE_READ = Template.load(TEMPLATE, ALL)
RESOURCES = TEMPLATE_READ.resources
FUNCTIONS = TEMPLATE_READ.of_type("AWS::Serverless::Function")
# Those that a queue starts.
QUEUED = [
    function
    for function in FUNCTIONS
    if any(event["Type"] == "SQS" for event in function.properties.get("Events", {}).values())
]
QUEUES = TEMPLATE_READ.of_type("AWS::SQS::Queue")
ROLES = TEMPLATE_READ.of_type("AWS::IAM::Role")
# CloudFormation makes a role for each function, and no other may replace it.
X_RAY = "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"


def name_of(resource: Resource) -> str:
    return resource.name


def statements(role: Resource) -> list[dict[str, Any]]:
    """Return what a role grants, but for the use of a key of the owner's."""
    parts = [part for policy in role.properties["Policies"] for part in policy["PolicyDocument"]["Statement"]]
    return [part for part in parts if "Effect" in part]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else [str(value)]


def queue_event(function: Resource) -> dict[str, Any]:
    (event,) = (event for event in function.properties["Events"].values() if event["Type"] == "SQS")
    properties: dict[str, Any] = event["Properties"]
    return properties


def queue_of(function: Resource) -> Resource:
    return RESOURCES[queue_event(function)["Queue"]["Fn::GetAtt"][0]]


@pytest.mark.parametrize("function", QUEUED, ids=name_of)
def test_every_function_reads_a_queue_that_puts_aside_what_fails(function: Resource) -> None:
    redrive = queue_of(function).properties["RedrivePolicy"]
    dead_letters = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert RESOURCES[dead_letters].type == "AWS::SQS::Queue"
    variables = function.properties["Environment"]["Variables"]
    assert variables["DEAD_LETTER_QUEUE_URL"] == {"Ref": dead_letters}
    # Fetch receives waiting messages again and again, so it counts the attempts itself.
    if function.name == "FetchFunction":
        assert redrive["maxReceiveCount"] >= 20 * int(variables["MAX_ATTEMPTS"])
    else:
        assert variables["MAX_RECEIVE_COUNT"] == str(redrive["maxReceiveCount"])


@pytest.mark.parametrize("function", QUEUED, ids=name_of)
def test_every_queue_waits_six_times_as_long_as_its_function_may_take(function: Resource) -> None:
    assert queue_of(function).properties["VisibilityTimeout"] >= 6 * function.properties["Timeout"]


@pytest.mark.parametrize(("name", "limits"), [("ParseFunction", PAGE_LIMITS), ("DiscoverFunction", LISTING_LIMITS)])
def test_a_batch_ends_in_time_and_memory_whatever_its_pages_take(name: str, limits: WorkLimits) -> None:
    function = RESOURCES[name]
    batch = queue_event(function)["BatchSize"] * limits.seconds
    # What else is done with a page, and what the function takes before any.
    assert batch + 20 <= function.properties["Timeout"]
    assert limits.megabytes + 180 <= function.properties["MemorySize"]


@pytest.mark.parametrize("function", QUEUED, ids=name_of)
def test_every_function_answers_for_each_record_and_is_bounded(function: Resource) -> None:
    event = queue_event(function)
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_every_function_but_those_of_the_stream_of_requests_and_of_a_schedule_reads_a_queue() -> None:
    assert {function.name for function in FUNCTIONS} - {function.name for function in QUEUED} == {
        "AnnounceFunction",
        "ApiFunction",
        "DeliverFunction",
        "ReplayFunction",
        "HealthFunction",
    }


# More than two, a shard of a stream is not meant for: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
READERS = ["AnnounceFunction", "DeliverFunction"]


def test_the_stream_has_two_readers_at_most() -> None:
    reading = [each.name for each in FUNCTIONS if "Stream" in each.properties.get("Events", {})]
    assert reading == READERS


@pytest.mark.parametrize("name", READERS)
def test_the_stream_puts_aside_what_it_gives_up(name: str) -> None:
    function = RESOURCES[name].properties
    stream = function["Events"]["Stream"]["Properties"]
    assert RESOURCES["ArchiveTable"].properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert stream["Stream"] == {"Fn::GetAtt": ["ArchiveTable", "StreamArn"]}
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["BisectBatchOnFunctionError"] is True
    # The dead-letter message names the place of its record, which the stream keeps for a day.
    assert stream["MaximumRecordAgeInSeconds"] <= 12 * 3600
    assert stream["MaximumRetryAttempts"] >= 10
    queue = stream["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
    assert function["Environment"]["Variables"]["DEAD_LETTER_QUEUE_URL"] == {"Ref": queue}


STORED = {"sk": {"S": "headline"}, "content": {"S": "x"}}
FORGOTTEN = {"sk": {"S": "headline"}, "forgotten_at": {"S": "2023-08-16T06:00:00+00:00"}}
SEEN = {"sk": {"S": "seen"}, "at 2023-08-16": {"S": "x"}}
POSTING = {"sk": {"S": "2023-08-16T06:00:00+00:00#id1"}, "title": {"S": "x"}}
TEXT = {"sk": {"S": "text#x"}, "parts": {"N": "2"}}
FURTHER = {"sk": {"S": "text#x#01"}, "data": {"B": "eA=="}}
Image = dict[str, Any]


@pytest.mark.parametrize(
    ("old", "new", "readers"),
    [
        (None, STORED, READERS),
        (STORED, STORED, READERS),
        (STORED, FORGOTTEN, []),
        (STORED, None, []),
        (None, SEEN, []),
        (None, POSTING, []),
        (None, TEXT, []),
        (TEXT, TEXT, ["DeliverFunction"]),
        (TEXT, None, []),
        (FURTHER, FURTHER, []),
    ],
    ids=["stored", "again", "forgotten", "deleted", "seen", "posting", "text", "read again", "text deleted", "further"],
)
def test_what_of_the_stream_starts_functions(old: Image | None, new: Image | None, readers: list[str]) -> None:
    image = new or old or {}
    record = {"dynamodb": {"Keys": {"sk": image["sk"]}}}
    record["dynamodb"] |= ({"OldImage": old} if old else {}) | ({"NewImage": new} if new else {})
    assert [name for name in READERS if any(matches(each, record) for each in patterns(name))] == readers


def patterns(name: str) -> list[Any]:
    stream = RESOURCES[name].properties["Events"]["Stream"]["Properties"]
    found = [json.loads(each["Pattern"]) for each in stream["FilterCriteria"]["Filters"]]
    # More than these, Lambda does not take into account.
    assert all(pattern.keys() == {"dynamodb"} for pattern in found)
    return found


def test_the_announce_function_reads_the_stream_and_nothing_of_the_table() -> None:
    granted = granted_to("AnnounceRole")
    assert {action for action in granted if action.startswith("dynamodb:")} == READING_A_STREAM
    assert {action for action in granted if action.startswith("events:")} == {"events:PutEvents"}


READING_A_STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}


def granted_to(role: str) -> set[str]:
    return {action for part in statements(RESOURCES[role]) for action in texts(part["Action"])}


def test_the_deliver_function_reads_articles_and_writes_to_the_delivery_stream_alone() -> None:
    granted = {action for action in granted_to("DeliverRole") if not action.startswith("logs:")}
    assert granted == READING_A_STREAM | {"dynamodb:BatchGetItem", "firehose:PutRecordBatch", "sqs:SendMessage"}
    resources = {text for part in statements(RESOURCES["DeliverRole"]) for text in texts(part["Resource"])}
    assert {"ArchiveTable", "DeliveryStream", "DeliverDeadLetterQueue"} <= resources
    assert not {"CrawlTable", "RawBucket", "DeliveryBucket"} & resources


def test_the_delivery_stream_writes_to_its_bucket_and_reads_its_table_alone() -> None:
    role = RESOURCES["DeliveryRole"]
    (trusted,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "firehose.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert granted_to("DeliveryRole") == {
        "glue:GetTable",
        "glue:GetTableVersion",
        "glue:GetTableVersions",
        "logs:PutLogEvents",
        "s3:AbortMultipartUpload",
        "s3:GetBucketLocation",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:PutObject",
    }
    destination = RESOURCES["DeliveryStream"].properties["ExtendedS3DestinationConfiguration"]
    (written,) = (part["Resource"] for part in statements(role) if "s3:PutObject" in part["Action"])
    for prefix, resource in zip(("Prefix", "ErrorOutputPrefix"), written, strict=True):
        folder = destination[prefix].partition("/")[0]
        assert resource == {"Fn::Sub": f"${{DeliveryBucket.Arn}}/{folder}/*"}


def test_unless_it_is_asked_for_nothing_of_the_delivery_is_there() -> None:
    usual = Template.load(TEMPLATE, PARAMETERS)
    added = TEMPLATE_READ.resources.keys() - usual.resources.keys()
    # The bucket stays for what was delivered before.
    kept = {"DeliveryBucket", "DeliveryBucketPolicy"}
    assert added == {name for name in TEMPLATE_READ.resources if name.startswith("Deliver")} - kept
    assert TEMPLATE_READ.outputs.keys() - usual.outputs.keys() == {
        "DeliverDeadLetterQueueUrl",
        "DeliveryDatabaseName",
        "DeliveryStreamName",
    }
    # No other resource refers to what is left out.
    usual.resolve(usual.outputs, lambda name, _: usual.resources[name].name)
    left = {text for each in usual.resources.values() for text in texts(dict(each.properties))}
    assert not [text for text in left if any(name in text for name in added)]


def test_the_table_of_the_delivery_has_the_columns_of_an_export() -> None:
    declared = RESOURCES["DeliveryTable"].properties["TableInput"]
    expected = [{"Name": column.name, "Type": glue_type(column.type)} for column in schema.COLUMNS]
    assert declared["StorageDescriptor"]["Columns"] == expected, "stale: run make reference"
    assert declared["Parameters"]["khobor.schema"] == schema.VERSION


def test_athena_knows_the_folders_of_the_delivery_by_itself() -> None:
    declared = RESOURCES["DeliveryTable"].properties["TableInput"]
    destination = RESOURCES["DeliveryStream"].properties["ExtendedS3DestinationConfiguration"]
    (partition,) = declared["PartitionKeys"]
    folder = f"{partition['Name']}=!{{timestamp:{declared['Parameters']['projection.delivered_on.format']}}}/"
    location = declared["StorageDescriptor"]["Location"]["Fn::Sub"]
    assert f"s3://${{DeliveryBucket}}/{destination['Prefix']}" == location + folder
    assert declared["Parameters"]["projection.enabled"] == "true"
    # Another format would not be read, and the conversion takes no smaller buffer.
    assert "ParquetHiveSerDe" in declared["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]
    conversion = destination["DataFormatConversionConfiguration"]
    assert "ParquetSerDe" in conversion["OutputFormatConfiguration"]["Serializer"]
    assert conversion["SchemaConfiguration"]["TableName"] == {"Ref": "DeliveryTable"}
    assert destination["BufferingHints"]["SizeInMBs"] >= 64


def test_the_bucket_of_the_delivery_is_private_and_keeps_nothing_that_is_deleted() -> None:
    bucket = RESOURCES["DeliveryBucket"].properties
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert "VersioningConfiguration" not in bucket


def test_the_event_bus_has_the_name_of_the_stack() -> None:
    assert RESOURCES["EventBus"].properties["Name"] == {"Ref": "AWS::StackName"}
    putting = [
        role.name
        for role in ROLES
        for part in statements(role)
        if "events:PutEvents" in texts(part["Action"]) and part["Resource"] == {"Fn::GetAtt": ["EventBus", "Arn"]}
    ]
    assert putting == ["AnnounceRole"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_every_variable_that_is_set_is_read_and_every_one_read_is_set(function: Resource) -> None:
    code = (TEMPLATE.parent / function.properties["CodeUri"] / "app.py").read_text()
    (name,) = re.findall(r"(\w+Settings)\.from_environment\(os\.environ\)", code)
    read = {field.name.upper() for field in fields(getattr(settings, name))}
    # Powertools reads the one of its own.
    assert read == function.properties["Environment"]["Variables"].keys() - {"POWERTOOLS_METRICS_NAMESPACE"}
    assert code.count("os.environ") == 1


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_every_function_is_logged_and_on_arm(function: Resource) -> None:
    properties = function.properties
    logs = RESOURCES[properties["LoggingConfig"]["LogGroup"]["Ref"]]
    assert logs.properties["RetentionInDays"] == {"Ref": "LogDays"}
    assert TEMPLATE_READ.resolve(properties["Architectures"], lambda *_: None) == ["arm64"]


@pytest.mark.parametrize(
    ("tracing", "mode", "policies"), [("DISABLED", "PassThrough", []), ("ENABLED", "Active", [X_RAY])]
)
def test_tracing_which_is_paid_for_is_off_unless_it_is_asked_for(tracing: str, mode: str, policies: list[str]) -> None:
    template = Template.load(TEMPLATE, ALL | {"Tracing": tracing} if tracing == "ENABLED" else ALL)
    for function in template.of_type("AWS::Serverless::Function"):
        role = resolved(template, template.resources[function.properties["Role"]["Fn::GetAtt"][0]])
        assert resolved(template, function)["Tracing"] == mode
        assert role["ManagedPolicyArns"] == [
            policy.replace("${AWS::Partition}", "AWS::Partition") for policy in policies
        ]


# Listings with further pages and related links lead through these again and again.
LOOPING = {"DiscoverFunction", "FetchFunction", "ParseFunction"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_only_the_functions_of_a_chain_may_run_in_a_loop(function: Resource) -> None:
    assert function.properties.get("RecursiveLoop") == ("Allow" if function.name in LOOPING else None)


@pytest.mark.parametrize("function", QUEUED, ids=name_of)
def test_a_batch_is_waited_for_where_nothing_else_keeps_messages_apart(function: Resource) -> None:
    window = queue_event(function).get("MaximumBatchingWindowInSeconds", 0)
    assert (window > 0) == (function.name in {"ParseFunction", "StoreFunction"})
    timeout = function.properties["Timeout"]
    assert queue_of(function).properties["VisibilityTimeout"] >= 6 * timeout + window


def test_metrics_of_two_stacks_are_apart() -> None:
    own = {"Fn::Sub": "khobor/${AWS::StackName}"}
    for function in FUNCTIONS:
        assert function.properties["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"] == own
    namespaces = [each.properties["Namespace"] for each in TEMPLATE_READ.of_type("AWS::CloudWatch::Alarm")]
    assert [each for each in namespaces if each != own and not str(each).startswith("AWS/")] == []
    assert '"khobor"' not in RESOURCES["Dashboard"].properties["DashboardBody"]["Fn::Sub"]


# What AWS takes of the name of a stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
@pytest.mark.parametrize("stack", ["Khobor-Prod", "khobor-" + "x" * 121])
def test_no_name_that_is_made_of_the_stacks_is_one_that_aws_refuses(stack: str) -> None:
    pseudo = {"AWS::StackName": stack, "AWS::Region": "ap-southeast-1"}
    template = Template.load(TEMPLATE, ALL)
    limits = {
        "AWS::Events::EventBus": ("Name", r"[\w.-]{1,256}"),
        "AWS::CloudWatch::Dashboard": ("DashboardName", r"[\w-]{1,255}"),
    }
    for kind, (name, pattern) in limits.items():
        for resource in template.of_type(kind):
            assert re.fullmatch(pattern, template.resolve(resource.properties[name], lambda ref, _: pseudo[ref]))
    others = [each for each in template.resources.values() if each.type not in {*limits, "AWS::Logs::LogGroup"}]
    named = [each.name for each in others if "AWS::StackName" in texts([each.properties.get("Name", "")])]
    named += [each.name for each in others if "${AWS::StackName}" in str(each.properties.get("Name", ""))]
    assert named == []
    database = template.resolve(
        RESOURCES["DeliveryDatabase"].properties["DatabaseInput"]["Name"], lambda ref, _: pseudo[ref]
    )
    assert re.fullmatch(r"[a-z_][a-z0-9_]*", database)


def test_what_was_delivered_outlives_delivery_being_off() -> None:
    off = Template.load(TEMPLATE, PARAMETERS)
    assert "DeliveryBucket" in off.resources
    assert "DeliveryStream" not in off.resources
    assert RESOURCES["DeliveryTable"].properties["TableInput"]["StorageDescriptor"]["Location"] == {
        "Fn::Sub": "s3://${DeliveryBucket}/articles/"
    }


def test_what_is_retained_is_not_left_behind_by_a_stack_that_could_not_be_made() -> None:
    written = TEMPLATE.read_text(encoding="utf-8")
    assert "DeletionPolicy: Retain\n" not in written
    assert written.count("DeletionPolicy: RetainExceptOnCreate\n") == 3


def test_the_layers_are_built_for_the_processor_of_the_functions() -> None:
    # layers/install.mk reads the default; another value could only be given without a build.
    declared = TEMPLATE.read_text(encoding="utf-8").partition("  Architecture:\n")[2].partition("\n  ")[0]
    assert TEMPLATE_READ.parameters["Architecture"] == "arm64"
    assert "AllowedValues" not in declared or "AllowedValues: [arm64]" in declared


@pytest.mark.parametrize(
    ("layer", "functions"),
    [
        ("ParsingLayer", ["DiscoverFunction", "ParseFunction", "ReplayFunction", "ApiFunction", "HealthFunction"]),
        ("FetchingLayer", ["DiscoverFunction", "FetchFunction"]),
        ("ComparingLayer", ["ApiFunction"]),
    ],
)
def test_only_who_parses_fetches_or_compares_carries_what_that_needs(layer: str, functions: list[str]) -> None:
    carrying = [function.name for function in FUNCTIONS if {"Ref": layer} in function.properties["Layers"]]
    assert carrying == functions


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_no_policy_has_a_wildcard_for_actions_or_whole_resources(role: Resource) -> None:
    for statement in statements(role):
        assert not any("*" in action for action in texts(statement["Action"]))
        assert not any(text.startswith("*") or text.endswith(":*") for text in texts(statement["Resource"]))
    is_a_functions = {"Fn::GetAtt": [role.name, "Arn"]} in [each.properties["Role"] for each in FUNCTIONS]
    managed = [text for text in texts(role.properties.get("ManagedPolicyArns", [])) if text.startswith("arn:")]
    assert managed == ([X_RAY] if is_a_functions else [])


def test_no_route_of_the_api_is_without_authorisation() -> None:
    (api,) = TEMPLATE_READ.of_type("AWS::Serverless::HttpApi")
    assert api.properties["Auth"] == {"EnableIamAuthorizer": True, "DefaultAuthorizer": "AWS_IAM"}
    routes = [(each.name, event) for each in FUNCTIONS for event in each.properties.get("Events", {}).values()]
    routes = [(name, event["Properties"]) for name, event in routes if event["Type"] in {"Api", "HttpApi"}]
    assert routes == [("ApiFunction", {"ApiId": {"Ref": "Api"}, "PayloadFormatVersion": "2.0"})]
    assert not any("FunctionUrlConfig" in each.properties for each in FUNCTIONS)
    others = {each.type for each in RESOURCES.values()} & {"AWS::Lambda::Url", "AWS::Lambda::Permission"}
    assert not others | {each.type for each in RESOURCES.values() if each.type.startswith("AWS::ApiGateway")}


def test_the_api_is_closed_to_other_sites_held_back_and_logged() -> None:
    (api,) = TEMPLATE_READ.of_type("AWS::Serverless::HttpApi")
    assert "CorsConfiguration" not in api.properties
    limits = api.properties["DefaultRouteSettings"]
    assert 0 < limits["ThrottlingRateLimit"] <= limits["ThrottlingBurstLimit"]
    written = api.properties["AccessLogSettings"]
    assert "${ApiAccessLogs}" in written["DestinationArn"]["Fn::Sub"]
    assert {"user", "method", "path", "status"} <= json.loads(written["Format"]).keys()
    assert RESOURCES["ApiAccessLogs"].properties["RetentionInDays"] == {"Ref": "LogDays"}
    # So long an HTTP API waits for a function.
    assert RESOURCES["ApiFunction"].properties["Timeout"] < 30


def test_the_api_only_reads_and_of_the_bucket_only_the_sources() -> None:
    granted = statements(RESOURCES["ApiRole"])
    actions = {action for part in granted for action in texts(part["Action"]) if not action.startswith("logs:")}
    assert actions == {
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
    }
    (objects,) = (part["Resource"] for part in granted if "s3:GetObject" in part["Action"])
    assert objects == {"Fn::Sub": f"${{RawBucket.Arn}}/{SOURCES}*"}
    (listed,) = (part["Condition"] for part in granted if "s3:ListBucket" in part["Action"])
    assert listed == {"StringLike": {"s3:prefix": f"{SOURCES}*"}}


def test_every_function_has_a_role_of_its_own() -> None:
    roles = [function.properties["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS]
    assert len(set(roles)) == len(FUNCTIONS)
    assert {role.name for role in ROLES} - set(roles) == {"DeliveryRole", "ReplayStateMachineRole", "ScheduleRole"}


@pytest.mark.parametrize("queue", QUEUES, ids=name_of)
def test_every_queue_keeps_messages_as_long_as_it_can(queue: Resource) -> None:
    assert queue.properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_the_bucket_is_private_and_versioned() -> None:
    bucket = RESOURCES["RawBucket"].properties
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_bucket_and_queues_refuse_plain_http_and_other_accounts() -> None:
    account = {"Ref": "AWS::AccountId"}
    refused = [
        {"Bool": {"aws:SecureTransport": "false"}},
        # S3 itself, which sends events of uploads to the queues, belongs to no account.
        {"StringNotEquals": {"aws:PrincipalAccount": account}, "Bool": {"aws:PrincipalIsAWSService": "false"}},
    ]
    guarded: list[dict[str, str]] = []
    for policy in [*TEMPLATE_READ.of_type("AWS::SQS::QueuePolicy"), *TEMPLATE_READ.of_type("AWS::S3::BucketPolicy")]:
        statements = policy.properties["PolicyDocument"]["Statement"]
        denials = [each for each in statements if each["Effect"] == "Deny" and each["Sid"].startswith("Only")]
        assert [each["Condition"] for each in denials] == refused
        assert {(each["Principal"], each["Action"]) for each in denials} <= {("*", "sqs:*"), ("*", "s3:*")}
        guarded += policy.properties.get("Queues") or [policy.properties["Bucket"]]
    holding = [each.name for each in RESOURCES.values() if each.type in {"AWS::SQS::Queue", "AWS::S3::Bucket"}]
    assert sorted(each["Ref"] for each in guarded) == sorted(holding)


# What may hold pages, articles, messages or logs, and the property that names its key.
KEYS = {
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::S3::Bucket": ("BucketEncryption", "KMSMasterKeyID"),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::Serverless::Function": ("KmsKeyArn",),
    "AWS::Events::EventBus": ("KmsKeyIdentifier",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
}
HOLDING = [resource for resource in RESOURCES.values() if resource.type in KEYS]
KEY = f"arn:aws:kms:eu-central-1:123456789012:key/{'0' * 8}-0000-0000-0000-{'0' * 12}"


def resolved(template: Template, resource: Resource) -> dict[str, Any]:
    properties = template.resources[resource.name].properties
    answer: dict[str, Any] = template.resolve(properties, lambda name, _: name)
    return answer


@pytest.mark.parametrize("resource", HOLDING, ids=name_of)
def test_a_key_of_the_owners_encrypts_all_that_holds_data(resource: Resource) -> None:
    template = Template.load(TEMPLATE, ALL | {"KeyArn": KEY})
    first, *rest = KEYS[resource.type]
    assert KEY in texts([resolved(template, resource)[first]])
    assert all(name in json.dumps(resource.properties[first]) for name in rest)
    assert "SqsManagedSseEnabled" not in resolved(template, resource)


@pytest.mark.parametrize("resource", HOLDING, ids=name_of)
def test_without_one_the_keys_of_aws_do(resource: Resource) -> None:
    properties = resolved(TEMPLATE_READ, resource)
    assert KEYS[resource.type][0] not in properties or resource.type == "AWS::S3::Bucket"
    if resource.type == "AWS::SQS::Queue":
        assert properties["SqsManagedSseEnabled"] is True
    if resource.type == "AWS::S3::Bucket":
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_every_function_and_the_delivery_may_use_the_owners_key() -> None:
    template = Template.load(TEMPLATE, ALL | {"KeyArn": KEY})
    use = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": KEY}
    for role in ROLES:
        granted = [
            part for policy in resolved(template, role)["Policies"] for part in policy["PolicyDocument"]["Statement"]
        ]
        # In the role itself: a function waits for its role, and Lambda polls its queue as soon as it is there.
        assert (use in granted) == (role.name != "ScheduleRole")


def test_what_is_handed_over_outlives_every_message_that_points_to_it() -> None:
    rules = RESOURCES["RawBucket"].properties["LifecycleConfiguration"]["Rules"]
    (rule,) = (rule for rule in rules if rule.get("Prefix") == "articles/")
    assert rule["ExpirationInDays"] >= 2 * 14


@pytest.mark.parametrize(("days", "status", "after"), [("0", "Disabled", 36500), ("90", "Enabled", "90")])
def test_raw_pages_are_kept_for_ever_or_as_long_as_the_parameter_says(days: str, status: str, after: object) -> None:
    template = Template.load(TEMPLATE, PARAMETERS | {"RawPageDays": days})
    rules = template.resources["RawBucket"].properties["LifecycleConfiguration"]["Rules"]
    resolved = [template.resolve(rule, lambda *_: None) for rule in rules]
    old = [rule for rule in resolved if rule.get("Prefix") in {"pages/", "uploads/"}]
    assert [(rule["Status"], rule["ExpirationInDays"]) for rule in old] == [(status, after)] * 2


def test_no_rule_deletes_the_sources_that_an_operator_uploads() -> None:
    rules = RESOURCES["RawBucket"].properties["LifecycleConfiguration"]["Rules"]
    deleting = [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule]
    assert deleting
    assert not any(SOURCES.startswith(prefix) for prefix in deleting)


def test_pages_are_told_of_whatever_they_are_called_and_nothing_else_is() -> None:
    notified = RESOURCES["RawBucket"].properties["NotificationConfiguration"]["QueueConfigurations"]
    filters = [[rule["Value"] for rule in each["Filter"]["S3Key"]["Rules"]] for each in notified]
    assert filters == [[keys.PAGES], [keys.UPLOADS], [keys.LISTINGS, LISTING_SUFFIX]]
    assert not {SOURCES, REPLAYS, keys.HAND_OVER} & {keys.PAGES, keys.UPLOADS, keys.LISTINGS}


def test_parse_reads_uploaded_sources_and_no_function_writes_them() -> None:
    (parse,) = (role for role in ROLES if role.name == "ParseRole")
    granted = {action for part in statements(parse) for action in part["Action"]}
    assert {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions"} <= granted
    written = [
        text
        for role in ROLES
        for part in statements(role)
        if "s3:PutObject" in texts(part["Action"])
        for text in texts(part["Resource"])
        if "RawBucket" in text
    ]
    folders = ("articles", "listings", "pages", "replays", "replays")
    assert sorted(written) == [f"${{RawBucket.Arn}}/{folder}/*" for folder in folders]


def test_the_table_scales_to_zero_can_be_restored_and_is_kept() -> None:
    table = RESOURCES["ArchiveTable"].properties
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {BY_SOURCE, BY_DAY}


@pytest.mark.parametrize("name", ["RawBucket", "ArchiveTable", "DeliveryBucket"])
def test_what_holds_data_outlives_the_stack(name: str) -> None:
    text = TEMPLATE.read_text()
    declared = text[text.index(f"\n  {name}:") :].partition("Properties:")[0]
    assert "DeletionPolicy: Retain" in declared
    assert "UpdateReplacePolicy: Retain" in declared


def test_the_crawl_table_scales_to_zero_and_forgets_by_itself() -> None:
    table = RESOURCES["CrawlTable"].properties
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == [BY_NEXT_VISIT]


def test_sources_are_looked_at_on_a_schedule_that_can_be_stopped() -> None:
    discover = RESOURCES["DiscoverFunction"].properties
    schedule = discover["Events"]["Schedule"]["Properties"]
    assert schedule["ScheduleExpression"] == "rate(5 minutes)"
    assert discover["Environment"]["Variables"]["SCHEDULE_SECONDS"] == "300"
    assert schedule["State"] == {"Ref": "DiscoverySchedule"}
    assert json.loads(schedule["Input"]) == {"scheduled_at": "<aws.scheduler.scheduled-time>"}


def test_a_turn_of_a_host_outlasts_every_visit() -> None:
    assert fetcher.TURN.total_seconds() >= RESOURCES["FetchFunction"].properties["Timeout"]


def test_the_store_queue_takes_what_parse_sends() -> None:
    assert RESOURCES["StoreQueue"].properties["MaximumMessageSize"] == MAX_MESSAGE_BYTES


def test_parameters_and_outputs_say_what_they_are_for() -> None:
    text = TEMPLATE.read_text()
    assert text.count("    Type: ") >= len(TEMPLATE_READ.parameters)
    declared = text.partition("\nParameters:")[2].partition("\nConditions:")[0]
    assert declared.count(" Description:") == len(TEMPLATE_READ.parameters)
    outputs = text.partition("\nOutputs:")[2]
    assert outputs.count("Description:") == len(TEMPLATE_READ.outputs)


STATES = RESOURCES["ReplayStateMachine"].properties["Definition"]["States"]
PAGES = STATES["EachPrefix"]["ItemProcessor"]["States"]["EachPage"]


def test_a_replay_lists_the_bucket_and_has_its_pages_read_so_many_at_a_time() -> None:
    assert STATES["EachPrefix"]["MaxConcurrency"] == 1
    assert PAGES["ItemReader"]["Resource"].endswith(":s3:listObjectsV2")
    assert PAGES["ItemReader"]["Parameters"] == {"Bucket": "${RawBucket}", "Prefix.$": "$.prefix"}
    assert PAGES["MaxConcurrencyPath"] == "$.concurrency"
    assert PAGES["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    # What the function takes of each.
    assert PAGES["ItemSelector"].keys() == {"key.$", "run.$"}
    passed = STATES["EachPrefix"]["ItemSelector"].keys()
    assert passed == {"prefix.$", "run.$", "concurrency.$"}


OTHERS = STATES["EachKey"]


def test_a_replay_reads_pages_that_no_prefix_tells_from_a_list_in_the_bucket() -> None:
    assert (STATES["EachPrefix"]["Next"], STATES["EachPrefix"]["ResultPath"]) == ("AreThereKeys", None)
    (choice,) = STATES["AreThereKeys"]["Choices"]
    assert choice == {"Variable": "$.keys", "IsPresent": True, "Next": "EachKey"}
    assert STATES[STATES["AreThereKeys"]["Default"]]["Type"] == STATES[OTHERS["Next"]]["Type"] == "Succeed"
    assert OTHERS["ItemReader"]["Resource"].endswith(":s3:getObject")
    assert OTHERS["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    assert OTHERS["ItemReader"]["Parameters"] == {"Bucket": "${RawBucket}", "Key.$": "$.keys"}
    assert OTHERS["ItemSelector"] == {"key.$": "$$.Map.Item.Value", "run.$": "$.run"}
    # A page is read as those are that prefixes tell.
    same = ("ItemBatcher", "MaxConcurrencyPath", "ToleratedFailurePercentage", "ItemProcessor", "ResultWriter")
    assert [OTHERS[name] for name in same] == [PAGES[name] for name in same]
    # The state machine may read what lies there.
    assert ReplayRun(name="x").keys.startswith(REPLAYS)


def test_a_page_that_cannot_be_read_again_stops_no_other_and_is_tried_before() -> None:
    assert PAGES["ToleratedFailurePercentage"] == 100
    (task,) = PAGES["ItemProcessor"]["States"].values()
    (retry,) = task["Retry"]
    assert retry["ErrorEquals"] == ["States.ALL"]
    assert retry["MaxAttempts"] >= 3
    # Their results exceed the limit of an execution.
    written = PAGES["ResultWriter"]["Parameters"]
    assert written["Bucket"] == "${RawBucket}"
    assert written["Prefix"].startswith(REPLAYS)


def test_the_state_machine_only_lists_invokes_and_writes_reports() -> None:
    policy = RESOURCES["ReplayStateMachinePolicy"].properties
    assert policy["Roles"] == [{"Ref": "ReplayStateMachineRole"}]
    own = policy["PolicyDocument"]["Statement"]
    parts = statements(RESOURCES["ReplayStateMachineRole"]) + own
    assert {action for part in parts for action in texts(part["Action"])} == {
        "lambda:InvokeFunction",
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "states:DescribeExecution",
        "states:RedriveExecution",
        "states:StartExecution",
        "states:StopExecution",
    }
    assert {text for part in own for text in texts(part["Resource"])} == {
        "ReplayStateMachine",
        *(
            f"arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:execution:${{ReplayStateMachine.Name}}{end}"
            for end in (":*", "/*")
        ),
    }


def test_reports_of_replays_are_no_pages_and_do_not_stay_for_ever() -> None:
    rules = RESOURCES["RawBucket"].properties["LifecycleConfiguration"]["Rules"]
    (rule,) = (rule for rule in rules if rule.get("Prefix") == REPLAYS)
    assert rule["ExpirationInDays"] >= 30
    notified = RESOURCES["RawBucket"].properties["NotificationConfiguration"]["QueueConfigurations"]
    rules = [rule for part in notified for rule in part["Filter"]["S3Key"]["Rules"]]
    suffixes = [rule["Value"] for rule in rules if rule["Name"] == "suffix"]
    assert not any("report.json".endswith(suffix) for suffix in suffixes)


def test_the_health_function_reads_what_it_judges_and_tells_the_alarm_topic() -> None:
    (health,) = (role for role in ROLES if role.name == "HealthRole")
    granted = {action for part in statements(health) for action in texts(part["Action"])}
    assert {action for action in granted if not action.startswith("logs:")} == {
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "sns:Publish",
    }
    (queried,) = (part["Resource"] for part in statements(health) if part["Action"] == "dynamodb:Query")
    assert queried == [
        {"Fn::Sub": f"${{ArchiveTable.Arn}}/index/{BY_SOURCE}"},
        {"Fn::Sub": f"${{CrawlTable.Arn}}/index/{BY_NEXT_VISIT}"},
    ]
    (objects,) = (part["Resource"] for part in statements(health) if "s3:GetObject" in part["Action"])
    assert objects == {"Fn::Sub": f"${{RawBucket.Arn}}/{SOURCES}*"}
