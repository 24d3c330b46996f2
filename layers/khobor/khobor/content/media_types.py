"""The kinds of documents that requests accept, recognized by media type, or if it is wrong by their first bytes."""

import re
from dataclasses import dataclass

from khobor.errors import PermanentError

_MEDIA = ("image/", "video/", "audio/", "font/", "application/pdf")
_ARCHIVES = ("application/zip", "application/gzip", "application/x-gzip", "application/vnd.", "application/msword")
_HTML = ("text/html", "application/xhtml+xml")
# How many bytes are examined: https://mimesniff.spec.whatwg.org/#reading-the-resource-header
_HEADER_BYTES = 1445
# The tags of https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type, also after a byte
# order mark; and XHTML with its XML declaration.
_BEGINS_AS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!--"
    rb"|(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >\t\n\f\r/]"
    rb"|\?xml[^>]*>.*<html[ >\t\n\f\r])",
    re.IGNORECASE | re.DOTALL,
)
# The signatures of the same standard with which no text begins: PDF, PNG, GIF, JPEG, WebP, Ogg, MP4, WOFF, gzip, zip,
# RAR.
_BEGINS_AS_MEDIA = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF....WEBP|OggS\0|....ftyp|wOF[F2]|\x1f\x8b|PK\x03\x04"
    rb"|Rar[ !]\x1a\x07",
    re.DOTALL,
)

_BYTE_ORDER_MARKS = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")
# The bytes that do not occur in text. ESC does: it starts the escape sequences of ISO-2022.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Accept:
    """What a request accepts.

    Attributes:
        header: The Accept header.
        refused: Prefixes of media types that are refused before the body is read.
        is_page: Whether the body must be HTML.
        enough_bytes: How many bytes of the body are read; None if a larger body is an error.
        statuses: The HTTP statuses that are accepted.
    """

    header: str
    refused: tuple[str, ...] = _MEDIA
    is_page: bool = False
    enough_bytes: int | None = None
    statuses: frozenset[int] = frozenset({200, 203})

    def accepts_status(self, status: int) -> bool:
        """Return whether a response with this status is accepted."""
        return status in self.statuses


PAGE = Accept(header="text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", refused=_MEDIA + _ARCHIVES, is_page=True)
# Also for sitemaps. A gzipped sitemap is stored unchanged.
FEED = Accept(
    header="application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1"
)
# RFC 9309, 2.5: at least the first 500 KiB are read; 2.3.1.1: every successful status counts.
ROBOTS = Accept(
    header="text/plain,*/*;q=0.1", refused=(), enough_bytes=512_000, statuses=frozenset(range(200, 300)) - {204, 205}
)


def check_type(url: str, content_type: str | None, accept: Accept) -> None:
    """Check the declared media type of a response.

    Args:
        url: The URL, for errors.
        content_type: The Content-Type header.
        accept: What the request accepts.

    Raises:
        PermanentError: ``not_html``.
    """
    if _essence(content_type).startswith(accept.refused):
        raise PermanentError("not_html", f"{url} is {content_type}, which is not accepted")


def check_page(url: str, content_type: str | None, body: bytes) -> None:
    """Check that a body is HTML.

    A body that is declared as HTML is accepted unless its bytes are clearly something else. Any other body must begin
    like HTML.

    Args:
        url: The URL, for errors.
        content_type: The Content-Type header.
        body: The body.

    Raises:
        PermanentError: ``not_html``.
    """
    header = body[:_HEADER_BYTES]
    if _essence(content_type) in _HTML:
        if _BEGINS_AS_MEDIA.match(header):
            raise PermanentError("not_html", f"{url} is declared as {content_type}, but begins with {header[:8]!r}")
    elif not _BEGINS_AS_HTML.match(header):
        raise PermanentError(
            "not_html", f"{url} is {content_type or 'of no declared type'}, and does not begin like HTML"
        )


def is_text(body: bytes) -> bool:
    """Return whether a body begins like text: https://mimesniff.spec.whatwg.org/#sniffing-a-mislabeled-binary-resource."""
    header = body[:_HEADER_BYTES]
    return header.startswith(_BYTE_ORDER_MARKS) or not _BINARY.search(header)


def _essence(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()
