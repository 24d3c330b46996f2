import base64
import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import PermanentError
from khobor.page import MAX_METADATA_BYTES, RawPage, database_error, decompress, from_metadata, to_metadata
from khobor.url import canonical_url

NOW = datetime(2023, 8, 16, 2, 0, 0, 123456, tzinfo=UTC)


def size(metadata: dict[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in metadata.items())


def test_what_the_answer_said_comes_back_from_the_metadata() -> None:
    page = RawPage(
        body=b"x",
        fetched_at=NOW,
        url="https://example.com/a",
        final_url="https://example.com/b",
        status=200,
        content_type="text/html; charset=windows-1252",
        etag='W/"é%41"',
        last_modified="Wed, 16 Aug 2023 01:35:00 GMT",
        moved_to="https://example.com/b",
        robots_tag="noarchive, khobor: noindex",
        tdm_reservation="1",
        tdm_policy="https://example.com/policy.json",
        robots_txt="allowed",
    )
    metadata = to_metadata(page)
    assert "".join(metadata.values()).isascii()
    assert from_metadata(b"x", metadata, NOW) == page


def test_metadata_is_short_enough_for_s3_and_keeps_the_url() -> None:
    page = RawPage(body=b"x", fetched_at=NOW, url="https://example.com/" + "a" * 1500, etag="e" * 1000)
    metadata = to_metadata(page)
    assert size(metadata) <= MAX_METADATA_BYTES
    assert metadata["url"] == page.url
    assert "etag" not in metadata


def test_what_the_site_reserves_is_kept_before_what_only_saves_a_request() -> None:
    page = RawPage(
        body=b"x",
        fetched_at=NOW,
        url="https://example.com/" + "a" * 1500,
        robots_tag="noai",
        tdm_reservation="1",
        robots_txt="none",
        etag="e" * 300,
        moved_to="https://example.com/" + "b" * 300,
    )
    kept = from_metadata(b"x", to_metadata(page), NOW)
    assert (kept.robots_tag, kept.tdm_reservation, kept.robots_txt) == ("noai", "1", "none")
    assert kept.moved_to is None


def test_a_url_that_s3_cannot_keep_is_an_error() -> None:
    with pytest.raises(PermanentError, match="url_too_long"):
        to_metadata(RawPage(body=b"x", fetched_at=NOW, url="https://example.com/" + "a" * 3000))


def test_a_page_that_a_person_uploaded_was_fetched_when_it_was_stored() -> None:
    page = from_metadata(b"x", {}, NOW)
    assert (page.fetched_at, page.url, page.status, page.location) == (NOW, None, None, None)


def test_damaged_metadata_is_left_out() -> None:
    page = from_metadata(b"x", {"fetched-at": "yesterday", "status": "ok", "robots-txt": "perhaps"}, NOW)
    assert (page.fetched_at, page.status, page.robots_txt) == (NOW, None, None)


@pytest.mark.parametrize(("later", "is_believed"), [(timedelta(seconds=1), True), (timedelta(hours=1), False)])
def test_no_page_was_fetched_after_it_was_stored(later: timedelta, is_believed: bool) -> None:
    said = NOW + later
    page = from_metadata(b"x", {"fetched-at": said.isoformat()}, NOW)
    assert page.fetched_at == (said if is_believed else NOW)


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9" * 5_000, "٢٠٢٦-٠٣-٠١"])
def test_a_time_that_there_cannot_be_in_utc_is_none(said: str) -> None:
    assert from_metadata(b"x", {"fetched-at": said}, NOW).fetched_at == NOW


@given(st.binary(min_size=1, max_size=200).filter(lambda data: data.strip() and not data.startswith(b"\x1f\x8b")))
def test_decompress_gives_the_bytes_back(body: bytes) -> None:
    assert decompress(gzip.compress(body), "page", 1000) == decompress(body, "page", 1000) == body


@pytest.mark.parametrize("size", [1, 300, 70_000, 200_000])
@pytest.mark.parametrize("after", [b"", b"\0" * 512, b"\n"], ids=["nothing", "padding", "a newline"])
def test_a_file_of_several_gzip_members_is_read_to_its_end(size: int, after: bytes) -> None:
    parts = [bytes([65 + number]) * size for number in range(3)]
    data = b"".join(map(gzip.compress, parts)) + after
    assert decompress(data, "page", 3 * size + 1000) == b"".join(parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"x" * 1001, "too_large"),
        (gzip.compress(b"x" * 1_000_000, mtime=0), "too_large"),
        (gzip.compress(b"some text of a page", mtime=0)[:-9], "truncated_gzip"),
        (b"\x1f\x8bnonsense", "bad_gzip"),
        (gzip.compress(b"x" * 600, mtime=0) * 2, "too_large"),
        (gzip.compress(b"first", mtime=0) + gzip.compress(b"second", mtime=0)[:-9], "truncated_gzip"),
        (gzip.compress(b"first", mtime=0) + b"\x1f\x8bnonsense", "bad_gzip"),
    ],
)
def test_data_that_is_no_page_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(PermanentError) as error:
        decompress(data, "s3://bucket/key", 1000)
    assert error.value.reason == reason
    assert "s3://bucket/key" in error.value.detail


def test_a_database_error_is_told_from_an_article_about_one() -> None:
    error = b"<html>SQLSTATE[HY000] [1040] Too many connections</html>"
    assert database_error(error) == "SQLSTATE["
    assert database_error(error + b"x" * 10_000) is None
    assert database_error(b"<html>fine</html>") is None


URLS = [
    "https://example.com/c%23-in-schools",
    "https://example.com/a%2Fb",
    "https://example.com/100%25-sure",
    "https://example.com/%2541",
    "https://example.com/100%",
    "https://example.com/a?q=%26&p=a+b",
]
IN_TWO_WORDS = "=?utf-8?q?https://example.com/=E0=A6=96=E0=A6=AC=E0=A6=B0?="
IN_TWO_WORDS += " =?utf-8?q?/=E0=A7=A7=E0=A7=A8=E0=A7=A9=E0=A7=AA=E0=A7=AB?="
BENGALI = "https://example.com/খবর/১২৩৪৫"


@pytest.mark.parametrize("url", [*URLS, BENGALI, "https://bücher.example/two words", "https://খবর.example/1"])
def test_a_url_comes_back_from_the_metadata_as_it_went_in(url: str) -> None:
    metadata = to_metadata(RawPage(body=b"x", fetched_at=NOW, url=url, final_url=f"{url}/", moved_to=url))
    assert "".join(metadata.values()).isascii()
    kept = from_metadata(b"x", metadata, NOW)
    assert [canonical_url(found or "") for found in (kept.url, kept.moved_to)] == [canonical_url(url)] * 2
    assert canonical_url(kept.final_url or "") == canonical_url(f"{url}/")


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("fetched_at", [{}, {"fetched-at": NOW.isoformat()}])
def test_a_url_that_a_person_wrote_is_not_decoded(url: str, fetched_at: dict[str, str]) -> None:
    assert from_metadata(b"x", {"url": url, **fetched_at}, NOW).url == url


def test_a_page_that_was_kept_before_urls_stood_as_they_are_has_its_url_still() -> None:
    old = {"url": "https://example.com/c%2523/%E0%A6%96", "status": "200", "fetched-at": NOW.isoformat()}
    assert from_metadata(b"x", old, NOW).url == "https://example.com/c%23/খ"


@pytest.mark.parametrize(
    "value",
    [
        "=?UTF-8?B?aHR0cHM6Ly9leGFtcGxlLmNvbS/gppbgpqzgprAv4Ken4Keo4Kep4Keq4Ker?=",
        IN_TWO_WORDS,
        f"=?UTF-8?B?{base64.b64encode(BENGALI.encode().decode('latin-1').encode()).decode()}?=",
        BENGALI.encode().decode("latin-1"),
        f" {BENGALI} ",
    ],
    ids=["base64", "quoted in two words", "bytes taken for characters, as S3 has them", "raw bytes", "as it is"],
)
def test_a_url_outside_of_ascii_is_read_as_s3_gives_it_back(value: str) -> None:
    assert from_metadata(b"x", {"url": value}, NOW).url == BENGALI


@pytest.mark.parametrize(
    "value", ["foo", "example.com/1", "ftp://example.com/1", "=?UTF-8?B?////?=", "=?x?B?aaaa?=", "="]
)
def test_metadata_with_what_is_no_url_are_refused(value: str) -> None:
    with pytest.raises(PermanentError, match=r"bad_url: metadata of the page: url="):
        from_metadata(b"x", {"url": value}, NOW)
