import pytest
from lxml import html

from khobor.extract.class_names import BYLINE, DATE, TAGS
from khobor.extract.layout import BREAK, Layout, Piece
from khobor.extract.layout_reader import read_layout


def layout(markup: str) -> Layout:
    return read_layout(html.document_fromstring(f"<html><body>{markup}</body></html>"))


def pieces(markup: str) -> list[Piece]:
    return layout(markup).pieces


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>One <b>bold</b> <i>word</i>.</p><p>Two</p>", ["One bold word.", "Two"]),
        ("<div>Loose<p>Paragraph</p>behind</div>", ["Loose", "Paragraph", "behind"]),
        ("<p>Line<br>break</p>", [f"Line{BREAK}break"]),
        ("<div>One<br><br>Two<br>\n<br/>Three</div>", ["One", "Two", "Three"]),
        ("<div><br><br>One<br></div>", ["One"]),
        ("<p>Before <script>x()</script>after</p>", ["Before after"]),
        ("<p>A <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> B</p>", ["A 漢 B"]),
        ("<nav>Menu</nav><p>Text</p><footer>Imprint</footer>", ["Text"]),
        ('<p>Before <span class="ad">advert</span>after</p>', ["Before after"]),
        ('<div class="share-bar"><a>Share</a></div><p>Text</p>', ["Text"]),
        ('<div class="social"><p>A paragraph</p></div>', ["A paragraph"]),
        ("<p> \n </p><p>\u00ad\u200b</p>", []),
        ("<p>A <ruby><rb>漢</rb><rt>kan</rt></ruby> B <nobr>1 m</nobr> <o:p>C</o:p> <x>D</x></p>", ["A 漢 B 1 m C D"]),
        ("<p>One</p><story-text>Two</story-text><p>Three</p>", ["One", "Two", "Three"]),
        ("<p>One <story-term>two</story-term> three</p>", ["One two three"]),
        ("<content><p>One</p><p>Two</p></content>", ["One", "Two"]),
        ("<nav><main><p>Text</p></main></nav>", ["Text"]),
        ("<button>Menu<article><h1>Headline</h1></article></button>", ["Menu", "Headline"]),
        ("<figure><img src='a'><article><p>Text</p></article></figure>", ["Text"]),
        ("<figure><img src='a'><p>A</p><p>B</p><p>C</p><p>D</p></figure>", ["A", "B", "C", "D"]),
        ("<div><template shadowrootmode='open'><p>Text</p></template></div>", ["Text"]),
        ("<template><p>Text</p></template><noscript><p>Text</p></noscript>", []),
    ],
)
def test_pieces_are_what_stands_between_boxes(markup: str, texts: list[str]) -> None:
    assert [piece.text for piece in pieces(markup) if piece.text] == texts


@pytest.mark.parametrize(
    ("markup", "linked"),
    [
        ("<p>Read <a>all of it</a> now</p>", [9]),
        ("<a><h3>Headline</h3><p>Teaser</p></a>", [8, 6]),
        ("<p><a>Link</a></p><p>None</p>", [4, 0]),
    ],
)
def test_what_is_linked_is_counted_also_in_boxes_within_a_link(markup: str, linked: list[int]) -> None:
    assert [piece.linked for piece in pieces(markup)] == linked


def test_images_and_embeds_are_pieces_of_their_own() -> None:
    found = pieces('<figure><img src="a"><figcaption>Caption</figcaption></figure><p>Text<img src="b"></p><iframe>')
    assert [(piece.text, piece.media.tag if piece.media is not None else None) for piece in found] == [
        ("", "figure"),
        ("Text", None),
        ("", "img"),
        ("", "iframe"),
    ]


def test_a_box_is_one_run_of_pieces() -> None:
    found = layout("<section><p>One</p><div><p>Two</p></div></section><p>Three</p>")
    (section,) = (box for box in found.boxes if box.tag == "section")
    assert [piece.text for piece in found.pieces[section.start : section.end]] == ["One", "Two"]


def test_elements_named_for_a_field_are_told() -> None:
    found = layout('<p class="byline">By A</p><time>noon</time><a rel="tag">Floods</a>')
    assert [(named.element.tag, named.meaning & (BYLINE | DATE | TAGS)) for named in found.named] == [
        ("p", BYLINE),
        ("time", DATE),
        ("a", TAGS),
    ]


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>One</p><div id='x'><p>Two</p></div>behind", ["One", "behind"]),
        ("<p>One <span id='x'>two</span> three</p>", ["One three"]),
        ("<p>One <a id='x'>two</a> three</p>", ["One three"]),
        ("<p>One</p><img id='x'><p>Two</p>", ["One", "Two"]),
    ],
)
def test_dropped_elements_are_left_out_with_all_in_them(markup: str, texts: list[str]) -> None:
    root = html.document_fromstring(f"<body>{markup}</body>")
    dropped = {element for element in root.iter() if element.get("id") == "x"}
    assert [piece.text for piece in read_layout(root, dropped).pieces] == texts


def test_the_text_of_a_link_is_on_one_line() -> None:
    (link,) = layout("<p><a href='/a'>Town votes<br>to rebuild</a></p>").links
    assert link[1] == "Town votes to rebuild"


def test_what_a_style_puts_on_a_line_of_its_own_is_a_piece_of_its_own() -> None:
    markup = "<p><span style='display: block'>Town</span><span style='display:block'>votes</span>now</p>"
    assert [piece.text for piece in pieces(markup)] == ["Town", "votes", "now"]
