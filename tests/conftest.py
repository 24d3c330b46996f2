"""Options and fixtures that several rooms of the tests share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from khobor.local.stack import EmbeddedStack

ROOT = Path(__file__).parent.parent
PARAMETERS = {"Contact": "mailto:tests@localhost", "AllowLoopback": "true"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--emulator", type=Path, help="folder in which an emulator of AWS is installed, for tests/e2e")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    needs_emulator = collection_path == Path(__file__).parent / "e2e"
    return True if needs_emulator and config.getoption("--emulator") is None else None


@pytest.fixture
def stack() -> Iterator[EmbeddedStack]:
    """The whole system, embedded, with loopback pages allowed."""
    with EmbeddedStack(PARAMETERS) as running:
        yield running


@pytest.fixture
def make_stack() -> Iterator[Callable[..., EmbeddedStack]]:
    """Make a stack with other parameters."""
    with ExitStack() as made:
        yield lambda **parameters: made.enter_context(EmbeddedStack(PARAMETERS | parameters))
