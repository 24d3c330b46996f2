"""What readers see of an article, digested part by part: two fetches that differ in nothing else are one revision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Self

from khobor.article import Article
from khobor.counters import without_counters
from khobor.revisions.words import as_shown
from khobor.url import digest

# 35 bits: of the few revisions of one article, two share them by chance once in ten thousand million.
_DIGEST = 7
_PARTS = ("headline", "byline", "description", "body")
_CONTENT = _DIGEST * len(_PARTS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A notice begins its paragraph; what comes later in one is talk about something else.
_NOTICE = 120


@dataclass(frozen=True, kw_only=True)
class ContentDigests:
    """The parts of an article that readers see, as digests, and what it says of its own changes.

    Attributes:
        headline: Of title and kicker.
        byline: Of the authors' names.
        description: Of the description.
        body: Of the text of the body's blocks and the captions of its images, without lines that are counters.
        modified_at: When the page says that it was modified, in whole milliseconds.
        notices: How many paragraphs of the body tell of a correction.
    """

    headline: str
    byline: str
    description: str
    body: str
    modified_at: datetime | None = None
    notices: int = 0

    @property
    def content(self) -> str:
        """What stands for all that readers see."""
        return self.headline + self.byline + self.description + self.body

    def to_text(self) -> str:
        """Return a short text that ``from_text`` reads."""
        modified = "" if self.modified_at is None else str((self.modified_at - _EPOCH) // timedelta(milliseconds=1))
        return f"{self.content}|{modified}|{self.notices}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the digests of a text of ``to_text``."""
        content, modified, notices = text.split("|")
        parts = [content[start : start + _DIGEST] for start in range(0, _CONTENT, _DIGEST)]
        modified_at = _EPOCH + timedelta(milliseconds=int(modified)) if modified else None
        return cls(**dict(zip(_PARTS, parts, strict=True)), modified_at=modified_at, notices=int(notices))


def content_digests(article: Article) -> ContentDigests:
    """Return the digests of an article; how white space and characters are written makes no difference."""
    shown = (block.text or (block.image and block.image.caption) for block in article.body)
    # How often it was read is another number at each visit: nobody edited the article.
    body = [text for line in shown if line and (text := without_counters(line))]
    modified_at = article.modified_at and article.modified_at.astimezone(UTC)
    return ContentDigests(
        headline=_digest([article.title, article.kicker]),
        byline=_digest([author.name for author in article.authors]),
        description=_digest([article.description]),
        body=_digest(body),
        modified_at=modified_at and modified_at.replace(microsecond=modified_at.microsecond // 1000 * 1000),
        notices=sum(is_notice(text) for text in body),
    )


def is_notice(text: str) -> bool:
    """Whether a paragraph tells of a correction of its article.

    >>> is_notice("Correction: an earlier version of this article misspelled a name.")
    True
    """
    return _notices().search(plain(text)[:_NOTICE].casefold()) is not None


@cache
def _notices() -> re.Pattern[str]:
    lines = files(__package__).joinpath("notices.txt").read_text("utf-8").splitlines()
    phrases = [plain(line).casefold() for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(rf"^\W*{re.escape(phrase)}" for phrase in phrases))


def _digest(texts: Sequence[str | None]) -> str:
    joined = "\n".join(plain(text or "") for text in texts)
    return digest(joined.encode("utf-8", "replace"))[:_DIGEST]


def plain(text: str) -> str:
    """Return a text as readers see it, on one line: how white space and characters are written makes no difference."""
    return " ".join(as_shown(text).split())
