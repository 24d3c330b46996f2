"""Keywords and topics."""

from typing import Any

import pytest
from tests.extract.fields.sample_article import article, json_ld_article, meta


@pytest.mark.parametrize(
    "parts",
    [
        {"json_ld": json_ld_article(keywords=["Bridges", "Floods"])},
        {"json_ld": json_ld_article(keywords="Bridges, Floods, bridges")},
        {"head": meta("article:tag", "Bridges") + meta("article:tag", "Floods")},
        {"head": '<meta name="news_keywords" content="Bridges; Floods">'},
        {"article": '<a rel="tag" href="/t/1">#Bridges</a><a rel="tag" href="/t/2">Floods</a>'},
    ],
)
def test_tags(parts: dict[str, Any]) -> None:
    assert article(**parts).tags == ("Bridges", "Floods")
