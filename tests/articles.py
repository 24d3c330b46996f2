"""Articles written for the tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from khobor.article import Article, Block, Extraction

MORNING = datetime(2023, 8, 16, 6, tzinfo=UTC)


def article(number: int = 1, **fields: Any) -> Article:
    """Return an article; the number makes it different from others."""
    usual: dict[str, Any] = {
        "article_id": f"id{number}",
        "url": f"https://example.com/{number}",
        "canonical_url": f"https://example.com/{number}",
        "source": "example",
        "title": f"Title {number}",
        "body": (Block(kind="paragraph", text="Text."),),
        "published_at": MORNING + timedelta(minutes=number),
        "fetched_at": MORNING + timedelta(hours=1),
        "extraction": Extraction(version="1"),
        "content_hash": "0",
    }
    return Article(**usual | fields)
