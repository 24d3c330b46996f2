"""The server of the console: on the loopback address, for one reader."""

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
    """The console cannot be serve_console there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use, or you may not use it; leave out --port to use a free port")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Where a running console opens.

    Attributes:
        guard: Its secrets.
        port: Its port.
    """

    guard: Guard
    port: int

    @property
    def address(self) -> str:
        """An address by a name of its own, good for one use; browsers resolve it, other programs may not."""
        return self._with_token(self.guard.name, self.guard.token)

    @property
    def numbered_address(self) -> str:
        """The same by number, which every program finds; both have one token."""
        return self._with_token(_HOST, self.guard.token)

    def new_address(self) -> str:
        """Return an address with another token, good for one use."""
        return self._with_token(self.guard.name, self.guard.new_token())

    def _with_token(self, name: str, token: str) -> str:
        return f"http://{name}:{self.port}/?token={token}"


class _Quiet(WSGIRequestHandler):
    """Logs nothing: the address has a secret in it. Says nothing of itself either."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def version_string(self) -> str:
        return "khobor"


@contextmanager
def serve_console(deployment: Deployment, port: int = 0) -> Iterator[Opening]:
    """Serve the console for as long as it is used; gives where it opens.

    Args:
        deployment: What it shows.
        port: On the loopback address; 0 takes a free one.

    Raises:
        PortTakenError: Somebody else has the port.
    """
    application = Console(deployment)
    # Bound here: werkzeug would end the whole program where it cannot be.
    listening, held = _bound(port)
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
        if held:
            held.close()
        application.submissions.close()


def _bound(port: int) -> tuple[socket.socket, socket.socket | None]:
    """Return what listens, and what keeps the same port of the IPv6 loopback address from others.

    Browsers may ask there first for a name below localhost, and would give another account's server the token.
    """
    for _ in range(_TRIES):
        try:
            listening = socket.create_server((_HOST, port))
        except OSError as error:
            raise PortTakenError(port) from error
        try:
            return listening, _held(listening.getsockname()[1])
        except PortTakenError:
            listening.close()
            if port:
                raise
    raise PortTakenError(port)


def _held(port: int) -> socket.socket | None:
    """Return a socket that has a port and does not listen; None without IPv6. Raises PortTakenError."""
    if not socket.has_ipv6:
        return None
    try:
        held = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        held.bind((_HOST_6, port))
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port) from error
        return None
    return held
