"""The section and the breadcrumbs."""

from typing import Any

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import article, json_ld_article, meta

from khobor.entry_facts import EntryFacts
from khobor.extract import extract


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
        ({"url": "https://news.example/posts/bridge-1"}, None),
        ({"url": "https://news.example/blog/2026/09/bridge-1/"}, None),
        ({"url": "https://news.example/blog/city/bridge-1/"}, "city"),
        ({"url": "https://news.example/%E6%96%87%E7%AB%A0/bridge-1/"}, None),
        ({"url": "https://news.example/posts/bridge-1", "article": '<p><a href="/posts/">Posts</a></p>'}, None),
        ({"url": "https://news.example/2026/09/bridge-1/index.html"}, None),
        ({"url": "https://news.example/city/bridge-1/index.html"}, "city"),
        ({"article": '<div><a href="/city">2026-09-03</a></div>'}, "city"),
    ],
)
def test_section(parts: dict[str, Any], section: str | None) -> None:
    assert article(**parts).section == section


def test_breadcrumbs_leave_out_home_and_the_article() -> None:
    names = ["Home", "Local", "Roads", "Old bridge opens again"]
    items = [{"@type": "ListItem", "position": number, "name": name} for number, name in enumerate(names)]
    found = article(json_ld={"@graph": [json_ld_article(), {"@type": "BreadcrumbList", "itemListElement": items}]})
    assert found.breadcrumbs == ("Local", "Roads")


def test_the_name_of_the_site_is_no_section() -> None:
    site = meta("og:site_name", "The Daily Test")
    crumbs = '<ul class="breadcrumbs"><li>The Daily Test</li><li>Local</li></ul>'
    assert article(head=site, article=crumbs).section == "Local"
    assert article(head=site, article='<div><a href="/city">The Daily Test</a></div>').section == "city"


def test_a_subdomain_may_be_called_as_its_section() -> None:
    crumbs = '<ul class="breadcrumbs"><li>Money</li></ul>'
    assert article(article=crumbs, url="https://money.news.example/2026/bridge").section == "Money"


@pytest.mark.parametrize(
    ("part", "name"), [("%E6%97%B6%E6%94%BF", "时政"), ("%EA%B2%BD%EC%A0%9C", "경제"), ("zh", None)]
)
def test_a_section_of_two_characters_is_no_language(part: str, name: str | None) -> None:
    entry = EntryFacts(categories=("时政", "경제", "港口"))
    found = extract(page(), f"https://news.example/{part}/2026/11/28/ferry-11.html", entry=entry)
    assert found.section == name
    assert name not in found.tags
    assert "港口" in found.tags


def test_the_category_to_which_the_article_links_is_its_section() -> None:
    link = '<a href="/category/{}/" rel="category tag">{}</a>'
    links = f"<p>{link.format('harbour', 'Harbour')}, {link.format('life', 'Life')}</p>"
    url = "https://news.example/2026/05/old-bridge"
    assert extract(page(article=links), url).section == "Harbour"
    assert extract(page(article=f"{links}<div>{link.format('sea', 'Sea')}</div>"), url).section is None
    assert extract(page(article=f"<p>{link.format('x', 'Uncategorized')}</p>"), url).section is None
