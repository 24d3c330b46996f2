"""A source's rules of each kind, from its file to the article and its evidence."""

from datetime import UTC, datetime

from tests.example_pages import page
from tests.sources.daily import DAILY

from khobor.extract import extract
from khobor.sources.checking import load_sources
from khobor.sources.registry import Registry

RULES = """
kicker = ["normalize-space(//p[has-class('over')])"]
authors = ["jmespath:contributor[].name"]
section = ["jmespath:missing", "nav a:last-child::text"]
tags = ["jmespath:about[].name", ".tags a"]
published_at = ["jmespath:dates.first"]
image = ["jmespath:pictures[0]"]
"""
DATA = {
    "@type": "NewsArticle",
    "headline": "Old bridge opens again",
    "contributor": [{"name": "Ann Lee"}, {"name": "Badrul Das"}],
    "about": [{"name": "Bridges &amp; roads"}, {"name": "Floods"}],
    "dates": {"first": "2026-03-01T10:00:00+01:00"},
    "pictures": ["/bridge.jpg"],
}


def test_rules_of_each_kind_give_the_fields_of_an_article() -> None:
    registry, problems = load_sources({"daily.toml": (DAILY + RULES).encode()}, Registry({}))
    assert problems == []
    html = page(article="<p class='x over'> At \n last </p>", json_ld=DATA)
    article = extract(html, "https://daily.example/city/1", sources=registry)
    assert article.kicker == "At last"
    assert [author.name for author in article.authors] == ["Ann Lee", "Badrul Das"]
    assert article.section == "City"
    assert article.tags == ("Bridges & roads", "Floods")
    assert article.published_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert article.images[0].url == "https://daily.example/bridge.jpg"
    fields = article.extraction.fields
    origins = {name: fields[name].origin for name in ("kicker", "authors", "section", "tags", "published_at", "images")}
    assert set(origins.values()) == {"source rule"}
