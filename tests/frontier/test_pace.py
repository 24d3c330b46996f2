"""When a host may get a request: properties over any order of events."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from khobor.frontier.pace import (
    FAILURES_TO_OPEN,
    MAX_BACKOFF_SECONDS,
    MAX_OPEN_SECONDS,
    OPEN_SECONDS,
    HostState,
    after_failure,
    after_success,
    due,
)

NOW = 1_700_000_000.0
SECONDS = st.floats(0, 86_400)
NEW = HostState()


def failed(times: int, now: float = NOW) -> HostState:
    state = NEW
    for _ in range(times):
        state = after_failure(state, now, 1.0, None, Random(1))
    return state


def test_a_host_that_nobody_asked_may_be_asked_at_once() -> None:
    assert due(NEW, NOW) == 0


def test_the_delay_passes_between_two_requests() -> None:
    state = after_success(NEW, NOW, 2.0)
    assert due(state, NOW + 0.5) == 1.5
    assert due(state, NOW + 2.0) == 0


def test_what_the_host_asked_for_is_waited_for_even_if_another_request_went_well() -> None:
    state = after_failure(NEW, NOW, 1.0, 300.0, Random(1))
    assert due(state, NOW) == 300
    assert due(after_success(state, NOW + 1, 1.0), NOW + 1) == 299


def test_the_back_off_doubles_and_its_jitter_is_full() -> None:
    waits = [
        [due(after_failure(HostState(failures=n), NOW, 0.0, None, Random(seed)), NOW) for seed in range(200)]
        for n in range(3)
    ]
    assert [round(max(wait), -1) for wait in waits] == [10, 20, 40]
    assert all(min(wait) < 1 for wait in waits)


def test_the_circuit_opens_after_failures_in_a_row_and_not_before() -> None:
    assert failed(FAILURES_TO_OPEN - 1).open_until is None
    assert due(failed(FAILURES_TO_OPEN), NOW) == OPEN_SECONDS


def test_a_success_between_failures_begins_the_row_anew() -> None:
    state = after_success(failed(FAILURES_TO_OPEN - 1), NOW, 1.0)
    assert after_failure(state, NOW, 1.0, None, Random(1)).open_until is None


def test_a_circuit_that_was_open_long_enough_lets_a_probe_through() -> None:
    state = failed(FAILURES_TO_OPEN)
    assert due(state, NOW + OPEN_SECONDS - 1) == 1
    assert due(state, NOW + OPEN_SECONDS) == 0


def test_a_probe_that_goes_well_closes_the_circuit() -> None:
    state = after_success(failed(FAILURES_TO_OPEN), NOW + OPEN_SECONDS + 1, 1.0)
    assert state.open_until is None
    assert due(state, NOW + OPEN_SECONDS + 1) == 1
    assert after_failure(state, NOW, 1.0, None, Random(1)).open_until is None


@pytest.mark.parametrize(
    ("times", "seconds"), [(0, 900), (1, 1800), (2, 3600), (6, 57_600), (7, 86_400), (5000, 86_400)]
)
def test_each_probe_that_fails_doubles_the_time_up_to_a_day(times: int, seconds: float) -> None:
    assert due(failed(FAILURES_TO_OPEN + times), NOW) == seconds


@given(failures=st.integers(0, 10_000), delay=SECONDS, retry_after=st.none() | SECONDS, seed=st.integers())
def test_a_wait_is_never_shorter_than_asked_nor_longer_than_needed(
    failures: int, delay: float, retry_after: float | None, seed: int
) -> None:
    state = after_failure(HostState(failures=failures), NOW, delay, retry_after, Random(seed))
    least = max(delay, retry_after or 0)
    most = max(least, MAX_BACKOFF_SECONDS, MAX_OPEN_SECONDS if state.open_until else 0)
    assert least - 1e-6 <= due(state, NOW) <= most + 1e-6


@given(now=st.floats(0, 1e10), later=st.floats(0, 1e6), failures=st.integers(0, 20))
def test_time_only_makes_a_host_more_due(now: float, later: float, failures: int) -> None:
    state = failed(failures, now)
    assert 0 <= due(state, now + later) <= due(state, now)


class Crawler(RuleBasedStateMachine):
    """Asks a host when it is due; the host answers well or ill, soon or never."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.state = NEW
        self.asked_at: float | None = None
        self.not_before = NOW
        self.in_a_row = 0
        self.is_out = False

    @rule(seconds=st.floats(0, 100_000))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: due(self.state, self.now) == 0)
    @rule()
    def ask(self) -> None:
        # Politeness, by the test's own record of requests.
        assert self.now >= self.not_before - 1e-3
        self.is_out = True

    @precondition(lambda self: self.is_out)
    @rule(delay=st.floats(0.5, 60))
    def succeed(self, delay: float) -> None:
        self.state = after_success(self.state, self.now, delay)
        self.not_before = max(self.not_before, self.now + delay)
        self.in_a_row = 0
        self.is_out = False

    @precondition(lambda self: self.is_out)
    @rule(delay=st.floats(0.5, 60), retry_after=st.none() | SECONDS, seed=st.integers())
    def fail(self, delay: float, retry_after: float | None, seed: int) -> None:
        self.state = after_failure(self.state, self.now, delay, retry_after, Random(seed))
        self.not_before = max(self.not_before, self.now + max(delay, retry_after or 0))
        self.in_a_row += 1
        self.is_out = False

    @rule()
    def lose_the_answer(self) -> None:
        self.is_out = False

    @invariant()
    def the_circuit_is_open_after_failures_in_a_row_alone(self) -> None:
        assert (self.state.open_until is not None) == (self.in_a_row >= FAILURES_TO_OPEN)

    @invariant()
    def the_host_is_due_within_a_day(self) -> None:
        assert due(self.state, self.now + MAX_OPEN_SECONDS + 1e-3) == 0


TestCrawler = Crawler.TestCase
