"""A simulated time passes alike on the embedded stack and on a local archive, and what is wrong in it is counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from tests.benchmarks.day import differences, simulate
from tests.benchmarks.day_sites import DELAY, START, Figures, Plan, Sites, Stored

FIRST_REVISIT = timedelta(hours=3)


@pytest.mark.slow
def test_in_a_day_no_host_is_asked_too_soon_or_twice_at_once_and_everything_is_stored_once() -> None:
    figures = simulate(Plan(sources=2, articles=12, interval=120))
    assert len(figures.stored) == figures.answers["article 200"] == figures.articles == 12
    assert (figures.too_soon, figures.at_once, figures.twice, figures.too_early) == (0, 0, 0, 0)
    assert not figures.is_wrong
    assert figures.shortest_gap >= DELAY
    assert figures.answers["article 304"] == 0


@pytest.mark.slow
def test_articles_that_are_looked_at_again_and_did_not_change_are_not_sent_again() -> None:
    figures = simulate(Plan(sources=1, articles=4, interval=120, first_revisit=FIRST_REVISIT))
    assert (figures.answers["article 200"], figures.twice, figures.too_early) == (4, 0, 0)
    assert figures.answers["article 304"] > 0
    # One object for each article, and one for the feed whenever it changed.
    assert figures.calls["s3.PutObject"] == 4 + figures.answers["feed 200"]


@pytest.mark.slow
def test_a_day_on_a_local_archive_brings_the_changes_and_removals_that_the_sites_showed() -> None:
    figures = simulate(Plan(sources=2, articles=30, first_revisit=FIRST_REVISIT), "archive")
    assert (figures.changed, figures.gone) == (figures.changes_sent, figures.removals_sent) == (3, 1)
    assert figures.stored["8"] == Stored("Bridge number 8 opens to traffic again, says the mayor", 2, is_gone=False)
    assert figures.stored["24"].is_gone
    assert not figures.is_wrong


def test_where_two_places_differ_is_said_for_each_article() -> None:
    stored = Stored("A title", 1, is_gone=False)
    one = Figures(3, stored={"1": stored, "2": stored})
    assert differences(one, replace(one)) == []
    other = Figures(3, stored={"1": replace(stored, is_gone=True), "2": stored, "10": stored})
    assert [line.partition(":")[0] for line in differences(one, other)] == ["/news/1", "/news/10"]


def test_what_is_lost_is_wrong() -> None:
    stored = Stored("A title", 2, is_gone=False)
    assert not Figures(1, stored={"1": stored}, changes_sent=1).is_wrong
    assert Figures(1, stored={"1": replace(stored, revisions=1)}, changes_sent=1).is_wrong
    assert Figures(1, stored={"1": stored}, changes_sent=1, removals_sent=1).is_wrong
    assert Figures(1).is_wrong


def test_what_is_asked_for_as_it_must_not_be_is_counted() -> None:
    plan = Plan(sources=1, articles=1, first_revisit=FIRST_REVISIT)
    with time_machine.travel(START, tick=False) as clock, Sites(plan) as sites:
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
