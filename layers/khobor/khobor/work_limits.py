"""Limits the time and memory of work on untrusted input.

On Lambda the limit of time is by the clock, as its timeouts are, and a function has its share of a CPU to itself.
Another machine may have other work to do, so the limit is one of CPU time there.

Usually the work runs in this process, and an alarm signal ends it. That costs nothing, but Python handles signals only
between its own instructions, so a call into a C library such as libxml2 finishes first. In a forked process, nothing
can exceed the time, and memory is limited too. That costs some hundredths of a second, so it is used for input that
failed before, and in threads, which do not receive the alarm.

AWS Lambda allows a forked process and a pipe, but not the pools and queues of ``multiprocessing``: these need
semaphores in ``/dev/shm``, which Lambda lacks.
"""

import faulthandler
import gc
import math
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
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from khobor.errors import KhoborError, PermanentError

_Result = TypeVar("_Result")
# Python ignores an exception that a signal handler raises at some places, such as in the garbage collector, so the
# alarm repeats.
_ALARM_INTERVAL_SECONDS = 0.1
# The alarm ends the work at its limit, the watchdog this much later, and the parent process as much later again.
_GRACE_SECONDS = 0.5
# Work that is limited by CPU time may take so many times as long by the clock.
_MOST_WAITING = 20
_MEGABYTE = 1_000_000
_READ_BYTES = 1 << 20
_PACKAGE = Path(__file__).parent
# A line of the traceback that ``faulthandler`` writes, the innermost call first.
_CALL = re.compile(r'^  File "([^"\n]*)", line \d+ in (.*)$', re.MULTILINE)
# The beginning of an answer.
_RESULT, _REFUSED, _CRASHED = b"result ", b"refused", b"crashed"
_FAILED = 70
# libxml2 cannot always say more when an allocation failed.
_OF_LXML_WITHOUT_MEMORY = frozenset({"unknown error", "Memory allocation failed"})
_NO_MORE_MEMORY = "this process cannot get more"
_STDERR = 2
# The signals of a system without free memory, and of a C++ library whose allocation fails.
_SIGNALS_OF_MEMORY = frozenset({signal.SIGKILL, signal.SIGABRT})
# Modules that only call others, and so do not show what took so long.
_FRAMEWORK = frozenset({"extraction", "found"})
# Forks run one at a time: a process that is forked while the pipe of another is open would keep that pipe open.
_forking = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class WorkLimits:
    """The limits of one piece of work.

    Attributes:
        seconds: The time.
        megabytes: The memory, in addition to what the process has already. It is limited only on Linux, in a process of
            its own.
        of_cpu: Whether the time is CPU time. Then the work ends too if it waits many times as long for the CPU, or for
            something else.
    """

    seconds: float
    megabytes: int
    of_cpu: bool = False

    @property
    def clock_seconds(self) -> float:
        """The limit by the clock."""
        return self.seconds * _MOST_WAITING if self.of_cpu else self.seconds

    @property
    def timer(self) -> tuple[int, signal.Signals, Callable[[], float]]:
        """The timer that measures the time, the signal that it sends, and what reads the time."""
        if self.of_cpu:
            return signal.ITIMER_PROF, signal.SIGPROF, time.process_time
        return signal.ITIMER_REAL, signal.SIGALRM, time.monotonic


# A news page takes some hundredths of a second. Ten pages at the limit fit into the timeout of the function.
PAGE_LIMITS = WorkLimits(seconds=10, megabytes=700)
# The same on a machine that may have other work to do.
LOCAL_PAGE_LIMITS = replace(PAGE_LIMITS, of_cpu=True)
# A sitemap may have 50,000 URLs.
LISTING_LIMITS = WorkLimits(seconds=60, megabytes=300)


class WorkCrashedError(Exception):
    """The work raised an unexpected exception in a process of its own; the message is its traceback."""


class _OutOfTimeError(BaseException):
    """The time is over. ``except Exception`` in the work does not catch this."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


def within(limits: WorkLimits, work: Callable[[], _Result], *, what: str, isolated: bool = False) -> _Result:
    """Call a function, and return its result unless it exceeds its limits.

    Args:
        limits: The limits.
        work: The function. It must have no side effects, because these may be lost; its result can be pickled.
        what: The name of its input in messages.
        isolated: Whether it runs in a process of its own. Outside of the main thread it always does.

    Raises:
        PermanentError: ``too_slow``, with the modules that were running; ``too_much_memory``; or the error of the work.
        WorkCrashedError: The work raised another exception in a process of its own.
    """
    if isolated or threading.current_thread() is not threading.main_thread():
        return _in_child(limits, work, what)
    return _in_time(limits, work, what)


def _in_time(limits: WorkLimits, work: Callable[[], _Result], what: str) -> _Result:
    """Call a function in this process, and return its result."""
    try:
        with _alarm(limits):
            return work()
    except _OutOfTimeError as late:
        raise _too_slow(limits, what, late.stage) from None
    except KhoborError:
        raise
    # Any exception may come of a lack of memory. All others are raised again.
    except Exception as error:
        if _is_for_memory(error):
            raise _too_much_memory(what, _NO_MORE_MEMORY) from None
        raise


def _is_for_memory(error: BaseException | None) -> bool:
    """Return whether an exception says that there is no memory, or was raised while such a one was handled."""
    while error:
        of_lxml = type(error).__module__ == "lxml.etree" and str(error) in _OF_LXML_WITHOUT_MEMORY
        if of_lxml or isinstance(error, MemoryError):
            return True
        error = error.__context__
    return False


@contextmanager
def _alarm(limits: WorkLimits) -> Iterator[None]:
    """Raise _OutOfTimeError in the main thread when the time is over; restore an earlier alarm afterwards."""

    def ring(_: int, frame: FrameType | None) -> NoReturn:
        raise _OutOfTimeError(_stage(_calls(frame)))

    timer, number, read_time = limits.timer
    began = read_time()
    handler_before = signal.signal(number, ring)
    delay, interval = signal.setitimer(timer, limits.seconds, _ALARM_INTERVAL_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(timer, 0)
    finally:
        # Again, because the alarm may have interrupted the first call.
        signal.setitimer(timer, 0)
        signal.signal(number, handler_before)
        if delay:
            left = max(delay - (read_time() - began), _ALARM_INTERVAL_SECONDS)
            signal.setitimer(timer, left, interval)


def _in_child(limits: WorkLimits, work: Callable[[], _Result], what: str) -> _Result:
    began = time.monotonic()
    pid, reading = _fork(limits, work, what)
    answer: bytes | None = None
    try:
        answer = _read(reading, limits.clock_seconds + 2 * _GRACE_SECONDS)
    finally:
        os.close(reading)
        if answer is None:
            os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0 and answer is not None:
        result: _Result = _result(answer)
        return result
    # The process catches every exception, so only the lack of memory keeps it from writing an answer.
    if status == _FAILED:
        raise _too_much_memory(what, "its process could not write an answer")
    # The watchdog itself may crash while it reads the calls of running threads.
    is_late = time.monotonic() - began > limits.clock_seconds or -status == signal.SIGXCPU
    if answer is None or status > 0 or is_late:
        raise _too_slow(limits, what, _stage(_CALL.findall((answer or b"").decode(errors="replace"))))
    if -status in _SIGNALS_OF_MEMORY:
        raise _too_much_memory(what, f"its process was ended by {signal.Signals(-status).name}")
    raise PermanentError("crashed", f"the process that read {what} was ended by {signal.Signals(-status).name}")


def _fork(limits: WorkLimits, work: Callable[[], object], what: str) -> tuple[int, int]:
    """Start a process that does the work; return its id, and the end of the pipe from which its answer is read."""
    with _forking:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # Python warns because other threads do not exist in the new process. It needs none of them.
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
        # The parent reports how the process ended. Without memory, a library may print a line for each of its calls.
        faulthandler.disable()
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)
        # A watchdog in C, because the alarm cannot interrupt calls into a library. It writes the running calls, and
        # ends the process.
        faulthandler.dump_traceback_later(limits.clock_seconds + _GRACE_SECONDS, exit=True, file=writing)
        if limits.of_cpu:
            faulthandler.register(signal.SIGXCPU, file=writing, all_threads=False, chain=True)
            limit_cpu_time(limits)
        # A collection would touch, and so copy, all memory of the parent.
        gc.freeze()
        limit_memory(limits)
        answer = _answer(limits, work, what)
        faulthandler.cancel_dump_traceback_later()
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        # Skip the exit handlers of the parent.
        os._exit(status)


def _answer(limits: WorkLimits, work: Callable[[], object], what: str) -> bytes:
    try:
        return _RESULT + _in_time(limits, lambda: pickle.dumps(work()), what)
    except KhoborError as error:
        return _REFUSED + pickle.dumps(error)
    # The parent raises any other exception as WorkCrashedError.
    except BaseException as error:  # noqa: BLE001
        # Without memory, any exception may become a MemoryError on its way through a call, a refusal for it too.
        if _is_for_memory(error):
            return _REFUSED + pickle.dumps(_too_much_memory(what, _NO_MORE_MEMORY))
        return _CRASHED + traceback.format_exc().encode(errors="replace")


def limit_memory(limits: WorkLimits) -> None:
    """Limit the private memory of this process to what it has plus that of one piece of work. Only on Linux.

    Args:
        limits: The limits of one piece of work.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return
    has = int(status.partition("VmData:")[2].split()[0]) * 1024
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = has + limits.megabytes * _MEGABYTE
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def limit_cpu_time(limits: WorkLimits) -> None:
    """Let the system end this process when one piece of work has had more CPU time than it may; the alarm rings before.

    Args:
        limits: The limits of one piece of work.
    """
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    # The system counts whole seconds.
    limit = math.ceil(time.process_time() + limits.seconds + _GRACE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _read(reading: int, seconds: float) -> bytes | None:
    """Return what comes through a pipe until its other end is closed; None if the time is over before."""
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
    # The data come from this program, which forked the process.
    value = pickle.loads(data)  # noqa: S301
    if kind == _REFUSED:
        raise value
    return value


def _calls(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """Yield the files and functions of the calls that led to a frame, the innermost first."""
    while frame:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def _stage(calls: Iterable[tuple[str, str]]) -> str:
    """Return the modules of khobor that were running, from the outermost on, and the innermost function.

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
    return PermanentError("too_slow", f"{what} took longer than {limits.seconds:g} s to read, and was stopped{where}")


def _too_much_memory(what: str, why: str) -> PermanentError:
    return PermanentError("too_much_memory", f"{what} takes too much memory to read: {why}")
