"""What an answer without a page, or no answer, means: whether asking again can help, and when."""

import http.client
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime

import urllib3
from urllib3 import exceptions

from khobor.errors import GoneError, KhoborError, PermanentError, RetryableError
from khobor.fetch.header_fields import single
from khobor.fetch.retry_after import retry_after

_HEADER_BYTES = 65_536
_SERVER_ERRORS = 500
_GONE = {404, 410}
# Those that sites give, Cloudflare's among them. Each is a metric of its own, which costs money: others count by class.
_KNOWN = {
    *(204, 206, 300, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 421, 425, 429, 451),
    *(500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530),
}
# Among them 304 to what was asked without conditions: some cache between answers what another one asked for.
_TRY_LATER = {304, 408, 425, 429}


def check_headers(url: str, headers: Mapping[str, str]) -> None:
    """Check that the headers are of a size that is sound; raises PermanentError ``bad_headers``."""
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > _HEADER_BYTES:
        raise PermanentError("bad_headers", f"{url} has {size} bytes of headers; {_HEADER_BYTES} are taken")


def status_failure(url: str, status: int, headers: urllib3.HTTPHeaderDict) -> KhoborError:
    """Return what a status means that is not the one of a page."""
    reason = f"http_{status}" if status in _KNOWN else f"http_{status // 100}xx"
    if status in _TRY_LATER or status >= _SERVER_ERRORS:
        wait = single(headers, "Retry-After")
        asked = f"; it asks to wait {wait[:50]!r}" if wait else ""
        seconds = retry_after(wait, datetime.now(UTC))
        return RetryableError(reason, f"{url} answers {status}{asked}", retry_after=seconds)
    if status in _GONE:
        return GoneError(reason, f"{url} answers {status}; there is no page any more", url=url)
    return PermanentError(reason, f"{url} answers {status}; there is no page to be had")


def transport_failure(url: str, error: exceptions.HTTPError) -> KhoborError:
    """Return what an error of the connection or of the answer's form means."""
    if isinstance(error, exceptions.TimeoutError):
        return RetryableError("timeout", f"{url} did not answer in time")
    if isinstance(error, exceptions.SSLError):
        # urllib3 hands the certificate's fault on as the cause of its own error.
        if any(isinstance(argument, ssl.SSLCertVerificationError) for argument in error.args):
            return PermanentError("tls_certificate", f"{url} has a certificate that cannot be trusted: {error}")
        return RetryableError("tls", f"{url} failed in TLS: {error}")
    # What http.client says of more than 100 headers, and of one of more than 64 KiB.
    if any(type(argument) in {http.client.HTTPException, http.client.LineTooLong} for argument in error.args):
        return PermanentError("bad_headers", f"{url} has more headers than are read: {error}")
    return RetryableError("connection_failed", f"{url} broke off: {error}")
