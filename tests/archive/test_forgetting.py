"""Forgetting an article deletes every trace of it, and it never comes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import page

from khobor.archive.forgetting import Forgetting
from khobor.archive.interface import Archive, WriteOutcome
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.article import RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.extract import extract_page
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.page import RawPage
from khobor.pages.folder import FolderPages
from khobor.pages.interface import PageStore
from khobor.pages.s3 import S3Pages
from khobor.sources.registry import bundled_sources
from khobor.sqlite.database import Database
from khobor.url import url_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TITLE = "The bridge opens"


@pytest.fixture
def urls(stack: EmbeddedStack) -> DynamoDBKnownUrls:
    return DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 400)


@pytest.fixture
def forgetting(stack: EmbeddedStack, urls: DynamoDBKnownUrls) -> Forgetting:
    return Forgetting(stack.archive, urls, S3Pages(stack.s3, stack.outputs["RawBucketName"]))


def fetch(stack: EmbeddedStack, server: HTTPServer, path: str, title: str, **answer: Any) -> str:
    """Fetch, parse and store a page; return its URL."""
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


@pytest.mark.parametrize("is_in_a_folder", [True, False], ids=["folder", "stack"])
def test_a_url_that_only_a_page_tells_finds_nothing_afterwards(
    stack: EmbeddedStack, urls: DynamoDBKnownUrls, tmp_path: Path, *, is_in_a_folder: bool
) -> None:
    """The text of an article has the URL of one fetch; other pages with the same text came by other URLs."""
    pages: PageStore = S3Pages(stack.s3, stack.outputs["RawBucketName"])
    archive: Archive = stack.archive
    if is_in_a_folder:
        pages = FolderPages(tmp_path)
        archive = SQLiteArchive(Database(tmp_path / "archive.db", {"archive": MIGRATIONS}, create=True))
    canonical = "https://news.example/city/1"
    short = [f"https://news.example/city/1?from={number}" for number in range(3)]
    body = page(title=TITLE, head=f'<link rel="canonical" href="{canonical}">')
    for hour, url in enumerate(short):
        fetched = RawPage(body=body, url=url, fetched_at=NOW + timedelta(hours=hour))
        key = pages.put_page(fetched)
        archive.put(extract_page(fetched, RawReference(key=key), bundled_sources()))
    other = "https://news.example/city/2"
    archive.put(extract_page(RawPage(body=page(title="Another"), url=other, fetched_at=NOW), None, bundled_sources()))
    article_id = archive.find(canonical)
    assert article_id
    assert [archive.find(url) for url in short] == [article_id] * 3
    forgotten = Forgetting(archive, urls, pages).forget(article_id, NOW)
    assert forgotten
    assert set(forgotten.urls) == {canonical, *short}
    assert [archive.find(url) for url in short] == [None] * 3
    assert archive.find(other)
    # Nothing leads from any of them to the article that is gone.
    assert archive.mark_gone(url_id(short[0]), NOW, "http_410") is WriteOutcome.UNKNOWN


def test_an_article_that_never_was_is_not_forgotten(forgetting: Forgetting) -> None:
    assert forgetting.forget("nothing", NOW) is None
