"""When a source is started again by ``khobor watch``."""

from datetime import UTC, datetime, timedelta

import pytest

from khobor.local.watching import is_due
from khobor.sources.registry import Registry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = {"test.toml": 'version = 1\npublisher = "Test"\nhosts = ["a.example"]\n[discovery]\ninterval_minutes = 30\n'}


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        pytest.param(None, True, id="never started"),
        pytest.param(timedelta(), False, id="just started"),
        pytest.param(timedelta(minutes=29, seconds=59), False, id="within its interval"),
        pytest.param(timedelta(minutes=30), True, id="interval over"),
        pytest.param(timedelta(days=3), True, id="the machine slept"),
        pytest.param(timedelta(days=-1), True, id="started by a clock that was ahead"),
    ],
)
def test_a_source_is_started_when_its_interval_is_over_and_not_before(ago: timedelta | None, expected: bool) -> None:
    source = Registry(FILES).source("test")
    assert source
    assert is_due(source, None if ago is None else NOW - ago, NOW) is expected
