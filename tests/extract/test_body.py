import json
from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page

from khobor.article import Block
from khobor.extract import extract
from khobor.sources.registry import Registry

URL = "https://news.example/city/1"


def blocks(body: str) -> list[Block]:
    """Return the blocks of a page whose body is an introduction and some markup."""
    html = (
        page(paragraphs=(PARAGRAPHS[0],))
        .decode()
        .replace("</p></div></article>", f"</p>{body}<p>{PARAGRAPHS[1]}</p></div></article>")
    )
    found = extract(html.encode(), URL).body
    assert (found[0].text, found[-1].text) == (PARAGRAPHS[0], PARAGRAPHS[1])
    return list(found[1:-1])


@pytest.mark.parametrize(
    ("markup", "block"),
    [
        ("<h2>What comes next</h2>", Block(kind="heading", text="What comes next", level=2)),
        ("<blockquote><p>It works.</p></blockquote>", Block(kind="quote", text="It works.")),
        ("<ul><li>One</li><li>Two</li></ul>", Block(kind="list", text="One\nTwo", items=("One", "Two"))),
        (
            "<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2025</td><td>7</td></tr></table>",
            Block(kind="table", text="Year | Cars\n2025 | 7", rows=(("Year", "Cars"), ("2025", "7"))),
        ),
        (
            '<iframe src="https://www.youtube.com/embed/x" title="Film"></iframe>',
            Block(kind="embed", text="Film", url="https://www.youtube.com/embed/x"),
        ),
        ("Text without an element of its own.", Block(kind="paragraph", text="Text without an element of its own.")),
        (
            "<table><tr><th>Span</th><td>metres<br>in all</td></tr><tr><td>Main<br>arch</td><td>17</td></tr></table>",
            Block(
                kind="table",
                text="Span | metres in all\nMain arch | 17",
                rows=(("Span", "metres in all"), ("Main arch", "17")),
            ),
        ),
        ("<h2>What comes<br>next</h2>", Block(kind="heading", text="What comes next", level=2)),
        (
            "<ul><li>One<br>item</li><li>Two</li></ul>",
            Block(kind="list", text="One item\nTwo", items=("One item", "Two")),
        ),
        ("<pre>def a():\n    return 1\n</pre>", Block(kind="code", text="def a():\n    return 1")),
        ("<pre><code>ls\n\ncd /</code></pre>", Block(kind="code", text="ls\n\ncd /")),
        (
            '<table><tr><td><pre>1\n2</pre></td><td><pre class="code">a = 1.\nb = 2.</pre></td></tr></table>',
            Block(kind="code", text="a = 1.\nb = 2."),
        ),
        ("<div>One <b>bold</b> <i>word</i>.</div>", Block(kind="paragraph", text="One bold word.")),
    ],
)
def test_block(markup: str, block: Block) -> None:
    assert blocks(markup) == [block]


def test_prose_in_preformatted_text_is_made_of_paragraphs() -> None:
    found = blocks(f"<pre>\n{PARAGRAPHS[2].replace(', ', ',' + chr(10))}\n \n{PARAGRAPHS[3]}\n</pre>")
    assert found == [Block(kind="paragraph", text=text) for text in PARAGRAPHS[2:]]


def test_paragraphs_parted_by_line_breaks_are_parted() -> None:
    found = blocks("<div>One line<br>and its end.<br><br>Another paragraph.</div>")
    assert [block.text for block in found] == ["One line and its end.", "Another paragraph."]


@pytest.mark.parametrize(
    "markup",
    [
        "<script>var x = 'text';</script>",
        "<style>p {color: red}</style>",
        '<div class="advert"><p>Buy a bridge of your own today.</p></div>',
        '<div class="related-articles"><p>Another story that you may like.</p></div>',
        '<div class="share-buttons">Share</div>',
        '<p>Read more: <a href="/x">Another bridge</a></p>',
        '<p><a href="/x">Another bridge that closed last week</a></p>',
        "<p>আরও পড়ুন: <a href='/x'>আরেকটি সেতু</a></p>",
        '<p style="display:none">Hidden text of a tracker</p>',
        "<nav>Next</nav>",
        '<div role="complementary">Aside</div>',
        "<!-- a comment -->",
        "<noscript>Please enable scripts</noscript>",
        "<h1>Old bridge opens again</h1>",
        "<p> </p><p></p>",
    ],
)
def test_what_is_no_part_of_the_body(markup: str) -> None:
    assert blocks(markup) == []


def test_text_behind_what_is_left_out_stays() -> None:
    (block,) = blocks("<div>Before <script>x()</script>and <span class='advert'>ad</span>after.</div>")
    assert block.text == "Before and after."


def test_side_columns_and_footers_are_no_body() -> None:
    text = extract(page(), URL).body_text
    assert text == "\n\n".join(PARAGRAPHS)


def test_a_page_whose_wrapper_has_a_bad_name_is_read_all_the_same() -> None:
    html = (
        page()
        .decode()
        .replace("<main>", '<main><div class="widget sidebar advert">')
        .replace("</main>", "</div></main>")
    )
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_a_body_in_several_containers_is_read_whole() -> None:
    parts = "".join(f"<div><p>{text}</p></div><div class='advert'>Buy</div>" for text in PARAGRAPHS)
    html = page(paragraphs=()).decode().replace('<div class="article-body">', f'<div class="article-body">{parts}')
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_links_and_videos_of_the_body_are_told() -> None:
    text = f'<p>{PARAGRAPHS[2]} <a href="https://council.example/x">the council</a> and <a href="#top">top</a></p>'
    video = '<video><source src="/film.mp4"></video>'
    html = page().decode().replace("</div></article>", f"{text}{video}</div></article>")
    article = extract(html.encode(), URL)
    (link,) = (link for link in article.links if link.text == "the council")
    assert (link.url, link.text) == ("https://council.example/x", "the council")
    assert [video.url for video in article.videos] == ["https://news.example/film.mp4"]


TEASER = '<div class="c"><h3><a href="/b">Another bridge was closed, too</a></h3><p>It rained for days.</p></div>'
LONG = "A sentence of a length that no label has, so that there is no doubt about what it is, is here."


def body_of(behind: str, **parts: Any) -> list[str]:
    """Return the texts of a page's blocks, with markup added after its text."""
    html = page(**parts).decode().replace("</div></article>", f"</div>{behind}</article>")
    return [block.text for block in extract(html.encode(), URL).body if block.kind != "image"]


@pytest.mark.parametrize(
    "behind",
    [
        TEASER * 3,
        f"<h2>More stories</h2><p>{LONG}</p>",
        f"<h3>Comments (2)</h3><div><p>{LONG}</p></div>",
        f'<div class="comment-list"><p>{LONG}</p></div>',
        f'<div class="x"><p>{LONG}</p></div>',
        "<p>(abc/de)</p>",
        "<p>More of this in our programme on the radio:</p>",
        '<p>Read it all in <a href="/n">our newsletter</a>.</p>',
    ],
)
def test_what_follows_the_text_is_no_part_of_it(behind: str) -> None:
    assert body_of(behind) == list(PARAGRAPHS)


@pytest.mark.parametrize("initials", ["(tk)", "এসআই/এমএমএআর/জেআইএম", "/এমএন", "rb/ck", "ঢাকা/রহিম/"])
def test_initials_at_the_end_are_not_part_of_the_text(initials: str) -> None:
    assert body_of("", paragraphs=(*PARAGRAPHS, initials)) == list(PARAGRAPHS)


@pytest.mark.parametrize("short", ["Yes and/or no.", "24/7", "https://council.example/x", "Ja."])
def test_a_short_last_paragraph_is_not_initials(short: str) -> None:
    assert body_of("", paragraphs=(*PARAGRAPHS, short)) == [*PARAGRAPHS, short]


def test_long_comments_do_not_take_the_articles_place() -> None:
    comments = "".join(f"<div><p>{number} {LONG} {LONG}</p></div>" for number in range(10))
    assert body_of(f'<section id="comments">{comments}</section>') == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "lead",
    [
        '<p class="standfirst">Two years after the flood, the old bridge is open again for all.</p>',
        "<h2>Two years after the flood, the old bridge is open again for all who want to cross the river.</h2>",
    ],
)
def test_the_summary_that_a_reader_sees_comes_first(lead: str) -> None:
    first, *others = body_of("", article=lead)
    assert first.startswith("Two years after the flood")
    assert others == list(PARAGRAPHS)


def test_a_caption_belongs_to_its_image() -> None:
    image = '<div><img src="/a.jpg"><p class="caption">The bridge at night. Photo: Rahman</p></div>'
    html = page(paragraphs=(PARAGRAPHS[0], f"{image}", *PARAGRAPHS[1:])).decode().replace("<p><div>", "<div>")
    article = extract(html.replace("</div></p>", "</div>").encode(), URL)
    (block,) = (block for block in article.body if block.kind == "image")
    assert block.image is not None
    assert (block.image.caption, block.image.credit) == ("The bridge at night.", "Rahman")
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("credit", ["Photo: Rahman", "Image: Mina Rahman"])
def test_a_box_with_image_text_and_credit_is_a_figure(credit: str) -> None:
    texts = f"<p>Two engineers are on the new deck at night.</p><p>{credit}</p>"
    box = f'<div class="w"><img src="/a.jpg" width="600">{texts}</div>'
    assert body_of("", paragraphs=(PARAGRAPHS[0], *PARAGRAPHS[1:]), article=box) == list(PARAGRAPHS)
    assert [block.text for block in blocks(box) if block.kind != "image"] == []


def test_a_paragraph_after_an_image_that_ends_with_a_credit_stays() -> None:
    text = f"{PARAGRAPHS[1]} {PARAGRAPHS[2]} It is done. So it is open. Photo: Rahman"
    assert blocks(f'<div><img src="/a.jpg" width="600"></div><p>{text}</p>')[1:] == [Block(kind="paragraph", text=text)]


def test_what_the_page_says_of_its_author_at_the_end_is_no_part_of_the_text() -> None:
    biography = "<p>Mina Rahman reports on bridges for this newspaper.</p>"
    assert body_of(biography, article='<p class="byline">By Mina Rahman</p>') == list(PARAGRAPHS)
    html = page(
        paragraphs=(*PARAGRAPHS, "Mina Rahman reports on bridges.", "She lives near one."), article="By Ann Lee"
    )
    assert "Mina Rahman reports on bridges." in extract(html, URL).body_text


def test_of_two_articles_the_first_is_read_though_the_second_is_longer() -> None:
    second = "".join(f"<p>{LONG} {text}</p>" for text in PARAGRAPHS)
    html = page().decode().replace("</article>", f"</article><article><h2>Another one</h2>{second}</article>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_a_paragraph_that_the_pages_own_text_does_not_have_is_left_out() -> None:
    own = {"@type": "NewsArticle", "headline": "Old bridge opens again", "articleBody": " ".join(PARAGRAPHS)}
    html = page(paragraphs=(*PARAGRAPHS[:2], LONG, *PARAGRAPHS[2:]), json_ld=own)
    assert extract(html, URL).body_text == "\n\n".join(PARAGRAPHS)


def test_headings_that_are_links_stay_if_paragraphs_follow_each() -> None:
    parts = "".join(
        f'<h3><a href="/{number}">Way number {number}</a></h3><p>{LONG} {number}</p>' for number in range(4)
    )
    html = page(paragraphs=()).decode().replace('<div class="article-body">', f'<div class="article-body">{parts}')
    kinds = [block.kind for block in extract(html.encode(), URL).body]
    assert kinds == ["heading", "paragraph"] * 4


@pytest.mark.parametrize(
    "linked", ["<p><a href='/x'>{}</a></p>", "<div><p><strong><a href='/x'>{}</a></strong></p></div>"]
)
@pytest.mark.parametrize("places", [(1, 3), (0,), (3,)])
def test_paragraphs_that_are_links_stay_among_others(linked: str, places: tuple[int, ...]) -> None:
    html = page().decode()
    for place in places:
        html = html.replace(f"<p>{PARAGRAPHS[place]}</p>", linked.format(PARAGRAPHS[place]))
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_teasers_behind_the_text_that_are_links_are_none_of_it() -> None:
    teaser = "The council of another town has voted against a bridge, which would have cost more than it has in a year."
    cards = "".join(
        f"<div class='card'><p><a href='/{n}'>{teaser.replace('town', f'town {n}')}</a></p></div>" for n in "123"
    )
    html = page().decode().replace("</article>", f"<div>{cards}</div></article>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "text",
    [
        "\\n".join(PARAGRAPHS),
        "\\n\\n".join(PARAGRAPHS),
        f"<p>{'</p><p>'.join(PARAGRAPHS)}</p>",
        "<br/><br>".join(PARAGRAPHS),
    ],
)
def test_the_text_of_an_app_shell_is_what_its_json_ld_gives(text: str) -> None:
    described = f'{{"@type": "NewsArticle", "headline": "Old bridge opens again", "articleBody": "{text}"}}'
    html = f"""<title>The Daily Test</title><script type="application/ld+json">{described}</script>
    <div id="app"><p>Please turn JavaScript on to read this page.</p></div><script src="/app.js"></script>"""
    found = extract(html.encode(), URL)
    assert found.body_text == "\n\n".join(PARAGRAPHS)
    assert found.extraction.not_article is None
    assert found.extraction.fields["body"].origin == "json-ld"


def test_a_page_that_shows_the_beginning_of_its_json_ld_is_read_whole() -> None:
    own = {"@type": "NewsArticle", "headline": "Old bridge opens again", "articleBody": "\n".join(PARAGRAPHS)}
    found = extract(page(paragraphs=PARAGRAPHS[:1], json_ld=own), URL)
    assert found.body_text == "\n\n".join(PARAGRAPHS)
    assert found.extraction.fields["body"].origin == "json-ld"


HEADLINE = "Old bridge opens again"
OTHER = {"title": "Another story", "body": "A sentence of quite another story, which is longer. " * 40}
WORDY = "<p>" + "</p><p>".join(PARAGRAPHS) + "</p>"


@pytest.mark.parametrize(
    ("before", "data", "behind"),
    [
        ("", {"props": {"page": {"article": {"title": HEADLINE, "body": "\n\n".join(PARAGRAPHS)}}}}, ""),
        ("window.STATE = ", {"story": {"headline": HEADLINE, "html": WORDY}, "related": [OTHER]}, ";"),
        ("", {"headlines": {"basic": HEADLINE}, "content": [{"type": "text", "content": t} for t in PARAGRAPHS]}, ""),
        ("", [{"a": 1}, HEADLINE, WORDY], ""),
        ("D=JSON.parse(", json.dumps({"title": HEADLINE, "text": WORDY, "description": "It is open. " * 200}), ")"),
        ("", {"more": [OTHER, {"title": HEADLINE, "body": WORDY}, OTHER]}, ""),
        ("", {"title": HEADLINE, "body": f"\ud83c{WORDY}"}, ""),
        ("D=JSON.parse(", json.dumps({"title": HEADLINE, "text": f"\ud83c{WORDY}"}), ")"),
    ],
    ids=["json", "assigned", "blocks", "flat list", "string", "amid others", "half a pair", "half a pair in a string"],
)
def test_the_text_of_an_app_shell_is_what_stands_beside_its_headline_in_a_script(
    before: str, data: Any, behind: str
) -> None:
    script = f"<script>{before}{json.dumps(data).replace('</', '<' + chr(92) + '/')}{behind}</script>"
    html = f"<title>{HEADLINE} | The Daily Test</title><div id=app></div>{script}"
    found = extract(html.encode(), URL)
    assert found.body_text == "\n\n".join(PARAGRAPHS)
    assert found.extraction.not_article is None
    assert found.extraction.fields["body"].text == "script"


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"related": [OTHER]}),
        json.dumps({"title": HEADLINE, "description": "It is open again. " * 40}),
        json.dumps({"title": HEADLINE, "related": [OTHER]}),
        "={" * 50_000,
        "[" * 50_000 + HEADLINE,
        f'var a = {{"title": "{HEADLINE}", "body": "' + "x" * 500,
    ],
    ids=["another story", "teaser", "related", "broken", "deep", "cut off"],
)
def test_a_script_without_the_text_of_the_headline_leaves_an_app_shell(script: str) -> None:
    html = f"<title>{HEADLINE} | The Daily Test</title><div id=app></div><script>{script}</script>"
    found = extract(html.encode(), URL)
    assert (found.body_text, found.extraction.not_article) == ("", "app_shell")


def test_the_text_that_the_page_shows_comes_before_a_longer_one_in_json_ld() -> None:
    text = " ".join((*PARAGRAPHS, *PARAGRAPHS))
    described = f'{{"@type": "NewsArticle", "articleBody": "{text}"}}'
    html = page().decode().replace("<head>", f'<head><script type="application/ld+json">{described}</script>')
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "counter", ["Views: 1,234", "পঠিত: ১২৩ বার", "5 min read", "阅读 1234", "조회수 1,234", "قراءة 123 مرة"]
)
@pytest.mark.parametrize("markup", ["<p>{}</p>", "<div>{}</div>", "<ul><li>{}</li></ul>", "<h3>{}</h3>"])
def test_what_changes_at_each_visit_is_no_part_of_the_body(counter: str, markup: str) -> None:
    line = markup.format(counter)
    html = page().decode().replace(f"<p>{PARAGRAPHS[0]}", f"{line}<p>{PARAGRAPHS[0]}")
    html = html.replace(f"{PARAGRAPHS[3]}</p>", f"{PARAGRAPHS[3]}</p>{line}")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_a_counter_on_the_last_line_of_a_paragraph_is_no_part_of_it() -> None:
    html = page().decode().replace(f"{PARAGRAPHS[3]}</p>", f"{PARAGRAPHS[3]}<br>Views: 1,234</p>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_numbers_among_sentences_are_what_the_article_is_about() -> None:
    assert blocks("<p>Views: 1.2 billion</p>") == [Block(kind="paragraph", text="Views: 1.2 billion")]


def test_a_paragraph_that_stands_there_twice_is_read_once() -> None:
    assert body_of("", paragraphs=(PARAGRAPHS[0], *PARAGRAPHS)) == list(PARAGRAPHS)


def test_lines_that_are_sentences_are_paragraphs_and_lines_of_verse_are_not() -> None:
    prose, verse = "<br>".join(PARAGRAPHS[1:3]), "A bridge of stone<br>over a river of time"
    assert body_of("", paragraphs=(PARAGRAPHS[0], prose, verse, PARAGRAPHS[3])) == [
        *PARAGRAPHS[:3],
        "A bridge of stone over a river of time",
        PARAGRAPHS[3],
    ]


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ('body = [".article-body"]', "\n\n".join(PARAGRAPHS)),
        ('body = [".article-body"]\ndrop = [".article-body p:first-child"]', "\n\n".join(PARAGRAPHS[1:])),
        ('body = [".article-body"]\ndrop = [".article-body"]', ""),
        ('body = ["figure"]', ""),
        ('drop = ["html"]', ""),
        ('boilerplate = ["million euros"]', "\n\n".join((*PARAGRAPHS[:2], PARAGRAPHS[3]))),
    ],
)
def test_a_sources_rules_say_where_the_body_is_and_what_is_none_of_it(rules: str, text: str) -> None:
    file = f'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n[rules]\n{rules}\n'
    figure = '<figure><img src="/a.jpg"><figcaption>The bridge</figcaption></figure>'
    html = page(article=figure)
    assert extract(html, URL, sources=Registry({"daily.toml": file})).body_text == text


PRICES = (("22 carat", "9,100"), ("24 carat", "9,900"), ("18 carat", "7,000"), ("Silver, a kilo", "1,100"))


@pytest.mark.parametrize(
    ("row", "around", "text"),
    [
        ("<p>{}: {}</p>", "<div class=entry-content>{}</div>", "{}: {}"),
        ("<div>{}: {}</div>", "<article>{}</article>", "{}: {}"),
        ("<li>{}: {}</li>", "<article><ul>{}</ul></article>", "{}: {}"),
        ("<tr><td>{}</td><td>{}</td></tr>", "<article><table>{}</table></article>", "{} | {}"),
    ],
)
def test_an_article_without_sentences_consists_of_its_lines(row: str, around: str, text: str) -> None:
    body = around.format("".join(row.format(*price) for price in PRICES))
    title = "Gold price in the city of Aldham today"
    head = f"<head><title>{title} | Post</title><meta property=og:type content=article></head>"
    others = "".join(f"<h3><a href=/{n}>Another story about the council and its bridge {n}</a></h3>" for n in range(6))
    article = extract(f"{head}<header><h1>{title}</h1></header>{body}<div>{others}</div>".encode(), URL)
    assert article.extraction.not_article is None
    assert list(filter(None, article.body_text.split("\n"))) == [text.format(*price) for price in PRICES]


def test_the_only_paragraph_below_a_photo_is_the_text_even_if_it_ends_with_a_credit() -> None:
    text = "Volunteers cleared the bank of the river on Monday before the first boats came. Photo: Rahman"
    photo = '<div><img src="/a.jpg" width="600"></div>'
    html = (
        page(paragraphs=()).decode().replace('<div class="article-body">', f'<div class="article-body">{photo}{text}')
    )
    assert extract(html.encode(), URL).body_text == text


TEASERS = "".join(f"<div><p>{PARAGRAPHS[0]} Number {n}.</p><p>{PARAGRAPHS[1]}</p></div>" for n in range(9))


def test_long_texts_beside_an_article_do_not_make_its_wrapper_a_side_column() -> None:
    html = page().decode().replace("<main>", '<main><div class="sidebar">')
    html = html.replace("</main>", f"</div></main><div class=list>{TEASERS}</div>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_a_badly_named_box_with_all_paragraphs_of_the_text_is_the_text() -> None:
    html = page(title="A day to celebrate in Aldham").decode()
    html = html.replace('<div class="article-body">', '<div class="article-body"><div class="widgets">')
    html = html.replace("</main>", f"</main><section class=comments>{TEASERS}</section>")
    assert extract(html.replace("</article>", "</div></article>").encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "markup",
    [
        "<pre><code class=language-go>{}</code></pre>",
        "<pre class=language-go><code class=language-go>{}</code></pre>",
        "<div class=code-toolbar><pre class='line-numbers'><code class=language-go>{}</code></pre></div>",
        "<pre><code><span class='hljs-comment'>{}</span></code></pre>",
    ],
)
def test_the_class_of_code_does_not_say_what_a_box_is(markup: str) -> None:
    assert blocks(markup.format("// opens the bridge\nbridge.Open()")) == [
        Block(kind="code", text="// opens the bridge\nbridge.Open()")
    ]


def test_code_within_a_sentence_stays() -> None:
    (block,) = blocks("<p>Call <code class=language-go>bridge.Open()</code> to open the bridge.</p>")
    assert block.text == "Call bridge.Open() to open the bridge."


def test_a_line_break_in_preformatted_text_ends_a_line() -> None:
    assert blocks("<pre>import bridge<br><br>bridge.open()</pre>") == [
        Block(kind="code", text="import bridge\n\nbridge.open()")
    ]


def test_a_figure_with_a_quotation_and_a_portrait_is_no_picture() -> None:
    portrait = '<img src="/a.jpg" width="90">'
    markup = f"<figure><div>{portrait}</div><blockquote><p>{LONG}</p></blockquote></figure>"
    assert Block(kind="quote", text=LONG) in blocks(markup)


def test_an_article_in_a_table_is_read_though_a_notice_follows_it() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    notice = "<p>The newspaper is registered with the river authority, and its editors answer for it.</p>"
    notice += "<p>Readers' letters are published as they come, and the newspaper does not answer for them.</p>"
    notice += "<p>Those who copy a text of the newspaper must name it and must not change anything in the text.</p>"
    table = f"<table><tr><td>Menu</td><td><h1>Old bridge opens again</h1><div>{text}</div></td></tr></table>"
    html = f"<title>Old bridge opens again</title><body><div>{table}<div>{notice}</div></div></body>"
    assert "\n\n".join(PARAGRAPHS) in extract(html.encode(), URL).body_text


@pytest.mark.parametrize(
    "cells",
    [
        "<td><a href=/print>Print</a><td><a href=/mail>Email</a><td><a href=/post>Tweet</a>",
        "<td>Topics:<td><a href=/ferry>ferry across the river</a><td><a href=/quay>quay</a>",
        "<td><img src=/arrow.gif><td>Read more: Another bridge opens in the north",
    ],
)
def test_a_row_of_links_is_no_table(cells: str) -> None:
    assert [block for block in blocks(f"<table><tr>{cells}</table>") if block.kind == "table"] == []


def test_rows_that_lead_to_pages_about_what_they_name_are_a_table() -> None:
    rows = (("Aldham Bridges and Quays", "7 m"), ("Lindmark Harbour Works", "9 m"))
    markup = "".join(f"<tr><td><a href=/{worth}>{name}</a><td>{worth}" for name, worth in rows)
    (block,) = blocks(f"<table>{markup}</table>")
    assert (block.kind, block.rows) == ("table", rows)


def test_a_row_with_a_link_in_its_text_is_a_table() -> None:
    (block,) = blocks("<table><tr><td>Length of the whole bridge<td>400 m (<a href=/plan>plan</a>)</table>")
    assert block.rows == (("Length of the whole bridge", "400 m (plan)"),)


def test_comments_that_are_nearly_all_of_the_page_do_not_take_the_place_of_a_short_article() -> None:
    comments = "".join(f"<div><p>{number} {LONG} {LONG}</p></div>" for number in range(20))
    html = page(paragraphs=PARAGRAPHS[:1]).decode().replace("<main><article><h1>", "<main><article><h2>")
    html = html.replace("</h1>", "</h2>").replace("</article>", f'<div id="comments">{comments}</div></article>')
    assert extract(html.encode(), URL).body_text == PARAGRAPHS[0]


def test_what_follows_a_line_that_ends_the_article_may_be_longer_than_the_article() -> None:
    behind = f"<h3>Comments</h3><div><p>{LONG}</p><div><p>{LONG} {PARAGRAPHS[3]}</p></div></div>"
    assert body_of(behind, paragraphs=PARAGRAPHS[:2]) == list(PARAGRAPHS[:2])


def cards(count: int) -> str:
    """Return a list of teasers, each with a linked heading."""
    items = (
        f'<li><h3><a href="/{number}">The ferry number {number} sails again</a></h3><p>{number} {LONG[:120]}.</p></li>'
        for number in range(count)
    )
    return f'<div class="x"><h2>Stories of the day</h2><ul>{"".join(items)}</ul></div>'


def test_a_list_of_teasers_behind_the_text_is_none_of_it() -> None:
    found = body_of(cards(2))
    assert not any("ferry" in text or LONG[:60] in text for text in found)


def test_a_list_with_linked_headings_that_is_longer_than_the_text_is_the_text() -> None:
    found = "\n".join(body_of(cards(30), paragraphs=PARAGRAPHS[:1]))
    assert all(f"The ferry number {number} sails again" in found for number in range(30))


def story(title: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    """Return an article as sites append it below another one."""
    texts = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f'<div class="story-box"><h1 class="headline big">{title}</h1>{byline}<div class="text">{texts}</div></div>'


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">By Ann Lee</p>',
        "<time>2026-05-04</time>",
        '<div class="meta"><span class="date">4 May</span></div>',
    ],
)
def test_articles_that_a_site_appends_below_the_page_s_own_are_none_of_it(byline: str) -> None:
    long = tuple(f"{number} {LONG} {LONG}" for number in range(12))
    html = page().decode().replace("<h1>", '<h1 class="headline">')
    html = html.replace("</article>", story("Ferry sails again after the strike", byline, long) + "</article>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_a_first_level_heading_within_the_text_begins_no_other_article() -> None:
    html = page(title="Old bridge opens again", article='<p class="byline">By Ann Lee</p>').decode()
    html = html.replace("<h1>", '<h1 class="headline">').replace(
        f"<p>{PARAGRAPHS[3]}", f'<h1 class="headline">What the council plans after this</h1><p>{PARAGRAPHS[3]}'
    )
    assert extract(html.encode(), URL).body_text.endswith(PARAGRAPHS[3])


@pytest.mark.parametrize("name", ["contact-box", "contactHoverBox", "blog-cta", "page_bottom"])
def test_contacts_and_requests_behind_the_text_are_none_of_it(name: str) -> None:
    lines = "".join(f"<tr><td>Letters to desk {number} are read by an editor.</td></tr>" for number in range(4))
    box = f'<div class="{name}"><h4>Write to us</h4><table>{lines}</table></div>'
    html = page().decode().replace("</p></div></article>", f"</p>{box}</div></article>")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


SUBTITLE = "The council paid a third more than planned, and drivers took a detour for two years"


def test_a_summary_in_a_heading_that_the_page_also_gives_as_a_title_is_read() -> None:
    html = page(
        head=f'<meta property="og:title" content="{SUBTITLE}">', article=f'<h2 class="post-subtitle">{SUBTITLE}</h2>'
    )
    assert extract(html, URL).body_text == "\n\n".join((SUBTITLE, *PARAGRAPHS))


def test_a_first_paragraph_below_a_photo_is_no_caption_if_it_is_directly_in_the_box_around_the_others() -> None:
    first = "On the morning of the opening some hundred people waited at both ends of the bridge for the mayor."
    items = "".join(
        f'<li><h4>Arch {at}</h4><div class="about"><p>{text} {at}.</p></div></li>'
        for at, text in enumerate(PARAGRAPHS * 4)
    )
    html = page(paragraphs=()).decode()
    text = f'<img src="/a.jpg" width="900"><p>{first}</p><ul class="arches">{items}</ul>'
    html = html.replace('<div class="article-body">', f'<div class="article-body">{text}')
    assert extract(html.encode(), URL).body_text.startswith(first)


def test_a_long_first_paragraph_below_a_photo_is_text_though_it_names_a_photographer() -> None:
    first = f"On Monday people waited at both ends of the bridge, {LONG}, {LONG}, {LONG}, {LONG} (Photo: Rahman)"
    html = page(paragraphs=(first, *PARAGRAPHS)).decode()
    html = html.replace('<div class="article-body">', '<div class="article-body"><img src="/a.jpg" width="900">')
    assert extract(html.encode(), URL).body_text == "\n\n".join((first, *PARAGRAPHS))


def test_a_table_at_the_end_in_a_box_of_its_own_belongs_to_the_text() -> None:
    rows = "<tr><th>Arch</th><th>Year</th></tr><tr><td>First</td><td>1911</td></tr><tr><td>Last</td><td>2026</td></tr>"
    table = f'<h2>The arches</h2><div class="table-wrap"><div><table>{rows}</table></div></div>'
    html = page().decode().replace("</p></div></article>", f"</p>{table}</div></article>")
    kinds = [block.kind for block in extract(html.encode(), URL).body]
    assert kinds == [*["paragraph"] * 4, "heading", "table"]


def test_lines_among_the_paragraphs_may_be_mostly_links() -> None:
    line = '<p>Mina Rahman, <a href="/books/1">The river and its nine arches</a></p>'
    html = page().decode().replace(f"<p>{PARAGRAPHS[2]}", f"{line}<p>{PARAGRAPHS[2]}")
    assert "The river and its nine arches" in extract(html.encode(), URL).body_text


def test_lines_among_the_paragraphs_that_lead_to_other_articles_are_left_out() -> None:
    line = '<p>Compare: <a href="/city/77">Council of the town votes against another bridge</a></p>'
    html = page().decode().replace(f"<p>{PARAGRAPHS[2]}", f"{line}<p>{PARAGRAPHS[2]}")
    assert extract(html.encode(), URL).body_text == "\n\n".join(PARAGRAPHS)


def test_headings_that_are_links_stay_if_an_image_and_a_paragraph_follow_each() -> None:
    parts = "".join(
        f'<h3><a href="/{number}">Way number {number}</a></h3><div class="pic"><img src="/{number}.jpg"></div>'
        f"<p>{LONG} {number}</p>"
        for number in range(4)
    )
    html = page(paragraphs=()).decode().replace('<div class="article-body">', f'<div class="article-body">{parts}')
    kinds = [block.kind for block in extract(html.encode(), URL).body]
    assert kinds == ["heading", "image", "paragraph"] * 4


@pytest.mark.parametrize("name", ["Mina", "Mina Rahman"])
def test_what_the_page_says_of_its_author_below_the_headline_is_no_part_of_the_text(name: str) -> None:
    portrait = (
        f"<div class='about'>{name} is a writer from the coast. She studied bridges and the law in two towns.</div>"
    )
    assert body_of("", article=f'<p class="byline">By Mina Rahman</p>{portrait}') == list(PARAGRAPHS)


def test_a_first_paragraph_that_begins_like_the_name_of_an_organization_is_read() -> None:
    first = "The bridge is open, and the ferry that took its place for two years made its last voyage on Sunday night."
    assert body_of("", article=f'<p class="byline">By The Daily Test</p><p>{first}</p>') == [first, *PARAGRAPHS]
