"""The server of the console: on the loopback address, for one user."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from khobor.console.app import Console
from khobor.console.deployment import Deployment
from khobor.console.guard import Guard
from khobor.errors import CommandError

_HOST = "127.0.0.1"
_HOST_6 = "::1"
_TRIES = 20


class PortTakenError(CommandError):
    """The console cannot use the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use, or you may not use it; leave out --port to use a free port")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The addresses of a running console.

    Attributes:
        guard: The secrets of the console.
        port: The port.
    """

    guard: Guard
    port: int

    @property
    def address(self) -> str:
        """An address with the console's own host name, which can be used once. Browsers resolve the name."""
        return self._with_token(self.guard.name, self.guard.token)

    @property
    def numbered_address(self) -> str:
        """An address with the same token and an IP address, for programs that do not resolve the name."""
        return self._with_token(_HOST, self.guard.token)

    def new_address(self) -> str:
        """Return an address with another token, which can be used once."""
        return self._with_token(self.guard.name, self.guard.new_token())

    def _with_token(self, name: str, token: str) -> str:
        return f"http://{name}:{self.port}/?token={token}"


class _Quiet(WSGIRequestHandler):
    """Does not log requests, because URLs contain a secret, and does not disclose versions."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def version_string(self) -> str:
        return "khobor"


@contextmanager
def serve_console(deployment: Deployment, port: int = 0) -> Iterator[Opening]:
    """Serve the console within a context.

    Args:
        deployment: The deployment that it shows.
        port: The port on the loopback address; 0 for a free one.

    Yields:
        The addresses of the console.

    Raises:
        PortTakenError: The port is in use.
    """
    application = Console(deployment)
    # Bound here, because werkzeug exits the whole program if the port is in use.
    listening, reserved = _bind(port)
    with listening:
        at = listening.fileno()
        server = make_server(_HOST, port, application, threaded=True, request_handler=_Quiet, fd=at)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Opening(guard=application.guard, port=server.port)
    finally:
        server.shutdown()
        server.server_close()
        if reserved:
            reserved.close()
        application.submissions.close()


def _bind(port: int) -> tuple[socket.socket, socket.socket | None]:
    """Return the listening socket, and one that reserves the same port of the IPv6 loopback address.

    Browsers may try IPv6 first for a name below localhost, and would send the token to another user's server there.
    """
    for _ in range(_TRIES):
        try:
            listening = socket.create_server((_HOST, port))
        except OSError as error:
            raise PortTakenError(port) from error
        try:
            return listening, _reserve_ipv6(listening.getsockname()[1])
        except PortTakenError:
            listening.close()
            if port:
                raise
    raise PortTakenError(port)


def _reserve_ipv6(port: int) -> socket.socket | None:
    """Return a socket that is bound to a port and does not listen; None without IPv6. Raises PortTakenError."""
    if not socket.has_ipv6:
        return None
    try:
        reserved = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        reserved.bind((_HOST_6, port))
    except OSError as error:
        reserved.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port) from error
        return None
    return reserved
