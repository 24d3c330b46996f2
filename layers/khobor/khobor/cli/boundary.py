"""The boundary of the command: every failure that a user can cause ends here, in a sentence and an exit status.

The status is 2 where the command line is wrong, 1 where the work failed, 130 after Ctrl-C and 141 where the reader of
a pipe has gone, as shells have it. An exception that is not listed here is a fault of khobor, and keeps its traceback.
"""

import difflib
import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import typer

from khobor.cli.aws_errors import aws_error
from khobor.cli.extras import missing_extra
from khobor.cli.terminal import errors
from khobor.errors import CommandError, ConfigurationError, KhoborError

_BROKEN_PIPE = 141
_HINTS = {
    "forbidden_address": "--allow-loopback fetches from this machine, for trying things out",
}
_OS_ERRORS: dict[type[OSError], str] = {
    FileNotFoundError: "there is no such file or folder",
    IsADirectoryError: "this is a folder; give a file",
    NotADirectoryError: "a part of this path is a file, not a folder",
    PermissionError: "you do not have permission for it",
    FileExistsError: "there is a file of this name already",
}
# What writing fails with; the error does not say of which file.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
# As pydantic words it, which reads the options for typer.
_PYDANTIC = "Value error, "
_NO_TEXT = re.compile("[^\\s\"']{0,40}[\udc80-\udcff][^\\s\"']{0,40}")
_NOT_ONE_OF = re.compile(r"'(?P<given>.*)' is not one of (?P<choices>'.*')")


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Turn the failures that a user can cause into a sentence on standard error, and raise ``typer.Exit``."""
    try:
        with _flushed():
            yield
    except BrokenPipeError as error:
        _discard_output()
        raise typer.Exit(_BROKEN_PIPE) from error
    except typer.TyperException as error:
        _reword(error)
        raise
    # Of whatever kind: what has no sentence is a fault of khobor, and keeps its traceback.
    except Exception as error:
        message = in_words(error)
        if message is None:
            raise
        errors.print(message, markup=False, soft_wrap=True)
        _discard_output()
        raise typer.Exit(1) from error


@contextmanager
def _flushed() -> Iterator[None]:
    """Flush standard output while a failure of that can still be handled, also where a command ends by itself."""
    try:
        yield
    except typer.Exit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()


def in_words(error: Exception) -> str | None:
    """Return what to tell the user of an error; None where it is a fault of khobor."""
    match error:
        case KhoborError():
            return with_hint(error.reason, str(error))
        case ConfigurationError() | CommandError():
            return str(error)
        case ModuleNotFoundError():
            return missing_extra(error)
        # Python has bytes of arguments and file names that are no UTF-8 as halves of surrogate pairs (PEP 383).
        case UnicodeEncodeError() if found := _NO_TEXT.search(str(error.object)):
            return f"{found[0]!r} is no text in UTF-8; give it in UTF-8"
    # Some of boto3's errors are OSErrors too.
    if said := aws_error(error):
        return said
    return os_error(error) if isinstance(error, OSError) else None


def with_hint(reason: str, message: str) -> str:
    """Return a message with the option that helps, for reasons that one helps with."""
    return f"{message}; {_HINTS[reason]}" if reason in _HINTS else message


def os_error(error: OSError) -> str:
    """Return what the operating system refused, with the name of the file."""
    why = _OS_ERRORS.get(type(error), error.strerror or str(error))
    name = error.filename2 or error.filename
    if not name and error.errno in _FULL:
        return f"the output cannot be written: {why}"
    return f"{name}: {why}" if name else why


@contextmanager
def any_characters() -> Iterator[None]:
    """Write what the locale's charset lacks as escapes, instead of failing on it; file names may hold any bytes."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, io.TextIOWrapper)]
    before = [stream.errors for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, handling in zip(streams, before, strict=True):
            with suppress(ValueError):
                stream.reconfigure(errors=handling)


@contextmanager
def region() -> Iterator[None]:
    """Heed ``AWS_REGION`` as the AWS command and the other SDKs do: boto3 reads ``AWS_DEFAULT_REGION`` alone."""
    given, before = os.environ.get("AWS_REGION"), os.environ.get("AWS_DEFAULT_REGION")
    if not given:
        yield
        return
    os.environ["AWS_DEFAULT_REGION"] = given
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("AWS_DEFAULT_REGION", None)
        else:
            os.environ["AWS_DEFAULT_REGION"] = before


def _discard_output() -> None:
    """Let Python flush what cannot be written to nowhere when it ends."""
    _to_nowhere(sys.stdout)
    _to_nowhere(sys.stderr)


def _to_nowhere(stream: TextIO) -> None:
    # A stream that is no file has nothing to flush.
    with suppress(OSError, ValueError):
        stream.flush()
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _reword(error: typer.TyperException) -> None:
    """Drop pydantic's prefix of what is wrong with an option, and say which choice is meant."""
    message = str(getattr(error, "message", "")).replace(_PYDANTIC, "")
    if found := _NOT_ONE_OF.search(message):
        choices = re.findall(r"'([^']*)'", found["choices"])
        if close := difflib.get_close_matches(found["given"], choices, 1):
            message = f"{message.removesuffix('.')}; did you mean {close[0]}?"
    if message:
        error.message = message
