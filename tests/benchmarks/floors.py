"""What khobor must reach: floors of quality, ceilings of cost.

``floors.toml`` has a table for each set of pages, and one for ``scaling``, with ``at_least`` and ``at_most``.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks.measures import MEASURES

FILE = Path(__file__).with_name("floors.toml")
TIMES_FLOOR = "times_floor"
RAISED = "raised"
SCALING = "scaling"
TEN_TIMES_THE_PAGE = "ten_times_the_page"
# By how much less, by how many times more than was measured is pinned. The same code costs more times the floor on some
# machines than on others: on web pages 7.7 on one and 9.0 on another. Other commands beside it add to that.
MARGIN = 0.005
TIMES = 1.6
# Ten times the page in ten times the time is linear, and no machine measures it as just that.
LINEAR = 12.0
# What is quadratic takes a hundred times the time: this is between, beyond what a machine at work measures.
NOT_LINEAR = 20.0

Measured = Mapping[str, Mapping[str, float]]
Bounds = Mapping[str, Mapping[str, Mapping[str, float]]]


def load(file: Path) -> Bounds:
    """Return the pinned bounds."""
    return tomllib.loads(file.read_text())


def violations(measured: Measured, bounds: Bounds) -> list[str]:
    """Return a line for each bound of a measured set that does not hold."""
    return [line for name, of_set in bounds.items() if name in measured for line in _of(name, measured[name], of_set)]


def pin(measured: Measured, bounds: Bounds) -> str:
    """Return the file of bounds a little below and above what was measured.

    Args:
        measured: What was measured.
        bounds: Those pinned before. They stay for sets that were not measured.
    """
    return "\n".join(["# Written by make bench-floors with OPTIONS=--pin.\n", *_tables(_around(measured), bounds)])


def _around(measured: Measured) -> Bounds:
    return {
        name: {
            "at_least": {
                measure: value - MARGIN for measure, value in values.items() if measure in MEASURES and value > MARGIN
            },
            "at_most": {
                measure: _CEILINGS[measure](value) for measure, value in values.items() if measure in _CEILINGS
            },
        }
        for name, values in measured.items()
    }


def _tables(new: Bounds, old: Bounds) -> Iterator[str]:
    for name, bounds in sorted({**old, **new}.items()):
        yield from (_table(f"{name}.{side}", values) for side, values in bounds.items() if values)


_CEILINGS: dict[str, Callable[[float], float]] = {
    TIMES_FLOOR: lambda value: value * TIMES,
    TEN_TIMES_THE_PAGE: lambda value: max(value * TIMES, NOT_LINEAR),
    RAISED: float,
}


def _of(name: str, values: Mapping[str, float], bounds: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for measure, floor in bounds.get("at_least", {}).items():
        value = values.get(measure)
        if value is None or value < floor:
            yield f"{name}: {measure} is {_shown(value)}, and its floor is {floor:g}"
    for measure, ceiling in bounds.get("at_most", {}).items():
        value = values.get(measure)
        if value is None or value > ceiling:
            yield f"{name}: {measure} is {_shown(value)}, and its ceiling is {ceiling:g}"


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"


def _table(name: str, values: Mapping[str, float]) -> str:
    return "\n".join([f"[{name}]", *(f"{measure} = {round(value, 3):g}" for measure, value in values.items()), ""])
