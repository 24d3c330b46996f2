"""A function of the template, loaded and invoked in this process as Lambda would."""

import importlib.util
import json
import os
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from io import TextIOBase
from pathlib import Path
from types import CodeType
from typing import Any, TextIO, TypeAlias

from khobor.embedded.account import ACCOUNT, REGION
from khobor.errors import ConfigurationError


class FunctionError(Exception):
    """A handler raised: the invocation failed, as Lambda reports it by ``FunctionError``."""


class ProcessEndedError(FunctionError):
    """The process ended in the middle of the invocation, as by time-out or for want of memory."""


@dataclass(frozen=True, slots=True)
class InvocationContext:
    """What Lambda tells a handler of its invocation."""

    function_name: str
    memory_limit_in_mb: int
    timeout: int
    began: float = field(default_factory=time.monotonic)
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def invoked_function_arn(self) -> str:
        """The ARN of the function."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return how much of the time-out is left; nothing ends a function here when it is over."""
        return max(round((self.began + self.timeout - time.monotonic()) * 1000), 0)


_Handler: TypeAlias = Callable[[Any, InvocationContext], Any]


class _Console(TextIOBase):
    """What functions print, and where it goes now: loggers keep the stream that they saw first."""

    def __init__(self) -> None:
        self.log: TextIO | None = None

    def write(self, text: str) -> int:
        return self.log.write(text) if self.log else len(text)


_console = _Console()


class Function:
    """One Lambda function.

    Args:
        name: Its logical name.
        properties: Its properties in the template, resolved.
        folder: Where the template lies.
        log: Where goes what it prints, as it would to CloudWatch.
    """

    def __init__(self, name: str, properties: Mapping[str, Any], folder: Path, log: TextIO) -> None:
        self.name = name
        # How many of its invocations failed, which AWS measures as Errors.
        self.errors = 0
        self.timeout = int(properties["Timeout"])
        self.memory = int(properties["MemorySize"])
        self.environment = {key: str(value) for key, value in properties["Environment"]["Variables"].items()}
        self._log = log
        module, _, self._handler_name = properties["Handler"].rpartition(".")
        self._path = folder / properties["CodeUri"] / f"{module}.py"
        self._handler: _Handler | None = self._start()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Invoke the function with an event and return its answer, both through JSON as Lambda does.

        Raises:
            FunctionError: The handler raised; what, stands in the log.
            ProcessEndedError: It raised SystemExit; the next invocation starts anew, with nothing in memory.
        """
        context = InvocationContext(self.name, self.memory, self.timeout)
        handler = self._handler = self._handler or self._start()
        with self._running():
            try:
                return json.loads(json.dumps(handler(json.loads(json.dumps(event)), context)))
            except SystemExit as end:
                self._handler = None
                raise ProcessEndedError(f"{self.name}: the process ended: {end}") from end
            # Whatever a handler raises, Lambda reports it and lives on.
            except Exception as error:
                self.errors += 1
                traceback.print_exc(file=self._log)
                raise FunctionError(f"{self.name}: {type(error).__name__}: {error}") from error

    def _start(self) -> _Handler:
        """Return the handler in a process of its own, as far as names and clients go."""
        self.environment |= {
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            # Lambda has one for each process.
            "AWS_LAMBDA_LOG_STREAM_NAME": uuid.uuid4().hex,
        }
        with self._running():
            return _load(self._path, self._handler_name, self.name)

    @contextmanager
    def _running(self) -> Iterator[None]:
        _console.log = self._log
        # Only what the function adds is taken back: all of the environment is much to copy for each invocation.
        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        try:
            with redirect_stdout(_console):
                yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _load(path: Path, handler: str, name: str) -> _Handler:
    """Return the handler of a module that is run anew."""
    spec = importlib.util.spec_from_file_location(f"khobor_function_{name}", path)
    if spec is None or not path.is_file():
        raise ConfigurationError(f"the code of {name} is not at {path}")
    module = importlib.util.module_from_spec(spec)
    # A function's code is what Lambda would run of it.
    exec(_compile(path, path.stat().st_mtime_ns), module.__dict__)  # noqa: S102
    loaded: _Handler = getattr(module, handler)
    return loaded


@cache
def _compile(path: Path, _: int) -> CodeType:
    """Return the code of a file as of a time: Python may not keep it, as where PYTHONDONTWRITEBYTECODE is set."""
    return compile(path.read_bytes(), path, "exec")
