"""The headline, and the page's other titles."""

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.extract import extract


def test_is_the_heading_that_the_pages_titles_confirm() -> None:
    head = meta("og:title", "Old bridge opens again after two years")
    assert article(head=head).title == "Old bridge opens again"


def test_is_not_a_heading_that_nothing_confirms() -> None:
    html = page().decode().replace("<h1>Old bridge opens again</h1>", "<h1>The Daily Test</h1>")
    assert extract(html.encode(), URL).title == "Old bridge opens again"


def test_of_the_page_loses_the_sites_name() -> None:
    html = page().decode().replace("<h1>Old bridge opens again</h1>", "")
    assert extract(html.encode(), URL).title == "Old bridge opens again"


@pytest.mark.parametrize("heading", ["市议会通过重建旧桥方案", "旧い橋の架け替え案を可決", "สภาเมืองลงมติสร้างสะพาน"])
def test_a_heading_without_spaces_is_confirmed_by_a_title_that_holds_it(heading: str) -> None:
    html = page(title=heading).decode().replace("The Daily Test", "The Bridge Daily Test")
    assert extract(html.encode(), URL).title == heading


def test_alternatives_are_those_that_differ() -> None:
    found = article(head=meta("og:title", "Bridge open"), json_ld=json_ld_article(headline="Old bridge opens AGAIN"))
    assert found.alternative_titles == ("Bridge open",)


def test_loses_the_sites_name_in_front_where_only_the_rest_stands_on_the_page() -> None:
    html = (
        page()
        .decode()
        .replace("Old bridge opens again | The Daily Test", "Daily Test - Old bridge opens again at last")
    )
    html = html.replace("<h1>Old bridge opens again</h1>", "<div><b>Old bridge opens again at last</b></div>")
    assert extract(html.encode(), URL).title == "Old bridge opens again at last"


def test_alternatives_lose_section_and_site() -> None:
    title = "Old bridge opens again after two long years | City | The Daily Test"
    found = extract(page().decode().replace("Old bridge opens again | The Daily Test", title).encode(), URL)
    assert found.alternative_titles == ("Old bridge opens again after two long years",)


def test_of_two_articles_in_json_ld_the_one_with_the_pages_address_is_it() -> None:
    other = json_ld_article(
        headline="Another headline", url="https://news.example/city/2", author="B. Khan", keywords=["x"]
    )
    graph = {"@graph": [other, json_ld_article(headline="Bridge open", url=URL, author="A. Rahman")]}
    assert [author.name for author in article(json_ld=graph).authors] == ["A. Rahman"]
