"""The rules of a host for crawlers: robots.txt according to RFC 9309 (https://www.rfc-editor.org/rfc/rfc9309).

Choices that the RFC leaves open: 429 counts as unreachable, not as absent, because the host asks the crawler to wait. A
copy of the rules is used for as long as robots.txt is unreachable (2.4). Without a copy, everything is forbidden for 30
days, and nothing afterwards (2.3.1.4).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

import msgspec
from protego import Protego

from khobor.content.media_types import ROBOTS
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.page import RobotsTxtVerdict

# The product token (RFC 9309, 2.2.1).
CRAWLER = "khobor"
# RFC 9309, 2.4: the longest time for which a copy is used while robots.txt is reachable.
LIFETIME = timedelta(hours=24)
# How soon an unreachable robots.txt is requested again.
RETRY = timedelta(minutes=10)
# RFC 9309, 2.3.1.4, which gives 30 days as an example.
GIVEN_UP_AFTER = timedelta(days=30)
# Longer delays are shortened to a day.
MAX_CRAWL_DELAY = 86_400.0

# The reasons of failures that mean there is no robots.txt: redirects to nowhere (2.3.1.2), a status that is neither
# successful nor a server error, and a body that no crawler could read.
_ABSENT = ("http_", "too_many_redirects", "bad_redirect", "unknown_encoding")
# The line that starts a group, in the spellings that protego accepts, and the lines of its rules.
_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?(?P<value>[^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:allow|di[a-z]*w|crawl[- ]delay|request[- ]rate|visit[- ]time)\b", re.IGNORECASE)
_PRODUCT = re.compile(rf"(?<![\w-]){CRAWLER}(?![\w-])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What robots.txt says about one URL.

    Attributes:
        allowed: Whether the URL may be fetched.
        reason: The reason for people.
        robots_txt: The verdict that is stored with the page; None if the URL is not fetched.
        crawl_delay: The Crawl-delay in seconds, a day at most; None if there is none.
        is_final: False if robots.txt was unreachable, so that a later verdict may differ.
    """

    allowed: bool
    reason: str
    robots_txt: RobotsTxtVerdict | None
    crawl_delay: float | None = None
    is_final: bool = True


@dataclass(frozen=True, kw_only=True)
class RobotsTxt:
    """The robots.txt of one host.

    Attributes:
        state: Whether there are rules, there is no robots.txt, or it is unknown.
        expires_at: When it is requested again, aware.
        text: The rules.
        unreachable_since: Since when it has been unreachable, aware; None while it is reachable.
    """

    state: Literal["rules", "none", "unknown"]
    expires_at: datetime
    text: str = ""
    unreachable_since: datetime | None = None

    @classmethod
    def of_body(cls, body: bytes, now: datetime) -> "RobotsTxt":
        """Return the robots.txt with a body; one that was truncated at the size limit ends with its last whole line.

        Args:
            body: The body.
            now: When it was fetched, aware.
        """
        text = body.decode("utf-8-sig", "replace")
        if ROBOTS.enough_bytes and len(body) >= ROBOTS.enough_bytes:
            text = text.rpartition("\n")[0]
        return cls(state="rules", text=text, expires_at=now + LIFETIME)

    @classmethod
    def of_failure(cls, error: KhoborError, previous: "RobotsTxt | None", now: datetime) -> "RobotsTxt":
        """Return the robots.txt to use after it could not be fetched.

        Args:
            error: The error of the downloader.
            previous: The robots.txt before; None if there was none.
            now: When the fetch failed, aware.
        """
        if isinstance(error, PermanentError) and error.reason.startswith(_ABSENT):
            return cls(state="none", expires_at=now + LIFETIME)
        pause = error.retry_after if isinstance(error, RetryableError) else None
        expires_at = now + max(RETRY, timedelta(seconds=pause or 0))
        since = (previous and previous.unreachable_since) or now
        if previous and previous.state == "rules":
            return replace(previous, expires_at=expires_at, unreachable_since=since)
        state: Literal["none", "unknown"] = "none" if now - since >= GIVEN_UP_AFTER else "unknown"
        return cls(state=state, expires_at=expires_at, unreachable_since=since)

    @classmethod
    def from_bytes(cls, data: bytes) -> "RobotsTxt | None":
        """Return the robots.txt that ``to_bytes`` encoded; None for other data."""
        try:
            return msgspec.json.decode(zlib.decompress(data), type=cls)
        except (zlib.error, msgspec.DecodeError):
            return None

    def to_bytes(self) -> bytes:
        """Encode it for storage: 208 KB for a robots.txt of the largest size, with rules of random words."""
        return zlib.compress(msgspec.json.encode(self))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The URLs of the sitemaps, as written."""
        return tuple(self._rules.sitemaps)

    def verdict(self, url: str) -> Verdict:
        """Return whether a URL of the host may be fetched."""
        if self.state == "unknown":
            reason = "robots.txt is unreachable, so everything counts as forbidden for now"
            return Verdict(allowed=False, reason=reason, robots_txt=None, is_final=False)
        if self.state == "none":
            return Verdict(allowed=True, reason="there is no robots.txt", robots_txt="none")
        allowed = self._rules.can_fetch(url, CRAWLER)
        delay = self._rules.crawl_delay(CRAWLER)
        return Verdict(
            allowed=allowed,
            reason=f"robots.txt {'allows' if allowed else 'forbids'} {CRAWLER} to fetch it",
            robots_txt="allowed" if allowed else None,
            crawl_delay=None if delay is None else min(delay, MAX_CRAWL_DELAY),
        )

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse("\n".join(_grouped(self.text)))


def _grouped(text: str) -> Iterator[str]:
    """Yield the lines of a robots.txt with its groups as the RFC defines them (2.2.1, 2.2.4).

    A group applies to khobor if its line contains khobor as a whole word: owners copy user agents from their logs, with
    version and contact, while protego compares prefixes. And an unknown line does not end the lines that start a group.
    """
    is_beginning = False
    for line in text.splitlines():
        if match := _AGENT.match(line):
            is_beginning = True
            value = match["value"].strip()
            yield f"User-agent: {'*' if value == '*' else CRAWLER if _PRODUCT.search(value) else 'other'}"
        elif _RULE.match(line):
            is_beginning = False
            yield line
        elif not is_beginning or "sitemap" in line.lower():
            yield line
