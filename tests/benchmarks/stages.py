"""Where the time of extraction goes: the share of each of khobor's modules, and of the functions that take most.

The running program is looked at every few milliseconds of CPU time, and the time since the last look counts for the
innermost function of khobor that is at work: what a library does counts for the function that called it. Unlike a
profile of every call this costs nothing, so that many small calls do not look dearer than they are.
"""

import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import NamedTuple

from tests.benchmarks.reader import Timed

import khobor
from khobor.extract import extract

_PACKAGE = f"{Path(khobor.__file__).parent}{os.sep}"
_LOOK_SECONDS = 0.001


class Stage(NamedTuple):
    """The cost of a module.

    Attributes:
        module: Its name below khobor.
        share: Of the whole time, from 0 to 1.
        functions: The names of its functions and their shares of the whole time, the dearest first.
    """

    module: str
    share: float
    functions: list[tuple[str, float]]


class Sampler:
    """Counts the CPU seconds of each function of khobor while it is entered."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self._last = 0.0

    def __enter__(self) -> "Sampler":
        self._last = time.process_time()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, _LOOK_SECONDS, _LOOK_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)

    def _look(self, _: int, frame: FrameType | None) -> None:
        # A signal waits while a library written in C works: its time is in the difference.
        now = time.process_time()
        if entered := place(frame):
            self.seconds[entered] += now - self._last
        self._last = now


def profile(pages: Iterable[tuple[bytes, str]]) -> list[Stage]:
    """Return the share of each module in the extraction of some pages, the most expensive first."""
    sampler = Sampler()
    with sampler:
        for html, url in pages:
            # A page that cannot be read is the measurement's concern, not the profile's.
            with Timed():
                extract(html, url)
    return stages(sampler.seconds)


def stages(seconds: Mapping[tuple[str, str], float]) -> list[Stage]:
    """Return the shares of modules and of their functions."""
    total = sum(seconds.values())
    modules: dict[str, list[tuple[str, float]]] = {}
    for (module, function), spent in sorted(seconds.items(), key=lambda item: item[1], reverse=True):
        modules.setdefault(module, []).append((function, spent / total))
    found = [Stage(module, sum(share for _, share in functions), functions) for module, functions in modules.items()]
    return sorted(found, key=lambda stage: stage.share, reverse=True)


def place(frame: FrameType | None) -> tuple[str, str] | None:
    """Return module and name of the innermost function of khobor, None outside of it."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_PACKAGE):
            module = str(frame.f_globals["__name__"]).removeprefix(f"{khobor.__name__}.")
            return module, frame.f_code.co_qualname
        frame = frame.f_back
    return None
