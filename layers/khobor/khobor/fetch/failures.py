"""Classifies responses without a page, and missing responses: whether a retry can help, and when."""

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
# The statuses that sites send, including Cloudflare's. Each is a separate metric, which costs money; others are counted
# by class.
_KNOWN = {
    *(204, 206, 300, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 421, 425, 429, 451),
    *(500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530),
}
# Includes 304 for an unconditional request: some caches send the response to somebody else's request.
_TRY_LATER = {304, 408, 425, 429}


def check_headers(url: str, headers: Mapping[str, str]) -> None:
    """Check the size of the headers.

    Args:
        url: The URL, for errors.
        headers: The headers of the response.

    Raises:
        PermanentError: ``bad_headers``.
    """
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > _HEADER_BYTES:
        raise PermanentError("bad_headers", f"{url} has {size} bytes of headers; the limit is {_HEADER_BYTES}")


def status_failure(url: str, status: int, headers: urllib3.HTTPHeaderDict) -> KhoborError:
    """Return the error for a status without a page.

    Args:
        url: The URL.
        status: The HTTP status.
        headers: The headers of the response.
    """
    reason = f"http_{status}" if status in _KNOWN else f"http_{status // 100}xx"
    if status in _TRY_LATER or status >= _SERVER_ERRORS:
        wait = single(headers, "Retry-After")
        pause = f", Retry-After: {wait[:50]!r}" if wait else ""
        seconds = retry_after(wait, datetime.now(UTC))
        return RetryableError(reason, f"{url} answers {status}{pause}", retry_after=seconds)
    if status in _GONE:
        return GoneError(reason, f"{url} answers {status}; the page does not exist", url=url)
    return PermanentError(reason, f"{url} answers {status}; there is no page")


def transport_failure(url: str, error: exceptions.HTTPError) -> KhoborError:
    """Return the error for a failed connection or a malformed response.

    Args:
        url: The URL.
        error: The error of urllib3.
    """
    if isinstance(error, exceptions.TimeoutError):
        return RetryableError("timeout", f"{url} did not answer in time")
    if isinstance(error, exceptions.SSLError):
        # urllib3 passes the certificate error on as an argument of its own error.
        if any(isinstance(argument, ssl.SSLCertVerificationError) for argument in error.args):
            return PermanentError("tls_certificate", f"{url} has a certificate that cannot be trusted: {error}")
        return RetryableError("tls", f"the TLS connection to {url} failed: {error}")
    # http.client raises these for more than 100 headers, and for a header of more than 64 KiB.
    if any(type(argument) in {http.client.HTTPException, http.client.LineTooLong} for argument in error.args):
        return PermanentError("bad_headers", f"{url} has too many or too long headers: {error}")
    return RetryableError("connection_failed", f"the connection to {url} was interrupted: {error}")
