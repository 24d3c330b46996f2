"""Whatever comes, an article comes out, with the reason if it is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pages import page

from khobor.aws import codec
from khobor.extract import extract

MARKUP = st.sampled_from(
    [
        "<p>", "</p>", "<div class='x'>", "</div>", "<h1>", "<a href='//['>", "<img src='http://['>", "<ul><li>",
        "<table><tr>", "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","author":7}',
        "<base href='x:'>", "&#0;", "<meta property='og:url' content='http://[::'>", "<time datetime='0000-99-99'>",
        "<figure>", "<br>", "\x00", "\ud800",
    ]
)  # fmt: skip


@given(st.lists(MARKUP | st.text(max_size=20), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_page_makes_it_fail(parts: list[str]) -> None:
    html = "".join(parts).encode("utf-8", "surrogatepass")
    article = extract(html, "https://news.example/a/1")
    assert codec.decode(codec.encode(article)) == article


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_make_it_fail(html: bytes) -> None:
    article = extract(html, None)
    assert article.extraction.not_article is not None or article.title


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://example.com/", "https://", "https://[::"])
def test_a_bad_url_is_as_none(url: str) -> None:
    assert extract(page(), url).url is None


def test_the_same_page_gives_the_same_article() -> None:
    one, other = (extract(page(), "https://news.example/a/1") for _ in range(2))
    assert codec.encode(one).partition(b'"fetched_at"')[0] == codec.encode(other).partition(b'"fetched_at"')[0]
    assert (one.content_hash, one.simhash) == (other.content_hash, other.simhash)


def test_what_extraction_says_of_itself() -> None:
    extraction = extract(page(), "https://news.example/a/1").extraction
    assert (extraction.rules, extraction.not_article) == (None, None)
    assert extraction.fields["title"].origin == "heuristic"
    assert extraction.fields["title"].text == "Old bridge opens again"


@pytest.mark.parametrize("part", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<blockquote>"])
def test_a_page_of_one_element_without_end_takes_no_time_without_end(part: str) -> None:
    html = (f"<html><h1>Deep</h1>{part * 1500}" + "<p>Some words that are long enough for it.</p>" * 50).encode()
    assert extract(html, None).title == "Deep"
