"""Content codings: decompresses a response piece by piece, up to a limit.

urllib3 could do this, but does not limit nested codings, and accepts truncated data as complete.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import brotli

from khobor.content.media_types import is_text
from khobor.errors import PermanentError, RetryableError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_MOST_CODINGS = 5
_PIECE_BYTES = 65_536
_GZIP = 31
_GZIP_MAGIC = b"\x1f"
_ZLIB = 15
_RAW_DEFLATE = -15
# RFC 9659: in HTTP, no window is larger than 8 MB.
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}
_DAMAGE = (zlib.error, brotli.error, zstd.ZstdError, EOFError)

Pieces = Iterator[bytes]


def decode_content(url: str, pieces: Iterable[bytes], content_encoding: str | None, limit: int) -> Pieces:
    """Yield the pieces of a body without its content codings (RFC 9110, 8.4), each of 64 KiB or slightly more.

    Args:
        url: The URL of the body, for errors.
        pieces: The pieces as received, each of at most 64 KiB.
        content_encoding: The Content-Encoding header.
        limit: The largest size in bytes, before decompression and after each coding.

    Raises:
        PermanentError: ``unknown_encoding`` if the coding is unknown and the data is not text, or ``too_large`` if the
            data exceeds the limit.
        RetryableError: ``bad_encoding`` if the data is damaged or truncated.
    """
    codings, unknown = _codings(url, content_encoding)
    stream = _bounded(url, iter(pieces), limit)
    for coding in reversed(codings):
        stream = _bounded(url, _decode(url, coding, stream), limit)
    return _as_text(url, unknown, stream) if unknown else stream


def _codings(url: str, content_encoding: str | None) -> tuple[list[str], str]:
    """Return the known codings, and the first unknown one."""
    names = [name.strip(" \t\"'").lower() for name in (content_encoding or "").split(",")]
    codings = [name for name in names if name in _DECODERS]
    if len(codings) > _MOST_CODINGS:
        raise PermanentError("unknown_encoding", f"{url} has {len(codings)} nested content codings")
    unknown = [name for name in names if name not in {*_DECODERS, "", "identity"}]
    return codings, unknown[0] if unknown else ""


def _as_text(url: str, name: str, pieces: Pieces) -> Pieces:
    """Yield the pieces of a body with an unknown coding if they are text, and so not encoded at all.

    Servers misuse the header for charsets, ``none`` or ``aws-chunked``.
    """
    first = next(pieces, b"")
    if not is_text(first):
        raise PermanentError(
            "unknown_encoding", f"{url} is in the content coding {name[:50]!r}, which khobor does not accept"
        )
    yield from chain([first], pieces)


def _bounded(url: str, pieces: Pieces, limit: int) -> Pieces:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise PermanentError("too_large", f"{url} is larger than {limit} bytes")
        yield piece


def _decode(url: str, coding: str, pieces: Pieces) -> Pieces:
    first = next(pieces, None)
    if first is None:
        return  # an empty body is valid in every coding
    try:
        yield from _DECODERS[coding](chain([first], pieces))
    except _DAMAGE as error:
        raise RetryableError("bad_encoding", f"{url} is not valid {coding} data: {error}") from error


def _gunzip(pieces: Pieces) -> Pieces:
    decoder = zlib.decompressobj(_GZIP)
    for piece in pieces:
        rest = piece
        while rest:
            if decoder.eof:
                # A file may have several members (RFC 1952, 2.2). Other data after a member is ignored, as in browsers.
                if not rest.startswith(_GZIP_MAGIC):
                    return
                decoder = zlib.decompressobj(_GZIP)
            yield from _inflate(decoder, rest)
            rest = decoder.unused_data
    _check_end(decoder.eof)


def _decode_deflate(pieces: Pieces) -> Pieces:
    decoder = None
    head = b""
    for piece in pieces:
        head += piece
        if decoder is None:
            if len(head) < len("78"):
                continue
            # The header of RFC 1950 is a multiple of 31. Some servers send the data of RFC 1951 without it.
            has_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
            decoder = zlib.decompressobj(_ZLIB if has_header else _RAW_DEFLATE)
        yield from _inflate(decoder, head)
        head = b""
    _check_end(decoder is not None and decoder.eof)


def _inflate(decoder: "zlib._Decompress", data: bytes) -> Pieces:
    full = True
    while (data or full) and not decoder.eof:
        piece = decoder.decompress(data, _PIECE_BYTES)
        data = decoder.unconsumed_tail
        full = len(piece) == _PIECE_BYTES
        yield piece


def _decode_brotli(pieces: Pieces) -> Pieces:
    decoder = brotli.Decompressor()
    for piece in pieces:
        if decoder.is_finished():
            return
        out = decoder.process(piece, output_buffer_limit=_PIECE_BYTES)
        yield out
        # The decoder may have more output after it has read all input; can_accept_more_data alone does not show that.
        while len(out) >= _PIECE_BYTES or not decoder.can_accept_more_data():
            out = decoder.process(b"", output_buffer_limit=_PIECE_BYTES)
            yield out
    _check_end(decoder.is_finished())


def _decode_zstd(pieces: Pieces) -> Pieces:
    decoder = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
    for piece in pieces:
        rest = piece
        while rest or not (decoder.needs_input or decoder.eof):
            if decoder.eof:
                decoder = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
            yield decoder.decompress(rest, _PIECE_BYTES)
            rest = decoder.unused_data if decoder.eof else b""
    _check_end(decoder.eof)


def _check_end(is_whole: bool) -> None:
    if not is_whole:
        raise EOFError("the data is truncated")


_DECODERS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _decode_deflate,
    "br": _decode_brotli,
    "zstd": _decode_zstd,
}
