"""WARC files, read back by warcio."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.articles import article
from tests.export.full_article import full_article
from warcio.archiveiterator import ArchiveIterator

from khobor.article import Article, RawReference
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.warc_file import write
from khobor.page import RawPage, from_metadata

PAGE = RawPage(
    body=b"<html>\xe9\xff\x00 not UTF-8\r\n\r\nWARC/1.1",
    fetched_at=datetime(2023, 8, 16, 2, 0, 0, 1, UTC),
    url="https://www.example.com/1?a=b",
    final_url="https://www.example.com/world/1",
    status=200,
    content_type="text/html; charset=iso-8859-1",
    etag='W/"abc"',
    last_modified="Tue, 15 Aug 2023 23:35:00 GMT",
    robots_tag="noarchive, googlebot: nosnippet",
    tdm_reservation="1",
    robots_txt="allowed",
)


def records(path: Path, *taken: tuple[Article, RawPage | None]) -> list[dict[str, Any]]:
    write(path, (ArticleWithPage(*each) for each in taken))
    return list(read(path))


def read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            yield {
                "type": record.rec_type,
                "version": record.rec_headers.protocol,
                "headers": dict(record.rec_headers.headers),
                "status": record.http_headers.statusline if record.http_headers else None,
                "http": dict(record.http_headers.headers) if record.http_headers else None,
                "body": record.content_stream().read(),
            }


def test_a_page_is_a_response_with_what_was_kept_of_it(tmp_path: Path) -> None:
    about, response, facts = records(tmp_path / "a.warc.gz", (full_article(), PAGE))
    assert (about["type"], about["version"]) == ("warcinfo", "WARC/1.1")
    assert b"software: khobor/" in about["body"]
    assert response["type"] == "response"
    assert response["headers"]["WARC-Target-URI"] == "https://www.example.com/world/1"
    assert response["headers"]["WARC-Date"] == "2023-08-16T02:00:00.000001Z"
    assert response["headers"]["WARC-Payload-Digest"].startswith("sha1:")
    assert response["headers"]["WARC-Warcinfo-ID"] == about["headers"]["WARC-Record-ID"]
    assert response["status"] == "200 OK"
    assert response["http"] == {
        "Content-Type": "text/html; charset=iso-8859-1",
        "ETag": 'W/"abc"',
        "Last-Modified": "Tue, 15 Aug 2023 23:35:00 GMT",
        "X-Robots-Tag": "noarchive, googlebot: nosnippet",
        "tdm-reservation": "1",
        "Content-Length": str(len(PAGE.body)),
    }
    assert response["body"] == PAGE.body
    assert facts["type"] == "metadata"
    assert facts["headers"]["WARC-Refers-To"] == response["headers"]["WARC-Record-ID"]
    assert facts["body"].decode().splitlines() == [
        "via: https://www.example.com/1?a=b",
        "khobor-article-id: id1",
        "khobor-source: example",
        "khobor-robots-txt: allowed",
    ]


def test_every_record_has_an_id_of_its_own(tmp_path: Path) -> None:
    found = records(
        tmp_path / "a.warc.gz", *((article(n, raw=RawReference(bucket="b", key=f"{n}")), PAGE) for n in range(9))
    )
    assert len({record["headers"]["WARC-Record-ID"] for record in found}) == len(found) == 19


def test_an_uploaded_page_is_a_resource_at_the_articles_url_or_where_it_lies(tmp_path: Path) -> None:
    uploaded = RawPage(body=b"<p>", fetched_at=PAGE.fetched_at)
    nowhere = article(2, url=None, canonical_url=None, raw=RawReference(bucket="raw", key="a b/ক.html", version="7"))
    _, first, _, second, _ = records(tmp_path / "a.warc.gz", (full_article(), uploaded), (nowhere, uploaded))
    assert (first["type"], first["headers"]["Content-Type"], first["body"]) == ("resource", "text/html", b"<p>")
    assert first["headers"]["WARC-Target-URI"] == "https://example.com/1"
    assert second["headers"]["WARC-Target-URI"] == "s3://raw/a%20b/%E0%A6%95.html?versionId=7"


def test_no_user_name_or_password_of_an_upload_s_url_is_exported(tmp_path: Path) -> None:
    uploaded = replace(
        PAGE, url="https://u:secret@example.com/1", final_url="https://u:secret@example.com/2", moved_to=None
    )
    _, response, facts = records(tmp_path / "a.warc.gz", (full_article(), uploaded))
    assert response["headers"]["WARC-Target-URI"] == "https://example.com/2"
    assert "via: https://example.com/1" in str(facts["body"])
    assert b"secret" not in gzip.decompress((tmp_path / "a.warc.gz").read_bytes())


def test_a_header_that_somebody_made_up_breaks_no_record(tmp_path: Path) -> None:
    odd = replace(PAGE, content_type="text/html\r\nSet-Cookie: a\r\n\r\n<p>", etag='"é—ক"', status=799)
    _, response, _ = records(tmp_path / "a.warc.gz", (full_article(), odd))
    assert response["http"]["Content-Type"] == "text/html Set-Cookie: a <p>"
    assert "Set-Cookie" not in response["http"]
    assert (response["status"], response["body"]) == ("799", PAGE.body)


@pytest.mark.parametrize(
    "status", ["0", "99", "1000", "99999", "-200", "²00", "٢٠٠", "200\r\nX-Made-Up: 1", "9" * 5_000]
)
def test_a_status_out_of_range_is_none(tmp_path: Path, status: str) -> None:
    uploaded = from_metadata(b"<p>", {"status": status, "metadata-version": "2"}, PAGE.fetched_at)
    _, record, _ = records(tmp_path / "a.warc.gz", (full_article(), uploaded))
    assert (record["type"], record["status"], record["body"]) == ("resource", None, b"<p>")


@pytest.mark.parametrize("code", ["%0D%0A", "%0d", "%0A%0A", "%00", "%C2%85", "%E2%80%A8", "%1B"])
@pytest.mark.parametrize(
    "name", ["content-type", "etag", "robots-tag", "last-modified", "tdm-policy", "url", "final-url", "moved-to"]
)
def test_no_metadata_of_an_upload_begin_a_line(tmp_path: Path, name: str, code: str) -> None:
    # In the first version of the metadata URLs are percent-encoded once more, so that they can hold any character.
    value = f"https://example.com/{code}X-Made-Up: 1{code}{code}<p>"
    metadata = {"url": "https://example.com/1", "status": "200"} | {name: value}
    uploaded = from_metadata(b"<p>", metadata, PAGE.fetched_at)
    about, response, facts = records(tmp_path / "a.warc.gz", (full_article(), uploaded))
    assert response["body"] == b"<p>"
    written = [*response["headers"].items(), *response["http"].items(), *facts["headers"].items()]
    assert "X-Made-Up" not in dict(written)
    assert all(text.isprintable() for pair in written for text in pair)
    lines = facts["body"].decode().splitlines()
    assert not any(line.startswith("X-Made-Up") for line in lines)
    assert all(line.isprintable() for line in lines)
    assert about["type"] == "warcinfo"


def test_an_answer_without_a_url_is_read_whole(tmp_path: Path) -> None:
    nameless = replace(full_article(), url="", canonical_url="")
    _, record, _ = records(tmp_path / "a.warc.gz", (nameless, replace(PAGE, url=None, final_url=None)))
    assert (record["type"], record["body"]) == ("resource", PAGE.body)


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    odd = replace(PAGE, etag='"\ud83d"', url="https://example.com/\ud83d", final_url=None)
    _, response, _ = records(tmp_path / "a.warc.gz", (full_article(), odd))
    assert response["http"]["ETag"] == '"?"'
    assert response["headers"]["WARC-Target-URI"] == "https://example.com/?"


def test_of_an_article_without_page_there_is_no_record(tmp_path: Path) -> None:
    assert [each["type"] for each in records(tmp_path / "a.warc.gz", (article(2), None), (full_article(), PAGE))] == [
        "warcinfo",
        "response",
        "metadata",
    ]
    assert records(tmp_path / "b.warc.gz", (article(2), None)) == []
