"""The authors that an element of a byline names: in its names, its links or its lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from khobor.article import Author
from khobor.extract import byline_patterns
from khobor.extract.author_names import is_person, is_role, likely_names
from khobor.extract.bylines import announces_author, introduces_other, split_byline
from khobor.extract.date_labels import kind_of_label
from khobor.extract.document import Document
from khobor.extract.text import clean, comparable, lines_of, text_of

_LONGEST_BYLINE = 250
# An element with more lines is not a byline.
_MOST_LINES = 8
_MOST_NAMES = 20
_APART = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b")
# The path of a page about an author.
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|i|ka|zy|inn?en)?|auteurs?|autore|auth?or(?:es|a|as)|yazar(?:lar)?|penulis|writers?"
    r"|users?|profiles?|staff|reporters?|journalists?|journalistes?|editors?|contributors?"
    r"|columnists?|redakteure?|redacteurs?|redactores|avtor[iy]?|bios?|bylines?|firmas?)/[^/?#]"
    r"|/@[^/?#]|[?&](?:author|autor|auteur|reporter|writer)(?:_?id)?=[^&#]",
    re.IGNORECASE,
)
# A class of an element that contains a name and nothing else, such as "author__name" and "user-name".
_OF_NAME = re.compile(r"(?:^|[\s_-]|[a-z](?=N))(?:author|byline|writer|user|full|display)?[nN]ames?(?:$|\s)")


def is_page_of_author(reference: str | None) -> bool:
    """Whether the address of a link is that of a page about an author."""
    return bool(reference) and _AUTHOR_PATH.search(reference or "") is not None


def authors_in(document: Document, element: etree._Element) -> Iterator[Author]:
    """Yield the authors of a byline element: those of its elements for names, else of its links, else of its lines.

    Args:
        document: The page.
        element: The element.
    """
    name = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    if name is element and (inner := _elements_of_names(element)):
        found = [author for each in inner for author in _in_part(document, each)]
        yield from found
        if found:
            return
    yield from _in_part(document, name, element.get("href"))


def _elements_of_names(element: etree._Element) -> list[etree._Element]:
    """Return the elements within a byline whose class says that they contain a name, without those within others."""
    found: list[etree._Element] = []
    for inner in element.iterdescendants():
        if _OF_NAME.search(inner.get("class") or "") and not any(each in found for each in inner.iterancestors()):
            found.append(inner)
            if len(found) > _MOST_NAMES:
                return []
    return found


def _in_part(document: Document, part: etree._Element, reference: str | None = None) -> Iterator[Author]:
    """Yield the authors of an element: those of its links to authors, else of its lines.

    Args:
        document: The page.
        part: The element.
        reference: The address of the link around it, None if there is none.
    """
    content = clean(part.get("content"))
    lines = [content] if content else [text for inner in part.itertext() if (text := clean(str(inner)))]
    if sum(map(len, lines)) > _LONGEST_BYLINE:
        return
    named = [(link, split_byline(text_of(link))) for link in _author_links(part)]
    links = [(link, names) for link, names in named if likely_names(names) or _is_user(link, names)]
    for link, names in links:
        yield from (Author(name=name, url=document.resolve(link.get("href"))) for name in names)
    if not links:
        buttons = {text_of(button) for button in part.iter("a", "button")}
        others = [line for line in lines if line not in buttons]
        # A button with the name itself opens what the page says about the author.
        lines = lines if not others or comparable(" ".join(others)) in byline_patterns.leads() else others
    if not links and len(lines) <= _MOST_LINES:
        url = document.resolve(reference or part.get("href"))
        # A heading is a line of its own. Other lines may continue a name.
        has_heading = next(part.iter(*_APART), None) is not None
        names = _in_siblings(part) or _in_lines(lines, lines_of(part) if has_heading and not content else [])
        yield from (Author(name=name, url=url) for name in names)


def _is_user(link: etree._Element, names: list[str]) -> bool:
    """Whether a link leads to the page of an author with the name of a user, such as "jdoe"."""
    return len(names) == 1 and " " not in names[0] and is_page_of_author(link.get("href"))


def _author_links(part: etree._Element) -> Iterator[etree._Element]:
    """Yield the links that lead anywhere, without those behind a word for another contributor, such as "Edited by"."""
    before = ""
    for event, element in etree.iterwalk(part, events=("start", "end")):
        if event == "end":
            before = f"{before} {element.tail or ''}" if element is not part else before
        elif element.tag != "a":
            before = f"{before} {element.text or ''}" if isinstance(element.tag, str) else before
        else:
            if is_reference(element) and not introduces_other(clean(before)):
                yield element
            before = ""


def is_reference(link: etree._Element) -> bool:
    """Whether a link leads anywhere. One that does not is a button, such as that which prints the page."""
    return not (link.get("href") or "#").strip().lower().startswith(("#", "javascript:"))


def _in_siblings(element: etree._Element) -> list[str]:
    """Return the names that stand alone in sibling elements of one kind."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for inner in element.iter():
        if not len(inner) and (text := clean(inner.text)):
            alike.setdefault((inner.getparent(), inner.tag, inner.get("class")), []).append(text)
    groups = (names for names in alike.values() if len(names) > 1 and not any(map(announces_author, names)))
    return next((names for names in groups if all(map(is_person, names))), [])


def _in_lines(texts: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the names in the joined texts of a byline, else in the first text that has any.

    Args:
        texts: The texts of the byline.
        lines: Its lines as a reader sees them. What stands in another line is not part of a name.
    """
    texts = [text for text in texts if not is_role(text)]
    joined = " ".join(texts)
    # A date may follow the name.
    names = _first_names([*texts, joined] if any(map(str.isdigit, joined)) else [joined, *texts])
    first = _first_names(lines) if len(lines) > 1 else []
    return first if first and names and names[0].startswith(f"{first[0]} ") else names


def _first_names(texts: Iterable[str]) -> list[str]:
    """Return the names in the first of several texts that has any."""
    named = ([name for name in likely_names(split_byline(text)) if kind_of_label(name) is None] for text in texts)
    return next(filter(None, named), [])
