"""Pages that are made to take long: the work grows no faster than the page."""

from datetime import UTC, datetime

import pytest
from tests.counting import count_calls
from tests.example_pages import PARAGRAPHS, page

from khobor.extract import extract
from khobor.extract.document import Document
from khobor.extract.text import is_large
from khobor.html.streaming import MOST_MOVES
from khobor.html.tree import parse

NOW = datetime(2026, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "unit"),
    [
        ("", "<nav class='tags'>ferry {0}</nav>"),
        ("<div>", "<b itemprop='author'>Ann {0}</b>"),
        ("<div itemscope itemtype='https://schema.org/NewsArticle'>", "<b itemprop='author'>Ann {0}</b>"),
        ("<div itemscope itemtype='https://schema.org/NewsArticle'>", "<b itemscope itemprop='author'>Ann {0}</b>"),
        ("<li><ul>", "<b>Ann {0}</b>"),
        ("<div class='breadcrumb'>", "<li>Ann {0}</li>"),
    ],
    ids=["menus of tags", "properties", "properties in an article", "things", "lists", "breadcrumbs"],
)
def test_what_repeats_deep_in_a_page_is_read_by_few_calls(before: str, unit: str) -> None:
    def calls(times: int) -> int:
        many = "".join(unit.format(number) for number in range(times))
        html = f"<body><nav><ol class='breadcrumb'>{before * times}{many}</body>"
        deep = f"<body><h1>Old bridge opens again</h1>{before * times}{many}</body>"
        return count_calls(lambda: [extract(each.encode(), None, fetched_at=NOW) for each in (html, deep)])

    # More than what is read of names within each other.
    calls(400)
    assert calls(800) < 2.5 * calls(400)


@pytest.mark.parametrize("unit", ["<p>ab</p>", "<li>a</li>", "<td>a</td>", "ab<hr>", "ab<br><br>"])
def test_a_tiny_paragraph_takes_few_calls(unit: str) -> None:
    def calls(times: int) -> int:
        html = f"<title>Old bridge opens</title><main><h1>Old bridge opens</h1>{unit * times}</main>"
        return count_calls(lambda: extract(html.encode(), "https://news.example/1", fetched_at=NOW))

    calls(500)
    # A page that shows no sentence is read once more only if there is more to read.
    assert calls(1000) - calls(500) <= 60 * 500


def test_preformatted_text_within_each_other_is_shown_once() -> None:
    lines = "".join(f"<pre>The old bridge number {number} over the river is open again. " for number in range(300))
    body = extract(page(article=lines), None, fetched_at=NOW).body_text
    assert body.count("number 299 ") == 1


def test_a_page_that_is_streamed_in_parts_without_number_is_refused() -> None:
    def html(times: int) -> bytes:
        parts = "".join(
            f'<div hidden id="S:{number}"><template id="B:{number + 1}"></template></div>' for number in range(times)
        )
        calls = "".join(f'$RC("B:{number}","S:{number}")' for number in range(times))
        return page(paragraphs=PARAGRAPHS, article=f'<template id="B:0"></template>{parts}<script>{calls}</script>')

    assert extract(html(MOST_MOVES), None, fetched_at=NOW).extraction.not_article is None
    assert extract(html(MOST_MOVES + 1), None, fetched_at=NOW).extraction.not_article == "too_many_parts"


def test_an_element_around_much_text_is_no_name() -> None:
    nested = parse(f"<div><b>{'Ann Lee ' * 2000}</b></div>".encode())[0]
    assert [is_large(each) for each in nested.iter("div", "b")] == [True, True]
    assert not is_large(parse(b"<div><b>Ann Lee</b></div>")[0])


def test_a_base_that_no_server_takes_is_ignored() -> None:
    html = f'<base href="https://other.example/{"a/" * 20_000}"><p>A</p>'
    assert Document(html.encode(), "https://news.example/1").resolve("2") == "https://news.example/2"


def test_a_date_behind_lines_with_numbers_is_read() -> None:
    lines = "".join(f"Quay {number}<br>" for number in range(2000))
    article = extract(page(article=f"<p>{lines}Published March 1, 2026</p>", paragraphs=()), None, fetched_at=NOW)
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2026-03-01"


@pytest.mark.parametrize("line", ["{}<br>", "<div>{}</div>"])
def test_lines_with_numbers_are_not_all_read_as_dates(line: str) -> None:
    def calls(times: int) -> int:
        lines = "".join(line.format(times * 10_000 + number) for number in range(times))
        return count_calls(lambda: extract(page(article=f"<p>{lines}</p>", paragraphs=()), None, fetched_at=NOW))

    calls(400)
    # To read one as a date takes several hundred.
    assert calls(1600) - calls(800) < 120 * 800


@pytest.mark.parametrize("opened", ["<figure>", "<div class='toolbar'>", "<nav>", "<button><div>"])
def test_the_text_within_elements_without_end_is_found(opened: str) -> None:
    html = page(paragraphs=(), article=opened * 100 + "".join(f"<p>{text}</p>" for text in PARAGRAPHS))
    body = extract(html, None, fetched_at=NOW).body_text
    assert all(text in body for text in PARAGRAPHS)


@pytest.mark.parametrize("unit", ["published ", "publishedpublished"])
def test_names_of_dates_in_a_script_are_not_all_looked_at(unit: str) -> None:
    def calls(times: int) -> int:
        html = page(head=f"<script>{unit * times}</script>")
        return count_calls(lambda: extract(html, None, fetched_at=NOW))

    calls(5_000)
    assert calls(10_000) < 1.1 * calls(5_000)


def test_tables_in_boxes_within_each_other_are_looked_at_once() -> None:
    sentence = "<p>The old bridge over the river is open again.</p>"
    table = "<table><tr><td>Arches</td><td>nine</td></tr><tr><td>Piers</td><td>two</td></tr></table>"

    def calls(times: int) -> int:
        within = f"<div class='promo'>{table}{sentence}" * times + f"{sentence}</div>" * times
        html = f"<title>Old bridge opens</title><h1>Old bridge opens</h1>{sentence}{within}{sentence}"
        return count_calls(lambda: extract(html.encode(), None, fetched_at=NOW))

    calls(100)
    assert calls(400) < 4.5 * calls(100)
