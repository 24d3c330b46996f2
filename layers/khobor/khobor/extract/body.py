"""The body: which box contains it, and its blocks in order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from lxml import etree

from khobor.article import Block, Link, Video
from khobor.extract import json_ld
from khobor.extract.blocks import BlockReader
from khobor.extract.container import find_container, find_short_lines
from khobor.extract.document import Document
from khobor.extract.layout import Box, Layout, Piece
from khobor.extract.layout_reader import read_layout
from khobor.extract.lead import find_headline, find_lead, without_excerpt, without_portrait
from khobor.extract.pieces import article_pieces, confirmed_pieces
from khobor.extract.script_data import article_lines
from khobor.extract.second_look import (
    MOST_SHOWN,
    SHORTEST,
    TIMES_LONGER,
    Holder,
    held_in_attributes,
    held_layouts,
    second_look,
)
from khobor.extract.text import clean, comparable, text_of
from khobor.extract.topic import is_about
from khobor.html.markup import without_markup
from khobor.sources.source import Rules

# The text in JSON-LD is used if it is more than so many times as long as the text that the page shows; the second if
# the page shows a part of it.
_TIMES_LONGER = 4
_TIMES_LONGER_THAN_PART = 2.5
# So large a share of what is shown must be in it. Paragraphs are compared by their first characters.
_LEAST_SHOWN = 0.75
_KEY_LENGTH = 40


class BodyLocation(NamedTuple):
    """Where the body is.

    Attributes:
        layout: The layout that it is in.
        container: The box that contains it, None if there is none.
        page_box: The box of the whole page's layout that contains it or its beginning.
        by_rule: Whether a source's rule selected it.
        place: What usually hides it, such as ``noscript``; empty if the page shows it.
    """

    layout: Layout
    container: Box | None
    page_box: Box | None
    by_rule: bool
    place: str = ""


@dataclass(frozen=True)
class Body:
    """The body of a page.

    Attributes:
        element: The element that contains it, None if there is none.
        by_rule: Whether a source's rule selected the element.
        data_source: Where its text is from if not from an element: JSON-LD, a script with data, or what holds markup or
            data as text.
        place: What usually hides the element, such as ``noscript``; empty if the page shows it.
        blocks: In order.
        links: Its links with their texts.
        videos: Its videos.
    """

    element: etree._Element | None = None
    by_rule: bool = False
    data_source: Literal["json-ld", "script"] | Holder | None = None
    place: str = ""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    videos: tuple[Video, ...] = ()

    @property
    def name(self) -> str:
        """The element's tag with its id or class, and what usually hides it, for the evidence."""
        if self.element is None:
            return ""
        name = self.element.get("id") or self.element.get("class") or ""
        return clean(f"{self.element.tag} {name}") + (f" ({self.place})" if self.place else "")

    @cached_property
    def texts(self) -> list[str]:
        """The texts of its blocks without images and embeds."""
        return [block.text for block in self.blocks if block.text and block.kind not in {"image", "embed"}]

    @cached_property
    def text(self) -> str:
        """The texts, separated by empty lines."""
        return "\n\n".join(self.texts)

    @cached_property
    def text_length(self) -> int:
        """The number of characters in its paragraphs, quotes, lists and code."""
        return sum(len(block.text) for block in self.blocks if block.kind in {"paragraph", "quote", "list", "code"})


def locate_body(document: Document, rules: Rules, titles: frozenset[str]) -> BodyLocation:
    """Return where the body of a page is: what the source's rules select, else the box with the most text.

    Args:
        document: The page.
        rules: The source's rules.
        titles: Its titles as ``comparable`` returns them.
    """
    dropped = {part for selector in rules.drop for part in document.select(selector)}
    selected = (element for selector in rules.body for element in document.select(selector))
    body = next((element for element in selected if text_of(element)), None)
    # This marks boxes of the whole page as outside the article, even if a rule selects the body.
    container = find_container(document.layout, titles)
    if body is None and not dropped:
        if found := second_look(document, container, titles):
            document.layout = found.layout
            return BodyLocation(found.layout, found.container, found.container, by_rule=False, place=found.place)
        if document.is_declared_article and not _has_prose(document.layout, container):
            container = find_short_lines(document.layout, titles) or container
        return BodyLocation(document.layout, container, container, by_rule=False)
    layout = read_layout(document.root if body is None else body, dropped)
    within = find_container(layout, titles)
    if body is None:
        return BodyLocation(layout, within, container, by_rule=False)
    page_box = next((box for box in document.layout.boxes if box.element is body), container)
    # A rule may select an element without text, such as a picture, or one that is dropped.
    return BodyLocation(layout, next(iter(layout.boxes), None), page_box, by_rule=True)


def _has_prose(layout: Layout, container: Box | None) -> bool:
    inside = layout.pieces[container.start : container.end] if container else ()
    return any(piece.is_prose and not piece.box.is_outside for piece in inside)


def read_body(
    document: Document,
    location: BodyLocation,
    titles: frozenset[str],
    authors: tuple[str, ...],
    boilerplate: tuple[str, ...],
) -> Body:
    """Return the body of a page.

    Args:
        document: The page.
        location: Where the body is.
        titles: The page's titles as ``comparable`` returns them. Repetitions of them are left out.
        authors: The names of its authors in the same form. Their lines are left out.
        boilerplate: Phrases. Paragraphs that contain one of them are left out.
    """
    visible = _visible_body(document, location, titles, authors, boilerplate)
    # An app shell shows almost nothing until its scripts run, but the page contains the text as data.
    data = _body_from_json_ld(document, boilerplate)
    times = _TIMES_LONGER_THAN_PART if _is_part(visible, document.article_body) else _TIMES_LONGER
    body = visible if times * visible.text_length >= data.text_length else data
    if location.by_rule or body.text_length >= MOST_SHOWN:
        return body
    least = max(SHORTEST, TIMES_LONGER * body.text_length)
    readers = (_body_from_markup, _body_from_scripts, _body_from_attributes)
    others = (reader(document, titles, boilerplate) for reader in readers)
    return next((other for other in others if other.text_length >= least and _is_about(other, document, titles)), body)


def _is_part(body: Body, article_body: str) -> bool:
    """Whether most of a body is in the articleBody of JSON-LD, as ``comparable`` returns it."""
    if len(article_body) <= _TIMES_LONGER_THAN_PART * body.text_length:
        return False
    texts = [block.text for block in body.blocks if block.kind == "paragraph"]
    known = (text for text in texts if comparable(text[: 2 * _KEY_LENGTH])[:_KEY_LENGTH] in article_body)
    return sum(map(len, known)) >= _LEAST_SHOWN * sum(map(len, texts)) > 0


def _is_about(body: Body, document: Document, titles: frozenset[str]) -> bool:
    return is_about(body.text, titles, document.descriptions)


def _body_from_json_ld(document: Document, boilerplate: tuple[str, ...]) -> Body:
    """Return the body in the page's JSON-LD."""
    article = document.article
    own = article.get("articleBody") or article.get("text") or document.first_meta("articlebody")
    text = "\n".join(json_ld.texts(own))
    lines = filter(None, map(clean, without_markup(text).splitlines()))
    return Body(data_source="json-ld", blocks=_paragraphs(lines, boilerplate))


def _body_from_markup(document: Document, titles: frozenset[str], boilerplate: tuple[str, ...]) -> Body:
    """Return the body in markup that the page holds as text for its scripts."""
    for layout, place in held_layouts(document):
        if container := find_container(layout, titles):
            pieces = _without_boilerplate(article_pieces(layout, container, titles, ()), boilerplate)
            return _body_of(document, layout, container, pieces, Body(data_source=place))
    return Body()


def _body_from_scripts(document: Document, titles: frozenset[str], boilerplate: tuple[str, ...]) -> Body:
    """Return the body in the data of the page's scripts."""
    elements = document.elements("script")
    scripts = [script.text for script in elements if script.text and not json_ld.is_json_ld(script)]
    return Body(data_source="script", blocks=_paragraphs(article_lines(scripts, titles), boilerplate))


def _body_from_attributes(document: Document, titles: frozenset[str], boilerplate: tuple[str, ...]) -> Body:
    """Return the body in data that attributes hold for the components that scripts make of their elements."""
    data = [value for value in held_in_attributes(document) if not value.startswith("<")]
    return Body(data_source="attribute", blocks=_paragraphs(article_lines(data, titles), boilerplate))


def _paragraphs(lines: Iterable[str], boilerplate: tuple[str, ...]) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=line) for line in lines if not _contains_any(line, boilerplate))


def _visible_body(
    document: Document,
    location: BodyLocation,
    titles: frozenset[str],
    authors: tuple[str, ...],
    boilerplate: tuple[str, ...],
) -> Body:
    layout, container, _, by_rule, place = location
    if container is None:
        return Body()
    pieces = _without_boilerplate(article_pieces(layout, container, titles, authors), boilerplate)
    if not by_rule:
        pieces = confirmed_pieces(pieces, document.article_body)
    first = _first_sentence(layout, container, pieces)
    headline = find_headline(layout, first, titles)
    if not by_rule and headline is not None:
        lead = find_lead(layout, container, headline, first, document.descriptions)
        others = [piece for piece in pieces if piece not in lead]
        texts = {piece.text for piece in others}
        # A summary may be a copy of a paragraph.
        lead = [piece for piece in lead if piece.text not in texts]
        pieces = without_portrait(lead + others, authors)
    pieces = pieces if by_rule else without_excerpt(pieces)
    return _body_of(document, layout, container, pieces, Body(container.element, by_rule, place=place))


def _body_of(document: Document, layout: Layout, container: Box, pieces: list[Piece], body: Body) -> Body:
    """Return a body with the blocks, links and videos of pieces."""
    reader = BlockReader(document, layout, container)
    reader.read(pieces)
    return replace(body, blocks=tuple(reader.blocks), links=tuple(reader.links), videos=tuple(reader.videos))


def _first_sentence(layout: Layout, container: Box, pieces: list[Piece]) -> int:
    """Return the index of a body's first sentence in the layout."""
    sentences = {id(piece) for piece in pieces if piece.is_prose}
    positions = range(container.start, container.end)
    return next((position for position in positions if id(layout.pieces[position]) in sentences), container.start)


def _without_boilerplate(pieces: list[Piece], boilerplate: tuple[str, ...]) -> list[Piece]:
    return [piece for piece in pieces if not _contains_any(piece.text, boilerplate)] if boilerplate else pieces


def _contains_any(text: str, boilerplate: tuple[str, ...]) -> bool:
    return bool(boilerplate) and any(map(comparable(text).__contains__, map(comparable, boilerplate)))
