"""What functions write into their logs, where CloudWatch reads both lines and metrics."""

import io
import json
import uuid
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import pytest

from khobor.errors import PermanentError
from khobor.runtime.observability import Observability


class Context:
    """Lambda's context of an invocation."""

    function_name = "testing"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:testing"
    aws_request_id = "id"


@pytest.fixture(autouse=True)
def _namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "khobor/test")


def written(act: Callable[[Observability], Any]) -> list[dict[str, Any]]:
    """Return the lines that something writes by a new Observability."""
    with redirect_stdout(io.StringIO()) as output:
        # A logger keeps the output that it saw first, under its name.
        act(Observability(uuid.uuid4().hex))
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_secrets_of_urls_are_hidden() -> None:
    url = "https://me:pass@news.example/1?access_token=abc"

    def act(observability: Observability) -> None:
        observability.about(url=url)
        observability.failed(PermanentError("not_html", f"{url} is no page"))

    line, _ = written(act)
    assert line["reason"] == "not_html"
    assert line["url"] == "https://***@news.example/1?access_token=***"
    assert "abc" not in line["message"]


def test_of_the_next_record_nothing_is_said_that_was_said_of_the_one_before() -> None:
    def act(observability: Observability) -> None:
        observability.begin_record(key="1.html")
        observability.about(article_id="id1", source=None)
        observability.logger.info("one")
        observability.begin_record(key="2.html")
        observability.logger.info("two")
        observability.begin_record()
        observability.logger.info("three")

    found = [(line["message"], line.get("key"), line.get("article_id")) for line in written(act)]
    assert found == [("one", "1.html", "id1"), ("two", "2.html", None), ("three", None, None)]


def test_a_failure_is_counted_by_its_reason() -> None:
    _, failure = written(lambda observability: observability.failed(PermanentError("not_html", "it is no page")))
    assert (failure["Failures"], failure["reason"]) == ([1.0], "not_html")
    (metric,) = failure["_aws"]["CloudWatchMetrics"]
    assert metric["Dimensions"] == [["service", "reason"]]


def test_the_source_of_a_count_is_no_dimension_and_a_count_of_none_is_not_written() -> None:
    def act(observability: Observability) -> None:
        observability.count_of("daily", "UrlsNew", 3)
        observability.count_of("daily", "UrlsRefused", 0)

    (line,) = written(act)
    assert (line["UrlsNew"], line["source"]) == ([3.0], "daily")
    (metric,) = line["_aws"]["CloudWatchMetrics"]
    assert metric["Dimensions"] == [["service"]]


@pytest.mark.parametrize(
    ("event", "count"), [({"Records": [{}, {}]}, 2), ({"Items": [{}]}, 1), ({"url": "x"}, 1), ({"Records": "x"}, 1)]
)
def test_the_records_of_an_event_are_counted(event: dict[str, Any], count: int) -> None:
    def act(observability: Observability) -> None:
        context: Any = Context()
        assert observability.handler(lambda given, _: given)(event, context) == event

    (line,) = written(act)
    assert line["Accepted"] == [float(count)]
