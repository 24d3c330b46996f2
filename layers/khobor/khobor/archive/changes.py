"""Changes of an archive: the state of a headline or a text before and after a write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from khobor.url import url_id

# What readers of a site notice of a change.
News = Literal["stored", "revised", "moved", "gone"]


class FetchKey(NamedTuple):
    """What identifies a fetch of an article, however its page is parsed.

    Attributes:
        fetched_at: When the page was fetched, as ``times.instant`` writes it.
        raw_digest: As ``interface.raw_digest`` returns it.
    """

    fetched_at: str
    raw_digest: str


# The archive in SQLite stores these two as JSON arrays: add fields at the end, with a default.
class HeadlineState(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An article as lists show it.

    Attributes:
        fetch: The newest fetch.
        content: The digest of what readers see.
        revisions: The number of revisions.
        changes: What the last revision changed.
        listed_at: When the article was published, else fetched, with the UTC offset of its source's clocks.
        gone_at: When its site answered that it is gone, as ``times.instant`` writes it; None if it is there.
        gone_reason: The slug of that answer.
        texts: Those of ``source``, ``title``, ``url``, ``section`` and ``language`` that the article has.
    """

    fetch: FetchKey
    content: str
    revisions: int
    changes: frozenset[str]
    listed_at: datetime
    gone_at: str | None
    gone_reason: str | None
    texts: Mapping[str, str]


class HeadlineChange(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A headline was written.

    Attributes:
        article_id: The article's id.
        before: The headline before; None if the archive did not have the article.
        after: The headline now.
        is_replayed: Whether it was written because a page was parsed again.
        moved_from: Another id under which the article was listed until now; None if it was not.
    """

    article_id: str
    before: HeadlineState | None
    after: HeadlineState
    is_replayed: bool
    moved_from: str | None = None

    @property
    def news(self) -> News | None:
        """What readers notice: the article is stored for the first time, revised, moved or gone; None if nothing.

        What changes while two articles become one was noticed of one of them before.
        """
        before, after = self.before, self.after
        if self.is_replayed:
            return None
        if self.moved_from:
            return "moved"
        if before is None:
            return "stored"
        if after.gone_at:
            return None if before.gone_at else "gone"
        if before.gone_at or _is_revised(before, after):
            return "revised"
        return "moved" if self.former_url else None

    @property
    def former_url(self) -> str | None:
        """The URL that the article had before a newer fetch that has another one; None if it is the same."""
        return _former_url(self.before, self.after) if self.before else None


def _former_url(before: HeadlineState, after: HeadlineState) -> str | None:
    old, new = before.texts.get("url"), after.texts.get("url")
    # The pages of an article have URLs of one id, unless it moved.
    is_other = old and new and before.fetch < after.fetch and url_id(old) != url_id(new)
    return old if is_other else None


def _is_revised(before: HeadlineState, after: HeadlineState) -> bool:
    # A page that is parsed again may give another text, and a late fetch an older revision: neither changes what
    # readers see now.
    is_other = before.content != after.content and before.fetch != after.fetch
    return is_other and after.revisions > before.revisions


@dataclass(frozen=True, kw_only=True)
class TextState:
    """A stored text of an article.

    Attributes:
        fetch: The fetch that it comes from.
        extractor: The digest of the extractor; None in further parts of a text, and in items of earlier versions.
    """

    fetch: FetchKey
    extractor: str | None


@dataclass(frozen=True, kw_only=True)
class TextChange:
    """A stored text was replaced by another one of the same content.

    Attributes:
        article_id: The article's id.
        before: The text before.
        after: The text now.
    """

    article_id: str
    before: TextState
    after: TextState
