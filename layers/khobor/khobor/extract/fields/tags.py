"""Keywords and topics."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml import etree

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.class_names import TAGS, meaning
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.front_matter import FrontMatter
from khobor.extract.layout import Box, Layout, NamedElement, ancestors_or_self
from khobor.extract.text import clean, comparable, is_large, plain, text_of
from khobor.extract.vocabulary import beginnings_of, comparable_words
from khobor.sources.source import Rules

_Candidate = FieldCandidate[tuple[str, ...]]

# Meta elements for editors' tags; ``keywords`` are often for search engines.
_META = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags")
_KEYWORDS = "keywords"
_SEPARATOR = re.compile("[,;،、|]")
_MOST_CHARACTERS = 80
# The text of a link with more words is a headline.
_MOST_WORDS = 8
_MOST_TAGS = 40
_MOST_CATEGORIES = 100
# Two places have the same tags if they share this part of all their tags.
_SAME = 0.7
# Keywords that content management systems write for themselves.
_MACHINE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|^_|^[\w.-]+\.(?:com|org|net|de|uk|ca|fr)$|:\s*\d|^\w+:[A-Z]")
# A code of such a system, or an abbreviation such as NATO.
_CODE = re.compile(r"^[A-Z0-9_]{2,8}\d*$")
_PREFIX = re.compile(r"^(?:[A-Z][A-Za-z ]{2,25})\s*:\s+")
# The path of a tag in such a system: "topic/repairs".
_PATH = re.compile(r"^(?:[a-z][a-z_-]{1,40}/){1,5}(?=[^\s/])")
_MOST_MACHINE = 0.3
_MOST_CODES = 0.5
_HASH = "#"
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# The path of a page that lists the articles with a tag.
_TAG_PATH = re.compile(
    r"/(?:tags?|topics?|temas?|themen?|thema|etiquetas?|keywords?|schlagwort(?:e|er)?|sujets?|label)/[^/?#]",
    re.IGNORECASE,
)
# That of a page that lists the articles of a section, as such systems name it.
_CATEGORY_PATH = re.compile(
    r"/(?:category|categories|categor[ií]as?|cat[eé]gories?|kategorien?|kategori|rubrik|rubrique|rubrica)/",
    re.IGNORECASE,
)
# A line that consists of links, but for signs between them.
_LINKED = 0.8
_LONGEST_LABEL = 12
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# That of a label such as "Explore more on these topics".
_LONGEST_NAMED_LABEL = 40
# How far behind the text tags may stand.
_MOST_BEHIND = 40
# How many boxes around a link are considered.
_NEAR_BOXES = 6
# How many pieces of an element are searched for sentences.
_MOST_PIECES = 100


def candidates(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[_Candidate]:
    """Yield the tags by the source's rules, meta elements, JSON-LD, microdata and links that are marked as tags.

    The site's own name and the keywords of the content management system are left out.

    Args:
        document: The page.
        rules: The source's rules.
        front_matter: The page's front matter. Links before it belong to menus.
    """
    for origin, place, texts in _places(document, rules, front_matter):
        if texts and (tags := _tags(texts, document.site_names)):
            yield FieldCandidate.at(tags, origin, ", ".join(texts), place)


def listed(document: Document, categories: Sequence[str], sections: Iterable[str | None]) -> Iterator[_Candidate]:
    """Yield the categories that the entry of a feed states, without sections: feeds do not tell them from tags.

    Args:
        document: The page.
        categories: The categories.
        sections: The article's section and those above it; None stands for none.
    """
    no_tags = comparable_words("sections", "none") | set(map(comparable, filter(None, sections)))
    no_tags |= _linked_categories(document) if categories else set()
    if tags := _tags([each for each in categories if comparable(each) not in no_tags], document.site_names):
        yield FieldCandidate.at(tags, "feed", ", ".join(categories))


def _linked_categories(document: Document) -> set[str]:
    """Return the names of the categories to which a page links, in menus too."""
    links = [each for each in document.elements("a") if _CATEGORY_PATH.search(each.get("href") or "")]
    return {comparable(text_of(link)) for link in links[:_MOST_CATEGORIES] if not is_large(link)}


def same_tags(witness: _Candidate, candidate: _Candidate) -> bool:
    """Whether two places have almost the same tags.

    Args:
        witness: The tags of one place.
        candidate: The tags of the other.
    """
    one, other = _names(witness.value), _names(candidate.value)
    return len(one & other) >= _SAME * len(one | other)


@lru_cache(maxsize=64)
def _names(tags: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(comparable, tags))


def _places(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[tuple[Origin, str, list[str]]]:
    for selector in rules.tags:
        yield "source rule", "source rule", document.select_texts(selector)
    for name in _META:
        yield "meta", name, list(document.meta.get(name, ()))
    described = list(json_ld.texts(document.article.get("keywords")))
    is_for_machines = bool(described) and _is_for_machines(described)
    if not is_for_machines:
        yield "json-ld", "json-ld keywords", described
    keywords = list(document.meta.get(_KEYWORDS, ()))
    links = _Links(document, front_matter)
    if not links.are_of_site(keywords):
        yield "meta", _KEYWORDS, keywords
    if not document.article:
        elements = document.microdata("keywords")
        yield "microdata", "itemprop keywords", [each.attrib.get("content") or text_of(each.root) for each in elements]
    for place, found in links.places():
        yield "heuristic", place, _texts(document, found)
    yield "heuristic", "menu of tags", list(_in_menus(document))
    if is_for_machines:
        yield "json-ld", "json-ld keywords", described


class _Links:
    """The links of a page to its tags.

    Args:
        document: The page.
        front_matter: Its front matter.
    """

    def __init__(self, document: Document, front_matter: FrontMatter) -> None:
        self._document = document
        self._front_matter = front_matter
        self._marked = list(_marked_links(document, front_matter))
        self._in_menus = [] if self._marked else list(_in_article(document, front_matter))

    def places(self) -> Iterator[tuple[str, list[etree._Element]]]:
        """Yield the links of each place, with its name. The places at the end have no links of others.

        The same links would confirm themselves.
        """
        layout, front_matter = self._document.layout, self._front_matter
        headline, start = front_matter.headline, front_matter.positions.start
        before_text = range(0) if headline is None else range(headline + 1, front_matter.prose[0])
        to_tags = list(_links_to_tags(layout, start, before_text))
        related = _in_one_place(self._document)
        yield "links marked as tags", self._marked
        yield "links to pages of tags", to_tags
        yield "links related as tags", related
        known = {*self._marked, *to_tags, *related}
        for place, links in (
            ("links behind a label", _labelled(layout, front_matter)),
            ("menu of the article", self._in_menus),
        ):
            if known.isdisjoint(links):
                yield place, links

    def are_of_site(self, keywords: list[str]) -> bool:
        """Whether keywords are those of all pages of a site: none is a tag to whose page the article links.

        A menu may have other topics, too: there the text must have more of its tags than of the keywords.
        """
        links = self._marked or self._in_menus
        links = [link for link in links if _TAG_PATH.search(link.get("href") or "")] if keywords else []
        texts = _texts(self._document, links)
        tags, others = (_names(_tags(each, self._document.site_names)) for each in (texts, keywords))
        if not tags or not tags.isdisjoint(others):
            return False
        return bool(self._marked) or self._share_in_text(tags) > self._share_in_text(others)

    def _share_in_text(self, tags: frozenset[str]) -> float:
        first, last = self._front_matter.prose
        pieces = self._document.layout.pieces[first : last + 1]
        text = f" {comparable(' '.join(piece.text for piece in pieces))} "
        return sum(tag in text for tag in tags) / len(tags) if tags else 0.0


def _in_one_place(document: Document) -> list[etree._Element]:
    """Return the links that their relation calls tags, if they stand in one element, wherever that is.

    In several elements they are of several articles.
    """
    links = [each.root for each in document.linked("tag") if each.root.tag == "a"]
    links = [link for link in links if "category" not in (link.get("rel") or "").lower().split()]
    places = {_place(link) for link in links[: _MOST_TAGS + 1]}
    return links if len(links) <= _MOST_TAGS and len(places) == 1 else []


def _place(link: etree._Element) -> etree._Element | None:
    """Return the element that contains a link, around the item of a list."""
    parent = link.getparent()
    return parent.getparent() if parent is not None and parent.tag == "li" else parent


def _texts(document: Document, links: Iterable[etree._Element]) -> list[str]:
    """Return the texts of links to tags, without those to a part of this page, and without headlines."""
    texts = []
    for link in _of_tags(list(dict.fromkeys(links))):
        text = "" if is_large(link) else text_of(link)
        if text and len(text.split()) <= _MOST_WORDS and not _is_within(document, link.get("href") or ""):
            texts.append(text)
    return texts


def _of_tags(links: list[etree._Element]) -> list[etree._Element]:
    """Return links without those to categories, if there are links to pages of tags: WordPress marks both as tags."""
    references = [link.get("href") or "" for link in links]
    if not any(map(_TAG_PATH.search, references)):
        return links
    return [link for link, reference in zip(links, references, strict=True) if not _CATEGORY_PATH.search(reference)]


def _is_within(document: Document, reference: str) -> bool:
    """Whether a reference leads to a part of this page."""
    address, sign, _ = reference.partition("#")
    return bool(sign) and (not address or document.resolve(address) == document.url)


def _marked_links(document: Document, front_matter: FrontMatter) -> Iterator[etree._Element]:
    """Yield the links that their relation or an element around them marks as tags."""
    layout, start, headline = document.layout, front_matter.positions.start, front_matter.headline
    for named in layout.named:
        # Few elements are marked as tags.
        if not named.meaning & TAGS or named.position < start or named.box.is_unrelated or is_large(named.element):
            continue
        if _is_in_header(named.box, headline) or _is_in_sentence(layout, named):
            continue
        if named.element.tag == "a":
            yield named.element
        elif not _has_text(document.layout, named):
            for link in named.element.iter("a"):
                if next(link.iterancestors(*_HEADING_TAGS), None) is None:
                    yield link


def _is_in_sentence(layout: Layout, named: NamedElement) -> bool:
    """Whether an element is a link within a sentence, which explains a word."""
    is_link = named.element.tag == "a" and named.position < len(layout.pieces)
    return is_link and layout.pieces[named.position].is_prose


def _has_text(layout: Layout, named: NamedElement) -> bool:
    """Whether an element contains sentences. Then its class names the tags of what it contains, as WordPress does."""
    box = named.box
    if box.element is not named.element:
        return False
    return any(layout.pieces[at].is_prose for at in range(box.start, min(box.end, box.start + _MOST_PIECES)))


def _links_to_tags(layout: Layout, start: int, before_text: range) -> Iterator[etree._Element]:
    """Yield the links to pages of tags in lines that consist of links, or date the article below its headline."""
    for at, piece in enumerate(layout.pieces[start:], start):
        if not piece.links:
            continue
        # The line may begin with a label: "Tags:".
        unlinked = len(piece.text) - piece.linked
        is_linked = unlinked <= max(_LONGEST_LABEL, (1 - _LINKED) * len(piece.text)) and not piece.box.is_unrelated
        if is_linked or (at in before_text and _YEAR.search(piece.text)):
            yield from (link for link in piece.links if _TAG_PATH.search(link.get("href") or ""))


def _in_menus(document: Document) -> Iterator[str]:
    """Yield the texts of a small menu of tags, linked or not, that stands beside the headline."""
    around_headlines = {heading.getparent() for heading in document.elements("h1")}
    for menu in document.layout.menus:
        if not meaning(menu.get("class") or "") & TAGS or is_large(menu):
            continue
        if menu.getparent() in around_headlines:
            yield from (text_of(each) for each in menu.iter() if len(each) == 0 and each is not menu)


def _in_article(document: Document, front_matter: FrontMatter) -> Iterator[etree._Element]:
    """Yield the links that are marked as tags in a menu within the element of the article, behind its text."""
    around = [each.element for each in ancestors_or_self(front_matter.container) if each.tag == "article"]
    for menu in document.layout.menus if around else ():
        if next(menu.iterancestors("article"), None) not in around or is_large(menu):
            continue
        marked = [each for each in menu.iter("*") if meaning(each.get("class") or each.get("id") or "") & TAGS]
        if marked and _is_behind_text(document.layout, menu, front_matter):
            yield from (link for each in marked for link in each.iter("a"))


def _is_behind_text(layout: Layout, menu: etree._Element, front_matter: FrontMatter) -> bool:
    """Whether a menu comes after the last sentence of the text in an element for articles."""
    last = layout.pieces[front_matter.prose[1]].box.element if front_matter.prose[1] < len(layout.pieces) else None
    around = next(menu.iterancestors("article"), None)
    elements = around.iter("*") if around is not None else ()
    return next((element is last for element in elements if element is last or element is menu), False)


def _labelled(layout: Layout, front_matter: FrontMatter) -> list[etree._Element]:
    """Return the links behind a label such as "Tags:", in its line or in lines of links that follow."""
    labels = comparable_words("sections", "tag_labels")
    beginnings = beginnings_of("sections", "tag_labels")
    last = front_matter.prose[1]
    for at, piece in enumerate(
        layout.pieces[front_matter.positions.start : last + _MOST_BEHIND], front_matter.positions.start
    ):
        # Most lines begin otherwise.
        if piece.is_prose or piece.text[:2] not in beginnings or piece.box.is_unrelated:
            continue
        if not piece.links and len(piece.text) <= _LONGEST_NAMED_LABEL and comparable(piece.text) in labels:
            if links := _in_following(layout, at + 1):
                return links
        elif piece.links and len(piece.text) - piece.linked <= _LONGEST_NAMED_LABEL + len(piece.links):
            label, sign, _ = piece.text.partition(text_of(piece.links[0]) or "\n")
            if sign and comparable(label) in labels:
                return piece.links
    return []


def _in_following(layout: Layout, start: int) -> list[etree._Element]:
    """Return the links of the lines from an index on that consist of links, within the box around the first of them."""
    links: list[etree._Element] = []
    around = layout.pieces[start].box.parent if start < len(layout.pieces) else None
    for piece in layout.pieces[start : start + _MOST_TAGS]:
        is_linked = piece.linked >= _LINKED * len(piece.text) > 0
        if not is_linked or (around is not None and around not in islice(ancestors_or_self(piece.box), _NEAR_BOXES)):
            break
        links += piece.links
    return links


def _is_in_header(box: Box, headline: int | None) -> bool:
    """Whether a box is in a header that ends before the headline, as that of the site does."""
    return headline is not None and any(
        each.tag == "header" and each.end <= headline for each in islice(ancestors_or_self(box), _NEAR_BOXES)
    )


def _tags(texts: list[str], site: frozenset[str]) -> tuple[str, ...]:
    parts = [part for text in texts for part in map(clean, _SEPARATOR.split(plain(text))) if part]
    are_codes = _share(_CODE, parts) > _MOST_CODES
    have_paths = _share(_PATH, parts) > _MOST_MACHINE
    unique: dict[str, str] = {}
    for part in parts:
        tag = _PREFIX.sub("", _PATH.sub("", part) if have_paths else part).lstrip(_HASH).strip()
        name = comparable(tag)
        if not name or name.replace(" ", "") in site or len(tag) > _MOST_CHARACTERS or _MACHINE.search(tag):
            continue
        if not (are_codes and _CODE.match(tag)):
            unique.setdefault(name, tag)
    return tuple(unique.values())[:_MOST_TAGS]


def _is_for_machines(texts: list[str]) -> bool:
    parts = [clean(part) for text in texts for part in _SEPARATOR.split(text)]
    machine = sum(bool(_MACHINE.search(part) or _PREFIX.match(part)) for part in parts)
    return machine > _MOST_MACHINE * len(parts) or _share(_CODE, parts) > _MOST_CODES


def _share(pattern: re.Pattern[str], parts: list[str]) -> float:
    """Return the share of the parts whose beginning matches a pattern."""
    return len(list(filter(pattern.match, parts))) / len(parts) if parts else 0.0
