"""The server of the console: on the loopback address, for one reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import WSGIRequestHandler, make_server

from khobor.console.app import Console
from khobor.console.installation import Installation

_HOST = "127.0.0.1"


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
        OSError: The port is taken.
    """
    application = Console(installation)
    server = make_server(_HOST, port, application, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}/?token={application.guard.token}"
    finally:
        server.shutdown()
        server.server_close()
        application.journeys.close()
