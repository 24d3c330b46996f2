"""Run a folder of cases on this checkout: a case that passed once may not fail again.

    cases.py FOLDER [FAILING]

``FOLDER/run.py CHECKOUT --json FILE`` runs the cases and writes ``[{"case": name, "passed": bool, "wrong": [text]}]``.
FAILING lists the cases that may still fail, one a line; by default it is ``failing-cases.txt`` beside this file. A
case that fails and is not listed fails the build. So does a listed case that passes: it must leave the list.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(folder: Path, failing: Path) -> int:
    """Run the cases and print what fails; returns the exit status."""
    wrong = _run(folder)
    allowed = {name for line in failing.read_text().splitlines() if (name := line.partition("#")[0].strip())}
    failed = {name for name, texts in wrong.items() if texts}
    for name in sorted(failed):
        print(f"{'fails, as before' if name in allowed else 'FAILS'}: {name}")
        print(*(f"    {text}" for text in wrong[name]), sep="\n")
    for name in sorted(allowed - failed):
        state = "passes now" if name in wrong else "is no case"
        print(f"{name} {state}: remove it from {failing}")
    print(f"{len(wrong)} cases: {len(wrong.keys() - failed)} pass, {len(failed)} fail, {len(failed - allowed)} newly")
    return 1 if failed ^ allowed else 0


def _run(folder: Path) -> dict[str, list[str]]:
    """Return what is wrong with each case, nothing for those that pass."""
    with tempfile.TemporaryDirectory() as temporary:
        results = Path(temporary, "results.json")
        command = [sys.executable, folder / "run.py", HERE.parent, "--json", results]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if not results.exists():
            sys.exit(f"{folder / 'run.py'} ended with status {done.returncode} and wrote no results:\n{done.stdout}")
        found = json.loads(results.read_text("utf-8"))
    return {each["case"]: [] if each["passed"] else each["wrong"] or ["no reason given"] for each in found}


if __name__ == "__main__":
    arguments = [Path(argument) for argument in sys.argv[1:]]
    if len(arguments) not in {1, 2}:
        sys.exit(__doc__)
    sys.exit(main(*arguments, *([HERE / "failing-cases.txt"] if len(arguments) == 1 else [])))
