"""Answers that are made to hang, to fill or to mislead who reads them."""

import gzip
import itertools
import socket
import ssl
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import brotli
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fetch.servers import dripping, page, raw_server

from khobor.content.media_types import FEED, PAGE, ROBOTS, Accept
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetch.downloader import MAX_REDIRECTS, Downloader, Limits

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 65_536
LIMITS = Limits(page_bytes=LIMIT, total_seconds=10)
HASTY = Limits(page_bytes=LIMIT, read_seconds=0.3, total_seconds=0.8)
HTML = b"<html>" + b"x" * 1000


@pytest.fixture
def downloader() -> Downloader:
    return Downloader("mailto:tests@localhost", LIMITS, allow_loopback=True)


@pytest.fixture
def hasty() -> Downloader:
    return Downloader("mailto:tests@localhost", HASTY, allow_loopback=True)


def failure(downloader: Downloader, *pieces: bytes) -> KhoborError:
    with raw_server(lambda _: pieces) as server, pytest.raises(KhoborError) as error:
        downloader.fetch(server.url())
    return error.value


def endless(*pieces: bytes) -> Callable[[bytes], Iterator[bytes]]:
    return lambda _: itertools.chain(pieces[:-1], itertools.repeat(pieces[-1]))


def slowly(*pieces: bytes) -> Callable[[bytes], Iterator[bytes]]:
    return lambda _: dripping(itertools.chain(pieces[:-1], itertools.repeat(pieces[-1])))


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "status line": slowly(b"HTTP/1.1 200 ", b"O"),
    "header": slowly(HEAD + b"X: ", b"x"),
    "headers": slowly(HEAD, b"X: x\r\n"),
    "interim answers": slowly(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints": slowly(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"),
    "body": slowly(HEAD + b"Content-Length: 60000\r\n\r\n", b"x"),
    "body without length": slowly(HEAD + b"\r\n", b"x"),
    "chunks": slowly(CHUNKED, b"1\r\nx\r\n"),
    "size of a chunk": slowly(CHUNKED, b"0"),
    "extension of a chunk": slowly(CHUNKED + b"5;", b"x"),
    "trailers": slowly(CHUNKED + b"5\r\nhello\r\n0\r\n", b"X: x\r\n"),
    "compressed nothing": slowly(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
}


@pytest.mark.parametrize("name", DRIPS)
def test_an_answer_that_drips_is_left_at_the_deadline(hasty: Downloader, name: str) -> None:
    with raw_server(DRIPS[name]) as server, pytest.raises(RetryableError) as error:
        hasty.fetch(server.url())
    assert error.value.reason == "timeout"


@pytest.mark.parametrize("name", ["header", "body", "chunks"])
def test_an_answer_that_drips_through_tls_is_left_at_the_deadline(name: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    downloader = Downloader("x", HASTY, allow_loopback=True, ca_certs=str(bundle))
    with raw_server(DRIPS[name], tls=context) as server, pytest.raises(RetryableError) as error:
        downloader.fetch(server.url())
    assert error.value.reason == "timeout"


def test_a_handshake_that_drips_is_left_at_the_deadline(hasty: Downloader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                # A record of TLS that is announced, and comes byte by byte.
                for piece in dripping(itertools.chain([b"\x16\x03\x03\x40\x00"], itertools.repeat(b"\x02"))):
                    connection.sendall(piece)

        thread = Thread(target=drip)
        thread.start()
        with pytest.raises(RetryableError) as error:
            hasty.fetch(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()
    assert error.value.reason == "timeout"


def test_the_deadline_is_for_the_whole_chain_of_redirects() -> None:
    downloader = Downloader("x", Limits(total_seconds=0.5), allow_loopback=True)

    def answer(_: bytes) -> Iterator[bytes]:
        return dripping([b"HTTP/1.1 302 F", *[b"o"] * 10, b"\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"])

    with raw_server(answer) as server, pytest.raises(RetryableError) as error:
        downloader.fetch(server.url())
    assert error.value.reason == "timeout"
    assert len(server.requests) <= MAX_REDIRECTS


ENDLESS = {
    "body": endless(HEAD + b"\r\n", b"x" * 10_000),
    "chunks": endless(CHUNKED, b"2710\r\n" + b"x" * 10_000 + b"\r\n"),
    "body of a length beyond the limit": endless(HEAD + b"Content-Length: 99999999999\r\n\r\n", b"x" * 10_000),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_body_without_end_is_left_at_the_limit(downloader: Downloader, name: str) -> None:
    with raw_server(ENDLESS[name]) as server, pytest.raises(PermanentError) as error:
        downloader.fetch(server.url())
    assert error.value.reason == "too_large"


HEADERS = {
    "without end": endless(HEAD, b"X: " + b"x" * 1000 + b"\r\n"),
    "in one line without end": endless(HEAD + b"X: ", b"x" * 1000),
    "of a hundred and more": lambda _: [HEAD, b"X: x\r\n" * 101, b"\r\n"],
    "of more than 64 KiB": lambda _: [HEAD, (b"X: " + b"x" * 2000 + b"\r\n") * 40, b"\r\n" + HTML],
}


@pytest.mark.parametrize("name", HEADERS)
def test_too_many_headers_are_not_read(downloader: Downloader, name: str) -> None:
    with raw_server(HEADERS[name]) as server, pytest.raises(PermanentError) as error:
        downloader.fetch(server.url())
    assert error.value.reason == "bad_headers"


def test_as_many_headers_as_a_decent_site_sends_are_read(downloader: Downloader) -> None:
    with raw_server(lambda _: [page(HTML, *(f"X-{number}: {'x' * 500}" for number in range(90)))]) as server:
        assert downloader.fetch(server.url()).body == HTML


@pytest.mark.parametrize("location", [lambda _: b"/", lambda head: head.split()[1] + b"x"])
def test_redirects_without_end_end(downloader: Downloader, location: Callable[[bytes], bytes]) -> None:
    with raw_server(
        lambda head: [b"HTTP/1.1 302 Found\r\nLocation: " + location(head) + b"\r\nContent-Length: 0\r\n\r\n"]
    ) as server:
        with pytest.raises(PermanentError) as error:
            downloader.fetch(server.url())
        assert error.value.reason == "too_many_redirects"
        assert len(server.requests) == MAX_REDIRECTS + 1


def test_interim_answers_are_passed_over(downloader: Downloader) -> None:
    interim = [f"HTTP/1.1 {status} X\r\nLink: </a.css>\r\n\r\n".encode() for status in (103, 100, 102, 103)]
    with raw_server(lambda _: [*interim, page(HTML)]) as server:
        fetched = downloader.fetch(server.url())
    assert (fetched.body, fetched.status, fetched.content_type) == (HTML, 200, "text/html")


BROKEN = {
    "shorter than its length": page(b"<html>", "Content-Length: 1000"),
    "without its last chunk": page(b"6\r\n<html>\r\n", "Transfer-Encoding: chunked"),
    "within a chunk": page(b"60\r\n<html>", "Transfer-Encoding: chunked"),
    "with a chunk of no size": page(b"six\r\n<html>\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "with a chunk of negative size": page(b"-6\r\n<html>\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "with a chunk up to the end": page(b"-1\r\n<html>", "Transfer-Encoding: chunked"),
    "with two lengths": page(b"<html>", "Content-Length: 6", "Content-Length: 7"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_may_be_whole_later(downloader: Downloader, name: str) -> None:
    error = failure(downloader, BROKEN[name])
    assert isinstance(error, RetryableError)
    assert error.reason == "connection_failed"


def _deflated_without_header(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


def _brotlied(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=4))


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate without header": ("deflate", _deflated_without_header),
    "brotli": ("br", _brotlied),
    "zstd": ("zstd", zstd.compress),
    "gzip in gzip": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "zstd in brotli": ("zstd, br", lambda data: _brotlied(zstd.compress(data))),
    "five times": (
        "gzip, br, zstd, deflate, gzip",
        lambda data: gzip.compress(zlib.compress(zstd.compress(_brotlied(gzip.compress(data))))),
    ),
}


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("body", [HTML, b"<html>" + b"\0" * 60_000, b"<p>"], ids=["text", "zeros", "short"])
def test_each_coding_is_read(downloader: Downloader, name: str, body: bytes) -> None:
    coding, compress = CODINGS[name]
    with raw_server(lambda _: [page(compress(body), f"Content-Encoding: {coding}")]) as server:
        assert downloader.fetch(server.url()).body == body
    assert b"Accept-Encoding: gzip, deflate, br, zstd" in server.requests[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", CODINGS)
def test_a_bomb_is_stopped_at_the_limit(downloader: Downloader, name: str) -> None:
    coding, compress = CODINGS[name]
    answer = page(compress(bytes(200_000_000)), f"Content-Encoding: {coding}")
    tracemalloc.start()
    error = failure(downloader, answer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.reason == "too_large"
    # What is kept, a piece of each coding, and what the tests' own threads take.
    assert peak < 20 * LIMIT


def test_a_bomb_between_two_codings_is_stopped_at_the_limit(downloader: Downloader) -> None:
    inner = gzip.compress(b"") * 5_000_000  # a hundred million bytes that hold nothing
    error = failure(downloader, page(zstd.compress(inner), "Content-Encoding: gzip, zstd"))
    assert error.reason == "too_large"


@pytest.mark.parametrize("name", CODINGS)
def test_data_that_breaks_off_within_its_coding_is_no_page(downloader: Downloader, name: str) -> None:
    coding, compress = CODINGS[name]
    error = failure(downloader, page(compress(HTML)[:-5], f"Content-Encoding: {coding}"))
    assert isinstance(error, RetryableError)
    assert error.reason == "bad_encoding"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_data_that_is_not_in_its_coding_is_no_page(downloader: Downloader, coding: str) -> None:
    assert failure(downloader, page(HTML, f"Content-Encoding: {coding}")).reason == "bad_encoding"


def test_a_window_larger_than_http_knows_is_refused(downloader: Downloader) -> None:
    compressor = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): 27})
    data = compressor.compress(HTML) + compressor.flush()
    assert failure(downloader, page(data, "Content-Encoding: zstd")).reason == "bad_encoding"


PACKED = b"\x1f\x9d\x90<\xd0\xb4\x01\x04"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("compress", PACKED),
        ("exi", PACKED),
        ("gzip, rot13", gzip.compress(PACKED)),
        ("utf-8", PACKED),
        ("gzip, gzip, gzip, gzip, gzip, gzip", HTML),
    ],
    ids=["compress", "exi", "within gzip", "misnamed", "six times"],
)
@pytest.mark.parametrize("accept", [PAGE, FEED, ROBOTS], ids=["page", "feed", "robots.txt"])
def test_what_no_known_coding_makes_readable_is_refused(
    downloader: Downloader, coding: str, body: bytes, accept: Accept
) -> None:
    with (
        raw_server(lambda _: [page(body, f"Content-Encoding: {coding}")]) as server,
        pytest.raises(PermanentError, match="unknown_encoding"),
    ):
        downloader.fetch(server.url(), accept=accept)


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        *(
            (name, bytes)
            for name in ("none", "NONE", "utf-8", "UTF8", "identity", "aws-chunked", "8bit", "", "text/html")
        ),
        *((name, gzip.compress) for name in ("utf-8, gzip", "gzip, aws-chunked", '"gzip"', "identity,gzip", " GZIP ")),
        ("rot13", bytes),
    ],
)
def test_a_name_that_is_no_coding_is_no_harm(
    downloader: Downloader, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    with raw_server(lambda _: [page(compress(HTML), f"Content-Encoding: {coding}")]) as server:
        assert downloader.fetch(server.url()).body == HTML


@pytest.mark.parametrize(
    "text", ["<html>খবর".encode(), "\ufeff<html>খবর".encode("utf-16"), "<html>市".encode("iso2022_jp")]
)
def test_text_of_any_charset_is_readable(downloader: Downloader, text: bytes) -> None:
    with raw_server(lambda _: [page(text, "Content-Encoding: none")]) as server:
        assert downloader.fetch(server.url()).body == text


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", HTML),
        ("gzip", gzip.compress(HTML[:500], mtime=0) + gzip.compress(HTML[500:], mtime=0)),
        ("gzip", gzip.compress(HTML, mtime=0) + b"\n\n"),
        ("zstd", zstd.compress(HTML[:500]) + zstd.compress(HTML[500:])),
    ],
)
def test_what_servers_do_to_codings_is_understood(downloader: Downloader, coding: str, body: bytes) -> None:
    with raw_server(lambda _: [page(body, f"Content-Encoding: {coding}")]) as server:
        assert downloader.fetch(server.url()).body == HTML


def test_an_empty_body_in_a_coding_is_an_empty_body(downloader: Downloader) -> None:
    with raw_server(lambda _: [page(b"", "Content-Encoding: gzip")]) as server:
        assert downloader.fetch(server.url(), accept=ROBOTS).body == b""


def test_of_a_robots_txt_without_end_the_beginning_is_taken() -> None:
    downloader = Downloader("x", Limits(), allow_loopback=True)
    with raw_server(endless(HEAD + b"\r\n", b"Allow: /\n" * 1000)) as server:
        assert len(downloader.fetch(server.url(), accept=ROBOTS).body) == ROBOTS.enough_bytes


NAMES = [
    *[b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Content-Type", b"Set-Cookie", b"ETag"],
    *[b"Connection", b"X-Robots-Tag", b"Location", b"Retry-After", b"\xff", b""],
]
VALUES = [b"chunked", b"gzip", b"br", b"zstd", b"deflate", b"5", b"-1", b"a=b; Domain=.1", b"a=\x0b\xe0\n b"]
HEADER_LINES = st.builds(
    lambda name, value: name + b": " + value + b"\r\n",
    st.sampled_from(NAMES),
    st.sampled_from(VALUES) | st.binary(max_size=20),
)
CHUNKS = st.builds(
    lambda size, data: b"%x\r\n" % size + data + b"\r\n" if size >= 0 else b"-%x\r\n" % -size + data,
    st.integers(-20, 20),
    st.binary(max_size=20),
)
ANSWERS = st.one_of(
    st.binary(max_size=300),
    st.builds(
        lambda status, headers, body: b"HTTP/1.1 %d X\r\n" % status + b"".join(headers) + b"\r\n" + b"".join(body),
        st.just(200) | st.sampled_from([204, 301, 302, 304, 404, 429, 503]) | st.integers(0, 999),
        st.lists(HEADER_LINES, max_size=6),
        st.lists(CHUNKS | st.binary(max_size=100), max_size=3),
    ),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(answer=ANSWERS, accept=st.sampled_from([PAGE, FEED, ROBOTS]))
def test_no_answer_raises_what_nobody_expects(answer: bytes, accept: Accept) -> None:
    with raw_server(lambda _: [answer]) as server:
        # The names in redirects lead back here, so that nothing leaves this machine.
        here = [(0, 0, 0, "", ("127.0.0.1", server.port))]
        downloader = Downloader("x", LIMITS, allow_loopback=True, resolver=lambda *_, **__: here)
        with suppress(KhoborError):
            assert len(downloader.fetch(server.url(), accept=accept).body) <= LIMIT
