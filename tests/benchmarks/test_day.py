from tests.benchmarks.day import DELAY, simulate


def test_in_a_day_no_host_is_asked_too_soon_or_twice_at_once_and_everything_is_stored_once() -> None:
    figures = simulate(sources=4, articles=24, interval=120, revisits=False)
    assert figures.stored == figures.answers["article 200"] == figures.articles == 24
    assert (figures.too_soon, figures.at_once, figures.twice) == (0, 0, 0)
    assert figures.shortest_gap >= DELAY
    assert figures.answers["article 304"] == 0


def test_articles_that_are_looked_at_again_and_did_not_change_are_not_sent_again() -> None:
    figures = simulate(sources=1, articles=4, interval=120)
    assert (figures.answers["article 200"], figures.twice) == (4, 0)
    assert figures.answers["article 304"] > 0
    # One object for each article, and one for the feed whenever it changed.
    assert figures.calls["s3.PutObject"] == 4 + figures.answers["feed 200"]
