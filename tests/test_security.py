"""SECURITY.md names tests that exist for its claims."""

import ast
import re
from functools import cache

from tests.conftest import ROOT

from khobor.frontier.ownership import RULES

NAMED = re.compile(r"`(tests/[\w/]+\.py)?::(test_\w+)`")
PROMISES = re.compile(r"^\| .* \| shown by \|\n\|(?: --- \|)+\n((?:\|.*\n)+)", re.MULTILINE)
OVERVIEW = re.compile(r"^\| \[[^\]]+\]\(#([a-z-]+)\)", re.MULTILINE)
SECTION = re.compile(r"^## (.+)\n((?:(?!## ).*\n)*)", re.MULTILINE)
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def named() -> list[tuple[str, str]]:
    """Return file and test of each test that is named; one without a file is of the file before."""
    found, file = [], ""
    for match in NAMED.finditer(TEXT):
        file = match[1] or file
        found.append((file, match[2]))
    return found


@cache
def functions_of(file: str) -> set[str]:
    """Return the names of the tests of a file."""
    return {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_security_md_names_is_there() -> None:
    assert named()
    assert [(file, test) for file, test in named() if test not in functions_of(file)] == []


def test_every_promise_names_a_test() -> None:
    rows = [row for table in PROMISES.findall(TEXT) for row in table.splitlines()]
    assert rows
    assert [row for row in rows if not re.search(r"\| `tests/[\w/]+\.py::test_\w+`", row)] == []


def test_every_kind_of_stranger_has_a_section_with_promises() -> None:
    sections = {title.lower().replace(" ", "-"): section for title, section in SECTION.findall(TEXT)}
    assert len(OVERVIEW.findall(TEXT)) == 9
    assert [name for name in OVERVIEW.findall(TEXT) if not PROMISES.search(sections.get(name, ""))] == []


def test_who_may_state_what_is_the_same_table_in_code_and_in_security_md() -> None:
    _, _, section = (ROOT / "SECURITY.md").read_text().partition("### Who may state which fact")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| `tests/.+ \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert rows == [tuple(rule) for rule in RULES]
