"""The server of the console: on the loopback address, for one reader."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from khobor.console.app import Console
from khobor.console.installation import Installation
from khobor.errors import CommandError

_HOST = "127.0.0.1"


class PortTakenError(CommandError):
    """The console cannot be served there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken or not yours to use; leave out --port for a free one")


class _Quiet(WSGIRequestHandler):
    """Logs nothing: the address has a secret in it. Says nothing of itself either."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def version_string(self) -> str:
        return "khobor"


@contextmanager
def served(installation: Installation, port: int = 0) -> Iterator[str]:
    """Serve the console for as long as it is used; gives the address at which it opens.

    Args:
        installation: What it shows.
        port: On the loopback address; 0 takes a free one.

    Raises:
        PortTakenError: Somebody else has the port.
    """
    application = Console(installation)
    # Bound here: werkzeug would end the whole program where it cannot be.
    with _bound(port) as listening:
        at = listening.fileno()
        server = make_server(_HOST, port, application, threaded=True, request_handler=_Quiet, fd=at)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.port}/?token={application.guard.token}"
    finally:
        server.shutdown()
        server.server_close()
        application.journeys.close()


def _bound(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        raise PortTakenError(port) from error
