"""Digests of what readers see of an article: fetches with equal digests belong to one revision.

Digests are stored. A change to how they are computed would turn unchanged articles into new revisions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Self

from khobor.article import Article
from khobor.counters import without_counters
from khobor.revisions.words import on_one_line
from khobor.url import digest

# 35 bits: the chance that two of the few revisions of an article collide is about 1 in 10,000,000,000.
_DIGEST = 7
_PARTS = ("headline", "byline", "description", "body")
_CONTENT = _DIGEST * len(_PARTS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A correction notice starts its paragraph; later mentions are about something else.
_NOTICE = 120


@dataclass(frozen=True, kw_only=True)
class ContentDigests:
    """Digests of the parts of an article that readers see, and what it states about its own changes.

    Attributes:
        headline: The digest of title and kicker.
        byline: The digest of the authors' names.
        description: The digest of the description.
        body: The digest of the texts and image captions of the body, without counters such as views.
        modified_at: The date of modification that the page states, in whole milliseconds.
        notices: The number of paragraphs that announce a correction.
    """

    headline: str
    byline: str
    description: str
    body: str
    modified_at: datetime | None = None
    notices: int = 0

    @property
    def content(self) -> str:
        """All four digests in one."""
        return self.headline + self.byline + self.description + self.body

    def to_text(self) -> str:
        """Return a short text that ``from_text`` parses."""
        modified = "" if self.modified_at is None else str((self.modified_at - _EPOCH) // timedelta(milliseconds=1))
        return f"{self.content}|{modified}|{self.notices}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the digests that ``to_text`` wrote."""
        content, modified, notices = text.split("|")
        parts = [content[start : start + _DIGEST] for start in range(0, _CONTENT, _DIGEST)]
        modified_at = _EPOCH + timedelta(milliseconds=int(modified)) if modified else None
        return cls(**dict(zip(_PARTS, parts, strict=True)), modified_at=modified_at, notices=int(notices))


def content_digests(article: Article) -> ContentDigests:
    """Return the digests of an article; white space and Unicode normalization make no difference."""
    lines = (block.text or (block.image and block.image.caption) for block in article.body)
    # A view counter differs on each visit, but nobody edited the article.
    body = [plain(text) for line in lines if line and (text := without_counters(line))]
    modified_at = article.modified_at and article.modified_at.astimezone(UTC)
    return ContentDigests(
        headline=_digest([plain(article.title or ""), plain(article.kicker or "")]),
        byline=_digest([plain(author.name) for author in article.authors]),
        description=_digest([plain(article.description or "")]),
        body=_digest(body),
        modified_at=modified_at and modified_at.replace(microsecond=modified_at.microsecond // 1000 * 1000),
        notices=sum(map(_is_notice, body)),
    )


def _is_notice(text: str) -> bool:
    """Whether a paragraph, as ``plain`` returns it, announces a correction of its article."""
    return _notices().match(text[:_NOTICE].casefold()) is not None


@cache
def _notices() -> re.Pattern[str]:
    lines = files(__package__).joinpath("notices.txt").read_text("utf-8").splitlines()
    phrases = [plain(line).casefold() for line in lines if line and not line.startswith("#")]
    return re.compile(rf"\W*(?:{'|'.join(map(re.escape, phrases))})")


def _digest(lines: Sequence[str]) -> str:
    return digest("\n".join(lines).encode("utf-8", "replace"))[:_DIGEST]


def plain(text: str) -> str:
    """Return a text as readers see it, on one line and in one normal form."""
    return on_one_line(text)
