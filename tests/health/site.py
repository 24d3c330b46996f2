"""A site that changes its markup overnight, as its pages were before and are after."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from khobor.embedded.stack import EmbeddedStack
from khobor.sources.registry import bundled_sources

SIX_HOURS = "rate(6 hours)"
HOUR = timedelta(hours=1)
Page = Callable[[int, datetime], bytes]
SOURCE = """
version = 2
publisher = "The Daily Test"
hosts = ["daily.example"]
enabled = true
article_url = '^/news/'

[rules]
title = ["h1.headline"]
authors = [".byline a"]
published_at = [".published"]
body = [".story"]

[discovery]
feeds = ["https://daily.example/feed"]
"""
TEXTS = (
    "The old bridge over the river was opened to traffic again on Monday, two years after the flood that damaged it.",
    "Engineers replaced four of its nine arches and laid a new deck, the city council said in a statement.",
    "The work cost about three million euros, a third more than planned when the repairs were agreed on.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXTS)


def old_page(number: int, at: datetime) -> bytes:
    """Return a page with the markup that the rules are for."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>Bridge {number} opens | The Daily Test</title></head><body>
<main><h1 class="headline">Bridge {number} opens to traffic again</h1>
<div class="byline">By <a href="/authors/1">Maria Winter</a></div><div class="published">{at:%Y-%m-%d %H:%M}</div>
<div class="story">{PARAGRAPHS}</div></main></body></html>""".encode()


def new_page(number: int, at: datetime) -> bytes:
    """Return a page of the day after: other classes, and a byline that only a script would show."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>Bridge {number} opens | The Daily Test</title>
<meta property="article:published_time" content="{at:%Y-%m-%dT%H:%M:%S}Z"></head><body>
<main><h1 class="hl-xl">Bridge {number} opens to traffic again</h1><div data-byline="1"></div>
<div class="prose">{PARAGRAPHS}</div></main></body></html>""".encode()


def add_source(stack: EmbeddedStack) -> None:
    """Add the source, and let nobody else's site be asked."""
    kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
    stack.upload("sources/kalbela.toml", kalbela.encode())
    stack.upload("sources/daily.toml", SOURCE.encode())


def publish(stack: EmbeddedStack, number: int, at: datetime, body: bytes) -> str:
    """Put a page as fetch does that was fetched when it was published; return its key."""
    key = f"pages/daily.example/{at:%Y-%m-%d/%H%M%S.%fZ}-{number}.html.gz"
    stack.upload(key, body, {"url": f"https://daily.example/news/{number}", "fetched-at": at.isoformat()})
    return key


def publish_all(stack: EmbeddedStack, page: Page, *, hours: int, every: int) -> list[str]:
    """Publish a page every so many hours until now, and let it become an article; return the keys."""
    now = datetime.now(UTC)
    times = [now - HOUR * number for number in range(hours, 0, -every)]
    keys = [publish(stack, int(at.timestamp()), at, page(int(at.timestamp()), at)) for at in times]
    stack.run()
    return keys


class Operator:
    """Who has subscribed to the alarm topic of a stack, and sees its metrics and logs."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self._stack = stack
        self._queue = stack.sqs.create_queue(QueueName="operator")["QueueUrl"]
        arn = stack.sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        stack.sns.subscribe(TopicArn=stack.outputs["AlarmTopic"], Protocol="sqs", Endpoint=arn)

    def messages(self) -> list[dict[str, str]]:
        """Return what was sent since it was asked last."""
        answer = self._stack.sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10)
        self._stack.sqs.purge_queue(QueueUrl=self._queue)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def run(self) -> dict[str, float]:
        """Let the health function run, and return what it counted, but for its own runs."""
        self._stack.log.seek(0)
        self._stack.log.truncate()
        self._stack.tick(datetime.now(UTC), SIX_HOURS)
        (metrics,) = (line for line in self.lines() if "FieldsLost" in line)
        return {name: sum(metrics[name]) for name in ("FieldsLost", "ArticlesMissing", "SourcesSilent")}

    def lines(self) -> list[dict[str, Any]]:
        self._stack.log.seek(0)
        return [json.loads(line) for line in self._stack.log]
