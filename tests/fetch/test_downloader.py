import gzip
import socket
import ssl
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import trustme
from pytest_httpserver import HTTPServer
from tests.fetch.servers import page, raw_server
from urllib3 import HTTPHeaderDict
from werkzeug import Request, Response

from khobor.console.reasons import explain
from khobor.errors import GoneError, KhoborError, PermanentError, RetryableError
from khobor.fetch.downloader import MAX_REDIRECTS, Downloader, Limits
from khobor.fetch.failures import status_failure

LIMITS = Limits(page_bytes=100_000, connect_seconds=1, read_seconds=0.3, total_seconds=1)
BODY = "<html>রাশিয়া</html>".encode()


@pytest.fixture
def downloader() -> Downloader:
    return Downloader("mailto:tests@localhost", LIMITS, allow_loopback=True)


def failure(downloader: Downloader, url: str) -> KhoborError:
    with pytest.raises(KhoborError) as error:
        downloader.fetch(url)
    return error.value


def test_a_page_comes_with_what_its_answer_says(downloader: Downloader, httpserver: HTTPServer) -> None:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "ETag": '"7"',
        "Last-Modified": "Wed, 16 Aug 2023 01:35:00 GMT",
    }
    httpserver.expect_request("/a", query_string="b=1").respond_with_data(BODY, headers=headers)
    page = downloader.fetch(httpserver.url_for("/a?b=1"))
    assert page.body == BODY
    assert (page.status, page.etag, page.content_type) == (200, '"7"', "text/html; charset=utf-8")
    assert page.last_modified == headers["Last-Modified"]
    assert page.final_url is None
    assert page.fetched_at.tzinfo is not None


def test_what_the_site_reserves_is_kept_with_the_page(downloader: Downloader, httpserver: HTTPServer) -> None:
    headers = [
        ("X-Robots-Tag", "noarchive"),
        ("X-Robots-Tag", "khobor: noindex, nosnippet"),
        ("TDM-Reservation", "1"),
        ("TDM-Policy", "https://news.example/policy.json"),
    ]
    httpserver.expect_request("/a").respond_with_handler(lambda _: Response(BODY, headers=headers))
    page = downloader.fetch(httpserver.url_for("/a"))
    assert page.robots_tag == "noarchive, khobor: noindex, nosnippet"
    assert page.tdm_reservation == "1"
    assert page.tdm_policy == "https://news.example/policy.json"
    assert page.robots_txt is None


def test_the_fragment_is_not_asked_for(downloader: Downloader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": "/b#bottom"})
    httpserver.expect_request("/b").respond_with_data(BODY)
    page = downloader.fetch(httpserver.url_for("/a#top"))
    assert (page.url, page.final_url) == (httpserver.url_for("/a"), httpserver.url_for("/b"))


def test_the_user_agent_is_honest_and_names_the_contact(downloader: Downloader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(BODY)
    downloader.fetch(httpserver.url_for("/a"))
    agent = httpserver.log[0][0].headers["User-Agent"]
    assert agent.startswith("khobor/")
    assert agent.endswith("(+mailto:tests@localhost)")


def test_a_compressed_answer_is_decompressed_and_nothing_else(downloader: Downloader, httpserver: HTTPServer) -> None:
    latin = "<html>é".encode("latin-1")
    httpserver.expect_request("/a").respond_with_data(gzip.compress(latin), headers={"Content-Encoding": "gzip"})
    assert downloader.fetch(httpserver.url_for("/a")).body == latin


def test_redirects_are_followed_and_both_urls_kept(downloader: Downloader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=301, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data(BODY)
    page = downloader.fetch(httpserver.url_for("/a"))
    assert (page.url, page.final_url) == (httpserver.url_for("/a"), httpserver.url_for("/b"))


def test_redirects_without_end_end(downloader: Downloader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": "/a"})
    assert failure(downloader, httpserver.url_for("/a")).reason == "too_many_redirects"
    assert len(httpserver.log) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://10.0.0.1/", "forbidden_address"),
        ("file:///etc/passwd", "bad_redirect"),
        ("", "bad_redirect"),
    ],
)
def test_a_redirect_leads_to_no_forbidden_place(
    downloader: Downloader, httpserver: HTTPServer, location: str, reason: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": location})
    error = failure(downloader, httpserver.url_for("/a"))
    assert isinstance(error, PermanentError)
    assert error.reason == reason


def test_this_machine_is_not_fetched_from_unless_that_is_allowed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(BODY)
    assert failure(Downloader("x", LIMITS), httpserver.url_for("/a")).reason == "forbidden_address"
    assert httpserver.log == []


def test_the_connection_goes_to_the_address_that_was_checked(httpserver: HTTPServer) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    httpserver.expect_request("/a").respond_with_data(BODY)
    downloader = Downloader("x", LIMITS, allow_loopback=True, resolver=resolver)
    downloader.fetch(f"http://news.example:{httpserver.port}/a")
    assert asked == ["news.example"]
    assert httpserver.log[0][0].headers["Host"] == f"news.example:{httpserver.port}"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_a_site_in_trouble_may_answer_later(downloader: Downloader, httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/a").respond_with_data(status=status, headers={"Retry-After": "30"})
    error = failure(downloader, httpserver.url_for("/a"))
    assert isinstance(error, RetryableError)
    assert error.reason == f"http_{status}"
    assert "30" in error.detail
    assert error.retry_after == 30


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_from_what_else_is_not_there(
    downloader: Downloader, httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=301, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data(status=status)
    error = failure(downloader, httpserver.url_for("/a"))
    assert isinstance(error, GoneError)
    assert error.reason == f"http_{status}"


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 451])
def test_a_page_that_is_not_there_will_not_be_there(
    downloader: Downloader, httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=status)
    error = failure(downloader, httpserver.url_for("/a"))
    assert isinstance(error, PermanentError)
    assert not isinstance(error, GoneError)
    assert error.reason == f"http_{status}"


def test_a_site_that_answers_any_status_makes_few_reasons() -> None:
    errors = [status_failure("https://news.example/1", status, HTTPHeaderDict()) for status in range(201, 1000)]
    assert len({error.reason for error in errors}) < 45
    assert {error.reason for error in errors} >= {"http_404", "http_403", "http_4xx", "http_5xx", "http_9xx"}
    assert not any(explain(error.reason).meaning.startswith("There is no description") for error in errors)
    assert "answers 418;" in errors[418 - 201].detail


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_a_page_that_is_too_large_is_not_read_to_its_end(
    downloader: Downloader, httpserver: HTTPServer, headers: dict[str, str]
) -> None:
    data = b"x" * 5_000_000
    httpserver.expect_request("/a").respond_with_data(gzip.compress(data) if headers else data, headers=headers)
    assert failure(downloader, httpserver.url_for("/a")).reason == "too_large"


def test_a_server_that_does_not_answer_is_left(downloader: Downloader, httpserver: HTTPServer) -> None:
    released = Event()

    def hang(_: Request) -> Response:
        released.wait(5)
        return Response("late")

    httpserver.expect_request("/a").respond_with_handler(hang)
    error = failure(downloader, httpserver.url_for("/a"))
    released.set()
    assert isinstance(error, RetryableError)
    assert error.reason == "timeout"


def test_a_server_that_does_not_listen_may_listen_later(downloader: Downloader) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failure(downloader, f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert isinstance(error, RetryableError)
    assert error.reason == "connection_failed"


def test_an_answer_that_breaks_off_is_no_page(downloader: Downloader, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_handler(
        lambda _: Response(iter([BODY]), headers={"Content-Length": "1000"})
    )
    error = failure(downloader, httpserver.url_for("/a"))
    assert isinstance(error, RetryableError)
    assert error.reason == "connection_failed"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[HTTPServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/a").respond_with_data(BODY)
        yield server


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> Downloader:
    """Trusts the authority, and finds every name on this machine."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return Downloader(
        "x",
        LIMITS,
        allow_loopback=True,
        ca_certs=str(bundle),
        resolver=lambda _, port, **__: [(0, 0, 0, "", ("127.0.0.1", port))],
    )


def test_a_trusted_certificate_is_checked_against_the_name(trusting: Downloader, tls_server: HTTPServer) -> None:
    assert trusting.fetch(f"https://news.example:{tls_server.port}/a").body == BODY


def test_a_certificate_for_another_name_is_refused(trusting: Downloader, tls_server: HTTPServer) -> None:
    error = failure(trusting, f"https://other.example:{tls_server.port}/a")
    assert isinstance(error, PermanentError)
    assert error.reason == "tls_certificate"


def test_a_certificate_of_an_unknown_authority_is_refused(downloader: Downloader, tls_server: HTTPServer) -> None:
    assert failure(downloader, f"https://127.0.0.1:{tls_server.port}/a").reason == "tls_certificate"


def test_plain_http_behind_https_is_an_error_that_may_pass(trusting: Downloader, httpserver: HTTPServer) -> None:
    error = failure(trusting, f"https://news.example:{httpserver.port}/a")
    assert isinstance(error, RetryableError)
    assert error.reason == "tls"


def test_a_connection_over_tls_is_used_again(trusting: Downloader, authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    with raw_server(lambda _: [page(BODY)], tls=context, keeps_alive=True) as server:
        for _ in range(3):
            assert trusting.fetch(server.url(host="news.example")).body == BODY
        assert len(server.requests) == 3
        assert server.connections == 1


def test_threads_get_each_their_own_page(downloader: Downloader) -> None:
    def answer(head: bytes) -> Iterable[bytes]:
        return [page(b"<html>" + head.split()[1])]

    with raw_server(answer, keeps_alive=True) as server, ThreadPoolExecutor(8) as pool:
        paths = [f"/{number}" for number in range(100)]
        bodies = pool.map(lambda path: downloader.fetch(server.url(path)).body, paths)
        assert list(bodies) == [f"<html>{path}".encode() for path in paths]
