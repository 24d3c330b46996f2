from datetime import timedelta

import time_machine
from tests.benchmarks.day import DELAY, START, Sites, simulate


def test_in_a_day_no_host_is_asked_too_soon_or_twice_at_once_and_everything_is_stored_once() -> None:
    figures = simulate(sources=2, articles=12, interval=120, revisits=False)
    assert figures.stored == figures.answers["article 200"] == figures.articles == 12
    assert (figures.too_soon, figures.at_once, figures.twice, figures.too_early) == (0, 0, 0, 0)
    assert not figures.is_wrong
    assert figures.shortest_gap >= DELAY
    assert figures.answers["article 304"] == 0


def test_articles_that_are_looked_at_again_and_did_not_change_are_not_sent_again() -> None:
    figures = simulate(sources=1, articles=4, interval=120)
    assert (figures.answers["article 200"], figures.twice, figures.too_early) == (4, 0, 0)
    assert figures.answers["article 304"] > 0
    # One object for each article, and one for the feed whenever it changed.
    assert figures.calls["s3.PutObject"] == 4 + figures.answers["feed 200"]


def test_what_is_asked_for_as_it_must_not_be_is_counted() -> None:
    again = {"feed": timedelta(hours=1), "article": timedelta(hours=3), "robots.txt": timedelta(days=1)}
    with time_machine.travel(START, tick=False) as clock, Sites(1, 1, 7, again) as sites:
        host = sites.hosts[0]
        for kind, path, seconds in (("feed", "/feed", 0), ("article", "/news/0", 1), ("feed", "/feed", 3300)):
            clock.shift(seconds)
            sites.arrive(host)
            sites.leave(host + path, kind, 200)
        assert (sites.figures.too_soon, sites.figures.at_once, sites.figures.too_early) == (1, 0, 0)
        clock.shift(60)
        sites.arrive(host)
        sites.arrive(host)
        sites.leave(host + "/feed", "feed", 200)
        assert (sites.figures.at_once, sites.figures.too_early) == (1, 1)
        assert sites.figures.is_wrong
