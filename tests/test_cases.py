"""The build fails if a case that has passed fails, or if the list of failing cases is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

# In place of real cases: "good" passes, "bad" fails.
RUN = """
import json, sys
results = [{"case": "good", "passed": True, "wrong": []}, {"case": "bad", "passed": False, "wrong": ["title is None"]}]
open(sys.argv[sys.argv.index("--json") + 1], "w").write(json.dumps(results))
sys.exit(1)
"""


@pytest.mark.parametrize(
    ("failing", "status", "said"),
    [
        (
            "# slow to fix\nbad  # title\n",
            0,
            "fails, as before: bad\n    title is None\n2 cases: 1 pass, 1 fail, 0 new",
        ),
        ("", 1, "FAILS: bad\n    title is None\n"),
        ("bad\ngood\n", 1, "good passes now: remove it from "),
        ("bad\ngone\n", 1, "gone is no case: remove it from "),
    ],
    ids=["listed", "not listed", "listed but passes", "listed but unknown"],
)
def test_the_list_of_failing_cases_must_be_true(tmp_path: Path, failing: str, status: int, said: str) -> None:
    (tmp_path / "run.py").write_text(RUN)
    (tmp_path / "failing.txt").write_text(failing)
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (status, "")
    assert said in done.stdout


def test_cases_that_cannot_run_fail_the_build(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text("raise ImportError('no module')")
    (tmp_path / "failing.txt").write_text("")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "wrote no results" in done.stderr
    assert "no module" in done.stderr


def run(folder: Path) -> "subprocess.CompletedProcess[str]":
    command: list[str | Path] = [sys.executable, ROOT / ".ci" / "cases.py", folder, folder / "failing.txt"]
    return subprocess.run(command, capture_output=True, text=True, check=False)
