"""A page on its way, from the box of the console to the archive."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.console.conftest import Reader
from tests.pages import KALBELA, page

from khobor.console.installation import Installation
from khobor.console.journeys import Journey
from khobor.errors import PermanentError
from khobor.local.stack import EmbeddedStack

BAD_REQUEST, NOT_FOUND = 400, 404


def travelled(reader: Reader, location: str) -> Journey:
    """Wait for what is on its way, and look at it."""
    journeys = reader.console.journeys
    journeys.wait()
    journey = journeys.look(location.rpartition("/")[2])
    assert journey is not None
    return journey


def states(journey: Journey) -> list[tuple[str, str]]:
    return [(step.name, step.state) for step in journey.steps]


def test_a_file_goes_the_whole_way(stack: EmbeddedStack, reader: Reader) -> None:
    answer = reader.send("/add/file", file=(io.BytesIO(KALBELA.read_bytes()), "চিঠি.html"))
    journey = travelled(reader, answer.headers["Location"])
    assert states(journey) == [("upload", "done"), ("read", "done"), ("store", "done")]
    (article,) = stack.articles()
    shown = reader.get(answer.headers["Location"]).text
    assert f"/articles/{article.article_id}" in shown
    assert "চিঠি.html" in shown
    assert "পুতিন-কিমের চিঠি বিনিময় — 290 words, read by the rules of kalbela/1" in shown
    assert article.raw is not None
    assert article.raw.key.startswith("uploads/console/")


def test_a_file_is_of_the_url_that_is_given(stack: EmbeddedStack, reader: Reader) -> None:
    url = "https://thebridge.example/city/1"
    answer = reader.send("/add/file", file=(io.BytesIO(page()), "saved.htm"), url=url)
    assert travelled(reader, answer.headers["Location"]).stored_id
    assert [article.url for article in stack.articles()] == [url]


def test_a_url_goes_the_whole_way(stack: EmbeddedStack, reader: Reader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/city/1").respond_with_data(page(), content_type="text/html")
    answer = reader.send("/add/url", url=httpserver.url_for("/city/1"))
    journey = travelled(reader, answer.headers["Location"])
    assert states(journey) == [("fetch", "done"), ("read", "done"), ("store", "done")]
    assert "s3://khobor-rawbucket/pages/" in (journey.steps[0].detail or "")
    assert [article.article_id for article in stack.articles()] == [journey.stored_id]


def test_a_url_that_is_not_there_says_why(reader: Reader, httpserver: HTTPServer) -> None:
    answer = reader.send("/add/url", url=httpserver.url_for("/city/2"))
    journey = travelled(reader, answer.headers["Location"])
    assert states(journey) == [("fetch", "failed"), ("read", "waiting"), ("store", "waiting")]
    assert "http_404" in reader.get(answer.headers["Location"]).text


def test_a_page_without_an_article_says_so_and_is_among_the_dead_letters(stack: EmbeddedStack, reader: Reader) -> None:
    answer = reader.send("/add/file", file=(io.BytesIO(b"<p>Sign in to read on.</p>"), "page.html"))
    journey = travelled(reader, answer.headers["Location"])
    assert states(journey) == [("upload", "done"), ("read", "failed"), ("store", "waiting")]
    assert "no_headline" in (journey.steps[1].detail or "")
    assert [letter.reason for letter in stack.dead_letters()] == ["no_headline"]


def test_the_page_itself_asks_how_far_it_is(reader: Reader) -> None:
    answer = reader.send("/add/file", file=(io.BytesIO(page()), "page.html"))
    travelled(reader, answer.headers["Location"])
    state = reader.get(f"{answer.headers['Location']}/state").get_json()
    assert state["isOver"]
    assert [step["state"] for step in state["steps"]] == ["done", "done", "done"]


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/add/url", {"url": "nothing at all"}, "nothing at all"),
        ("/add/url", {}, "URL"),
        ("/add/file", {}, "No file was chosen"),
        ("/add/file", {"file": (io.BytesIO(b""), "a.html")}, "a.html is empty"),
    ],
)
def test_what_cannot_begin_is_explained(reader: Reader, path: str, fields: Mapping[str, Any], said: str) -> None:
    answer = reader.send(path, **fields)
    assert answer.status_code == BAD_REQUEST
    assert said in answer.text


def test_a_journey_that_nobody_began(reader: Reader) -> None:
    assert reader.get("/add/unknown").status_code == NOT_FOUND


@pytest.fixture
def deployed(installation: Installation) -> Installation:
    """As on AWS: what is in the queues moves by itself, some time later."""
    return replace(installation, move=lambda: None)


def test_on_aws_the_archive_is_asked_until_it_has_the_article(
    stack: EmbeddedStack, deployed: Installation, make_reader: Callable[[Installation], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    assert states(travelled(reader, location))[-1] == ("store", "running")
    assert "Look again" in reader.get(location).text
    stack.run()
    assert travelled(reader, location).stored_id


def test_on_aws_the_dead_letters_tell_what_failed(
    stack: EmbeddedStack, deployed: Installation, make_reader: Callable[[Installation], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    assert states(travelled(reader, location))[-1] == ("store", "running")
    # Gone before parse could read it.
    for each in stack.s3.list_object_versions(Bucket=stack.outputs["RawBucketName"])["Versions"]:
        stack.s3.delete_object(Bucket=stack.outputs["RawBucketName"], Key=each["Key"], VersionId=each["VersionId"])
    stack.run()
    journey = travelled(reader, location)
    assert states(journey)[1] == ("read", "failed")
    assert "no_such_object" in (journey.steps[1].detail or "")


def test_nobody_waits_forever(
    clock: time_machine.Traveller, deployed: Installation, make_reader: Callable[[Installation], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    travelled(reader, location)
    clock.shift(16 * 60)
    journey = travelled(reader, location)
    assert journey.is_over
    assert "nothing came of it so far" in (journey.steps[-1].detail or "")


def test_what_fails_while_it_is_fetched_is_told(
    installation: Installation, make_reader: Callable[[Installation], Reader]
) -> None:
    def fetch(_: str) -> Mapping[str, Any]:
        raise PermanentError("crashed", "the function is not there")

    reader = make_reader(replace(installation, fetch=fetch))
    reader.open()
    location = reader.send("/add/url", url="https://thebridge.example/1").headers["Location"]
    assert travelled(reader, location).steps[0].detail == "crashed: the function is not there"
