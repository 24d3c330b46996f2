"""Pages are read from WARC files of khobor and of other programs; what is damaged costs no page beside it."""

import gzip
import re
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from tests.articles import article
from tests.pages.warc_files import HTML, gzipped, record

from khobor.entry_facts import EntryFacts
from khobor.export import warc_file
from khobor.export.article_with_page import ArticleWithPage
from khobor.page import RawPage
from khobor.pages.input_page import Input, InputOptions, InputPage, RefusedInput, SkippedInput
from khobor.pages.warc import read_warc

NOW = datetime(2026, 4, 1, tzinfo=UTC)
OPTIONS = InputOptions(now=NOW, max_bytes=100_000)


def read(data: bytes, options: InputOptions = OPTIONS) -> list[Input]:
    return list(read_warc(BytesIO(data), "a.warc", options))


def pages(found: list[Input]) -> list[str | None]:
    return [each.page.url for each in found if isinstance(each, InputPage)]


def others(found: list[Input]) -> list[str]:
    """Return the slug of each record that cannot be read, and what the other records are that are no page."""
    return [each.reason for each in found if not isinstance(each, InputPage)]


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_page_comes_with_all_that_the_record_knows_of_it(is_gzip: bool) -> None:
    headers = {
        "Content-Type": "text/html; charset=windows-1252",
        "ETag": '"1"',
        "Last-Modified": "Sun, 01 Mar 2026 08:00:00 GMT",
        "X-Robots-Tag": "noarchive",
        "tdm-reservation": "1",
    }
    first = record(url="https://example.com/0")
    second = record(url="https://Example.com/caf\u00e9", headers=headers)
    data = gzipped(first, second) if is_gzip else first + second
    *_, found = read(data)
    assert isinstance(found, InputPage)
    assert found.name == f"a.warc#{len(gzipped(first)) if is_gzip else len(first)}"
    assert found.page == RawPage(
        body=HTML,
        fetched_at=datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
        url="https://example.com/caf%C3%A9",
        status=200,
        content_type="text/html; charset=windows-1252",
        etag='"1"',
        last_modified="Sun, 01 Mar 2026 08:00:00 GMT",
        robots_tag="noarchive",
        tdm_reservation="1",
    )


def test_what_khobor_exported_comes_back_as_it_was(tmp_path: Path) -> None:
    fetched = RawPage(
        body=HTML,
        fetched_at=datetime(2026, 3, 1, 9, 5, 0, 250_000, tzinfo=UTC),
        url="https://example.com/short",
        final_url="https://example.com/1",
        moved_to="https://example.com/1",
        status=200,
        content_type="text/html",
        robots_txt="allowed",
        entry=EntryFacts(title="সেতু খুলল", published="2023-08-15", authors=("Jane Doe",)),
    )
    uploaded = RawPage(body=HTML, fetched_at=NOW)
    path = tmp_path / "a.warc.gz"
    warc_file.write(
        path,
        [ArticleWithPage(article(1), fetched), ArticleWithPage(article(2, url=None, canonical_url=None), uploaded)],
    )
    with path.open("rb") as file:
        found = list(read_warc(file, "a.warc.gz", OPTIONS))
    first, second = (each.page for each in found if isinstance(each, InputPage))
    assert first == fetched
    assert (second.body, second.url, second.fetched_at) == (HTML, None, NOW)
    assert sorted(others(found)) == ["a metadata record", "a metadata record", "a warcinfo record"]


CHUNKED = b"".join(
    (b"1f;x=y\r\n", HTML[:31], b"\r\n", f"{len(HTML) - 31:x}\r\n".encode(), HTML[31:], b"\r\n0\r\nA: b\r\n\r\n")
)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(HTML)),
        ({"Content-Encoding": "br"}, brotli.compress(HTML)),
        ({"Content-Encoding": "deflate"}, zlib.compress(HTML)),
        ({"Content-Encoding": "gzip"}, HTML),
        ({"Content-Encoding": "br"}, HTML),
        ({"Transfer-Encoding": "chunked"}, CHUNKED),
        ({"Transfer-Encoding": "Chunked"}, HTML),
        ({"Content-Type": "text/plain"}, HTML),
        ({"Content-Type": "application/xhtml+xml"}, HTML),
        ({"Content-Type": ""}, HTML),
    ],
    ids=["gzip", "br", "deflate", "gzip undone", "br undone", "chunked", "chunks undone", "text", "xhtml", "no type"],
)
def test_codings_of_the_body_are_undone(headers: dict[str, str], body: bytes) -> None:
    (found,) = read(record(headers=headers, body=body))
    assert isinstance(found, InputPage)
    assert found.page.body == HTML


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("a request record", record(kind="request", status="GET / HTTP/1.1", body=b"")),
        ("a revisit record, whose page is in another record", record(kind="revisit", body=b"")),
        ("a metadata record", record(kind="metadata", content_type="application/warc-fields", body=b"outlink: /2\r\n")),
        ("a conversion record", record(kind="conversion", content_type="text/plain", body=b"Bridge opens")),
        ("an answer with status 404", record(status="404 Not Found")),
        ("an answer with status 301", record(status="301 Moved", body=b"")),
        ("a record of type image/png", record(headers={"Content-Type": "image/png"}, body=b"\x89PNG")),
        ("a record of type text/css", record(headers={"Content-Type": "text/css;charset=utf-8"}, body=b"<!-- a {}")),
        ("a record of type text/plain", record(headers={"Content-Type": "text/plain"}, body=b"User-agent: *")),
        ("a record of type application/pdf", record(kind="resource", content_type="application/pdf", body=b"%PDF-")),
        ("a response record without HTTP", record(url="dns:example.com", content_type="text/dns")),
        ("not_html", record(body=b"\x89PNG\r\n")),
        ("too_large", record(body=HTML * 2_000)),
        ("too_large", record(body=gzip.compress(HTML * 2_000), headers={"Content-Encoding": "gzip"})),
        ("bad_encoding", record(body=gzip.compress(HTML)[:-9], headers={"Content-Encoding": "gzip"})),
        ("truncated_record", record(body=CHUNKED[:60], headers={"Transfer-Encoding": "chunked"})),
        ("truncated_record", record(warc={"WARC-Truncated": "length"})),
        ("bad_record", record(status="no status")),
        ("bad_url", record(url="https://")),
        ("empty", record(body=b" \n")),
        ("bad_record", record().replace(b"Content-Length: ", b"Content-Length: x", 1)),
        ("bad_record", re.sub(rb"WARC-Target-URI: .*\r\n", b"", record())),
        ("bad_record", b"no record at all\r\n\r\n"),
        ("bad_record", b"WARC/1.1\r\n" + b"x: y\r\n" * 200_000 + b"\r\n"),
    ],
)
@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_record_that_is_no_page_is_named_and_the_pages_around_it_are_read(
    is_gzip: bool, reason: str, data: bytes
) -> None:
    first, last = record(), record(url="https://example.com/2")
    found = read(gzipped(first, data, last) if is_gzip else first + data + last)
    assert pages(found) == ["https://example.com/1", "https://example.com/2"]
    assert others(found) == [reason]
    (other,) = (each for each in found if not isinstance(each, InputPage))
    assert other.name == f"a.warc#{len(gzipped(first)) if is_gzip else len(first)}"


def wrong_length(data: bytes, by: int) -> bytes:
    return re.sub(rb"Content-Length: (\d+)", lambda found: b"Content-Length: %d" % (int(found[1]) + by), data, count=1)


@pytest.mark.parametrize("is_gzip", [False, True])
@pytest.mark.parametrize("by", [-30, -1, 40, 400, 10**9])
def test_a_record_with_a_wrong_length_does_not_take_the_next_one_along(is_gzip: bool, by: int) -> None:
    first, last = record(), record(url="https://example.com/2")
    bad = wrong_length(record(url="https://example.com/bad"), by)
    found = read(gzipped(first, bad, last) if is_gzip else first + bad + last)
    assert pages(found) == ["https://example.com/1", "https://example.com/2"]
    assert others(found)[0] in {"bad_record", "truncated_record"}


def test_damaged_gzip_data_costs_the_record_alone() -> None:
    parts = [gzipped(record(url=f"https://example.com/{number}")) for number in range(4)]
    parts[1] = parts[1][:40] + b"\xff" * 20 + parts[1][60:]
    parts[2] = parts[2][:-8] + b"\0" * 8
    found = read(b"".join(parts))
    assert pages(found) == ["https://example.com/0", "https://example.com/3"]
    assert others(found) == ["bad_gzip", "bad_gzip"]


def test_a_file_that_ends_early_gives_what_is_there() -> None:
    data = gzipped(record(), record(url="https://example.com/2"))
    found = read(data[:-30])
    assert pages(found) == ["https://example.com/1"]
    assert others(found) == ["truncated_gzip"]
    plain = record() + record(url="https://example.com/2")
    assert others(read(plain[:-30])) == ["truncated_record"]


def test_a_file_that_is_gzipped_as_a_whole_is_read_too() -> None:
    data = gzip.compress(record() + record(status="404 Not Found") + record(url="https://example.com/2"))
    found = read(data)
    assert pages(found) == ["https://example.com/1", "https://example.com/2"]
    assert len({each.name for each in found}) == 3


def test_arc_files_are_read_too() -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
    about = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    data = b"filedesc://a.arc 0.0.0.0 20100101000000 text/plain %d\n%s" % (len(about), about)
    data += b"http://example.com/1 192.0.2.1 20100102030405 text/html %d\n%s\n" % (len(http), http)
    found = read(data)
    assert pages(found) == ["http://example.com/1"]
    (page,) = (each.page for each in found if isinstance(each, InputPage))
    assert page.fetched_at == datetime(2010, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_only_pages_of_the_hosts_that_are_asked_for_are_taken() -> None:
    urls = ["https://www.example.com/1", "https://example.com/2", "https://example.com.evil.test/3", "https://test/4"]
    found = read(b"".join(record(url=url) for url in urls), InputOptions(now=NOW, hosts=("example.com",)))
    assert pages(found) == urls[:2]
    assert others(found) == ["a page of another host"] * 2


def test_a_page_cannot_come_from_the_future() -> None:
    (found,) = read(record(warc={"WARC-Date": "2999-01-01T00:00:00Z"}))
    assert isinstance(found, InputPage)
    assert found.page.fetched_at == NOW


def test_names_of_all_that_is_found_tell_it_apart() -> None:
    found = read(record() + record() + b"junk\r\n" + record())
    assert len({each.name for each in found}) == len(found) == 4
    assert [type(each) for each in found] == [InputPage, InputPage, RefusedInput, InputPage]
    assert SkippedInput not in map(type, found)
