"""Options and fixtures that several rooms of the tests share."""

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import time_machine
import typer.main
import typer.testing
from hypothesis import HealthCheck, settings
from pytest_httpserver import HTTPServer
from tests import quick_moto

from khobor.embedded.stack import EmbeddedStack

ROOT = Path(__file__).parent.parent
PARAMETERS = {"Contact": "mailto:tests@localhost", "AllowLoopback": "true"}

# A shell lets what it runs in the background ignore Ctrl-C, and so would the commands that tests end by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests make many objects, and few cycles of them. To look for cycles this rarely saves 8 % of the time.
gc.set_threshold(100_000, 20, 20)

# In each call, typer's CliRunner makes all commands from the app, which takes 10 ms. They are the same each time.
setattr(typer.testing, "_get_command", cache(typer.main.get_command))  # noqa: B010 typer has no public name for it

quick_moto.use()

# By default an example that takes 200 ms fails, which on a busy machine any may.
settings.register_profile("khobor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("khobor")

# pytest-xdist sets it to the width of its own terminal; the command's output would wrap there.
os.environ.pop("COLUMNS", None)

# The fuzzer is no test, and imports what only make fuzz installs.
collect_ignore = ["fuzz/fuzz.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", action="store_const", const=True, help="try every fault, which takes minutes")
    parser.addoption("--thorough", action="store_true", help="try all examples of the most expensive searches")
    parser.addoption("--chains", type=int, help="how many chains of calls tests/frontier tries")
    parser.addoption("--seed", type=int, default=14, help="which ones")
    parser.addoption("--wheel", action="store_const", const=True, help="build the wheel and try it, in tests/wheel")
    parser.addoption("--built", type=Path, help="folder that sam build wrote, for tests/build")
    parser.addoption("--corpus", type=Path, help="folder of pages (see benchmarks/corpus.py), for tests/doors")
    parser.addoption("--emulator", type=Path, help="folder in which an emulator of AWS is installed, for tests/e2e")
    parser.addoption("--chromium", type=Path, help="the browser, for tests/browser")
    parser.addoption("--screenshots", type=Path, help="folder for pictures of the console, for tests/browser")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    folder = Path(__file__).parent
    needed = {
        folder / "e2e": "--emulator",
        folder / "browser": "--chromium",
        folder / "faults": "--faults",
        folder / "wheel": "--wheel",
        folder / "doors": "--corpus",
        folder / "build": "--built",
    }
    option = needed.get(collection_path)
    return True if option and config.getoption(option) is None else None


@pytest.fixture
def examples(pytestconfig: pytest.Config) -> Callable[[int], int]:
    """Return how many examples of so many to try: a quarter, or all with ``--thorough``."""
    return lambda most: most if pytestconfig.getoption("--thorough") else most // 4


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """The time, which a test may let pass; what sleeps in this process lets it pass at once."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        monkeypatch.setattr(time, "sleep", traveller.shift)
        yield traveller


@pytest.fixture
def stack(clock: time_machine.Traveller) -> Iterator[EmbeddedStack]:
    """The whole system, embedded, with loopback pages allowed; what it waits for costs no time."""
    with EmbeddedStack(PARAMETERS, sleep=clock.shift) as running:
        yield running


@pytest.fixture
def make_stack(clock: time_machine.Traveller) -> Iterator[Callable[..., EmbeddedStack]]:
    """Make a stack with other parameters."""
    with ExitStack() as made:
        yield lambda **parameters: made.enter_context(EmbeddedStack(PARAMETERS | parameters, sleep=clock.shift))


@pytest.fixture
def httpserver(httpserver: HTTPServer) -> HTTPServer:
    """A web server that answers 404 to any path without a handler, robots.txt included."""
    httpserver.no_handler_status_code = 404
    return httpserver
