"""A fetcher that reports each result: to the archive, the log and the metrics."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeAlias

from khobor.errors import KhoborError, PermanentError
from khobor.fetch.fetcher import Fetcher, FetchOutcome, FetchResult
from khobor.frontier.fetch_queue import FetchRequest
from khobor.telemetry import Telemetry
from khobor.url import url_id

METRICS = {
    FetchOutcome.STORED: "PagesFetched",
    FetchOutcome.UNCHANGED: "PagesUnchanged",
    FetchOutcome.MISSING: "PagesMissing",
    FetchOutcome.GONE: "PagesGone",
    FetchOutcome.DISALLOWED: "PagesDisallowed",
    FetchOutcome.REDIRECTED: "PagesRedirected",
}

# Takes the article's URL, when the site answered that it is gone, and the slug of that answer, such as ``http_410``.
ReportGone: TypeAlias = Callable[[str, datetime, str], object]


class ReportingFetcher:
    """Fetches URLs, and reports each result.

    Args:
        fetcher: Fetches one URL.
        report_gone: Reports to the archive that an article is gone.
        telemetry: Logs and counts the results.
    """

    def __init__(self, fetcher: Fetcher, report_gone: ReportGone, telemetry: Telemetry) -> None:
        self._fetcher = fetcher
        self._report_gone = report_gone
        self._telemetry = telemetry

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Fetch a URL, and report its article to the archive if it is gone; raises what ``Fetcher.fetch`` raises."""
        step = self._telemetry.step()
        result = self._fetcher.fetch(request)
        if result.gone and request.kind == "article" and request.visit is not None:
            self._report_gone(result.gone, datetime.now(UTC), result.reason or "")
        self._telemetry.count(METRICS[result.outcome])
        facts = identity(request) | {"key": result.key, "detail": result.detail, "same_as": _other_id(request, result)}
        milliseconds = step.end()
        self._telemetry.logger.info(result.outcome.value, **facts, **self._refused(result), milliseconds=milliseconds)
        return result

    def failed(self, request: FetchRequest, error: KhoborError, *, is_tried_again: bool) -> None:
        """Report that a URL could not be fetched.

        Args:
            request: The request for the URL.
            error: Why it failed.
            is_tried_again: Whether khobor retries it by itself.
        """
        self._telemetry.failed(error, **identity(request), is_tried_again=is_tried_again)

    def _refused(self, result: FetchResult) -> dict[str, Any]:
        """Count a refused claim, and return its fields for the log line.

        The id in them makes the line appear in a trace of the URL that the claim is about.
        """
        if result.refused is None:
            return {}
        self._telemetry.count("ClaimsRefused")
        fact, url = result.refused
        return {"refused": [f"{fact}: {url} (another site)"], "refused_ids": [url_id(url)]}


def identity(request: FetchRequest) -> dict[str, Any]:
    """Return the fields of a log line that identify a request; a listing or an invalid URL has no article id."""
    article_id = None
    if request.kind == "article":
        with suppress(PermanentError):
            article_id = url_id(request.url)
    facts = {"article_id": article_id, "url": request.url or None, "kind": request.kind, "source": request.source}
    return facts | ({"is_guess": True} if _is_guess(request) else {})


def _is_guess(request: FetchRequest) -> bool:
    """Whether a request is for a usual URL of a sitemap, which may not exist."""
    return request.kind == "sitemap" and request.new_url is not None and request.new_url.found_on == "feed"


def _other_id(request: FetchRequest, result: FetchResult) -> str | None:
    """Return the id of the URL that the result is about, if it is not the requested one: redirected to, or gone."""
    url = result.redirect.location if result.redirect else result.gone
    if request.kind != "article" or url is None or url_id(url) == url_id(request.url):
        return None
    return url_id(url)
