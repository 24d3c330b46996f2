import html
import json

import pytest

from khobor.extract import json_ld

ARTICLE = '{"@type": "NewsArticle", "headline": "A"}'
ADDRESSED = '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"/*<![CDATA[*/ {ARTICLE} /*]]>*/",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        '{"@type": "NewsArticle", "headline": "A",}',
        '{"@type": "NewsArticle", /* a comment, with "words" */ "headline": "A", // another\n}',
        '{"@type": "NewsArticle", "image": ["/a.jpg",], "headline": "A"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;A&quot;}",
        html.escape(html.escape(ARTICLE)),
        html.escape(ADDRESSED).replace("&quot;", "&#34;"),
        html.escape(ADDRESSED),
        f"<!-- {html.escape(ARTICLE[:-1])},}} -->",
        f"\ufeff{ARTICLE}",
        f"\n\u200b \ufeff {ARTICLE}\xa0",
        f"/* of the theme */ {ARTICLE}",
        f"// of the theme\n{ARTICLE}",
        f"<!-- of the plugin -->\n{ARTICLE}\n<!-- / of the plugin -->",
        f"<!-- of the plugin -->{ARTICLE[:-1]},}}",
        f"//<![CDATA[\n/* x */{ARTICLE[:-1]},}}\n//]]>",
        f'{{"@type": "WebSite"}}{ARTICLE}',
        f'{{"@type": "WebSite"}},\n{ARTICLE},',
        f'{{"@type": "WebSite"}} /* and */ {ARTICLE}',
        f"{ARTICLE}}}",
        f"{ARTICLE} </script",
        '{"@type": "NewsArticle",\xa0"headline": "A"}',
        r"""{"@type": "NewsArticle", "headline": "A", "about": "The mayor\'s \w bridge"}""",
        json.dumps(ARTICLE),
        f"{ARTICLE};",
        '{"@type": ["Thing", "https://schema.org/NewsArticle"], "headline": "A"}',
    ],
)
def test_an_article_is_found_however_it_is_wrapped(script: str) -> None:
    (article,) = (thing for thing in json_ld.things([script]) if json_ld.is_article(thing))
    assert article["headline"] == "A"


def test_line_breaks_within_texts_are_taken() -> None:
    (thing,) = json_ld.things(['{"headline": "A\nB\tC"}'])
    assert thing["headline"] == "A\nB\tC"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "nonsense",
        "7",
        '"x"',
        "null",
        "[" * 100_000,
        '{"a": ',
        '{"a":/*' * 100_000,
        '"\\' * 300_000,
        f"-->{' ' * 300_000}x",
        "<!--" * 300_000,
        "&" * 300_000,
        "{" + "\\x" * 300_000,
        "{}" * 100_000,
    ],
)
def test_what_is_broken_is_left_out(script: str) -> None:
    found = list(json_ld.things([script, ARTICLE]))
    assert [thing["headline"] for thing in found if "headline" in thing] == ["A"]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("a", ("a",)),
        (["a", {"name": "b"}, {"@value": "c"}, 7, None, " "], ("a", "b", "c")),
        ({"name": ["a", "b"]}, ("a", "b")),
        (None, ()),
        (7, ()),
    ],
)
def test_texts(value: object, texts: tuple[str, ...]) -> None:
    assert json_ld.texts(value) == texts


def test_references_are_followed_across_scripts() -> None:
    person = '{"@id": "#p", "@type": "Person", "name": "A. Rahman"}'
    found = json_ld.things(
        [person, '{"@type": "NewsArticle", "author": [{"@id": "#p"}], "publisher": {"@id": "#none"}}']
    )
    (article,) = filter(json_ld.is_article, found)
    assert json_ld.texts(article["author"]) == ("A. Rahman",)
    assert json_ld.texts(article["publisher"]) == ()


def test_references_to_a_large_thing_are_followed_until_they_are_too_much() -> None:
    large = {"@id": "#p", "@type": "Person", "name": "A. Rahman"} | {f"p{number}": number for number in range(1000)}
    found = json_ld.things([json.dumps(large), json.dumps({"@type": "NewsArticle", "author": [{"@id": "#p"}] * 1000})])
    (article,) = filter(json_ld.is_article, found)
    assert json_ld.texts(article["author"][:10]) == ("A. Rahman",) * 10
    assert article["author"][-1] == {"@id": "#p"}
    assert sum(map(len, article["author"])) < 100_000


def test_what_looks_like_a_comment_within_a_text_stays() -> None:
    (thing,) = json_ld.things(['{"url": "https://news.example/a", "headline": "A, /* b */ c",}'])
    assert thing == {"url": "https://news.example/a", "headline": "A, /* b */ c"}


def test_the_first_reading_that_parses_counts() -> None:
    (thing,) = json_ld.things(['{"headline": "A", "text": "&quot;,&quot;headline&quot;:&quot;B <!-- c -->"}'])
    assert thing == {"headline": "A", "text": "&quot;,&quot;headline&quot;:&quot;B <!-- c -->"}


def test_a_number_without_end_is_no_character() -> None:
    assert json_ld.text(f"A&amp;&#{'1' * 5000};") == "A&\N{REPLACEMENT CHARACTER}"
