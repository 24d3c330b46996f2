from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import boto3
import pytest
from tests.articles import MORNING, article

from khobor.announce.announcements import announcement
from khobor.announce.table_stream import TableStream
from khobor.archive.dynamodb.stream import read_headline_change
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError


def stream_of(stack: EmbeddedStack, table: str) -> TableStream:
    streams: Any = boto3.client("dynamodbstreams", region_name="eu-central-1")
    return TableStream(stack.dynamodb, streams, table)


def test_records_are_yielded_from_now_on(stack: EmbeddedStack) -> None:
    stack.archive.put(article(1))
    steps: Iterator[Callable[[], object]] = iter(
        [
            lambda: stack.archive.put(article(2, title="The bridge opens")),
            lambda: None,
            lambda: stack.archive.put(article(1, title="Changed", fetched_at=MORNING + timedelta(hours=2))),
            lambda: stack.archive.mark_gone("id2", MORNING + timedelta(hours=5), "http_410"),
        ]
    )
    stream = stream_of(stack, stack.outputs["ArchiveTableName"])
    events = (announcement(read_headline_change(record)) for record in stream.follow(lambda _: next(steps)()))
    found = list(islice(filter(None, events), 3))
    assert [(each.kind, each.detail.article_id, each.detail.title) for each in found] == [
        ("ArticleStored", "id2", "The bridge opens"),
        ("ArticleRevised", "id1", "Changed"),
        ("ArticleGone", "id2", "The bridge opens"),
    ]
    assert found[1].detail.changes == ("headline",)


def test_a_table_without_a_stream_is_refused(stack: EmbeddedStack) -> None:
    with pytest.raises(PermanentError, match="no_stream"):
        stream_of(stack, stack.outputs["CrawlTableName"])
