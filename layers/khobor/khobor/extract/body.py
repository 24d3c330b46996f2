"""The body: which box holds it, and its blocks in order."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from khobor.article import Block, Link, Video
from khobor.extract.blocks import BlockReader
from khobor.extract.container import find_container
from khobor.extract.document import Document
from khobor.extract.layout import Box, Layout, Piece, read_layout
from khobor.extract.lead import find_lead
from khobor.extract.pieces import article_pieces, is_prose, witnessed
from khobor.extract.text import clean, comparable, text_of
from khobor.sources.source import Rules


@dataclass(frozen=True)
class Body:
    """The body of a page.

    Attributes:
        element: What holds it; None where nothing does.
        by_rule: Whether a source's rule named the element.
        blocks: In order.
        links: Out of it, with their texts.
        videos: Within it.
    """

    element: HtmlElement | None = None
    by_rule: bool = False
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    videos: tuple[Video, ...] = ()

    @property
    def place(self) -> str:
        """The element's tag with its id or class, as evidence."""
        if self.element is None:
            return ""
        name = self.element.get("id") or self.element.get("class") or ""
        return clean(f"{self.element.tag} {name}")

    @property
    def texts(self) -> list[str]:
        """The texts of its blocks; images and embeds are left out."""
        return [block.text for block in self.blocks if block.text and block.kind not in {"image", "embed"}]

    @property
    def text(self) -> str:
        """The texts, parted by one empty line."""
        return "\n\n".join(self.texts)

    @property
    def text_length(self) -> int:
        """Characters of its paragraphs."""
        return sum(len(block.text) for block in self.blocks if block.kind in {"paragraph", "quote", "list"})


def find_body(document: Document, rules: Rules, titles: frozenset[str], authors: tuple[str, ...]) -> Body:
    """Return the body of a page: where the source's rules say, else where the text is densest.

    Args:
        document: The page.
        rules: The source's rules.
        titles: Its titles as ``comparable`` gives them, which are no part of the body when they stand there again.
        authors: The names of its authors, in the same form.
    """
    dropped = {part for css in rules.drop for part in document.select(css)}
    ruled = next((element for css in rules.body for element in document.select(css) if text_of(element)), None)
    layout = document.layout if ruled is None and not dropped else read_layout(ruled or document.root, dropped)
    container = find_container(layout, titles)
    if ruled is not None and container:
        container = layout.boxes[0]
    if container is None:
        return Body()
    pieces = _without(article_pieces(layout, container, titles, authors), rules.boilerplate)
    if ruled is None:
        pieces = _with_lead(document, layout, container, witnessed(pieces, document.witness), titles)
    reader = BlockReader(document, container)
    reader.read(pieces)
    return Body(container.element, ruled is not None, tuple(reader.blocks), tuple(reader.links), tuple(reader.videos))


def _without(pieces: list[Piece], boilerplate: tuple[str, ...]) -> list[Piece]:
    words = tuple(map(comparable, boilerplate))
    return [piece for piece in pieces if not any(said in comparable(piece.text) for said in words)] if words else pieces


def _with_lead(
    document: Document, layout: Layout, container: Box, pieces: list[Piece], titles: frozenset[str]
) -> list[Piece]:
    sentences = {id(piece) for piece in pieces if is_prose(piece)}
    first = next(
        (at for at in range(container.start, container.end) if id(layout.pieces[at]) in sentences), container.start
    )
    return find_lead(layout, first, document.descriptions, titles) + pieces
