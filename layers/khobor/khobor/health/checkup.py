"""A look at sources: what is wrong with them, logged and counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from khobor.errors import PermanentError
from khobor.health.judgement import HealthFinding, judge, new_findings
from khobor.health.message import sentence
from khobor.health.sample import Sample, Sampler
from khobor.sources.registry import Registry
from khobor.sources.source import Source
from khobor.telemetry import Telemetry

METRICS = {
    "field lost": "FieldsLost",
    "rule unmatched": "FieldsLost",
    "articles missing": "ArticlesMissing",
    "source silent": "SourcesSilent",
}
# As many as a client keeps connections: each source takes some hundred calls, one after another.
_AT_ONCE = 10


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a look at all sources found.

    Attributes:
        sources: How many there are.
        findings: What is wrong.
        fresh: What of it was not wrong the time before.
    """

    sources: int
    findings: list[HealthFinding]
    fresh: list[HealthFinding]


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """What a look at one source found.

    Attributes:
        source: Its name.
        pages: How many of its pages were looked at.
        findings: What is wrong.
    """

    source: str
    pages: int
    findings: tuple[HealthFinding, ...]


class Checkup:
    """Looks at sources.

    Args:
        sampler: Takes samples of them.
        sources: Returns them.
        telemetry: Where it is logged and counted what is wrong.
    """

    def __init__(self, sampler: Sampler, sources: Callable[[], Registry], telemetry: Telemetry) -> None:
        self._sampler = sampler
        self._sources = sources
        self._telemetry = telemetry

    def all_sources(self, at: datetime, interval: timedelta) -> Result:
        """Judge all sources, and count what is wrong.

        Args:
            at: The time.
            interval: From the look before to this one.
        """
        samples = self._samples(self._sources(), at)
        findings = [finding for sample in samples for finding in self._findings(sample, at)]
        counts = Counter(METRICS[finding.kind] for finding in findings)
        # A zero ends an alarm.
        for name in dict.fromkeys(METRICS.values()):
            self._telemetry.count(name, counts[name])
        fresh = [finding for sample in samples for finding in new_findings(sample, at, interval)]
        return Result(sources=len(samples), findings=findings, fresh=fresh)

    def one_source(self, name: str, at: datetime) -> dict[str, Any]:
        """Check one source without counting the findings.

        Args:
            name: The name of the source.
            at: The time.

        Returns:
            The name of the source, the number of pages, and the findings.

        Raises:
            PermanentError: ``unknown_source``.
        """
        source = self._sources().source(name)
        if source is None:
            raise PermanentError("unknown_source", f"there is no source {name}; upload sources/{name}.toml")
        (found,) = self.look([source], at)
        return {"source": name, "pages": found.pages, "findings": [finding_facts(each) for each in found.findings]}

    def look(self, sources: Iterable[Source], at: datetime) -> list[SourceHealth]:
        """Judge some sources without counting the findings.

        Args:
            sources: The sources.
            at: The time.
        """
        return [
            SourceHealth(source=sample.source.name, pages=len(sample.readings), findings=self._findings(sample, at))
            for sample in self._samples(sources, at)
        ]

    def _samples(self, sources: Iterable[Source], at: datetime) -> list[Sample]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(partial(self._sampler.take, now=at), sources))

    def _findings(self, sample: Sample, at: datetime) -> tuple[HealthFinding, ...]:
        findings = judge(sample, at)
        for finding in findings:
            self._telemetry.logger.warning(sentence(finding), **finding_facts(finding))
        return findings


def finding_facts(finding: HealthFinding) -> dict[str, Any]:
    """Return what a finding says, without what it leaves open."""
    facts = {name: value for name, value in asdict(finding).items() if value not in {None, ()}}
    return facts | ({"since": finding.since.isoformat()} if finding.since else {})
