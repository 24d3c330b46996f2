"""What was found once by fuzzing: each file of findings/ breaks nothing any more."""

from pathlib import Path

import pytest
from tests.fuzz.targets import TARGETS

FINDINGS = Path(__file__).with_name("findings")
FILES = sorted(path for path in FINDINGS.glob("*/*") if path.is_file())


def name_of(path: Path) -> str:
    return str(path.relative_to(FINDINGS))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_was_found_once_holds(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_every_finding_is_of_a_target() -> None:
    assert {path.parent.name for path in FILES} <= TARGETS.keys()
