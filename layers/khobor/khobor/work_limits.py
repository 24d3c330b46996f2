"""Work on strangers' input within limits of time and memory.

Usually the work is done in this process, and an alarm ends it. That costs nothing, but the alarm is heard between two
steps of Python only: a call into a C library such as libxml2 ends first. In a forked process of its own nothing of the
work can outlast its time, and its memory is limited, too. That costs some hundredths of a second, so it is for input
that failed before, and for threads, which hear no alarm.

A forked process and a pipe are all that AWS Lambda allows; the pools and queues of ``multiprocessing`` need
semaphores in ``/dev/shm``, which it lacks.
"""

import faulthandler
import gc
import os
import pickle
import re
import resource
import select
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from khobor.errors import KhoborError, PermanentError

_Result = TypeVar("_Result")
# An alarm may ring where Python drops what a handler raises, as while it collects garbage: it rings again.
_RINGS_AGAIN_SECONDS = 0.1
# When its time is over, an alarm ends the work; so much later a watchdog, and as much later its parent.
_GRACE_SECONDS = 0.5
_MEGABYTE = 1_000_000
_READ_BYTES = 1 << 20
_PACKAGE = Path(__file__).parent
# A line of the traceback that ``faulthandler`` writes, the innermost call first.
_CALL = re.compile(r'^  File "([^"\n]*)", line \d+ in (.*)$', re.MULTILINE)
# How an answer begins.
_RESULT, _REFUSED, _CRASHED = b"result ", b"refused", b"crashed"
_FAILED = 70
_STDERR = 2
# Of the system that has no memory left, and of a library in C++ that gets none.
_SIGNALS_OF_MEMORY = frozenset({signal.SIGKILL, signal.SIGABRT})
# Modules that put others together: they do not say what took so long.
_FRAMEWORK = frozenset({"extraction", "found"})
# A process that is forked while the pipe of another is open would keep that open.
_forking = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class WorkLimits:
    """How much one piece of work may take.

    Attributes:
        seconds: Of time, as a clock on the wall shows it.
        megabytes: Of memory, beyond what the process has already. It counts where the work has a process of its own, on
            Linux.
    """

    seconds: float
    megabytes: int


# A page of news takes some hundredths of a second; a batch of ten at their limits ends within the function's time.
PAGE_LIMITS = WorkLimits(seconds=10, megabytes=700)
# A sitemap may have 50,000 URLs.
LISTING_LIMITS = WorkLimits(seconds=60, megabytes=300)


class WorkCrashedError(Exception):
    """The work raised what nobody expects, in a process of its own; the message is its traceback."""


class _OutOfTimeError(BaseException):
    """The alarm rang. No ``except Exception`` in the work catches it."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


def within(limits: WorkLimits, work: Callable[[], _Result], *, what: str, apart: bool = False) -> _Result:
    """Return what a function returns, unless it takes too long or too much memory.

    Args:
        limits: How much it may take.
        work: The function. Of what it changes nothing may remain; its result can be pickled.
        what: What it works on, as messages call it.
        apart: Whether it gets a process of its own. Outside of the main thread it always does.

    Raises:
        PermanentError: ``too_slow``, with the modules that it was in; ``too_much_memory``; or what the work raised.
        WorkCrashedError: It raised something else in a process of its own.
    """
    if apart or threading.current_thread() is not threading.main_thread():
        return _in_child(limits, work, what)
    return _in_time(limits, work, what)


def _in_time(limits: WorkLimits, work: Callable[[], _Result], what: str) -> _Result:
    """Return what a function returns; raises PermanentError ``too_slow`` or ``too_much_memory``."""
    try:
        with _alarm(limits.seconds):
            return work()
    except _OutOfTimeError as late:
        raise _too_slow(limits, what, late.stage) from None
    except MemoryError:
        raise _too_much_memory(what, "there is no more for this process") from None


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise _OutOfTimeError in the main thread when the time is over; an alarm that was set before is set again."""

    def ring(_: int, frame: FrameType | None) -> NoReturn:
        raise _OutOfTimeError(_stage(_calls(frame)))

    began = time.monotonic()
    heard_before = signal.signal(signal.SIGALRM, ring)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _RINGS_AGAIN_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        # Once more: the alarm may have rung just before it was turned off.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, heard_before)
        if delay:
            left = max(delay - (time.monotonic() - began), _RINGS_AGAIN_SECONDS)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


def _in_child(limits: WorkLimits, work: Callable[[], _Result], what: str) -> _Result:
    began = time.monotonic()
    pid, reading = _fork(limits, work, what)
    answer: bytes | None = None
    try:
        answer = _read(reading, limits.seconds + 2 * _GRACE_SECONDS)
    finally:
        os.close(reading)
        if answer is None:
            os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0 and answer is not None:
        result: _Result = _result(answer)
        return result
    # The watchdog itself may trip over calls that go on meanwhile.
    if answer is None or status > 0 or time.monotonic() - began > limits.seconds:
        raise _too_slow(limits, what, _stage(_CALL.findall((answer or b"").decode(errors="replace"))))
    if -status in _SIGNALS_OF_MEMORY:
        raise _too_much_memory(what, f"its process was ended by {signal.Signals(-status).name}")
    raise PermanentError("crashed", f"{what} ended the process that read it by {signal.Signals(-status).name}")


def _fork(limits: WorkLimits, work: Callable[[], object], what: str) -> tuple[int, int]:
    """Return the id of a process that does the work, and the end of its pipe that gives the answer."""
    with _forking:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # The other threads do not go on in the new process; it does the work, answers and ends.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _work_and_exit(limits, work, what, writing)
        os.close(writing)
    return pid, reading


def _work_and_exit(limits: WorkLimits, work: Callable[[], object], what: str, writing: int) -> NoReturn:
    """Do the work in the forked process, write the answer into the pipe, and end the process."""
    status = _FAILED
    try:
        # The parent says how the process ended. Without memory a library may print a line for each of its calls.
        faulthandler.disable()
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)
        # A watchdog in C, for calls into a library that hear no alarm: it says where they are, and ends the process.
        faulthandler.dump_traceback_later(limits.seconds + _GRACE_SECONDS, exit=True, file=writing)
        # To look for garbage among what the parent has would copy all of it.
        gc.freeze()
        limit_memory(limits)
        answer = _answer(limits, work, what)
        faulthandler.cancel_dump_traceback_later()
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        # Nothing of the parent's may run here: no handler of its exit, no test.
        os._exit(status)


def _answer(limits: WorkLimits, work: Callable[[], object], what: str) -> bytes:
    try:
        return _RESULT + _in_time(limits, lambda: pickle.dumps(work()), what)
    except KhoborError as error:
        return _REFUSED + pickle.dumps(error)
    # Whatever it is, the parent raises it.
    except BaseException:  # noqa: BLE001
        return _CRASHED + traceback.format_exc().encode(errors="replace")


def limit_memory(limits: WorkLimits) -> None:
    """Limit the private memory of this process to what it has and what one piece of work may take, on Linux."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return
    has = int(status.partition("VmData:")[2].split()[0]) * 1024
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = has + limits.megabytes * _MEGABYTE
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _read(reading: int, seconds: float) -> bytes | None:
    """Return what comes through a pipe until its other end is closed; None where the time is over before."""
    parts: list[bytes] = []
    end = time.monotonic() + seconds
    while select.select([reading], [], [], max(end - time.monotonic(), 0))[0]:
        part = os.read(reading, _READ_BYTES)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _result(answer: bytes) -> Any:
    kind, data = answer[: len(_RESULT)], answer[len(_RESULT) :]
    if kind == _CRASHED:
        raise WorkCrashedError(data.decode())
    # It comes from this very program, not from a stranger.
    found = pickle.loads(data)  # noqa: S301
    if kind == _REFUSED:
        raise found
    return found


def _calls(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """Yield the files and functions of the calls that led to a frame, the innermost first."""
    while frame:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def _stage(calls: Iterable[tuple[str, str]]) -> str:
    """Return the modules of khobor that calls are in, from the work on; of the innermost the function, too.

    Args:
        calls: Files and functions, the innermost first.
    """
    work = takewhile(lambda call: call[0] != __file__, calls)
    own = [(Path(file).stem, name) for file, name in work if Path(file).is_relative_to(_PACKAGE)]
    if not own:
        return ""
    modules = [module for module, _ in groupby(module for module, _ in reversed(own)) if module not in _FRAMEWORK]
    return f"{' > '.join(modules)} ({own[0][1]})"


def _too_slow(limits: WorkLimits, what: str, stage: str) -> PermanentError:
    where = f" in {stage}" if stage else ""
    return PermanentError("too_slow", f"{what} took longer than {limits.seconds:g} s to read, and was left{where}")


def _too_much_memory(what: str, why: str) -> PermanentError:
    return PermanentError("too_much_memory", f"{what} takes too much memory to read: {why}")
