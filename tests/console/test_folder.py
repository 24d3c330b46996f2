"""The console on a local archive: what is added there is kept, and what failed can be tried again."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pytest_httpserver import HTTPServer
from tests.articles import article
from tests.console.conftest import Reader
from tests.console.newsroom import (
    CAIRO_PARAGRAPHS,
    HOSTILE_TITLE,
    KARACHI_PARAGRAPHS,
    LIBRARY_PARAGRAPHS,
    MARKET_PARAGRAPHS,
    hostile_page,
)
from tests.console.pages import open_page, texts, texts_of, titles
from tests.console.test_submissions import reason_of, states, travelled
from tests.example_pages import KALBELA, PARAGRAPHS, page

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


SERVICE_UNAVAILABLE = 503
SHOWN_AS = {"h3", "a", "mark", "p", "time", "bdi", "span"}
SEARCH_BY = ["words of title and text", "words of the title", "section", "tag", "author"]
BAD_REQUEST = 400


def send_page(reader: Reader, **parts: Any) -> None:
    """Add a page, written for the test, by the form."""
    answer = reader.send("/add/file", file=(io.BytesIO(page(**parts)), "page.html"))
    assert travelled(reader, answer.headers["Location"]).stored_id


def test_words_of_the_text_find_an_article_and_are_marked(folder_reader: Reader) -> None:
    send_page(folder_reader, title="Old bridge opens again")
    send_page(folder_reader, title="Market hall open late", paragraphs=MARKET_PARAGRAPHS)
    root = open_page(folder_reader, "/search", q="engineers bridge")
    assert texts(root, ".headlines h3") == ["Old bridge opens again"]
    assert texts(root, ".headlines h3 mark") == ["bridge"]
    assert "Engineers" in texts(root, ".excerpt mark")
    assert titles(folder_reader, "/search", q='"nine arches"') == ["Old bridge opens again"]
    assert titles(folder_reader, "/search", q="engin*") == ["Old bridge opens again"]
    assert titles(folder_reader, "/search", q="vegetables") == ["Market hall open late"]
    assert titles(folder_reader, "/search", q="vegetables", by="words") == []


def test_title_and_text_are_the_first_choice(folder_reader: Reader) -> None:
    root = open_page(folder_reader, "/search")
    assert texts(root, "select option") == SEARCH_BY
    assert texts(root, "option[selected]") == ["words of title and text"]
    chosen = open_page(folder_reader, "/search", q="bridge", by="words")
    assert texts(chosen, "option[selected]") == ["words of the title"]


def test_a_word_in_the_title_comes_before_one_in_the_text(folder_reader: Reader) -> None:
    send_page(folder_reader, title="Ferries for the bridge")
    send_page(folder_reader, title="A harbour for buses", paragraphs=MARKET_PARAGRAPHS)
    send_page(folder_reader, title="A library sails", paragraphs=(*PARAGRAPHS, "It is moored in the harbour."))
    assert titles(folder_reader, "/search", q="harbour") == ["A harbour for buses", "A library sails"]


def test_many_results_are_turned_like_pages(folder_reader: Reader, path: Path) -> None:
    with ArchiveFolder.open(path) as other:
        for number in range(45):
            other.archive.put(article(number, title=f"Bridge number {number} of the city council opens"))
    link, found = "/search?q=bridge+%22city+council%22", []
    while link:
        root = open_page(folder_reader, link)
        found.append(texts(root, ".headlines h3"))
        links = dict(zip(texts(root, ".turn a"), (a.get("href") for a in root.cssselect(".turn a")), strict=True))
        assert ("Back to the first results" in links) is (len(found) > 1)
        link = links.get("More results", "")
    assert [len(each) for each in found] == [20, 20, 5]
    assert len({title for each in found for title in each}) == 45


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("!!", "There is no word in '!!' to look for."),
        ("b*", "Give at least 2 letters before *; b* begins too many words."),
        (" ".join(f"word{n}" for n in range(40)), "A search has 32 words at most, not 40."),
        ("<i>7* </i>", "Give at least 2 letters before *; 7* begins"),
        ('"', "There is no word in '\"' to look for."),
    ],
    ids=["no word", "short beginning", "too many words", "markup", "an open quotation"],
)
def test_what_is_wrong_with_a_query_is_said_beside_it(folder_reader: Reader, asked: str, said: str) -> None:
    answer = folder_reader.get("/search", q=asked)
    root = html.fromstring(answer.text)
    assert answer.status_code == BAD_REQUEST
    assert texts(root, "[role=alert]")[0].startswith(said)
    assert root.cssselect("input[name=q]")[0].get("value") == asked
    assert not root.cssselect("main i, main script")


def test_a_search_without_results_says_what_was_asked(folder_reader: Reader) -> None:
    (said,) = texts(open_page(folder_reader, "/search", q="<b>zeppelin</b>"), ".nothing")
    assert "'<b>zeppelin</b>'" in said


@pytest.mark.parametrize("cursor", ["made-up", "WyJzZWFyY2gjYnJpZGdlIiwgLTFd", "x" * 5000])
def test_a_cursor_of_no_search_is_refused(folder_reader: Reader, cursor: str) -> None:
    answer = folder_reader.get("/search", q="bridge", cursor=cursor)
    assert answer.status_code == BAD_REQUEST
    assert "is not a cursor of this list" in answer.text


def test_hostile_words_of_an_article_are_shown_as_text(folder_reader: Reader) -> None:
    answer = folder_reader.send("/add/file", file=(io.BytesIO(hostile_page()), "page.html"))
    assert travelled(folder_reader, answer.headers["Location"]).stored_id
    for asked in ("bridge", "alert ran", "<script>alert('ran')</script>", "onerror", "iframe"):
        root = open_page(folder_reader, "/search", q=asked)
        assert texts(root, ".headlines h3") == [HOSTILE_TITLE], asked
        assert texts(root, "main mark"), asked
        assert {each.tag for each in root.cssselect(".headlines li *")} <= SHOWN_AS, asked
    assert "<script>alert('ran')</script>" in texts(root, ".excerpt")[0]


def test_text_that_would_turn_the_page_around_stays_in_its_place(folder_reader: Reader) -> None:
    send_page(folder_reader, title="Bridge \u202eagain\u202c opens \u2066here")
    answer = folder_reader.get("/search", q="again bridge")
    assert "\u202e" not in answer.text
    (title,) = texts_of(answer, ".headlines h3")
    assert title.count("\u2066") + title.count("\u2067") == title.count("\u2069")


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({"title": "کراچی کے ساحل پر پرندوں کی گنتی مکمل", "paragraphs": KARACHI_PARAGRAPHS, "lang": "ur"}, "جنگلات"),
        ({"title": "مكتبة في القاهرة تفتح قاعة جديدة للأطفال", "paragraphs": CAIRO_PARAGRAPHS, "lang": "ar"}, "ترميم"),
        ({"title": "পদ্মায় ভাসে পাঠাগার, ঘাটে ঘাটে বই", "paragraphs": LIBRARY_PARAGRAPHS, "lang": "bn"}, "রূপকথা"),
    ],
    ids=["ur", "ar", "bn"],
)
def test_results_have_their_language_and_find_their_direction(
    folder_reader: Reader, parts: dict[str, Any], asked: str
) -> None:
    send_page(folder_reader, **parts)
    root = open_page(folder_reader, "/search", q=asked)
    (link,), (excerpt,) = root.cssselect(".headlines h3 a"), root.cssselect(".excerpt")
    assert (link.get("lang"), excerpt.get("lang"), excerpt.get("dir")) == (parts["lang"], parts["lang"], "auto")
    assert root.cssselect(".headlines li")[0].get("dir") == "auto"
    assert texts(root, ".excerpt mark") == [asked]
    # In English: from right to left the day would stand behind the year.
    assert [each.get("dir") for each in root.cssselect(".headlines time")] == ["ltr"]


def test_a_damaged_archive_is_no_bug(folder_reader: Reader, path: Path) -> None:
    with ArchiveFolder.open(path) as other:
        other.archive.put(article(title="Bridge"))
        with other.database.read() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (path / "archive.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * ((path / "archive.db").stat().st_size - 4096))
    answer = folder_reader.get("/search", q="bridge")
    assert answer.status_code == SERVICE_UNAVAILABLE
    assert "is damaged" in texts_of(answer, "main p")[0]
