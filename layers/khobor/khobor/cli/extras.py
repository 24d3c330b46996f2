"""The extras of the package, and which one a command lacks that finds a library missing."""

from collections.abc import Iterator

# The extra that brings a library, by the name that it is imported by.
_EXTRAS = {
    "aws_lambda_powertools": "embedded",
    "boto3": "aws",
    "botocore": "aws",
    "jinja2": "console",
    "moto": "embedded",
    "pyarrow": "export",
    "werkzeug": "console",
    "yaml": "embedded",
}
# Rooms that need a whole extra, whichever of its libraries is missing first.
_ROOMS = {"khobor.embedded": "embedded", "khobor.console": "console", "khobor.cli.commands.console": "console"}


def missing_extra(error: ModuleNotFoundError) -> str | None:
    """Return what is missing and the command that installs it; None where no extra has it."""
    library = (error.name or "").partition(".")[0]
    if library not in _EXTRAS:
        return None
    extra = next((_ROOMS[room] for module in _modules(error) for room in _ROOMS if _is_in(module, room)), None)
    return f"this needs {library}, which is not installed: pip install 'khobor[{extra or _EXTRAS[library]}]'"


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def _modules(error: BaseException) -> Iterator[str]:
    """Yield the modules that the error came through, the outermost first."""
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_globals.get("__name__", "")
        trace = trace.tb_next
