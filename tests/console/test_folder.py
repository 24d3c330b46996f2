"""The console on a local archive: what is added there is kept, and what failed can be tried again."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.console.conftest import Reader
from tests.console.pages import open_page, texts
from tests.console.test_submissions import reason_of, states, travelled
from tests.example_pages import KALBELA, page

from khobor.article import RawReference
from khobor.cli.folder_deployment import FolderDeployment
from khobor.cli.workspace import WorkspaceOptions, sources_of, workspace
from khobor.console.deployment import Deployment
from khobor.errors import PermanentError, RetryableError
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.stopping import Stop

SIGN_IN = b"<p>Sign in to read on.</p>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def folder_reader(path: Path, make_reader: Callable[[Deployment], Reader]) -> Iterator[Reader]:
    """A reader who has opened the console of an empty local archive."""
    options = WorkspaceOptions(archive=path, contact="mailto:a@b.example", log=None, allow_loopback=True, jobs=1)
    with workspace(options, sources_of(path), Stop()) as opened:
        reader = make_reader(FolderDeployment(opened))
        reader.open()
        yield reader


def test_a_file_is_kept_and_stored(folder_reader: Reader, path: Path) -> None:
    answer = folder_reader.send("/add/file", file=(io.BytesIO(KALBELA.read_bytes()), "চিঠি.html"))
    submission = travelled(folder_reader, answer.headers["Location"])
    assert states(submission) == [("upload", "done"), ("read", "done"), ("store", "done")]
    assert "পুতিন-কিমের চিঠি বিনিময়" in folder_reader.get("/").text
    with ArchiveFolder.open(path) as later:
        (article,) = later.archive.articles()
        assert article.title == "পুতিন-কিমের চিঠি বিনিময়"
        assert article.raw
        assert article.raw.bucket is None
        kept, _ = later.pages.get(article.raw, 1_000_000)
    assert kept.body == KALBELA.read_bytes()


def test_a_url_is_fetched_and_stored(folder_reader: Reader, path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/city/1").respond_with_data(page(), content_type="text/html")
    answer = folder_reader.send("/add/url", url=httpserver.url_for("/city/1"))
    submission = travelled(folder_reader, answer.headers["Location"])
    assert states(submission) == [("fetch", "done"), ("read", "done"), ("store", "done")]
    with ArchiveFolder.open(path) as later:
        assert later.archive.find(httpserver.url_for("/city/1")) == submission.stored_id


def test_a_page_without_an_article_is_a_failure_that_can_be_sent_back(folder_reader: Reader, path: Path) -> None:
    answer = folder_reader.send("/add/file", file=(io.BytesIO(SIGN_IN), "page.html"))
    submission = travelled(folder_reader, answer.headers["Location"])
    assert reason_of(submission) == "no_headline"
    root = open_page(folder_reader, "/dead-letters")
    assert "no_headline" in " ".join(texts(root, "code"))
    folder_reader.send("/dead-letters/parse")
    with ArchiveFolder.open(path) as later:
        (failure,) = later.failures.all()
        assert failure.reason == "no_headline"
        assert later.unread.first(10) == []


def test_a_url_that_failed_is_sent_back_to_the_queue(folder_reader: Reader, path: Path) -> None:
    request = json.dumps({"url": "https://news.example/1", "source": "daily", "attempts": 5})
    with ArchiveFolder.open(path) as other:
        error = RetryableError("http_503", "https://news.example/1 answered 503")
        other.failures.put("fetch", "https://news.example/1", request, error)
        folder_reader.send("/dead-letters/fetch")
        assert list(other.failures.all()) == []
        (queued,) = other.fetch_queue.all()
    assert (queued.request.url, queued.request.attempts) == ("https://news.example/1", 0)


def test_a_failure_of_a_page_that_was_deleted_stays_and_says_why(folder_reader: Reader, path: Path) -> None:
    with ArchiveFolder.open(path) as other:
        key = "pages/news.example/2026-03-01/090500.000000Z-abc.html.gz"
        assert other.pages.versions(RawReference(key=key)) == []
        other.failures.put("parse", "https://news.example/1", key, PermanentError("no_body", "no text"))
        answer = folder_reader.send("/dead-letters/parse")
        assert "was deleted; fetch its URL again" in folder_reader.get(answer.headers["Location"]).text
        assert [each.reason for each in other.failures.all()] == ["no_body"]


def test_every_page_opens_on_an_empty_archive(folder_reader: Reader) -> None:
    for path in ("/", "/search?q=bridge", "/changes", "/sources", "/dead-letters", "/add"):
        assert folder_reader.get(path).status_code == 200, path
