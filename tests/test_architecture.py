"""The house: who may import whom, and how long a function may be."""

import ast
import re
import sys
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "layers" / "khobor" / "khobor"
FUNCTIONS = ROOT / "functions"
DOMAIN = frozenset(
    {
        "article",
        "characters",
        "counters",
        "entry_facts",
        "errors",
        "field_orders",
        "fields",
        "keys",
        "log_trace",
        "page",
        "public_suffixes",
        "search_words",
        "site",
        "stages",
        "telemetry",
        "url",
        "work_limits",
    }
)
# What each room may import of khobor besides itself; rooms that are not here may import all.
MAY_IMPORT = {
    "domain": DOMAIN,
    "sources": DOMAIN,
    "html": DOMAIN,
    "dates": DOMAIN,
    "revisions": DOMAIN,
    "aws": DOMAIN,
    "content": DOMAIN,
    "pages": DOMAIN | {"content"},
    "sqlite": DOMAIN,
    "frontier": DOMAIN | {"aws", "sqlite"},
    "archive": DOMAIN | {"aws", "frontier", "pages", "revisions", "sqlite"},
    "extract": DOMAIN | {"dates", "frontier", "html", "sources"},
    "discover": DOMAIN | {"aws", "dates", "fetch", "frontier", "html", "pages", "runtime", "sources"},
    "fetch": DOMAIN | {"aws", "content", "frontier", "runtime"},
    "query": DOMAIN | {"archive", "revisions", "sources"},
    "announce": DOMAIN | {"archive", "aws"},
    "deliver": DOMAIN | {"archive", "aws"},
    "export": DOMAIN | {"archive", "pages"},
    "replay": DOMAIN | {"archive", "extract", "frontier", "pages", "sources"},
    "health": DOMAIN | {"archive", "discover", "frontier", "sources"},
    "dead_letters": DOMAIN | {"announce", "archive", "aws", "deliver", "frontier"},
    "runtime": DOMAIN | {"aws", "dead_letters", "query"},
    "console": DOMAIN
    | {"archive", "dead_letters", "discover", "extract", "frontier", "pages", "query", "revisions", "sources"},
    "transfer": DOMAIN | {"archive", "frontier"},
    "functions": DOMAIN
    | {"announce", "archive", "aws", "dead_letters", "deliver", "discover", "export", "extract", "fetch"}
    | {"frontier", "health", "pages", "query", "replay", "runtime", "sources"},
}
# The libraries of rooms that should have none, or few.
LIBRARIES = {
    "domain": {"can_ada", "publicsuffixlist"},
    "sources": {"cssselect", "jmespath", "lxml", "msgspec", "parsel", "re2"},
    "dates": set(),
    "aws": {"botocore"},
    "content": {"backports", "brotli", "compression"},
    "pages": {"botocore", "msgspec", "warcio"},
    "sqlite": set(),
    "frontier": {"botocore", "msgspec"},
    "archive": {"botocore", "msgspec"},
    "announce": {"botocore", "msgspec"},
    "deliver": {"botocore"},
    "dead_letters": {"botocore"},
    "query": {"msgspec"},
    "console": {"botocore", "jinja2", "werkzeug"},
    "export": {"msgspec", "pyarrow", "warcio"},
    "replay": {"msgspec"},
    "transfer": {"msgspec"},
}
# The rooms that know that they run on Lambda.
RUNNERS = frozenset({"functions", "runtime"})
# Implementations of the interfaces of archive, frontier and pages. Only places of composition import them.
IMPLEMENTATIONS = (
    "khobor.archive.dynamodb",
    "khobor.archive.sqlite",
    "khobor.frontier.dynamodb",
    "khobor.frontier.sqlite",
    "khobor.pages.folder",
    "khobor.pages.s3",
)
COMPOSITION = {"functions", "cli", "embedded", "local"}
# Modules that import an implementation all the same, each with the reason.
COMPOSED_ELSEWHERE = {
    "console/aws_deployment.py": "composes the deployment that the console shows",
    "discover/dispatch.py": "reads listings from the bucket that an S3 event names",
}
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
LONGEST_HANDLER = 80
SOURCES = [*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")]
TESTS = [*(ROOT / "tests").rglob("*.py"), *(ROOT / ".ci").glob("*.py")]


def room_of(path: Path) -> str:
    if path.is_relative_to(FUNCTIONS):
        return "functions"
    first = path.relative_to(PACKAGE).parts[0]
    return "domain" if first.endswith(".py") else first


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{name.name}" for name in node.names)
    return frozenset(names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def faulty(faults: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    """Return those of the modules that have a fault."""
    return {name: names for name, names in faults.items() if names}


def test_imports_run_downwards() -> None:
    forbidden = {}
    for path in SOURCES:
        room = room_of(path)
        if room in MAY_IMPORT:
            inner = {name.split(".")[1] for name in imports(path) if name.startswith("khobor.")}
            forbidden[name_of(path)] = inner - {room, "__version__"} - MAY_IMPORT[room]
    assert faulty(forbidden) == {}


def test_inner_rooms_have_few_libraries() -> None:
    forbidden = {}
    for path in SOURCES:
        if room_of(path) in LIBRARIES:
            outer = {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names - {"khobor"}
            typing_only = {name for name in outer if name.startswith("mypy_boto3")}
            forbidden[name_of(path)] = outer - typing_only - LIBRARIES[room_of(path)]
    assert faulty(forbidden) == {}


def test_powertools_is_imported_by_what_runs_on_lambda_alone() -> None:
    forbidden = {}
    for path in SOURCES:
        if room_of(path) not in RUNNERS:
            of_runtime = {name for name in imports(path) if name.startswith("khobor.runtime.")}
            allowed = {name for name in of_runtime if name.split(".")[2] in ("log_line", "settings")}
            powertools = {name for name in imports(path) if name.startswith("aws_lambda_powertools")}
            forbidden[name_of(path)] = powertools | of_runtime - allowed
    assert faulty(forbidden) == {}


def test_every_function_fits_a_screen() -> None:
    functions = {
        name_of(path): [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
        for path in [*SOURCES, *TESTS]
    }
    too_long = {
        name: [node.name for node in nodes if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]
        for name, nodes in functions.items()
    }
    assert faulty(too_long) == {}


def test_every_module_fits_in_one_reading() -> None:
    # A module of tests may be longer: it consists of examples, which are read one by one.
    others = [path for path in TESTS if not path.name.startswith("test_")]
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in [*SOURCES, *others]}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_implementations_are_chosen_where_a_program_is_composed() -> None:
    found = set()
    for path in SOURCES:
        below = {name for name in IMPLEMENTATIONS if any(each.startswith(name) for each in imports(path))}
        own = f"khobor.{path.relative_to(PACKAGE).parent}".replace("/", ".") if room_of(path) != "functions" else ""
        if {name for name in below if not own.startswith(name)} and room_of(path) not in COMPOSITION:
            found.add(str(path.relative_to(PACKAGE)))
    assert found == COMPOSED_ELSEWHERE.keys()


def test_every_handler_is_thin() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in FUNCTIONS.glob("*/app.py")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST_HANDLER} == {}


def test_no_room_is_called_by_what_says_nothing() -> None:
    assert not {path.stem for path in SOURCES} & {"utils", "util", "helpers", "common", "misc"}


def test_all_that_the_command_shows_goes_through_one_terminal() -> None:
    made = re.compile(r"\b(?:Console|Terminal)\(")
    assert {path.name for path in SOURCES if room_of(path) == "cli" and made.search(path.read_text())} == {
        "terminal.py"
    }


def test_every_class_has_a_name_of_its_own() -> None:
    files: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                files.setdefault(node.name, []).append(name_of(path))
    assert {name: where for name, where in files.items() if len(where) > 1} == {}
