"""However a call to AWS fails, nothing is lost, doubled or stuck; make faults shows what was tried."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence

import pytest
from tests.faults.call_sites import EXCEPTIONS, calls, untried
from tests.faults.faults import CallSite, Kind
from tests.faults.trials import Trial, try_all

WIDTH = max(len(kind.value) for kind in Kind) + 2


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return try_all(os.cpu_count() or 1)


def test_every_fault_at_every_call_is_survived(trials: list[Trial], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\n" + "\n".join(table(trials)))
    lost = [trial for trial in trials if trial.problems]
    assert not lost, "\n".join(line for trial in lost for line in describe(trial))


def test_every_call_in_the_code_is_tried(trials: list[Trial]) -> None:
    assert untried(trial.plan[-1].site for trial in trials) == []


def test_every_exception_is_still_needed() -> None:
    assert {call.place for call in calls()} >= EXCEPTIONS.keys()


def table(trials: Sequence[Trial]) -> Iterator[str]:
    """Yield the lines of a table: from how many places each call was tried with each fault, and how many were lost."""
    cells: dict[tuple[str, str, str], dict[Kind, list[Trial]]] = defaultdict(lambda: defaultdict(list))
    for trial in trials:
        cells[row(trial.plan[-1].site)][trial.plan[-1].kind].append(trial)
    widths = [max(map(len, column)) + 2 for column in zip(*cells, strict=True)]
    head = ("function", "call", "operation")
    yield line(head, widths) + "".join(kind.value.rjust(WIDTH) for kind in Kind)
    for names, found in sorted(cells.items()):
        yield line(names, widths) + "".join(cell(found[kind]).rjust(WIDTH) for kind in Kind)
    sites, lost = {trial.plan[-1].site for trial in trials}, sum(bool(trial.problems) for trial in trials)
    yield f"{len(sites)} call sites, {len(trials)} faults, {len(trials) - lost} survived"


def row(site: CallSite) -> tuple[str, str, str]:
    """Return the row of a call in the table: its function, what was called in its module, its operation."""
    module = site.frames[-1].file
    entry = next(frame for frame in site.frames if frame.file == module)
    return site.function.removesuffix("Function").lower(), entry.function, site.operation


def line(names: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(name.ljust(width) for name, width in zip(names, widths, strict=True))


def cell(trials: Sequence[Trial]) -> str:
    lost = sum(bool(trial.problems) for trial in trials)
    return f"{lost} lost" if lost else str(len(trials) or "–")


def describe(trial: Trial) -> Iterator[str]:
    """Yield the lines that describe a trial."""
    faults = (f"{fault.kind.value} at {' > '.join(row(fault.site))}" for fault in trial.plan)
    yield f"{trial.step}: {', then '.join(faults)}"
    yield from (f"  {problem}" for problem in trial.problems)
