import tomllib

import pytest
from tests.sources.daily import BASE, DAILY

from khobor.sources.problems import SourceError
from khobor.sources.registry import BASES, Registry, bundled_sources


def name_of(registry: Registry, location: str) -> str | None:
    source = registry.find(location)
    return source.name if source else None


def daily(hosts: str, text: str = DAILY) -> str:
    return text.replace('"daily.example"', hosts)


@pytest.mark.parametrize("host", ["daily.example", "www.daily.example", "m.sports.daily.example", "Daily.EXAMPLE."])
def test_a_source_publishes_its_hosts_and_their_subdomains(host: str) -> None:
    registry = Registry({"daily.toml": DAILY})
    assert name_of(registry, host) == "daily"
    assert name_of(registry, f"https://{host}:8080/city/1?page=2") == "daily"


@pytest.mark.parametrize("location", ["notdaily.example", "example", "", "https://example/daily.example"])
def test_other_hosts_are_of_no_source(location: str) -> None:
    assert name_of(Registry({"daily.toml": DAILY}), location) is None


def test_a_host_may_be_shared_by_the_beginning_of_the_path() -> None:
    files = {"one.toml": daily('"www.shared.example/one"'), "whole.toml": daily('"shared.example"')}
    registry = Registry(files | {"deep.toml": daily('"www.shared.example/one/deep"')})
    found = {
        path: name_of(registry, f"https://www.shared.example{path}")
        for path in ("/one/1", "/one", "/onetwo", "/one/deep/1", "/", "")
    }
    assert found == {
        "/one/1": "one",
        "/one": "one",
        "/onetwo": "whole",
        "/one/deep/1": "deep",
        "/": "whole",
        "": "whole",
    }


def test_sources_of_one_host_may_have_ports_of_their_own() -> None:
    hosts = {"one": '"127.0.0.1:8001"', "blog": '"127.0.0.1:8002/blog"', "rest": '"127.0.0.1"'}
    registry = Registry({f"{name}.toml": daily(host) for name, host in hosts.items()})
    locations = ("http://127.0.0.1:8001/x", "http://127.0.0.1:8002/blog/x", "http://127.0.0.1:8002/x", "127.0.0.1")
    assert [name_of(registry, location) for location in locations] == ["one", "blog", "rest", "rest"]
    assert (one := registry.source("one")) is not None
    assert one.fetching.ports == (8001,)


def test_a_host_has_one_source() -> None:
    registry = Registry({"other.toml": daily('"daily.example", "other.example"'), "daily.toml": DAILY})
    assert [name_of(registry, host) for host in ("daily.example", "other.example")] == ["daily", "other"]
    assert [source.hosts for source in registry] == [("daily.example",), ("other.example",)]


def test_a_source_without_a_host_of_its_own_is_none() -> None:
    registry = Registry({"other.toml": DAILY, "daily.toml": DAILY})
    assert [source.name for source in registry] == ["daily"]
    assert registry.source("other") is None
    assert [source.name for source in registry.overlay({"third.toml": daily('"third.example"')})] == ["daily", "third"]


@pytest.mark.parametrize(
    "hosts",
    [
        'hosts = [\n  "daily.example", # "old.example"\n]',
        'hosts = ["daily.example"] # ["old.example"]',
        'hosts = ["daily.example", # or [this]\n]',
        '"hosts" = ["daily.example"]',
        "hosts = [ 'daily.example' ]",
    ],
)
def test_hosts_are_found_however_they_are_written(hosts: str) -> None:
    registry = Registry({"daily.toml": DAILY.replace('hosts = ["daily.example"]', hosts)})
    assert name_of(registry, "daily.example") == "daily"
    assert name_of(registry, "old.example") is None


def test_files_come_over_others_by_name_and_by_host() -> None:
    below = Registry({"daily.toml": DAILY, "weekly.toml": daily('"weekly.example", "other.example"')})
    registry = below.overlay({"daily.toml": daily('"new.example"'), "mine.toml": daily('"weekly.example"')})
    hosts = ("daily.example", "new.example", "weekly.example", "other.example")
    assert [name_of(registry, host) for host in hosts] == [None, "daily", "mine", "weekly"]
    assert [name_of(below, host) for host in hosts] == ["daily", None, "weekly", "weekly"]


def test_a_new_base_is_a_base_of_what_was_there_before() -> None:
    leaning = DAILY.replace("zone", 'base = "system"\n#', 1)
    below = Registry({"daily.toml": leaning, "bases/system.toml": BASE})
    registry = below.overlay({"bases/system.toml": BASE.replace("Vienna", "Zurich")})
    zones = [source.zone for each in (below, registry) if (source := each.find("daily.example"))]
    assert zones == ["Europe/Vienna", "Europe/Zurich"]


def test_a_wrong_file_is_told_of_when_it_is_asked_for() -> None:
    registry = Registry({"daily.toml": DAILY + "titel = []", "weekly.toml": daily('"weekly.example"')})
    assert name_of(registry, "weekly.example") == "weekly"
    with pytest.raises(SourceError, match="titel"):
        registry.find("daily.example")


def test_of_the_bundled_sources_every_host_is_found() -> None:
    for path, text in bundled_sources().files.items():
        for host in () if path.startswith(BASES) else tomllib.loads(text)["hosts"]:
            assert f"{name_of(bundled_sources(), host)}.toml" == path


def test_the_bbc_is_more_than_its_bengali_service() -> None:
    assert name_of(bundled_sources(), "https://www.bbc.com/bengali/articles/c0123456789o") == "bbc-bangla"
    assert name_of(bundled_sources(), "https://www.bbc.com/news/articles/c0123456789o") is None
