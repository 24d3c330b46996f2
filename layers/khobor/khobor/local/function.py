"""A function of the template, loaded and invoked in this process as Lambda would."""

import importlib.util
import json
import os
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import TextIOBase
from pathlib import Path
from typing import Any, TextIO

from khobor.errors import ConfigurationError


class FunctionError(Exception):
    """A handler raised: the invocation failed, as Lambda reports it by ``FunctionError``."""


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a handler of its invocation."""

    function_name: str
    memory_limit_in_mb: int
    timeout: int
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def invoked_function_arn(self) -> str:
        """The ARN of the function."""
        return f"arn:aws:lambda:eu-central-1:123456789012:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the whole time-out: nothing ends a function here."""
        return self.timeout * 1000


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
        self._timeout = int(properties["Timeout"])
        self.memory = int(properties["MemorySize"])
        self._environment = {key: str(value) for key, value in properties["Environment"]["Variables"].items()}
        self._log = log
        module, _, handler = properties["Handler"].rpartition(".")
        with self._running():
            self._handler = _load(folder / properties["CodeUri"] / f"{module}.py", handler, name)

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Invoke the function with an event and return its answer, both through JSON as Lambda does.

        Raises:
            FunctionError: The handler raised; what, stands in the log.
        """
        context = Context(self.name, self.memory, self._timeout)
        with self._running():
            try:
                return json.loads(json.dumps(self._handler(json.loads(json.dumps(event)), context)))
            # Whatever a handler raises, Lambda reports it and lives on.
            except Exception as error:
                traceback.print_exc(file=self._log)
                raise FunctionError(f"{self.name}: {type(error).__name__}: {error}") from error

    @contextmanager
    def _running(self) -> Iterator[None]:
        _console.log = self._log
        # Only what the function adds is taken back: all of the environment is much to copy for each invocation.
        before = {name: os.environ.get(name) for name in self._environment}
        os.environ.update(self._environment)
        try:
            with redirect_stdout(_console):
                yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _load(path: Path, handler: str, name: str) -> Callable[[Any, Context], Any]:
    spec = importlib.util.spec_from_file_location(f"khobor_function_{name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ConfigurationError(f"the code of {name} is not at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded: Callable[[Any, Context], Any] = getattr(module, handler)
    return loaded
