"""The profile: for whom time counts."""

import inspect
import os

from tests.benchmarks import stages
from tests.benchmarks.stages import Stage

from khobor.embedded.emulator import Emulator


def test_shares_are_of_the_whole() -> None:
    seconds = {("extract.body", "walk"): 1.0, ("extract.dates", "read"): 4.0, ("extract.body", "choose"): 5.0}
    assert stages.stages(seconds) == [
        Stage("extract.body", 0.6, [("choose", 0.5), ("walk", 0.1)]),
        Stage("extract.dates", 0.4, [("read", 0.4)]),
    ]


def test_time_of_others_counts_for_the_function_of_khobor_that_called_them() -> None:
    found = Emulator("", 0, os.getpid()).wait_for(lambda: stages.place(inspect.currentframe()))
    assert found == ("embedded.emulator", "Emulator.wait_for")


def test_time_outside_of_khobor_counts_for_nobody() -> None:
    assert stages.place(inspect.currentframe()) is None
