"""WARC files written for the tests."""

import gzip
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = b"<!DOCTYPE html><html><body><h1>Bridge opens</h1></body></html>"


def record(
    *,
    kind: str = "response",
    url: str = "https://example.com/1",
    body: bytes = HTML,
    headers: dict[str, str] | None = None,
    status: str = "200 OK",
    warc: dict[str, str] | None = None,
    content_type: str | None = None,
) -> bytes:
    """Return a record as in a file that is not gzipped."""
    http = None
    if kind in {"response", "request", "revisit"}:
        http = StatusAndHeaders(status, list(({"Content-Type": "text/html"} | (headers or {})).items()), "HTTP/1.1")
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    given = {"WARC-Date": "2026-03-01T09:05:00Z", "WARC-Record-ID": "<urn:uuid:1>"} | (warc or {})
    writer.write_record(
        writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict=given,
            warc_content_type=content_type or "",
        )
    )
    return out.getvalue()


def gzipped(*records: bytes) -> bytes:
    """Return records, each in a gzip member of its own, as WARC files have them."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)
