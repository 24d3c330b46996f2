"""The day a site changes its markup, on the embedded stack: what the operator learns, and when."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.articles import article
from tests.health.samples import DAY, HOUR, NOW, source
from tests.health.site import Operator, add_source, new_page, old_page, publish_all

from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl
from khobor.health.sample import Sampler

pytestmark = pytest.mark.slow


@pytest.fixture
def operator(stack: EmbeddedStack, clock: time_machine.Traveller) -> Operator:
    """One whose source has published four pages a day for a week."""
    clock.move_to(datetime(2026, 3, 15, 6, tzinfo=UTC))
    add_source(stack)
    publish_all(stack, old_page, hours=7 * 24, every=6)
    return Operator(stack)


def test_nothing_is_said_of_a_source_that_is_as_it_was(
    stack: EmbeddedStack, operator: Operator, clock: time_machine.Traveller
) -> None:
    clock.shift(24 * HOUR)
    publish_all(stack, old_page, hours=24, every=6)
    assert operator.run() == {"FieldsLost": 0, "ArticlesMissing": 0, "SourcesSilent": 0}
    assert operator.messages() == []


def test_markup_that_changed_overnight_is_noticed_at_the_next_run_and_told_once(
    stack: EmbeddedStack, operator: Operator, clock: time_machine.Traveller
) -> None:
    # A minute more, so that no old page is exactly a day old, however long the test takes.
    clock.shift(6 * HOUR + timedelta(minutes=1))
    keys = publish_all(stack, new_page, hours=6, every=1)
    # Title, date and body are found all the same, by no rule; the authors are lost.
    assert operator.run()["FieldsLost"] == 4
    (message,) = operator.messages()
    assert message["Subject"] == "khobor: look at daily"
    text = message["Message"]
    assert "daily: authors on 25% of 8 new pages, 100% before" in text
    assert 'the rule no longer matches: authors = [".byline a"] of daily/2' in text
    assert "daily: title by the source's rule on 25% of 8 new pages, 100% before" in text
    assert 'the rule no longer matches: title = ["h1.headline"] of daily/2' in text
    assert keys[-1] in text
    assert "khobor parse page.html.gz --explain" in text
    assert "khobor sources check mine/daily.toml" in text
    clock.shift(6 * HOUR)
    publish_all(stack, new_page, hours=6, every=1)
    assert operator.run()["FieldsLost"] == 4
    assert operator.messages() == []


def test_each_finding_is_a_line_of_the_log(
    stack: EmbeddedStack, operator: Operator, clock: time_machine.Traveller
) -> None:
    clock.shift(6 * HOUR)
    publish_all(stack, new_page, hours=6, every=1)
    operator.run()
    told = {line["field"]: line for line in operator.lines() if line.get("kind")}
    assert told.keys() == {"title", "published_at", "authors", "body"}
    assert told["authors"]["kind"] == "field lost"
    assert told["title"]["kind"] == "rule unmatched"
    assert told["title"]["rule"] == 'title = ["h1.headline"] of daily/2'
    assert told["title"]["source"] == "daily"
    assert told["title"]["now"] < 0.5 < told["title"]["before"]


def test_a_source_that_falls_silent_is_told_of_once(operator: Operator, clock: time_machine.Traveller) -> None:
    clock.shift(64 * HOUR)
    assert operator.run()["SourcesSilent"] == 0
    clock.shift(6 * HOUR)
    assert operator.run()["SourcesSilent"] == 1
    (message,) = operator.messages()
    assert "daily: no new article since 2026-03-15" in message["Message"]
    assert "khobor discover daily --dry-run" in message["Message"]
    clock.shift(6 * HOUR)
    assert operator.run()["SourcesSilent"] == 1
    assert operator.messages() == []


def test_pages_that_hold_no_article_any_more_are_missed(
    stack: EmbeddedStack, operator: Operator, clock: time_machine.Traveller
) -> None:
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], days=1)
    before = [(str(each.url), each.listed_at) for each in stack.lists.by_source("daily", limit=20).headlines]
    clock.shift(24 * HOUR)
    now = datetime.now(UTC)
    publish_all(stack, lambda *_: b"<html><body><div id=root></div></body></html>", hours=12, every=1)
    new = [(f"https://daily.example/news/{int(at.timestamp())}", at) for at in (now - HOUR * n for n in range(3, 9))]
    for url, since in (*before, *new):
        urls.add(KnownUrl(url=url, source="daily", since=since, next_visit=now + HOUR), now)
    assert operator.run() == {"FieldsLost": 0, "ArticlesMissing": 1, "SourcesSilent": 0}
    text = operator.messages()[0]["Message"]
    assert "daily: 0% of 6 discovered URLs became articles, 100% before" in text
    assert "khobor trace https://daily.example/news/" in text


def test_by_hand_one_source_is_judged_and_nothing_is_sent(
    stack: EmbeddedStack, operator: Operator, clock: time_machine.Traveller
) -> None:
    clock.shift(6 * HOUR)
    publish_all(stack, new_page, hours=6, every=1)
    answer = stack.invoke("HealthFunction", {"source": "daily"})
    assert answer["source"] == "daily"
    assert {finding["field"] for finding in answer["findings"]} == {"title", "published_at", "authors", "body"}
    assert operator.messages() == []


def test_a_source_that_there_is_not_is_refused(stack: EmbeddedStack) -> None:
    with pytest.raises(FunctionError, match="there is no source nobody"):
        stack.invoke("HealthFunction", {"source": "nobody"})
    with pytest.raises(FunctionError, match=r'expected {"scheduled_at": .*} or {"source"'):
        stack.invoke("HealthFunction", {"sources": ["daily"]})


def test_of_a_source_that_publishes_much_pages_of_each_day_are_read(stack: EmbeddedStack) -> None:
    for number in range(15 * 12):
        at = NOW - 2 * HOUR * number - timedelta(minutes=1)
        stack.archive.put(article(number, source="daily", published_at=at, fetched_at=at))
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], days=1)
    readings = Sampler(stack.lists, stack.archive, urls).take(source(), NOW).readings
    counts = Counter((NOW - each.fetched_at) // DAY for each in readings)
    assert counts == {0: 12} | dict.fromkeys(range(1, 15), 8)
