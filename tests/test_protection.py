"""What template.yaml protects: the archive from deletion, uploads from other keys, roles from other callers."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import PARAMETERS

from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Resource, Template

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
ALL = PARAMETERS | {"Delivery": "ENABLED", "MonthlyBudget": "100"}
TEMPLATE_READ = Template.load(TEMPLATE, ALL)
BUCKETS = TEMPLATE_READ.of_type("AWS::S3::Bucket")
ACCOUNT = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
# Services that AWS does not document to send aws:SourceArn for this call, each with the reason. A condition on what is
# not sent refuses every call.
WITHOUT_SOURCE_ARN = {
    # "aws:SourceArn applies only to policies where your Lambda function is the target resource":
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    ("lambda.amazonaws.com", "sts:AssumeRole"),
    # Its guide names no condition for the role: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    ("firehose.amazonaws.com", "sts:AssumeRole"),
}
# What each service calls its own; the last part may be a pattern, the account never is.
REGIONAL = "${AWS::Region}:${AWS::AccountId}"
SOURCES = {
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    "scheduler.amazonaws.com": "arn:${AWS::Partition}:scheduler:" + REGIONAL + ":schedule-group/default",
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    "states.amazonaws.com": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:*",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    "s3.amazonaws.com": "arn:${AWS::Partition}:s3:::*-rawbucket*",
    # https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    "cloudwatch.amazonaws.com": "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*",
    # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    "budgets.amazonaws.com": "arn:${AWS::Partition}:budgets::${AWS::AccountId}:*",
}


def name_of(resource: Resource) -> str:
    return resource.name


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every statement of a policy that allows a service something, wherever it stands."""
    if isinstance(value, dict):
        if value.get("Effect") == "Allow" and "Service" in value.get("Principal", {}):
            yield value
        for part in value.values():
            yield from statements(part)
    elif isinstance(value, list):
        for part in value:
            yield from statements(part)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def trusted() -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return the resource, service, action and condition of everything that a service may do."""
    resources = TEMPLATE_READ.resources.values()
    allowing = [(each.name, part) for each in resources for part in statements(dict(each.properties))]
    return [
        (name, service, str(part["Action"]), part.get("Condition", {}))
        for name, part in allowing
        for service in listed(part["Principal"]["Service"])
    ]


TRUSTED = trusted()


@pytest.mark.parametrize(
    ("name", "service", "action", "condition"), TRUSTED, ids=[f"{one[0]}-{one[1]}" for one in TRUSTED]
)
def test_a_service_acts_for_this_account_and_for_what_is_the_stacks(
    name: str, service: str, action: str, condition: dict[str, Any]
) -> None:
    assert condition["StringEquals"] == ACCOUNT, name
    if (service, action) in WITHOUT_SOURCE_ARN:
        assert "ArnLike" not in condition
    else:
        assert condition["ArnLike"] == {"aws:SourceArn": {"Fn::Sub": SOURCES[service]}}


def test_every_service_that_is_known_here_is_trusted_somewhere() -> None:
    assert {service for _, service, _, _ in TRUSTED} == {*SOURCES, *(service for service, _ in WITHOUT_SOURCE_ARN)}
    roles = TEMPLATE_READ.of_type("AWS::IAM::Role")
    assert {role.name for role in roles} <= {name for name, _, _, _ in TRUSTED}


def test_the_schedules_are_in_the_group_that_their_role_trusts() -> None:
    functions = TEMPLATE_READ.of_type("AWS::Serverless::Function")
    events = [event for each in functions for event in each.properties.get("Events", {}).values()]
    schedules = [event["Properties"] for event in events if event["Type"] == "ScheduleV2"]
    assert schedules
    assert not any("GroupName" in each for each in schedules)


@pytest.mark.parametrize(("value", "protected"), [(None, True), ("ENABLED", True), ("DISABLED", False)])
def test_the_archive_table_is_protected_unless_that_is_disabled(value: str | None, protected: bool) -> None:
    template = Template.load(TEMPLATE, PARAMETERS | ({"DeletionProtection": value} if value else {}))
    table = template.resolve(template.resources["ArchiveTable"].properties, lambda name, _: name)
    assert table["DeletionProtectionEnabled"] is protected
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_no_bucket_and_not_the_archive_table_goes_with_the_stack() -> None:
    written = TEMPLATE.read_text("utf-8")
    for name in ["ArchiveTable", *(bucket.name for bucket in BUCKETS)]:
        block = written.partition(f"\n  {name}:\n")[2].partition("    Properties:")[0]
        assert "DeletionPolicy: RetainExceptOnCreate\n" in block
        assert "UpdateReplacePolicy: Retain\n" in block


def denials(bucket: Resource, template: Template) -> dict[str, dict[str, Any]]:
    policies = [
        template.resolve(each.properties, lambda name, _: name) for each in template.of_type("AWS::S3::BucketPolicy")
    ]
    (policy,) = (each["PolicyDocument"]["Statement"] for each in policies if each["Bucket"] == bucket.name)
    assert {each["Principal"] for each in policy if each["Effect"] == "Deny"} == {"*"}
    return {each["Sid"]: each for each in policy if each["Effect"] == "Deny"}


@pytest.mark.parametrize("bucket", BUCKETS, ids=name_of)
def test_no_object_is_encrypted_by_a_key_that_came_with_its_request(bucket: Resource) -> None:
    denied = denials(bucket, TEMPLATE_READ)["NoKeyOfTheRequest"]
    # PutObject covers copies, and so an object that is encrypted again in its place, and uploads in parts.
    assert (denied["Action"], denied["Resource"]) == ("s3:PutObject", f"{bucket.name}/*")
    assert denied["Condition"] == {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}


@pytest.mark.parametrize("bucket", BUCKETS, ids=name_of)
@pytest.mark.parametrize("key", ["", KEY], ids=["no key of the owner's", "a key of the owner's"])
def test_no_object_is_encrypted_by_another_key_than_the_buckets(bucket: Resource, key: str) -> None:
    denied = denials(bucket, Template.load(TEMPLATE, ALL | {"KeyArn": key}))["NoOtherKey"]
    named = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    assert (denied["Action"], denied["Resource"]) == ("s3:PutObject", f"{bucket.name}/*")
    # Without Null the condition would hold, and refuse, where the request names no key.
    assert denied["Condition"] == {"Null": {named: "false"}} | ({"ArnNotEquals": {named: key}} if key else {})


@pytest.mark.parametrize("bucket", BUCKETS, ids=name_of)
def test_a_bucket_has_no_acl_and_nothing_public(bucket: Resource) -> None:
    assert bucket.properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    public = bucket.properties["PublicAccessBlockConfiguration"]
    assert public == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    assert "AccessControl" not in bucket.properties
