"""Who is named in the byline."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from lxml import etree

from khobor.article import Author, Origin
from khobor.extract import byline_patterns, json_ld
from khobor.extract.author_names import (
    MOST_CHARACTERS_UNCASED,
    is_name,
    is_person,
    is_role,
    is_uncased,
    likely_names,
)
from khobor.extract.bylines import announces_author, declared_names, other_contributors, split_byline
from khobor.extract.class_names import BYLINE
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.front_matter import FrontMatter, FrontMatterLine
from khobor.extract.text import clean, comparable, is_large, lines_of, text_of
from khobor.sources.source import Rules

# Names of meta elements, without what parts their words.
_META = (
    "author", "articleauthor", "articleauthorname", "parselyauthor", "sailthruauthor", "dccreator", "dctermscreator",
    "byl", "cxenseparseauthor", "dccreatorauthor", "citationauthor", "citationauthors",
)  # fmt: skip
_LONGEST_BYLINE = 250
_MOST_AUTHORS = 12
# Of so many names at one place the authors are chosen; each costs dozens of patterns.
_MOST_NAMES = 100
_MOST_WORDS_OF_DESK = 5
# A byline has no more parts.
_MOST_LINES = 8
# Behind the names that evidence shows, where the page has more.
_CUT = f"… (the first {_MOST_AUTHORS})"
_LONGEST_DATE = 40
_YEAR = re.compile(r"\d{4}")
_ADDRESS = re.compile(r"\s[\w.+-]{1,64}@[\w.-]+$")
_BAR = re.compile(r"\s?[|•]\s?")


def candidates(
    document: Document, rules: Rules, front_matter: FrontMatter
) -> Iterator[FieldCandidate[tuple[Author, ...]]]:
    """Yield the people and desks of the byline: by the source's rules, JSON-LD, microdata, meta, the page's markup.

    The site's own name is no author's, but where the source's rules say so. Those whom the page calls its editors come
    last.

    Args:
        document: The page.
        rules: The source's rules.
        front_matter: The page's front matter.
    """
    edited = {
        comparable(name)
        for line in (*front_matter.lines, *front_matter.closing)
        for name in other_contributors(line.text)
    }
    editors: list[FieldCandidate[tuple[Author, ...]]] = []
    for origin, found in _places(document, rules, front_matter):
        unique = _unique(found, frozenset() if origin == "source rule" else document.site_names)
        if authors := unique[:_MOST_AUTHORS]:
            text = ", ".join(author.name for author in authors)
            candidate = FieldCandidate.at(authors, origin, text if len(unique) == len(authors) else f"{text} {_CUT}")
            if origin != "source rule" and all(comparable(author.name) in edited for author in authors):
                editors.append(candidate)
            else:
                yield candidate
    yield from editors


def _places(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[tuple[Origin, list[Author]]]:
    for selector in rules.authors:
        yield "source rule", [author for found in document.select_all(selector) for author in _ruled(document, found)]
    article = document.article
    described = list(islice(_described(document, article.get("author") or article.get("creator")), _MOST_NAMES))
    yield "heuristic", _more(document, front_matter, described)
    yield "json-ld", described
    if not article:
        marked = (author for element in document.microdata("author") for author in _marked(document, element))
        yield "microdata", list(islice(marked, _MOST_NAMES))
    for name in _META:
        if texts := document.plain_meta.get(name):
            yield "meta", _authors(islice((part for text in texts for part in declared_names(text)), _MOST_NAMES))
    yield from (("heuristic", authors) for authors in _visible(document, front_matter))


def _visible(document: Document, front_matter: FrontMatter) -> Iterator[list[Author]]:
    """Yield the authors that a reader sees: in elements named for a byline, in lines that say so or look so."""
    near, far = _named(document, front_matter)
    # Several authors have an element each, side by side.
    beside: dict[etree._Element | None, list[etree._Element]] = {}
    for element in near:
        beside.setdefault(element.getparent(), []).append(element)
    for elements in beside.values():
        yield [author for element in elements for author in _marked(document, element)]
    for line in (*front_matter.lines, *front_matter.closing):
        yield _led(document, line)
    for element in far:
        yield [author for author in _marked(document, element) if _is_whole(author.name)]
    for line in (*front_matter.lines, *front_matter.closing):
        yield _authors(_of_desk(line))
    for line in front_matter.lines:
        yield _authors(_beside_date(line))
    for line in front_matter.lines:
        yield _authors(_alone(line))


def _named(document: Document, front_matter: FrontMatter) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return the elements that are named for a byline: those of the front matter, and the others."""
    named = [
        each
        for each in document.layout.named
        if each.meaning & BYLINE and not each.box.is_unrelated and not is_large(each.element)
    ]
    near = [each.element for each in named if each.position in front_matter.positions]
    return near, [each.element for each in named if each.position not in front_matter.positions]


def _more(document: Document, front_matter: FrontMatter, described: list[Author]) -> list[Author]:
    """Return the authors whom links of the relation ``author`` name, if these are all that JSON-LD tells and more."""
    near = _named(document, front_matter)[0] if described else []
    links = dict.fromkeys(link for element in near for link in element.iter("a"))
    authors = [author for link in links if "author" in (link.get("rel") or "") for author in _marked(document, link)]
    told, linked = ({comparable(author.name) for author in found} for found in (described, authors))
    return authors if told < linked else []


def _led(document: Document, line: FrontMatterLine) -> list[Author]:
    """Return the authors of a line, or of a part of it, that begins with a word such as "by" or has such a label."""
    for text in (*line.parts, *_BAR.split(line.text), line.text):
        if announces_author(text) and (names := likely_names(split_byline(text))):
            links = {text_of(link): link.get("href") for link in line.links}
            return [Author(name=name, url=document.resolve(links.get(name))) for name in names]
    return []


def _of_desk(line: FrontMatterLine) -> list[str]:
    """Return the desk, or the people with a title behind the name, that is all that a part of a line says."""
    for text in (*line.parts, *_BAR.split(line.text)):
        name = _ADDRESS.sub("", text).partition(",")[0].strip(" .[]【】()")
        is_desk = byline_patterns.desk().search(name)
        is_titled = byline_patterns.title().search(name) and len(name) <= MOST_CHARACTERS_UNCASED
        # Most are neither: that is found out before all else that a name must be.
        if (is_desk or is_titled) and len(name.split()) <= _MOST_WORDS_OF_DESK and is_name(name):
            return [name] if is_desk else split_byline(name)
    return []


def _beside_date(line: FrontMatterLine) -> list[str]:
    """Return the person whose name is the first part of a line and followed by a date."""
    links = {text_of(link) for link in line.links}
    if not line.parts[1:] or len(line.parts[1]) > _LONGEST_DATE or not _YEAR.search(line.parts[1]):
        return []
    if line.parts[0] in links:
        return []
    return [line.parts[0]] if is_person(line.parts[0]) else []


def _alone(line: FrontMatterLine) -> list[str]:
    """Return the people whose names are all that an emphasised line says."""
    names = split_byline(line.text) if line.is_emphasised and not line.links else []
    return names if names and all(map(is_person, names)) else []


def _is_whole(name: str) -> bool:
    """Whether a name has more words than one, in scripts with capitals: far from the headline others are labels."""
    return is_person(name) or is_uncased(name)


def _authors(names: Iterable[str]) -> list[Author]:
    return [Author(name=name) for name in names]


def _described(document: Document, value: Any, depth: int = 2) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for text in json_ld.texts(value) for part in declared_names(text))
    elif isinstance(value, Mapping):
        url = json_ld.text(value.get("url"), "@id")
        for name in json_ld.texts(value.get("name")):
            yield from (Author(name=part, url=document.resolve(url)) for part in declared_names(name))
        if not value.get("name"):
            given = clean(" ".join(json_ld.text(value.get(key)) or "" for key in ("givenName", "familyName")))
            yield from (Author(name=part, url=document.resolve(url)) for part in split_byline(given))
            # A Role holds the person under the property that it is the role of.
            yield from _described(document, value.get("author") if depth else None, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _described(document, item, depth)


def _ruled(document: Document, element: etree._Element | str) -> Iterator[Author]:
    """Yield the authors of what a source's rule selects: each line is a name as it stands there, but for roles."""
    if isinstance(element, str):
        yield Author(name=clean(element))
        return
    url = document.resolve(element.get("href"))
    lines = lines_of(element)
    yield from (Author(name=line, url=url) for line in lines if len(lines) == 1 or not is_role(line))


def _marked(document: Document, element: etree._Element) -> Iterator[Author]:
    """Yield the authors of an element of the byline: those of its links to authors, else of its lines."""
    name = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    lines = (
        [clean(name.get("content"))]
        if name.get("content")
        else [text for part in name.itertext() if (text := clean(str(part)))]
    )
    if sum(map(len, lines)) > _LONGEST_BYLINE:
        return
    links = [link for link in name.iter("a") if likely_names(split_byline(text_of(link)))]
    for link in links:
        yield from (Author(name=part, url=document.resolve(link.get("href"))) for part in split_byline(text_of(link)))
    if not links and len(lines) <= _MOST_LINES:
        url = document.resolve(element.get("href"))
        yield from (Author(name=part, url=url) for part in _listed(name) or _firstlikely_names(lines))


def _listed(element: etree._Element) -> list[str]:
    """Return the names that stand in elements of one kind, side by side and each in its own."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for inner in element.iter():
        if not len(inner) and (text := clean(inner.text)):
            alike.setdefault((inner.getparent(), inner.tag, inner.get("class")), []).append(text)
    return next((names for names in alike.values() if len(names) > 1 and all(map(is_person, names))), [])


def _firstlikely_names(lines: list[str]) -> list[str]:
    """Return the names of a byline's lines taken together, else of the first that has any."""
    lines = [line for line in lines if not is_role(line)]
    joined = " ".join(lines)
    # Behind the name a date may follow.
    texts = [*lines, joined] if any(map(str.isdigit, joined)) else [joined, *lines]
    return next((names for text in texts if (names := likely_names(split_byline(text)))), [])


def _unique(authors: list[Author], site: frozenset[str]) -> tuple[Author, ...]:
    by_name: dict[str, Author] = {}
    for author in authors:
        name = comparable(author.name)
        if name and name.replace(" ", "") not in site and is_name(author.name):
            by_name.setdefault(name, author)
    return tuple(by_name.values())
