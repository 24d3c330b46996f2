"""Downloads a page: HTTP GET with limits on address, time and size.

Uses HTTP/1.1. urllib3's HTTP/2 is experimental, changes urllib3 for the whole process, and reads a body completely
before any limit applies. A crawler that requests one page of a host at a time would not benefit from it.
"""

import socket
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import overload

import urllib3
from urllib3 import exceptions

from khobor import __version__
from khobor.content.codings import ACCEPT_ENCODING, decode_content
from khobor.content.media_types import PAGE, Accept, check_page, check_type
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetch.addresses import Resolver, is_loopback, resolve
from khobor.fetch.connections import Connections
from khobor.fetch.cookies import Cookies
from khobor.fetch.deadline import Deadline
from khobor.fetch.failures import check_headers, status_failure, transport_failure
from khobor.fetch.header_fields import single
from khobor.fetch.refresh import declared_refresh, refresh_target
from khobor.fetch.request import Request
from khobor.fetch.target import RequestTarget
from khobor.page import MAX_PAGE_BYTES, NotModified, RawPage, Redirect, Validators
from khobor.url import absolute_url

MAX_REDIRECTS = 5

_NOT_MODIFIED = 304
_MOVED = {301, 308}
_REDIRECTS = _MOVED | {302, 303, 307}
# The limits are checked after each piece. Small, so that a gzip file of many small members is not copied often.
_PIECE_BYTES = 16_384


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of a download.

    Attributes:
        page_bytes: The largest size, before and after decompression.
        connect_seconds: The time limit for connecting.
        read_seconds: The time limit between two pieces of the response.
        total_seconds: The time limit for everything, including redirects, but without DNS lookups.
    """

    page_bytes: int = MAX_PAGE_BYTES
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 40.0


class Downloader:
    """Downloads pages from public addresses.

    A name is resolved once for each request, and the connection goes to the address that was checked, so that a name
    cannot change its address in between. Connections are kept for later fetches, cookies are not. Safe for use by
    several threads.

    Args:
        contact: The URL or mailto: address by which a site's owner can reach the operator.
        limits: The limits of each download.
        allow_loopback: Whether pages on the loopback address may be fetched, from any port.
        ca_certs: A file of certificate authorities to trust instead of the system's.
        resolver: Resolves names, like ``socket.getaddrinfo``.
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
        self._connections = Connections(limits.connect_seconds, limits.read_seconds, ca_certs)
        self._headers = {"User-Agent": f"khobor/{__version__} (+{contact})", "Accept-Encoding": ACCEPT_ENCODING}

    @overload
    def fetch(
        self, url: str, *, validators: None = None, ports: Collection[int] = (), accept: Accept = PAGE
    ) -> RawPage: ...

    @overload
    def fetch(
        self, url: str, *, validators: Validators | None, ports: Collection[int] = (), accept: Accept = PAGE
    ) -> RawPage | NotModified: ...

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        ports: Collection[int] = (),
        accept: Accept = PAGE,
    ) -> RawPage | NotModified:
        """Return the page at a URL, after at most five redirects.

        A redirect from https to http is followed, as in browsers: pages are public, and their origin is recorded.

        Args:
            url: An http or https URL; its fragment is ignored.
            validators: The validators of an earlier response, for a conditional request. They are sent only to the URL
                that they came from.
            ports: Ports besides 80 and 443 that may be connected to.
            accept: The kind of document.

        Returns:
            The page, or NotModified if the validators still match.

        Raises:
            GoneError: The site does not have the page: ``http_404``, ``http_410``.
            PermanentError: The address is not public, the response is not a page, or a retry cannot help.
            RetryableError: The site, the network or DNS failed; a retry may help.
        """
        request = self.request(url, validators=validators, ports=ports, accept=accept)
        answer = self.ask(request, None)
        while isinstance(answer, Redirect):
            answer = self.ask(request, answer)
        return answer

    def request(
        self, url: str, *, validators: Validators | None, ports: Collection[int] = (), accept: Accept = PAGE
    ) -> Request:
        """Return a request for ``ask``, and start its time limit.

        Args:
            url: As in ``fetch``.
            validators: As in ``fetch``.
            ports: As in ``fetch``.
            accept: As in ``fetch``.

        Raises:
            PermanentError: ``bad_url``.
        """
        return Request(
            url=RequestTarget.of(url).url,
            validators=validators or Validators(),
            ports=ports,
            accept=accept,
            cookies=Cookies(),
            deadline=Deadline.after(self._limits.total_seconds),
        )

    def ask(self, request: Request, after: Redirect | None) -> RawPage | NotModified | Redirect:
        """Send one request, and return the response, which may be a redirect; raises what ``fetch`` raises.

        Args:
            request: The request.
            after: The redirect to follow; None requests the request's own URL.
        """
        target = RequestTarget.of(after.location if after else request.url)
        with closing(self._get(target, request)) as response:
            check_headers(target.url, response.headers)
            if response.status not in _REDIRECTS:
                answer = self._answer(request, target.url, after.moved_to if after else None, response)
                redirected = _refreshed(request, target.url, answer, response, after)
                if redirected is None:
                    return answer
            else:
                redirected = _redirected(target.url, response, after)
                _release(response)
            request.cookies.keep(target.url, response)
        if redirected.count > MAX_REDIRECTS:
            raise PermanentError("too_many_redirects", f"{request.url} redirects more than {MAX_REDIRECTS} times")
        return redirected

    def _get(self, target: RequestTarget, request: Request) -> urllib3.BaseHTTPResponse:
        headers = self._headers | {"Host": target.authority} | request.headers(target.url)
        failure: KhoborError | None = None
        for address in self._addresses(target, request.ports):
            try:
                return self._connections.get(target, address, headers, request.deadline)
            except (exceptions.NewConnectionError, exceptions.ConnectTimeoutError) as error:
                failure = RetryableError(
                    "connection_failed", f"{target.url} at {address} refuses a connection: {error}"
                )
            except exceptions.HTTPError as error:
                raise transport_failure(target.url, error) from error
        raise failure or PermanentError("unknown_host", f"the name {target.host} has no address")

    def _addresses(self, target: RequestTarget, ports: Collection[int]) -> list[str]:
        addresses = resolve(target.host, target.port, allow_loopback=self._allow_loopback, resolver=self._resolver)
        # ``resolve`` returns loopback addresses only if they are allowed.
        if target.port in {80, 443, *ports} or all(map(is_loopback, addresses)):
            return addresses
        raise PermanentError("forbidden_port", f"{target.url} uses port {target.port}, which its source does not list")

    def _answer(
        self, request: Request, final: str, moved_to: str | None, response: urllib3.BaseHTTPResponse
    ) -> RawPage | NotModified:
        headers = response.headers
        final_url = final if final != request.url else None
        etag, last_modified = single(headers, "ETag"), single(headers, "Last-Modified")
        if response.status == _NOT_MODIFIED and request.is_conditional(final):
            _release(response)
            return NotModified(
                url=request.url,
                final_url=final_url,
                moved_to=moved_to,
                fetched_at=datetime.now(UTC),
                etag=etag,
                last_modified=last_modified,
            )
        if not request.accept.accepts_status(response.status):
            raise status_failure(final, response.status, headers)
        return RawPage(
            body=self._body(final, request, response),
            fetched_at=datetime.now(UTC),
            url=request.url,
            final_url=final_url,
            moved_to=moved_to,
            status=response.status,
            content_type=single(headers, "Content-Type"),
            etag=etag,
            last_modified=last_modified,
            robots_tag=headers.get("X-Robots-Tag"),
            tdm_reservation=single(headers, "tdm-reservation"),
            tdm_policy=single(headers, "tdm-policy"),
        )

    def _body(self, url: str, request: Request, response: urllib3.BaseHTTPResponse) -> bytes:
        content_type = single(response.headers, "Content-Type")
        check_type(url, content_type, request.accept)
        enough = request.accept.enough_bytes
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in self._pieces(url, request.deadline, response):
                pieces.append(piece)
                size += len(piece)
                if enough and size >= enough:
                    break
        except exceptions.HTTPError as error:
            raise transport_failure(url, error) from error
        body = b"".join(pieces)[:enough]
        if request.accept.is_page:
            check_page(url, content_type, body)
        return body

    def _pieces(self, url: str, deadline: Deadline, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        encoding = response.headers.get("Content-Encoding")
        received = response.stream(_PIECE_BYTES, decode_content=False)
        for piece in decode_content(url, received, encoding, self._limits.page_bytes):
            deadline.remaining(url)
            yield piece


def _redirected(url: str, response: urllib3.BaseHTTPResponse, before: Redirect | None) -> Redirect:
    locations = {_location(url, _utf_8(value)) for value in response.headers.getlist("Location") if value}
    if not locations:
        raise PermanentError("bad_redirect", f"{url} answers {response.status} without a Location")
    if len(locations) > 1:
        # It is unclear which one is meant; browsers refuse it too.
        raise PermanentError("bad_redirect", f"{url} redirects to several URLs: {' '.join(sorted(locations))}")
    return _onward(locations.pop(), is_moved=response.status in _MOVED, before=before)


def _refreshed(
    request: Request,
    url: str,
    answer: RawPage | NotModified,
    response: urllib3.BaseHTTPResponse,
    before: Redirect | None,
) -> Redirect | None:
    """Return the redirect that a page declares with ``Refresh`` instead of a status; None if it declares none."""
    if not (request.accept.is_page and isinstance(answer, RawPage)):
        return None
    refresh = single(response.headers, "Refresh")
    reference = refresh_target(_utf_8(refresh)) if refresh else None
    base, canonical = url, None
    if reference is None and (declared := declared_refresh(answer.body)):
        reference, base, canonical = declared.target, declared.base or url, declared.canonical
    if not reference:
        return None
    location = _target(reference, base, url)
    # As in browsers: the page itself is used.
    if location is None or location == url:
        return None
    is_moved = canonical is not None and _target(canonical, base, url) == location
    return _onward(location, is_moved=is_moved, before=before)


def _target(reference: str, base: str, url: str) -> str | None:
    try:
        return RequestTarget.of(reference, absolute_url(base, url)).url
    except PermanentError:
        return None


def _onward(location: str, *, is_moved: bool, before: Redirect | None) -> Redirect:
    if before is None:
        return Redirect(location=location, moved_to=location if is_moved else None)
    is_moved = is_moved and before.moved_to == before.location
    return Redirect(location=location, moved_to=location if is_moved else before.moved_to, count=before.count + 1)


def _location(url: str, value: str) -> str:
    try:
        return RequestTarget.of(value, url).url
    except PermanentError as error:
        raise PermanentError("bad_redirect", f"{url} redirects to {value!r}: {error.detail}") from error


def _utf_8(value: str) -> str:
    """Return the value of a header field: sites send UTF-8, which is read as Latin-1 (RFC 9110, 5.5)."""
    with suppress(UnicodeError):
        return value.encode("latin-1").decode("utf-8")
    return value


def _release(response: urllib3.BaseHTTPResponse) -> None:
    """Return the connection to the pool if the response has no body; with a body it is closed, not read to the end."""
    if getattr(response, "length_remaining", None) == 0:
        response.drain_conn()
