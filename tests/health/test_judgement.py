"""Which changes of a source are findings, and which are not."""

from datetime import timedelta

import pytest
from tests.health.samples import DAILY, DAY, HOUR, NOW, discovered_urls, fortnight, of_today, reading, sample, source

from khobor.health.judgement import HealthFinding, judge, new_findings
from khobor.health.sample import Sample, SampledPage


def kinds(findings: tuple[HealthFinding, ...]) -> list[tuple[str, str | None]]:
    return [(finding.kind, finding.field) for finding in findings]


def test_a_field_that_is_found_no_more_is_lost_and_its_pages_are_named() -> None:
    (finding,) = judge(sample(fortnight() + of_today(authors=None)), NOW)
    assert (finding.kind, finding.source, finding.field) == ("field lost", "daily", "authors")
    assert (finding.before, finding.now, finding.pages) == (1.0, 0.0, 12)
    assert finding.rule is None
    assert finding.samples[0] == "pages/daily.example/2026-03-16/060000-x.html.gz"
    assert len(finding.samples) == 5


def test_a_field_lost_with_its_rule_names_the_rule() -> None:
    (finding,) = judge(sample(fortnight() + of_today(title=None)), NOW)
    assert (finding.kind, finding.rule) == ("field lost", 'title = ["h1.headline"] of daily/2')


def test_a_rule_that_stops_matching_is_named_though_the_field_is_still_found() -> None:
    (finding,) = judge(sample(fortnight() + of_today(published_at="meta")), NOW)
    assert (finding.kind, finding.field) == ("rule unmatched", "published_at")
    assert finding.rule == 'dates = [".dates"] of daily/2'


def test_another_kind_of_evidence_without_a_rule_is_no_finding() -> None:
    assert judge(sample(fortnight() + of_today(authors="json-ld")), NOW) == ()


def test_rules_that_an_operator_changed_raise_no_alarm() -> None:
    assert judge(sample(fortnight() + of_today(rules="daily/3", title="json-ld")), NOW) == ()


def test_rules_that_an_operator_changed_for_the_worse_do() -> None:
    assert kinds(judge(sample(fortnight() + of_today(rules="daily/3", title=None)), NOW)) == [("field lost", "title")]


def three_a_week(weeks: int, broken: int) -> list[SampledPage]:
    times = [NOW - timedelta(days=7 * week + day) for week in range(weeks) for day in (0, 2, 4)]
    return [reading(at, title=None if number < broken else "source rule") for number, at in enumerate(times)]


@pytest.mark.parametrize(
    "readings",
    [
        [],
        of_today(title=None),
        fortnight(),
        fortnight() + of_today(1, title=None),
        three_a_week(3, broken=1),
        three_a_week(20, broken=2),
    ],
    ids=["no page", "new source", "quiet today", "one odd page", "three a week", "two odd of three a week"],
)
def test_no_alarm(readings: list[SampledPage]) -> None:
    assert judge(sample(readings), NOW) == ()


def test_a_source_of_three_a_week_is_judged_by_its_newest_four() -> None:
    assert kinds(judge(sample(three_a_week(20, broken=4)), NOW)) == [("field lost", "title")]


def weekends_without_bylines(newest_of: int) -> list[SampledPage]:
    """Return pages of fifteen days, of which those at weekends mostly have no authors."""
    now = NOW - DAY  # Sunday
    times = [now - DAY * day - HOUR * each for day in range(15) for each in range(newest_of if day == 0 else 8)]
    is_bare = [at.weekday() in {5, 6} and number % 4 > 0 for number, at in enumerate(times)]
    return [reading(at, authors=None if bare else "meta") for at, bare in zip(times, is_bare, strict=True)]


def test_a_weekend_is_as_the_weekends_before() -> None:
    assert judge(sample(weekends_without_bylines(20)), NOW - DAY) == ()


def test_found_urls_that_become_no_articles_are_missed() -> None:
    (finding,) = judge(sample(found=discovered_urls(before=40, now=12, there_now=1)), NOW)
    assert (finding.kind, finding.before, finding.pages) == ("articles missing", 1.0, 12)
    assert finding.samples[0].startswith("https://daily.example/new/")
    assert judge(sample(found=discovered_urls(before=40, now=12, there_now=11)), NOW) == ()
    assert judge(sample(found=discovered_urls(before=3, now=12, there_now=0)), NOW) == ()


def silent_since(days: int, *, every: int = 1) -> Sample:
    return sample(listed=[NOW - timedelta(days=days + every * number) for number in range(20)])


def test_a_source_is_silent_longer_than_its_habit() -> None:
    assert kinds(judge(silent_since(4), NOW)) == [("source silent", None)]
    assert judge(silent_since(2), NOW) == ()
    assert judge(silent_since(20, every=7), NOW) == ()
    assert kinds(judge(silent_since(22, every=7), NOW)) == [("source silent", None)]


def test_a_source_that_is_not_enabled_or_new_is_not_silent() -> None:
    idle = source(DAILY.replace("enabled = true", "enabled = false"))
    assert judge(sample(source=idle, listed=silent_since(9).listed), NOW) == ()
    assert judge(sample(listed=silent_since(9).listed[:3]), NOW) == ()


def test_a_finding_is_told_once() -> None:
    wrong = sample(fortnight() + of_today(6, title=None))
    assert kinds(new_findings(wrong, NOW, 6 * HOUR)) == [("field lost", "title")]
    later = NOW + 6 * HOUR
    assert kinds(judge(wrong, later)) == [("field lost", "title")]
    assert new_findings(wrong, later, 6 * HOUR) == ()
