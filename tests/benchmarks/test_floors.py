"""Floors: which hold, and what is pinned."""

import tomllib

from tests.benchmarks import floors

BOUNDS = tomllib.loads("""
[news.at_least]
body = 0.9
[news.at_most]
raised = 0
times_floor = 3.0
[web.at_least]
segments = 0.9
""")


def test_what_holds_is_silent() -> None:
    assert floors.violations({"news": {"body": 0.9, "raised": 0.0, "times_floor": 3.0, "title": 0.1}}, BOUNDS) == []


def test_each_that_does_not_hold_is_named() -> None:
    measured = {"news": {"body": 0.89, "raised": 1.0, "times_floor": 2.0}, "web": {"body": 1.0}}
    assert floors.violations(measured, BOUNDS) == [
        "news: body is 0.89, and its floor is 0.9",
        "news: raised is 1, and its ceiling is 0",
        "web: segments is not measured, and its floor is 0.9",
    ]


def test_what_was_measured_holds_when_it_is_pinned() -> None:
    measured = {
        "news": {"body": 0.91666, "times_floor": 9.1, "milliseconds": 30.0, "raised": 0.0},
        "scaling": {"ten_times_the_page": 10.2},
    }
    pinned = tomllib.loads(
        floors.pin(measured, {"old": {"at_least": {"body": 0.5}}, "news": {"at_most": {"raised": 7}}})
    )
    assert floors.violations(measured, pinned) == []
    assert pinned["news"]["at_least"] == {"body": 0.912}
    assert pinned["news"]["at_most"]["raised"] == 0
    assert pinned["old"] == {"at_least": {"body": 0.5}}
    assert pinned["scaling"]["at_most"] == {"ten_times_the_page": 20}
    assert floors.violations({"news": {**measured["news"], "body": 0.9}}, pinned) == [
        "news: body is 0.9, and its floor is 0.912"
    ]


def test_the_pinned_file_can_be_read() -> None:
    bounds = floors.load(floors.FILE)
    assert {"news", "web", "scaling"} <= set(bounds)
    assert all(0 < value <= 1 for of_set in bounds.values() for value in of_set.get("at_least", {}).values())
