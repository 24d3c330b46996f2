"""A plain page with a field in various places, and the article extracted from it."""

from datetime import UTC, datetime
from typing import Any

from tests.example_pages import page

from khobor.article import Article
from khobor.extract import extract

URL = "https://news.example/city/bridge-1"
NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)


def article(url: str | None = URL, **parts: Any) -> Article:
    return extract(page(**parts), url, fetched_at=NOW)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def json_ld_article(**properties: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Old bridge opens again"} | properties
