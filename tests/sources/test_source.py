from datetime import UTC, datetime, timedelta

from tests.sources.daily import BASE, DAILY, REDESIGNED, read

from khobor.sources.registry import bundled_sources

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
LEANING = DAILY.replace("zone", 'base = "system"\nzone', 1)


def test_a_source_is_read_from_its_file() -> None:
    source = read()
    assert (source.name, source.publisher, source.hosts) == ("daily", "The Daily Test", ("daily.example",))
    assert source.language is None
    assert source.rules_on(NEW_YEAR).title == ("h1.headline", "h1")
    assert source.reference_on(NEW_YEAR) == "daily/2"


def test_a_base_holds_behind_what_the_source_has() -> None:
    source = read(LEANING, {"system": BASE})
    assert (source.language, source.zone) == ("de", "Europe/Berlin")
    rules = source.rules_on(NEW_YEAR)
    assert (rules.title, rules.tags) == (("h1.headline", "h1", "h1.base"), (".tags a",))


def test_a_change_of_the_base_is_seen_in_the_reference() -> None:
    assert read(LEANING, {"system": BASE}).reference_on(NEW_YEAR) == "daily/2.7"


def test_an_empty_list_takes_back_what_the_base_says() -> None:
    rules = read(f"{LEANING}\ntags = []", {"system": BASE}).rules_on(NEW_YEAR)
    assert (rules.title, rules.tags) == (("h1.headline", "h1", "h1.base"), ())


def test_what_a_source_drops_is_in_place_of_what_its_base_drops() -> None:
    base = f'{BASE}\ndrop = [".ad"]\nboilerplate = ["Follow us"]'
    rules = read(f'{LEANING}\ndrop = [".poll"]', {"system": base}).rules_on(NEW_YEAR)
    assert (rules.drop, rules.boilerplate) == ((".poll",), ("Follow us",))


def test_a_redesign_replaces_what_the_source_has_and_not_what_its_base_has() -> None:
    source = read(LEANING + REDESIGNED, {"system": BASE})
    first, second = (source.rules_on(datetime(2026, month, 15, tzinfo=UTC)).title for month in (2, 4))
    assert (first, second) == (("h1.headline", "h1", "h1.base"), ("h2.new", "h1.base"))


def test_a_page_is_read_by_the_rules_of_the_day_on_which_it_was_fetched() -> None:
    source = read(DAILY + REDESIGNED)
    first, second, third = (source.rules_on(datetime(2026, month, 15, tzinfo=UTC)) for month in (2, 4, 7))
    assert [first.title, second.title, third.title] == [("h1.headline", "h1"), ("h2.new",), ("h2.new",)]
    assert [first.body, second.body, third.body] == [("main",), ("main",), ()]
    references = [source.reference_on(datetime(2026, month, 15, tzinfo=UTC)) for month in (2, 4, 7)]
    assert references == ["daily/2", "daily/3", "daily/4"]


def test_the_day_begins_by_the_clocks_of_the_source() -> None:
    source = read(DAILY + REDESIGNED)
    assert source.reference_on(datetime(2026, 2, 28, 22, 59, tzinfo=UTC)) == "daily/2"
    assert source.reference_on(datetime(2026, 2, 28, 23, 0, tzinfo=UTC)) == "daily/3"


FOUND = """
[discovery]
feeds = ["https://daily.example/feed"]
interval_minutes = 30
[fetching]
ports = [8443]
"""


def test_a_source_says_how_its_articles_are_found_and_fetched() -> None:
    source = read(DAILY.replace("zone", "enabled = true\nzone") + FOUND)
    assert source.enabled
    assert (source.discovery.feeds, source.discovery.interval_minutes) == (("https://daily.example/feed",), 30)
    assert (source.fetching.ports, source.fetching.delay_seconds) == ((8443,), 2.0)


def test_a_source_is_not_crawled_unless_it_says_so() -> None:
    assert not read().enabled


def test_of_the_bundled_sources_one_is_enabled() -> None:
    assert [source.name for source in bundled_sources() if source.enabled] == ["kalbela"]


def test_a_base_says_how_articles_are_found_and_fetched_where_the_source_does_not() -> None:
    base = BASE + FOUND + "delay_seconds = 5"
    source = read(f"{LEANING}\n[discovery]\nfeeds = []\n[fetching]\ndelay_seconds = 9", {"system": base})
    assert (source.discovery.feeds, source.discovery.interval_minutes) == ((), 30)
    assert (source.fetching.ports, source.fetching.delay_seconds) == ((8443,), 9.0)


REVISITS = """
[[fetching.revisits]]
until_hours = 3
every_minutes = 15
[[fetching.revisits]]
until_hours = 24
every_minutes = 60
"""


def test_an_article_is_visited_again_ever_more_rarely_and_then_no_more() -> None:
    fetching = read(DAILY + REVISITS).fetching
    visits, now = [], NEW_YEAR
    while at := fetching.next_visit(NEW_YEAR, now):
        visits.append((at - NEW_YEAR) / timedelta(hours=1))
        now = at
    assert visits == [quarter / 4 for quarter in range(1, 13)] + list(range(4, 25))


def test_an_article_found_late_is_as_old_as_it_is() -> None:
    fetching = read(DAILY + REVISITS).fetching
    late = NEW_YEAR + timedelta(hours=20)
    assert fetching.next_visit(NEW_YEAR, late) == late + timedelta(hours=1)
    assert fetching.next_visit(NEW_YEAR, NEW_YEAR + timedelta(hours=24)) is None


def test_by_default_an_article_is_visited_again_four_times_in_its_first_week() -> None:
    fetching, hours, now = read().fetching, [], NEW_YEAR
    while at := fetching.next_visit(NEW_YEAR, now):
        hours.append((at - NEW_YEAR) / timedelta(hours=1))
        now = at
    assert hours == [3, 6, 30, 102]
