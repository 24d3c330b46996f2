"""Pages in WARC files (ISO 28500:2017), and in the older ARC files: khobor's own exports and those of other programs.

Pages are in ``response`` and ``resource`` records. khobor writes after each a ``metadata`` record with what HTTP does
not say; it becomes part of the page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO, TypeAlias, get_args

from khobor.content.codings import decode_content
from khobor.content.media_types import PAGE, check_page, check_type, is_text
from khobor.entry_facts import read_facts
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.page import RawPage, RobotsTxtVerdict, instant
from khobor.pages.input_page import Input, InputOptions, InputPage, RefusedInput, SkippedInput
from khobor.pages.warc_records import DamagedRecord, WarcRecord, records
from khobor.url import absolute_url

_PIECE_BYTES = 65_536
_MOST_FIELDS_BYTES = 65_536
_HTML = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)
# Types that pages have beside them, and that a page is never sent with.
_PARTS = re.compile(
    r"(?:text/(?:css|javascript|dns)|application/(?:(?:x-|ld\+|\w+\+)?(?:javascript|json))|font/)", re.IGNORECASE
)
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}", re.IGNORECASE)
_KIND = re.compile(r"[a-z-]{1,30}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,4000})?\r?\n")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What khobor's ``metadata`` record says of the record before it."""

    place: str
    refers_to: str
    fields: dict[str, str]


_Found: TypeAlias = tuple[str, InputPage] | SkippedInput | RefusedInput | _Facts


def read_warc(file: BinaryIO, name: str, options: InputOptions) -> Iterator[Input]:
    """Yield the pages of a WARC file in its order, and what each other record is.

    Args:
        file: The file, gzipped or not; it can be read at any place.
        name: What it is called in messages; a record of it is ``name#offset``.
        options: Which pages are taken.
    """
    is_empty = True
    for found in _with_their_facts(records(file, partial(_read, name=name, options=options))):
        is_empty = False
        yield _damaged(name, found) if isinstance(found, DamagedRecord) else found
    if is_empty:
        yield RefusedInput(name, "empty", f"{name} holds no record")


def _with_their_facts(found: Iterable[_Found | DamagedRecord]) -> Iterator[Input | DamagedRecord]:
    """Yield what was found; a page with the facts of the ``metadata`` record after it."""
    record_id, page = "", None
    for each in found:
        if isinstance(each, _Facts):
            if page and record_id == each.refers_to:
                page = replace(page, page=_with_facts(page.page, each.fields))
            each = SkippedInput(each.place, "a metadata record")  # noqa: PLW2901
        # The metadata record comes right after the page.
        if page:
            yield page
        page = None
        if isinstance(each, tuple):
            record_id, page = each
        else:
            yield each
    if page:
        yield page


def _damaged(name: str, found: DamagedRecord) -> RefusedInput:
    where = f"{name}#{found.place}"
    return RefusedInput(where, found.reason, f"{where}: {found.detail}")


def _read(record: WarcRecord, *, name: str, options: InputOptions) -> _Found:
    """Return the page of a record with the record's id, or what else it is."""
    where = f"{name}#{record.place}"
    kind = record.record.rec_type or ""
    try:
        if kind not in {"response", "resource"}:
            return _other(record, where, kind)
        page = _page(record, where, options)
    except KhoborError as error:
        return RefusedInput(where, error.reason, error.detail)
    if isinstance(page, str):
        return SkippedInput(where, page)
    return record.header("WARC-Record-ID"), InputPage(name=where, page=page)


def _other(record: WarcRecord, where: str, kind: str) -> SkippedInput | _Facts:
    if kind == "revisit":
        return SkippedInput(where, "a revisit record, whose page is in another record")
    if kind == "metadata" and 0 < record.record.length <= _MOST_FIELDS_BYTES:
        lines = record.record.raw_stream.read(_MOST_FIELDS_BYTES).decode(errors="replace").splitlines()
        fields = {key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in lines) if colon}
        if any(each.startswith("khobor-") for each in fields):
            return _Facts(where, record.header("WARC-Refers-To"), fields)
    return SkippedInput(where, f"a {kind} record" if _KIND.fullmatch(kind) else "a record of no known type")


def _page(record: WarcRecord, where: str, options: InputOptions) -> RawPage | str:
    """Return the page of a record, or as text what else it is; raises KhoborError where it is damaged."""
    http = record.record.http_headers
    uri = record.header("WARC-Target-URI")
    url = absolute_url(uri) if uri.lower().startswith(("http:", "https:")) else None
    content_type = _header(record, "Content-Type") if http else record.header("Content-Type") or None
    status = _status(record, where) if http else None
    what = options.skips(url) or _no_answer(record, status) or _no_type(content_type)
    if what:
        return what
    if record.header("WARC-Truncated") or record.header("WARC-Segment-Number"):
        raise PermanentError("truncated_record", f"{where} holds a part of its page only, as its header says")
    body = _body(record, where, options.max_bytes)
    if not body.strip():
        raise PermanentError("empty", f"{where} holds nothing")
    try:
        check_page(where, content_type, body)
    except PermanentError:
        if _HTML.match(content_type or ""):
            raise
        return _of_type(content_type)
    return RawPage(
        body=body,
        fetched_at=min(instant(record.header("WARC-Date")) or options.now, options.now),
        url=url,
        status=status,
        content_type=content_type,
        etag=_header(record, "ETag"),
        last_modified=_header(record, "Last-Modified"),
        robots_tag=_header(record, "X-Robots-Tag", is_list=True),
        tdm_reservation=_header(record, "tdm-reservation"),
        tdm_policy=_header(record, "tdm-policy"),
    )


def _no_answer(record: WarcRecord, status: int | None) -> str | None:
    """Return what a record is that is no answer with a page."""
    if record.record.rec_type == "resource":
        return None
    if record.record.http_headers is None:
        return "a response record without HTTP"
    return None if status is not None and PAGE.accepts_status(status) else f"an answer with status {status}"


def _no_type(content_type: str | None) -> str | None:
    """Return what a record is whose media type no page has; what begins like HTML is a page with any other."""
    try:
        check_type("it", content_type, PAGE)
    except PermanentError:
        return _of_type(content_type)
    return _of_type(content_type) if _PARTS.match(content_type or "") else None


def _of_type(content_type: str | None) -> str:
    found = _TYPE.match(content_type or "")
    return f"a record of type {found[0].lower()}" if found else "a record of no known media type"


def _status(record: WarcRecord, where: str) -> int:
    code = str(record.record.http_headers.statusline).partition(" ")[0]
    if not re.fullmatch("[1-9][0-9]{2}", code):
        raise PermanentError("bad_record", f"{where} has no HTTP status, but {code[:50]!r}")
    return int(code)


def _header(record: WarcRecord, name: str, *, is_list: bool = False) -> str | None:
    """Return a field of the HTTP header: of several the last, or all of a list."""
    http = record.record.http_headers
    found = [value.strip() for key, value in (http.headers if http else ()) if key.lower() == name.lower()]
    return (", ".join(found) if is_list else found[-1]) if found else None


def _body(record: WarcRecord, where: str, max_bytes: int) -> bytes:
    """Return the decompressed body. Some programs keep the codings in the header and write the body without them."""
    data: bytes = record.record.raw_stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise PermanentError("too_large", f"{where} has over {max_bytes} bytes")
    if "chunked" in (_header(record, "Transfer-Encoding", is_list=True) or "").lower():
        data = _dechunked(data, where)
    pieces = (data[at : at + _PIECE_BYTES] for at in range(0, len(data), _PIECE_BYTES))
    try:
        coding = _header(record, "Content-Encoding", is_list=True)
        return b"".join(decode_content(where, pieces, coding, max_bytes))
    except RetryableError as error:
        if is_text(data):
            return data
        raise PermanentError(error.reason, error.detail) from error


def _dechunked(data: bytes, where: str) -> bytes:
    """Return a body without its chunks (RFC 9112, 7.1); as it is if it has none."""
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK.match(data, at)
        if size is None and not parts:
            return data
        if size is None:
            raise PermanentError("truncated_record", f"{where} breaks off in its chunks")
        start, length = size.end(), int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        if len(data) < start + length:
            raise PermanentError("truncated_record", f"{where} breaks off in its chunks")
        parts.append(data[start : start + length])
        at = start + length
        at += 2 if data.startswith(b"\r\n", at) else data.startswith(b"\n", at)


def _with_facts(page: RawPage, fields: dict[str, str]) -> RawPage:
    """Return a page with what khobor's ``metadata`` record says of it."""
    asked, moved_to, robots_txt = (fields.get(name) for name in ("via", "khobor-moved-to", "khobor-robots-txt"))
    return replace(
        page,
        url=_url(asked) or page.url,
        final_url=page.url if _url(asked) else None,
        moved_to=_url(moved_to),
        robots_txt=next((verdict for verdict in get_args(RobotsTxtVerdict) if verdict == robots_txt), None),
        entry=read_facts(fields.get("khobor-entry")),
    )


def _url(text: str | None) -> str | None:
    try:
        return absolute_url(text) if text else None
    except PermanentError:
        return None
