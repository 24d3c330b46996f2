"""The console of an archive that is empty, old, long or not there."""

import gc
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.console.conftest import ADDRESS, Reader
from tests.console.pages import open_page, texts, texts_of
from tests.example_pages import KALBELA, page
from werkzeug.test import EnvironBuilder

from khobor.console.aws_deployment import AwsDeployment
from khobor.console.deployment import Deployment
from khobor.dead_letters.redriving import Send
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.backlog import Backlog
from khobor.stages import Stage

INTERNAL_SERVER_ERROR, BAD_GATEWAY = 500, 502


@pytest.mark.slow
def test_a_long_list_is_turned_over(stack: EmbeddedStack, reader: Reader) -> None:
    for number in range(41):
        body = page(title=f"Story number {number}")
        stack.upload(f"uploads/{number}.html", body, {"url": f"https://thebridge.example/a/story-{number}"})
    stack.run()
    first = open_page(reader, "/", source="thebridge.example")
    older = next(link.get("href") for link in first.cssselect(".turn a") if link.text == "Older headlines")
    second = open_page(reader, older)
    assert len({*texts(first, ".headlines h3"), *texts(second, ".headlines h3")}) == 41
    assert "Back to the newest headlines" in texts(second, ".turn a")


def test_of_an_archive_of_old_pages_those_that_were_added_last_are_shown(stack: EmbeddedStack, reader: Reader) -> None:
    stack.upload("uploads/kalbela.html", KALBELA.read_bytes())
    stack.run()
    root = open_page(reader, "/")
    assert "Nothing was published within the last days" in root.text_content()
    assert texts(root, ".headlines h3") == ["পুতিন-কিমের চিঠি বিনিময়"]


def test_an_empty_archive_says_what_to_do(reader: Reader) -> None:
    assert texts(open_page(reader, "/"), ".nothing") == ["There are no headlines yet. Add a page, or enable a source."]


def test_what_aws_refuses_is_told(stack: EmbeddedStack, reader: Reader) -> None:
    stack.dynamodb.delete_table(TableName=stack.outputs["ArchiveTableName"])
    answer = reader.get("/")
    assert answer.status_code == BAD_GATEWAY
    assert "ResourceNotFoundException" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("GET", "/nowhere", 404, "There is no such page"),
        ("GET", "/articles/a/revisions/first", 404, "There is no such page"),
        ("POST", "/sources", 405, "This page does not accept such requests"),
        ("GET", "/static/none.css", 404, "There is no such page"),
    ],
)
def test_refusals_are_pages_of_the_console(reader: Reader, method: str, path: str, status: int, heading: str) -> None:
    answer = reader.get(path) if method == "GET" else reader.send(path)
    assert answer.status_code == status
    assert texts_of(answer, "h1") == [heading]
    assert path in texts_of(answer, ".lead")[0]
    assert "Headlines" in texts_of(answer, ".actions a")
    # No page by werkzeug.
    assert "The method is not allowed" not in answer.text
    assert "The requested URL" not in answer.text


def test_a_method_that_is_not_taken_says_which_are(reader: Reader) -> None:
    assert reader.send("/sources").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/add/url", "/add/file"])
def test_where_a_form_is_sent_there_is_the_form(reader: Reader, path: str) -> None:
    # Where a browser is asked to reload the page that refused a form.
    assert reader.get(path).headers["Location"] == "/add"


def test_a_fault_of_khobor_is_a_page_too(
    deployment: AwsDeployment, make_reader: Callable[[Deployment], Reader], caplog: pytest.LogCaptureFixture
) -> None:
    def sender(_: Stage) -> Send:
        raise ZeroDivisionError("nobody foresaw it")

    reader = make_reader(replace(deployment, sender=sender))
    reader.open()
    answer = reader.send("/dead-letters/parse")
    assert answer.status_code == INTERNAL_SERVER_ERROR
    assert texts_of(answer, "h1") == ["khobor failed on this page"]
    assert "ZeroDivisionError: nobody foresaw it" in texts_of(answer, ".lead")[0]
    assert "Traceback" in caplog.text


def test_a_reader_who_hangs_up_leaves_no_file_open(reader: Reader) -> None:
    reader.open()
    environ = EnvironBuilder(path="/static/console.css", base_url=ADDRESS).get_environ()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        # A server whose reader is gone does not come to close what it was given.
        given = list(reader.console(environ, lambda *_: lambda _: None))
        gc.collect()
    assert b"".join(given).decode().rstrip().endswith("}")
    assert [str(warning.message) for warning in warned] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((f"/?day={day}", 400) for day in ("0001-01-01", "0001-01-02", "9999-12-31", "٢٠٢٦-٠٣-٠١", "9" * 5_000)),
        (f"/articles/a/compare?before={'9' * 5_000}&after=2", 400),
        ("/articles/a/compare?before=1&after=٢", 400),
        (f"/articles/a/revisions/{'9' * 5_000}", 404),
        (f"/dead-letters?stage=parse&sent={'9' * 5_000}", 200),
        (f"/dead-letters?stage=parse&sent=1&kept={'9' * 5_000}", 200),
        (f"/?cursor={'9' * 5_000}", 400),
    ],
    ids=lambda value: str(value)[:45],
)
def test_no_number_and_no_day_is_a_fault(reader: Reader, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert "fault of khobor" not in answer.text


def test_nothing_that_is_shown_turns_or_hides_what_stands_beside_it(stack: EmbeddedStack, reader: Reader) -> None:
    body = page(title="Bridge \u202eopens\U000e0041")
    stack.upload("uploads/1.html", body, {"url": "https://thebridge.example/a/story-1"})
    stack.run()
    shown = reader.get("/", source="thebridge.example").text
    assert "Bridge \u2067opens\u2069<" in shown
    for path in ("/", "/?source=\u202ea", "/search?q=\u202ea\U000e0041", "/changes?kind=\u202ea"):
        text = reader.get(path).text
        assert not any(char in text for char in "\u202a\u202b\u202c\u202d\u202e\U000e0041")
        assert sum(text.count(char) for char in "\u2066\u2067\u2068") == text.count("\u2069")


def test_a_budget_of_a_source_that_is_used_up_is_shown(deployment: AwsDeployment, reader: Reader) -> None:
    backlog, now = Backlog(deployment.hosts), datetime.now(UTC)
    hosts = [f"x{number}.kalbela.com" for number in range(30)]
    assert len(backlog.admit_hosts(hosts, "kalbela", now)) == 20
    text = " ".join(open_page(reader, "/sources").text_content().split())
    assert "needs attention" in text
    assert "new hosts of kalbela.com: 20 of 20 an hour are used; more wait for a later run" in text
    assert "60 an hour" not in text
