"""The keys of the raw bucket: where a page, an article handed over by reference or an uploaded source lies."""

from datetime import UTC, datetime

PAGES = "pages/"
HAND_OVER = "articles/"
SOURCES = "sources/"
PAGE_SUFFIXES = (".html", ".htm", ".html.gz")


def page_key(host: str, fetched_at: datetime, article_id: str) -> str:
    """Return the key of a fetched page: it shows host, day and article, and sorts by time within its host.

    >>> page_key("example.com", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'pages/example.com/2026-03-01/090500.000000Z-abc.html.gz'

    Args:
        host: The host in ASCII.
        fetched_at: Aware; the key shows UTC.
        article_id: As ``url.article_id`` gives it.
    """
    stamp = fetched_at.astimezone(UTC)
    return f"{PAGES}{host}/{stamp:%Y-%m-%d}/{stamp:%H%M%S.%fZ}-{article_id}.html.gz"


def hand_over_key(article_id: str, message_id: str) -> str:
    """Return the key under which an article waits that is too large for a queue's message.

    Args:
        article_id: As ``url.article_id`` gives it.
        message_id: Digest of the content, so that the same article lands on the same key.
    """
    return f"{HAND_OVER}{article_id}/{message_id}.json.gz"
