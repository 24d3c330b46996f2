"""Who is named in the byline: in any script, and nobody rather than somebody else."""

from typing import Any

import pytest
from tests.extract.fields.given import article, described, meta
from tests.pages import page

from khobor.extract import extract
from khobor.extract.fields.authors import split_byline

URL = "https://news.example/city/bridge-1"


def names(**parts: Any) -> list[str]:
    return [author.name for author in extract(page(**parts), URL).authors]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("Von Jana Dorn und Max Ruhl", ["Jana Dorn", "Max Ruhl"]),
        ("Par Claire Aubin, envoyée spéciale à Lille", ["Claire Aubin"]),
        ("Автор: Ольга Снегова, корреспондент отдела культуры", ["Ольга Снегова"]),
        ("Updated: 12.04.2024, 08:15 | Author: Maria Todd | Read: 2841", ["Maria Todd"]),
        ("โดย: กองบรรณาธิการ", ["กองบรรณาธิการ"]),
        ("নিজস্ব প্রতিবেদক, রাজশাহী", ["নিজস্ব প্রতিবেদক"]),
        ("김하늘 기자", ["김하늘"]),
        ("记者王敬照", ["王敬照"]),
        ("Redaktion: Jana Dorn", ["Jana Dorn"]),
        ("Text: Jana Dorn; Fotos: Max Ruhl", ["Jana Dorn"]),
        ("By The Daily Test", []),
        ("By clicking “Send” you agree", []),
        ("Share Twitter Facebook", []),
        ("12 May 2024", []),
    ],
)
def test_a_line_below_the_headline_names_them(byline: str, expected: list[str]) -> None:
    head = '<meta property="og:site_name" content="The Daily Test">'
    assert names(head=head, article=f"<div>{byline}</div>") == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<div class="byline"><span class="n">Jane Doe</span><span class="n">John Roe</span></div>',
            ["Jane Doe", "John Roe"],
        ),
        (
            '<div class="byline"><a href="/a/1">Jane Doe</a>, <a href="/a/2">John Roe</a></div>',
            ["Jane Doe", "John Roe"],
        ),
        ('<div class="author">Jane Doe</div><div class="author">John Roe</div>', ["Jane Doe", "John Roe"]),
        ('<div class="author">Jane Doe<br>Political Editor<br>12 May 2024</div>', ["Jane Doe"]),
        ('<div class="author">Twitter Facebook</div>', []),
        ('<div class="author">News</div>', []),
        ("<div><span>Jane Doe</span> <span>17 May 2024, 12:48</span></div>", ["Jane Doe"]),
        ("<p><strong>Jane Doe/John Roe</strong></p>", ["Jane Doe", "John Roe"]),
    ],
)
def test_the_markup_of_the_byline_tells_them_apart(markup: str, expected: list[str]) -> None:
    assert names(article=markup) == expected


def test_where_json_ld_has_only_the_sites_name_the_visible_byline_is_next() -> None:
    described = {
        "@type": "NewsArticle",
        "headline": "x",
        "author": "The Daily Test",
        "publisher": {"name": "The Daily Test"},
    }
    assert names(json_ld=described) == []
    assert names(json_ld=described, article='<p class="byline">By Jane Doe</p>') == ["Jane Doe"]


def test_a_byline_that_names_more_than_json_ld_completes_it() -> None:
    described = {"@type": "NewsArticle", "headline": "x", "author": "Jane Doe"}
    links = '<a rel="author" href="/a/1">Jane Doe</a> <a rel="author" href="/a/2">John Roe</a>'
    assert names(json_ld=described, article=f'<div class="byline">{links}</div>') == ["Jane Doe", "John Roe"]


def test_the_photographer_and_the_author_of_another_article_are_none() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption><span itemprop="author">Max Ruhl</span></figcaption></figure>'
    other = '<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author">John Roe</span></div>'
    html = page(article=f"{figure}<span itemprop='author'>Jane Doe</span>").decode()
    html = html.replace("<article>", '<article itemscope itemtype="https://schema.org/NewsArticle">')
    found = extract(html.replace("<footer>", f"{other}<footer>").encode(), URL)
    assert [author.name for author in found.authors] == ["Jane Doe"]


@pytest.mark.parametrize("name", ["Redacción Delta", "Haber Merkezi", "Interview Magazine Desk"])
def test_a_word_that_begins_a_desks_name_stays(name: str) -> None:
    assert split_byline(name) == [name]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"json_ld": described(author={"name": "A. Rahman"})}, ["A. Rahman"]),
        ({"json_ld": described(author=["A. Rahman", {"name": "B. Khan"}])}, ["A. Rahman", "B. Khan"]),
        ({"json_ld": described(author="A. Rahman and B. Khan")}, ["A. Rahman", "B. Khan"]),
        ({"head": '<meta name="author" content="By A. Rahman">'}, ["A. Rahman"]),
        ({"article": '<p class="byline">By A. Rahman, B. Khan</p>'}, ["A. Rahman", "B. Khan"]),
        ({"article": '<a rel="author" href="/a/1">A. Rahman</a>'}, ["A. Rahman"]),
        ({"head": meta("article:author", "https://facebook.com/daily")}, []),
        ({}, []),
    ],
)
def test_are_named(parts: dict[str, Any], names: list[str]) -> None:
    assert [author.name for author in article(**parts).authors] == names


def test_have_a_url_where_there_is_one() -> None:
    (author,) = article(json_ld=described(author={"name": "A. Rahman", "url": "/authors/1"})).authors
    assert author.url == "https://news.example/authors/1"
