"""What a host lets crawlers fetch: robots.txt by RFC 9309 (https://www.rfc-editor.org/rfc/rfc9309).

Decided where the RFC leaves a choice: 429 counts as unreachable and not as absent, for who is asked to wait is not
let in; a copy of the rules is used on while robots.txt is unreachable (2.4), however long; without a copy everything
is forbidden for 30 days, and then nothing (2.3.1.4).
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
# RFC 9309, 2.4: no copy is used for longer while robots.txt can be had.
LIFETIME = timedelta(hours=24)
# How soon an unreachable robots.txt is asked for again.
RETRY = timedelta(minutes=10)
# RFC 9309, 2.3.1.4: the example of a long time.
GIVEN_UP_AFTER = timedelta(days=30)
# A host is not left alone for longer than that because of a number.
MAX_CRAWL_DELAY = 86_400.0

# Redirects that lead nowhere are no robots.txt (2.3.1.2), as is every status that is neither one of success nor a
# server's error, and what no crawler could read.
_ABSENT = ("http_", "too_many_redirects", "bad_redirect", "unknown_encoding")
# The line that begins a group, in the spellings that protego reads, and the lines that are its rules.
_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?(?P<value>[^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:allow|di[a-z]*w|crawl[- ]delay|request[- ]rate|visit[- ]time)\b", re.IGNORECASE)
_PRODUCT = re.compile(rf"(?<![\w-]){CRAWLER}(?![\w-])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What robots.txt says of one URL.

    Attributes:
        allowed: Whether it may be fetched.
        reason: Why, for people.
        robots_txt: What is kept with the page; None where there will be none.
        crawl_delay: Seconds between two requests that the host asks for, a day at most; None where it does not.
        is_final: Whether asking again later is of no use: false where robots.txt could not be had.
    """

    allowed: bool
    reason: str
    robots_txt: RobotsTxtVerdict | None
    crawl_delay: float | None = None
    is_final: bool = True


@dataclass(frozen=True, kw_only=True)
class RobotsTxt:
    """What is known of the robots.txt of one host.

    Attributes:
        state: Whether there are rules, there is no robots.txt, or nothing is known.
        expires_at: When it is asked for again, aware.
        text: The rules.
        unreachable_since: Since when it cannot be had, aware; None while it can.
    """

    state: Literal["rules", "none", "unknown"]
    expires_at: datetime
    text: str = ""
    unreachable_since: datetime | None = None

    @classmethod
    def of_body(cls, body: bytes, now: datetime) -> "RobotsTxt":
        """Return the rules of a robots.txt; what was cut off at the size limit ends with its last whole line."""
        text = body.decode("utf-8-sig", "replace")
        if ROBOTS.enough_bytes and len(body) >= ROBOTS.enough_bytes:
            text = text.rpartition("\n")[0]
        return cls(state="rules", text=text, expires_at=now + LIFETIME)

    @classmethod
    def of_failure(cls, error: KhoborError, previous: "RobotsTxt | None", now: datetime) -> "RobotsTxt":
        """Return what is known when robots.txt could not be fetched.

        Args:
            error: What the downloader raised.
            previous: What was known before.
            now: When that was, aware.
        """
        if isinstance(error, PermanentError) and error.reason.startswith(_ABSENT):
            return cls(state="none", expires_at=now + LIFETIME)
        asked = error.retry_after if isinstance(error, RetryableError) else None
        expires_at = now + max(RETRY, timedelta(seconds=asked or 0))
        since = (previous and previous.unreachable_since) or now
        if previous and previous.state == "rules":
            return replace(previous, expires_at=expires_at, unreachable_since=since)
        state: Literal["none", "unknown"] = "none" if now - since >= GIVEN_UP_AFTER else "unknown"
        return cls(state=state, expires_at=expires_at, unreachable_since=since)

    @classmethod
    def from_bytes(cls, data: bytes) -> "RobotsTxt | None":
        """Return what ``to_bytes`` made; None for what it did not make."""
        try:
            return msgspec.json.decode(zlib.decompress(data), type=cls)
        except (zlib.error, msgspec.DecodeError):
            return None

    def to_bytes(self) -> bytes:
        """Return it for storage: 208 KB for a robots.txt of the largest size, of rules of random words."""
        return zlib.compress(msgspec.json.encode(self))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The URLs of sitemaps, as they are written."""
        return tuple(self._rules.sitemaps)

    def verdict(self, url: str) -> Verdict:
        """Return whether a URL of the host may be fetched."""
        if self.state == "unknown":
            reason = "robots.txt cannot be had; until it can, everything counts as forbidden"
            return Verdict(allowed=False, reason=reason, robots_txt=None, is_final=False)
        if self.state == "none":
            return Verdict(allowed=True, reason="there is no robots.txt", robots_txt="none")
        allowed = self._rules.can_fetch(url, CRAWLER)
        delay = self._rules.crawl_delay(CRAWLER)
        return Verdict(
            allowed=allowed,
            reason=f"robots.txt {'allows' if allowed else 'forbids'} it to {CRAWLER}",
            robots_txt="allowed" if allowed else None,
            crawl_delay=None if delay is None else min(delay, MAX_CRAWL_DELAY),
        )

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse("\n".join(_grouped(self.text)))


def _grouped(text: str) -> Iterator[str]:
    """Yield the lines of a robots.txt with its groups as the RFC has them (2.2.1, 2.2.4).

    A group is khobor's where its line names khobor as a whole word: owners copy agents from their logs, with version
    and contact. Protego compares how they begin. And no line that it does not know ends the lines that begin a group.
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
