"""The boundary of the command: turns every failure that a user can cause into a message and an exit status.

The status is 2 if the command line is wrong, 1 if the work failed, 130 after Ctrl-C and 141 after a broken pipe, as in
shells. An exception that is not listed here is a bug in khobor, and keeps its traceback.
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
    "forbidden_address": "use --allow-loopback to fetch from this machine",
}
_OS_ERRORS: dict[type[OSError], str] = {
    FileNotFoundError: "no such file or folder",
    IsADirectoryError: "this is a folder; give a file",
    NotADirectoryError: "part of this path is a file, not a folder",
    PermissionError: "permission denied",
    FileExistsError: "a file of this name already exists",
}
# Errors of writing, which do not name the file.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
# The prefix that pydantic puts before the errors of option values.
_PYDANTIC = "Value error, "
_NO_TEXT = re.compile("[^\\s\"']{0,40}[\udc80-\udcff][^\\s\"']{0,40}")
_NOT_ONE_OF = re.compile(r"'(?P<given>.*)' is not one of (?P<choices>'.*')")


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Print failures that a user can cause as a message on standard error; raises ``typer.Exit`` then."""
    try:
        with _flushed():
            yield
    except BrokenPipeError as error:
        _discard_output()
        raise typer.Exit(_BROKEN_PIPE) from error
    except typer.TyperException as error:
        _reword(error)
        raise
    # Any kind of exception: one without a message is a bug in khobor, and keeps its traceback.
    except Exception as error:
        message = in_words(error)
        if message is None:
            raise
        errors.print(message, markup=False, soft_wrap=True)
        _discard_output()
        raise typer.Exit(1) from error


@contextmanager
def _flushed() -> Iterator[None]:
    """Flush standard output while a failure to do so can still be handled, even if the command exits early."""
    try:
        yield
    except typer.Exit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()


def in_words(error: Exception) -> str | None:
    """Return the message of an error for the user; None if it is a bug in khobor."""
    match error:
        case KhoborError():
            return with_hint(error.reason, str(error))
        case ConfigurationError() | CommandError():
            return str(error)
        case ModuleNotFoundError():
            return missing_extra(error)
        # Python represents bytes that are not UTF-8 in arguments and file names as lone surrogates (PEP 383).
        case UnicodeEncodeError() if found := _NO_TEXT.search(str(error.object)):
            return f"{found[0]!r} is not UTF-8 text; give it in UTF-8"
    # Some of boto3's errors are OSErrors too.
    if said := aws_error(error):
        return said
    return os_error(error) if isinstance(error, OSError) else None


def with_hint(reason: str, message: str) -> str:
    """Return a message, with the option that helps if there is one.

    Args:
        reason: The slug of the cause.
        message: What was wrong.
    """
    return f"{message}; {_HINTS[reason]}" if reason in _HINTS else message


def os_error(error: OSError) -> str:
    """Return the message of an error of the operating system, with the name of the file."""
    why = _OS_ERRORS.get(type(error), error.strerror or str(error))
    name = error.filename2 or error.filename
    if not name and error.errno in _FULL:
        return f"the output cannot be written: {why}"
    return f"{name}: {why}" if name else why


@contextmanager
def any_characters() -> Iterator[None]:
    """Write characters that the locale's charset lacks as escapes instead of failing; file names may hold any bytes."""
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
    """Respect ``AWS_REGION`` as the AWS CLI and the other SDKs do: boto3 reads only ``AWS_DEFAULT_REGION``."""
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
    """Redirect output that cannot be written to /dev/null, so that flushing at exit does not fail."""
    _to_nowhere(sys.stdout)
    _to_nowhere(sys.stderr)


def _to_nowhere(stream: TextIO) -> None:
    # A stream that is not a file has nothing to flush.
    with suppress(OSError, ValueError):
        stream.flush()
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _reword(error: typer.TyperException) -> None:
    """Drop pydantic's prefix from an option's error, and suggest the closest choice."""
    message = str(getattr(error, "message", "")).replace(_PYDANTIC, "")
    if found := _NOT_ONE_OF.search(message):
        choices = re.findall(r"'([^']*)'", found["choices"])
        if close := difflib.get_close_matches(found["given"], choices, 1):
            message = f"{message.removesuffix('.')}; did you mean {close[0]}?"
    if message:
        error.message = message
