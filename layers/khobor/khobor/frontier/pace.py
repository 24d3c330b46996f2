"""When the next request to a host may be sent: a delay, back-off after failures, and a circuit breaker.

These are pure functions from a state and a time, in seconds since 1970, to a state. A failure is a response that shows
that the host is in trouble or wants fewer requests (RetryableError); any other response, such as 404, is a success.
``Hosts`` ensures that one request is sent at a time, and one probe after the circuit was open long enough.

Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
Circuit breaker: https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

# The longest wait after the first failure. Each further failure in a row doubles it.
BACKOFF_SECONDS = 10.0
MAX_BACKOFF_SECONDS = 3_600.0
# One page that always times out does not mean that the host is in trouble; five failures in a row do.
FAILURES_TO_OPEN = 5
# How long the circuit is open at first. A deployment or a restart takes less. Each failed probe doubles it.
OPEN_SECONDS = 900.0
# How soon to check again whether another process has ended its turn of a host.
TURN_CHECK = timedelta(seconds=5)
# A host without a request for this long counts as new.
HOST_LIFETIME = timedelta(days=60)
# A host is probed at least once a day.
MAX_OPEN_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class HostState:
    """The state of a host.

    Attributes:
        next_at: When the next request may be sent.
        failures: The number of failures since the last success.
        delay: The seconds between two requests: the larger of the source's delay and Crawl-delay.
        open_until: When a probe may be sent; None while the circuit is closed.
    """

    next_at: float = 0.0
    failures: int = 0
    delay: float = 0.0
    open_until: float | None = None


def due(state: HostState, now: float) -> float:
    """Return the seconds until a request may be sent; 0 if one may be sent now.

    Args:
        state: The state of the host.
        now: The time.
    """
    return max(0.0, state.next_at - now, (state.open_until or 0.0) - now)


def after_success(state: HostState, now: float, delay: float) -> HostState:
    """Return the state after an answer: the circuit is closed, and a later ``next_at`` still counts.

    Args:
        state: The state before.
        now: When the answer came.
        delay: As in HostState.
    """
    return HostState(next_at=max(state.next_at, now + delay), delay=delay)


def after_failure(state: HostState, now: float, delay: float, retry_after: float | None, rng: Random) -> HostState:
    """Return the state after a failure.

    Args:
        state: The state before.
        now: When the request failed.
        delay: As in ``after_success``.
        retry_after: The seconds that the host asked to wait at least; None if it did not.
        rng: The source of the jitter.
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
    # Beyond 2³² every limit here is reached, and a float might overflow.
    return min(most, seconds * 2.0 ** min(times, 32))
