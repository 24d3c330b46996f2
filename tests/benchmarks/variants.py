"""How much of a text is found if the markup around it changes, and what a reader sees of the article does not.

    make variants CORPUS=folder

Each page of a corpus whose text is known is read as it is, and in each variant: without classes, with other elements,
with a notice or comments that may be longer than the article. A variant is what another site would have sent. So the
loss shows where the extractor depends on the habits of the sites that it was made on.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from lxml import etree, html
from rich.console import Console
from rich.table import Table
from tests.benchmarks import corpus
from tests.benchmarks.corpus import CorpusError, Page
from tests.benchmarks.measures import f1, overlap

from khobor.extract import extract
from khobor.html.charset import to_utf8

# A page that loses more than this is counted.
_LOSS = 0.2
_SEED = 1
# The paragraphs of an article are longer than labels.
_SHORTEST_PARAGRAPH = 60
_NOTICE = (
    "We and our partners keep and read information on your device, such as cookies, to show you advertisements.",
    "With your permission we and our partners may learn where you are, and recognise your device by its features.",
    "You may refuse this, or choose otherwise at any time, by a link at the end of each of our pages.",
)
_COMMENT = "I do not agree with what is written here, and many whom I know do not agree either. It was not like that."
_TEASERS = (
    ("Festival opens with forty musicians", "Musicians from the whole region play in the park until late on Sunday."),
    ("Tomatoes like a wall against the wind", "They need sun for sixty days, rich soil and somebody who waters them."),
    ("Clinic treats more patients than ever", "Doctors gave the new vaccine to nine hundred people in one week."),
    ("Penguins cross the ice in a new film", "The film follows them over the ice and never loses its humour."),
)

output = Console(highlight=False, width=100)

Change = Callable[[html.HtmlElement], None]


class Loss(NamedTuple):
    """What a variant loses.

    Attributes:
        name: Of the variant.
        f1: The mean over all pages.
        lost: How many pages have an F1 that is smaller than that of the page as it is by more than _LOSS.
        refused: How many pages are refused.
    """

    name: str
    f1: float
    lost: int
    refused: int


def _body(root: html.HtmlElement) -> html.HtmlElement:
    body = root.find("body")
    return root if body is None else body


def _rename(tags: tuple[str, ...], other: str) -> Change:
    def change(root: html.HtmlElement) -> None:
        for element in list(root.iter(*tags)):
            element.tag = other

    return change


def _within(outer: str) -> Change:
    """Put all of a page into an element, given with the elements within it, the innermost of which takes the page."""

    def change(root: html.HtmlElement) -> None:
        body, around = _body(root), html.fragment_fromstring(outer)
        inner = around
        while len(inner):
            inner = inner[0]
        inner.text, body.text = body.text, None
        inner.extend(list(body))
        body.append(around)

    return change


def _before(markup: str) -> Change:
    return lambda root: _body(root).insert(0, html.fragment_fromstring(markup))


def _behind(markup: str) -> Change:
    return lambda root: _body(root).append(html.fragment_fromstring(markup))


def without_names(root: html.HtmlElement) -> None:
    """Remove each class and id."""
    for element in root.iter(etree.Element):
        element.attrib.pop("class", None)
        element.attrib.pop("id", None)


def without_metadata(root: html.HtmlElement) -> None:
    """Remove scripts, with all JSON-LD, and meta elements."""
    for element in list(root.iter("script", "meta")):
        element.drop_tree()


def in_lines(root: html.HtmlElement) -> None:
    """Separate paragraphs by two line breaks, in place of elements."""
    for element in list(root.iter("p")):
        around = element.getparent()
        if around is not None:
            element.tag = "span"
            first, second = etree.Element("br"), etree.Element("br")
            second.tail, element.tail = element.tail, None
            element.addnext(first)
            first.addnext(second)


def in_tables(root: html.HtmlElement) -> None:
    """Put each paragraph into a table of its own, as newsletters do."""
    for element in list(root.iter("p")):
        around = element.getparent()
        if around is not None:
            table = html.fragment_fromstring("<table><tr><td></td></tr></table>")
            table.tail, element.tail = element.tail, None
            around.replace(element, table)
            table[0][0].append(element)


def with_adverts(root: html.HtmlElement) -> None:
    """Put an advertisement before every second paragraph."""
    for element in [each for each in root.iter("p") if len(each.text_content()) > _SHORTEST_PARAGRAPH][1::2]:
        element.addprevious(html.fragment_fromstring('<div class="x1"><span>Advertisement</span></div>'))


def _notice(name: str) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in _NOTICE * 3)
    return f'<div class="{name}"><h2>We value your privacy</h2>{paragraphs}<button>Accept</button></div>'


def _comments() -> str:
    comments = "".join(f"<div class='x2'><b>Reader {number}</b><p>{_COMMENT * 2}</p></div>" for number in range(12))
    return f"<div class='x1'><h3>12 comments</h3>{comments}</div>"


def _teasers() -> str:
    cards = (
        f'<div class="x2"><h3><a href="/other/{number}">{title}</a></h3><p>{text} {text}</p></div>'
        for number, (title, text) in enumerate(_TEASERS)
    )
    return f'<div class="x1">{"".join(cards)}</div>'


VARIANTS: dict[str, Change] = {
    "no classes": without_names,
    "no metadata": without_metadata,
    "divs in place of article, main, header": _rename(("article", "main", "section", "header", "aside", "nav"), "div"),
    "divs in place of paragraphs": _rename(("p",), "div"),
    "list items in place of paragraphs": _rename(("p",), "li"),
    "elements that HTML does not know": _rename(("div",), "x-block"),
    "no first-level heading": _rename(("h1",), "div"),
    "lines in place of paragraphs": in_lines,
    "each paragraph in a table": in_tables,
    "all in a table": _within("<table><tr><td></td></tr></table>"),
    "all in a form": _within('<form method="post" action="./page"><div></div></form>'),
    "all hidden until a script runs": _within('<div id="app" style="display:none"></div>'),
    "adverts between paragraphs": with_adverts,
    "a notice before the headline": _before(_notice("x1")),
    "a notice named so behind the text": _behind(_notice("cookie-consent")),
    "teasers before the headline": _before(_teasers()),
    "comments behind the text": _behind(_comments()),
}


def losses(pages: list[tuple[Page, bytes]]) -> Iterator[Loss]:
    """Yield what each variant loses, beginning with the pages as they are.

    Args:
        pages: Pages with a known text, and their bytes.
    """
    found = [_read(page, content) for page, content in pages]
    yield _loss("as they are", found, found)
    for name, change in VARIANTS.items():
        yield _loss(name, found, [_read(page, changed(content, change)) for page, content in pages])


def changed(content: bytes, change: Change) -> bytes:
    """Return a page as lxml writes it after a change."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = html.document_fromstring(to_utf8(content, None), parser=parser)
    change(root)
    written: bytes = etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
    return written


def _read(page: Page, content: bytes) -> tuple[float, bool]:
    """Return the F1 of the text that is found on a page, and whether the page is refused."""
    article = extract(content, page.url)
    precision, recall = overlap(page.body, article.body_text)
    is_refused = article.extraction.not_article is not None
    return 0.0 if is_refused else f1(precision or 0.0, recall or 0.0), is_refused


def _loss(name: str, before: list[tuple[float, bool]], after: list[tuple[float, bool]]) -> Loss:
    lost = sum(one - other > _LOSS for (one, _), (other, _) in zip(before, after, strict=True))
    mean = sum(score for score, _ in after) / len(after)
    return Loss(name, mean, lost, sum(is_refused for _, is_refused in after))


def chosen(folder: Path, most: int) -> list[tuple[Page, bytes]]:
    """Return pages of each set of a corpus whose text is known, with their bytes.

    Args:
        folder: The corpus.
        most: At most so many of each set, the same in each run.
    """
    pages = []
    for name, known in corpus.load(folder).items():
        texts = [page for page in known if page.body]
        random.Random(_SEED).shuffle(texts)
        pages += [(page, corpus.html(folder / name, page.id)) for page in texts[:most]]
    return pages


def main(
    folder: Annotated[Path, typer.Argument(metavar="CORPUS", help="Folder of the sets of pages.")],
    pages: Annotated[int, typer.Option(min=1, help="At most so many pages of each set.")] = 40,
) -> None:
    """Read pages whose text is known in other markup, and print what each variant loses."""
    try:
        known = chosen(folder, pages)
    except CorpusError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from None
    table = Table("variant", "F1", f"pages that lose {_LOSS}", "refused", title=f"{len(known)} pages")
    for each in losses(known):
        table.add_row(each.name, f"{each.f1:.3f}", str(each.lost), str(each.refused))
    output.print(table)


if __name__ == "__main__":
    typer.run(main)
