"""What memory the functions take: for the largest pages there may be, in many shapes, and whether ever more of it.

Each function runs in a process of its own, with the embedded stack behind it over HTTP, and can have no more private
memory than its ``MemorySize`` in template.yaml (``RLIMIT_DATA``). Measured is the most that was in memory at a time
(``VmHWM``) while it took an event, Python and libraries and all: what Lambda calls *Max Memory Used*, but for what runs
beside a function there; for that some is left over.

    make memory OPTIONS="--pages 1000 --all"
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

from tests.conftest import PARAMETERS, ROOT
from tests.example_pages import page
from tests.memory.child import MEGABYTE
from tests.memory.remote import aws
from tests.memory.shapes import SHAPES

from khobor.archive import codec
from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.embedded.stack import EmbeddedStack
from khobor.extract import extract

CHILD = Path(__file__).with_name("child.py")
# The parameter MaxPageBytes, as it is unless somebody sets it.
LARGEST = 10_485_760
# What the runtime of Lambda takes beside a function's own Python, with room to spare.
LEFT_OVER = 40 * MEGABYTE
# Memory comes and goes by some pages of memory; what grows with the pages of news would be far more by then.
MOST_GROWTH = 4 * MEGABYTE
# Before that, what is kept for ever is still being made.
WARM = 50
# Of these functions take the most.
WORST = ["attributes", "json-ld", "text"]
# URLs of a batch of fetch, each of another host: they are fetched side by side.
HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 11))


@dataclass(frozen=True)
class Taken:
    """What a function logged about an event.

    Attributes:
        peak: The most that was in memory meanwhile, in bytes.
        now: What was in memory afterwards.
        answer: What the handler returned, or ``error``.
    """

    peak: int
    now: int
    answer: Any


class Running:
    """A function in a process of its own; a context manager, which ends it.

    Args:
        stack: What stands behind it.
        endpoint: Where that is served.
        name: The function's logical name.
    """

    def __init__(self, stack: EmbeddedStack, endpoint: str, name: str) -> None:
        function = stack.functions[name]
        self.allowed = function.memory * MEGABYTE
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT / "layers" / "khobor"),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "khobor",
            "AWS_SECRET_ACCESS_KEY": "khobor",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            **function.environment,
        }
        folder = ROOT / "functions" / name.removesuffix("Function").lower()
        self._process: Any = subprocess.Popen(
            [sys.executable, str(CHILD), str(folder), str(function.memory)],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def take(self, event: Any) -> Taken:
        """Invoke a function with an event; raises RuntimeError if it fails or dies."""
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the function died with status {self._process.wait()}")
        taken = Taken(**json.loads(line))
        if "error" in taken.answer or taken.answer.get("batchItemFailures"):
            raise RuntimeError(f"the function failed, at {taken.peak / MEGABYTE:.0f} MB: {str(taken.answer)[:200]}")
        return taken

    def __enter__(self) -> "Running":
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Events:
    """Makes events whose handling reads large things, and stores these things."""

    def __init__(self, stack: EmbeddedStack, sites: Mapping[str, str]) -> None:
        self._stack = stack
        self._bucket = stack.outputs["RawBucketName"]
        self._sites = sites

    def parse(self, body: bytes) -> Any:
        """Return the event of an uploaded page."""
        self._stack.upload("uploads/page.html", body)
        return _batch({"1": json.dumps(event_of(RawReference(bucket=self._bucket, key="uploads/page.html")))})

    def fetch(self, _: bytes) -> Any:
        """Return the event of messages with a URL at each host, whose sites serve a body."""
        bodies = {host: {"url": f"{site}/{os.urandom(4).hex()}", "delay": 0} for host, site in self._sites.items()}
        return _batch({host: json.dumps(body) for host, body in bodies.items()})

    def store(self, body: bytes) -> Any:
        """Return the event for the article of a page that goes through the bucket."""
        reference = RawReference(bucket=self._bucket, key="articles/1.json.gz")
        article = extract(body, "https://news.example/a/1", raw=reference)
        self._stack.s3.put_object(Bucket=self._bucket, Key=reference.key, Body=gzip.compress(codec.encode(article)))
        return _batch({"1": json.dumps({"reference": {"bucket": self._bucket, "key": reference.key}})})

    def deliver(self, body: bytes) -> Any:
        """Return the event of the table stream for the article of a page that was just stored."""
        article = extract(body, "https://news.example/a/1")
        self._stack.archive.put(article)
        keys = {"pk": {"S": f"article#{article.article_id}"}, "sk": {"S": "headline"}}
        change = {"Keys": keys, "NewImage": {"content": {"S": "x"}}, "SequenceNumber": "1"}
        return {"Records": [{"dynamodb": change}]}


def _batch(bodies: Mapping[str, str]) -> dict[str, Any]:
    """Return messages by group, as Lambda delivers them, after so many attempts that they become dead letters."""
    usual = {"ApproximateReceiveCount": "99", "SentTimestamp": "1692151200000"}
    return {
        "Records": [
            {"messageId": group, "receiptHandle": "x", "body": body, "attributes": usual | {"MessageGroupId": group}}
            for group, body in bodies.items()
        ]
    }


class _Site(ThreadingHTTPServer):
    """A host of which every path has the same page.

    Args:
        host: Its address.
        served: What is served: under ``body`` its bytes, under ``coding`` their Content-Encoding.
        together: Each host holds the end of its page back until all hosts are that far.
    """

    daemon_threads = True

    def __init__(self, host: str, served: Mapping[str, bytes], together: Barrier) -> None:
        super().__init__((host, 0), _PageHandler)
        self.served = served
        self.together = together


class _PageHandler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        body = b"" if self.path == "/robots.txt" else self.server.served["body"]
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Encoding", self.server.served["coding"].decode() if body else "identity")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:-1])
        if body:
            with suppress(BrokenBarrierError):
                self.server.together.wait()
            self.wfile.write(body[-1:])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(served: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """Serve a page, which may be another one each time, at all hosts; gives the URL of each host."""
    together = Barrier(len(HOSTS), timeout=20)
    with ExitStack() as stack:
        sites = [stack.enter_context(_Site(host, served, together)) for host in HOSTS]
        for site in sites:
            Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(site.shutdown)
        yield {host: f"http://{host}:{site.server_port}" for host, site in zip(HOSTS, sites, strict=True)}


def main() -> int:
    """Print what was measured; return 1 where a function takes more than it has, or ever more."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100, help="ordinary pages by which nothing may grow")
    parser.add_argument("--shape", choices=SHAPES, action="append", help="a shape of the largest page; may be repeated")
    parser.add_argument("--all", action="store_const", const=list(SHAPES), dest="shape", help="all shapes: ten minutes")
    options = parser.parse_args()
    served = {"body": b"", "coding": b"identity"}
    with (
        EmbeddedStack(PARAMETERS | {"Delivery": "ENABLED"}) as stack,
        aws() as endpoint,
        serving(served) as sites,
    ):
        measure = _Measure(stack, endpoint, Events(stack, sites), served)
        measure.largest(options.shape or WORST)
        measure.growth(options.pages)
        return int(measure.is_too_much)


class _Measure:
    def __init__(self, stack: EmbeddedStack, endpoint: str, events: Events, served: dict[str, bytes]) -> None:
        self._stack, self._endpoint, self._events, self._served = stack, endpoint, events, served
        self.is_too_much = False

    def largest(self, shapes: list[str]) -> None:
        """Measure the largest page of each shape, one after another in one process of each function."""
        print(f"The most in memory for a page of {LARGEST} bytes, in MB:")
        for name in ("parse", "fetch", "store", "deliver"):
            with self._running(name) as running:
                found = {shape: self._peak(name, running, shape) for shape in shapes}
            worst = max(found, key=lambda shape: found[shape])
            self._tell(name, found[worst], running.allowed - LEFT_OVER, f"of {running.allowed // MEGABYTE}, {worst}")

    def growth(self, pages: int) -> None:
        """Measure by how much memory grows with ordinary pages."""
        print(f"More in memory after {pages} ordinary pages than after {WARM}, in MB:")
        for name in ("parse", "fetch", "store"):
            with self._running(name) as running:
                sizes = [
                    running.take(self._ordinary(name, number)).now for number in range(pages // self._at_once(name))
                ]
            self._tell(
                name, sizes[-1] - sizes[WARM // self._at_once(name)], MOST_GROWTH, f"{sizes[-1] // MEGABYTE} at the end"
            )

    def _running(self, name: str) -> Running:
        return Running(self._stack, self._endpoint, f"{name.capitalize()}Function")

    def _at_once(self, name: str) -> int:
        return len(HOSTS) if name == "fetch" else 1

    def _ordinary(self, name: str, number: int) -> Any:
        self._served |= {"body": page(title=f"An ordinary page, {number}"), "coding": b"identity"}
        event: Callable[[bytes], Any] = getattr(self._events, name)
        return event(self._served["body"])

    def _peak(self, name: str, running: Running, shape: str) -> int:
        body = SHAPES[shape](LARGEST)
        # The sender of compressed data decides how large it becomes.
        self._served |= {"body": gzip.compress(body, 1), "coding": b"gzip"}
        event: Callable[[bytes], Any] = getattr(self._events, name)
        return running.take(event(body)).peak

    def _tell(self, name: str, size: int, most: int, remark: str) -> None:
        is_too_much = size > most
        self.is_too_much |= is_too_much
        print(f"  {name:8} {size / MEGABYTE:7.1f}  {remark}{'  TOO MUCH' if is_too_much else ''}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
