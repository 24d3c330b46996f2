"""Where a page shows little text, the article is looked for in what it does not show."""

import json
from html import escape

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

URL = "https://news.example/city/1"
HEADLINE = "Old bridge opens again"
TEXT = "\n\n".join(PARAGRAPHS)
MARKUP = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
DATA = {"title": HEADLINE, "body": MARKUP}
HEAD = f"<title>{HEADLINE} | The Daily Test</title>"


def body(html: str) -> tuple[str, str | None]:
    """Return the text of a page's body, and its evidence."""
    article = extract(f"{HEAD}{html}".encode(), URL)
    evidence = article.extraction.fields.get("body")
    return article.body_text, evidence.text if evidence else None


@pytest.mark.parametrize(
    ("html", "place"),
    [
        (f"<noscript><div id=a><h1>{HEADLINE}</h1>{MARKUP}</div></noscript>", "noscript"),
        (f"<div id=root></div><template><div id=a>{MARKUP}</div></template>", "template"),
        (f"<nav><div id=a><h2>{HEADLINE}</h2>{MARKUP}</div>", "nav"),
        (f"<h1>{HEADLINE}</h1><footer><div id=a>{MARKUP}</div>", "footer"),
        (f"<h1>{HEADLINE}</h1><div class=promo>{PARAGRAPHS[0]}</div><div class=related id=a>{MARKUP}</div>", ""),
        ("".join(f"<div class='promo box-{n}'><p>{text}</p></div>" for n, text in enumerate(PARAGRAPHS)), "class"),
    ],
    ids=["noscript", "template", "nav", "footer", "heavy", "class"],
)
def test_text_in_elements_that_are_usually_skipped(html: str, place: str) -> None:
    text, evidence = body(html)
    assert text == TEXT
    assert (f"({place})" in (evidence or "")) == bool(place)


@pytest.mark.parametrize("kind", ["text/template", "text/x-template", "text/html", "text/x-handlebars-template"])
def test_a_script_with_markup(kind: str) -> None:
    text, evidence = body(
        f'<div id=app>Loading</div><script type="{kind}"><div>{MARKUP}<img src="/a.jpg"></div></script>'
    )
    assert (text, evidence) == (TEXT, "template script")


@pytest.mark.parametrize(
    "html",
    [
        f"<noscript><p>{'This page needs a browser with scripts. ' * 10}</p></noscript>",
        f"<footer><p>{'All rights of this newspaper are reserved by the publisher. ' * 10}</p></footer>",
        f"<script type='text/template'><p>{'Buy a bridge of your own. ' * 20}</p></script>",
        "<script type='text/template'>{{#each rows}}<p>Old bridge opens again, {{name}}</p>{{/each}}"
        + " " * 300
        + "</script>",
    ],
    ids=["noscript", "footer", "another template", "placeholders"],
)
def test_text_that_is_not_about_the_title_is_no_body(html: str) -> None:
    assert body(f"<h1>{HEADLINE}</h1>{html}")[0] == ""


def test_a_short_article_is_not_replaced_by_longer_text_beside_it() -> None:
    related = f"<div class=related><p>{'The bridge of another town, which opens again, was old. ' * 20}</p></div>"
    shown = (
        "The old bridge over the river opens again on Monday, as the council said. It was shut for longer than planned."
    )
    assert body(f"<main><h1>{HEADLINE}</h1><div><p>{shown}</p></div></main>{related * 4}")[0] == shown


@pytest.mark.parametrize("tag", ["main", "section", "header", "div"])
def test_a_page_without_head_and_body_tags_is_read(tag: str) -> None:
    assert body(f"<{tag}><h1>{HEADLINE}</h1>{MARKUP}</{tag}><footer>Imprint</footer>")[0] == TEXT


def test_the_text_in_microdata_is_read() -> None:
    content = " ".join(PARAGRAPHS)
    thing = (
        f'<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="articleBody" content="{content}">'
    )
    assert body(f"<h1>{HEADLINE}</h1>{thing}</div>")[0] == content


def test_what_a_page_shows_once_and_hides_once_is_read_once() -> None:
    hidden = f'<div style="display:none" itemprop="articleBody">{" ".join(PARAGRAPHS)}</div>'
    assert body(f"<div><h1>{HEADLINE}</h1>{MARKUP}{hidden}</div>")[0] == TEXT
    assert body(f"<h1>{HEADLINE}</h1><div>{hidden}{MARKUP}</div>")[0] == TEXT
    assert body(f"<h1>{HEADLINE}</h1><div hidden id=a>{MARKUP}</div>")[0] == TEXT


def pushes(stream: str, length: int) -> str:
    """Return scripts that push a stream in parts."""
    parts = [stream[at : at + length] for at in range(0, len(stream), length)]
    return "".join(
        f"<script>self.__next_f.push({json.dumps([1, part])})</script>".replace("</p", "<\\/p") for part in parts
    )


@pytest.mark.parametrize("length", [40, 100_000])
@pytest.mark.parametrize(
    "stream",
    [
        f'7:{{"state":{{"title":"{HEADLINE}","content":"{MARKUP}"}}}}\n',
        f'1:I["x"]\n7:{{"post":{{"title":"{HEADLINE}","html":"$8"}}}}\n8:T{len(MARKUP):x},{MARKUP}9:null\n',
        '7:["$","main",null,{"children":[["$","h1",null,{"children":"'
        + HEADLINE
        + '"}],'
        + ",".join(f'["$","p",null,{{"children":{json.dumps(text)}}}]' for text in PARAGRAPHS)
        + "]}]\n",
    ],
    ids=["data", "reference", "elements"],
)
def test_data_that_is_streamed_in_parts(stream: str, length: int) -> None:
    text, evidence = body(f"<div id=app></div>{pushes(stream, length)}")
    assert (text, evidence) == (TEXT, "script")


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"cache": json.dumps({"title": HEADLINE, "body": MARKUP})}),
        f"D=(function(a,b){{return {{post:{{title:a,text:b}}}}}}({json.dumps(HEADLINE)},{json.dumps(MARKUP)}));",
        f"var page = {{title: '{HEADLINE}', teaser: 'Short', html: '{MARKUP}', id: 7}};",
        f"var page = {{html: `{MARKUP}`, title: `{HEADLINE}`}};",
        "var a = " + "[1],b=" * 40 + json.dumps({"title": HEADLINE, "body": MARKUP}),
    ],
    ids=["JSON in JSON", "arguments", "quotes", "backticks", "after others"],
)
def test_data_in_other_shapes(script: str) -> None:
    text, evidence = body(f"<div id=app></div><script>{script.replace('</p', '<' + chr(92) + '/p')}</script>")
    assert (text, evidence) == (TEXT, "script")


def test_a_short_text_in_a_script_without_spaces_is_long_enough() -> None:
    title, text = (
        "市议会批准修建新桥",
        "市议会周二批准在河上修建一座新桥，此前围绕其费用和路线争论了数月，反对者表示将诉诸法院。",
    )
    paragraphs = f"<p>{text}</p><p>市长表示，新桥的工程将于春季开始，为期两年，期间交通将由旧桥承担。</p>"
    html = f"<title>{title}</title><h1>{title}</h1><noscript><div>{paragraphs}</div></noscript>"
    article = extract(html.encode(), URL)
    assert article.extraction.not_article is None
    assert article.body_text.startswith(text)


@pytest.mark.parametrize(
    ("html", "place"),
    [
        (f'<textarea id="content" style="display:none">{escape(MARKUP)}</textarea>', "textarea"),
        (f'<div id="app" data-html="{escape(MARKUP)}"></div>', "attribute"),
        (f'<input type="hidden" name="text" value="{escape(MARKUP)}">', "attribute"),
        (f'<div id="app" data-page="{escape(json.dumps({"props": DATA}))}"></div>', "attribute"),
        (
            f'<astro-island props="{escape(json.dumps({"t": [0, HEADLINE], "html": [0, MARKUP]}))}"></astro-island>',
            "attribute",
        ),
        (f'<div data-react-props="{escape(json.dumps({"story": DATA}))}"></div>', "attribute"),
    ],
    ids=["textarea", "data-html", "value", "data-page", "props", "data-react-props"],
)
def test_text_that_is_held_as_text_for_scripts(html: str, place: str) -> None:
    assert body(f"<h1>{HEADLINE}</h1>{html}") == (TEXT, place)
    assert body(html) == (TEXT, place)


def test_an_attribute_about_something_else_is_no_body() -> None:
    other = escape(f"<p>{'Buy a boat of your own today. ' * 20}</p>")
    assert body(f'<h1>{HEADLINE}</h1><div data-html="{other}"></div>') == ("", None)


def test_other_long_attributes_do_not_hide_the_one_with_the_text() -> None:
    pictures = "".join(f'<img srcset="{"/a.jpg 100w, " * 20}" src="/{at}.jpg">' for at in range(150))
    html = f'{pictures}<div id="app" data-page="{escape(json.dumps({"props": DATA}))}"></div>'
    assert body(html) == (TEXT, "attribute")
