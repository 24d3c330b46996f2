"""Pages are copied to AWS and back as files, and give the same articles everywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.transfer.places import NOON, deployed, local

from khobor.archive.interface import Archive
from khobor.article import Article
from khobor.embedded.stack import EmbeddedStack
from khobor.keys import PAGES, UPLOADS
from khobor.page import RawPage
from khobor.pages.folder import FolderPages
from khobor.pages.interface import PageReader
from khobor.pages.s3 import S3PageReader
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun
from khobor.sources.registry import bundled_sources
from khobor.transfer.dump import dump
from khobor.transfer.load import load
from khobor.transfer.place import Place
from khobor.url import article_id

URL = "https://daily.example/news/bridge"


def page(text: str, day: int, url: str | None = URL) -> RawPage:
    title = f"সেতু {day}"
    article = f"<article><h1>{title}</h1><p>{text * 9}</p></article>"
    markup = f"<html><head><title>{title}</title></head><body>{article}</body></html>"
    return RawPage(
        body=markup.encode("utf-16"),
        fetched_at=datetime(2026, 3, day, 4, 5, 6, 789, tzinfo=UTC),
        url=url,
        final_url=url,
        status=200 if url else None,
        content_type="text/html; charset=utf-16",
        tdm_reservation="1",
        robots_tag="noarchive",
        robots_txt="allowed",
    )


@pytest.fixture
def folder(tmp_path: Path) -> FolderPages:
    """A folder with two revisions of an article, another one, a saved page without URL, and one to be forgotten."""
    pages = FolderPages(tmp_path / "first")
    pages.put_page(page("খোলা। ", 1))
    pages.put_page(page("বন্ধ। ", 2))
    pages.put_page(page("Other. ", 3, f"{URL}/2"))
    pages.put_page(page("Secret. ", 4, f"{URL}/3"))
    pages.put_upload(page("Saved. ", 5, None))
    return pages


def keys(pages: FolderPages) -> Iterator[str]:
    for place in (PAGES, UPLOADS):
        yield from pages.keys(place)


def rebuild(place: Place, pages: PageReader, bucket: str | None, found: list[str]) -> None:
    rereading = Rereading(pages, bucket, place.archive, place.frontier.urls, 1_000_000)
    for key in found:
        rereading.read(key, ReplayRun(name="rebuild"), bundled_sources())


def contents(archive: Archive) -> list[tuple[Article, list[object]]]:
    """Every article but for the place of its page, with its revisions."""
    found = []
    for article in sorted(archive.articles(), key=lambda each: each.article_id):
        assert article.raw
        kept = replace(article, raw=replace(article.raw, bucket=None, version=None))
        revisions: list[object] = [
            (each.number, each.first_seen_at, each.last_seen_at, each.is_gone, each.changes)
            for each in archive.revisions(article.article_id)
        ]
        found.append((kept, revisions))
    return found


def test_pages_that_are_copied_to_aws_and_back_become_the_same_articles(
    stack: EmbeddedStack, folder: FolderPages, tmp_path: Path
) -> None:
    first, aws, second = local(tmp_path / "a.db"), deployed(stack), local(tmp_path / "b.db")
    first.archive.forbid(article_id(f"{URL}/3"), NOON)
    first.archive.mark_gone(article_id(f"{URL}/2"), NOON + timedelta(days=9), "http_410")
    found = list(keys(folder))
    rebuild(first, folder, None, found)

    # As ``aws s3 sync`` does: the bytes alone, in both directions.
    bucket, copy = stack.outputs["RawBucketName"], FolderPages(tmp_path / "second")
    for key in found:
        stack.s3.put_object(Bucket=bucket, Key=key, Body=(folder.folder / key).read_bytes())
        path = copy.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stack.s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    (tmp_path / "dump").write_bytes(b"".join(dump(first, NOON)))
    for place in (aws, second):
        problems: list[str] = []
        with (tmp_path / "dump").open("rb") as file:
            load(file, place, lambda _, reason, found=problems: found.append(reason))  # type: ignore[misc]
        assert problems == []
    rebuild(aws, S3PageReader(stack.s3), bucket, found)
    rebuild(second, copy, None, found)

    expected = contents(first.archive)
    assert sorted(len(revisions) for _, revisions in expected) == [1, 2, 2]
    assert contents(aws.archive) == expected
    assert contents(second.archive) == expected
