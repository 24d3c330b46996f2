"""Finds what is wrong with a source, by comparing a sample of new pages with its recent past.

New pages are those fetched within the last day, or the newest four if there are fewer. A field is lost if the share of
pages that have it fell. A rule is unmatched if the share of pages on which it found a field fell, among pages read by
the same version of the rules, so that changed rules raise no alarm. Articles are missing if fewer of the discovered
URLs become articles. A source is silent by the same rule as a listing (``discover/silence.py``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from khobor.discover.silence import is_silent
from khobor.health.sample import DAY, FIELDS, DiscoveredUrl, Sample, SampledPage
from khobor.health.significance import FEWEST_BEFORE, FEWEST_NOW, has_fallen, share
from khobor.sources.source import Source

Kind = Literal["field lost", "rule unmatched", "articles missing", "source silent"]

_MOST_SAMPLES = 5
_RULE: Literal["source rule"] = "source rule"
# The entries of a source's rules for each field.
_ENTRIES = {"title": ("title",), "published_at": ("published_at", "dates"), "authors": ("authors",), "body": ("body",)}


@dataclass(frozen=True, kw_only=True)
class HealthFinding:
    """A problem of a source.

    Attributes:
        kind: The kind of problem.
        source: The name of the source.
        field: The field.
        rule: The rule that stopped matching, as in the source's file, with the version of the rules.
        before: The share of pages that had it before, from 0 to 1.
        now: The share of new pages that have it, from 0 to 1.
        pages: The number of new pages in the sample.
        samples: The keys of raw pages without it, or the URLs of missing articles.
        since: When the newest article of a silent source was published.
    """

    kind: Kind
    source: str
    field: str | None = None
    rule: str | None = None
    before: float | None = None
    now: float | None = None
    pages: int = 0
    samples: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """Identifies the same finding at another time."""
        return self.kind, self.source, self.field


def judge(sample: Sample, now: datetime) -> tuple[HealthFinding, ...]:
    """Return what is wrong with a source.

    Args:
        sample: The sample of the source.
        now: The time of judgement, aware; later pages are ignored.
    """
    return (*_of_fields(sample, now), *_of_articles(sample, now), *_of_silence(sample, now))


def new_findings(sample: Sample, now: datetime, interval: timedelta) -> tuple[HealthFinding, ...]:
    """Return the findings that did not exist one interval ago, so that each is reported once.

    Args:
        sample: The sample of the source.
        now: The time of judgement, aware.
        interval: The time between two judgements.
    """
    before = {finding.identity for finding in judge(sample, now - interval)}
    return tuple(finding for finding in judge(sample, now) if finding.identity not in before)


def _of_fields(sample: Sample, now: datetime) -> Iterator[HealthFinding]:
    known = sorted((each for each in sample.readings if each.fetched_at <= now), key=lambda each: each.fetched_at)
    count = max(FEWEST_NOW, sum(each.fetched_at > now - DAY for each in known))
    if len(known) < FEWEST_BEFORE + count:
        return
    before, newest = known[:-count], known[-count:]
    for field in FIELDS:
        finding = _lost(sample.source, field, before, newest) or _unmatched(sample.source, field, before, newest)
        if finding:
            yield finding


def _lost(
    source: Source, field: str, before: Sequence[SampledPage], newest: Sequence[SampledPage]
) -> HealthFinding | None:
    had, has = [(each.day, field in each.origins) for each in before], [field in each.origins for each in newest]
    if not has_fallen(had, has):
        return None
    unmatched = _unmatched(source, field, before, newest)
    return HealthFinding(
        kind="field lost",
        source=source.name,
        field=field,
        rule=unmatched.rule if unmatched else None,
        before=share([each for _, each in had]),
        now=share(has),
        pages=len(newest),
        samples=_keys([each for each in newest if field not in each.origins]),
    )


def _unmatched(
    source: Source, field: str, before: Sequence[SampledPage], newest: Sequence[SampledPage]
) -> HealthFinding | None:
    rules = newest[-1].rules
    by_same = [each for each in newest if each.rules == rules]
    had = [(each.day, each.origins.get(field) == _RULE) for each in before if each.rules == rules]
    has = [each.origins.get(field) == _RULE for each in by_same]
    if not has_fallen(had, has):
        return None
    return HealthFinding(
        kind="rule unmatched",
        source=source.name,
        field=field,
        rule=_rule(source, field, newest[-1]),
        before=share([each for _, each in had]),
        now=share(has),
        pages=len(by_same),
        samples=_keys([each for each in by_same if each.origins.get(field) != _RULE]),
    )


def _of_articles(sample: Sample, now: datetime) -> Iterator[HealthFinding]:
    known = [each for each in sample.found if each.since <= now]
    before, newest = ([each for each in known if (each.since > now - DAY) is is_new] for is_new in (False, True))
    # The days are not compared: only URLs of a few days are still checked.
    had, has = [(now.date(), each.is_there) for each in before], [each.is_there for each in newest]
    if has_fallen(had, has):
        yield HealthFinding(
            kind="articles missing",
            source=sample.source.name,
            before=share([each for _, each in had]),
            now=share(has),
            pages=len(has),
            samples=_urls([each for each in newest if not each.is_there]),
        )


def _of_silence(sample: Sample, now: datetime) -> Iterator[HealthFinding]:
    listed = [each for each in sample.listed if each <= now]
    if not sample.source.enabled or len(listed) < FEWEST_BEFORE:
        return
    longest = max((later - earlier).total_seconds() for later, earlier in pairwise(listed))
    if is_silent(longest, listed[0], now):
        yield HealthFinding(kind="source silent", source=sample.source.name, since=listed[0])


def _rule(source: Source, field: str, newest: SampledPage) -> str:
    rules = source.rules_on(newest.fetched_at)
    name = next((name for name in _ENTRIES[field] if getattr(rules, name)), _ENTRIES[field][0])
    candidates = ", ".join(f'"{each}"' for each in getattr(rules, name))
    return f"{name} = [{candidates}] of {newest.rules}"


def _keys(readings: Sequence[SampledPage]) -> tuple[str, ...]:
    return tuple(each.key for each in reversed(readings) if each.key)[:_MOST_SAMPLES]


def _urls(urls: Sequence[DiscoveredUrl]) -> tuple[str, ...]:
    return tuple(each.url for each in reversed(urls))[:_MOST_SAMPLES]
