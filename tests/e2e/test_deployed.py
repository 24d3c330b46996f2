"""The stack as SAM deploys it, on an emulator that enforces IAM: what an operator would do and see."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from tests.e2e.conftest import Deployed
from tests.example_pages import KALBELA, page
from tests.test_golden import EXPECTED, composed
from typer.testing import CliRunner

from khobor.aws.function_logs import FunctionLogs
from khobor.cli.console_deployments import aws_deployment
from khobor.cli.local_stack import only
from khobor.cli.main import app
from khobor.console.submissions import Submissions
from khobor.embedded.account import REGION, STACK_NAME
from khobor.embedded.web import serve
from khobor.keys import page_key
from khobor.url import article_id

CANONICAL = "https://www.kalbela.com/world/12345"
ROOT_CREDENTIALS = Credentials("test", "test")


def test_an_uploaded_page_becomes_the_article_that_it_is(deployed: Deployed) -> None:
    deployed.upload("uploads/পুতিন কিম + চিঠি.html", KALBELA.read_bytes())
    article = deployed.article("পুতিন-কিমের চিঠি বিনিময়")
    (expected,) = (fields for folder, fields in EXPECTED.items() if folder.name == "kalbela")
    assert composed(article.body_text) == composed(expected["body_text"])
    assert article.canonical_url == expected["canonical_url"]
    assert article.raw is not None
    assert article.raw.key == "uploads/পুতিন কিম + চিঠি.html"
    assert article.raw.version is not None
    kept = deployed.s3.get_object(Bucket=article.raw.bucket, Key=article.raw.key, VersionId=article.raw.version)
    assert kept["Body"].read() == KALBELA.read_bytes()


def test_a_url_goes_the_whole_way(deployed: Deployed) -> None:
    sqs = deployed.emulator.client("sqs")
    with serve({"/city/1": page(title="Fetched from the queue"), "/city/2": page(title="Fetched by hand")}) as site:
        body = json.dumps({"url": f"{site}/city/1"})
        sqs.send_message(QueueUrl=deployed.outputs["FetchQueueUrl"], MessageBody=body, MessageGroupId="127.0.0.1")
        answer = deployed.emulator.client("lambda").invoke(
            FunctionName=deployed.outputs["FetchFunctionName"], Payload=json.dumps({"url": f"{site}/city/2"})
        )
        (result,) = json.loads(answer["Payload"].read())["results"]
        raw = deployed.article("Fetched by hand").raw
        assert raw is not None
        assert raw.key == result["key"]
        assert deployed.article("Fetched from the queue").url == f"{site}/city/1"


def test_a_source_has_its_new_articles_stored_without_any_other_step(deployed: Deployed) -> None:
    links = "".join(f"<item><link>{deployed.site}/daily/{number}</link></item>" for number in range(3))
    deployed.pages["/feed"] = f"<rss><channel>{links}</channel></rss>".encode()
    for number in range(3):
        deployed.pages[f"/daily/{number}"] = page(title=f"Discovered, the bridge number {number}")
    tick = {"scheduled_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    deployed.emulator.client("lambda").invoke(
        FunctionName=deployed.outputs["DiscoverFunctionName"], Payload=json.dumps(tick)
    )
    for number in range(3):
        assert deployed.article(f"Discovered, the bridge number {number}").source == "daily"


@pytest.mark.parametrize(("function", "rate"), [("Discover", "rate(5 minutes)"), ("Health", "rate(6 hours)")])
def test_a_schedule_starts_a_function(deployed: Deployed, function: str, rate: str) -> None:
    scheduler = deployed.emulator.client("scheduler")
    found = [scheduler.get_schedule(Name=each["Name"]) for each in scheduler.list_schedules()["Schedules"]]
    name = deployed.outputs[f"{function}FunctionName"]
    (schedule,) = (each for each in found if name in each["Target"]["Arn"])
    assert (schedule["ScheduleExpression"], schedule["State"]) == (rate, "DISABLED")
    assert json.loads(schedule["Target"]["Input"]) == {"scheduled_at": "<aws.scheduler.scheduled-time>"}


def test_health_judges_sources_and_may_tell_the_alarm_topic(deployed: Deployed) -> None:
    deployed.upload("uploads/health.html", KALBELA.read_bytes())
    deployed.article("পুতিন-কিমের চিঠি বিনিময়")
    answers = []
    for event in ({"source": "kalbela"}, {"scheduled_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}):
        answer = deployed.emulator.client("lambda").invoke(
            FunctionName=deployed.outputs["HealthFunctionName"], Payload=json.dumps(event)
        )
        answers.append(json.loads(answer["Payload"].read()))
    assert answers[0] == {"source": "kalbela", "pages": 1, "findings": []}
    assert (answers[1]["findings"], answers[1]["sent"]) == (0, 0)
    deployed.as_function("Health", "sns").publish(TopicArn=deployed.outputs["AlarmTopic"], Message="x")


def test_the_api_answers_who_may_ask_and_nobody_else(deployed: Deployed) -> None:
    deployed.upload("uploads/asked.html", page(title="Asked for over HTTP"), url="https://news.example/city/8")
    article = deployed.article("Asked for over HTTP")
    path = f"/articles/{article.article_id}"
    status, body = deployed.ask(path, ROOT_CREDENTIALS)
    assert (status, json.loads(body)["title"]) == (200, "Asked for over HTTP")
    status, body = deployed.ask("/articles?source=news.example&limit=5", ROOT_CREDENTIALS)
    assert [each["url"] for each in json.loads(body)["articles"]][:1] == ["https://news.example/city/8"]
    status, body = deployed.ask("/sources", ROOT_CREDENTIALS)
    assert {"daily", "bridge", "kalbela"} <= {each["name"] for each in json.loads(body)["sources"]}
    status, body = deployed.ask("/nothing", ROOT_CREDENTIALS)
    assert (status, json.loads(body)["reason"]) == (404, "unknown_path")
    for unsigned in (path, "/articles", "/openapi.json", "/nothing"):
        assert deployed.ask(unsigned, None)[0] == 403
    assert deployed.ask(path, deployed.credentials("Store"))[0] == 403


def test_a_poison_page_lands_in_the_dead_letter_queue_with_its_reason(deployed: Deployed) -> None:
    deployed.upload("uploads/poison.html", b"%PDF-1.7 not a page")
    letter = deployed.dead_letter("ParseDeadLetterQueue")
    assert letter["MessageAttributes"]["reason"]["StringValue"] == "not_html"
    assert "poison.html" in letter["Body"]


def test_a_url_that_is_no_page_lands_in_the_dead_letter_queue_with_its_reason(deployed: Deployed) -> None:
    with serve({"/paper": b"%PDF-1.7 not a page"}) as site:
        body = json.dumps({"url": f"{site}/paper"})
        deployed.emulator.client("sqs").send_message(
            QueueUrl=deployed.outputs["FetchQueueUrl"], MessageBody=body, MessageGroupId="127.0.0.1"
        )
        letter = deployed.dead_letter("FetchDeadLetterQueue")
    assert letter["MessageAttributes"]["reason"]["StringValue"] == "not_html"
    assert letter["Body"] == body


def test_the_newest_of_three_deliveries_stays(deployed: Deployed) -> None:
    url = "https://news.example/city/3"
    for hour, title in ((6, "Order, the old"), (9, "Order, the new"), (6, "Order, the old")):
        fetched_at = f"2023-08-16T{hour:02}:00:00+00:00"
        deployed.upload("uploads/order.html", page(title=title), url=url, **{"fetched-at": fetched_at})
    deployed.upload("uploads/behind.html", page(title="Order, what came behind"), url="https://news.example/city/4")
    deployed.article("Order, what came behind")
    assert deployed.article("Order, the new").canonical_url == url
    assert sum(article.canonical_url == url for article in deployed.archive.articles()) == 1


def test_a_large_article_is_handed_over_and_stored_whole(deployed: Deployed) -> None:
    paragraphs = tuple(f"Paragraph {number} tells of the bridge and of its arches." for number in range(6000))
    deployed.upload("uploads/large.html", page(title="A large article", paragraphs=paragraphs))
    assert len(deployed.article("A large article").body) == len(paragraphs)


@pytest.mark.parametrize(
    ("function", "service", "operation", "arguments"),
    [
        ("Fetch", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Fetch", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "articles/x"}),
        ("Fetch", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Parse", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "pages/x.html"}),
        ("Parse", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Fetch", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Store", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Parse", "s3", "delete_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Parse", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Store", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Store", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "articles/x"}),
        ("Store", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Store", "dynamodb", "delete_table", {"TableName": "ArchiveTableName"}),
        ("Store", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Fetch", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Discover", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Discover", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Discover", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Discover", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Api", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Api", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Api", "dynamodb", "delete_table", {"TableName": "ArchiveTableName"}),
        ("Api", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Api", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Api", "s3", "list_objects_v2", {"Bucket": "RawBucketName", "Prefix": "pages/"}),
        ("Announce", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Announce", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Store", "events", "delete_event_bus", {"Name": "EventBusName"}),
        ("Replay", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "pages/x.html"}),
        ("Replay", "s3", "delete_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Replay", "dynamodb", "delete_table", {"TableName": "ArchiveTableName"}),
        ("Replay", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("ReplayStateMachine", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("ReplayStateMachine", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Deliver", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Deliver", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Deliver", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Deliver", "s3", "put_object", {"Bucket": "DeliveryBucketName", "Key": "articles/x"}),
        ("Deliver", "events", "delete_event_bus", {"Name": "EventBusName"}),
        ("Health", "dynamodb", "scan", {"TableName": "ArchiveTableName"}),
        ("Health", "dynamodb", "scan", {"TableName": "CrawlTableName"}),
        ("Health", "s3", "get_object", {"Bucket": "RawBucketName", "Key": "large.html"}),
        ("Health", "s3", "put_object", {"Bucket": "RawBucketName", "Key": "sources/x.toml"}),
        ("Health", "s3", "list_objects_v2", {"Bucket": "RawBucketName", "Prefix": "pages/"}),
        ("Health", "sns", "delete_topic", {"TopicArn": "AlarmTopic"}),
    ],
)
def test_a_function_cannot_do_what_its_policy_does_not_grant(
    deployed: Deployed, function: str, service: str, operation: str, arguments: dict[str, str]
) -> None:
    given = {name: deployed.outputs.get(value, value) for name, value in arguments.items()}
    client = deployed.as_function(function, service)
    with pytest.raises(ClientError) as error:
        getattr(client, operation)(**given)
    # SNS has a word of its own.
    refused = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
    assert error.value.response["Error"]["Code"] in refused


def test_nobody_but_lambda_becomes_a_function(deployed: Deployed) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        deployed.emulator.client("sts").assume_role(RoleArn=deployed.role_of("Announce"), RoleSessionName="test")


def test_a_function_can_do_what_its_policy_grants(deployed: Deployed) -> None:
    bucket = deployed.outputs["RawBucketName"]
    deployed.as_function("Fetch", "s3").put_object(Bucket=bucket, Key="pages/granted.txt", Body=b"x")
    parse = deployed.as_function("Parse", "s3")
    assert parse.get_object(Bucket=bucket, Key="pages/granted.txt")["Body"].read() == b"x"
    deployed.upload("sources/granted.toml", b"x")
    assert parse.get_object(Bucket=bucket, Key="sources/granted.toml")["Body"].read() == b"x"
    listed = parse.list_objects_v2(Bucket=bucket, Prefix="sources/")
    assert "sources/granted.toml" in [item["Key"] for item in listed["Contents"]]
    assert parse.list_object_versions(Bucket=bucket, Prefix="sources/granted.toml")["Versions"]


def test_an_uploaded_source_is_how_its_pages_are_read(deployed: Deployed) -> None:
    deployed.upload(
        "uploads/bridge.html", page(title="Read by an uploaded source"), url="https://bridge.example/city/5"
    )
    article = deployed.article("Read by an uploaded source")
    assert (article.source, article.extraction.rules) == ("bridge", "bridge/1")


def test_what_happens_to_an_article_arrives_at_a_queue_by_a_rule(deployed: Deployed) -> None:
    sqs, events = deployed.emulator.client("sqs"), deployed.emulator.client("events")
    url = sqs.create_queue(QueueName="newsroom")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = {"Name": "bridges", "EventBusName": deployed.outputs["EventBusName"]}
    pattern = {"source": ["khobor"], "detail": {"url": [{"prefix": "https://announced.example/"}]}}
    events.put_rule(**rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule["Name"], EventBusName=rule["EventBusName"], Targets=[{"Id": "newsroom", "Arn": arn}])

    def arrives() -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next(iter(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])), None)

        message = deployed.emulator.wait_for(found)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        event: dict[str, Any] = json.loads(message["Body"])
        return event

    where = "https://announced.example/city/6"
    for hour, title, kind in (
        (6, "A bridge is announced", "ArticleStored"),
        (9, "A bridge is mended", "ArticleRevised"),
    ):
        deployed.upload(
            "uploads/announced.html", page(title=title), url=where, **{"fetched-at": f"2023-08-16T{hour:02}:00:00Z"}
        )
        event = arrives()
        assert (event["source"], event["detail-type"]) == ("khobor", kind)
        assert (event["detail"]["title"], event["detail"]["url"]) == (title, where)
    assert event["detail"]["changes"] == ["headline"]


def test_athena_answers_sql_over_what_was_delivered(deployed: Deployed) -> None:
    deployed.s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": REGION})
    where = "https://delivered.example/city/7"
    for hour, title in ((6, "A bridge is delivered"), (9, "A bridge is delivered anew")):
        deployed.upload(
            "uploads/delivered.html", page(title=title), url=where, **{"fetched-at": f"2023-08-16T{hour:02}:00:00Z"}
        )
        deployed.article(title)
    database = deployed.outputs["DeliveryDatabaseName"]
    query = f"SELECT title, fetched_at, delivered_on FROM {database}.articles WHERE url = '{where}'"  # noqa: S608 its own

    def newest() -> list[str] | None:
        found = deployed.athena(f"{query} ORDER BY fetched_at DESC")
        return found[0] if found and found[0][0].endswith("anew") else None

    title, fetched_at, delivered_on = deployed.emulator.wait_for(newest)
    assert (title, fetched_at[:19]) == ("A bridge is delivered anew", "2023-08-16 09:00:00")
    assert delivered_on == f"{datetime.now(UTC):%Y-%m-%d}"
    files = deployed.s3.list_objects_v2(Bucket=deployed.outputs["DeliveryBucketName"])["Contents"]
    assert all(file["Key"].startswith("articles/delivered_on=") for file in files)


def test_pages_are_read_again_by_the_state_machine(deployed: Deployed) -> None:
    title, url = "Read again by the state machine", "https://bridge.example/city/8"
    key = page_key("bridge.example", datetime(2026, 3, 1, tzinfo=UTC), article_id(url))
    deployed.upload(key, page(title=title), url=url, **{"fetched-at": "2026-03-01T00:00:00Z"})
    before = deployed.article(title)
    table, dynamodb = deployed.outputs["ArchiveTableName"], deployed.emulator.client("dynamodb")
    own = {"TableName": table, "KeyConditionExpression": "pk = :pk"}
    values = {":pk": {"S": f"article#{before.article_id}"}}
    for item in dynamodb.query(**own, ExpressionAttributeValues=values)["Items"]:
        dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    assert deployed.archive.get(before.article_id) is None
    days = ("--source", "bridge", "--from", "2026-02-28", "--to", "2026-03-02")
    with only(deployed.emulator.environment):
        for option, told in (
            ("--dry-run", "1 new"),
            ("--concurrency=2", "1 new"),
            ("--concurrency=3", "1 unchanged"),
        ):
            result = CliRunner().invoke(app, ["replay", *days, option, "--stack", STACK_NAME, "--no-json"])
            assert result.exit_code == 0, result.output
            assert told in result.stdout
            assert (deployed.archive.get(before.article_id) is None) is (option == "--dry-run")
    assert deployed.archive.get(before.article_id) == before


@pytest.mark.parametrize(
    ("source", "url"), [("bridge", "https://bridge.example/city/10"), ("nofile.example", "https://nofile.example/1")]
)
def test_an_upload_is_read_again_by_the_state_machine(deployed: Deployed, source: str, url: str) -> None:
    title = f"Uploaded, and read again as of {source}"
    deployed.upload(f"uploads/{source}.html", page(title=title), url=url)
    before = deployed.article(title)
    table, dynamodb = deployed.outputs["ArchiveTableName"], deployed.emulator.client("dynamodb")
    own = {"TableName": table, "KeyConditionExpression": "pk = :pk AND begins_with(sk, :text)"}
    values = {":pk": {"S": f"article#{before.article_id}"}, ":text": {"S": "text#"}}
    for item in dynamodb.query(**own, ExpressionAttributeValues=values)["Items"]:
        dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    assert deployed.archive.get(before.article_id) is None
    with only(deployed.emulator.environment):
        result = CliRunner().invoke(app, ["replay", "--source", source, "--stack", STACK_NAME, "--no-json"])
    assert result.exit_code == 0, result.output
    assert deployed.archive.get(before.article_id) == before


def test_the_console_follows_a_file_and_a_url_to_their_articles(deployed: Deployed) -> None:
    with only(deployed.emulator.environment):
        submissions = Submissions(aws_deployment(STACK_NAME, "The stack of this test"))
        file = submissions.upload("page.html", page(title="Dropped on the console"), "https://bridge.example/dropped")
        with serve({"/city/9": page(title="Pasted into the console")}) as site:
            url = submissions.fetch(f"{site}/city/9")
            for submission_id, title in ((file.submission_id, "Dropped on"), (url.submission_id, "Pasted into")):
                article_id = deployed.emulator.wait_for(partial(_stored, submissions, submission_id))
                article = deployed.archive.get(article_id)
                assert article is not None
                assert article.title == f"{title} the console"
        submissions.close()


def test_the_way_of_an_article_stands_in_the_logs(deployed: Deployed) -> None:
    deployed.upload("uploads/traced.html", page(title="Traced through the logs"), url="https://news.example/city/9")
    article = deployed.article("Traced through the logs")
    logs = FunctionLogs(deployed.emulator.client("logs"), STACK_NAME)

    def told() -> set[str]:
        lines = logs.trace(article.article_id, datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC))
        return {line.stage for line in lines if line.facts["message"] in {"parsed", "stored"}}

    # The emulator writes what a function logged once it has ended.
    assert deployed.emulator.wait_for(lambda: told() == {"parse", "store"})


def _stored(submissions: Submissions, submission_id: str) -> str | None:
    submission = submissions.look(submission_id)
    assert submission is not None
    assert not [step for step in submission.steps if step.state == "failed"]
    return submission.stored_id
