"""What is told of findings, for people: what happened, where to look, and which commands help."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import chain, groupby

from khobor.health.judgement import HealthFinding

# What SNS takes of a subject, in characters.
_LONGEST_SUBJECT = 100
# It takes 256 KB of a message; nobody reads as much.
_MOST_SOURCES = 50
_MOST_SAMPLES = 5
_WORDS = {"title": "title", "published_at": "date", "authors": "authors", "body": "body"}


def subject(findings: Iterable[HealthFinding]) -> str:
    """Return a line that names the sources."""
    names = ", ".join(sorted({finding.source for finding in findings}))
    line = f"khobor: look at {names}"
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 3]}..."


def message(findings: Iterable[HealthFinding], bucket: str) -> str:
    """Return what to say: of each source what happened, and then what to do.

    Args:
        findings: What is told.
        bucket: Name of the raw bucket.
    """
    by_source = groupby(sorted(findings, key=lambda finding: finding.source), key=lambda finding: finding.source)
    told = [_of_source(list(group), bucket) for _, group in by_source]
    if len(told) > _MOST_SOURCES:
        told[_MOST_SOURCES:] = [f"… and {len(told) - _MOST_SOURCES} more sources: the log of health has them all."]
    return "\n\n".join(told)


def sentence(finding: HealthFinding) -> str:
    """Return one finding in one sentence."""
    said = f"{finding.source}: {_said(finding)}"
    return f"{said}; the rule that matches no more is {finding.rule}" if finding.rule else said


def _said(finding: HealthFinding) -> str:
    if finding.since:
        return f"no new article since {finding.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC, longer than is its habit"
    now, before = f"{finding.now or 0:.0%}", f"{finding.before or 0:.0%}"
    if finding.kind == "articles missing":
        return f"of {finding.pages} URLs that were found, {now} became articles, before {before}"
    word = _WORDS[finding.field or ""]
    what = word if finding.kind == "field lost" else f"{word} by the source's rule"
    return f"{what} on {now} of {finding.pages} new pages, before on {before}"


def _of_source(findings: Sequence[HealthFinding], bucket: str) -> str:
    lines = [sentence(finding) for finding in findings]
    kinds = {finding.kind for finding in findings}
    if kinds & {"field lost", "rule unmatched"}:
        samples = chain.from_iterable(each.samples for each in findings if each.kind != "articles missing")
        lines += _of_pages(findings[0].source, list(dict.fromkeys(samples))[:_MOST_SAMPLES], bucket)
    for finding in findings:
        if finding.kind == "articles missing":
            lines += ["", "See why, for example:", *(f"  khobor trace {url}" for url in finding.samples)]
        if finding.kind == "source silent":
            lines += ["", "See what its listings tell:", f"  khobor discover {finding.source} --dry-run"]
    return "\n".join(lines)


def _of_pages(source: str, keys: Sequence[str], bucket: str) -> Iterator[str]:
    yield from ("", "For example on:")
    yield from (f"  {key}" for key in keys)
    yield from ("", "See how such a page is read now, mend the rules, try them, and upload them:")
    yield f"  aws s3 cp s3://{bucket}/{keys[0] if keys else 'KEY'} page.html.gz"
    yield "  khobor parse page.html.gz --explain"
    yield f"  khobor sources check mine/{source}.toml"
    yield f"  aws s3 cp mine/{source}.toml s3://{bucket}/sources/"
