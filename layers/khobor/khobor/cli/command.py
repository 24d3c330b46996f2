"""What all subcommands have in common: help, failures, and the options ``--stack`` and ``--local``."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from khobor.cli.boundary import any_characters, failures_in_words, region
from khobor.cli.deployed import limited_waits

Local = Annotated[bool, typer.Option("--local", help="Use the stack that make local deployed on this machine.")]
# Begins a line with an example in a docstring.
_EXAMPLE = "- `"


class Command(TyperCommand):
    """A subcommand whose help keeps the line breaks of its examples."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 as typer calls it
        """Write the help of the subcommand; see ``TyperCommand``."""
        _write_help(self.help or "", formatter)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 as typer calls it
        """Return the complete first sentence of the help."""
        return _first_sentence(self.help or "")


class Group(TyperGroup):
    """A group of subcommands whose help keeps the line breaks of its examples."""

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 as typer calls it
        """Return the complete first sentence of the help."""
        return _first_sentence(self.help or "")

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 as typer calls it
        """Write the help of the group; see ``TyperGroup``."""
        _write_help(self.help or "", formatter)


class Khobor(Group):
    """The command ``khobor``: the one place where failures become a message and an exit status."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command with the given arguments, by default those of the process."""
        with any_characters():
            return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the options; --help and --version already print here."""
        with failures_in_words():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run a subcommand."""
        with failures_in_words(), region():
            return super().invoke(ctx)


def on_a_stack(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option ``--local`` to a subcommand that has ``--stack``."""
    signature = inspect.signature(command)
    more = [
        inspect.Parameter("local", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Local),
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
    ]

    @functools.wraps(command)
    def run(*, local: bool, context: typer.Context, **given: Any) -> None:
        if not local:
            with limited_waits():
                command(**given)
            return
        # Here, not above: it takes long to import, and --help should not.
        from khobor.cli.local_stack import local_stack

        source = context.get_parameter_source("stack")
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter("--local and --stack name different stacks; give one", param_hint="--local")
        with local_stack() as name, limited_waits():
            command(**given | {"stack": name})

    run.__signature__ = signature.replace(  # type: ignore[attr-defined]  # typer reads the options from it
        parameters=[each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in signature.parameters.values()] + more
    )
    return run


def _first_sentence(text: str) -> str:
    paragraph = " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].replace("`", "").removesuffix(".")


def _write_help(text: str, formatter: Any) -> None:
    with formatter.indentation():
        for paragraph in inspect.cleandoc(text).split("\n\n"):
            formatter.write_paragraph()
            if paragraph.startswith(_EXAMPLE):
                for line in paragraph.splitlines():
                    formatter.write(f"{'':>{formatter.current_indent + 2}}{line.removeprefix(_EXAMPLE).strip('`')}\n")
            else:
                formatter.write_text(paragraph.replace("`", ""))
