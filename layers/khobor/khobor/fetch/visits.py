"""Visits of URLs, and what is made known of each: to the archive, and in log and metrics."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from khobor.archive.store_queue import Gone, send_gone
from khobor.errors import KhoborError, PermanentError
from khobor.fetch.fetcher import Outcome, Visit, Visitor
from khobor.frontier.fetch_queue import FetchRequest
from khobor.telemetry import Telemetry
from khobor.url import url_id

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

METRICS = {
    Outcome.STORED: "PagesFetched",
    Outcome.UNCHANGED: "PagesUnchanged",
    Outcome.MISSING: "PagesMissing",
    Outcome.GONE: "PagesGone",
    Outcome.DISALLOWED: "PagesDisallowed",
    Outcome.REDIRECTED: "PagesRedirected",
}


class Visits:
    """Visits URLs, and reports what came of it.

    Args:
        visitor: Visits one.
        sqs: The client of the store queue.
        store_queue_url: Where it is sent that an article is gone.
        telemetry: Where it is logged and counted what came of it.
    """

    def __init__(self, visitor: Visitor, sqs: "SQSClient", store_queue_url: str, telemetry: Telemetry) -> None:
        self._visitor = visitor
        self._sqs = sqs
        self._store_queue_url = store_queue_url
        self._telemetry = telemetry

    def fetch(self, request: FetchRequest) -> Visit:
        """Visit a URL, and tell the archive of an article that is gone; raises as ``Visitor.visit`` does."""
        step = self._telemetry.step()
        visit = self._visitor.visit(request)
        if visit.gone and request.kind == "article" and request.visit is not None:
            now = datetime.now(UTC)
            gone = Gone(article_id=url_id(visit.gone), url=visit.gone, at=now, reason=visit.reason or "")
            send_gone(self._sqs, self._store_queue_url, gone)
        self._telemetry.count(METRICS[visit.outcome])
        facts = identity(request) | {"key": visit.key, "detail": visit.detail, "same_as": _other_id(request, visit)}
        milliseconds = step.end()
        self._telemetry.logger.info(visit.outcome.value, **facts, **self._refused(visit), milliseconds=milliseconds)
        return visit

    def failed(self, request: FetchRequest, error: KhoborError, *, is_tried_again: bool) -> None:
        """Report that a URL could not be fetched.

        Args:
            request: The URL.
            error: Why.
            is_tried_again: Whether it is tried again by itself.
        """
        self._telemetry.failed(error, **identity(request), is_tried_again=is_tried_again)

    def _refused(self, visit: Visit) -> dict[str, Any]:
        """Count what a host says of a URL that it does not own; return what a line of the log says of that.

        By the id, a trace of that URL shows who said it.
        """
        if visit.refused is None:
            return {}
        self._telemetry.count("ClaimsRefused")
        fact, url = visit.refused
        return {"refused": [f"{fact}: {url} (another site)"], "refused_ids": [url_id(url)]}


def identity(request: FetchRequest) -> dict[str, Any]:
    """Return what a line of the log says of a request; a listing, or what is no URL, has no article's id."""
    article_id = None
    if request.kind == "article":
        with suppress(PermanentError):
            article_id = url_id(request.url)
    return {"article_id": article_id, "url": request.url or None, "kind": request.kind, "source": request.source}


def _other_id(request: FetchRequest, visit: Visit) -> str | None:
    """Return the article's id by the URL to which it leads, or from which it is gone, where that is another."""
    url = visit.redirected.location if visit.redirected else visit.gone
    if request.kind != "article" or url is None or url_id(url) == url_id(request.url):
        return None
    return url_id(url)
