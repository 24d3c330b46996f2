"""A page as it was fetched: its bytes, and what the answer said of them."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from khobor.errors import PermanentError

# S3 counts names and values of user metadata together: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
MAX_METADATA_BYTES = 2048

_GZIP = b"\x1f\x8b"
_DATABASE_ERRORS = (b"SQLSTATE[", b"Too many connections", b"Error establishing a database connection")
# An article that writes about such an error is longer than the error itself.
_ERROR_PAGE_BYTES = 8192


@dataclass(frozen=True, kw_only=True)
class RawPage:
    """A page, its bytes untouched but for the transfer's own compression.

    Attributes:
        body: The decompressed bytes in the charset in which they came.
        fetched_at: When the answer came, aware, UTC.
        url: The URL that was asked for; None for a page that came from elsewhere.
        final_url: The URL that answered, after redirects; None where it is ``url``.
        status: HTTP status code of the answer.
        content_type: The Content-Type header, charset and all.
        etag: The ETag header, for asking again only for what changed (RFC 9110, 8.8.3).
        last_modified: The Last-Modified header as it came.
    """

    body: bytes
    fetched_at: datetime
    url: str | None = None
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def location(self) -> str | None:
        """The URL that the body came from, if one is known."""
        return self.final_url or self.url


def to_metadata(page: RawPage) -> dict[str, str]:
    """Return the page's facts as S3 user metadata: ASCII, within 2 KB, the least important dropped first.

    Raises:
        PermanentError: ``url_too_long`` where not even the URL fits.
    """
    facts = {
        "url": page.url,
        "fetched-at": page.fetched_at.astimezone(UTC).isoformat(),
        "content-type": page.content_type,
        "status": str(page.status) if page.status else None,
        "final-url": page.final_url if page.final_url != page.url else None,
        "etag": page.etag,
        "last-modified": page.last_modified,
    }
    metadata: dict[str, str] = {}
    room = MAX_METADATA_BYTES
    for name, value in facts.items():
        if value is None:
            continue
        text = quote(value, safe=" !\"#$&'()*+,-./:;<=>?@[]_`{|}~^\\")
        room_after = room - len(name) - len(text)
        if room_after >= 0:
            metadata[name] = text
            room = room_after
        elif name == "url":
            raise PermanentError("url_too_long", f"{value[:200]!r}… has {len(text)} characters; S3 keeps about 2,000")
    return metadata


def from_metadata(body: bytes, metadata: Mapping[str, str], stored_at: datetime) -> RawPage:
    """Return the page of a stored object, also of one that a person uploaded without metadata.

    Args:
        body: The object's decompressed bytes.
        metadata: The object's S3 user metadata, names in lower case.
        stored_at: When the object was stored, aware: the best that is known where nobody says when it was fetched.
    """
    facts = {name: unquote(value) for name, value in metadata.items()}
    status = facts.get("status", "")
    return RawPage(
        body=body,
        fetched_at=_instant(facts.get("fetched-at")) or stored_at.astimezone(UTC),
        url=facts.get("url"),
        final_url=facts.get("final-url") or facts.get("url"),
        status=int(status) if status.isdecimal() else None,
        content_type=facts.get("content-type"),
        etag=facts.get("etag"),
        last_modified=facts.get("last-modified"),
    )


def decompress(data: bytes, name: str, max_bytes: int) -> bytes:
    """Return the page of a file or an object, gzipped or not.

    Args:
        data: Its bytes; up to one more than ``max_bytes`` is enough.
        name: What it is called in errors.
        max_bytes: Largest page taken, compressed and decompressed.

    Raises:
        PermanentError: ``empty``, ``too_large``, ``truncated_gzip`` or ``bad_gzip``.
    """
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    # The first bytes tell, whatever name or headers say: no text starts with them.
    body = _inflated(data, name, max_bytes) if data.startswith(_GZIP) else data
    if not body.strip():
        raise PermanentError("empty", f"{name} holds nothing; get the page again")
    return body


def database_error(body: bytes) -> str | None:
    """Return the database error that a site answers with status 200 when it is overloaded, None for any other page.

    Args:
        body: The page's decompressed bytes.
    """
    if len(body) > _ERROR_PAGE_BYTES:
        return None
    return next((error.decode() for error in _DATABASE_ERRORS if error in body), None)


def _instant(text: str | None) -> datetime | None:
    try:
        stamp = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo else None


def _inflated(data: bytes, name: str, max_bytes: int) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        body = inflater.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise PermanentError("bad_gzip", f"{name} is damaged ({error}); get the page again") from error
    if len(body) > max_bytes:
        raise _too_large(name, max_bytes)
    if not inflater.eof:
        raise PermanentError("truncated_gzip", f"{name} ends in the middle of its gzip data; get the page again")
    return body


def _too_large(name: str, max_bytes: int) -> PermanentError:
    return PermanentError("too_large", f"{name} has over {max_bytes} bytes; raise the parameter MaxPageBytes")
