"""Serves the sites of ``make sites`` on loopback: their names lead there, over TLS, with the usual ports."""

import hashlib
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, unquote, urlsplit

import trustme
from tests.benchmarks.sites_engine import Site

# Of the web servers that hosts of static sites use: RSS and Atom feeds are rarely served as what they are.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}
# What a request target has besides letters, encoded ones and digits.
_IN_TARGET = "/%?&=;:@!$'()*+,"
_TLS_PORT = 443
# What a site that PHP makes needs to know of the request.
_PASSED_ON = ("Content-Type", "Location", "ETag", "Last-Modified", "Link")


class SiteServer(ThreadingHTTPServer):
    """Answers for all sites.

    Args:
        certificates: Signs the server's certificate.
        php: The ports of the servers that run PHP, by host.
    """

    daemon_threads = True

    def __init__(self, certificates: trustme.CA, php: Mapping[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.sites: dict[str, Site] = {}
        self.php = php
        self._certificates = certificates
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.asked = 0

    def show(self, sites: Iterable[Site]) -> None:
        """Serve these sites from now on."""
        self.sites = {site.host: site for site in sites}
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificates.issue_cert(*self.sites).configure_cert(self._context)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Return the next connection, which the thread that answers it secures."""
        connection, address = super().get_request()
        secured = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return secured, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that hang up."""


class _Answer(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked += 1
        site = self.server.sites.get(self.headers["Host"] or "")
        if site is None:
            self._send(404, b"", {})
        elif target := site.redirects.get(unquote(urlsplit(self.path).path)) if not site.engine.has_alias else None:
            self._send(301, b"", {"Location": target})
        elif site.host in self.server.php:
            self._send(*_from_php(self.server.php[site.host], site, self.path))
        else:
            self._send_file(site.output)

    def log_message(self, *arguments: object) -> None:
        pass

    def _send_file(self, root: Path) -> None:
        path = unquote(urlsplit(self.path).path)
        found = (root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root.resolve()):
            self._send(404, b"", {})
        elif found.is_dir() and not path.endswith("/"):
            self._send(301, b"", {"Location": self.path + "/"})
        else:
            self._send_content(found / "index.html" if found.is_dir() else found, root)

    def _send_content(self, path: Path, root: Path) -> None:
        if not path.is_file():
            page = root / "404.html"
            self._send(404, page.read_bytes() if page.is_file() else b"", {"Content-Type": _TYPES[".html"]})
            return
        content = path.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.headers["If-None-Match"] == etag:
            self._send(304, b"", {"ETag": etag})
            return
        self._send(200, content, {"Content-Type": _TYPES.get(path.suffix, "application/octet-stream"), "ETag": etag})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _from_php(port: int, site: Site, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Return what PHP answers: status, content and headers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", quote(path, safe=_IN_TARGET), headers={"Host": site.host, "X-Look": str(site.look)})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content, {name: answer.headers[name] for name in _PASSED_ON if answer.headers[name]}


def reader(site: Site, php: Mapping[str, int]) -> Callable[[str], str]:
    """Return what returns the text at a path of a site, without a crawl.

    Args:
        site: The site.
        php: The ports of the servers that run PHP, by host.
    """

    def read(path: str) -> str:
        if site.host in php:
            return _from_php(php[site.host], site, path)[1].decode()
        found = site.output / path[1:]
        return (found / "index.html" if found.is_dir() else found).read_text("utf-8")

    return read


def resolve(host: str, port: int, **_: Any) -> list[Any]:
    """Return the address of a site, like ``socket.getaddrinfo``.

    Raises:
        socket.gaierror: It is none of the names that nobody can own.
    """
    if not host.endswith(".example"):
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]


@contextmanager
def serving(php: Mapping[str, int], authority: Path) -> Iterator[SiteServer]:
    """Run a server, to which all connections to the port of TLS lead; no other port answers.

    Args:
        php: The ports of the servers that run PHP, by host.
        authority: Receives the certificate to trust.
    """
    certificates = trustme.CA()
    certificates.cert_pem.write_to_path(str(authority))
    server = SiteServer(certificates, php)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    connect = socket.create_connection

    def lead(address: tuple[str, int], *arguments: Any, **options: Any) -> socket.socket:
        if address[1] != _TLS_PORT:
            raise ConnectionRefusedError(f"nothing listens on port {address[1]}")
        options.pop("socket_options", None)
        return connect(("127.0.0.1", server.server_port), *arguments, **options)

    try:
        with patch("urllib3.util.connection.create_connection", lead):
            yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
