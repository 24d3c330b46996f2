"""The section and the breadcrumbs."""

from typing import Any

import pytest
from tests.extract.fields.sample_article import article, json_ld_article, meta


@pytest.mark.parametrize(
    ("parts", "section"),
    [
        ({"json_ld": json_ld_article(articleSection="Local")}, "Local"),
        ({"head": meta("article:section", "Local")}, "Local"),
        ({"article": '<ul class="breadcrumbs"><li>Home</li><li>Local</li></ul>'}, "Local"),
        ({}, "city"),
        ({"article": '<div><a href="/city">In the city</a></div>'}, "In the city"),
        ({"article": '<nav aria-label="breadcrumb"><a href="/">Home</a><a href="/l">Local</a></nav>'}, "Local"),
        ({"article": '<meta itemprop="articleSection" content="Local">'}, "Local"),
        ({"url": "https://news.example/bridge-1"}, None),
        ({"url": "https://news.example/2026/09/bridge-1"}, None),
    ],
)
def test_section(parts: dict[str, Any], section: str | None) -> None:
    assert article(**parts).section == section


def test_breadcrumbs_leave_out_home_and_the_article() -> None:
    names = ["Home", "Local", "Roads", "Old bridge opens again"]
    items = [{"@type": "ListItem", "position": number, "name": name} for number, name in enumerate(names)]
    found = article(json_ld={"@graph": [json_ld_article(), {"@type": "BreadcrumbList", "itemListElement": items}]})
    assert found.breadcrumbs == ("Local", "Roads")
