import pytest
from tests.pages import PARAGRAPHS, page

from khobor.article import Block
from khobor.extract import extract

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
        ("<div>One <b>bold</b> <i>word</i>.</div>", Block(kind="paragraph", text="One bold word.")),
    ],
)
def test_block(markup: str, block: Block) -> None:
    assert blocks(markup) == [block]


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
