"""Which of the URLs found are a source's to fetch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from khobor.site import is_within
from khobor.sources.patterns import is_in_url

Reason = Literal["other_host", "excluded", "not_included", "no_article_url"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwanted:
    """Why a URL is not fetched.

    Attributes:
        reason: Stable slug of the cause, safe as a metric dimension.
        detail: The same in words.
    """

    reason: Reason
    detail: str


def unwanted(
    url: str,
    *,
    hosts: Iterable[str],
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    article_url: str | None = None,
) -> Unwanted | None:
    """Return why a URL is not to be fetched, None if it is.

    Args:
        url: An absolute URL.
        hosts: The source's hosts, subdomains included, some with the beginning of a path: ``example.com/bengali``.
        include: Regular expressions, one of which must be found in path and query; none lets all through.
        exclude: Regular expressions, none of which may be found there.
        article_url: Regular expression that must be found in the path.
    """
    parts = urlsplit(url)
    path = parts.path
    if not is_within(url, hosts):
        return Unwanted(reason="other_host", detail=f"{parts.hostname or ''}{path} is on none of the source's hosts")
    asked = f"{path}?{parts.query}" if parts.query else path
    if pattern := next((pattern for pattern in exclude if is_in_url(pattern, asked)), None):
        return Unwanted(reason="excluded", detail=f"{asked} has what exclude names: {pattern}")
    patterns = tuple(include)
    if patterns and not any(is_in_url(pattern, asked) for pattern in patterns):
        return Unwanted(reason="not_included", detail=f"{asked} has nothing that include names")
    if article_url and not is_in_url(article_url, path):
        return Unwanted(reason="no_article_url", detail=f"{path} is not as article_url says: {article_url}")
    return None
