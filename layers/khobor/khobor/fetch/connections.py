"""Connections to addresses that were checked, kept open for the next request, with a deadline for each answer.

A timeout of a socket is for one operation, so that a server which sends a byte now and then is never timed out.
Here each answer's file looks at the clock before it reads on, in the head as in the body.
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

# Hosts whose connections stay open, and how many of each.
_HOSTS = 64
_PER_HOST = 4


class Connections:
    """Connections for GET; used by several threads.

    Args:
        connect_seconds: Until a connection stands, TLS included.
        read_seconds: Between two pieces of an answer.
        ca_certs: File of certificate authorities to trust in place of the system's.
    """

    def __init__(self, connect_seconds: float, read_seconds: float, ca_certs: str | None) -> None:
        self._connect_seconds = connect_seconds
        self._ca_certs = ca_certs
        # No proxy: a pool manager does not look for one in the environment.
        self._pools = urllib3.PoolManager(_HOSTS, maxsize=_PER_HOST, read_seconds=read_seconds)
        self._pools.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        self._pools.key_fn_by_scheme = {"http": _KEY, "https": _KEY}

    def get(
        self, target: RequestTarget, address: str, headers: Mapping[str, str], deadline: Deadline
    ) -> urllib3.BaseHTTPResponse:
        """Return the answer to a GET, its body unread and as it comes.

        Args:
            target: What to ask for.
            address: The address to connect to.
            headers: The headers to send, Host among them.
            deadline: When all of it must be over, the body included.

        Raises:
            RetryableError: ``timeout`` where no time is left.
            urllib3.exceptions.HTTPError: Something was wrong with the connection or the answer.
        """
        # The name is part of what a connection is kept by; plain HTTP has no other use for it.
        kept_by = {"server_hostname": target.host} | ({"ssl_context": self._tls} if target.is_tls else {})
        scheme = "https" if target.is_tls else "http"
        pool = self._pools.connection_from_host(address, target.port, scheme, pool_kwargs=kept_by)
        made = pool.num_connections
        try:
            return self._send(pool, target, headers, deadline)
        except ProtocolError:
            # A kept connection may have been closed from the other side meanwhile (RFC 9112, 9.3.1); a new one was not.
            if pool.num_connections > made:
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
    """What a socket receives, until a deadline."""

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
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(min(left, self._read_seconds))
        return self._received.readinto(buffer)

    def close(self) -> None:
        self._received.close()
        super().close()


class _NegativeLength(http.client.HTTPException):
    pass


class _Bounded(io.BufferedReader):
    """What is read only by the piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        # A chunk's size can be written as -1, and http.client would read on until nothing is left to read.
        if size is None or size < 0:
            raise _NegativeLength("a chunk has no size that can be")
        return super().read(size)


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, read_seconds: float, until: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _Bounded(_BodyReader(sock, self.fp.detach(), read_seconds, until))

    def begin(self) -> None:
        super().begin()
        # RFC 9110, 15.2: any number of interim answers comes before the final one; http.client knows of 100 alone.
        while self.status // 100 == 1 and self.status != http.HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = cast("Any", None)
            super().begin()


class _Timed(HTTPConnection):
    """A connection on which the pool's timeout for reading is the one for a whole answer."""

    def __init__(self, *args: Any, read_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_seconds = read_seconds

    def getresponse(self) -> Any:
        until = time.monotonic() + float(self.timeout or 0)
        response_class = partial(_Response, read_seconds=self._read_seconds, until=until)
        self.response_class = cast("type[http.client.HTTPResponse]", response_class)
        return super().getresponse()


class _TimedTls(_Timed, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTls


def _pool_key(context: Mapping[str, Any]) -> Any:
    """Return what a connection must have in common with a request to be used for it."""
    return context["scheme"], context["host"], context["port"], context.get("server_hostname")


_KEY: Any = _pool_key
