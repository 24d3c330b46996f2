"""Which imports of a function's code, and of all of khobor that it reaches, nothing answers where the function runs."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.build.lambda_runtime import MODULES

OWN = "khobor"


@dataclass(frozen=True, order=True)
class Import:
    """An import statement's module, or a name in it.

    Attributes:
        by: The module that imports.
        module: What it imports, absolute.
        name: What of the module; None for the module itself.
        is_lazy: Whether it is imported in a function, when that is called.
    """

    by: str
    module: str
    name: str | None = None
    is_lazy: bool = False

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.by} imports {self.name + ' of ' if self.name else ''}{self.module}"


def unresolved(app: Path, folders: Sequence[Path], python: str) -> list[Import]:
    """Return the imports of a function that fail, lazy ones too; what only types need is no import.

    Args:
        app: The function's code.
        folders: Where Python looks for modules besides its own: those of the layers.
        python: The version, such as ``3.13``.
    """
    version, places = tuple(map(int, python.split("."))), tuple(folders)
    waiting, seen, missing = [("app", app)], {"app"}, set()
    while waiting:
        name, path = waiting.pop()
        for each in _imports(name, path, version):
            if not _is_there(each, places):
                missing.add(each)
            for inner in _own_modules(each):
                source = _source(inner, folders)
                if source and inner not in seen:
                    seen.add(inner)
                    waiting.append((inner, source))
    return sorted(missing, key=lambda each: (each.by, each.module, each.name or ""))


# The functions share most of khobor: what is found in a file or a folder is kept for the next function.
@cache
def _imports(by: str, path: Path, version: tuple[int, ...]) -> tuple[Import, ...]:
    return tuple(_imported(by, path, version))


def _imported(by: str, path: Path, version: tuple[int, ...]) -> Iterator[Import]:
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_text(encoding="utf-8")), False)]
    while waiting:
        node, is_lazy = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                inner: Iterable[ast.AST] = node.orelse
            case ast.If(test=ast.Compare(left=ast.Attribute(attr="version_info")) as test):
                inner = node.body if _holds(test, version) else node.orelse
            case ast.Import():
                yield from (Import(by, alias.name, is_lazy=is_lazy) for alias in node.names)
                continue
            case ast.ImportFrom(module=str(module), level=0):
                yield from (Import(by, module, alias.name, is_lazy) for alias in node.names)
                continue
            case ast.ImportFrom():
                raise NotImplementedError(f"a relative import in {path}:{node.lineno}")
            case _:
                inner = ast.iter_child_nodes(node)
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        waiting += ((each, is_lazy or is_function) for each in inner)


def _holds(test: ast.Compare, version: tuple[int, ...]) -> bool:
    """Whether a comparison of ``sys.version_info`` with a tuple holds for a version."""
    (operator,), (other,) = test.ops, test.comparators
    compare = {ast.GtE: version.__ge__, ast.Gt: version.__gt__, ast.Lt: version.__lt__, ast.LtE: version.__le__}
    return bool(compare[type(operator)](ast.literal_eval(other)))


@cache
def _is_there(each: Import, folders: tuple[Path, ...]) -> bool:
    top = each.module.partition(".")[0]
    if top in MODULES:
        return True
    if not _is_module(each.module, folders):
        return False
    if top != OWN or each.name is None or _is_module(f"{each.module}.{each.name}", folders):
        return True
    source = _source(each.module, folders)
    return source is not None and each.name in _names(source)


def _own_modules(each: Import) -> Iterator[str]:
    """Yield the modules of khobor that an import loads."""
    parts = [*each.module.split("."), *([each.name] if each.name else [])]
    if parts[0] == OWN:
        yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _is_module(module: str, folders: Sequence[Path]) -> bool:
    place = Path(*module.split("."))
    return any(
        # A folder without __init__.py is a namespace package.
        (folder / place).is_dir()
        or (folder / place).with_name(f"{place.name}.py").is_file()
        or any((folder / place).parent.glob(f"{place.name}.*so"))
        for folder in folders
    )


def _source(module: str, folders: Sequence[Path]) -> Path | None:
    place = Path(*module.split("."))
    candidates = (path for folder in folders for path in (folder / place / "__init__.py", folder / f"{place}.py"))
    return next((path for path in candidates if path.is_file()), None)


@cache
def _names(path: Path) -> set[str]:
    """Return what a module defines at its top, or imports there."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name)
    return found
