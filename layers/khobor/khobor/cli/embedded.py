"""The embedded stack for a subcommand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from khobor.embedded.stack import EmbeddedStack


@contextmanager
def embedded(
    contact: str, log: Path | None, *, allow_loopback: bool, on_call: Callable[[str], None] | None = None
) -> "Iterator[EmbeddedStack]":
    """Make the stack for as long as it is used.

    Args:
        contact: By which the owner of a site can reach the operator.
        log: File for what the functions log.
        allow_loopback: Whether pages on this machine may be fetched.
        on_call: Receives the name of each call of the functions to AWS.
    """
    # Here, not above: moto takes a second to import, and --help should not.
    from khobor.embedded.stack import EmbeddedStack

    parameters = {"Contact": contact, "AllowLoopback": "true" if allow_loopback else "false"}
    with (
        log.open("w", encoding="utf-8") if log else nullcontext() as file,
        EmbeddedStack(parameters, log=_LogCopy(file) if file else None, on_call=on_call) as stack,
    ):
        yield stack


class _LogCopy(StringIO):
    """The log of the functions: written to a file for the user, and kept for the command, which counts outcomes."""

    def __init__(self, file: TextIO) -> None:
        super().__init__()
        self._file = file

    def write(self, text: str) -> int:
        self._file.write(text)
        return super().write(text)
