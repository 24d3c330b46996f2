"""The keys of the raw bucket: where a page, a listing, an article handed over or an uploaded source lies."""

from datetime import UTC, datetime

PAGES = "pages/"
LISTINGS = "listings/"
HAND_OVER = "articles/"
SOURCES = "sources/"
PAGE_SUFFIXES = (".html", ".htm", ".html.gz")
LISTING_SUFFIX = ".listing.gz"
_LISTING_PARTS = 4


def page_key(host: str, fetched_at: datetime, article_id: str) -> str:
    """Return the key of a fetched page: it shows host, day and article, and sorts by time within its host.

    >>> page_key("example.com", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'pages/example.com/2026-03-01/090500.000000Z-abc.html.gz'

    Args:
        host: The host in ASCII.
        fetched_at: Aware; the key shows UTC.
        article_id: As ``url.article_id`` gives it.
    """
    return f"{PAGES}{host}/{_moment(fetched_at)}-{article_id}.html.gz"


def listing_key(source: str, kind: str, fetched_at: datetime, url_id: str) -> str:
    """Return the key of a fetched listing: it shows source, kind and day, and sorts by time within these.

    >>> listing_key("daily", "feed", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz'

    Args:
        source: Name of the source that it is of.
        kind: What it is.
        fetched_at: Aware; the key shows UTC.
        url_id: The id of its URL.
    """
    return f"{LISTINGS}{source}/{kind}/{_moment(fetched_at)}-{url_id}{LISTING_SUFFIX}"


def listing_of(key: str) -> tuple[str, str] | None:
    """Return source and kind of a listing by its key, None for a key of none.

    >>> listing_of("listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz")
    ('daily', 'feed')
    """
    parts = key.removeprefix(LISTINGS).split("/")
    return (parts[0], parts[1]) if key.startswith(LISTINGS) and len(parts) == _LISTING_PARTS else None


def hand_over_key(article_id: str, message_id: str) -> str:
    """Return the key under which an article waits that is too large for a queue's message.

    Args:
        article_id: As ``url.article_id`` gives it.
        message_id: Digest of the content, so that the same article lands on the same key.
    """
    return f"{hand_over_prefix(article_id)}{message_id}.json.gz"


def hand_over_prefix(article_id: str) -> str:
    """Return how the keys begin under which an article waits."""
    return f"{HAND_OVER}{article_id}/"


def _moment(fetched_at: datetime) -> str:
    return f"{fetched_at.astimezone(UTC):%Y-%m-%d/%H%M%S.%fZ}"
