"""What a feed stated is the last candidate of an article's fields."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.example_pages import page
from tests.sources.daily import DAILY

from khobor.article import Article
from khobor.entry_facts import EntryFacts
from khobor.extract import extract, extract_page
from khobor.page import RawPage
from khobor.sources.registry import Registry, bundled_sources

URL = "https://news.example/town/bridge"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FACTS = EntryFacts(
    title="Old bridge opens again",
    published="2026-03-01T10:00:00+06:00",
    modified="2026-03-01T11:30:00+06:00",
    authors=("Jane Doe and Tom Major",),
    categories=("Town", "Rivers", "Sin categoría"),
    summary="The bridge opens two years after the flood.",
    image="https://news.example/bridge.jpg",
)


def article(facts: EntryFacts = FACTS, **parts: Any) -> Article:
    return extract(page(**parts), URL, fetched_at=NOW, entry=facts)


def at(facts: EntryFacts = FACTS, **parts: Any) -> str | None:
    found = article(facts, **parts).published_at
    return found.isoformat() if found else None


def origin(found: Article, field: str) -> str:
    return found.extraction.fields[field].origin


def test_a_page_that_says_nothing_has_the_fields_of_its_entry() -> None:
    found = article()
    assert at() == "2026-03-01T10:00:00+06:00"
    assert found.modified_at == datetime.fromisoformat("2026-03-01T11:30:00+06:00")
    assert [author.name for author in found.authors] == ["Jane Doe", "Tom Major"]
    assert (found.section, found.tags) == ("town", ("Rivers",))
    assert found.description == "The bridge opens two years after the flood."
    assert [image.url for image in found.images] == ["https://news.example/bridge.jpg"]
    fields = ("published_at", "modified_at", "authors", "tags", "description", "images")
    assert {origin(found, field) for field in fields} == {"feed"}
    assert origin(found, "title") == "heuristic"


def test_what_the_page_says_comes_first() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "Old bridge opens at last",
        "datePublished": "2026-02-28T08:00:00+06:00",
        "dateModified": "2026-03-02T08:00:00+06:00",
        "author": {"@type": "Person", "name": "Rita Berg"},
        "description": "It is open.",
        "keywords": ["Bridges"],
        "image": "https://news.example/own.jpg",
    }
    found = article(title="Old bridge opens at last", json_ld=data)
    assert {each.origin for each in found.extraction.fields.values()}.isdisjoint({"feed"})
    assert found.alternative_titles == ("Old bridge opens again",)
    (disputing,) = found.extraction.fields["published_at"].disputed_by
    assert (disputing.origin, disputing.text) == ("feed", FACTS.published)


def test_the_title_of_an_entry_stands_where_the_page_has_none() -> None:
    html = page().replace(b"<h1>", b"<p>").replace(b"</h1>", b"</p>")
    bare = html.replace(b"<title>Old bridge opens again | The Daily Test</title>", b"")
    found = extract(bare, URL, fetched_at=NOW, entry=FACTS)
    assert (found.title, origin(found, "title")) == ("Old bridge opens again", "feed")


def test_an_old_title_in_a_feed_does_not_keep_the_page_from_changing_it() -> None:
    head = '<meta property="og:title" content="Old bridge opens again">'
    assert article(title="Bridge is closed once more", head=head).title == extract(
        page(title="Bridge is closed once more", head=head), URL, fetched_at=NOW
    ).title  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param("<p class='date'>1 March 2026</p>", "2026-03-01T10:00:00+06:00", id="the day that the page shows"),
        pytest.param("<p class='date'>28 February 2026</p>", "2026-02-28T00:00:00+00:00", id="another day"),
        pytest.param("<time datetime='2026-03-01T09:59Z'>today</time>", "2026-03-01T09:59:00+00:00", id="another time"),
    ],
)
def test_a_day_on_the_page_gets_the_time_in_the_feed(shown: str, expected: str) -> None:
    assert at(article=shown) == expected


def test_of_two_dates_in_the_data_that_of_the_feed_is_confirmed() -> None:
    head = '<meta property="article:published_time" content="2026-03-01T10:00:00+06:00">'
    data = {"@type": "NewsArticle", "headline": "Old bridge opens again", "datePublished": "2026-02-11T10:00:00+06:00"}
    assert at(head=head, json_ld=data) == "2026-03-01T10:00:00+06:00"


def test_a_single_date_among_links_is_no_better_than_the_feed() -> None:
    aside = "</article><aside><ul><li><a href='/2'>A dog found its way home</a> <b>3 January 2026</b></li></ul></aside>"
    html = page().replace(b"</article>", aside.encode())
    found = extract(html, URL, fetched_at=NOW, entry=FACTS).published_at
    assert found == datetime.fromisoformat("2026-03-01T10:00:00+06:00")


def test_a_time_without_an_offset_is_in_the_zone_of_the_source() -> None:
    found = extract(
        page(),
        "https://daily.example/1",
        fetched_at=NOW,
        entry=replace(FACTS, published="2026-03-01T10:00:00"),
        sources=Registry({"daily.toml": DAILY}),
    )
    assert found.published_at == datetime.fromisoformat("2026-03-01T10:00:00+01:00")
    assert found.extraction.fields["published_at"].assumed_zone == "Europe/Berlin"


@pytest.mark.parametrize("name", ["admin", "The Daily Test", "user_27", "https://news.example", "2026", "Editor"])
def test_no_person_is_called_so(name: str) -> None:
    head = '<meta property="og:site_name" content="The Daily Test">'
    assert article(replace(FACTS, authors=(name,)), head=head).authors == ()


@pytest.mark.parametrize("name", ["Uncategorized", "Allgemein", "Non classé", "未分類", "অশ্রেণীবদ্ধ", "Без рубрики"])
def test_the_category_of_articles_without_one_is_no_tag(name: str) -> None:
    assert article(replace(FACTS, categories=(name,))).tags == ()


@pytest.mark.parametrize(
    ("title", "is_used"), [("Old bridge opens again, at last", True), ("Mayor resigns after years", False)]
)
def test_after_a_redirect_an_entry_counts_if_the_page_has_its_title(title: str, is_used: bool) -> None:
    fetched = RawPage(
        body=page(), fetched_at=NOW, url="https://news.example/?p=7", final_url=URL, entry=replace(FACTS, title=title)
    )
    found = extract_page(fetched, None, bundled_sources())
    assert (found.published_at is not None) is is_used


@pytest.mark.parametrize(
    "requested",
    ["http://news.example/town/bridge", "https://www.news.example/town/bridge/", f"{URL}?utm_source=rss"],
)
def test_a_redirect_to_another_spelling_of_the_url_leads_to_the_article(requested: str) -> None:
    facts = EntryFacts(published="2026-03-01")
    fetched = RawPage(body=page(), fetched_at=NOW, url=requested, final_url=URL, entry=facts)
    assert extract_page(fetched, None, bundled_sources()).published_at is not None


def test_an_explanation_shows_what_the_feed_stated() -> None:
    found = extract(page(head='<meta name="author" content="Rita Berg">'), URL, entry=FACTS, explain=True)
    others = found.extraction.fields["authors"].others
    assert [(each.origin, each.text) for each in others][-1] == ("feed", "Jane Doe, Tom Major")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        # The feed has the time at which the site was built.
        ("2026-03-01T07:15:00+06:00", "2026-03-01T07:15:00+06:00"),
        # That of another article.
        ("2026-02-20T07:15:00+06:00", FACTS.published),
        # A day says less than the feed.
        ("2026-03-01", FACTS.published),
    ],
)
def test_a_time_beside_the_article_comes_before_that_of_its_entry_on_the_same_day(shown: str, expected: str) -> None:
    aside = f'<div class="side"><ul><li><time datetime="{shown}">1 March</time></li></ul></div>'
    html = page().replace(b"</body>", f"{aside}</body>".encode())
    found = extract(html, URL, fetched_at=NOW, entry=FACTS)
    assert found.published_at
    assert found.published_at.isoformat() == expected


@pytest.mark.parametrize("head", ["Blog: Old bridge opens again", ": Old bridge opens again", "News of the valley"])
def test_a_line_that_the_feed_calls_the_title_is_the_headline(head: str) -> None:
    text = "<p>The old bridge in the valley opened again on Monday after two years of work on its pillars.</p>" * 3
    line = '<div class="title">Old bridge opens again</div>'
    html = f"<html><head><title>{head}</title></head><body><h1>Untitled Blog</h1>{{}}{text}</body></html>"
    found = extract(html.format(line).encode(), URL, entry=FACTS)
    assert (found.title, origin(found, "title")) == ("Old bridge opens again", "feed")
    # A feed may have an older title, and a link leads to another article.
    for other in ("", '<p><a href="/other">Old bridge opens again</a></p>'):
        assert origin(extract(html.format(other).encode(), URL, entry=FACTS), "title") == "heuristic"


def test_a_heading_that_the_page_confirms_comes_before_the_title_of_the_feed() -> None:
    found = article(replace(FACTS, title="A teaser"), title="Old bridge opens at last", article="<p>A teaser</p>")
    assert (found.title, origin(found, "title")) == ("Old bridge opens at last", "heuristic")


def test_what_the_page_links_to_as_a_category_is_no_tag() -> None:
    menu = '<nav><ul><li><a href="/category/city-life.html">City Life</a></li></ul></nav>'
    facts = replace(FACTS, categories=("City Life", "Rivers"))
    assert article(facts).tags == ("City Life", "Rivers")
    assert article(facts, article=menu).tags == ("Rivers",)
