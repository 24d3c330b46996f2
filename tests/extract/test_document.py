"""What fields ask a page."""

import pytest

from khobor.extract.class_names import KICKER
from khobor.extract.document import Document

PAGE = b"""<html lang="en"><head><title>Old bridge opens</title>
<link rel="alternate Canonical" href="/1"><link rel="license" href="/by">
<meta property="og:title" content="Old bridge"><meta name="DC.date.issued" content="2026-03-01">
<script type="application/ld+json">{"@type": "NewsArticle", "author": [{"name": "Ann Lee"},], "x": 1}</script>
<script type="application/ld+json">{"broken</script>
<script type="application/ld+json">[{"@graph": [{"@type": "WebSite", "name": "Daily"}]}]</script></head>
<body><main><p class="kicker">City <b>news</b></p><h1>Old bridge opens again</h1>
<div itemscope itemtype="https://schema.org/NewsArticle">
<span itemprop="author editor"><a href="/a">Ann</a></span></div>
<p>The bridge over the river was opened again.</p><a rel="LICENSE nofollow" href="/terms">Terms</a></main>
</body></html>"""


@pytest.fixture
def document() -> Document:
    return Document(PAGE, "https://news.example/1")


def test_the_page_is_one_selector_of_one_tree(document: Document) -> None:
    assert document.selector.root is document.root
    assert document.selector.css("h1::text").get() == "Old bridge opens again"
    assert document.selector.css("h1")[0].xpath("preceding-sibling::p//text()").getall() == ["City ", "news"]


def test_links_are_found_by_their_relation_in_any_case_those_of_the_head_first(document: Document) -> None:
    assert [link.attrib["href"] for link in document.linked("canonical")] == ["/1"]
    assert [link.attrib["href"] for link in document.linked("license")] == ["/by", "/terms"]
    assert document.linked("next") == []


def test_what_a_class_names_is_asked_within(document: Document) -> None:
    (part,) = document.named(KICKER)
    assert part.css("b::text").getall() == ["news"]


def test_a_property_of_microdata_may_have_several_names(document: Document) -> None:
    assert document.microdata("editor").css("a::attr(href)").getall() == ["/a"]
    assert document.microdata("publisher") == []


def test_json_ld_is_asked_by_jmespath_after_its_mistakes_are_repaired(document: Document) -> None:
    assert document.structured_data.jmespath("author[].name").getall() == ["Ann Lee"]
    assert document.structured_data.jmespath('[]."@graph"[].name').get() == "Daily"
    assert [value.root for value in document.structured_data.jmespath("x")] == [1]


def test_the_sign_by_which_the_address_of_a_heading_is_copied_is_no_part_of_it() -> None:
    html = (
        b'<section id="plan"><h1>Council rejects the plan<a class="headerlink" href="#plan">&para;</a></h1></section>'
    )
    document = Document(html, "https://news.example/plan")
    assert [piece.text for piece in document.layout.pieces] == ["Council rejects the plan"]
