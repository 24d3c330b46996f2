"""Derives events about articles from changes of their headlines.

Events may be delivered twice and out of order: ``event_id`` identifies an event, and ``seen_at`` orders the events of
an article. Their schemas are in ``events/schemas``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from khobor.archive.changes import HeadlineChange, News
from khobor.url import digest

Kind = Literal["ArticleStored", "ArticleRevised", "ArticleMoved", "ArticleGone"]
_KINDS: dict[News, Kind] = {
    "stored": "ArticleStored",
    "revised": "ArticleRevised",
    "moved": "ArticleMoved",
    "gone": "ArticleGone",
}

# Increased if a field is removed or changes its meaning; new fields do not change it.
SCHEMA_VERSION: Final = 1
# Limits on texts and URLs, which keep an event far below the largest that EventBridge accepts.
LONGEST_TEXT = 1000
LONGEST_URL = 8192


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The detail of an event.

    Attributes:
        event_id: The id of the event, the same for each delivery.
        schema_version: The version of this schema.
        article_id: The article's id.
        revision: The number of its newest revision; numbers may be skipped.
        seen_at: When this state was seen, in RFC 3339 format.
        listed_at: When the article was published, or fetched if unknown, with the UTC offset of its source.
        url: Its URL.
        source: The name of its source.
        title: Its headline.
        language: Its BCP 47 tag.
        section: Its section, as the page states it.
        changes: What changed in a revised article, in the words of ``khobor.revisions``.
        reason: Why an article is gone, as a slug such as ``http_410``.
        former_url: The URL that the article had until now, if it moved.
        former_article_id: Another id under which the article was announced until now.
    """

    event_id: str
    schema_version: int
    article_id: str
    revision: int
    seen_at: str
    listed_at: str
    url: str | None = None
    source: str | None = None
    title: str | None = None
    language: str | None = None
    section: str | None = None
    changes: tuple[str, ...] = ()
    reason: str | None = None
    former_url: str | None = None
    former_article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event.

    Attributes:
        kind: The kind of event, which is EventBridge's detail type.
        detail: The detail.
    """

    kind: Kind
    detail: Detail


def announcement(change: HeadlineChange | None) -> Announcement | None:
    """Return the event that announces the change of a headline; None if nothing changed for readers."""
    if change is None or (news := change.news) is None:
        return None
    kind = _KINDS[news]
    return Announcement(kind, _detail(kind, change))


def _detail(kind: Kind, change: HeadlineChange) -> Detail:
    after = change.after
    seen_at = (kind == "ArticleGone" and after.gone_at) or after.fetch.fetched_at
    return Detail(
        # Include the time: parsing pages again may reuse revision numbers.
        event_id=digest(f"{kind} {change.moved_from or change.article_id} {after.revisions} {seen_at}".encode()),
        schema_version=SCHEMA_VERSION,
        article_id=change.article_id,
        revision=after.revisions,
        seen_at=seen_at,
        listed_at=after.listed_at.isoformat(),
        changes=_changes(change) if kind == "ArticleRevised" else (),
        reason=after.gone_reason if kind == "ArticleGone" else None,
        former_article_id=change.moved_from,
        former_url=_whole(change.former_url) if kind in {"ArticleRevised", "ArticleMoved"} else None,
        **_listed(after.texts),
    )


def _changes(change: HeadlineChange) -> tuple[str, ...]:
    """Return what changed; if several revisions were stored at once, what the last one changed."""
    is_back = change.before is not None and change.before.gone_at is not None
    return tuple(sorted(change.after.changes | {"back"} if is_back else change.after.changes))


def _listed(texts: Mapping[str, str]) -> dict[str, str]:
    urls = {"url": url} if (url := _whole(texts.get("url"))) else {}
    return {name: _cut(text) for name, text in texts.items() if name != "url"} | urls


def _whole(url: str | None) -> str | None:
    """Return a URL unless it is too long: a part of it would be a different URL."""
    return url if url and len(url) <= LONGEST_URL else None


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
