"""Samples written for the tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from khobor.health.sample import FIELDS, DiscoveredUrl, Sample, SampledPage
from khobor.sources.reading import read_source
from khobor.sources.registry import Registry
from khobor.sources.source import Source

NOW = datetime(2026, 3, 16, 6, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAILY = """
version = 2
publisher = "The Daily Test"
hosts = ["daily.example"]
enabled = true
[rules]
title = ["h1.headline"]
dates = [".dates"]
"""


def source(text: str = DAILY) -> Source:
    return read_source("daily.toml", text, Registry({}).base)


def reading(at: datetime, rules: str = "daily/2", **origins: Any) -> SampledPage:
    """Return a page read by rules for title and date; None takes a field away."""
    usual: dict[str, Any] = {
        "title": "source rule",
        "published_at": "source rule",
        "authors": "meta",
        "body": "heuristic",
    }
    found = {name: origin for name, origin in (usual | origins).items() if origin}
    assert found.keys() <= set(FIELDS)
    return SampledPage(
        fetched_at=at, key=f"pages/daily.example/{at:%Y-%m-%d/%H%M%S}-x.html.gz", rules=rules, origins=found
    )


def fortnight(a_day: int = 8, **origins: Any) -> list[SampledPage]:
    """Return pages of the fourteen days before the last one."""
    times = (NOW - DAY * (number + 1) - HOUR * each for number in range(14) for each in range(a_day))
    return [reading(at, **origins) for at in times]


def of_today(count: int = 12, **origins: Any) -> list[SampledPage]:
    """Return pages of the last day."""
    return [reading(NOW - HOUR * number, **origins) for number in range(count)]


def sample(readings: Iterable[SampledPage] = (), **others: Any) -> Sample:
    return Sample(source=others.pop("source", source()), readings=list(readings), **others)


def discovered_urls(*, before: int, now: int, there_now: int) -> list[DiscoveredUrl]:
    """Return URLs that were found, all of which became articles before, and so many now."""
    old = [DiscoveredUrl(url=f"https://daily.example/{n}", since=NOW - 2 * DAY, is_there=True) for n in range(before)]
    new = [
        DiscoveredUrl(url=f"https://daily.example/new/{n}", since=NOW - 3 * HOUR, is_there=n < there_now)
        for n in range(now)
    ]
    return old + new
