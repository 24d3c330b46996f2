"""docs/operations/metrics.md lists exactly the metrics that the functions write."""

import re
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.faults.call_sites import imported


def reached(app: Path) -> set[Path]:
    """Return the code of a function, and the modules that it imports, directly or not."""
    found, waiting = {app}, [app]
    while waiting:
        fresh = set(imported(waiting.pop())) - found
        found |= fresh
        waiting += fresh
    return found


SERVICES = [path.parent.name for path in sorted(ROOT.glob("functions/*/app.py"))]
DOCUMENT = (ROOT / "docs" / "operations" / "metrics.md").read_text()
DOCUMENTED = dict(re.findall(r"^\| `(\w+)` \| `service`(?:, `reason`)?(?: = ([a-z, ]+))? \|", DOCUMENT, re.MULTILINE))


@cache
def code_of(service: str) -> str:
    """Return the code of a function and of the modules that it imports."""
    return "\n".join(each.read_text() for each in sorted(reached(ROOT / "functions" / service / "app.py")))


def written(service: str) -> set[str]:
    """Return the metrics that a function writes: by name, of a source, by a table of outcomes."""
    code = code_of(service)
    named = set(re.findall(r'(?:name=|\.count\(|\.count_of\([\w.]+, )"([A-Z]\w+)"', code))
    tables = "".join(re.findall(r"^METRICS\b.*? = \{(.*?)^\}", code, re.MULTILINE | re.DOTALL))
    return named | set(re.findall(r': "([A-Z]\w+)"', tables))


def test_every_metric_is_documented_and_none_that_there_is_not() -> None:
    assert DOCUMENTED.keys() == set().union(*map(written, SERVICES))


@pytest.mark.parametrize("service", SERVICES)
def test_a_metric_of_one_service_is_documented_as_its(service: str) -> None:
    of_it = {name for name, services in DOCUMENTED.items() if service in services.split(", ")}
    of_all = {name for name, services in DOCUMENTED.items() if not services}
    assert of_it <= written(service) <= of_it | of_all


@pytest.mark.parametrize("service", SERVICES)
def test_no_metric_has_a_dimension_of_which_there_is_no_end(service: str) -> None:
    assert set(re.findall(r'add_dimension\(name="(\w+)"', code_of(service))) == {"service", "reason"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_has_the_one_log_under_its_own_name(service: str) -> None:
    app = (ROOT / "functions" / service / "app.py").read_text()
    assert f'observability = Observability("{service}")' in app
    assert "Logger(" not in app
