import pytest

from khobor.errors import ConfigurationError
from khobor.sources.registry import Registry, bundled
from khobor.sources.source import read_source

WRITTEN = """
version = 2
publisher = "The Daily Test"
hosts = ["daily.example"]
zone = "Europe/Berlin"
[rules]
title = ["h1.headline", "h1"]
"""


def test_a_source_is_read_from_its_file() -> None:
    source = read_source("daily", WRITTEN)
    assert source.reference == "daily/2"
    assert source.rules.title == ("h1.headline", "h1")
    assert source.language is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("version = ", "no TOML|Invalid value"),
        ("version = 1", "publisher"),
        (WRITTEN.replace("2", '"2"', 1), r"\$\.version"),
        (WRITTEN + 'titel = ["h2"]', "titel"),
        (WRITTEN.replace("Europe/Berlin", "Europe/Nowhere"), "Europe/Nowhere"),
        (WRITTEN.replace("[rules]", 'article_url = "(("\n[rules]'), "unterminated|missing"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_with_the_place(text: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=f"daily.*({named})"):
        read_source("daily", text)


def test_a_source_publishes_its_hosts_and_their_subdomains() -> None:
    registry = Registry([read_source("daily", WRITTEN)])
    for host in ("daily.example", "www.daily.example", "m.sports.daily.example"):
        source = registry.find(host)
        assert source is not None
        assert source.name == "daily"
    assert registry.find("notdaily.example") is None
    assert registry.find("example") is None


def test_a_host_has_one_source() -> None:
    with pytest.raises(ConfigurationError, match=r"daily\.example.*daily.*other"):
        Registry([read_source("daily", WRITTEN), read_source("other", WRITTEN)])


def test_kalbela_comes_with_khobor() -> None:
    source = bundled().find("www.kalbela.com")
    assert source is not None
    assert (source.name, source.zone, source.language) == ("kalbela", "Asia/Dhaka", "bn")
