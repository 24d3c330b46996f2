"""The console over an embedded archive, asked as a browser does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from tests.conftest import PARAMETERS
from tests.console.newsroom import NOON, fill
from werkzeug.test import Client, TestResponse

from khobor.cli.console_deployments import embedded_deployment
from khobor.console.app import Console
from khobor.console.aws_deployment import AwsDeployment
from khobor.console.deployment import Deployment
from khobor.embedded.stack import EmbeddedStack

ADDRESS = "http://127.0.0.1:8765"


class Reader:
    """A browser without a screen."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._client = Client(console)

    def open(self) -> TestResponse:
        """Open the address that is printed."""
        return self.get("/", token=self.console.guard.token)

    def get(self, path: str, headers: dict[str, str] | None = None, **asked: str) -> TestResponse:
        return self._client.get(path, base_url=ADDRESS, query_string=asked or None, headers=headers, buffered=True)

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        return self._client.post(path, base_url=ADDRESS, data=fields, headers=headers, buffered=True)

    def post_bytes(self, path: str, body: bytes, content_type: str) -> TestResponse:
        """Send a body as it is."""
        return self._client.post(path, base_url=ADDRESS, data=body, content_type=content_type, buffered=True)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form of the console's own."""
        return self.post(path, form_token=self.console.guard.form_token, **fields)


@pytest.fixture
def deployment(stack: EmbeddedStack) -> AwsDeployment:
    return embedded_deployment(stack)


@pytest.fixture(scope="module")
def quiet() -> Iterator[AwsDeployment]:
    """An empty archive, for tests that change nothing."""
    with EmbeddedStack(PARAMETERS) as stack:
        yield embedded_deployment(stack)


@pytest.fixture
def make_reader() -> Iterator[Callable[[Deployment], Reader]]:
    consoles: list[Console] = []

    def make(deployment: Deployment) -> Reader:
        consoles.append(Console(deployment))
        return Reader(consoles[-1])

    yield make
    for console in consoles:
        console.submissions.close()


@pytest.fixture
def reader(deployment: AwsDeployment, make_reader: Callable[[Deployment], Reader]) -> Reader:
    """A reader who has opened the console of an empty archive."""
    reader = make_reader(deployment)
    reader.open()
    return reader


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Reader]:
    """A reader of an archive with articles, which takes seconds to make: tests that use it change nothing."""
    with time_machine.travel(NOON, tick=True), EmbeddedStack(PARAMETERS) as stack:
        fill(stack)
        reader = Reader(Console(embedded_deployment(stack)))
        reader.open()
        yield reader
        reader.console.submissions.close()
