"""The messages for mistakes in a source's file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.daily import BASE, DAILY, REDESIGNED

from khobor.sources.checking import load_sources
from khobor.sources.registry import BUNDLED_FOLDER, Registry, read_folder

NOTHING = Registry({})
TWICE = "[[fetching.revisits]]\nuntil_hours = 3\nevery_minutes = 15\n" * 2


def problems(text: str, path: str = "daily.toml", **others: str) -> list[str]:
    files = {path: text} | {f"{name}.toml": other for name, other in others.items()}
    return [str(problem) for problem in load_sources({name: each.encode() for name, each in files.items()}, NOTHING)[1]]


@pytest.mark.parametrize("text", [DAILY, DAILY + REDESIGNED, f"\ufeff{DAILY}", DAILY.replace("\n", "\r\n")])
def test_a_good_file_has_no_problems(text: str) -> None:
    assert problems(text) == []


def test_the_bundled_files_have_no_problems() -> None:
    assert load_sources(read_folder(BUNDLED_FOLDER), NOTHING)[1] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nversion = ", "daily.toml:2: this is not TOML: Invalid value"),
        (f"{DAILY}\n[versions", "daily.toml:10: this is not TOML: "),
        ("version = 1\nhosts = ['a.example']", "daily.toml:1: publisher: this entry is missing. It is: Its name as "),
        (DAILY.replace("2", '"2"', 1), "daily.toml:2: version: Expected a whole number, got a text in quotes."),
        (DAILY.replace("2", "0", 1), "daily.toml:2: version: "),
        (f'{DAILY}titel = ["h2"]', "daily.toml:9: rules.titel: there is no such key; did you mean title?"),
        (f'{DAILY}xyz = ["h2"]', "daily.toml:9: rules.xyz: there is no such key; the keys are title, kicker, "),
        (f'{DAILY}tags = "h2"', "daily.toml:9: rules.tags: Expected a list in square brackets, got a text in "),
        (f"{DAILY}tags = [3]", "daily.toml:9: rules.tags: Expected a text in quotes, got a whole number."),
        (f"{DAILY}tags = ['']", "daily.toml:9: rules.tags: "),
        (DAILY.replace("Berlin", "Nowhere"), "daily.toml:5: zone: there is no time zone 'Europe/Nowhere'; give one "),
        (DAILY.replace("Europe/Berlin", "../etc"), "daily.toml:5: zone: there is no time zone '../etc'"),
        (DAILY.replace("[rules]", 'language = "Bengali!"\n[rules]'), "daily.toml:6: language: "),
        (DAILY.replace("[rules]", "article_url = '(('\n[rules]"), "daily.toml:6: article_url: this is not a valid "),
        (DAILY.replace("[rules]", 'base = "x"\n[rules]'), "daily.toml:6: base: there is no base x; add bases/x.toml"),
        (DAILY.replace('"daily', '"https://daily'), "daily.toml:4: hosts: "),
        (DAILY.replace('"daily.example"', ""), "daily.toml:4: hosts: "),
        (DAILY + REDESIGNED.replace("2026-03-01", '"soon"'), "daily.toml:12: versions.since: "),
        (DAILY + REDESIGNED.replace("2026-03-01", "2026-13-01"), "daily.toml:12: this is not TOML: "),
        (DAILY + REDESIGNED.replace("3", "2", 1), "daily.toml:11: versions.version: 2 is the number of an earlier "),
        (DAILY + REDESIGNED.replace("06-01", "03-01"), "daily.toml:17: versions.since: 2026-03-01 is not after "),
        (DAILY + REDESIGNED.replace("body", "bodi"), "daily.toml:19: versions.rules.bodi: there is no such key; "),
        (DAILY + REDESIGNED.replace("[]", '["p["]'), "daily.toml:19: versions.rules.body: 'p[' is not a valid CSS "),
        (f'{DAILY}[discovery]\nfeeds = ["daily.example/feed"]', "daily.toml:10: discovery.feeds: "),
        (f"{DAILY}[discovery]\ninclude = ['/ok/',\n'((']", "daily.toml:11: discovery.include: this is not a valid "),
        (f"{DAILY}[discovery]\ninterval_minutes = 1", "daily.toml:10: discovery.interval_minutes: "),
        (f"{DAILY}[fetching]\ndelay_second = 3", "daily.toml:10: fetching.delay_second: there is no such key; did"),
        (f"{DAILY}[fetching]\nports = [0]", "daily.toml:10: fetching.ports: "),
        (
            f"{DAILY}[fetching]\nrevisits = [{{until_hours = 3, every_minutes = 5, every = 5}}]",
            "daily.toml:10: fetching.revisits.every: ",
        ),
        (DAILY + TWICE, "daily.toml:13: fetching.revisits.until_hours: 3 hours are not more than 3; put "),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_key(text: str, told: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(told)


def test_each_bad_selector_is_told_with_its_own_line() -> None:
    text = DAILY + 'drop = [\n  "div",\n  "div[",\n  "//p[foo()]",\n  "//p[",\n  "(//p)[1]/@class",\n]'
    assert [problem.partition(": '")[0] for problem in problems(text)] == [
        "daily.toml:11: rules.drop",
        "daily.toml:12: rules.drop",
        "daily.toml:13: rules.drop",
    ]


def test_boilerplate_is_words_and_no_selectors() -> None:
    assert problems(f'{DAILY}boilerplate = ["Read [more"]') == []


def test_a_host_that_two_files_have_is_left_to_the_first() -> None:
    (problem,) = problems(DAILY, other=DAILY)
    assert problem == "other.toml:4: hosts: daily.example is a host of daily.toml too; leave it to one of them"


def test_a_name_that_is_none_is_told() -> None:
    (problem,) = problems(DAILY, "Daily Test.toml")
    assert problem.startswith("Daily Test.toml:1: the file's name is the source's")


def test_a_base_is_checked_too() -> None:
    (problem,) = problems(BASE.replace("Vienna", "Nowhere"), "bases/system.toml")
    assert problem.startswith("bases/system.toml:4: zone: ")


@pytest.mark.parametrize(
    ("content", "told"), [(b"a = 1\nb = '\xe0'", ":2: this is not in UTF-8"), (b"#" * 70_000, ":1: ")]
)
def test_what_is_no_text_or_too_long_is_told(content: bytes, told: str) -> None:
    (problem,) = load_sources({"daily.toml": content}, NOTHING)[1]
    assert str(problem).startswith(f"daily.toml{told}")


@pytest.mark.parametrize(
    "text",
    [
        f"x = {'[' * 20_000}",
        f"hosts = {'[' * 20_000}",
        f"{DAILY}drop = ['{':not(' * 5_000}p']",
        f"{DAILY}drop = ['{'//a[' * 5_000}']",
        f"article_url = '{'(' * 5_000}'\n{DAILY}",
        f"article_url = 'a{{{'9' * 40}}}'\n{DAILY}",
        DAILY.replace("2", "9" * 6_000, 1),
        f"{DAILY}boilerplate = [' ']",
        DAILY.replace("Europe/Berlin", "x" * 5_000),
        DAILY.replace("Europe/Berlin", "Europe"),
        DAILY.replace("Europe/Berlin", "\\u0000"),
    ],
)
def test_the_worst_file_is_told_and_breaks_nothing(text: str) -> None:
    assert problems(text)


@given(
    st.integers(0, len(DAILY + REDESIGNED)), st.text(max_size=20) | st.sampled_from(['"', "[", "]]", "\n[", "=", "\\"])
)
def test_whatever_is_written_into_a_file_it_is_used_or_told(at: int, inserted: str) -> None:
    text = f"{(DAILY + REDESIGNED)[:at]}{inserted}{(DAILY + REDESIGNED)[at:]}"
    registry, found = load_sources({"daily.toml": text.encode("utf-8", "surrogatepass")}, NOTHING)
    assert bool(found) != ([source.name for source in registry] == ["daily"])
    assert all(1 <= problem.line <= len(text.splitlines()) + 1 for problem in found)


@given(st.binary(max_size=200))
def test_whatever_bytes_a_file_has_it_is_told(content: bytes) -> None:
    assert load_sources({"daily.toml": content}, NOTHING)[1]


def test_a_bad_file_leaves_what_was_there_and_its_neighbours_alone() -> None:
    below = Registry({"daily.toml": DAILY})
    weekly = DAILY.replace("daily.example", "weekly.example")
    registry, _ = load_sources({"daily.toml": b"version = ", "weekly.toml": weekly.encode()}, below)
    found = [source.name for host in ("daily.example", "weekly.example") if (source := registry.find(host))]
    assert found == ["daily", "weekly"]


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_its_lines() -> None:
    text = """version = "1"
hosts = ["https://www.daily.example/news", "Daily.example", "good.example", "not a host"]
zone = "Asia/Dacca2"
language = "bengali!"
[rules]
titel = ["h1"]
title = ["h1[", 3]
[discovery]
feeds = ["daily.example/rss", "https://daily.example/rss"]
[fetching]
revisits = [{until_hours = 5, every_minutes = 1}, {every_minutes = 10}]
[[versions]]
version = 2
"""
    told = [str(problem).removeprefix("daily.toml:") for problem in problems(text)]
    begin = [
        "1: publisher: this entry is missing",
        "1: version: Expected a whole number, got a text in quotes",
        "2: hosts: hosts takes host names: www.daily.example/news, not 'https://www.daily.example/news'",
        "2: hosts: hosts takes host names: daily.example, not 'Daily.example'",
        "2: hosts: hosts takes host names: www.example.com, not 'not a host'",
        "3: zone: there is no time zone 'Asia/Dacca2'",
        "4: language: 'bengali!' is not allowed here. It is: BCP 47, such as bn",
        "6: rules.titel: there is no such key; did you mean title?",
        "7: rules.title: Expected a text in quotes, got a whole number",
        "7: rules.title: 'h1[' is not a valid CSS selector",
        "9: discovery.feeds: 'daily.example/rss' is not a URL that begins with http:// or https://",
        "11: fetching.revisits.every_minutes: Expected a whole number >= 5",
        "11: fetching.revisits.until_hours: this entry is missing",
        "12: versions.since: this entry is missing",
        "12: versions.rules: this entry is missing",
    ]
    assert [line[: len(start)] for line, start in zip(told, begin, strict=True)] == begin
    assert not any("regex" in line for line in told)


@pytest.mark.parametrize(
    "text",
    [
        "rules = 3",
        "versions = 3",
        "[[rules]]",
        "hosts = 'a.example'",
        "fetching = []",
        "versions = [3]",
        "discovery = ''",
    ],
)
def test_an_entry_of_the_wrong_type_does_not_hide_another(text: str) -> None:
    lines = [int(str(problem).split(":")[1]) for problem in problems(f"versoin = 1\n{text}")]
    assert min(lines) == 1
    assert max(lines) == 2


def test_a_file_of_many_mistakes_is_told_in_linear_time() -> None:
    assert len(problems("\n".join(f"k{number} = 1" for number in range(5000)))) == 100
