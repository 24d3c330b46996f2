"""A fetched page: its bytes, and what the response said about them."""

import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Literal, get_args
from urllib.parse import quote, unquote

from khobor import entry_facts
from khobor.entry_facts import EntryFacts, read_facts, write_facts
from khobor.errors import PermanentError
from khobor.url import absolute_url, digest

# What robots.txt said when the page was fetched: it allowed the request, or there was no robots.txt.
RobotsTxtVerdict = Literal["allowed", "none"]

# S3 counts names and values of user metadata together: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
MAX_METADATA_BYTES = 2048
# The metadata may not have room for longer URLs, so their pages could not be stored.
LONGEST_URL = 1_900

# The version of the metadata. In the first version, percent signs of URLs were encoded again.
_VERSION_NAME, _VERSION = "metadata-version", "2"
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))

# A status code has three digits (RFC 9110, 15); the metadata of an uploaded page may have anything.
_STATUS = re.compile("[1-9][0-9]{2}")

# The tolerance for other clocks; S3 gives the time of an object by its own clock, in whole seconds.
_SKEW = timedelta(minutes=5)

# The default limit of a page: the default of the parameter MaxPageBytes.
MAX_PAGE_BYTES = 10_485_760

# The largest stored page that a command reads, far above any MaxPageBytes in use.
MAX_STORED_PAGE_BYTES = 104_857_600

# The first bytes of a gzip file.
GZIP_MAGIC = b"\x1f\x8b"
# Block gzip has one member for 64 KB.
_MOST_GZIP_MEMBERS = 1_000
_PIECE_BYTES = 65_536
_DATABASE_ERRORS = (b"SQLSTATE[", b"Too many connections", b"Error establishing a database connection")
# An article that writes about such an error is longer than the error itself.
_ERROR_PAGE_BYTES = 8192


@dataclass(frozen=True, kw_only=True)
class Validators:
    """The validators of a response, with which a page is requested only if it changed (RFC 9110, 8.8 and 13.1).

    Attributes:
        etag: The ETag header, weak or strong.
        last_modified: The Last-Modified header.
        url: The URL that answered with them; they are valid for no other URL. None for the URL that is requested.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class NotModified:
    """The response that a page has not changed (304), so that there is nothing to store or to parse.

    Attributes:
        url: The URL that was requested.
        final_url: The URL that answered, after redirects; None if it is ``url``.
        moved_to: As in RawPage.
        fetched_at: When the response came, aware, UTC.
        etag: The ETag header of this response; None if it has none, and the known one stays valid.
        last_modified: The Last-Modified header of this response; None as for ``etag``.
    """

    url: str
    fetched_at: datetime
    final_url: str | None = None
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Redirects that were received, whose target was not requested yet.

    Attributes:
        location: The target of the last redirect.
        moved_to: As in RawPage.
        count: The number of redirects.
        left_site: Whether one of them led to a host that does not own the URL that was requested first.
    """

    location: str
    moved_to: str | None = None
    count: int = 1
    left_site: bool = False


@dataclass(frozen=True, kw_only=True)
class Reservations:
    """The rights that headers and robots.txt reserved when a page was fetched.

    Attributes:
        robots_tag: As in RawPage.
        tdm_reservation: As in RawPage.
        tdm_policy: As in RawPage.
        robots_txt: As in RawPage.
    """

    robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    robots_txt: RobotsTxtVerdict | None = None


@dataclass(frozen=True, kw_only=True)
class RawPage:
    """A page. Its bytes are unchanged, except that the compression of the transfer is removed.

    Attributes:
        body: The decompressed bytes in their original charset.
        fetched_at: When the response came, aware, UTC.
        url: The URL that was requested; None for a page of another origin.
        final_url: The URL that answered, after redirects; None if it is ``url``.
        status: The HTTP status code of the response.
        content_type: The Content-Type header with its parameters.
        etag: The ETag header (RFC 9110, 8.8.3).
        last_modified: The Last-Modified header, unchanged.
        moved_to: The permanent URL of the page: the target of the permanent redirects (301, 308) at the beginning of
            the chain; None if the chain does not begin with one.
        robots_tag: The X-Robots-Tag headers, joined by commas.
        tdm_reservation: The tdm-reservation header: ``1`` if text and data mining is reserved
            (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/).
        tdm_policy: The tdm-policy header: the URL of the policy for obtaining these rights.
        robots_txt: What robots.txt said about the URL; the fetcher sets it.
        entry: What the feed that listed the URL stated about the article; the fetcher sets it.
    """

    body: bytes
    fetched_at: datetime
    url: str | None = None
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    robots_txt: RobotsTxtVerdict | None = None
    entry: EntryFacts | None = None

    @property
    def location(self) -> str | None:
        """The URL that the body came from; None if it is unknown."""
        return self.final_url or self.url

    @property
    def reservations(self) -> Reservations:
        """The rights that were reserved when the page was fetched."""
        return Reservations(
            robots_tag=self.robots_tag,
            tdm_reservation=self.tdm_reservation,
            tdm_policy=self.tdm_policy,
            robots_txt=self.robots_txt,
        )

    @property
    def digest(self) -> str:
        """The digest of the body, by which an unchanged page is recognised; see ``khobor.url.digest``."""
        return digest(self.body)

    @property
    def validators(self) -> Validators | None:
        """The validators for the next request of this page; None if its response had none."""
        if self.etag is None and self.last_modified is None:
            return None
        return Validators(etag=self.etag, last_modified=self.last_modified, url=self.location)


def to_metadata(page: RawPage) -> dict[str, str]:
    """Return the facts of a page as S3 user metadata: ASCII, within 2 KB, without the least important if necessary.

    In URLs only characters outside of ASCII are percent-encoded; other facts are percent-encoded as usual.

    Raises:
        PermanentError: ``url_too_long`` if not even the URL fits.
    """
    metadata = {_VERSION_NAME: _VERSION}
    room = MAX_METADATA_BYTES - len(_VERSION_NAME) - len(_VERSION)
    for name, text in _written(page).items():
        room_after = room - len(name) - len(text)
        if room_after >= 0:
            metadata[name] = text
            room = room_after
        elif name == "url":
            raise PermanentError("url_too_long", f"{text[:200]!r}… has {len(text)} characters; S3 keeps about 2,000")
    if entry := write_facts(page.entry, room - len(entry_facts.NAME)):
        metadata[entry_facts.NAME] = entry
    return metadata


def _written(page: RawPage) -> dict[str, str]:
    """Return the known facts of a page as ASCII, the most important first."""
    facts = {
        "url": _as_ascii(page.url),
        "fetched-at": page.fetched_at.astimezone(UTC).isoformat(),
        "content-type": _encoded(page.content_type),
        "status": str(page.status) if page.status else None,
        "final-url": _as_ascii(page.final_url) if page.final_url != page.url else None,
        "robots-txt": page.robots_txt,
        "tdm-reservation": _encoded(page.tdm_reservation),
        "robots-tag": _encoded(page.robots_tag),
        "tdm-policy": _encoded(page.tdm_policy),
        "etag": _encoded(page.etag),
        "last-modified": _encoded(page.last_modified),
        "moved-to": _as_ascii(page.moved_to),
    }
    return {name: text for name, text in facts.items() if text is not None}


def from_metadata(
    body: bytes, metadata: Mapping[str, str], stored_at: datetime, *, now: datetime | None = None
) -> RawPage:
    """Return the page of a stored object or file, also of one that a person added without metadata.

    Args:
        body: The object's decompressed bytes.
        metadata: The object's S3 user metadata, names in lower case, or the facts in the file's gzip header.
        stored_at: When it was stored, aware. This is the time of the fetch if the metadata have none, or an impossible
            one.
        now: The time after which no page was fetched, aware; None for ``stored_at``. S3 sets the time of an object
            when it stores it. The time of a file may be any: a copy may have an older one.

    Raises:
        PermanentError: ``bad_url`` if a URL in the metadata is not one.
    """
    texts = {name: _decoded(value) for name, value in metadata.items()}
    facts = {name: unquote(text) for name, text in texts.items()}
    # Only fetched pages have a status. A URL that a person wrote is used as it is.
    is_of_first_version = "status" in metadata and _VERSION_NAME not in metadata
    urls = facts if is_of_first_version else texts
    status = facts.get("status", "")
    robots_txt = facts.get("robots-txt")
    url = _url(urls, "url")
    return RawPage(
        body=body,
        fetched_at=_fetched_at(facts.get("fetched-at"), stored_at.astimezone(UTC), (now or stored_at).astimezone(UTC)),
        url=url,
        final_url=_url(urls, "final-url") or url,
        status=int(status) if _STATUS.fullmatch(status) else None,
        content_type=facts.get("content-type"),
        etag=facts.get("etag"),
        last_modified=facts.get("last-modified"),
        moved_to=_url(urls, "moved-to"),
        robots_tag=facts.get("robots-tag"),
        tdm_reservation=facts.get("tdm-reservation"),
        tdm_policy=facts.get("tdm-policy"),
        robots_txt=next((verdict for verdict in get_args(RobotsTxtVerdict) if verdict == robots_txt), None),
        entry=read_facts(metadata.get(entry_facts.NAME)),
    )


def decompress(data: bytes, name: str, max_bytes: int) -> bytes:
    """Return the content of a file or an object, gzipped or not.

    Args:
        data: The bytes; one more than ``max_bytes`` is enough.
        name: The name in error messages.
        max_bytes: The largest size that is accepted, both compressed and decompressed.

    Raises:
        PermanentError: ``empty``, ``too_large``, ``truncated_gzip`` or ``bad_gzip``.
    """
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    # Rely on the first bytes, not on name or headers: no text starts with them.
    body = _inflated(data, name, max_bytes) if data.startswith(GZIP_MAGIC) else data
    if not body.strip():
        raise PermanentError("empty", f"{name} is empty; get the page again")
    return body


def database_error(body: bytes) -> str | None:
    """Return the database error that an overloaded site sent with status 200; None for any other page."""
    if len(body) > _ERROR_PAGE_BYTES:
        return None
    return next((error.decode() for error in _DATABASE_ERRORS if error in body), None)


def _as_ascii(url: str | None) -> str | None:
    """Return a URL in which only characters outside of ASCII are percent-encoded, as for a request."""
    return quote(url.strip(), safe=_PRINTABLE) if url else None


def _encoded(text: str | None) -> str | None:
    return None if text is None else quote(text, safe=_PRINTABLE.replace("%", ""))


def _decoded(value: str) -> str:
    """Return a value of metadata as it was before S3 encoded it.

    S3 returns characters outside of ASCII in the encoding of RFC 2047, or, if a client sent UTF-8, as the ISO 8859-1
    characters of its bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
    """
    text = _encoded_words(value.strip())
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _encoded_words(text: str) -> str:
    if not (text.startswith("=?") and text.endswith("?=")):
        return text
    try:
        parts = decode_header(text)
        return "".join(part.decode(charset or "ascii") for part, charset in parts if isinstance(part, bytes)) or text
    except (HeaderParseError, binascii.Error, LookupError, ValueError):
        return text


def _url(facts: Mapping[str, str], name: str) -> str | None:
    """Return a URL of metadata, None if there is none; raises PermanentError ``bad_url``."""
    text = facts.get(name)
    if not text:
        return None
    try:
        absolute_url(text)
    except PermanentError as error:
        raise PermanentError(error.reason, f"metadata of the page: {name}={error.detail}; upload it again") from error
    return text


def _fetched_at(text: str | None, stored_at: datetime, latest: datetime) -> datetime:
    fetched_at = instant(text)
    # A time in the future would be newer than every fetch to come.
    return min(stored_at, latest) if fetched_at is None or fetched_at > latest + _SKEW else fetched_at


def instant(text: str | None) -> datetime | None:
    """Return a time in ISO 8601 with an offset, in UTC; None for any other text."""
    try:
        stamp = datetime.fromisoformat(text or "")
        return stamp.astimezone(UTC) if stamp.tzinfo else None
    # Near the first and the last supported year, the time in UTC may be out of range.
    except (ValueError, OverflowError):
        return None


def _inflated(data: bytes, name: str, max_bytes: int) -> bytes:
    """Return the content of a gzip file: that of all its members (RFC 1952, 2.2), without what follows the last one."""
    parts: list[bytes] = []
    position = size = 0
    for _ in range(_MOST_GZIP_MEMBERS):
        part, position = _member(data, position, name, max_bytes + 1 - size)
        parts.append(part)
        size += len(part)
        if size > max_bytes:
            raise _too_large(name, max_bytes)
        if not data.startswith(GZIP_MAGIC, position):
            return b"".join(parts)
    raise PermanentError("bad_gzip", f"{name} has over {_MOST_GZIP_MEMBERS} gzip members; compress the page again")


def _member(data: bytes, start: int, name: str, room: int) -> tuple[bytes, int]:
    """Return the content of the gzip member at a position, at most ``room`` bytes, and the position after it."""
    inflater = zlib.decompressobj(wbits=31)
    view, position, parts = memoryview(data), start, []
    try:
        # In pieces, because the inflater copies what is left of a piece.
        while room and position < len(data) and not inflater.eof:
            piece = view[position : position + _PIECE_BYTES]
            parts.append(inflater.decompress(piece, room))
            room -= len(parts[-1])
            position += len(piece) - len(inflater.unused_data)
    except zlib.error as error:
        raise PermanentError("bad_gzip", f"{name} is damaged ({error}); get the page again") from error
    if room and not inflater.eof:
        raise PermanentError("truncated_gzip", f"{name} ends in the middle of its gzip data; get the page again")
    return b"".join(parts), position


def _too_large(name: str, max_bytes: int) -> PermanentError:
    return PermanentError("too_large", f"{name} has over {max_bytes} bytes; raise the parameter MaxPageBytes")
