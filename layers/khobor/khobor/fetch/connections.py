"""Connections to checked addresses, kept open for later requests, with a deadline for each response.

A socket timeout applies to one operation, so a server that sends a byte now and then never times out. Here, each read
of a response checks the deadline first, in the header and in the body.
"""

import http
import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ProtocolError
from urllib3.util.ssl_ import create_urllib3_context

from khobor.fetch.deadline import Deadline
from khobor.fetch.target import RequestTarget

# How many hosts keep open connections, and how many each host keeps.
_HOSTS = 64
_PER_HOST = 4


class Connections:
    """Connections for GET requests; safe for use by several threads.

    Args:
        connect_seconds: The time limit for connecting, including TLS.
        read_seconds: The time limit between two pieces of a response.
        ca_certs: A file of certificate authorities to trust instead of the system's.
    """

    def __init__(self, connect_seconds: float, read_seconds: float, ca_certs: str | None) -> None:
        self._connect_seconds = connect_seconds
        self._ca_certs = ca_certs
        # A pool manager ignores the proxies that the environment sets.
        self._pools = urllib3.PoolManager(_HOSTS, maxsize=_PER_HOST, read_seconds=read_seconds)
        self._pools.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        self._pools.key_fn_by_scheme = {"http": _KEY, "https": _KEY}

    def get(
        self, target: RequestTarget, address: str, headers: Mapping[str, str], deadline: Deadline
    ) -> urllib3.BaseHTTPResponse:
        """Return the response to a GET request, its body not yet read or decoded.

        Args:
            target: The target of the request.
            address: The address to connect to.
            headers: The headers to send, including Host.
            deadline: When the response must be complete, including the body.

        Raises:
            RetryableError: ``timeout`` if no time is left.
            urllib3.exceptions.HTTPError: The connection or the response failed.
        """
        # The name is part of the pool's key; plain HTTP does not use it otherwise.
        pool_key = {"server_hostname": target.host} | ({"ssl_context": self._tls} if target.is_tls else {})
        scheme = "https" if target.is_tls else "http"
        pool = self._pools.connection_from_host(address, target.port, scheme, pool_kwargs=pool_key)
        connections_before = pool.num_connections
        try:
            return self._send(pool, target, headers, deadline)
        except ProtocolError:
            # The server may have closed a kept connection (RFC 9112, 9.3.1), but not a new one.
            if pool.num_connections > connections_before:
                raise
            return self._send(pool, target, headers, deadline)

    def _send(
        self, pool: HTTPConnectionPool, target: RequestTarget, headers: Mapping[str, str], deadline: Deadline
    ) -> urllib3.BaseHTTPResponse:
        left = deadline.remaining(target.url)
        return pool.urlopen(
            "GET",
            target.path,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=min(self._connect_seconds, left), total=left),
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
        if self._ca_certs:
            context.load_verify_locations(self._ca_certs)
        else:
            context.load_default_certs()
        return context


class _BodyReader(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, sock: socket.socket, received: io.RawIOBase, read_seconds: float, until: float) -> None:
        self._sock = sock
        self._received = received
        self._read_seconds = read_seconds
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the response took too long")
        self._sock.settimeout(min(left, self._read_seconds))
        return self._received.readinto(buffer)

    def close(self) -> None:
        self._received.close()
        super().close()


class _NegativeLength(http.client.HTTPException):
    pass


class _PieceReader(io.BufferedReader):
    """A reader that never reads everything at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        # A server can send a chunk size of -1, for which http.client would read to the end.
        if size is None or size < 0:
            raise _NegativeLength("a chunk has a negative size")
        return super().read(size)


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, read_seconds: float, until: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _PieceReader(_BodyReader(sock, self.fp.detach(), read_seconds, until))

    def begin(self) -> None:
        super().begin()
        # RFC 9110, 15.2: any number of interim responses may precede the final one; http.client skips only 100.
        while self.status // 100 == 1 and self.status != http.HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = cast("Any", None)
            super().begin()


class _TimedConnection(HTTPConnection):
    """A connection whose read timeout limits the whole response."""

    def __init__(self, *args: Any, read_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_seconds = read_seconds

    def getresponse(self) -> Any:
        until = time.monotonic() + float(self.timeout or 0)
        response_class = partial(_Response, read_seconds=self._read_seconds, until=until)
        self.response_class = cast("type[http.client.HTTPResponse]", response_class)
        return super().getresponse()


class _TimedTlsConnection(_TimedConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTlsConnection


def _pool_key(context: Mapping[str, Any]) -> Any:
    """Return the key by which connections are reused."""
    return context["scheme"], context["host"], context["port"], context.get("server_hostname")


_KEY: Any = _pool_key
