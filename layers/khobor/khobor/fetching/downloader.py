"""One page from the web: HTTP GET with limits on where, how long and how much."""

import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import urllib3
from urllib3 import exceptions

from khobor import __version__
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetching.addresses import Resolver, resolve
from khobor.page import RawPage
from khobor.url import absolute_url

MAX_REDIRECTS = 5

_OK = 200
_SERVER_ERRORS = 500
_REDIRECTS = {301, 302, 303, 307, 308}
_TRY_LATER = {408, 425, 429}
_NO_PAGES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/octet-stream")
_CHUNK_BYTES = 65_536
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how much a download may take.

    Attributes:
        page_bytes: Largest page, after decompression.
        connect_seconds: Until a connection stands.
        read_seconds: Between two pieces of the answer.
        total_seconds: For one answer, however it drips.
    """

    page_bytes: int = 10_485_760
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 40.0


class Downloader:
    """Downloads pages from public addresses.

    A name is looked up once for each request, and the connection goes to the very address that was checked, so that
    a name that changes its address in between leads nowhere else.

    Args:
        contact: URL or mailto: by which a site's owner can reach the operator.
        limits: How long and how much.
        allow_loopback: Whether pages on this machine may be fetched.
        ca_certs: File of certificate authorities to trust in place of the system's.
        resolver: Looks names up, as ``socket.getaddrinfo`` does.
    """

    def __init__(
        self,
        contact: str,
        limits: Limits,
        *,
        allow_loopback: bool = False,
        ca_certs: str | None = None,
        resolver: Resolver = socket.getaddrinfo,
    ) -> None:
        self._limits = limits
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._tls = {"cert_reqs": "CERT_REQUIRED"} | ({"ca_certs": ca_certs} if ca_certs else {})
        self._pools = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=limits.connect_seconds, read=limits.read_seconds)
        )
        self._headers = {
            "User-Agent": f"khobor/{__version__} (+{contact})",
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
        }

    def fetch(self, url: str) -> RawPage:
        """Return the page that a URL answers with, after at most five redirects.

        Args:
            url: An http or https URL.

        Raises:
            PermanentError: The address is not public, the answer is no page, or there will never be one.
            RetryableError: The site, the network or the name server may answer better later.
        """
        asked = target = absolute_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            with closing(self._get(target)) as response:
                if response.status not in _REDIRECTS:
                    return self._page(asked, target, response)
                target = _redirected(target, response)
        raise PermanentError("too_many_redirects", f"{asked} leads to more than {MAX_REDIRECTS} redirects")

    def _get(self, url: str) -> urllib3.BaseHTTPResponse:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or _PORTS[parts.scheme]
        failure: KhoborError | None = None
        for address in resolve(host, port, allow_loopback=self._allow_loopback, resolver=self._resolver):
            try:
                return self._request(address, port, url)
            except (exceptions.NewConnectionError, exceptions.ConnectTimeoutError) as error:
                failure = RetryableError("connection_failed", f"{host} at {address} takes no connection: {error}")
            except exceptions.HTTPError as error:
                raise _failure(url, error) from error
        raise failure or PermanentError("unknown_host", f"the name {host} has no address; check its spelling")

    def _request(self, address: str, port: int, url: str) -> urllib3.BaseHTTPResponse:
        parts = urlsplit(url)
        tls = self._tls | {"server_hostname": parts.hostname or ""} if parts.scheme == "https" else None
        pool = self._pools.connection_from_host(address, port, parts.scheme, pool_kwargs=tls)
        return pool.urlopen(
            "GET",
            f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
            headers=self._headers | {"Host": parts.netloc.rpartition("@")[2]},
            redirect=False,
            retries=False,
            preload_content=False,
            assert_same_host=False,
        )

    def _page(self, asked: str, final: str, response: urllib3.BaseHTTPResponse) -> RawPage:
        _check_status(final, response.status, response.headers)
        content_type = response.headers.get("Content-Type")
        if (content_type or "").lower().startswith(_NO_PAGES):
            raise PermanentError("not_html", f"{final} is {content_type}, no page of HTML")
        return RawPage(
            body=self._body(final, response),
            fetched_at=datetime.now(UTC),
            url=asked,
            final_url=final if final != asked else None,
            status=response.status,
            content_type=content_type,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )

    def _body(self, url: str, response: urllib3.BaseHTTPResponse) -> bytes:
        deadline = time.monotonic() + self._limits.total_seconds
        body = bytearray()
        try:
            for chunk in response.stream(_CHUNK_BYTES, decode_content=True):
                body += chunk
                if len(body) > self._limits.page_bytes:
                    raise PermanentError("too_large", f"{url} has over {self._limits.page_bytes} bytes")
                if time.monotonic() > deadline:
                    raise RetryableError("timeout", f"{url} took over {self._limits.total_seconds:g} seconds")
        except exceptions.HTTPError as error:
            raise _failure(url, error) from error
        return bytes(body)


def _redirected(url: str, response: urllib3.BaseHTTPResponse) -> str:
    location = response.headers.get("Location")
    if not location:
        raise PermanentError("bad_redirect", f"{url} answers {response.status} without saying where to")
    # Sites send UTF-8 as it is; HTTP's header fields are read as Latin-1 (RFC 9110, 5.5).
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return absolute_url(location, url)


def _check_status(url: str, status: int, headers: Mapping[str, str]) -> None:
    if status == _OK:
        return
    if status in _TRY_LATER or status >= _SERVER_ERRORS:
        wait = f"; it asks to wait {headers['Retry-After']}" if "Retry-After" in headers else ""
        raise RetryableError(f"http_{status}", f"{url} answers {status}{wait}")
    raise PermanentError(f"http_{status}", f"{url} answers {status}; there is no page to be had")


def _failure(url: str, error: exceptions.HTTPError) -> KhoborError:
    if isinstance(error, exceptions.TimeoutError):
        return RetryableError("timeout", f"{url} did not answer in time")
    if isinstance(error, exceptions.SSLError):
        # urllib3 hands the certificate's fault on as the cause of its own error.
        if any(isinstance(argument, ssl.SSLCertVerificationError) for argument in error.args):
            return PermanentError("tls_certificate", f"{url} has a certificate that cannot be trusted: {error}")
        return RetryableError("tls", f"{url} failed in TLS: {error}")
    return RetryableError("connection_failed", f"{url} broke off: {error}")
