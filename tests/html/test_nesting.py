import pytest

from khobor.html.nesting import closed, is_ignored
from khobor.html.tree import parse


@pytest.mark.parametrize("tag", ["button", "nav", "header", "footer", "aside", "figure", "section", "dialog"])
def test_an_end_tag_closes_what_was_left_open_within(tag: str) -> None:
    html = f"<body><{tag}><div><svg></svg><div></{tag}><main>Text</main></body>"
    root, problem = parse(html.encode())
    assert problem is None
    (main,) = root.iter("main")
    assert [element.tag for element in main.iterancestors()] == ["body", "html"]


@pytest.mark.parametrize(
    ("html", "mended"),
    [
        (
            b"<header><div><button><div></button></div></header>",
            b"<header><div><button><div></div></button></div></header>",
        ),
        (b"<NAV><DIV><ul><li>a</UL></NAV>", b"<NAV><DIV><ul><li>a</UL></div></NAV>"),
        (b"<nav><div><div><div></nav>", b"<nav><div><div><div></div></div></div></nav>"),
        (b"<ul><li><div>a</li><li>b</li></ul>", b"<ul><li><div>a</div></li><li>b</li></ul>"),
    ],
)
def test_the_missing_end_tags_are_added(html: bytes, mended: bytes) -> None:
    assert closed(html) == mended


@pytest.mark.parametrize(
    "html",
    [
        b"<nav><div></div></nav><p>Text</p>",
        # An end tag without a start tag, and one that does not reach out of a table cell.
        b"<div></nav>Text</div>",
        b"<nav><table><tr><td><div></nav>Text</div></td></tr></table></nav>",
        b"<ul><li><ul><div></li></div></ul></li></ul>",
        # Text that is not markup.
        b"<nav><script>'<div>'</script></nav><!-- <nav><div> --></nav><style><div></style>",
        b"<nav title='<div>'><div/></nav>",
        b"<nav",
        b"",
    ],
)
def test_a_page_without_such_tags_stays_as_it_is(html: bytes) -> None:
    assert closed(html) == html


def test_a_message_about_another_element_does_not_matter() -> None:
    assert not is_ignored("Opening and ending tag mismatch: span and div")
    assert not is_ignored("Tag svg invalid")
