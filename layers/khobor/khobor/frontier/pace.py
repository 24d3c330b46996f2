"""When a host may be asked next: a delay after each request, back-off after failures, a circuit that opens and closes.

Pure decisions: what is known of a host goes in with the time, and what is known afterwards comes out. Times are in
seconds since the epoch. A failure is what says that the host is in trouble or wants less, as RetryableError does;
any other answer, 404 among them, is a success. That a host is asked by one at a time, and by one probe once its circuit
was open long enough, is the matter of whoever keeps the state.

Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
Circuit breaker: https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
"""

from dataclasses import dataclass
from random import Random

# What the first failure costs at most; each further one in a row doubles it.
BACKOFF_SECONDS = 10.0
MAX_BACKOFF_SECONDS = 3_600.0
# One page that always times out is no host in trouble; five failures in a row are.
FAILURES_TO_OPEN = 5
# How long a host is left alone first: a deployment or a restart is over by then. Each failed probe doubles it.
OPEN_SECONDS = 900.0
# Once a day is found out whether a host has come back.
MAX_OPEN_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class HostState:
    """What is known of a host.

    Attributes:
        next_at: Not to be asked before.
        failures: How many failures there were since the last success.
        delay: Seconds between two requests: the larger of its source's own and Crawl-delay.
        open_until: When a probe may find out whether the host is well again; None while the circuit is closed.
    """

    next_at: float = 0.0
    failures: int = 0
    delay: float = 0.0
    open_until: float | None = None


def due(state: HostState, now: float) -> float:
    """Return the seconds until the host may be asked, 0 if it may be now."""
    return max(0.0, state.next_at - now, (state.open_until or 0.0) - now)


def after_success(state: HostState, now: float, delay: float) -> HostState:
    """Return the state after an answer: the circuit is closed, and what was promised before is still kept.

    Args:
        state: What was known.
        now: When the answer came.
        delay: As in HostState.
    """
    return HostState(next_at=max(state.next_at, now + delay), delay=delay)


def after_failure(state: HostState, now: float, delay: float, retry_after: float | None, rng: Random) -> HostState:
    """Return the state after a failure.

    Args:
        state: What was known.
        now: When the request failed.
        delay: As in ``after_success``.
        retry_after: Seconds that the host asked to wait, the least that is waited; None where it did not ask.
        rng: Where the jitter comes from.
    """
    failures = state.failures + 1
    jittered = rng.uniform(0, _doubled(BACKOFF_SECONDS, failures - 1, MAX_BACKOFF_SECONDS))
    wait = max(delay, retry_after or 0.0, jittered)
    opens = failures >= FAILURES_TO_OPEN
    return HostState(
        next_at=max(state.next_at, now + wait),
        failures=failures,
        delay=delay,
        open_until=now + _doubled(OPEN_SECONDS, failures - FAILURES_TO_OPEN, MAX_OPEN_SECONDS) if opens else None,
    )


def _doubled(seconds: float, times: int, most: float) -> float:
    # Beyond 2³² no limit here is left to be reached, and a float might be.
    return min(most, seconds * 2.0 ** min(times, 32))
