from datetime import UTC, datetime

from tests.sources.daily import BASE, DAILY, REDESIGNED, read

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
LEANING = DAILY.replace("zone", 'base = "system"\nzone', 1)


def test_a_source_is_read_from_its_file() -> None:
    source = read()
    assert (source.name, source.publisher, source.hosts) == ("daily", "The Daily Test", ("daily.example",))
    assert source.language is None
    assert source.rules_on(NEW_YEAR).title == ("h1.headline", "h1")
    assert source.reference_on(NEW_YEAR) == "daily/2"


def test_a_base_holds_where_the_source_has_nothing() -> None:
    source = read(LEANING, {"system": BASE})
    assert (source.language, source.zone) == ("de", "Europe/Berlin")
    rules = source.rules_on(NEW_YEAR)
    assert (rules.title, rules.tags) == (("h1.headline", "h1"), (".tags a",))


def test_a_change_of_the_base_is_seen_in_the_reference() -> None:
    assert read(LEANING, {"system": BASE}).reference_on(NEW_YEAR) == "daily/2.7"


def test_an_empty_list_takes_back_what_the_base_says() -> None:
    rules = read(f"{LEANING}\ntags = []", {"system": BASE}).rules_on(NEW_YEAR)
    assert (rules.title, rules.tags) == (("h1.headline", "h1"), ())


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
