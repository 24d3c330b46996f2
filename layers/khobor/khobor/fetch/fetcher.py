"""Fetches one URL politely: takes the host's turn, obeys robots.txt, sends the request and stores the response.

Politeness is in four places: ``fetch.robots`` (rules and Crawl-delay), ``fetch.retry_after`` (Retry-After),
``frontier.pace`` (delay, back-off, circuit breaker) and ``frontier.interface.Hosts`` (one request to a host at a time).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random
from typing import NamedTuple

from khobor.content.media_types import FEED, PAGE, Accept
from khobor.entry_facts import read_facts
from khobor.errors import GoneError, RetryableError
from khobor.fetch.downloader import Downloader
from khobor.fetch.robots import Verdict
from khobor.fetch.robots_lookup import RobotsLookup
from khobor.frontier.fetch_queue import FetchRequest, Kind, message_group
from khobor.frontier.host_state import read_state, write_state
from khobor.frontier.interface import HostBusyError, Hosts, KnownUrl, KnownUrls, Turn
from khobor.frontier.ownership import owns
from khobor.frontier.pace import HostState, after_failure, after_success, due
from khobor.page import NotModified, RawPage, Redirect, Validators, database_error
from khobor.url import absolute_url, url_id

# A turn expires then if it was never ended, because the process was killed. No fetch takes longer.
TURN = timedelta(seconds=120)
# "Gone" is final, "Not Found" is not (RFC 9110, 15.5.5 and 15.5.11).
_GONE = "http_410"


class FetchOutcome(Enum):
    """The outcome of a fetch."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    # Not there yet, and requested once more: sites often announce a page before they publish it.
    MISSING = "missing"
    GONE = "gone"
    DISALLOWED = "disallowed"
    # The redirect needs another host's turn, or a robots.txt, before it can be followed.
    REDIRECTED = "redirected"


class RefusedClaim(NamedTuple):
    """A claim of a host about a URL that it does not own; it is ignored.

    Attributes:
        fact: ``moved`` or ``gone``.
        url: The URL that the claim is about.
    """

    fact: str
    url: str


@dataclass(frozen=True, kw_only=True)
class FetchResult:
    """The result of one fetch.

    Attributes:
        outcome: The outcome.
        next_at: When the host may be requested again.
        key: The key of the stored page or listing; None if nothing was stored.
        reason: The slug of the reason why nothing was stored.
        detail: The reason for people.
        redirect: Where the URL redirects to; to be fetched next.
        gone: The URL of the article that is gone; None if the host may not state that.
        refused: The claim about a URL that the host does not own; None if there is none.
    """

    outcome: FetchOutcome
    next_at: datetime
    key: str | None = None
    reason: str | None = None
    detail: str | None = None
    redirect: Redirect | None = None
    gone: str | None = None
    refused: RefusedClaim | None = None


class Fetcher:
    """Fetches URLs, one at a time for each host.

    Args:
        downloader: Sends requests.
        hosts: Keeps the turns and the robots.txt of hosts.
        urls: The known URLs.
        keep: Stores a page or a listing, and returns its key.
        random: Spreads retries over time.
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
        self._robots = RobotsLookup(downloader, hosts)
        self._hosts = hosts
        self._urls = urls
        self._keep = keep
        self._random = random

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Request a URL once, and store the response unless the same one is stored already.

        Args:
            request: The request for the URL, or for the URL that it redirected to.

        Raises:
            HostBusyError: The host must not be requested now, or its robots.txt was requested instead or is
                unavailable.
            PermanentError: There is no page.
            RetryableError: A retry may help.
        """
        now = _now()
        turn = self._hosts.take_turn(message_group(request.location), now, now + TURN)
        state = read_state(turn.state)
        delay = request.delay
        try:
            if self._lacks_tls(request):
                result = _without_tls(request)
            else:
                verdict = self._verdict(turn, request, state)
                delay = max(delay, verdict.crawl_delay or 0)
                result = self._ask(request, verdict) if verdict.allowed else _disallowed(request, verdict)
        except HostBusyError:
            raise
        except RetryableError as error:
            self._end_after_failure(turn, state, delay, error.retry_after)
            raise
        except BaseException:
            # The URL or khobor is at fault, not the host.
            self._end_after_success(turn, state, delay)
            raise
        return replace(result, next_at=self._end_after_success(turn, state, delay))

    def _lacks_tls(self, request: FetchRequest) -> bool:
        """Whether a home page is requested without TLS: it answered so, or with TLS not even robots.txt answers."""
        if not _may_lack_tls(request):
            return False
        known = self._urls.get(request.url)
        if known and known.digest:
            # If there is TLS one day, the URL without it redirects.
            return (known.answered_by or "").startswith("http:")
        robots_txt = self._robots.known(request.url)
        return robots_txt is not None and robots_txt.state == "unknown"

    def _verdict(self, turn: Turn, request: FetchRequest, state: HostState) -> Verdict:
        """Return the verdict of robots.txt; raises HostBusyError if it was requested just now, or is unavailable."""
        robots_txt = self._robots.known(request.location)
        if robots_txt is None:
            robots_txt = self._robots.fetch(request.location, ports=request.ports)
            if robots_txt.state == "unknown" and _may_lack_tls(request):
                raise HostBusyError(turn.host, self._end_after_success(turn, state, request.delay))
            if robots_txt.unreachable_since:
                raise HostBusyError(turn.host, self._end_after_failure(turn, state, request.delay, None))
            raise HostBusyError(turn.host, self._end_after_success(turn, state, request.delay))
        verdict = robots_txt.verdict(request.location)
        if not verdict.allowed and not verdict.is_final:
            # No request was sent, so the state of the host does not change.
            self._hosts.end_turn(turn.host, write_state(state), robots_txt.expires_at, _now())
            raise HostBusyError(turn.host, robots_txt.expires_at)
        return verdict

    def _ask(self, request: FetchRequest, verdict: Verdict) -> FetchResult:
        recorded = self._urls.get(request.url) if request.visit is not None or request.kind == "article" else None
        # A request for the first time has no conditions, and takes the entry alone from what is known.
        known = recorded if request.visit is not None else None
        entry = _entry(request, recorded)
        try:
            answer = self._answer(request, known)
        except GoneError as error:
            return self._gone(request, known, error)
        if isinstance(answer, Redirect):
            left_site = _left_site(request) or not owns(answer.location, request.url, request.hosts)
            return FetchResult(
                outcome=FetchOutcome.REDIRECTED, next_at=_now(), redirect=replace(answer, left_site=left_site)
            )
        if isinstance(answer, RawPage) and (problem := database_error(answer.body)):
            # The error page is stored, so that it can be examined, and the URL is requested again.
            key = self._keep(replace(answer, robots_txt=verdict.robots_txt), request)
            detail = f"{request.url} returned {problem!r} instead of the page; it is stored as {key}"
            raise RetryableError("error_page", detail)
        if isinstance(answer, NotModified) or (known and _is_same(known, answer)):
            return self._unchanged(request, answer, known)
        # The page of another site is another article.
        facts = read_facts(entry) if _is_own(request, request.url, answer.location or request.url) else None
        key = self._keep(replace(answer, robots_txt=verdict.robots_txt, entry=facts), request)
        refused = self._remember(request, answer, _facts(answer) | {"digest": answer.digest, "gone_at": None})
        return FetchResult(outcome=FetchOutcome.STORED, next_at=_now(), key=key, refused=refused)

    def _answer(self, request: FetchRequest, known: KnownUrl | None) -> RawPage | NotModified | Redirect:
        http_request = self._downloader.request(
            request.url, validators=_validators(known), ports=request.ports, accept=accept_for(request.kind)
        )
        answer = self._downloader.ask(http_request, request.redirect)
        while isinstance(answer, Redirect) and self._follows(request.location, answer.location):
            answer = self._downloader.ask(http_request, answer)
        return answer

    def _follows(self, url: str, location: str) -> bool:
        """Whether a redirect is followed at once: it stays on the host, and robots.txt allows it."""
        if message_group(location) != message_group(url):
            return False
        robots_txt = self._robots.known(location)
        return robots_txt is not None and robots_txt.verdict(location).allowed

    def _gone(self, request: FetchRequest, known: KnownUrl | None, error: GoneError) -> FetchResult:
        """Record that there is no page: for good if the site says so, says it twice, or has no further visit."""
        now = _now()
        is_for_good = error.reason == _GONE or (known is not None and bool(known.gone_at or not known.next_visit))
        answered_by = error.url or request.location
        facts = _origin(request) | {"gone_at": now}
        # If another site answered, the URL may redirect elsewhere the next time.
        if is_for_good and request.kind == "article" and _is_own(request, answered_by, request.url):
            facts |= {"next_visit": None}
        self._urls.change(request.url, facts, now, _initial_facts(request))
        result = FetchResult(outcome=FetchOutcome.MISSING, next_at=now, reason=error.reason, detail=error.detail)
        if not is_for_good:
            return result
        url = (known and known.answered_by) or request.url
        if _says_gone(request, error, url):
            return replace(result, outcome=FetchOutcome.GONE, gone=url)
        return replace(result, outcome=FetchOutcome.GONE, refused=RefusedClaim("gone", url))

    def _unchanged(self, request: FetchRequest, answer: RawPage | NotModified, known: KnownUrl | None) -> FetchResult:
        # A response without validators does not remove the known ones.
        validators = {name: value for name, value in _facts(answer).items() if value or isinstance(answer, RawPage)}
        changed = {name: value for name, value in validators.items() if value != getattr(known, name, None)}
        if known and known.gone_at:
            changed["gone_at"] = None
        refused = None
        if changed or answer.moved_to:
            refused = self._remember(request, answer, changed)
        return FetchResult(outcome=FetchOutcome.UNCHANGED, next_at=_now(), refused=refused)

    def _remember(
        self, request: FetchRequest, answer: RawPage | NotModified, facts: dict[str, object]
    ) -> RefusedClaim | None:
        """Record the facts about a URL after a response; a URL that has moved for good is visited at its new address.

        An article that is redirected to a listing has not moved, and keeps its visits.

        Returns:
            The claim that the URL has moved, if the host may not state it; the URL then keeps its visits.
        """
        facts = _origin(request) | facts
        refused = None
        if answer.moved_to and url_id(answer.moved_to) != url_id(request.url):
            known = self._urls.get(answer.moved_to)
            if not _may_move(request, answer.moved_to, known):
                refused = RefusedClaim("moved", answer.moved_to)
            elif not _is_replaced_by_listing(request, answer.moved_to, known):
                there = {"since": answer.fetched_at} | _schedule(request, self._urls.get(request.url))
                entry = {name: there.pop(name) for name in ("entry",) if name in there}
                self._urls.change(answer.moved_to, facts | there, answer.fetched_at, entry)
                facts |= {"next_visit": None}
        self._urls.change(request.url, facts, answer.fetched_at, _initial_facts(request))
        return refused

    def _end_after_success(self, turn: Turn, state: HostState, delay: float) -> datetime:
        """End a turn in which the host answered; return when the next one may begin."""
        ended = _now()
        return self._end(turn, after_success(state, ended.timestamp(), delay), ended)

    def _end_after_failure(self, turn: Turn, state: HostState, delay: float, retry_after: float | None) -> datetime:
        """End a turn in which the host failed; return when the next one may begin."""
        ended = _now()
        return self._end(turn, after_failure(state, ended.timestamp(), delay, retry_after, self._random), ended)

    def _end(self, turn: Turn, state: HostState, now: datetime) -> datetime:
        next_at = now + timedelta(seconds=due(state, now.timestamp()))
        self._hosts.end_turn(turn.host, write_state(state), next_at, now)
        return next_at


def accept_for(kind: Kind) -> Accept:
    """Return what a request for a page or listing of a kind accepts."""
    return FEED if kind in {"feed", "sitemap"} else PAGE


def _disallowed(request: FetchRequest, verdict: Verdict) -> FetchResult:
    detail = f"{request.location}: {verdict.reason}"
    return FetchResult(outcome=FetchOutcome.DISALLOWED, next_at=_now(), reason="robots_disallowed", detail=detail)


def _may_lack_tls(request: FetchRequest) -> bool:
    """Whether a request is for a home page with TLS, which may have none: sources name hosts, not schemes."""
    return request.kind == "home" and request.redirect is None and request.url.startswith("https:")


def _without_tls(request: FetchRequest) -> FetchResult:
    location = f"http:{request.url.removeprefix('https:')}"
    return FetchResult(outcome=FetchOutcome.REDIRECTED, next_at=_now(), redirect=Redirect(location=location))


def _left_site(request: FetchRequest) -> bool:
    return request.redirect is not None and request.redirect.left_site


def _is_own(request: FetchRequest, stating: str, about: str) -> bool:
    """Whether the URL that answered a request may state facts about another URL: no other site redirected to it."""
    return not _left_site(request) and owns(stating, about, request.hosts)


def _may_move(request: FetchRequest, moved_to: str, there: KnownUrl | None) -> bool:
    """Whether a URL may pass its visits on to another, which may be known: both have the same owner and source."""
    return _is_own(request, request.url, moved_to) and (there is None or there.source in {None, request.source})


def _is_replaced_by_listing(request: FetchRequest, moved_to: str, there: KnownUrl | None) -> bool:
    """Whether a site redirects an article that it removed to its home page, or to a listing that is known."""
    if there and there.kind != request.kind:
        return True
    return request.kind == "article" and absolute_url("/", moved_to) == moved_to


def _says_gone(request: FetchRequest, error: GoneError, url: str) -> bool:
    """Whether a response may state that the article of a URL is gone."""
    answered_by = error.url or request.location
    if _is_own(request, request.url, url) and _is_own(request, answered_by, url):
        return True
    # Another site redirected to it. Then the URL itself must answer "Gone": an earlier 404 may have been that of the
    # URL that redirected.
    return error.reason == _GONE and url_id(answered_by) == url_id(url) and owns(answered_by, url)


def _is_same(known: KnownUrl, answer: RawPage) -> bool:
    """Whether a page is the one that is stored. With another address it says that its article has moved."""
    is_there = url_id(answer.location or known.url) == url_id(known.answered_by or known.url)
    return known.digest == answer.digest and is_there


def _validators(known: KnownUrl | None) -> Validators | None:
    if known is None or known.gone_at or not (known.etag or known.last_modified):
        return None
    return Validators(etag=known.etag, last_modified=known.last_modified, url=known.answered_by)


def _facts(answer: RawPage | NotModified) -> dict[str, object]:
    return {"etag": answer.etag, "last_modified": answer.last_modified, "answered_by": answer.final_url}


def _origin(request: FetchRequest) -> dict[str, object]:
    return {"kind": request.kind} | ({"source": request.source} if request.source else {})


def _initial_facts(request: FetchRequest) -> dict[str, object]:
    """Return the facts to record if discover has not recorded the URL yet; it does so after it has sent the request."""
    new_url = request.new_url
    if new_url is None:
        return {}
    facts: dict[str, object] = {"since": datetime.fromtimestamp(new_url.since, UTC)}
    if new_url.found_on:
        facts["found_on"] = new_url.found_on
    if new_url.depth:
        facts["depth"] = new_url.depth
    if new_url.entry:
        facts["entry"] = new_url.entry
    if new_url.next_visit is not None:
        facts["next_visit"] = datetime.fromtimestamp(new_url.next_visit, UTC)
    return facts


def _entry(request: FetchRequest, known: KnownUrl | None) -> str | None:
    """Return what a feed stated about an article: what is known by now, or what the request has."""
    if request.kind != "article":
        return None
    is_same_source = known is not None and request.source in {None, known.source}
    if known and known.entry and is_same_source:
        return known.entry
    return request.new_url.entry if request.new_url else None


def _schedule(request: FetchRequest, known: KnownUrl | None) -> dict[str, object]:
    """Return since when a URL is known, and when it is visited next."""
    if request.new_url or not known:
        return _initial_facts(request)
    facts: dict[str, object] = {"since": known.since} | ({"entry": known.entry} if known.entry else {})
    return facts | ({"next_visit": known.next_visit} if known.next_visit else {})


def _now() -> datetime:
    return datetime.now(UTC)
