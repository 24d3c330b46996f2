"""The authors in the byline."""

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

_Candidate = FieldCandidate[tuple[Author, ...]]

# Names of meta elements, without separators.
_META = (
    "author", "articleauthor", "articleauthorname", "parselyauthor", "sailthruauthor", "dccreator", "dctermscreator",
    "byl", "cxenseparseauthor", "dccreatorauthor", "citationauthor", "citationauthors",
)  # fmt: skip
_LONGEST_BYLINE = 250
_MOST_AUTHORS = 12
# How many names of one place are considered. Each costs dozens of patterns.
_MOST_NAMES = 100
_MOST_WORDS_OF_DESK = 5
# An element with more lines is not a byline.
_MOST_LINES = 8
# What the evidence says if there are more names.
_CUT = f"… (the first {_MOST_AUTHORS})"
_LONGEST_DATE = 40
_YEAR = re.compile(r"\d{4}")
_ADDRESS = re.compile(r"\s[\w.+-]{1,64}@[\w.-]+$")
_BAR = re.compile(r"\s?[|•]\s?")


def candidates(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[_Candidate]:
    """Yield the authors, people or desks, by the source's rules, JSON-LD, microdata, meta elements and the markup.

    The site's own name is left out unless a rule of the source selects it. Those whom the page calls its editors come
    last.

    Args:
        document: The page.
        rules: The source's rules.
        front_matter: The page's front matter.
    """
    lines = (*front_matter.lines, *front_matter.closing)
    contributors = {comparable(name) for line in lines for name in other_contributors(line.text)}
    editors: list[_Candidate] = []
    for origin, authors in _places(document, rules, front_matter):
        unique = _unique(authors, frozenset() if origin == "source rule" else document.site_names)
        if first := unique[:_MOST_AUTHORS]:
            text = ", ".join(author.name for author in first)
            candidate = FieldCandidate.at(first, origin, text if len(unique) == len(first) else f"{text} {_CUT}")
            if origin != "source rule" and all(comparable(author.name) in contributors for author in first):
                editors.append(candidate)
            else:
                yield candidate
    yield from editors


def _places(document: Document, rules: Rules, front_matter: FrontMatter) -> Iterator[tuple[Origin, list[Author]]]:
    for selector in rules.authors:
        yield "source rule", [author for item in document.select_all(selector) for author in _selected(document, item)]
    article = document.article
    values = article.get("author") or article.get("creator")
    from_json_ld = list(islice(_from_json_ld(document, values), _MOST_NAMES))
    yield "heuristic", _linked(document, front_matter, from_json_ld)
    yield "json-ld", from_json_ld
    if not article:
        microdata = (author for each in document.microdata("author") for author in _in_element(document, each.root))
        yield "microdata", list(islice(microdata, _MOST_NAMES))
    for name in _META:
        if texts := document.plain_meta.get(name):
            yield "meta", _authors(islice((part for text in texts for part in declared_names(text)), _MOST_NAMES))
    yield from (("heuristic", authors) for authors in _visible(document, front_matter))


def _visible(document: Document, front_matter: FrontMatter) -> Iterator[list[Author]]:
    """Yield the authors that a reader sees: in byline elements, then in lines that look like a byline."""
    near, far = _byline_elements(document, front_matter)
    # Each of several authors may have an element of its own beside the others.
    siblings: dict[etree._Element | None, list[etree._Element]] = {}
    for element in near:
        siblings.setdefault(element.getparent(), []).append(element)
    for elements in siblings.values():
        yield [author for element in elements for author in _in_element(document, element)]
    for line in (*front_matter.lines, *front_matter.closing):
        yield _announced(document, line)
    for element in far:
        yield [author for author in _in_element(document, element) if _is_whole(author.name)]
    for line in (*front_matter.lines, *front_matter.closing):
        yield _authors(_desk(line))
    for line in front_matter.lines:
        yield _authors(_before_date(line))
    for line in front_matter.lines:
        yield _authors(_emphasised(line))


def _byline_elements(
    document: Document, front_matter: FrontMatter
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return the elements whose class says byline: those in the front matter, and the others."""
    named = [
        each
        for each in document.layout.named
        if each.meaning & BYLINE and not each.box.is_unrelated and not is_large(each.element)
    ]
    near = [each.element for each in named if each.position in front_matter.positions]
    return near, [each.element for each in named if each.position not in front_matter.positions]


def _linked(document: Document, front_matter: FrontMatter, from_json_ld: list[Author]) -> list[Author]:
    """Return the authors of links with the relation ``author``, if these are all authors in JSON-LD and more."""
    near = _byline_elements(document, front_matter)[0] if from_json_ld else []
    links = dict.fromkeys(link for element in near for link in element.iter("a"))
    linked = [author for link in links if "author" in (link.get("rel") or "") for author in _in_element(document, link)]
    known, names = ({comparable(author.name) for author in authors} for authors in (from_json_ld, linked))
    return linked if known < names else []


def _announced(document: Document, line: FrontMatterLine) -> list[Author]:
    """Return the authors in a line, or a part of it, that begins with a word such as "by" or has an author's label."""
    for text in (*line.parts, *_BAR.split(line.text), line.text):
        if announces_author(text) and (names := likely_names(split_byline(text))):
            links = {text_of(link): link.get("href") for link in line.links}
            return [Author(name=name, url=document.resolve(links.get(name))) for name in names]
    return []


def _desk(line: FrontMatterLine) -> list[str]:
    """Return the desk, or the people with a title after the name, that a part of a line consists of."""
    for text in (*line.parts, *_BAR.split(line.text)):
        name = _ADDRESS.sub("", text).partition(",")[0].strip(" .[]【】()")
        is_desk = byline_patterns.desk().search(name)
        is_titled = byline_patterns.title().search(name) and len(name) <= MOST_CHARACTERS_UNCASED
        # Most parts are neither, so this check comes before is_name.
        if (is_desk or is_titled) and len(name.split()) <= _MOST_WORDS_OF_DESK and is_name(name):
            return [name] if is_desk else split_byline(name)
    return []


def _before_date(line: FrontMatterLine) -> list[str]:
    """Return the person whose name is the first part of a line, before a date."""
    links = {text_of(link) for link in line.links}
    if not line.parts[1:] or len(line.parts[1]) > _LONGEST_DATE or not _YEAR.search(line.parts[1]):
        return []
    if line.parts[0] in links:
        return []
    return [line.parts[0]] if is_person(line.parts[0]) else []


def _emphasised(line: FrontMatterLine) -> list[str]:
    """Return the people whose names an emphasised line consists of."""
    names = split_byline(line.text) if line.is_emphasised and not line.links else []
    return names if names and all(map(is_person, names)) else []


def _is_whole(name: str) -> bool:
    """Whether a name has several words, or is in a script without capitals. Far from the headline others are labels."""
    return is_person(name) or is_uncased(name)


def _authors(names: Iterable[str]) -> list[Author]:
    return [Author(name=name) for name in names]


def _from_json_ld(document: Document, value: Any, depth: int = 2) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for text in json_ld.texts(value) for part in declared_names(text))
    elif isinstance(value, Mapping):
        url = json_ld.text(value.get("url"), "@id")
        for name in json_ld.texts(value.get("name")):
            yield from (Author(name=part, url=document.resolve(url)) for part in declared_names(name))
        if not value.get("name"):
            whole = clean(" ".join(json_ld.text(value.get(key)) or "" for key in ("givenName", "familyName")))
            yield from (Author(name=part, url=document.resolve(url)) for part in split_byline(whole))
            # A Role has the person in the property that it is the role of.
            yield from _from_json_ld(document, value.get("author") if depth else None, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _from_json_ld(document, item, depth)


def _selected(document: Document, item: etree._Element | str) -> Iterator[Author]:
    """Yield the authors that a source's rule selects: each line is a name, unless it is a role."""
    if isinstance(item, str):
        yield Author(name=clean(item))
        return
    url = document.resolve(item.get("href"))
    lines = lines_of(item)
    yield from (Author(name=line, url=url) for line in lines if len(lines) == 1 or not is_role(line))


def _in_element(document: Document, element: etree._Element) -> Iterator[Author]:
    """Yield the authors of a byline element: those of its links to authors, else of its lines."""
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
        yield from (Author(name=part, url=url) for part in _in_siblings(name) or _in_lines(lines))


def _in_siblings(element: etree._Element) -> list[str]:
    """Return the names that stand alone in sibling elements of one kind."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for inner in element.iter():
        if not len(inner) and (text := clean(inner.text)):
            alike.setdefault((inner.getparent(), inner.tag, inner.get("class")), []).append(text)
    return next((names for names in alike.values() if len(names) > 1 and all(map(is_person, names))), [])


def _in_lines(lines: list[str]) -> list[str]:
    """Return the names in the joined lines of a byline, else in the first line that has any."""
    lines = [line for line in lines if not is_role(line)]
    joined = " ".join(lines)
    # A date may follow the name.
    texts = [*lines, joined] if any(map(str.isdigit, joined)) else [joined, *lines]
    return next((names for text in texts if (names := likely_names(split_byline(text)))), [])


def _unique(authors: list[Author], site_names: frozenset[str]) -> tuple[Author, ...]:
    by_name: dict[str, Author] = {}
    for author in authors:
        name = comparable(author.name)
        if name and name.replace(" ", "") not in site_names and is_name(author.name):
            by_name.setdefault(name, author)
    return tuple(by_name.values())
