"""News, opinion, live, video or gallery."""

from typing import Any

import pytest
from tests.extract.fields.sample_article import article, json_ld_article, meta


@pytest.mark.parametrize(
    ("parts", "genre"),
    [
        ({"json_ld": json_ld_article()}, "news"),
        ({"json_ld": {"@type": "OpinionNewsArticle", "headline": "x"}}, "opinion"),
        ({"json_ld": {"@type": "LiveBlogPosting", "headline": "x"}}, "live"),
        ({"url": "https://news.example/opinion/bridge"}, "opinion"),
        ({"url": "https://news.example/gallery/bridge"}, "gallery"),
        ({"head": meta("og:type", "video.other")}, "video"),
        ({}, None),
    ],
)
def test_genre(parts: dict[str, Any], genre: str | None) -> None:
    assert article(**parts).genre == genre
