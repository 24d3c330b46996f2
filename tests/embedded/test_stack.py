import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import time_machine
from tests.conftest import PARAMETERS, ROOT

from khobor.embedded.account import REGION
from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import ConfigurationError

CRASHING = """
def handler(event, context):
    print("got", len(event["Records"]), "for", context.function_name)
    raise ValueError("a bug")
"""


@pytest.fixture
def crashing(tmp_path: Path) -> Path:
    """The project's template with a store function that crashes."""
    shutil.copytree(ROOT / "functions", tmp_path / "functions")
    shutil.copy(ROOT / "template.yaml", tmp_path)
    (tmp_path / "functions" / "store" / "app.py").write_text(CRASHING)
    return tmp_path / "template.yaml"


def test_a_message_on_which_a_function_crashes_is_redelivered_and_put_aside(crashing: Path) -> None:
    with EmbeddedStack(PARAMETERS, template=crashing) as stack:
        queues = stack.sqs.list_queues(QueueNamePrefix="khobor-StoreQueue")["QueueUrls"]
        stack.sqs.send_message(QueueUrl=queues[0], MessageBody="poison")
        stack.run()
        (letter,) = stack.dead_letters()
        assert (letter.queue, letter.body, letter.reason) == ("StoreDeadLetterQueue", "poison", None)
        stack.log.seek(0)
        said = stack.log.read()
        assert said.count("got 1 for StoreFunction") == 5
        assert "ValueError: a bug" in said


def test_a_crash_is_reported_to_who_invoked(crashing: Path) -> None:
    with EmbeddedStack(PARAMETERS, template=crashing) as stack, pytest.raises(FunctionError, match="a bug"):
        stack.invoke("StoreFunction", {"Records": []})


DYING = """
import sys
seen = []
def handler(event, context):
    seen.append(event["Records"][0]["body"])
    print("seen", seen)
    if event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1":
        sys.exit("killed")
"""


def test_where_a_process_ends_its_messages_come_again_when_they_were_hidden_long_enough_and_its_memory_is_gone(
    crashing: Path, clock: time_machine.Traveller
) -> None:
    (crashing.parent / "functions" / "store" / "app.py").write_text(DYING)
    with EmbeddedStack(PARAMETERS, template=crashing, sleep=clock.shift) as stack:
        queues = stack.sqs.list_queues(QueueNamePrefix="khobor-StoreQueue")["QueueUrls"]
        stack.sqs.send_message(QueueUrl=queues[0], MessageBody="one")
        began = datetime.now(UTC)
        stack.run()
        assert datetime.now(UTC) - began >= timedelta(seconds=180)
        assert stack.dead_letters() == []
        stack.log.seek(0)
        assert stack.log.read().count("seen ['one']") == 2


HIDING = """
import boto3
sqs = boto3.client("sqs")
def handler(event, context):
    (record,) = event["Records"]
    if record["attributes"]["ApproximateReceiveCount"] == "2":
        print("came again")
        return {}
    (queue_url,) = sqs.list_queues(QueueNamePrefix="khobor-StoreQueue")["QueueUrls"]
    try:
        sqs.change_message_visibility(
            QueueUrl=queue_url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=7200
        )
    except sqs.exceptions.ClientError:
        pass
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
"""


@pytest.mark.parametrize("sent_hours_ago", [0, 11])
def test_a_message_that_a_function_hides_comes_again_then_however_long_the_call_takes(
    sent_hours_ago: int, crashing: Path, clock: time_machine.Traveller
) -> None:
    def take_long(call: str) -> None:
        if call == "sqs.ChangeMessageVisibility":
            clock.shift(5)

    (crashing.parent / "functions" / "store" / "app.py").write_text(HIDING)
    with EmbeddedStack(PARAMETERS, template=crashing, on_call=take_long, sleep=clock.shift) as stack:
        (queue_url,) = stack.sqs.list_queues(QueueNamePrefix="khobor-StoreQueue")["QueueUrls"]
        stack.sqs.send_message(QueueUrl=queue_url, MessageBody="one")
        clock.shift(timedelta(hours=sent_hours_ago))
        began = datetime.now(UTC)
        stack.run()
        assert timedelta(hours=2) <= datetime.now(UTC) - began < timedelta(hours=2, minutes=1)
        stack.log.seek(0)
        assert "came again" in stack.log.read()


def test_nothing_of_the_users_account_reaches_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://production.example")
    with EmbeddedStack(PARAMETERS) as stack:
        assert "AWS_PROFILE" not in os.environ
        assert stack.s3.list_buckets()["Buckets"][0]["Name"] == stack.outputs["RawBucketName"]
    assert os.environ["AWS_PROFILE"] == "production"


def test_no_request_goes_to_a_host_with_the_accounts_number_which_moto_does_not_route_for_streams() -> None:
    asked = []
    with EmbeddedStack(PARAMETERS):
        client = boto3.client("dynamodb")
        (table, *_) = client.list_tables()["TableNames"]
        arn = client.describe_table(TableName=table)["Table"]["TableArn"]
        client.meta.events.register("before-call", lambda params, **_: asked.append(urlsplit(params["url"]).hostname))
        client.describe_table(TableName=arn)
    assert asked == [f"dynamodb.{REGION}.amazonaws.com"]


def test_stacks_after_one_another_share_nothing() -> None:
    for _ in range(2):
        with EmbeddedStack(PARAMETERS) as stack:
            assert "Contents" not in stack.s3.list_objects_v2(Bucket=stack.outputs["RawBucketName"])
            stack.upload("a.txt", b"x")


def test_a_function_whose_code_is_missing_is_named(crashing: Path) -> None:
    shutil.rmtree(crashing.parent / "functions" / "store")
    with pytest.raises(ConfigurationError, match="StoreFunction"), EmbeddedStack(PARAMETERS, template=crashing):
        pass
