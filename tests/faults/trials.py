"""Every fault at every call, each tried in a copy of this process that is made just before the step of the call."""

import os
import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TypeVar

from tests.faults.days import Days, Step, beginning
from tests.faults.faults import CallSite, Fault, Faults
from tests.faults.final_state import FinalState, difference, final_state

T = TypeVar("T")
# A fault may lead to calls that are not made without it; these are tried, too, with it before them.
MOST_FAULTS = 2


@dataclass(frozen=True)
class PlayedStep:
    """A step, with faults or without.

    Attributes:
        final_state: What exists afterwards.
        seen: From where AWS was called.
        missed: The faults that were planned and did not come.
    """

    final_state: FinalState
    seen: tuple[CallSite, ...]
    missed: tuple[Fault, ...]


@dataclass(frozen=True)
class Trial:
    """A fault that was tried.

    Attributes:
        step: The step in which it was.
        plan: The fault, the last one, and those that led to its call.
        problems: What was otherwise afterwards than without it.
    """

    step: str
    plan: tuple[Fault, ...]
    problems: tuple[str, ...]


def try_all(processes: int) -> list[Trial]:
    """Try every fault, in so many processes at a time."""
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        shares = list(pool.map(try_share, range(processes), [processes] * processes))
    found = {(trial.plan[-1], trial.step): trial for share in shares for trial in share}
    return list(found.values())


def try_share(number: int, of: int) -> list[Trial]:
    """Try the faults of a share: every so many-th, from a number on."""
    # Once for nothing but to see, and to have in memory what is read once.
    with beginning() as days:
        usual = [play(days, step, ()).seen for step in days.steps]
    known = {site for seen in usual for site in seen}
    with beginning() as days:
        trials: list[Trial] = []
        tried: set[CallSite] = set()
        for step, seen in zip(days.steps, usual, strict=True):
            fresh = [site for site in dict.fromkeys(seen) if site not in tried]
            tried.update(fresh)
            plans = [(Fault(site, kind),) for site in fresh for kind in site.kinds()]
            trials += try_step(days, step, plans[number::of], known)
            play(days, step, ())
        return trials


def try_step(days: Days, step: Step, plans: Sequence[tuple[Fault, ...]], known: set[CallSite]) -> Iterator[Trial]:
    """Try plans of faults in a step, and what they lead to."""
    expected = in_a_copy(lambda: play(days, step, ())).final_state
    waiting = list(plans)
    while waiting:
        plan = waiting.pop(0)
        played = in_a_copy(lambda: attempt(days, step, plan))  # noqa: B023 called at once
        if isinstance(played, str):
            yield Trial(step[1].__name__, plan, (played,))
            continue
        missed = tuple(f"missed {fault.kind.value} at {fault.site}" for fault in played.missed)
        yield Trial(step[1].__name__, plan, missed or tuple(difference(expected, played.final_state)))
        if len(plan) < MOST_FAULTS:
            new = [site for site in played.seen if site not in known]
            known.update(new)
            waiting += [(*plan, Fault(site, kind)) for site in new for kind in site.kinds()]


def attempt(days: Days, step: Step, plan: Sequence[Fault]) -> PlayedStep | str:
    """Play a step with faults; return what was raised as a text."""
    try:
        return play(days, step, plan)
    except Exception:  # noqa: BLE001 whatever it is, it is a finding
        return traceback.format_exc()


def play(days: Days, step: Step, plan: Sequence[Fault]) -> PlayedStep:
    """Play a step with faults."""
    faults = Faults(plan)
    with faults.injected():
        days.take(step)
    return PlayedStep(final_state(days), tuple(faults.seen), tuple(faults.pending))


def in_a_copy(work: Callable[[], T]) -> T:
    """Do something in a copy of this process, which it leaves as it is, and return what it gives."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump(work(), pipe)
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("a copy of this process failed; its output says more")
    found: T = pickle.loads(data)  # noqa: S301 it comes from this process
    return found
