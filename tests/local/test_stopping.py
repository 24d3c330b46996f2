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


def test_on_another_clock_time_passes_only_while_nobody_is_at_work() -> None:
    slept: list[float] = []
    stop = Stop(slept.append)
    stop.wake()
    stop.wait(60)
    assert slept == []
    stop.wait(60, is_idle=True)
    stop.wait(-1, is_idle=True)
    assert slept == [60, 0]
    stop.want(signal.SIGTERM)
    stop.wait(60, is_idle=True)
    assert slept == [60, 0]
    stop.close()
