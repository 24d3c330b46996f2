"""Sources that an operator uploads, through the whole pipeline."""

import io

import pytest
from tests.conftest import PARAMETERS
from tests.example_pages import page
from tests.sources.daily import DAILY

from khobor.embedded.stack import EmbeddedStack

URL = "https://daily.example/city/1"
ARTICLE = '<p class="headline">The bridge is back</p>'
SOURCE = DAILY.replace("h1.headline", "p.headline")


def test_an_uploaded_source_is_how_its_pages_are_read(stack: EmbeddedStack) -> None:
    stack.upload("sources/daily.toml", SOURCE.encode())
    stack.upload("uploads/a.html", page(article=ARTICLE), {"url": URL})
    stack.run()
    (article,) = stack.articles()
    assert (article.source, article.title, article.extraction.rules) == ("daily", "The bridge is back", "daily/2")


def test_pages_are_read_by_the_rules_of_their_day(stack: EmbeddedStack) -> None:
    redesign = '[[versions]]\nversion = 3\nsince = 2024-01-01\n[versions.rules]\ntitle = ["p.headline"]\n'
    stack.upload("sources/daily.toml", (DAILY + redesign).encode())
    for day in ("2023-12-30", "2024-01-02"):
        fetched = {"url": f"{URL}{day}", "fetched-at": f"{day}T12:00:00+00:00"}
        stack.upload(f"uploads/{day}.html", page(article=ARTICLE), fetched)
    stack.run()
    found = {article.extraction.rules: article.title for article in stack.articles()}
    assert found == {"daily/2": "Old bridge opens again", "daily/3": "The bridge is back"}


def test_a_bad_source_is_told_of_and_breaks_nothing() -> None:
    with io.StringIO() as log, EmbeddedStack(PARAMETERS, log=log) as stack:
        stack.upload("sources/bad.toml", b'version = 1\npublisher = ""\n')
        stack.upload("sources/daily.toml", SOURCE.encode())
        stack.upload("uploads/a.html", page(article=ARTICLE), {"url": URL})
        stack.run()
        assert [article.source for article in stack.articles()] == ["daily"]
        assert stack.dead_letters() == []
        said = log.getvalue()
    assert "bad.toml:2: publisher: " in said
    assert '"SourcesRefused":[1' in said.replace(" ", "")


@pytest.mark.parametrize("path", ["daily.toml", "bases/system.toml"])
def test_an_uploaded_source_is_no_page(stack: EmbeddedStack, path: str) -> None:
    stack.upload(f"sources/{path}", b"version = 1")
    stack.run()
    assert (list(stack.articles()), stack.dead_letters()) == ([], [])
