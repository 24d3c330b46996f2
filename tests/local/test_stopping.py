"""Signals end work after its step, and a second one at once."""

import os
import signal
from threading import Thread

import pytest

from khobor.local.stopping import Stop, stoppable


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_is_noted_and_the_second_interrupts(number: int, status: int) -> None:
    before = signal.getsignal(number)
    with stoppable() as stop:
        assert not stop.is_wanted
        os.kill(os.getpid(), number)
        # It returns at once.
        stop.wait(60)
        assert (stop.is_wanted, stop.status) == (True, status)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_another_thread_wakes_the_one_that_waits_however_often_it_does() -> None:
    stop = Stop()

    def wake() -> None:
        for _ in range(100_000):
            stop.wake()

    thread = Thread(target=wake)
    thread.start()
    stop.wait(60)
    thread.join()
    assert not stop.is_wanted
    stop.close()
