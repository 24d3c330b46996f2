"""What docstrings must say: the arguments of a public function, and the errors that it raises itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.test_architecture import FUNCTIONS, PACKAGE, SOURCES, name_of, tree
from typer import Typer

from khobor.cli.main import app

# Google's section, or the interface whose docstring holds for the method too.
ELSEWHERE = re.compile(r"\b(?:see|as in|as for) ``")


def public_functions(node: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield the functions and methods of a module or class whose names, and whose classes' names, are public."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public_functions(child)
        elif isinstance(child, ast.FunctionDef) and not child.name.startswith("_"):
            yield child


def parameters(function: ast.FunctionDef) -> set[str]:
    args = function.args
    names = {each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    return {name for name in names - {"self", "cls"} if not name.startswith("_")}


def commands(group: Typer) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each function that is a command. The help of its options says what it takes."""
    callbacks = [each.callback for each in group.registered_commands]
    callbacks += [group.registered_callback.callback] if group.registered_callback else []
    yield from ((each.__module__, each.__name__) for each in callbacks if each)
    for each in group.registered_groups:
        if each.typer_instance:
            yield from commands(each.typer_instance)


COMMANDS = frozenset(commands(app))


def is_described_elsewhere(path: Path, function: ast.FunctionDef) -> bool:
    if path.is_relative_to(FUNCTIONS):
        return function.name == "handler"  # Lambda's documentation says what it is given
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    is_overload = any(ast.unparse(each) == "overload" for each in function.decorator_list)
    is_command = (module, function.name) in COMMANDS
    return is_overload or is_command or bool(ELSEWHERE.search(ast.get_docstring(function) or ""))


def own_raises(node: ast.AST) -> Iterator[ast.Raise]:
    """Yield what a function raises itself; not what it raises again, nor what functions within it raise."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            yield child
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_raises(child)


@pytest.mark.parametrize("path", [pytest.param(path, id=name_of(path)) for path in SOURCES])
def test_public_functions_say_what_they_take_and_what_they_raise(path: Path) -> None:
    lacking = []
    for function in public_functions(tree(path)):
        docstring = ast.get_docstring(function) or ""
        if is_described_elsewhere(path, function):
            continue
        names = parameters(function)
        unsaid = {name for name in names if not re.search(rf"^ +\*{{0,2}}{name}: ", docstring, re.MULTILINE)}
        if len(names) > 1 and unsaid:
            lacking.append(f"{function.name} (line {function.lineno}) lacks in Args: {', '.join(sorted(unsaid))}")
        if any(own_raises(function)) and not re.search(r"\b[Rr]aises\b", docstring):
            lacking.append(f"{function.name} (line {function.lineno}) does not say what it raises")
    assert not lacking
