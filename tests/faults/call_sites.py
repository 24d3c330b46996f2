"""The calls to AWS in code that the functions reach, found in its source text."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name
from tests.conftest import ROOT
from tests.faults.faults import PACKAGE, CallSite

FUNCTIONS = ROOT / "functions"
REPLAY = "khobor replay, which is killed at every call by tests/replay"
DELIVERY = "the delivery, which is there where it is asked for and has Firehose fail in tests/functions/test_deliver.py"
TRANSFER = "a dump, written or loaded at a terminal"
HEALTH = "health, which writes nothing: a run that fails is tried again, and tests/test_alarms.py fires its alarm"
# What is not called in these days of the archive, or is no call, by file and function below the package; each with the
# reason.
EXCEPTIONS = {
    ("functions/health/app.py", "check_all"): HEALTH,
    ("functions/replay/app.py", "replay"): REPLAY,
    ("pages/s3.py", "S3PageReader.versions"): REPLAY,
    ("pages/s3.py", "S3Pages.delete"): "khobor forget, at a terminal",
    ("pages/s3.py", "S3Pages.url_of"): "khobor forget, at a terminal",
    ("replay/run.py", "hosts_of"): REPLAY,
    ("replay/run.py", "_has_any"): REPLAY,
    ("replay/run.py", "keys"): REPLAY,
    ("deliver/delivery_stream.py", "DeliveryStream._refused"): DELIVERY,
    ("archive/dynamodb/eraser.py", "DynamoDBEraser.copy_from"): "khobor rebuild, at a terminal",
    ("frontier/dynamodb/known_urls.py", "DynamoDBKnownUrls.all_forgotten"): "khobor rebuild, at a terminal",
    ("archive/dynamodb/eraser.py", "DynamoDBEraser.forget"): "khobor forget, at a terminal",
    ("archive/dynamodb/eraser.py", "DynamoDBEraser.erase"): "khobor forget, at a terminal",
    ("archive/dynamodb/reader.py", "DynamoDBReader._scanned"): "the whole table, read by the embedded stack and dumps",
    ("frontier/dynamodb/known_urls.py", "DynamoDBKnownUrls.all"): TRANSFER,
    ("frontier/dynamodb/known_urls.py", "DynamoDBKnownUrls.restore"): TRANSFER,
    ("frontier/dynamodb/known_urls.py", "DynamoDBKnownUrls.forget_id"): TRANSFER,
    ("frontier/dynamodb/hosts.py", "DynamoDBHosts.all"): TRANSFER,
    ("frontier/dynamodb/hosts.py", "DynamoDBHosts.restore"): TRANSFER,
    ("frontier/dynamodb/known_urls.py", "DynamoDBKnownUrls.forget"): "khobor forget, at a terminal",
    ("extract/addresses.py", "Address.parameters"): "the query of a URL",
    ("discover/article_urls.py", "looks_like_article"): "the query of a URL",
    ("discover/home_page.py", "_has_feed_url"): "the query of a URL",
    ("discover/url_filters.py", "refuse_url"): "the query of a URL",
}


@dataclass(frozen=True, order=True)
class Call:
    """A call to AWS in the code.

    Attributes:
        file: From the repository on.
        function: What it stands in, qualified as Python does.
        operation: Such as ``dynamodb.PutItem``.
        lines: First and last line of its statement; None for a paginator, whose calls are made where it is read.
    """

    file: str
    function: str
    operation: str
    lines: tuple[int, int] | None

    @property
    def place(self) -> tuple[str, str]:
        """File and function as exceptions have them."""
        return self.file.removeprefix("layers/khobor/khobor/"), self.function

    def is_at(self, site: CallSite) -> bool:
        """Whether a call that was made is this one."""
        return self.operation == site.operation and any(
            frame.file == self.file
            and frame.function == self.function
            and (self.lines is None or self.lines[0] <= frame.line <= self.lines[1])
            for frame in site.frames
        )


def untried(sites: Iterable[CallSite]) -> list[Call]:
    """Return the calls in the code that none of the sites is of, and that are no exceptions."""
    seen = list(sites)
    return [call for call in calls() if call.place not in EXCEPTIONS and not any(call.is_at(site) for site in seen)]


def calls() -> list[Call]:
    """Return the calls to AWS in all modules that functions import."""
    handlers = sorted(FUNCTIONS.glob("*/app.py"))
    modules = set(handlers)
    waiting = list(handlers)
    while waiting:
        fresh = set(imported(waiting.pop())) - modules
        modules |= fresh
        waiting += fresh
    return sorted(call for path in modules for call in _CallVisitor(path).read())


@cache
def imported(path: Path) -> tuple[Path, ...]:
    """Return the modules of khobor that a file imports when it runs."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[Path]:
    for node in running(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("khobor"):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                file = PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")
                if file.is_file():
                    yield file


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below a node, but for what only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from running(child)


class _CallVisitor(ast.NodeVisitor):
    """Finds the calls of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: list[str] = []
        self._statement: tuple[int, int] = (0, 0)
        self._found: set[Call] = set()

    def read(self) -> set[Call]:
        """Return the calls."""
        self.visit(ast.parse(self._path.read_text()))
        return self._found

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._inside(node, node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node, node.name, "<locals>")

    def _inside(self, node: ast.AST, *names: str) -> None:
        before, self._names = self._names, [*self._names, *names]
        self.generic_visit(node)
        self._names = before

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Attribute(attr="get_paginator"), args=[ast.Constant(value=str(name))]):
                self._add(name, None)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._add(node.attr, self._statement)
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            # Of a statement that holds others its head, as far as it goes.
            body = getattr(node, "body", None)
            last = body[0].lineno if isinstance(body, list) and body else node.end_lineno
            self._statement = node.lineno, last or node.lineno
        super().generic_visit(node)

    def _add(self, name: str, lines: tuple[int, int] | None) -> None:
        if operation := operations().get(name):
            function = ".".join(self._names).removesuffix(".<locals>")
            self._found.add(Call(str(self._path.relative_to(ROOT)), function, operation, lines))


@cache
def operations() -> dict[str, str]:
    """Return the operations of the services that functions make clients of, by their names in Python."""
    loaded = botocore.session.get_session()
    models = (loaded.get_service_model(service) for service in services())
    return {xform_name(name): f"{model.service_name}.{name}" for model in models for name in model.operation_names}


def services() -> set[str]:
    """Return the services that functions make clients of."""
    found = set()
    for path in FUNCTIONS.glob("*/app.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Constant(value=str(service))]):
                    found.add(service)
    return found
