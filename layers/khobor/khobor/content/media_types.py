"""What is asked for, and what is taken as that: by its media type, and where that is wrong by its first bytes."""

import re
from dataclasses import dataclass

from khobor.errors import PermanentError

_MEDIA = ("image/", "video/", "audio/", "font/", "application/pdf")
_ARCHIVES = ("application/zip", "application/gzip", "application/x-gzip", "application/vnd.", "application/msword")
_HTML = ("text/html", "application/xhtml+xml")
# The bytes that tell: https://mimesniff.spec.whatwg.org/#reading-the-resource-header
_HEADER_BYTES = 1445
# The tags of https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type, behind a byte order
# mark too, and XHTML with its declaration.
_BEGINS_AS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!--"
    rb"|(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >\t\n\f\r/]"
    rb"|\?xml[^>]*>.*<html[ >\t\n\f\r])",
    re.IGNORECASE | re.DOTALL,
)
# Those signatures of the same standard that no text begins with: PDF, PNG, GIF, JPEG, WebP, Ogg, MP4, WOFF, gzip,
# zip, RAR.
_BEGINS_AS_MEDIA = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF....WEBP|OggS\0|....ftyp|wOF[F2]|\x1f\x8b|PK\x03\x04"
    rb"|Rar[ !]\x1a\x07",
    re.DOTALL,
)

_BYTE_ORDER_MARKS = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")
# The bytes that no text has; ESC begins the other characters of ISO-2022.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Accept:
    """What a request asks for.

    Attributes:
        header: The Accept header.
        refused: How media types begin that are refused before their body is read.
        is_page: Whether the body must be HTML.
        enough_bytes: After how many bytes the rest is left; None where a body is taken whole or not at all.
        statuses: The statuses of an answer that is taken.
    """

    header: str
    refused: tuple[str, ...] = _MEDIA
    is_page: bool = False
    enough_bytes: int | None = None
    statuses: frozenset[int] = frozenset({200, 203})

    def takes(self, status: int) -> bool:
        """Return whether an answer with this status is what is asked for."""
        return status in self.statuses


PAGE = Accept(header="text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", refused=_MEDIA + _ARCHIVES, is_page=True)
# Also sitemaps, a compressed one among them: its bytes stay as they are.
FEED = Accept(
    header="application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1"
)
# RFC 9309, 2.5: at least the first 500 KiB are read; 2.3.1.1: every status of success is one.
ROBOTS = Accept(
    header="text/plain,*/*;q=0.1", refused=(), enough_bytes=512_000, statuses=frozenset(range(200, 300)) - {204, 205}
)


def check_type(url: str, content_type: str | None, accept: Accept) -> None:
    """Check what the answer says that it is; raises PermanentError ``not_html``."""
    if _essence(content_type).startswith(accept.refused):
        raise PermanentError("not_html", f"{url} is {content_type}, which is not what is asked for")


def check_page(url: str, content_type: str | None, body: bytes) -> None:
    """Check that a body is HTML, whatever its type says; raises PermanentError ``not_html``.

    What is declared as HTML is taken unless its bytes are plainly something else; what is not declared as HTML
    must begin like it.
    """
    header = body[:_HEADER_BYTES]
    if _essence(content_type) in _HTML:
        if _BEGINS_AS_MEDIA.match(header):
            raise PermanentError("not_html", f"{url} says {content_type}, but begins with {header[:8]!r}")
    elif not _BEGINS_AS_HTML.match(header):
        raise PermanentError("not_html", f"{url} is {content_type or 'of no type'}, and does not begin like HTML")


def is_text(body: bytes) -> bool:
    """Return whether a body begins like text: https://mimesniff.spec.whatwg.org/#sniffing-a-mislabeled-binary-resource."""
    header = body[:_HEADER_BYTES]
    return header.startswith(_BYTE_ORDER_MARKS) or not _BINARY.search(header)


def _essence(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()
