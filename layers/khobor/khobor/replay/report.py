"""The report of a replay: what changed, with counts and examples, and which articles were left alone, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from khobor.article import Article
from khobor.fields import FIELDS

# The most examples for each field and each reason.
_MOST_EXAMPLES = 3
_LONGEST = 160
# The entry of ``changes`` for the number of revisions.
REVISIONS = "revisions"

ReplayOutcome = Literal["changed", "new", "joined", "same", "covered", "left"]
METRICS: dict[ReplayOutcome, str] = {
    "changed": "ArticlesChanged",
    "new": "ArticlesNew",
    "joined": "ArticlesJoined",
    "same": "ArticlesSame",
    "covered": "ArticlesCovered",
    "left": "ArticlesLeft",
}


class ValueChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The old and the new value of a field; None if absent.

    Attributes:
        article: The URL of the article, or its id.
        before: The old value as text, cut if it is long.
        after: The new value as text, cut if it is long.
    """

    article: str
    before: str | None = None
    after: str | None = None


class RereadResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of reading one page again.

    Attributes:
        outcome: The article is ``changed``, ``new`` or the ``same``; ``joined`` if the page was unknown to the archive;
            ``covered`` if another page of the article is read instead; ``left`` if the article is left alone.
        changes: What changed, by field.
        reason: The slug of why it was left alone.
        detail: What was wrong, with what, and what to do.
    """

    outcome: ReplayOutcome
    changes: Mapping[str, ValueChange] = {}
    reason: str | None = None
    detail: str | None = None


class ReplayReport(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The results of many pages.

    Attributes:
        pages: The number of pages.
        outcomes: The number of articles by outcome; those of covered pages are counted at another page.
        fields: The number of articles in which each field changed.
        examples: Some changes of each field.
        reasons: The number of articles that were left alone, by reason.
        problems: Some details for each reason.
    """

    pages: int = 0
    outcomes: dict[str, int] = {}
    fields: dict[str, int] = {}
    examples: dict[str, list[ValueChange]] = {}
    reasons: dict[str, int] = {}
    problems: dict[str, list[str]] = {}

    def add(self, result: RereadResult) -> None:
        """Add the result of a page."""
        reasons = {result.reason: 1} if result.reason else {}
        self.merge(
            ReplayReport(
                pages=1,
                outcomes={result.outcome: 1},
                fields=dict.fromkeys(result.changes, 1),
                examples={field: [change] for field, change in result.changes.items()},
                reasons=reasons,
                problems={reason: [result.detail or ""] for reason in reasons},
            )
        )

    def merge(self, other: "ReplayReport") -> None:
        """Add the counts of another report."""
        self.pages += other.pages
        self.outcomes = Counter(self.outcomes) + Counter(other.outcomes)
        self.fields = Counter(self.fields) + Counter(other.fields)
        self.reasons = Counter(self.reasons) + Counter(other.reasons)
        for field, changes in other.examples.items():
            self.examples[field] = [*self.examples.get(field, ()), *changes][:_MOST_EXAMPLES]
        for reason, details in other.problems.items():
            self.problems[reason] = [*self.problems.get(reason, ()), *details][:_MOST_EXAMPLES]


def encode(report: ReplayReport) -> bytes:
    """Return a report as JSON."""
    return msgspec.json.encode(report)


def decode(data: bytes) -> ReplayReport:
    """Return the report that ``encode`` wrote."""
    return msgspec.json.decode(data, type=ReplayReport)


def differences(before: Article, after: Article) -> dict[str, ValueChange]:
    """Return the differences between two readings of an article, by field.

    Args:
        before: The older reading.
        after: The newer reading.
    """
    where = after.canonical_url or after.url or after.article_id
    names = [field.name for field in FIELDS if not field.is_about_reading]
    return {
        name: ValueChange(article=where, before=value_text(was), after=value_text(now))
        for name in names
        if (was := getattr(before, name)) != (now := getattr(after, name))
    }


def value_text(value: Any) -> str | None:
    """Return a value as text; None if it is absent."""
    plain = msgspec.to_builtins(value)
    if plain is None or plain in ([], {}, ""):
        return None
    return _cut("; ".join(map(_text, plain)) if isinstance(plain, list | tuple) else _text(plain))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        for name in ("name", "text", "url"):
            if value.get(name):
                return str(value[name])
        return ", ".join(f"{name} {part}" for name, part in value.items() if part)
    return " / ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
