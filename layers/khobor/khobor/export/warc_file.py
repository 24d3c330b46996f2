"""Raw pages as WARC 1.1 (ISO 28500:2017), each record compressed on its own.

khobor keeps the status of a response, the headers Content-Type, ETag, Last-Modified, X-Robots-Tag, tdm-reservation and
tdm-policy, and the decompressed body. A ``response`` record has these and the Content-Length of the body; its status
line says HTTP/1.1. An uploaded page, whose response is unknown, is a ``resource`` record, and so is a page without a
URL or whose status does not have three digits. The ``metadata`` record after each holds what else khobor knows.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from io import BytesIO
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from khobor import __version__
from khobor.article import Article
from khobor.entry_facts import write_facts
from khobor.errors import PermanentError
from khobor.export import schema
from khobor.export.article_with_page import ArticleWithPage
from khobor.page import RawPage
from khobor.url import has_credentials, without_credentials

_FIELDS = "application/warc-fields"
# Status codes have three digits (RFC 9110, 15).
_STATUSES = range(100, 1000)
_CONTROL_CODES = re.compile("[\x00-\x1f\x7f-\x9f]+")
# Characters that a URI may contain unescaped: ASCII without the space.
_URI = "".join(map(chr, range(0x21, 0x7F)))
_HTML = "text/html"


def write(path: Path, articles: Iterable[ArticleWithPage]) -> None:
    """Write the pages of articles to a file; an article without its page is left out.

    Args:
        path: The file.
        articles: The articles with their pages.
    """
    pages = ((each.article, each.page) for each in articles if each.page)
    with path.open("wb") as file:
        records = WARCWriter(file, gzip=True, warc_version="1.1")
        first = next(pages, None)
        if first is None:
            return
        about = _about(first[1], _identity(first[0]), records)
        records.write_record(about)
        about_id = about.rec_headers.get_header("WARC-Record-ID")
        for article, page in chain([first], pages):
            for record in _records(records, article, page, about_id):
                records.write_record(record)


def _about(first: RawPage, identity: str, builder: WARCWriter) -> ArcWarcRecord:
    """Return the ``warcinfo`` record, with the date of the first page, so that equal exports are equal files."""
    facts = {
        "software": f"khobor/{__version__} (warcio)",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "Pages of a khobor archive; status lines and headers are rebuilt from those that were kept",
        "khobor-schema": schema.VERSION,
    }
    return _fields_record(builder, "warcinfo", None, facts, _headers(f"{identity} warcinfo", first.fetched_at))


def _records(builder: WARCWriter, article: Article, page: RawPage, about: str) -> Iterator[ArcWarcRecord]:
    identity, uri = _identity(article), _target(article, page)
    headers = _headers(identity, page.fetched_at) | {"WARC-Warcinfo-ID": about}
    make = partial(
        builder.create_warc_record,
        uri,
        payload=BytesIO(page.body),
        length=len(page.body),
        warc_headers_dict=headers,
    )
    # WARC readers expect HTTP headers only for http and https URLs.
    if page.status not in _STATUSES or not uri.startswith(("http:", "https:")):
        yield make("resource", warc_content_type=_one_line(page.content_type or _HTML))
    else:
        yield make("response", http_headers=StatusAndHeaders(_status(page.status), _http(page), protocol="HTTP/1.1"))
    facts = {
        "via": _shown(page.url) if page.url != page.location else None,
        "khobor-article-id": article.article_id,
        "khobor-source": article.source,
        "khobor-robots-txt": page.robots_txt,
        "khobor-moved-to": _shown(page.moved_to),
        "khobor-entry": write_facts(page.entry),
    }
    metadata_headers = _headers(f"{identity} metadata", page.fetched_at) | {"WARC-Warcinfo-ID": about}
    yield _fields_record(
        builder, "metadata", uri, facts, metadata_headers | {"WARC-Refers-To": headers["WARC-Record-ID"]}
    )


def _fields_record(
    builder: WARCWriter, kind: str, uri: str | None, facts: Mapping[str, str | None], headers: dict[str, str]
) -> ArcWarcRecord:
    lines = (f"{name}: {_one_line(value)}\r\n" for name, value in facts.items() if value)
    text = "".join(lines).encode()
    return builder.create_warc_record(
        uri, kind, payload=BytesIO(text), length=len(text), warc_content_type=_FIELDS, warc_headers_dict=headers
    )


def _headers(identity: str, fetched_at: datetime) -> dict[str, str]:
    date = fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    # An id derived from the content, not a random one, so that equal exports are equal files.
    return {"WARC-Record-ID": f"<{uuid.uuid5(uuid.NAMESPACE_URL, identity).urn}>", "WARC-Date": date}


def _http(page: RawPage) -> list[tuple[str, str]]:
    headers = {
        "Content-Type": page.content_type,
        "ETag": page.etag,
        "Last-Modified": page.last_modified,
        "X-Robots-Tag": page.robots_tag,
        "tdm-reservation": page.tdm_reservation,
        "tdm-policy": page.tdm_policy,
        "Content-Length": str(len(page.body)),
    }
    return [(name, _one_line(value)) for name, value in headers.items() if value]


def _status(status: int | None) -> str:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"{status} {phrase}".rstrip()


def _target(article: Article, page: RawPage) -> str:
    """Return the URL of the page, or that of the article, or the location of the raw page."""
    url = page.location or article.canonical_url or article.url or _identity(article)
    return quote(_shown(url.strip()) or "", safe=_URI, errors="replace")


def _shown(url: str | None) -> str | None:
    """Return a URL of an upload without credentials, otherwise as it stands there."""
    if not url or "@" not in url:
        return url
    try:
        return without_credentials(url) if has_credentials(url) else url
    except PermanentError:
        return url


def _identity(article: Article) -> str:
    raw = article.raw
    if raw is None:
        return f"khobor:{article.article_id}"
    version = f"?versionId={raw.version}" if raw.version else ""
    place = "khobor:" if raw.bucket is None else f"s3://{raw.bucket}/"
    return f"{place}{quote(raw.key)}{version}"


def _one_line(value: str) -> str:
    # Metadata of an upload may contain line ends, which would break the record.
    line = " ".join(_CONTROL_CODES.sub(" ", value).split())
    return line.encode(errors="replace").decode()
