"""Every alarm of the template goes off for its cause, and not when all is well; each is in the runbook."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
import typer
from tests.cloudwatch import Alarm, Datapoints, measure, request_metrics
from tests.conftest import PARAMETERS, ROOT
from tests.example_pages import page
from tests.health.site import HOUR, SIX_HOURS, add_source, new_page, old_page, publish_all

from khobor.cli.main import app
from khobor.embedded.account import STACK_NAME
from khobor.embedded.function import FunctionError
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Template
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl

# So that two dead letters are enough.
ALLOWED = {"DeadLettersAllowed": "1"}
DELIVERY = {"Delivery": "ENABLED"}
TEMPLATE_READ = Template.load(TEMPLATE, PARAMETERS | ALLOWED | DELIVERY | {"MonthlyBudget": "50"})
ALARMS = TEMPLATE_READ.of_type("AWS::CloudWatch::Alarm")
FUNCTIONS = [function.name for function in TEMPLATE_READ.of_type("AWS::Serverless::Function")]
QUEUES = [queue.name for queue in TEMPLATE_READ.of_type("AWS::SQS::Queue")]
OPERATIONS = ROOT / "docs" / "operations"
RUNBOOK = (OPERATIONS / "runbook.md").read_text()
NO_ARTICLE = b"<html><body><p>Log in to read on</p></body></html>"


def alarm(name: str) -> Alarm:
    (resource,) = (each for each in ALARMS if each.name == name)
    return Alarm(resource, TEMPLATE_READ.resolve(resource.properties, _lookup))


def _lookup(name: str, _: str | None) -> str:
    return STACK_NAME if name == "AWS::StackName" else name


def send(stack: EmbeddedStack, queue: str, body: str) -> None:
    (url,) = (each.queue_url for each in stack.sources if queue in each.queue_url)
    group: Any = {"MessageGroupId": "example.com"} if url.endswith(".fifo") else {}
    stack.sqs.send_message(QueueUrl=url, MessageBody=body, **group)


def bad_messages(queue: str, *bodies: str) -> Callable[[EmbeddedStack], Datapoints]:
    """Return an incident: messages that become dead letters."""

    def go_wrong(stack: EmbeddedStack) -> Datapoints:
        for body in bodies:
            send(stack, queue, body)
        stack.run()
        return measure(stack)

    return go_wrong


def waiting(queue: str, hours: int) -> Callable[[EmbeddedStack, time_machine.Traveller], Datapoints]:
    """Return an incident: a message waits in its queue, as if no function received it."""

    def go_wrong(stack: EmbeddedStack, clock: time_machine.Traveller) -> Datapoints:
        send(stack, queue, '{"url": "https://example.com/1"}')
        clock.shift(timedelta(hours=hours))
        return measure(stack)

    return go_wrong


def crashing(function: str) -> Callable[[EmbeddedStack], Datapoints]:
    """Return what lets a whole invocation fail."""

    def go_wrong(stack: EmbeddedStack) -> Datapoints:
        with pytest.raises(FunctionError):
            stack.invoke(function, {} if function in {"ApiFunction", "HealthFunction"} else {"Records": "no batch"})
        return measure(stack)

    return go_wrong


def bad_pages(stack: EmbeddedStack) -> Datapoints:
    stack.upload("uploads/one.html", NO_ARTICLE)
    stack.upload("uploads/two.html", NO_ARTICLE)
    stack.run()
    return measure(stack)


def bad_record_of_the_stream(name: str) -> Callable[[EmbeddedStack], Datapoints]:
    """Return what a function of the stream cannot understand."""

    def go_wrong(stack: EmbeddedStack) -> Datapoints:
        event = json.loads((ROOT / "events" / f"{name}-stream-one-bad.json").read_text())
        stack.invoke(f"{name.capitalize()}Function", event)
        return measure(stack)

    return go_wrong


def left_in_the_stream(stack: EmbeddedStack, clock: time_machine.Traveller) -> Datapoints:
    stack.upload("uploads/other.html", page(title="Another bridge opens"))
    for source in stack.sources:
        stack._drain(source)  # noqa: SLF001 all but the stream
    clock.shift(2 * HOUR)
    return measure(stack)


def without_a_table(stack: EmbeddedStack) -> Datapoints:
    stack.dynamodb.delete_table(TableName=stack.outputs["ArchiveTableName"])
    return request_metrics(stack, "/articles?source=daily")


def run_health(stack: EmbeddedStack) -> Datapoints:
    stack.log.seek(0)
    stack.log.truncate()
    stack.tick(datetime.now(UTC), SIX_HOURS)
    return measure(stack)


def other_markup(stack: EmbeddedStack, clock: time_machine.Traveller) -> Datapoints:
    publish_all(stack, old_page, hours=7 * 24, every=8)
    assert alarm("FieldsLostAlarm").evaluate(run_health(stack)) == "OK"
    clock.shift(24 * HOUR)
    publish_all(stack, new_page, hours=24, every=4)
    return run_health(stack)


def no_articles(stack: EmbeddedStack) -> Datapoints:
    publish_all(stack, old_page, hours=60, every=4)
    now = datetime.now(UTC)
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], days=1)
    for number in range(1, 24):
        since = now - HOUR * number
        url = f"https://daily.example/news/{number}"
        urls.add(KnownUrl(url=url, source="daily", since=since, next_visit=now + HOUR), now)
    for headline in stack.lists.by_source("daily").headlines:
        since = headline.listed_at - 24 * HOUR
        urls.add(KnownUrl(url=str(headline.url), source="daily", since=since, next_visit=now + HOUR), now)
    return run_health(stack)


def no_news(stack: EmbeddedStack, clock: time_machine.Traveller) -> Datapoints:
    publish_all(stack, old_page, hours=60, every=4)
    assert alarm("SourcesSilentAlarm").evaluate(run_health(stack)) == "OK"
    clock.shift(80 * HOUR)
    return run_health(stack)


UNKNOWN_SOURCE = '{"run": {"source": "nobody", "at": 1}}'
WRONG: dict[str, Callable[..., Datapoints]] = {
    "DiscoverDeadLettersAlarm": bad_messages("DiscoverQueue", UNKNOWN_SOURCE),
    "FetchDeadLettersAlarm": bad_messages("FetchQueue", "no request", "none either"),
    "ParseDeadLettersAlarm": bad_pages,
    "StoreDeadLettersAlarm": bad_messages("StoreQueue", "no article"),
    "AnnounceDeadLettersAlarm": bad_record_of_the_stream("announce"),
    "DeliverDeadLettersAlarm": bad_record_of_the_stream("deliver"),
    "DiscoverAgeAlarm": waiting("DiscoverQueue", 2),
    "FetchAgeAlarm": waiting("FetchQueue", 49),
    "ParseAgeAlarm": waiting("ParseQueue", 2),
    "StoreAgeAlarm": waiting("StoreQueue", 2),
    "AnnounceAgeAlarm": left_in_the_stream,
    "DeliverAgeAlarm": left_in_the_stream,
    **{f"{name.removesuffix('Function')}ErrorsAlarm": crashing(name) for name in FUNCTIONS},
    "ThrottlesAlarm": lambda stack: measure(stack, Throttles=3.0),
    "RecursionAlarm": lambda stack: measure(stack, RecursiveInvocationsDropped=1.0),
    "ApiFailuresAlarm": without_a_table,
    "FieldsLostAlarm": other_markup,
    "ArticlesMissingAlarm": no_articles,
    "SourcesSilentAlarm": no_news,
}


def test_every_alarm_is_fired() -> None:
    assert {each.name for each in ALARMS} == WRONG.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_an_alarm_is_fired_by_what_goes_wrong_and_by_nothing_else(
    name: str, make_stack: Callable[..., EmbeddedStack], clock: time_machine.Traveller
) -> None:
    stack, judged = make_stack(**(ALLOWED | (DELIVERY if "Deliver" in name else {}))), alarm(name)
    add_source(stack)
    stack.upload("uploads/page.html", page())
    stack.run()
    found_by_health = {judged.metric: 0.0} if judged.metric[2] == ("health",) else {}
    well = measure(stack) | request_metrics(stack, "/articles") | found_by_health
    assert [judged.evaluate(well) for _ in range(judged.periods)] == ["OK"] * judged.periods
    go_wrong = WRONG[name]
    wrong = go_wrong(stack, clock) if "clock" in go_wrong.__code__.co_varnames else go_wrong(stack)
    states = [judged.evaluate(wrong) for _ in range(judged.periods)]
    assert states[-1] == "ALARM"
    assert states[:-1] == ["OK"] * (judged.periods - 1)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_measured_is_no_alarm(name: str) -> None:
    judged = alarm(name)
    assert [judged.evaluate({}) for _ in range(judged.periods)] == ["OK"] * judged.periods


@pytest.mark.parametrize("name", ["FieldsLostAlarm", "ArticlesMissingAlarm", "SourcesSilentAlarm"])
def test_a_run_of_health_that_failed_ends_no_alarm(name: str) -> None:
    judged = alarm(name)
    assert judged.evaluate({judged.metric: 1.0}) == "ALARM"
    assert judged.evaluate({}) == "ALARM"
    assert judged.evaluate({judged.metric: 0.0}) == "OK"


def test_health_runs_once_in_each_period_of_its_alarms() -> None:
    function = TEMPLATE_READ.resources["HealthFunction"].properties
    assert function["Events"]["Schedule"]["Properties"]["ScheduleExpression"] == "rate(6 hours)"
    assert function["Environment"]["Variables"]["SCHEDULE_SECONDS"] == str(alarm("FieldsLostAlarm").seconds)


def test_what_they_cost_is_said() -> None:
    usual = Template.load(TEMPLATE, PARAMETERS).of_type("AWS::CloudWatch::Alarm")
    cost = " ".join((OPERATIONS / "cost.md").read_text().split())
    assert f"{len(usual)} alarms at 0.10 dollars" in cost


def test_every_queue_and_every_function_has_its_alarms() -> None:
    metrics = {alarm(each.name).metric for each in ALARMS}
    of_queues = {(name, values) for namespace, name, values in metrics if namespace == "AWS/SQS"}
    assert of_queues == {
        ("ApproximateNumberOfMessagesVisible" if "DeadLetter" in queue else "ApproximateAgeOfOldestMessage", (queue,))
        for queue in QUEUES
    }
    assert {values for _, name, values in metrics if name == "Errors"} == {(name,) for name in FUNCTIONS}


@pytest.mark.parametrize("name", [*WRONG, "SpendBudget"])
def test_every_alarm_has_its_paragraph(name: str) -> None:
    paragraph = RUNBOOK.partition(f"\n## {name}\n")[2].partition("\n## ")[0].strip()
    assert len(paragraph.split()) > 20


def test_no_paragraph_is_about_an_alarm_that_there_is_not() -> None:
    assert set(re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)) == {*WRONG, "SpendBudget"}


def test_its_commands_are_khobors() -> None:
    command: Any = typer.main.get_command(app)
    assert set(re.findall(r"khobor ([a-z-]+)", RUNBOOK)) <= set(command.commands)


@pytest.mark.parametrize("name", WRONG)
def test_an_alarm_says_what_it_means_and_where_more_stands_and_is_sent(name: str) -> None:
    properties = TEMPLATE_READ.resources[name].properties
    assert properties["AlarmDescription"].endswith(f"; docs/operations/runbook.md, {name}")
    topic = {"Fn::If": ["OwnAlarmTopic", {"Ref": "AlarmTopic"}, {"Ref": "AlarmTopicArn"}]}
    assert properties["AlarmActions"] == properties["OKActions"] == [topic]


def test_the_budget_is_told_to_the_same_topic() -> None:
    budget = TEMPLATE_READ.resources["SpendBudget"].properties
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    topic = TEMPLATE_READ.resources[next(iter(WRONG))].properties["AlarmActions"][0]
    told = [each for part in budget["NotificationsWithSubscribers"] for each in part["Subscribers"]]
    assert told == [{"SubscriptionType": "SNS", "Address": topic}] * 2


def test_cloudwatch_and_budgets_of_this_account_alone_may_publish() -> None:
    statements = TEMPLATE_READ.resources["AlarmTopicPolicy"].properties["PolicyDocument"]["Statement"]
    allowed = [part for part in statements if part["Effect"] == "Allow"]
    assert [part["Principal"]["Service"] for part in allowed] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    # tests/test_protection.py holds every service to the ARN that it sends besides.
    account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert [part["Condition"]["StringEquals"] for part in allowed] == [account, account]


def test_the_dashboard_is_json_and_shows_metrics_that_there_are() -> None:
    text = TEMPLATE_READ.resources["Dashboard"].properties["DashboardBody"]["Fn::Sub"]
    body = json.loads(re.sub(r"\$\{([^}]+)\}", r"\1", text))
    rows = [row for widget in body["widgets"] for row in widget["properties"].get("metrics", ())]
    own = "khobor/AWS::StackName"
    named = {row[1] for row in rows if row[0] == own}
    documented = set(re.findall(r"^\| `(\w+)` \| `service`", (OPERATIONS / "metrics.md").read_text(), re.MULTILINE))
    # Failures by reason, and rare events, are queried from the logs.
    assert named <= documented
    assert documented - named == {
        "ArticlesChanged",
        "ArticlesCovered",
        "ArticlesForgotten",
        "ArticlesGoneUnknown",
        "ArticlesJoined",
        "ArticlesLeft",
        "ArticlesNew",
        "ArticlesSame",
        "ClaimsRefused",
        "Failures",
        "RowsDelivered",
        "SourcesRefused",
        "UrlsLeft",
    }
    # More than these no dashboard shows for nothing: https://aws.amazon.com/cloudwatch/pricing/
    assert len(rows) <= 50
    known = {*FUNCTIONS, *(f"{name}.QueueName" for name in QUEUES), "Api"}
    assert {row[3] for row in rows if len(row) == 4 and row[0] != own} <= known
