"""The whole way of a page on the embedded stack, as an operator sees it."""

import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from tests.conftest import PARAMETERS
from tests.example_pages import KALBELA, page
from werkzeug import Request, Response

from khobor.article import RawReference
from khobor.aws.s3_events import event_of, uploads
from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack

URL = "https://news.example/city/1"


def fetched(hour: int) -> dict[str, str]:
    return {"url": URL, "fetched-at": f"2023-08-16T{hour:02}:00:00+00:00"}


def only_article(stack: EmbeddedStack) -> Any:
    (article,) = stack.articles()
    return article


def test_a_url_on_the_fetch_queue_becomes_an_article(stack: EmbeddedStack, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/world/12345").respond_with_data(KALBELA.read_bytes(), content_type="text/html")
    send(stack, httpserver.url_for("/world/12345"))
    stack.run()
    article = only_article(stack)
    assert article.title == "পুতিন-কিমের চিঠি বিনিময়"
    assert article.canonical_url == "https://www.kalbela.com/world/12345"
    raw = stack.s3.get_object(Bucket=article.raw.bucket, Key=article.raw.key, VersionId=article.raw.version)
    assert gzip.decompress(raw["Body"].read()) == KALBELA.read_bytes()


def test_what_was_allowed_when_a_page_was_fetched_is_kept_with_its_article(
    stack: EmbeddedStack, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private")
    headers = {"X-Robots-Tag": "noarchive", "tdm-reservation": "1"}
    httpserver.expect_request("/a").respond_with_data(page(), content_type="text/html", headers=headers)
    send(stack, httpserver.url_for("/a"))
    stack.run()
    rights = only_article(stack).rights
    assert (rights.robots_txt, rights.robots, rights.tdm_reservation) == ("allowed", ("noarchive",), True)


KEYS = ["page.html", "a/page.htm", "page.html.gz", "a b+c.html", "খবর/পুতিন কিম.html"]
KEYS += ["PAGE.HTML", "Page.Htm", "PAGE.HTML.GZ", "page.xhtml", "page", "খবর", "view.php?id=7", "50%25.html", ".html"]


@pytest.mark.parametrize("key", [f"uploads/{name}" for name in KEYS])
@pytest.mark.parametrize("compressed", [False, True])
def test_an_uploaded_page_becomes_an_article(stack: EmbeddedStack, key: str, compressed: bool) -> None:
    body = KALBELA.read_bytes()
    version = stack.upload(key, gzip.compress(body) if compressed else body)
    stack.run()
    article = only_article(stack)
    assert article.url == "https://www.kalbela.com/world/12345"
    assert (article.raw.key, article.raw.version) == (key, version)
    assert stack.dead_letters() == []


PARTS = [
    "uploads/saved_files/LOGO.PNG",
    "uploads/saved_files/site.css",
    "uploads/",
    "uploads/saved/",
    "uploads/.DS_Store",
]


def test_what_lies_beside_pages_is_counted_and_left_alone() -> None:
    with io.StringIO() as log, EmbeddedStack(PARAMETERS, log=log) as stack:
        for key in PARTS:
            stack.upload(key, b"" if key.endswith("/") else KALBELA.read_bytes())
        stack.run()
        assert list(stack.articles()) == []
        assert stack.dead_letters() == []
        said = log.getvalue()
    # The function writes its counters once for each batch.
    counted = re.findall(r'"UploadsSkipped": ?\[([^\]]+)\]', said)
    assert sum(float(number) for numbers in counted for number in numbers.split(",")) == len(PARTS)
    assert all(f"{key} is a " in said for key in PARTS)


def test_a_page_that_names_no_url_is_an_article_all_the_same(stack: EmbeddedStack) -> None:
    stack.upload("uploads/one.html", page())
    stack.upload("uploads/again.html", page())
    stack.upload("uploads/other.html", page(title="Another bridge opens"))
    stack.run()
    assert {article.url for article in stack.articles()} == {None}
    assert sorted(str(article.title) for article in stack.articles()) == [
        "Another bridge opens",
        "Old bridge opens again",
    ]


@pytest.mark.parametrize("order", list(permutations(["old", "old", "new"])))
def test_the_same_page_three_times_in_any_order_leaves_the_newest(stack: EmbeddedStack, order: tuple[str, ...]) -> None:
    hours = {"old": 6, "new": 9}
    for name in order:
        stack.upload("uploads/page.html", page(title=f"The {name} headline of it"), fetched(hours[name]))
        stack.run()
    article = only_article(stack)
    assert article.title == "The new headline of it"
    assert article.fetched_at == datetime.fromisoformat("2023-08-16T09:00:00+00:00")


def test_one_message_delivered_twice_changes_nothing(stack: EmbeddedStack) -> None:
    version = stack.upload("uploads/page.html", page(), fetched(6))
    stack.run()
    before = only_article(stack)
    upload = RawReference(bucket=stack.outputs["RawBucketName"], key="page.html", version=version)
    stack.invoke("ParseFunction", event_of(upload))
    stack.invoke("ParseFunction", event_of(upload))
    stack.run()
    assert only_article(stack) == before


@pytest.mark.slow
def test_a_large_article_is_stored_whole(stack: EmbeddedStack) -> None:
    paragraphs = tuple(f"Paragraph {number} tells of the bridge and of its arches." for number in range(12_000))
    stack.upload("uploads/page.html", page(paragraphs=paragraphs), fetched(6))
    stack.run()
    assert [block.text for block in only_article(stack).body] == list(paragraphs)


def deep(depth: int) -> bytes:
    text = "A paragraph of news that lies at the bottom of very many elements, one within the other."
    return b"<html><body><h1>Deep</h1>" + b"<div>" * depth + f"<p>{text}</p>".encode() + b"</div>" * depth


FRONT_PAGE = page(
    title="The Daily Test",
    paragraphs=(),
    article="".join(
        f'<h2><a href="/city/{number}">Headline number {number} of the day on the front page</a></h2><p>Teaser.</p>'
        for number in range(12)
    ),
)

BAD_PAGES = {
    "empty": (b"", "empty"),
    "blank": (b"  \n", "empty"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not_html"),
    "image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_html"),
    "json": (b'{"title": "<p>not a page</p>"}', "not_html"),
    "text": (b"Just a few words without any markup.", "not_html"),
    "truncated gzip": (gzip.compress(page())[:-20], "truncated_gzip"),
    "damaged gzip": (gzip.compress(page())[:20] + b"\xff" * 100, "bad_gzip"),
    "50 MB": (b"<html><p>" + b"x" * 50_000_000, "too_large"),
    "50 MB in gzip": (gzip.compress(b"<html><p>" + b"x" * 50_000_000, 1), "too_large"),
    "front page": (FRONT_PAGE, "front_page"),
    "no text": (page(paragraphs=()), "no_body"),
    "nested without end": (deep(100_000), "nested_too_deeply"),
    "tags without end": (b"<p>a</p>" * 1_000_000, "too_many_tags"),
    "database error": (b"<html><body>SQLSTATE[HY000] [1040] Too many connections</body></html>", "error_page"),
}


@pytest.mark.parametrize("name", BAD_PAGES)
def test_a_bad_page_is_put_aside_with_its_reason_and_kept(stack: EmbeddedStack, name: str) -> None:
    body, reason = BAD_PAGES[name]
    stack.upload("uploads/bad.html", body)
    stack.upload("uploads/good.html", KALBELA.read_bytes())
    stack.run()
    assert only_article(stack).source == "kalbela"
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == ("ParseDeadLetterQueue", reason)
    assert "bad.html" in str(letter.detail)
    assert [reference.key for reference in uploads(json.loads(letter.body))] == ["uploads/bad.html"]
    kept = stack.s3.get_object(Bucket=stack.outputs["RawBucketName"], Key="uploads/bad.html")
    assert kept["Body"].read() == body


def test_a_page_whose_metadata_have_no_url_as_url_is_put_aside(stack: EmbeddedStack) -> None:
    stack.upload("uploads/page.html", page(), {"url": "foo"})
    stack.run()
    assert list(stack.articles()) == []
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == ("ParseDeadLetterQueue", "bad_url")
    assert "'foo'" in str(letter.detail)


def test_elements_nested_far_deeper_than_any_page_are_read(stack: EmbeddedStack) -> None:
    stack.upload("uploads/deep.html", deep(1_000))
    stack.run()
    assert only_article(stack).body_text.startswith("A paragraph of news that lies at the bottom")


@pytest.mark.parametrize(
    ("declared", "charset"),
    [("", "utf-8"), ("windows-1252", "windows-1252"), ("utf-8", "windows-1252"), ("nonsense", "utf-8"), ("", "utf-16")],
)
def test_a_wrong_or_missing_charset_leaves_the_text_readable(stack: EmbeddedStack, declared: str, charset: str) -> None:
    paragraphs = tuple(
        f"Über die Brücke fahren täglich {number}000 Züge, sagt die Bürgermeisterin." for number in range(5)
    )
    text = page(title="Brücke geöffnet für alle", paragraphs=paragraphs).decode()
    body = text.replace('<meta charset="utf-8">', f'<meta charset="{declared}">' if declared else "").encode(charset)
    stack.upload("uploads/page.html", body)
    stack.run()
    assert only_article(stack).body_text == "\n\n".join(paragraphs)


def send(stack: EmbeddedStack, url: str) -> str:
    message = json.dumps({"url": url})
    group = urlsplit(url).hostname or ""
    stack.sqs.send_message(QueueUrl=stack.outputs["FetchQueueUrl"], MessageBody=message, MessageGroupId=group)
    return message


@pytest.mark.parametrize(("status", "asked"), [(403, 1), (429, 5), (503, 5)])
def test_a_url_that_cannot_be_fetched_is_put_aside_with_its_reason(
    stack: EmbeddedStack, httpserver: HTTPServer, status: int, asked: int
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=status)
    message = send(stack, httpserver.url_for("/a"))
    stack.run()
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == ("FetchDeadLetterQueue", f"http_{status}")
    assert json.loads(letter.body) == json.loads(message)
    assert [request.path for request, _ in httpserver.log].count("/a") == asked


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_no_failure(stack: EmbeddedStack, httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/a").respond_with_data(status=status)
    send(stack, httpserver.url_for("/a"))
    stack.run()
    assert stack.dead_letters() == []
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt", "/a"]


def test_a_database_error_in_place_of_a_page_is_kept_and_tried_again(
    stack: EmbeddedStack, httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/a").respond_with_data("<html>Too many connections</html>")
    httpserver.expect_request("/a").respond_with_data(page(), content_type="text/html")
    send(stack, httpserver.url_for("/a"))
    stack.run()
    assert only_article(stack).title == "Old bridge opens again"
    assert [letter.reason for letter in stack.dead_letters()] == ["error_page"]
    assert len(stack.s3.list_objects_v2(Bucket=stack.outputs["RawBucketName"])["Contents"]) == 2


LISTING = '{"url": "https://example.com/feed", "kind": "feed"}'


@pytest.mark.parametrize(
    "message", ["", "nonsense", "[]", "{}", '{"url": 7}', '{"url": "ftp://example.com/"}', LISTING]
)
def test_a_fetch_message_that_is_none_is_put_aside(stack: EmbeddedStack, message: str) -> None:
    body = message or " "
    stack.sqs.send_message(QueueUrl=stack.outputs["FetchQueueUrl"], MessageBody=body, MessageGroupId="x")
    stack.run()
    (letter,) = stack.dead_letters()
    assert letter.reason in {"bad_message", "bad_url"}
    assert letter.body == body


def test_a_failure_is_counted_by_its_reason(make_stack: Callable[..., EmbeddedStack]) -> None:
    stack = make_stack()
    stack.upload("uploads/bad.html", b"%PDF-1.7")
    stack.run()
    stack.log.seek(0)
    metrics = [json.loads(line) for line in stack.log if '"_aws"' in line]
    assert [metric["reason"] for metric in metrics if "Failures" in metric] == ["not_html"]


def test_a_page_larger_than_the_parameter_is_refused(make_stack: Callable[..., EmbeddedStack]) -> None:
    stack = make_stack(MaxPageBytes="65536")
    stack.upload("uploads/page.html", page(paragraphs=("x" * 70_000,)))
    stack.run()
    assert [letter.reason for letter in stack.dead_letters()] == ["too_large"]


def test_loopback_is_fetched_only_where_the_parameter_allows_it(
    make_stack: Callable[..., EmbeddedStack], httpserver: HTTPServer
) -> None:
    stack = make_stack(AllowLoopback="false")
    (result,) = stack.invoke("FetchFunction", {"url": httpserver.url_for("/a")})["results"]
    assert result["reason"] == "forbidden_address"
    assert httpserver.log == []


def test_hosts_are_fetched_from_side_by_side_and_one_that_fails_holds_up_only_itself(
    stack: EmbeddedStack,
) -> None:
    met = Barrier(2, timeout=5)

    def robots_txt(request: Request) -> Response:
        if request.host.startswith("127.0.0.3"):
            return Response(status=503)
        met.wait()
        return Response(status=404)

    with HTTPServer(host="0.0.0.0", threaded=True) as site:
        site.expect_request("/robots.txt").respond_with_handler(robots_txt)
        site.expect_request("/news/1").respond_with_data(page(), content_type="text/html")
        for last in (1, 2, 3):
            send(stack, f"http://127.0.0.{last}:{site.port}/news/1")
        stack.run(seconds=60)
        asked = sorted(f"{request.host[8]} {request.path}" for request, _ in site.log if request.path != "/robots.txt")
    assert asked == ["1 /news/1", "2 /news/1"]


def test_while_aws_fails_a_url_waits_and_nothing_is_counted_against_it(
    stack: EmbeddedStack, httpserver: HTTPServer
) -> None:
    stack.dynamodb.delete_table(TableName=stack.outputs["CrawlTableName"])
    send(stack, httpserver.url_for("/a"))
    assert stack.run(seconds=600) is not None
    assert stack.dead_letters() == []
    assert stack.waiting("FetchQueueUrl") == 1
    assert httpserver.log == []


@pytest.mark.parametrize(("days", "reasons"), [(9, []), (11, ["host_busy"])])
def test_a_url_that_waits_for_its_host_is_put_aside_before_the_queue_forgets_it(
    stack: EmbeddedStack, httpserver: HTTPServer, days: int, reasons: list[str]
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(status=503)
    body = json.dumps({"url": httpserver.url_for("/a")})
    sent_at = datetime.now(UTC) - timedelta(days=days)
    attributes = {"MessageGroupId": "localhost", "SentTimestamp": str(int(sent_at.timestamp() * 1000))}
    record = {"messageId": "1", "receiptHandle": "unknown", "body": body, "attributes": attributes}
    answer = stack.invoke("FetchFunction", {"Records": [record]})
    assert len(answer["batchItemFailures"]) == 1 - len(reasons)
    assert [(letter.reason, letter.body) for letter in stack.dead_letters()] == [(reason, body) for reason in reasons]


@pytest.mark.parametrize("function", ["ParseFunction", "StoreFunction"])
@pytest.mark.parametrize("event", [{}, {"Records": "x"}, {"Records": [{"eventSource": "aws:sns"}]}])
def test_an_event_that_is_none_of_the_functions_own_is_refused(
    stack: EmbeddedStack, function: str, event: dict[str, Any]
) -> None:
    with pytest.raises(FunctionError, match="not_a_batch"):
        stack.invoke(function, event)
