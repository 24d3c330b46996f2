"""Every page gives an article, with a reason if it contains none."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counting import count_calls
from tests.example_pages import PARAGRAPHS, page

from khobor.archive import codec
from khobor.article import Extraction
from khobor.extract import extract
from khobor.sources.registry import Registry

CONTROL_CODES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)
MARKUP = st.sampled_from(
    [
        "<p>", "</p>", "<div class='x'>", "</div>", "<h1>", "<a href='//['>", "<img src='http://['>", "<ul><li>",
        "<table><tr>", "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","author":7}',
        "<base href='x:'>", "&#0;", "<meta property='og:url' content='http://[::'>", "<time datetime='0000-99-99'>",
        "<figure>", "<br>", "\x00", "\ud800",
    ]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(MARKUP | st.text(max_size=20), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_page_makes_it_fail(parts: list[str]) -> None:
    html = "".join(parts).encode("utf-8", "surrogatepass")
    article = extract(html, "https://news.example/a/1")
    assert codec.decode(codec.encode(article)) == article


@pytest.mark.slow
@given(st.lists(MARKUP | st.text(max_size=20), max_size=40))
@settings(max_examples=100, deadline=None)
def test_every_page_gives_one_article_however_much_is_explained(parts: list[str]) -> None:
    html = "".join(parts).encode("utf-8", "surrogatepass")
    plain, told = (
        extract(html, "https://news.example/a/1", fetched_at=NOW, explain=explain) for explain in (False, True)
    )
    assert extract(html, "https://news.example/a/1", fetched_at=NOW) == plain
    assert (told.title, told.authors, told.published_at) == (plain.title, plain.authors, plain.published_at)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_make_it_fail(html: bytes) -> None:
    article = extract(html, None)
    assert article.extraction.not_article is not None or article.title or article.body_text


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://example.com/", "https://", "https://[::"])
def test_a_bad_url_is_as_none(url: str) -> None:
    assert extract(page(), url).url is None


def test_no_user_name_or_password_of_a_url_gets_into_an_article() -> None:
    more = (
        'Two others say the same, <a href="/b/2">one</a> and <a href="https://reader:secret@news.example/c/3">two</a>.'
        '<img src="//reader:secret@news.example/d.jpg" width="900" height="600">'
    )
    article = extract(page(paragraphs=(*PARAGRAPHS, more)), "https://reader:secret@news.example/a/1")
    assert article.url == article.canonical_url == "https://news.example/a/1"
    assert "https://news.example/c/3" in [link.url for link in article.links]
    assert b"secret" not in codec.encode(article)


def test_the_same_page_gives_the_same_article() -> None:
    one, other = (extract(page(), "https://news.example/a/1") for _ in range(2))
    assert codec.encode(one).partition(b'"fetched_at"')[0] == codec.encode(other).partition(b'"fetched_at"')[0]
    assert one.content_hash == other.content_hash


def test_what_extraction_says_of_itself() -> None:
    extraction = extract(page(), "https://news.example/a/1").extraction
    assert (extraction.rules, extraction.not_article) == (None, None)
    assert extraction.fields["title"].origin == "heuristic"
    assert extraction.fields["title"].text == "Old bridge opens again"


def test_what_the_other_candidates_say_is_told_on_request() -> None:
    head = '<meta property="og:title" content="Bridge open"><meta name="date" content="2026-09-14">'
    described = {"@type": "NewsArticle", "headline": "Old bridge opens", "datePublished": "2026-09-15T08:30:00Z"}
    html = page(head=head, json_ld=described)
    plain, told = (extract(html, None, fetched_at=NOW, explain=explain).extraction.fields for explain in (False, True))
    assert plain["title"].others == ()
    assert {(other.origin, other.text) for other in told["title"].others} >= {
        ("json-ld", "Old bridge opens"),
        ("meta", "Bridge open"),
    }
    assert ("meta", "2026-09-14") in {(other.origin, other.text) for other in told["published_at"].others}
    assert told["published_at"].is_disputed


HALF_PAIRS = (
    "\\ud800",
    "Ann \\uD83D Lee",
    "\\udfff\\ud800",
    "খবর \\uDc00",
    "&#xD800;",
    "&amp;#55296;",
    "&#" + "9" * 5000 + ";",
)
JSON_LD_SHAPES = (
    '"{0}"',
    '["{0}", "{0}"]',
    '{{"@value": "{0}"}}',
    '{{"name": "{0}", "url": "/{0}", "{0}": 1, "@id": "{0}"}}',
)
JSON_LD_FIELDS = (
    "@id", "@type", "alternativeHeadline", "articleBody", "articleSection", "author", "creator", "dateline",
    "dateModified", "datePublished", "description", "editor", "genre", "headline", "image", "inLanguage", "isPartOf",
    "keywords", "license", "mainEntityOfPage", "name", "printEdition", "publisher", "sourceOrganization", "url",
    "video",
)  # fmt: skip


@pytest.mark.parametrize("half", HALF_PAIRS)
def test_half_a_surrogate_pair_in_json_ld_does_not_stop_an_article(half: str) -> None:
    for field, shape in itertools.product(JSON_LD_FIELDS, JSON_LD_SHAPES):
        script = f'{{"@type": "NewsArticle", "headline": "A", "{field}": {shape.format(half)}}}'
        html = page(head=f'<script type="application/ld+json">{script}</script>')
        article = extract(html, "https://news.example/a/1")
        assert codec.decode(codec.encode(article)) == article
        assert article.title


def test_what_stands_around_half_a_surrogate_pair_is_kept() -> None:
    script = r'{"@type": "NewsArticle", "description": "Flood \ud83c in \ud83c\udf0a", "keywords": "C:\\ud800"}'
    article = extract(page(head=f'<script type="application/ld+json">{script}</script>'), None)
    assert (article.description, article.tags) == ("Flood in \U0001f30a", ("C:\\ud800",))


@pytest.mark.parametrize(
    "name", ["headline", "keywords", "image", "publisher", "author", "datePublished", "articleBody"]
)
@pytest.mark.parametrize("unit", ["[", '{"name":', '{"@graph":[', '{"author":'])
def test_json_ld_that_is_nested_deeply_does_not_stop_an_article(name: str, unit: str) -> None:
    nested = unit * 900 + '"x"' + "".join({"[": "]", "{": "}"}[each] for each in reversed(unit) if each in "[{") * 900
    script = f'{{"@type": "NewsArticle", "{name}": {nested}}}'
    article = extract(page(head=f'<script type="application/ld+json">{script}</script>'), "https://news.example/a/1")
    assert article.title == "Old bridge opens again"


def test_of_dates_without_number_the_first_count() -> None:
    days = "".join(f'<meta name="date" content="{1990 + day // 28}-01-{day % 28 + 1:02}">' for day in range(900))
    article = extract(page(head=days), None, fetched_at=NOW)
    assert article.published_at == datetime(1990, 1, 1, tzinfo=UTC)
    assert 90 < len(article.extraction.fields["published_at"].disputed_by) < 110


@pytest.mark.slow
@pytest.mark.parametrize(
    "opened", ["<time>", "<span class='author'>", "<b class='kicker'>", "<i itemprop='datePublished'>"]
)
def test_named_elements_within_one_another_without_end_are_read_by_few_calls(opened: str) -> None:
    def calls(times: int) -> int:
        return count_calls(lambda: extract(page(article=f"{opened}Ab " * times), None, fetched_at=NOW))

    calls(1)
    assert calls(1600) < 2.5 * calls(800)


@pytest.mark.parametrize(
    "unit",
    [
        '<img srcset="/ship-{0}.jpg 1x, /ship-{0}-2.jpg 2x" src="/ship-{0}.jpg">',
        '<figure><img src="/{0}.jpg"><figcaption>Photo: Ann {0}</figcaption></figure>',
    ],
    ids=["sets", "figures"],
)
def test_images_without_number_are_read_by_few_calls(unit: str) -> None:
    def calls(times: int) -> int:
        images = "".join(unit.format(number) for number in range(times))
        return count_calls(lambda: extract(page(article=images), None, fetched_at=NOW))

    calls(1)
    assert calls(800) < 2.5 * calls(400)


def test_hidden_boxes_within_each_other_are_read_by_few_calls() -> None:
    def calls(times: int) -> int:
        html = f"<body>{'<div hidden>' * times}{'<p>The old bridge over the river is open again.</p>' * times}"
        return count_calls(lambda: extract(html.encode(), None, fetched_at=NOW))

    calls(2)
    assert calls(200) < 2.5 * calls(100)


def test_of_authors_without_number_the_first_are_taken_and_the_evidence_says_so() -> None:
    names = [f"Ann Lee{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(200)]
    described = {"@type": "NewsArticle", "headline": "Old bridge opens again", "author": names}
    article = extract(page(json_ld=described), None, fetched_at=NOW)
    assert [author.name for author in article.authors] == names[:12]
    assert str(article.extraction.fields["authors"].text).endswith("… (the first 12)")


@pytest.mark.parametrize(
    "line", ["Ann Lee {}<br>", "{}<br>", "<b>Ann {}</b><br>", "<span class='byline'>Ann Lee {}</span>"]
)
def test_lines_without_number_are_read_by_few_calls(line: str) -> None:
    def calls(times: int) -> int:
        # The lines differ each time, because results may be cached.
        lines = "".join(line.format(times * 10_000 + number) for number in range(times))
        return count_calls(lambda: extract(page(article=f"<p>By {lines}</p>"), None, fetched_at=NOW))

    # Many lines, so that everything is loaded that they need.
    calls(400)
    assert calls(1600) < 2.5 * calls(800)


def test_a_byline_behind_lines_without_number_is_read() -> None:
    lines = "".join(f"The bridge {number}<br>" for number in range(500))
    article = extract(page(paragraphs=(*PARAGRAPHS, f"{lines}By <b>Mina Rahman</b>")), None)
    assert [author.name for author in article.authors] == ["Mina Rahman"]


@pytest.mark.parametrize("space", [" ", "\n", "\u00a0", "\u3000 "])
def test_keywords_are_parted_whatever_space_is_around_them(space: str) -> None:
    keywords = f"Bridge{space * 2000},{space * 2000}River{space * 2000}Elbe{space * 9}|Flood{space}"
    described = {"@type": "NewsArticle", "keywords": keywords}
    assert extract(page(json_ld=described), None).tags == ("Bridge", "River Elbe", "Flood")


@pytest.mark.parametrize("part", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<blockquote>"])
def test_a_page_of_one_element_without_end_takes_no_time_without_end(part: str) -> None:
    html = (f"<html><h1>Deep</h1>{part * 1500}" + "<p>Some words that are long enough for it.</p>" * 50).encode()
    assert extract(html, None).title == "Deep"


def test_a_title_of_separators_without_end_takes_no_memory_without_end() -> None:
    title = "a | " * 100_000
    html = page().decode().replace("<title>", f"<title>{title}").encode()
    assert extract(html, "https://news.example/a/1").title == "Old bridge opens again"


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [
        ('image = ["img::attr(data-big)"]', "images", ["https://news.example/big.jpg"]),
        ('image = ["//img/@data-big"]', "images", ["https://news.example/big.jpg"]),
        ('authors = ["b::attr(data-by)"]', "authors", ["Mina Rahman"]),
        ('authors = ["//b/text()"]', "authors", ["Karim Khan"]),
        ('tags = ["b::attr(data-by)"]', "tags", ("Mina Rahman",)),
        ('edition = ["b::attr(data-edition)"]', "edition", "print"),
        ('section = ["b::attr(data-by)"]', "section", "Mina Rahman"),
        ('kicker = ["//b/text()"]', "kicker", "Karim Khan"),
    ],
)
def test_a_sources_rule_may_select_an_attribute_or_a_text(rule: str, field: str, value: object) -> None:
    file = f'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n[rules]\n{rule}\n'
    given = '<img data-big="/big.jpg"><b data-by="Mina Rahman" data-edition="Print edition">Karim Khan</b>'
    article = extract(page(article=given), "https://news.example/a/1", sources=Registry({"daily.toml": file}))
    fields = {
        "images": [image.url for image in article.images[:1]],
        "authors": [author.name for author in article.authors],
    }
    assert fields.get(field, getattr(article, field)) == value


@pytest.mark.parametrize("code", ["&#27;]0;x&#7;", "&#8;", "&#127;", "\x9b31m", "&#1;"])
def test_no_control_code_of_a_page_gets_into_what_is_read_of_it(code: str) -> None:
    def spoilt(text: str) -> str:
        return text.replace("e", f"e{code}")

    facts = {"@type": "NewsArticle", "headline": spoilt("The old bridge opens"), "keywords": [spoilt("Bridges")]}
    written = page(
        title=spoilt("The old bridge opens"),
        head=f'<meta name="description" content="{spoilt("The bridge is open again")}">',
        json_ld=facts | {"author": {"name": spoilt("Meera Sen")}, "articleSection": spoilt("City news")},
        paragraphs=(*PARAGRAPHS, spoilt("The ferry has sailed between the banks of the river since the autumn.")),
    )
    article = extract(written, "https://news.example/a/1", fetched_at=NOW)
    assert all((article.title, article.section, article.tags, article.description, article.body))
    read = texts(msgspec.to_builtins(replace(article, extraction=Extraction(version=""))))
    assert [text for text in read if CONTROL_CODES.search(text)] == []


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, list | tuple) else [str(value)]


def test_a_reader_is_another_one_where_any_rule_is_and_not_by_how_articles_are_found() -> None:
    def reader(text: str) -> str | None:
        files = {"daily.toml": f'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n{text}'}
        return extract(page(), "https://news.example/1", sources=Registry(files)).extraction.reader

    later = "[[versions]]\nversion = 2\nsince = 2999-01-01\n[versions.rules]\ntitle = ['h2']\n"
    readers = [reader(text) for text in ("", "zone = 'Asia/Dhaka'\n", "[rules]\ntitle = ['h1']\n", later)]
    assert len({*readers, extract(page(), "https://other.example/1").extraction.reader}) == 5
    assert reader("[discovery]\ninterval_minutes = 30\n") == readers[0]


@pytest.mark.parametrize(
    ("published", "zone", "day"),
    [
        ("2026-02-28T20:00:00Z", "Asia/Dhaka", "2026-03-01"),
        ("2026-03-01T02:00:00+06:00", "Asia/Dhaka", "2026-03-01"),
        ("2026-03-01T07:30:00Z", "America/Los_Angeles", "2026-02-28"),
        ("2026-02-28T20:00:00Z", None, "2026-02-28"),
        (None, "Pacific/Auckland", "2026-03-02"),
        (None, None, "2026-03-01"),
    ],
)
def test_an_article_is_listed_by_the_clocks_of_its_source(published: str | None, zone: str | None, day: str) -> None:
    file = 'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n'
    file += f'zone = "{zone}"\n' if zone else ""
    stated = f'<meta property="article:published_time" content="{published}">' if published else ""
    found = extract(
        page(head=stated),
        "https://news.example/a/1",
        sources=Registry({"daily.toml": file}),
        fetched_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    assert str(found.listed_at.date()) == day
    assert found.listed_at == (found.published_at or found.fetched_at)


def test_the_footer_of_an_article_gives_its_byline_date_and_tags() -> None:
    footer = """<footer class="entry-footer"><p>Posted by <a rel="author" href="/team/maya">Maya Lindqvist</a> on
        <time datetime="2026-03-01T10:00:00+01:00">March 1, 2026</time></p>
        <p class="tags"><a href="/tag/bridges">Bridges</a> <a href="/tag/floods">Floods</a></p></footer>"""
    html = page().replace(b"</article>", f"{footer}</article>".encode())
    article = extract(html, "https://news.example/city/1")
    assert [author.name for author in article.authors] == ["Maya Lindqvist"]
    assert article.published_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert article.tags == ("Bridges", "Floods")
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_the_footer_of_the_page_gives_nothing_of_the_article() -> None:
    footer = '<footer>By <a rel="author" href="/x">Ann Lee</a><p class="tags"><a href="/tag/a">A</a></p></footer>'
    article = extract(page().replace(b"</body>", f"{footer}</body>".encode()), "https://news.example/city/1")
    assert (article.authors, article.tags) == ((), ())
