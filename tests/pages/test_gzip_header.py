"""The facts of a page in the header of its gzip file, and what else a header may contain."""

import gzip
import struct
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import PermanentError
from khobor.page import decompress, from_metadata
from khobor.pages.gzip_header import MAX_HEADER_BYTES, compress, facts, known_facts

BODY = "<p>খবর</p>".encode()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
FACTS = {"metadata-version": "2", "url": "https://daily.example/1", "etag": '"a%25"'}


def with_extra(field: bytes, length: int | None = None) -> bytes:
    """A gzip file with an extra field, which says that it has some length."""
    plain = gzip.compress(BODY, mtime=0)
    size = len(field) if length is None else length
    return plain[:3] + bytes([plain[3] | 4]) + plain[4:10] + struct.pack("<H", size) + field + plain[10:]


def subfield(identity: bytes, value: bytes, length: int | None = None) -> bytes:
    return identity + struct.pack("<H", len(value) if length is None else length) + value


def test_the_facts_come_back_and_every_gzip_reads_the_body() -> None:
    data = compress(BODY, FACTS)
    assert facts(data, "a") == FACTS
    assert gzip.decompress(data) == zlib.decompress(data, 31) == decompress(data, "a", 1000) == BODY
    assert compress(BODY, FACTS) == data


def test_the_first_bytes_of_a_file_are_enough() -> None:
    data = with_extra(subfield(b"AP", b"x" * 60_000) + subfield(b"kh", b'{"url":"https://daily.example/"}'))
    assert facts(data[:MAX_HEADER_BYTES], "a") == {"url": "https://daily.example/"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<p>no gzip",
        gzip.compress(BODY),
        with_extra(b""),
        with_extra(b"\0"),
        with_extra(subfield(b"BC", b"\x1b\0")),
        with_extra(subfield(b"BC", b"", length=60_000)),
        with_extra(subfield(b"KH", b"{}") + b"kh"),
        compress(BODY, {}),
    ],
    ids=[
        "empty",
        "no gzip",
        "no extra field",
        "empty field",
        "half a length",
        "another program's",
        "another's, too long",
        "half an id",
        "no fact",
    ],
)
def test_a_file_of_another_program_has_no_facts(data: bytes) -> None:
    assert facts(data, "a") == {}


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"url":1}',
        b'{"url":null}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"url":"https://daily.example/' + b"a" * 3_000 + b'"}',
        b'{"url":"https',
    ],
    ids=["empty", "a list", "no text", "a number", "nothing", "deep list", "deep object", "huge", "cut"],
)
def test_damaged_facts_are_an_error(value: bytes) -> None:
    with pytest.raises(PermanentError, match=r"bad_gzip: the facts of the page in the header of a\.gz are damaged"):
        facts(with_extra(subfield(b"kh", value)), "a.gz")


def test_a_subfield_that_ends_too_early_is_damaged() -> None:
    with pytest.raises(PermanentError, match="bad_gzip"):
        facts(with_extra(subfield(b"kh", b'{"url":"https://daily', length=500)), "a.gz")


def test_every_cut_of_a_file_is_an_error_with_a_reason() -> None:
    data = compress(BODY, FACTS)
    for size in range(2, len(data)):
        with pytest.raises(PermanentError, match=r"truncated_gzip|bad_gzip"):
            decompress(data[:size], "a", 1000)


PIECES = st.sampled_from([b"kh", b"\x02\0", b"{}", b'{"url":"https://daily.example/1"}', b"AP", b"\xff\xff", b"[" * 99])


@given(st.lists(PIECES | st.binary(max_size=4), max_size=9).map(b"".join), st.none() | st.integers(0, 0xFFFF))
def test_whatever_stands_in_the_header_is_read_or_an_error_with_a_reason(field: bytes, length: int | None) -> None:
    data = with_extra(field, length)
    with suppress(PermanentError):
        assert facts(data, "a").keys() <= {"url"}
    with suppress(PermanentError):
        assert from_metadata(decompress(data, "a", 100_000), facts(data, "a"), NOW).url in {None, FACTS["url"]}


@pytest.mark.parametrize(
    ("metadata", "url", "etag"),
    [
        ({}, FACTS["url"], FACTS["etag"]),
        ({"mtime": "1700000000.0", "s3cmd-attrs": "uid:0"}, FACTS["url"], FACTS["etag"]),
        ({"etag": "mine"}, FACTS["url"], "mine"),
        ({"url": "https://other.example/"}, "https://other.example/", None),
        ({"metadata-version": "2"}, None, None),
    ],
    ids=["none", "of a program that copies", "one fact", "another URL", "of a page without URL"],
)
def test_metadata_that_say_which_page_it_is_come_before_the_header(
    metadata: dict[str, str], url: str | None, etag: str | None
) -> None:
    known = known_facts(compress(BODY, FACTS), metadata, "a")
    assert (known.get("url"), known.get("etag")) == (url, etag)
