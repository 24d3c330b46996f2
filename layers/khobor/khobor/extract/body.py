"""The body: which box holds it, and its blocks in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from khobor.article import Block, Link, Video
from khobor.extract import json_ld
from khobor.extract.blocks import BlockReader
from khobor.extract.container import find_container
from khobor.extract.document import Document
from khobor.extract.layout import Box, Layout, Piece, read_layout
from khobor.extract.lead import find_headline, find_lead
from khobor.extract.pieces import article_pieces, confirmed_by
from khobor.extract.script_data import article_lines
from khobor.extract.text import clean, comparable, text_of
from khobor.html.markup import without_markup
from khobor.sources.source import Rules

# Where a page shows less, its scripts may hold the text.
_SHORTEST = 200
# What JSON-LD gives as the article's text is taken where the page shows less than this part of it.
_FEWEST_TIMES = 4


class Place(NamedTuple):
    """Where the body is.

    Attributes:
        layout: The layout that it is in.
        container: The box that holds it; None where nothing does.
        around: The box of the page's own layout that it is in, or begins with.
        by_rule: Whether a source's rule named it.
    """

    layout: Layout
    container: Box | None
    around: Box | None
    by_rule: bool


@dataclass(frozen=True)
class Body:
    """The body of a page.

    Attributes:
        element: What holds it; None where nothing does.
        by_rule: Whether a source's rule named the element.
        described: What holds it where no element does: JSON-LD, or a script.
        blocks: In order.
        links: Out of it, with their texts.
        videos: Within it.
    """

    element: etree._Element | None = None
    by_rule: bool = False
    described: Literal["json-ld", "script"] | None = None
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    videos: tuple[Video, ...] = ()

    @property
    def name(self) -> str:
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


def locate_body(document: Document, rules: Rules, titles: frozenset[str]) -> Place:
    """Return where the body of a page is: where the source's rules say, else where the text is densest.

    Args:
        document: The page.
        rules: The source's rules.
        titles: Its titles as ``comparable`` gives them.
    """
    dropped = {part for selector in rules.drop for part in document.select(selector)}
    ruled = next((found for selector in rules.body for found in document.select(selector) if text_of(found)), None)
    # What is outside of the article is known of the whole page, also where a rule tells what is inside.
    container = find_container(document.layout, titles)
    if ruled is None and not dropped:
        return Place(document.layout, container, container, by_rule=False)
    layout = read_layout(document.root if ruled is None else ruled, dropped)
    within = find_container(layout, titles)
    if ruled is None:
        return Place(layout, within, container, by_rule=False)
    around = next((box for box in document.layout.boxes if box.element is ruled), container)
    # A rule may name what holds no text, such as a picture, or what it drops.
    return Place(layout, next(iter(layout.boxes), None), around, by_rule=True)


def read_body(
    document: Document, place: Place, titles: frozenset[str], authors: tuple[str, ...], boilerplate: tuple[str, ...]
) -> Body:
    """Return the body that is at a place.

    Args:
        document: The page.
        place: Where it is.
        titles: The page's titles as ``comparable`` gives them, which are no part of it when they stand there again.
        authors: The names of its authors, in the same form.
        boilerplate: Words that only sentences hold which are no part of it.
    """
    body = _shown(document, place, titles, authors, boilerplate) if place.container else Body()
    # An app shell shows next to nothing until its scripts run, but the text came with the page.
    described = _described(document, boilerplate)
    if max(body.text_length, described.text_length) < _SHORTEST:
        described = _scripted(document, titles, boilerplate)
    return body if _FEWEST_TIMES * body.text_length >= described.text_length else described


def _described(document: Document, boilerplate: tuple[str, ...]) -> Body:
    """Return the body that the page's JSON-LD gives as text."""
    article = document.article
    said = "\n".join(json_ld.texts(article.get("articleBody") or article.get("text")))
    lines = filter(None, map(clean, without_markup(said).splitlines()))
    return Body(described="json-ld", blocks=_paragraphs(lines, boilerplate))


def _scripted(document: Document, titles: frozenset[str], boilerplate: tuple[str, ...]) -> Body:
    """Return the body that the page's scripts would show."""
    scripts = [script.text for script in document.elements("script") if script.text and not _is_json_ld(script)]
    return Body(described="script", blocks=_paragraphs(article_lines(scripts, titles), boilerplate))


def _is_json_ld(script: etree._Element) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _paragraphs(lines: Iterable[str], boilerplate: tuple[str, ...]) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=line) for line in lines if not _holds_one(line, boilerplate))


def _shown(
    document: Document, place: Place, titles: frozenset[str], authors: tuple[str, ...], boilerplate: tuple[str, ...]
) -> Body:
    layout, container, _, by_rule = place
    if container is None:
        return Body()
    pieces = _without(article_pieces(layout, container, titles, authors), boilerplate)
    if not by_rule:
        pieces = confirmed_by(pieces, document.article_body)
    beginning = _beginning(layout, container, pieces)
    headline = find_headline(layout, beginning, titles)
    if not by_rule and headline is not None:
        lead = find_lead(layout, headline, beginning, document.descriptions)
        pieces = lead + [piece for piece in pieces if piece not in lead]
    reader = BlockReader(document, container)
    reader.read(pieces)
    return Body(
        element=container.element,
        by_rule=by_rule,
        blocks=tuple(reader.blocks),
        links=tuple(reader.links),
        videos=tuple(reader.videos),
    )


def _beginning(layout: Layout, container: Box, pieces: list[Piece]) -> int:
    """Return where the first sentence of a body stands in the layout."""
    sentences = {id(piece) for piece in pieces if piece.is_prose}
    positions = range(container.start, container.end)
    return next((position for position in positions if id(layout.pieces[position]) in sentences), container.start)


def _without(pieces: list[Piece], boilerplate: tuple[str, ...]) -> list[Piece]:
    return [piece for piece in pieces if not _holds_one(piece.text, boilerplate)] if boilerplate else pieces


def _holds_one(text: str, boilerplate: tuple[str, ...]) -> bool:
    return bool(boilerplate) and any(map(comparable(text).__contains__, map(comparable, boilerplate)))
