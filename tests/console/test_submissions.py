"""A page on its way, from the box of the console to the archive."""

import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from pytest_httpserver import HTTPServer
from tests.console.conftest import Reader
from tests.console.pages import open_page, texts
from tests.example_pages import KALBELA, page
from werkzeug import Request, Response

from khobor.archive.forgetting import Forgetting
from khobor.console.aws_deployment import AwsDeployment
from khobor.console.deployment import Deployment
from khobor.console.submissions import Submission
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.page import MAX_PAGE_BYTES
from khobor.pages.s3 import S3Pages

BAD_REQUEST, NOT_FOUND = 400, 404


def travelled(reader: Reader, location: str) -> Submission:
    """Wait for what is on its way, and look at it."""
    submissions = reader.console.submissions
    submissions.wait()
    submission = submissions.look(location.rpartition("/")[2])
    assert submission is not None
    return submission


def reason_of(submission: Submission) -> str | None:
    return submission.failed.failure.reason if submission.failed and submission.failed.failure else None


def states(submission: Submission) -> list[tuple[str, str]]:
    return [(step.name, step.state) for step in submission.steps]


def test_a_file_goes_the_whole_way(stack: EmbeddedStack, reader: Reader) -> None:
    answer = reader.send("/add/file", file=(io.BytesIO(KALBELA.read_bytes()), "চিঠি.html"))
    submission = travelled(reader, answer.headers["Location"])
    assert states(submission) == [("upload", "done"), ("read", "done"), ("store", "done")]
    (article,) = stack.articles()
    shown = reader.get(answer.headers["Location"]).text
    assert f"/articles/{article.article_id}" in shown
    assert "চিঠি.html" in shown
    kept, read, stored = (step.detail or "" for step in submission.steps)
    assert kept == f"{KALBELA.stat().st_size / 1000:.0f} kB, stored unchanged."
    assert read.startswith("290 words, extracted with the rules of kalbela/1")
    assert stored == "Added to the archive."
    (title,) = open_page(reader, answer.headers["Location"]).cssselect(".steps .headline a")
    assert (title.text, title.get("href")) == ("পুতিন-কিমের চিঠি বিনিময়", f"/articles/{article.article_id}")
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
    submission = travelled(reader, answer.headers["Location"])
    assert states(submission) == [("fetch", "done"), ("read", "done"), ("store", "done")]
    assert submission.steps[0].detail == "936 bytes from localhost, stored unchanged."
    assert (submission.stored_at or "").startswith("s3://khobor-rawbucket/pages/")
    assert [article.article_id for article in stack.articles()] == [submission.stored_id]


def test_a_url_that_is_not_there_says_why(reader: Reader, httpserver: HTTPServer) -> None:
    answer = reader.send("/add/url", url=httpserver.url_for("/city/2"))
    submission = travelled(reader, answer.headers["Location"])
    assert states(submission) == [("fetch", "failed"), ("read", "skipped"), ("store", "skipped")]
    root = open_page(reader, answer.headers["Location"])
    assert texts(root, ".steps .mark") == ["failed", "skipped", "skipped"]
    assert texts(root, ".failure")[0] == "The site has no page at this URL."
    assert texts(root, ".steps code") == ["http_404"]
    # A fetch by hand puts nothing among the dead letters.
    assert texts(root, ".actions a") == ["Add another page"]
    assert texts(root, ".actions button") == ["Fetch again"]


def test_a_page_without_an_article_says_so_and_is_among_the_dead_letters(stack: EmbeddedStack, reader: Reader) -> None:
    answer = reader.send("/add/file", file=(io.BytesIO(b"<p>Sign in to read on.</p>"), "page.html"))
    submission = travelled(reader, answer.headers["Location"])
    assert states(submission) == [("upload", "done"), ("read", "failed"), ("store", "skipped")]
    assert reason_of(submission) == "no_headline"
    root = open_page(reader, answer.headers["Location"])
    assert root.cssselect(".actions a")[0].get("href") == "/dead-letters#stage-parse"
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


def test_a_submission_that_nobody_began(reader: Reader) -> None:
    assert reader.get("/add/unknown").status_code == NOT_FOUND


@pytest.fixture
def deployed(deployment: AwsDeployment) -> AwsDeployment:
    """As on AWS: what is in the queues moves by itself, some time later."""
    return replace(deployment, runner=lambda: None, longest_wait=timedelta(minutes=15))


def test_on_aws_the_archive_is_asked_until_it_has_the_article(
    stack: EmbeddedStack, deployed: AwsDeployment, make_reader: Callable[[Deployment], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    assert states(travelled(reader, location))[-1] == ("store", "running")
    assert "Refresh" in reader.get(location).text
    stack.run()
    assert travelled(reader, location).stored_id


def test_on_aws_the_dead_letters_tell_what_failed(
    stack: EmbeddedStack, deployed: AwsDeployment, make_reader: Callable[[Deployment], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    assert states(travelled(reader, location))[-1] == ("store", "running")
    # Gone before parse could read it.
    for each in stack.s3.list_object_versions(Bucket=stack.outputs["RawBucketName"])["Versions"]:
        stack.s3.delete_object(Bucket=stack.outputs["RawBucketName"], Key=each["Key"], VersionId=each["VersionId"])
    stack.run()
    submission = travelled(reader, location)
    assert states(submission)[1] == ("read", "failed")
    assert reason_of(submission) == "no_such_object"


def test_nobody_waits_forever(
    clock: time_machine.Traveller, deployed: AwsDeployment, make_reader: Callable[[Deployment], Reader]
) -> None:
    reader = make_reader(deployed)
    reader.open()
    location = reader.send("/add/file", file=(io.BytesIO(page()), "page.html")).headers["Location"]
    travelled(reader, location)
    clock.shift(16 * 60)
    submission = travelled(reader, location)
    assert submission.is_over
    assert reason_of(submission) == "no_answer"
    # It is in no dead-letter queue that could be pointed to.
    assert texts(open_page(reader, location), ".actions a") == ["Add another page"]


def test_what_fails_while_it_is_fetched_is_told(
    deployment: AwsDeployment, make_reader: Callable[[Deployment], Reader]
) -> None:
    def fetch(_: str) -> Mapping[str, Any]:
        raise PermanentError("crashed", "the function is not there")

    reader = make_reader(replace(deployment, fetcher=fetch))
    reader.open()
    location = reader.send("/add/url", url="https://thebridge.example/1").headers["Location"]
    submission = travelled(reader, location)
    assert reason_of(submission) == "crashed"
    assert submission.steps[0].detail == "the function is not there"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (EndpointConnectionError(endpoint_url="https://lambda.example"), "aws_failed"),
        (ReadTimeoutError(endpoint_url="https://lambda.example"), "aws_failed"),
        (ZeroDivisionError("nobody foresaw it"), "crashed"),
    ],
)
def test_no_error_leaves_its_reader_waiting(
    deployment: AwsDeployment, make_reader: Callable[[Deployment], Reader], error: Exception, reason: str
) -> None:
    def fetch(_: str) -> Mapping[str, Any]:
        raise error

    reader = make_reader(replace(deployment, fetcher=fetch))
    reader.open()
    location = reader.send("/add/url", url="https://thebridge.example/1").headers["Location"]
    assert reason_of(travelled(reader, location)) == reason
    assert str(error) in open_page(reader, location).text_content()


def answer_with(status: int = 200, content_type: str = "text/html", **headers: str) -> Callable[[Request], Response]:
    body = page() if status == 200 else b""
    return lambda _: Response(body, status=status, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (answer_with(410), "http_410"),
        (answer_with(503), "http_503"),
        (answer_with(content_type="application/pdf"), "not_html"),
        (answer_with(302, Location="http://10.0.0.1/"), "forbidden_address"),
        (lambda _: Response(b"x" * (MAX_PAGE_BYTES + 1), content_type="text/html"), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fetch_that_fails_ends_with_what_it_means(
    stack: EmbeddedStack,
    reader: Reader,
    httpserver: HTTPServer,
    answer: Callable[[Request], Response],
    reason: str,
) -> None:
    httpserver.expect_request("/a").respond_with_handler(answer)
    location = reader.send("/add/url", url=httpserver.url_for("/a")).headers["Location"]
    submission = travelled(reader, location)
    assert states(submission) == [("fetch", "failed"), ("read", "skipped"), ("store", "skipped")]
    assert reason_of(submission) == reason
    root = open_page(reader, location)
    assert texts(root, "h1 .over") == ["Not added"]
    assert all(texts(root, ".failure"))
    assert reason in texts(root, ".steps code")
    assert "Refresh" not in root.text_content()
    assert stack.dead_letters() == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://10.1.2.3/a", "forbidden_address"),
        ("http://169.254.169.254/latest/meta-data", "forbidden_address"),
        ("http://[::ffff:192.168.0.1]/", "forbidden_address"),
        ("https://nosuch.invalid/a", "unknown_host"),
    ],
)
def test_what_is_not_asked_for_says_why(reader: Reader, url: str, reason: str) -> None:
    location = reader.send("/add/url", url=url).headers["Location"]
    submission = travelled(reader, location)
    assert states(submission)[0] == ("fetch", "failed")
    assert reason_of(submission) == reason


def test_robots_txt_is_named_where_it_forbids(reader: Reader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private")
    location = reader.send("/add/url", url=httpserver.url_for("/private/1")).headers["Location"]
    assert reason_of(travelled(reader, location)) == "robots_disallowed"
    assert "robots.txt does not allow khobor to fetch this URL" in texts(open_page(reader, location), ".failure")[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" \n ", "empty"),
        (b"%PDF-1.7 " * 100, "not_html"),
        (b"\x1f\x8b\x07broken", "bad_gzip"),
        (gzip.compress(page())[:-20], "truncated_gzip"),
        (gzip.compress(b" " * (MAX_PAGE_BYTES + 1)), "too_large"),
        (b"<html><body><h1>Sign in</h1><form><input type=password></form></body></html>", "login_page"),
        (b"<html><title>404 Not found</title><body><h1>Page not found</h1></body></html>", "error_page"),
        (b"<html><body><h1>A headline of some words and nothing more</h1></body></html>", "no_body"),
        (b"<p>Sign in to read on.</p>", "no_headline"),
        (b"<div>" * 100_000, "nested_too_deeply"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_an_article_ends_with_what_it_means(
    stack: EmbeddedStack, reader: Reader, body: bytes, reason: str
) -> None:
    location = reader.send("/add/file", file=(io.BytesIO(body), "page.html")).headers["Location"]
    submission = travelled(reader, location)
    assert states(submission) == [("upload", "done"), ("read", "failed"), ("store", "skipped")]
    assert reason_of(submission) == reason
    root = open_page(reader, location)
    assert all(texts(root, ".failure"))
    link = root.cssselect(".actions a")[0].get("href")
    assert link == "/dead-letters#stage-parse"
    assert open_page(reader, "/dead-letters").cssselect("#stage-parse")
    assert [letter.reason for letter in stack.dead_letters()] == [reason]


def test_a_page_that_is_known_says_that_nothing_is_new(reader: Reader) -> None:
    url = "https://thebridge.example/city/1"
    for said in ("Added to the archive.", "No change: the archive has had this text since "):
        location = reader.send("/add/file", file=(io.BytesIO(page()), "a.html"), url=url).headers["Location"]
        submission = travelled(reader, location)
        assert submission.stored_id
        assert (submission.steps[-1].detail or "").startswith(said)


def test_a_page_with_another_text_says_what_it_changed(reader: Reader) -> None:
    url = "https://thebridge.example/city/1"
    for title in ("Old bridge opens again", "Old bridge opens at last"):
        file = (io.BytesIO(page(title=title)), "a.html")
        location = reader.send("/add/file", file=file, url=url).headers["Location"]
        submission = travelled(reader, location)
    assert submission.steps[-1].detail == "Stored as revision 2 of the article: headline changed."
    link = open_page(reader, location).cssselect(".actions a")[1]
    assert link.text == "See what changed"
    assert texts(open_page(reader, link.get("href")), "ins") == ["at last"]


def test_an_article_that_was_forgotten_says_so(stack: EmbeddedStack, reader: Reader) -> None:
    url = "https://thebridge.example/city/1"
    location = reader.send("/add/file", file=(io.BytesIO(page()), "a.html"), url=url).headers["Location"]
    article_id = travelled(reader, location).stored_id
    assert article_id
    bucket = stack.outputs["RawBucketName"]
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 90)
    assert Forgetting(stack.archive, urls, S3Pages(stack.s3, bucket)).forget(article_id, datetime.now(UTC))
    location = reader.send("/add/file", file=(io.BytesIO(page()), "a.html"), url=url).headers["Location"]
    submission = travelled(reader, location)
    assert states(submission)[-1] == ("store", "failed")
    assert reason_of(submission) == "forgotten"
