"""Ctrl-C and SIGTERM for work that keeps what it did: it ends after the step that it is in."""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

# As shells have it.
_SIGNALLED = 128
_READ_BYTES = 4096


class Stop:
    """Whether work is to end, and a way to wait for that or for something to do.

    A pipe wakes the thread that waits. ``threading.Event`` may hang if a signal's handler sets it in the thread that
    waits for it.

    Args:
        sleep: Lets seconds pass on another clock, like ``time.sleep``, while nobody is at work who could wake the
            thread that waits.

    Attributes:
        number: The signal that said so; None if none did.
    """

    def __init__(self, sleep: Callable[[float], object] | None = None) -> None:
        self._sleep = sleep
        self.number: int | None = None
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)

    @property
    def is_wanted(self) -> bool:
        """Whether a signal came."""
        return self.number is not None

    @property
    def status(self) -> int:
        """The exit status of a command that a signal ended."""
        return _SIGNALLED + (self.number or 0)

    def wait(self, seconds: float, *, is_idle: bool = False) -> None:
        """Wait for a signal, or for another thread to call ``wake``.

        Args:
            seconds: The longest time to wait.
            is_idle: Whether no other thread is at work.
        """
        if self._sleep and is_idle and not self.is_wanted:
            self._sleep(max(seconds, 0))
        elif not self.is_wanted and select.select([self._reading], [], [], max(seconds, 0))[0]:
            os.read(self._reading, _READ_BYTES)

    def wake(self) -> None:
        """End the wait of the thread that waits."""
        try:
            os.write(self._writing, b".")
        except BlockingIOError:
            # It has been woken often enough.
            return

    def want(self, number: int) -> None:
        """Say that the work is to end."""
        self.number = number
        self.wake()

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._reading)
        os.close(self._writing)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Yield what the first Ctrl-C or SIGTERM sets. The second one interrupts at once."""
    stop = Stop()

    def end(number: int, _: FrameType | None) -> None:
        if stop.is_wanted:
            raise KeyboardInterrupt
        stop.want(number)

    # Only the main thread receives signals.
    numbers = (signal.SIGINT, signal.SIGTERM) if current_thread() is main_thread() else ()
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()
