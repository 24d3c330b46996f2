"""docs/operations/metrics.md names each metric that the functions write, and no other."""

import re

import pytest
from tests.conftest import ROOT

CODE = {path.parent.name: path.read_text() for path in sorted(ROOT.glob("functions/*/app.py"))}
DOCUMENT = (ROOT / "docs" / "operations" / "metrics.md").read_text()
DOCUMENTED = dict(re.findall(r"^\| `(\w+)` \| `service`(?:, `reason`)?(?: = ([a-z, ]+))? \|", DOCUMENT, re.MULTILINE))


def written(code: str) -> set[str]:
    """Return the metrics that a function writes: by name, by its own counter, by a table of outcomes."""
    named = set(re.findall(r'(?:name=|_count\()"([A-Z]\w+)"', code))
    tables = "".join(re.findall(r"^METRICS = \{(.*?)^\}", code, re.MULTILINE | re.DOTALL))
    return named | set(re.findall(r': "([A-Z]\w+)"', tables))


def test_every_metric_is_documented_and_none_that_there_is_not() -> None:
    assert DOCUMENTED.keys() == set().union(*map(written, CODE.values()))


@pytest.mark.parametrize("service", CODE)
def test_a_metric_of_one_service_is_documented_as_its(service: str) -> None:
    of_it = {name for name, services in DOCUMENTED.items() if service in services.split(", ")}
    of_all = {name for name, services in DOCUMENTED.items() if not services}
    assert of_it <= written(CODE[service]) <= of_it | of_all


@pytest.mark.parametrize("service", CODE)
def test_no_metric_has_a_dimension_of_which_there_is_no_end(service: str) -> None:
    dimensions = set(re.findall(r'add_dimension\(name="(\w+)"', CODE[service]))
    assert dimensions <= {"service", "reason"}


@pytest.mark.parametrize("service", CODE)
def test_every_function_logs_without_secrets(service: str) -> None:
    assert f'logger = Logger(service="{service}", json_serializer=log_line)' in CODE[service]
