"""The embedded stack as functions of other processes see AWS: over HTTP."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import requests  # type: ignore[import-untyped]  # it comes with moto, its types do not

from khobor.embedded.account import REGION

# moto takes no two calls at a time.
_calls = Lock()
_SERVICE = re.compile(rf"Credential=[^/]+/\d+/{REGION}/(\w+)/aws4_request")


class _Aws(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Forward a call to moto, which replaces every host of AWS in this process."""
        found = _SERVICE.search(self.headers.get("Authorization", ""))
        service = found[1] if found else "s3"
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "expect"}}
        with _calls:
            answer = requests.request(
                self.command,
                f"https://{service}.{REGION}.amazonaws.com{self.path}",
                headers=headers,
                data=body,
                timeout=60,
            )
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "content-encoding"}:
                self.send_header(name, value)
        if "content-encoding" in answer.headers and self.command == "GET":
            self.send_header("Content-Encoding", answer.headers["content-encoding"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    do_POST = do_GET  # noqa: N815 as the library calls it
    do_PUT = do_GET  # noqa: N815
    do_DELETE = do_GET  # noqa: N815
    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def aws() -> Iterator[str]:
    """Serve what moto has in this process on a free port of the loopback address; gives the endpoint."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Aws)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
