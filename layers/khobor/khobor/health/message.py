"""Findings as messages for people: what happened, where to look, and which commands help."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import chain, groupby
from shlex import quote
from typing import Protocol

from khobor.health.judgement import HealthFinding

# The longest subject that SNS accepts, in characters.
_LONGEST_SUBJECT = 100
# SNS accepts 256 KB for a message, more than anybody reads.
_MOST_SOURCES = 50
_MOST_SAMPLES = 5
_WORDS = {"title": "title", "published_at": "date", "authors": "authors", "body": "body"}


def subject(findings: Iterable[HealthFinding]) -> str:
    """Return a subject line that names the sources."""
    names = ", ".join(sorted({finding.source for finding in findings}))
    line = f"khobor: look at {names}"
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 3]}..."


class Hints(Protocol):
    """The commands that help, which depend on where the archive is."""

    def read(self, key: str) -> Sequence[str]:
        """Return the commands that show how a page is read.

        Args:
            key: The key of the page.
        """

    def correct(self, source: str) -> Sequence[str]:
        """Return the commands that test the corrected rules of a source, and put them to use."""

    def trace(self, url: str) -> str:
        """Return the command that shows what became of a URL."""

    def discover(self, source: str) -> str:
        """Return the command that shows what the listings of a source contain."""


class StackHints:
    """The commands for a stack on AWS.

    Args:
        bucket: The name of the raw bucket.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def read(self, key: str) -> Sequence[str]:
        """Return the commands that show how a page is read; see ``Hints``."""
        return (f"aws s3 cp {quote(f's3://{self._bucket}/{key}')} page.html.gz", "khobor parse page.html.gz --explain")

    def correct(self, source: str) -> Sequence[str]:
        """Return the commands that test corrected rules, and upload them; see ``Hints``."""
        file = f"mine/{source}.toml"
        return (f"khobor sources check {file}", f"aws s3 cp {file} s3://{self._bucket}/sources/")

    def trace(self, url: str) -> str:
        """Return the command that shows what became of a URL; see ``Hints``."""
        return f"khobor trace {quote(url)}"

    def discover(self, source: str) -> str:
        """Return the command that shows what listings contain; see ``Hints``."""
        return f"khobor discover {source} --dry-run"


def message(findings: Iterable[HealthFinding], hints: Hints) -> str:
    """Return the text of a message: for each source what happened and what to do.

    Args:
        findings: The findings.
        hints: The commands that help.
    """
    by_source = groupby(sorted(findings, key=lambda finding: finding.source), key=lambda finding: finding.source)
    texts = [of_source(list(group), hints) for _, group in by_source]
    if len(texts) > _MOST_SOURCES:
        texts[_MOST_SOURCES:] = [
            f"… and {len(texts) - _MOST_SOURCES} more sources: the log of the health function has all."
        ]
    return "\n\n".join(texts)


def sentence(finding: HealthFinding) -> str:
    """Return a finding as one sentence."""
    text = f"{finding.source}: {_what_happened(finding)}"
    return f"{text}; the rule no longer matches: {finding.rule}" if finding.rule else text


def _what_happened(finding: HealthFinding) -> str:
    if finding.since:
        since = f"{finding.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return f"no new article since {since}, longer than usual for this source"
    now, before = f"{finding.now or 0:.0%}", f"{finding.before or 0:.0%}"
    if finding.kind == "articles missing":
        return f"{now} of {finding.pages} discovered URLs became articles, {before} before"
    word = _WORDS[finding.field or ""]
    what = word if finding.kind == "field lost" else f"{word} by the source's rule"
    return f"{what} on {now} of {finding.pages} new pages, {before} before"


def of_source(findings: Sequence[HealthFinding], hints: Hints) -> str:
    """Return what happened to one source and what to do.

    Args:
        findings: The findings of the source.
        hints: The commands that help.
    """
    lines = [sentence(finding) for finding in findings]
    kinds = {finding.kind for finding in findings}
    if kinds & {"field lost", "rule unmatched"}:
        samples = chain.from_iterable(each.samples for each in findings if each.kind != "articles missing")
        lines += _of_pages(findings[0].source, list(dict.fromkeys(samples))[:_MOST_SAMPLES], hints)
    for finding in findings:
        if finding.kind == "articles missing":
            lines += ["", "See why, for example:", *(f"  {hints.trace(url)}" for url in finding.samples)]
        if finding.kind == "source silent":
            lines += ["", "See what its listings contain:", f"  {hints.discover(finding.source)}"]
    return "\n".join(lines)


def _of_pages(source: str, keys: Sequence[str], hints: Hints) -> Iterator[str]:
    yield from ("", "For example on:")
    yield from (f"  {key}" for key in keys)
    yield from ("", "See how such a page is read now, correct the rules, test them, and put them to use:")
    yield from (f"  {command}" for command in (*hints.read(keys[0] if keys else "KEY"), *hints.correct(source)))
