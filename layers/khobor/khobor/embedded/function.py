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
    """An invocation failed because the handler raised an exception; Lambda reports it as ``FunctionError``."""


class ProcessEndedError(FunctionError):
    """The process ended during the invocation, as after a timeout or when out of memory."""


@dataclass(frozen=True, slots=True)
class InvocationContext:
    """The context object that Lambda passes to a handler."""

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
        """Return how much of the timeout is left; the embedded stack does not enforce it."""
        return max(round((self.began + self.timeout - time.monotonic()) * 1000), 0)


_Handler: TypeAlias = Callable[[Any, InvocationContext], Any]


class _Console(TextIOBase):
    """Writes the output of functions to the current log: loggers keep the stream that they saw first."""

    def __init__(self) -> None:
        self.log: TextIO | None = None

    def write(self, text: str) -> int:
        return self.log.write(text) if self.log else len(text)


_console = _Console()


class Function:
    """One Lambda function.

    Args:
        name: The logical name.
        properties: The properties in the template, resolved.
        folder: The folder of the template.
        log: Receives the output, like CloudWatch Logs.
    """

    def __init__(self, name: str, properties: Mapping[str, Any], folder: Path, log: TextIO) -> None:
        self.name = name
        # How many invocations failed: the metric Errors of AWS.
        self.errors = 0
        self.timeout = int(properties["Timeout"])
        self.memory = int(properties["MemorySize"])
        self.environment = {key: str(value) for key, value in properties["Environment"]["Variables"].items()}
        self._log = log
        module, _, self._handler_name = properties["Handler"].rpartition(".")
        self._path = folder / properties["CodeUri"] / f"{module}.py"
        self._handler: _Handler | None = self._start()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Invoke the function with an event, and return its response; both pass through JSON, as on Lambda.

        Raises:
            FunctionError: The handler raised an exception; the log has the traceback.
            ProcessEndedError: The handler raised SystemExit; the next invocation starts a new process.
        """
        context = InvocationContext(self.name, self.memory, self.timeout)
        handler = self._handler = self._handler or self._start()
        with self._running():
            try:
                return json.loads(json.dumps(handler(json.loads(json.dumps(event)), context)))
            except SystemExit as end:
                self._handler = None
                raise ProcessEndedError(f"{self.name}: the process ended: {end}") from end
            # Whatever a handler raises, Lambda reports it and keeps the process.
            except Exception as error:
                self.errors += 1
                traceback.print_exc(file=self._log)
                raise FunctionError(f"{self.name}: {type(error).__name__}: {error}") from error

    def _start(self) -> _Handler:
        """Load the handler as if in a new process: with its own module and clients."""
        self.environment |= {
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            # On Lambda, each process has its own.
            "AWS_LAMBDA_LOG_STREAM_NAME": uuid.uuid4().hex,
        }
        with self._running():
            return _load(self._path, self._handler_name, self.name)

    @contextmanager
    def _running(self) -> Iterator[None]:
        _console.log = self._log
        # Only the function's variables are restored: copying the whole environment takes time in each invocation.
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
    """Execute a module, and return its handler."""
    spec = importlib.util.spec_from_file_location(f"khobor_function_{name}", path)
    if spec is None or not path.is_file():
        raise ConfigurationError(f"the code of {name} is not at {path}")
    module = importlib.util.module_from_spec(spec)
    # Lambda would execute the same code.
    exec(_compile(path, path.stat().st_mtime_ns), module.__dict__)  # noqa: S102
    function: _Handler = getattr(module, handler)
    return function


@cache
def _compile(path: Path, _: int) -> CodeType:
    """Return the compiled code of a file; the cache also helps when Python does not write bytecode files.

    Args:
        path: The file.
        _: When it was last changed, which is part of the key of the cache.
    """
    return compile(path.read_bytes(), path, "exec")
