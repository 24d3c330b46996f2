"""A web server that does what no decent one does: the test writes every byte of the answer itself."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ssl import SSLContext
from threading import Event, Thread

# From one request, its head, to the pieces of the answer; the connection is closed behind them.
Answer = Callable[[bytes], Iterable[bytes]]


@dataclass
class RawServer:
    listener: socket.socket
    answer: Answer
    tls: SSLContext | None = None
    stopped: Event = field(default_factory=Event)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    keeps_alive: bool = False

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            plain = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            with plain:
                while head := _head(plain):
                    self.requests.append(head)
                    for piece in self.answer(head):
                        if self.stopped.is_set():
                            return
                        plain.sendall(piece)
                    if not self.keeps_alive:
                        return


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        if not received:
            return b""
        head += received
    return head


@contextmanager
def raw_server(answer: Answer, *, tls: SSLContext | None = None, keeps_alive: bool = False) -> Iterator[RawServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener, answer, tls, keeps_alive=keeps_alive)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def page(
    body: bytes = b"<html>x</html>", *headers: str, status: str = "200 OK", content_type: str | None = "text/html"
) -> bytes:
    """Return a whole answer, with its length unless the headers say how it ends."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def dripping(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces slowly, each well within the time that is given between two."""
    never = Event()
    for piece in pieces:
        never.wait(0.02)
        yield piece
