"""One visit to one URL: whether it is its turn and allowed, the request itself, and what is kept of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random

import msgspec

from khobor.aws.fetch_queue import FetchRequest, message_group
from khobor.aws.hosts import HostBusyError, Hosts, Turn
from khobor.aws.known_urls import KnownUrl, KnownUrls, url_id
from khobor.errors import GoneError, RetryableError
from khobor.fetching.downloader import Downloader
from khobor.fetching.media_types import FEED, PAGE
from khobor.fetching.pace import HostState, after_failure, after_success, due
from khobor.fetching.robots import Verdict
from khobor.fetching.robots_lookup import Robots
from khobor.page import NotModified, RawPage, Validators, database_error

# A turn that is never ended, as its function was killed, is over then: no visit takes longer.
TURN = timedelta(seconds=120)
# Kinds that are pages of HTML.
_PAGES = frozenset({"article", "section", "home"})


class Outcome(Enum):
    """What became of a visit."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    GONE = "gone"
    DISALLOWED = "disallowed"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a visit brought.

    Attributes:
        outcome: What became of it.
        next_at: When the host may be asked again.
        key: Where the page or listing is kept, if it is.
        reason: Why there is none: a slug.
        detail: The same for people.
    """

    outcome: Outcome
    next_at: datetime
    key: str | None = None
    reason: str | None = None
    detail: str | None = None


class Visitor:
    """Visits URLs, each when it is its host's turn.

    Args:
        downloader: Sends requests.
        hosts: Whose turn it is, and what their robots.txt say.
        urls: What is known of URLs.
        keep: Stores a page or a listing, and returns its key.
        random: Spreads what is tried again.
    """

    def __init__(
        self,
        *,
        downloader: Downloader,
        hosts: Hosts,
        urls: KnownUrls,
        keep: Callable[[RawPage, FetchRequest], str],
        random: Random,
    ) -> None:
        self._downloader = downloader
        self._robots = Robots(downloader, hosts)
        self._hosts = hosts
        self._urls = urls
        self._keep = keep
        self._random = random

    def visit(self, request: FetchRequest) -> Visit:
        """Ask for a URL once, and keep what it answers unless that is what is kept already.

        Raises:
            HostBusyError: It is not the time to ask its host; also where its robots.txt was asked for instead.
            PermanentError: There is no page to be had.
            RetryableError: There may be one later.
        """
        now = _now()
        turn = self._hosts.take_turn(message_group(request.url), now, now + TURN)
        state = msgspec.json.decode(turn.state, type=HostState) if turn.state else HostState()
        delay = request.delay
        try:
            verdict = self._verdict(request)
            delay = max(delay, (verdict and verdict.crawl_delay) or 0)
            visit = self._allowed(request, verdict) if verdict else None
        except RetryableError as error:
            ended = _now()
            self._end(turn, after_failure(state, ended.timestamp(), delay, error.retry_after, self._random), ended)
            raise
        except BaseException:
            # It is the fault of the URL or of khobor, not of the host.
            self._end(turn, after_success(state, _now().timestamp(), delay), _now())
            raise
        ended = _now()
        next_at = self._end(turn, after_success(state, ended.timestamp(), delay), ended)
        if visit is None:
            raise HostBusyError(turn.host, next_at)
        return replace(visit, next_at=next_at)

    def _verdict(self, request: FetchRequest) -> Verdict | None:
        """Return what robots.txt says of a URL; None where it was asked for, so that the URL must wait."""
        robots_txt = self._robots.known(request.url)
        if robots_txt is None:
            self._robots.fetch(request.url, ports=request.ports)
            return None
        return robots_txt.verdict(request.url)

    def _allowed(self, request: FetchRequest, verdict: Verdict) -> Visit:
        """Ask for a URL if it is allowed."""
        if verdict.allowed:
            return self._ask(request, verdict)
        if not verdict.is_final:
            raise RetryableError("robots_unreachable", f"{request.url}: {verdict.reason}")
        detail = f"{request.url}: {verdict.reason}"
        return Visit(outcome=Outcome.DISALLOWED, next_at=_now(), reason="robots_disallowed", detail=detail)

    def _ask(self, request: FetchRequest, verdict: Verdict) -> Visit:
        known = self._urls.get(request.url) if request.visit is not None else None
        try:
            answer = self._downloader.fetch(
                request.url,
                validators=_validators(known),
                ports=request.ports,
                accept=PAGE if request.kind in _PAGES else FEED,
            )
        except GoneError as error:
            return self._gone(request, error)
        if isinstance(answer, RawPage) and (problem := database_error(answer.body)):
            # It is kept, to be looked at, and asked for again.
            key = self._keep(replace(answer, robots_txt=verdict.robots_txt), request)
            detail = f"{request.url} answered {problem!r} in place of the page; it is kept as {key}"
            raise RetryableError("error_page", detail)
        if isinstance(answer, NotModified) or (known and known.digest == answer.digest):
            return self._unchanged(request, answer, known)
        key = self._keep(replace(answer, robots_txt=verdict.robots_txt), request)
        self._remember(request, answer, {"digest": answer.digest, "gone_at": None})
        return Visit(outcome=Outcome.STORED, next_at=_now(), key=key)

    def _gone(self, request: FetchRequest, error: GoneError) -> Visit:
        now = _now()
        self._urls.change(request.url, _origin(request) | {"gone_at": now, "next_visit": None}, now)
        return Visit(outcome=Outcome.GONE, next_at=now, reason=error.reason, detail=error.detail)

    def _unchanged(self, request: FetchRequest, answer: RawPage | NotModified, known: KnownUrl | None) -> Visit:
        told = _told(answer)
        changed = {name: value for name, value in told.items() if value and value != getattr(known, name, None)}
        if changed or answer.moved_to:
            self._remember(request, answer, changed)
        return Visit(outcome=Outcome.UNCHANGED, next_at=_now())

    def _remember(self, request: FetchRequest, answer: RawPage | NotModified, facts: dict[str, object]) -> None:
        """Write what is known of a URL after an answer; one that has moved for good is known by its new address too."""
        moved = {"url": answer.moved_to} if answer.moved_to else {}
        if isinstance(answer, RawPage):
            facts = facts | _told(answer)
        self._urls.change(request.url, _origin(request) | facts | moved, answer.fetched_at)
        if answer.moved_to and url_id(answer.moved_to) != url_id(request.url):
            self._urls.change(answer.moved_to, _origin(request), answer.fetched_at)

    def _end(self, turn: Turn, state: HostState, now: datetime) -> datetime:
        """End a turn and return when the next one may begin."""
        next_at = now + timedelta(seconds=due(state, now.timestamp()))
        self._hosts.end_turn(turn.host, msgspec.json.encode(state), next_at, now)
        return next_at


def _validators(known: KnownUrl | None) -> Validators | None:
    if known is None or known.gone_at or not (known.etag or known.last_modified):
        return None
    return Validators(etag=known.etag, last_modified=known.last_modified, url=known.answered_by)


def _told(answer: RawPage | NotModified) -> dict[str, object]:
    return {"etag": answer.etag, "last_modified": answer.last_modified, "answered_by": answer.final_url}


def _origin(request: FetchRequest) -> dict[str, object]:
    return {"kind": request.kind} | ({"source": request.source} if request.source else {})


def _now() -> datetime:
    return datetime.now(UTC)
