"""An article is forgotten: nothing of it is left, and it never comes back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import page

from khobor.archive.forgetting import Forgetting
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.pages.s3 import S3Pages

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TITLE = "The bridge opens"


@pytest.fixture
def urls(stack: EmbeddedStack) -> DynamoDBKnownUrls:
    return DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 400)


@pytest.fixture
def forgetting(stack: EmbeddedStack, urls: DynamoDBKnownUrls) -> Forgetting:
    return Forgetting(stack.archive, urls, S3Pages(stack.s3, stack.outputs["RawBucketName"]))


def fetch(stack: EmbeddedStack, server: HTTPServer, path: str, title: str, **answer: Any) -> str:
    """Have a page fetched, parsed and stored; return its URL."""
    server.clear_all_handlers()
    body = page(title=title)
    server.expect_request(path).respond_with_data(body, content_type="text/html; charset=utf-8", **answer)
    url = server.url_for(path)
    stack.invoke("FetchFunction", {"url": url, "delay": 0})
    stack.run()
    return url


def everything(stack: EmbeddedStack) -> str:
    tables = (stack.outputs[name] for name in ("ArchiveTableName", "CrawlTableName"))
    return str([stack.dynamodb.scan(TableName=table)["Items"] for table in tables])


def objects(stack: EmbeddedStack) -> list[str]:
    answer = stack.s3.list_object_versions(Bucket=stack.outputs["RawBucketName"])
    return [version["Key"] for version in answer.get("Versions", [])]


def test_every_revision_and_page_of_it_is_deleted_and_the_rest_stays(
    stack: EmbeddedStack, forgetting: Forgetting, httpserver: HTTPServer
) -> None:
    kept = fetch(stack, httpserver, "/kept", "Another one")
    before = everything(stack), objects(stack)
    url = fetch(stack, httpserver, "/news/ann-lee", TITLE)
    fetch(stack, httpserver, "/news/ann-lee", f"{TITLE} at last")
    article_id = stack.archive.find(url)
    assert article_id
    assert len(stack.archive.revisions(article_id)) == 2
    forgotten = forgetting.forget(article_id, NOW)
    assert forgotten
    assert (forgotten.urls, forgotten.objects) == ((url,), 2)
    left = everything(stack)
    assert "ann-lee" not in left
    assert "bridge" not in left
    assert objects(stack) == before[1]
    assert stack.archive.find(url) is None
    assert stack.archive.get(article_id) is None
    assert stack.archive.find(kept)


def test_it_does_not_come_back(
    stack: EmbeddedStack, forgetting: Forgetting, urls: DynamoDBKnownUrls, httpserver: HTTPServer
) -> None:
    url = fetch(stack, httpserver, "/news/1", TITLE)
    article_id = stack.archive.find(url)
    assert article_id
    forgetting.forget(article_id, NOW)
    assert set(urls.known([url, f"{url}?utm_source=feed"], NOW.replace(year=2099))) == {url, f"{url}?utm_source=feed"}
    fetch(stack, httpserver, "/news/1", TITLE)
    assert list(stack.articles()) == []
    assert stack.lists.by_words("bridge").headlines == ()
    assert set(urls.known([url], NOW.replace(year=2099))) == {url}


def test_it_can_be_forgotten_twice_and_after_it_was_stopped_in_the_middle(
    stack: EmbeddedStack, forgetting: Forgetting, httpserver: HTTPServer
) -> None:
    url = fetch(stack, httpserver, "/news/1", TITLE)
    article_id = stack.archive.find(url)
    assert article_id
    stack.archive.forget(article_id, NOW)
    again = forgetting.forget(article_id, NOW)
    assert again
    assert (again.urls, again.objects) == ((url,), 1)
    assert "bridge" not in everything(stack)
    twice = forgetting.forget(article_id, NOW)
    assert twice
    assert (twice.urls, twice.objects) == ((), 0)


def test_an_article_that_never_was_is_not_forgotten(forgetting: Forgetting) -> None:
    assert forgetting.forget("nothing", NOW) is None
