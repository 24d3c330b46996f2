"""What a replay changed: which fields of how many articles, with examples; and what it left alone, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from khobor.article import Article
from khobor.fields import FIELDS

# Of each field, and of each reason.
_MOST_EXAMPLES = 3
_LONGEST = 160
# How many revisions there are.
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
    """What a field of an article was and is; None where it is absent.

    Attributes:
        article: The article's URL, or its id.
        before: The value as a text, a long one cut.
        after: Likewise.
    """

    article: str
    before: str | None = None
    after: str | None = None


class PageResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one page.

    Attributes:
        outcome: The article is changed, new, or the same; joined by a page that the archive did not know; covered
            where another page of it is read for it; left where it stays as it is, whatever the page says.
        changes: What changed of it, by field.
        reason: Slug of why it was left.
        detail: What was wrong, with what, and what to do.
    """

    outcome: ReplayOutcome
    changes: Mapping[str, ValueChange] = {}
    reason: str | None = None
    detail: str | None = None


class ReplayReport(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What came of many pages.

    Attributes:
        pages: How many there were.
        outcomes: How many articles were changed, new and so on; those that are covered are counted once elsewhere.
        fields: For how many articles each field changed.
        examples: Some changes of each field.
        reasons: How many articles were left alone for each reason.
        problems: What was wrong with some of these.
    """

    pages: int = 0
    outcomes: dict[str, int] = {}
    fields: dict[str, int] = {}
    examples: dict[str, list[ValueChange]] = {}
    reasons: dict[str, int] = {}
    problems: dict[str, list[str]] = {}

    def add(self, result: PageResult) -> None:
        """Count what came of a page."""
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
        """Add what another report counted."""
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
    """Return what two readings of an article tell differently, by field."""
    where = after.canonical_url or after.url or after.article_id
    names = [field.name for field in FIELDS if not field.is_about_reading]
    return {
        name: ValueChange(article=where, before=shown(was), after=shown(now))
        for name in names
        if (was := getattr(before, name)) != (now := getattr(after, name))
    }


def shown(value: Any) -> str | None:
    """Return a value as a text; None where it is absent."""
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
