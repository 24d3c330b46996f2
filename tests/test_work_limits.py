"""Work on strangers' input ends within its limits of time and memory, and says where it was."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from lxml.etree import XPathEvalError
from tests.conftest import ROOT

from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.html.markup import without_markup
from khobor.work_limits import WorkCrashedError, WorkLimits, within

AMPLE = WorkLimits(seconds=60, megabytes=500)
SHORT = WorkLimits(seconds=0.05, megabytes=500)
SHORT_OF_CPU = WorkLimits(seconds=0.05, megabytes=500, of_cpu=True)
SMALL = WorkLimits(seconds=60, megabytes=20)
LIMITS = pytest.mark.parametrize("limits", [SHORT, SHORT_OF_CPU], ids=["clock", "CPU"])
# In this process, in one of its own, and outside of the main thread.
WAYS = pytest.mark.parametrize("way", ["here", "apart", "thread"])


def run(way: str, limits: WorkLimits, work: Callable[[], object]) -> object:
    if way == "thread":
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(within, limits, work, what="the page").result()
    return within(limits, work, what="the page", isolated=way == "apart")


def refused(way: str, limits: WorkLimits, work: Callable[[], object]) -> KhoborError:
    with pytest.raises(KhoborError) as caught:
        run(way, limits, work)
    return caught.value


def without_end() -> None:
    while True:
        without_markup("<b>on</b> and <i>on</i>" * 100)


def swallows_errors() -> None:
    while True:
        # So does code that reads what may be broken.
        with suppress(Exception):
            without_end()


def in_c_without_end() -> int:
    # Signals are not handled meanwhile.
    return sum(iter(int, 1))


def takes_memory() -> int:
    return len(b"page" * 100_000_000)


def ended_by(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


@WAYS
def test_what_is_quick_returns_its_result(way: str) -> None:
    assert run(way, AMPLE, lambda: without_markup("<b>on</b>")) == "on"


@WAYS
@LIMITS
@pytest.mark.parametrize("work", [without_end, swallows_errors])
def test_what_does_not_end_is_ended_and_says_where_it_was(
    way: str, limits: WorkLimits, work: Callable[[], None]
) -> None:
    error = refused(way, limits, work)
    assert isinstance(error, PermanentError)
    assert error.reason == "too_slow"
    assert error.detail.startswith("the page took longer than 0.05 s to read, and was stopped in markup (")


@pytest.mark.slow
@LIMITS
@pytest.mark.parametrize("way", ["apart", "thread"])
def test_no_call_into_c_outlasts_its_time(way: str, limits: WorkLimits) -> None:
    assert refused(way, limits, in_c_without_end).reason == "too_slow"


@WAYS
def test_what_waits_while_others_work_has_its_time(way: str) -> None:
    def work() -> int:
        # It takes more CPU time than the limit, but not this process's.
        return subprocess.run([sys.executable, "-c", "sum(range(4_000_000))"], check=True).returncode

    assert refused(way, SHORT, work).reason == "too_slow"
    # By the clock it may take 20 times as long, which it does not on a busy machine either.
    assert run(way, WorkLimits(seconds=0.1, megabytes=500, of_cpu=True), work) == 0


def test_what_waits_without_end_is_ended() -> None:
    reading, writing = os.pipe()
    limits = WorkLimits(seconds=0.02, megabytes=500, of_cpu=True)
    assert refused("apart", limits, lambda: os.read(reading, 1)).reason == "too_slow"
    os.close(reading)
    os.close(writing)


class _TooLargeError(KhoborError):
    def __reduce__(self) -> Any:
        raise MemoryError


def test_a_process_without_memory_for_its_answer_took_too_much() -> None:
    def work() -> None:
        raise _TooLargeError("too_large", "a page")

    assert refused("apart", AMPLE, work).reason == "too_much_memory"


@pytest.mark.slow
@pytest.mark.parametrize("way", ["apart", "thread"])
def test_what_takes_too_much_memory_is_ended(way: str) -> None:
    error = refused(way, SMALL, takes_memory)
    assert (type(error), error.reason) == (PermanentError, "too_much_memory")
    assert run(way, AMPLE, takes_memory) == 400_000_000


def fails_after_memory_error() -> None:
    try:
        takes_memory_without_end()
    except MemoryError:
        [].pop()


def takes_memory_without_end() -> None:
    # More than any address space.
    bytearray(1 << 62)


def fails_as_lxml_without_memory() -> None:
    raise XPathEvalError("unknown error")


@WAYS
@pytest.mark.parametrize("work", [takes_memory_without_end, fails_after_memory_error, fails_as_lxml_without_memory])
def test_an_error_for_lack_of_memory_is_no_fault_of_khobor(way: str, work: Callable[[], None]) -> None:
    assert refused(way, AMPLE, work).reason == "too_much_memory"


@pytest.mark.parametrize(
    ("number", "reason"),
    [(signal.SIGKILL, "too_much_memory"), (signal.SIGABRT, "too_much_memory"), (signal.SIGSEGV, "crashed")],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_process_that_is_ended_is_no_end_of_this_one(number: signal.Signals, reason: str) -> None:
    error = refused("apart", AMPLE, ended_by(number))
    assert error.reason == reason
    assert number.name in error.detail


@WAYS
def test_a_refusal_comes_through_as_it_is(way: str) -> None:
    def refuse() -> None:
        raise RetryableError("http_503", "the site is busy", retry_after=30)

    error = refused(way, AMPLE, refuse)
    assert isinstance(error, RetryableError)
    assert (error.reason, error.detail, error.retry_after) == ("http_503", "the site is busy", 30)


def test_a_fault_says_where_it_was_in_the_other_process() -> None:
    with pytest.raises(WorkCrashedError, match=r"test_work_limits.py(?s:.*)ZeroDivisionError"):
        run("apart", AMPLE, lambda: 1 // 0)


def test_what_changed_in_the_other_process_changed_there_alone() -> None:
    seen: list[int] = []

    def work() -> int:
        seen.append(1)
        return os.getpid()

    assert run("apart", AMPLE, work) != os.getpid()
    assert seen == []


def test_a_large_result_comes_through_whole() -> None:
    assert run("apart", AMPLE, lambda: b"x" * 5_000_000) == b"x" * 5_000_000


def test_work_side_by_side_ends_by_itself() -> None:
    ready = threading.Barrier(4)

    def work(number: int) -> object:
        ready.wait()
        return run("apart", SHORT if number == 0 else AMPLE, without_end if number == 0 else lambda: number)

    with ThreadPoolExecutor(4) as pool:
        slow, *others = [pool.submit(work, number) for number in range(4)]
        assert [each.result() for each in others] == [1, 2, 3]
        assert isinstance(slow.exception(), PermanentError)


def test_an_alarm_of_somebody_elses_is_left_as_it_was() -> None:
    def listen(*_: object) -> None: ...

    before = signal.signal(signal.SIGALRM, listen)
    signal.setitimer(signal.ITIMER_REAL, 1000, 5)
    try:
        refused("here", SHORT, without_end)
        delay, interval = signal.setitimer(signal.ITIMER_REAL, 0)
        assert signal.getsignal(signal.SIGALRM) is listen
        assert (990 < delay <= 1000, interval) == (True, 5)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.slow
def test_no_process_is_left() -> None:
    # The process of the tests itself may have others: the pool of a local archive keeps one to fork from.
    call = "from tests.test_work_limits import use_processes; use_processes()"
    subprocess.run([sys.executable, "-c", call], cwd=ROOT, check=True)


def use_processes() -> None:
    """Start processes, and fail if one of them is left."""
    refused("apart", SHORT, without_end)
    run("apart", AMPLE, int)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
