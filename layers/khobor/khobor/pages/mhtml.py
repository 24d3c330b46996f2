"""MHTML files (RFC 2557): a page with its pictures in one file, as browsers and e-mail programs save it."""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from email.utils import parsedate_to_datetime

from khobor.errors import PermanentError
from khobor.page import RawPage
from khobor.url import absolute_url

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_HEADER_BYTES = 4096
# A field of a header, and nothing before it.
_FIELD = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,16}[A-Za-z][A-Za-z0-9-]{0,63}:[ \t]")
_SAYS_MHTML = re.compile(
    rb"^content-type:\s{0,64}(?:multipart/related|text/html|multipart/alternative)", re.IGNORECASE | re.MULTILINE
)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


def may_begin_mhtml(data: bytes) -> bool:
    """Return whether a file that begins with these bytes may be MHTML; all of its header says whether it is."""
    return _FIELD.match(data) is not None


def begins_as_mhtml(data: bytes) -> bool:
    """Return whether a file begins with the header of an MHTML file."""
    if not _FIELD.match(data):
        return False
    header = _END_OF_HEADER.split(data[:_HEADER_BYTES].lstrip(), maxsplit=1)[0]
    return _SAYS_MHTML.search(header) is not None


def read_mhtml(data: bytes, name: str, known: RawPage, max_bytes: int) -> RawPage:
    """Return the page of an MHTML file: its root, with the URL and the time that the file states.

    Args:
        data: The file.
        name: What it is called in errors.
        known: What is known of the page besides; its URL comes before that of the file.
        max_bytes: The largest page.

    Raises:
        PermanentError: ``no_page_in_mhtml``, ``truncated_mhtml``, ``empty`` or ``too_large``.
    """
    message = email.message_from_bytes(data.lstrip())
    root = _root(message)
    if root is None:
        raise PermanentError("no_page_in_mhtml", f"{name} is an MHTML file without an HTML part; save the page again")
    if _is_cut(message, root):
        raise PermanentError("truncated_mhtml", f"{name} ends in the middle of its page; save the page again")
    body = root.get_payload(decode=True)
    if not isinstance(body, bytes) or not body.strip():
        raise PermanentError("empty", f"{name} holds nothing; save the page again")
    if len(body) > max_bytes:
        raise PermanentError("too_large", f"{name} has a page of over {max_bytes} bytes")
    url = known.url or _url(message, root)
    return replace(
        known,
        body=body,
        url=url,
        final_url=known.final_url or url,
        content_type=str(root.get("Content-Type", "text/html")),
        fetched_at=_saved_at(message) or known.fetched_at,
    )


def _root(message: Message) -> Message | None:
    """Return the part that is the page: the one that ``start`` names, else the first in HTML."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    start = message.get_param("start")
    named = (part for part in parts if start and part.get("Content-ID") == start)
    pages = (part for part in parts if part.get_content_type() in _HTML)
    return next((part for part in named if part.get_content_type() in _HTML), None) or next(pages, None)


def _is_cut(message: Message, root: Message) -> bool:
    """Return whether the file ends within its page: no boundary comes after it."""
    last = [part for part in message.walk() if not part.is_multipart()][-1]
    is_open = any(isinstance(each, CloseBoundaryNotFoundDefect) for part in message.walk() for each in part.defects)
    return root is last and is_open


def _url(message: Message, root: Message) -> str | None:
    """Return the URL that the file states for the page; None without one that is http or https."""
    base = message.get("Content-Base") or message.get("Content-Location")
    for found in (root.get("Content-Location"), message.get("Snapshot-Content-Location"), base):
        try:
            if found:
                return absolute_url("".join(str(found).split()), str(base) if base else None)
        except PermanentError:
            continue
    return None


def _saved_at(message: Message) -> datetime | None:
    """Return when the page was saved; None without a time that can be."""
    try:
        saved_at = parsedate_to_datetime(str(message.get("Date", "")))
        saved_at = saved_at.astimezone(UTC) if saved_at.tzinfo else saved_at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return saved_at if saved_at <= datetime.now(UTC) else None
