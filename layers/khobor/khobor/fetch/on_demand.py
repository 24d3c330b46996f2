"""Fetches URLs on demand, outside of the queue, one after another; each waits until its host may be requested."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from khobor.errors import KhoborError, RetryableError
from khobor.fetch.fetcher import FetchResult
from khobor.fetch.reporting_fetcher import ReportingFetcher
from khobor.frontier.fetch_queue import FetchRequest, as_request, follow_redirect
from khobor.frontier.interface import HostBusyError

# A host that is busy for longer fails the request.
_LONGEST_WAIT_SECONDS = 30.0


def fetch_on_demand(event: Mapping[str, Any], fetcher: ReportingFetcher) -> list[dict[str, str | None]]:
    """Fetch the URLs of an event.

    Args:
        event: ``{"url": …}`` or ``{"urls": […]}``; other fields of a request apply to all of them.
        fetcher: Fetches one URL.

    Returns:
        For each URL its key, or the reason why it has none.
    """
    others = {name: value for name, value in event.items() if name != "urls"}
    events = [others | {"url": url} for url in event["urls"]] if "urls" in event else [event]
    return [_result(each, fetcher) for each in events]


def _result(event: Mapping[str, Any], fetcher: ReportingFetcher) -> dict[str, str | None]:
    url = str(event.get("url"))
    try:
        result = _fetch(as_request(event), fetcher)
    except KhoborError as error:
        fetcher.failed(FetchRequest(url=url), error, is_tried_again=False)
        return {"url": url, "reason": error.reason, "detail": error.detail}
    if result.key:
        return {"url": url, "key": result.key}
    return {"url": url, "reason": result.reason, "detail": result.detail}


def _fetch(request: FetchRequest, fetcher: ReportingFetcher) -> FetchResult:
    while True:
        try:
            result = fetcher.fetch(request)
            if not result.redirect:
                return result
            request = follow_redirect(request, result.redirect)
        except HostBusyError as busy:
            seconds = (busy.until - datetime.now(UTC)).total_seconds()
            if seconds > _LONGEST_WAIT_SECONDS:
                raise RetryableError("host_busy", str(busy)) from busy
            time.sleep(max(seconds, 0))
