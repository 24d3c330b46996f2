"""Content codings: compressed answers are decompressed piece by piece, and never further than is asked for.

urllib3 could do it, but lets a coding within a coding grow without bounds, and takes what breaks off as whole.
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
# RFC 9659: no decoder of HTTP needs a larger window than 8 MB.
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}
_DAMAGE = (zlib.error, brotli.error, zstd.ZstdError, EOFError)

Pieces = Iterator[bytes]


def decode_content(url: str, pieces: Iterable[bytes], content_encoding: str | None, limit: int) -> Pieces:
    """Yield the pieces of a body without its content codings (RFC 9110, 8.4), each of 64 KiB or little more.

    Args:
        url: What the body is called in errors.
        pieces: The pieces as they came, each of at most 64 KiB.
        content_encoding: The Content-Encoding header.
        limit: How many bytes may come out of each coding.

    Raises:
        PermanentError: ``unknown_encoding`` if the coding is unknown and what comes is no text, or ``too_large`` once
            the limit is passed.
        RetryableError: ``bad_encoding`` where the data is damaged or breaks off.
    """
    codings, unknown = _codings(url, content_encoding)
    stream = _bounded(url, iter(pieces), limit)
    for coding in reversed(codings):
        stream = _bounded(url, _guarded(url, coding, stream), limit)
    return _as_text(url, unknown, stream) if unknown else stream


def _codings(url: str, content_encoding: str | None) -> tuple[list[str], str]:
    """Return the codings that are known, and the first name that is none."""
    names = [name.strip(" \t\"'").lower() for name in (content_encoding or "").split(",")]
    codings = [name for name in names if name in _DECODERS]
    if len(codings) > _MOST_CODINGS:
        raise PermanentError("unknown_encoding", f"{url} is compressed {len(codings)} times over")
    unknown = [name for name in names if name not in {*_DECODERS, "", "identity"}]
    return codings, unknown[0] if unknown else ""


def _as_text(url: str, name: str, pieces: Pieces) -> Pieces:
    """Yield the pieces of what is said to be in an unknown coding, if it is text, and so in none.

    Servers write there what belongs elsewhere: charsets, ``none``, ``aws-chunked``.
    """
    first = next(pieces, b"")
    if not is_text(first):
        raise PermanentError("unknown_encoding", f"{url} comes in {name[:50]!r}, which was not asked for")
    yield from chain([first], pieces)


def _bounded(url: str, pieces: Pieces, limit: int) -> Pieces:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise PermanentError("too_large", f"{url} has over {limit} bytes")
        yield piece


def _guarded(url: str, coding: str, pieces: Pieces) -> Pieces:
    first = next(pieces, None)
    if first is None:
        return  # no body at all is also none of a coding
    try:
        yield from _DECODERS[coding](chain([first], pieces))
    except _DAMAGE as error:
        raise RetryableError("bad_encoding", f"{url} is damaged as {coding}: {error}") from error


def _gunzipped(pieces: Pieces) -> Pieces:
    decoder = zlib.decompressobj(_GZIP)
    for piece in pieces:
        rest = piece
        while rest:
            if decoder.eof:
                # Several members make one file (RFC 1952, 2.2); what else comes behind one is left, as browsers do.
                if not rest.startswith(_GZIP_MAGIC):
                    return
                decoder = zlib.decompressobj(_GZIP)
            yield from _inflated(decoder, rest)
            rest = decoder.unused_data
    _check_end(decoder.eof)


def _undeflated(pieces: Pieces) -> Pieces:
    decoder = None
    head = b""
    for piece in pieces:
        head += piece
        if decoder is None:
            if len(head) < len("78"):
                continue
            # RFC 1950's header is a multiple of 31; some send RFC 1951's data without it.
            has_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
            decoder = zlib.decompressobj(_ZLIB if has_header else _RAW_DEFLATE)
        yield from _inflated(decoder, head)
        head = b""
    _check_end(decoder is not None and decoder.eof)


def _inflated(decoder: "zlib._Decompress", data: bytes) -> Pieces:
    full = True
    while (data or full) and not decoder.eof:
        piece = decoder.decompress(data, _PIECE_BYTES)
        data = decoder.unconsumed_tail
        full = len(piece) == _PIECE_BYTES
        yield piece


def _unbrotlied(pieces: Pieces) -> Pieces:
    decoder = brotli.Decompressor()
    for piece in pieces:
        if decoder.is_finished():
            return
        out = decoder.process(piece, output_buffer_limit=_PIECE_BYTES)
        yield out
        # More may wait inside although all input is taken: can_accept_more_data alone does not tell.
        while len(out) >= _PIECE_BYTES or not decoder.can_accept_more_data():
            out = decoder.process(b"", output_buffer_limit=_PIECE_BYTES)
            yield out
    _check_end(decoder.is_finished())


def _unzstandarded(pieces: Pieces) -> Pieces:
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
        raise EOFError("it breaks off")


_DECODERS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstandarded,
}
