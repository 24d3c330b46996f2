"""SECURITY.md names the tests that show what it says."""

import re

import pytest
from tests.conftest import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)?::(test_\w+)`")


def named() -> list[tuple[str, str]]:
    """Return file and test of each test that is named; one without a file is of the file before."""
    found, file = [], ""
    for match in NAMED.finditer((ROOT / "SECURITY.md").read_text()):
        file = match[1] or file
        found.append((file, match[2]))
    return found


@pytest.mark.parametrize(("file", "test"), named())
def test_a_test_that_security_md_names_is_there(file: str, test: str) -> None:
    assert f"\ndef {test}(" in (ROOT / file).read_text()
