"""The body: which element holds it, and its blocks in order."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from khobor.article import Block, Link, Video
from khobor.extract.blocks import BlockReader
from khobor.extract.document import Document
from khobor.extract.outside import Outside, upwards
from khobor.extract.text import clean, comparable
from khobor.sources.source import Rules

_PARAGRAPHS = frozenset({"p", "pre", "blockquote", "li", "h2", "h3"})
_CONTAINERS = frozenset({"div", "td", "section", "article", "span", "body", "main"})
# Shorter texts are labels.
_SHORTEST_PARAGRAPH = 25
# Items of a list are menus and teasers unless they are as long as paragraphs.
_SHORTEST_ITEM = 80
# What a parent adds to a container must be worth leaving it.
_WORTH_CLIMBING = 1.1
# A paragraph speaks for its parent and, less and less, for these ancestors.
_SCORED_ANCESTORS = 3


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


def find_body(document: Document, rules: Rules, title: str | None) -> Body:
    """Return the body of a page: where the source's rules say, else where the text is densest.

    Args:
        document: The page.
        rules: The source's rules.
        title: The headline, which is no part of the body when it stands there again.
    """
    ruled = next((element for css in rules.body for element in document.select(css) if _has_text(element)), None)
    is_outside = Outside(document.root)
    element = densest(document.root, is_outside) if ruled is None else ruled
    if element is None:
        return Body()
    dropped = {part for css in rules.drop for part in document.select(css)}
    reader = BlockReader(document, dropped, rules.boilerplate, title, is_outside)
    blocks = reader.read(element)
    return Body(element, ruled is not None, tuple(blocks), tuple(reader.links), tuple(reader.videos))


def densest(root: HtmlElement, is_outside: Outside) -> HtmlElement | None:
    """Return the element that holds most of the page's paragraphs and little else."""
    scores: dict[HtmlElement, float] = defaultdict(float)
    totals: dict[HtmlElement, float] = defaultdict(float)
    for element, weight in _paragraphs(root, is_outside):
        parent = element if element.tag in _CONTAINERS else element.getparent()
        for distance, ancestor in enumerate(upwards(parent)):
            totals[ancestor] += weight
            if distance < _SCORED_ANCESTORS:
                scores[ancestor] += weight / (1 + distance)
    best = max(scores, key=lambda element: scores[element], default=None)
    return _climbed(best, totals) if best is not None else None


def _climbed(best: HtmlElement, totals: dict[HtmlElement, float]) -> HtmlElement:
    for ancestor in upwards(best.getparent()):
        if best.tag in {"article", "main"} or ancestor.tag in {"body", "html"}:
            break
        if totals[ancestor] > _WORTH_CLIMBING * totals[best]:
            best = ancestor
    return best


def _paragraphs(root: HtmlElement, is_outside: Outside) -> Iterator[tuple[HtmlElement, float]]:
    """Yield elements with text of their own and what the text weighs, outside of navigation and the like."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        tag = element.tag
        if is_outside(element) or tag in {"aside", "header", "figure"}:
            walker.skip_subtree()
            continue
        if tag in _PARAGRAPHS:
            weight = _weight(clean("".join(element.itertext())), _linked(element))
            weight = weight if tag != "li" or weight >= _SHORTEST_ITEM else 0
            walker.skip_subtree()
        elif tag in _CONTAINERS:
            weight = _weight(clean("".join(_own_text(element))), 0)
        else:
            continue
        if weight > 0:
            yield element, weight


def _weight(text: str, linked: int) -> float:
    length = len(text)
    if length < _SHORTEST_PARAGRAPH:
        return 0
    return length - 2 * linked


def _linked(element: HtmlElement) -> int:
    return sum(len(clean("".join(link.itertext()))) for link in element.iter("a"))


def _own_text(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _has_text(element: HtmlElement) -> bool:
    return bool(comparable("".join(element.itertext())))
