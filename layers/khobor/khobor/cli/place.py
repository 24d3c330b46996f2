"""Where a command works: on a local archive, on a stack on AWS, or on the stack of ``make local``.

One rule holds for all commands. An option comes first, then the environment, then the folder ``archive``. Two places
at once are a usage error. Standard error says which place is used.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from khobor.cli.deployed import STACK, limited_waits
from khobor.cli.terminal import errors
from khobor.errors import CommandError

ARCHIVE = Path("archive")
ARCHIVE_VARIABLE, STACK_VARIABLE = "KHOBOR_ARCHIVE", "KHOBOR_STACK"


def _named(value: str | Path) -> str | Path:
    """Return a name that was given; an empty one is a usage error, and not the default."""
    if not str(value).strip():
        raise typer.BadParameter("the name is empty")
    return value


def _folder(value: str | Path) -> Path:
    return Path(_named(value))


def _archive(help_text: str) -> Any:
    """Return the option ``--archive``."""
    return typer.Option("--archive", envvar=ARCHIVE_VARIABLE, parser=_folder, metavar="DIR", help=help_text)


# For commands that work on a local archive only.
ArchiveOption = Annotated[Path, _archive("Folder of the local archive.")]
# For commands that need no archive.
ArchiveOfSources = Annotated[
    Path | None,
    _archive("Folder of a local archive, whose sources replace bundled ones. Default: archive, if it is there."),
]


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """A local archive.

    Attributes:
        folder: Its folder, as the user named it.
        until_done: Closes what the command opens there, when it ends.
    """

    folder: Path
    until_done: ExitStack = field(default_factory=ExitStack, compare=False, repr=False)

    def __str__(self) -> str:
        """Return it in words."""
        return f"local archive: {self.folder if self.folder.is_absolute() else f'./{self.folder}'}"


@dataclass(frozen=True, slots=True)
class StackPlace:
    """A deployed stack.

    Attributes:
        name: Its name.
        is_local: Whether it is the stack that ``make local`` deployed to the emulator.
    """

    name: str
    is_local: bool = False

    def __str__(self) -> str:
        """Return it in words."""
        return f"stack of make local: {self.name}" if self.is_local else f"stack on AWS: {self.name}"


Place: TypeAlias = ArchivePlace | StackPlace

_Archive = Annotated[Path | None, _archive("Folder of a local archive. Default: archive, unless a stack is named.")]
_Stack = Annotated[
    str | None, typer.Option(envvar=STACK_VARIABLE, parser=_named, metavar="NAME", help="Name of a stack on AWS.")
]
_Local = Annotated[bool, typer.Option("--local", help="Use the stack that make local deployed on this machine.")]
# The options in the order of the help, each with the variable that stands in for it.
_OPTIONS = {"archive": ARCHIVE_VARIABLE, "stack": STACK_VARIABLE, "local": None}


def at_a_place(command: Callable[..., None], *, instead: str | None = None) -> Callable[..., None]:
    """Replace the parameter ``place`` of a subcommand by ``--archive``, ``--stack`` and ``--local``.

    For a stack the command runs with boto3 clients that do not wait for minutes, and for ``--local`` they are those of
    the emulator.

    Args:
        command: The subcommand; its keyword ``place`` is a ``Place``.
        instead: The flag of the subcommand that stands for a place of its own; with it, ``place`` is None.
    """
    parameters = [each for each in inspect.signature(command).parameters.values() if each.name != "place"]
    parameters += [
        _option("archive", _Archive, None),
        _option("stack", _Stack, None),
        _option("local", _Local, default=False),
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
    ]

    @functools.wraps(command)
    def run(*, archive: Path | None, stack: str | None, local: bool, context: typer.Context, **given: Any) -> None:
        if instead and given[instead]:
            _check_alone(context, instead)
            command(**given, place=None)
            return
        place = _chosen(context, archive, stack, local=local)
        with _reached(place) as reached:
            say(reached)
            command(**given, place=reached)

    keyword_only = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    run.__signature__ = inspect.Signature(keyword_only)  # type: ignore[attr-defined]  # typer reads the options from it
    return run


def say(place: Place) -> None:
    """Say on standard error where a command works."""
    errors.print(str(place), markup=False, soft_wrap=True)


def archive_of_sources(context: typer.Context, archive: Path | None) -> ArchivePlace | None:
    """Return the archive whose sources a command uses that needs no archive; None if there is none.

    Args:
        context: The command.
        archive: The value of ``ArchiveOfSources``.

    Raises:
        CommandError: The folder that is named on the command line is not there.
    """
    folder = archive or ARCHIVE
    if folder.is_dir():
        return ArchivePlace(folder)
    if "archive" in _on_command_line(context):
        raise CommandError(f"{folder}: there is no such folder; name that of a local archive, or leave out --archive")
    return None


def _option(name: str, kind: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _check_alone(context: typer.Context, flag: str) -> None:
    """Make sure that no place is named beside a flag that stands for another."""
    if others := _on_command_line(context):
        raise typer.BadParameter(
            f"--{others[0]} and --{flag} name different places; give one", param_hint=f"--{others[0]}"
        )


def _on_command_line(context: typer.Context) -> list[str]:
    sources = {name: context.get_parameter_source(name) for name in _OPTIONS}
    return [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]


def _chosen(context: typer.Context, archive: Path | None, stack: str | None, *, local: bool) -> Place:
    """Return the place that the options name, else the environment, else the default; two are a usage error."""
    given = _on_command_line(context)
    if len(given) > 1:
        first, second = (f"--{name}" for name in given[:2])
        raise typer.BadParameter(f"{first} and {second} name different places; give one", param_hint=second)
    sources = {name: context.get_parameter_source(name) for name in _OPTIONS}
    inherited = [name for name, source in sources.items() if source and source.name == "ENVIRONMENT"]
    if not given and len(inherited) > 1:
        raise typer.BadParameter(
            f"{ARCHIVE_VARIABLE} and {STACK_VARIABLE} name different places; give --archive or --stack, or unset one",
            param_hint="--archive",
        )
    chosen = next(iter([*given, *inherited]), "archive")
    if local:
        return StackPlace(STACK, is_local=True)
    return StackPlace(stack or STACK) if chosen == "stack" else ArchivePlace(archive or ARCHIVE)


@contextmanager
def _reached(place: Place) -> Iterator[Place]:
    """Prepare boto3 for a stack, and leave a local archive as it is; yield the place."""
    if isinstance(place, ArchivePlace):
        with place.until_done:
            yield place
        return
    with ExitStack() as until_done:
        if place.is_local:
            # Here, not above: it takes long to import, and --help should not.
            from khobor.cli.local_stack import local_stack

            place = StackPlace(until_done.enter_context(local_stack()), is_local=True)
        until_done.enter_context(limited_waits())
        yield place
