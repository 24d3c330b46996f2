"""The section of the article, and its breadcrumbs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import cast
from urllib.parse import unquote, urlsplit

from parsel import Selector

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.class_names import BREADCRUMB, BREADCRUMB_MARK
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.selection import selectors
from khobor.extract.text import comparable, is_large, plain, text_of
from khobor.extract.vocabulary import comparable_words
from khobor.site import site_of
from khobor.sources.source import Rules

# Names of meta elements, without separators.
_META = ("articlesection", "section", "parselysection", "cxenseparserecscategory", "dcsubject")
# What servers call the page of a folder.
_INDEX = re.compile(r"index\.\w+")
# Elements of menus and their attributes that mark breadcrumbs, by microdata, RDFa, ARIA or a class.
_GROUPS = ("nav", "ol", "ul", "div")
# How many elements that are marked as breadcrumbs are read.
_MOST_PARTS = 100
_NAMES = ("itemtype", "typeof", "aria-label", "class")
_MOST_CHARACTERS = 60
_FEWEST_LETTERS = 2
_ARROWS = " ›»>/|·"


def breadcrumbs(document: Document, title: str | None) -> tuple[str, ...]:
    """Return the breadcrumbs from the front page to the article, without these two.

    Args:
        document: The page.
        title: The article's title.
    """
    crumbs = document.thing("BreadcrumbList").get("itemListElement")
    names = [plain(_name(item)) for item in crumbs] if isinstance(crumbs, list) else []
    for part in islice(_marked_parts(document), _MOST_PARTS):
        if any(names):
            break
        names = [text_of(item.root).strip(_ARROWS) for item in part.css("li") or part.css("a")]
    left_out = {comparable(title), comparable(document.first_meta("og:site_name")), ""}
    sections = (name for name in names if comparable(name) not in left_out and not _is_of_site(document, name))
    return tuple(dict.fromkeys(sections))


def candidates(
    document: Document, rules: Rules, crumbs: tuple[str, ...], url: str | None
) -> Iterator[FieldCandidate[str]]:
    """Yield the section by rules, data, meta elements, breadcrumbs and links to its category, then by the path.

    Args:
        document: The page.
        rules: The source's rules.
        crumbs: Its breadcrumbs.
        url: Its canonical URL.
    """
    for origin, text in _declared(document, rules):
        if origin == "source rule" or _is_name(text):
            yield FieldCandidate.at(text, origin, text)
    if crumbs:
        yield FieldCandidate.at(crumbs[0], "heuristic", " › ".join(crumbs))
    if category := _category(document):
        yield FieldCandidate.at(category, "heuristic", category)
    yield from _in_path(document, url)


def _declared(document: Document, rules: Rules) -> Iterator[tuple[Origin, str]]:
    for selector in rules.section:
        if text := document.first_text(selector):
            yield "source rule", text
    for text in json_ld.texts(document.article.get("articleSection")):
        yield "json-ld", plain(text)
    for part in () if document.article else document.microdata("articleSection"):
        yield "microdata", plain(part.attrib.get("content")) or text_of(part.root)
    for name in _META:
        yield from (("meta", text) for text in document.plain_meta.get(name, ()))


def _category(document: Document) -> str | None:
    """Return the first of the links that their relation calls categories, if they stand in one element.

    In several elements they are of several articles.
    """
    links = [each.root for each in document.linked("category") if each.root.tag == "a"][:_MOST_PARTS]
    places = {link.getparent() for link in links}
    names = (text_of(link) for link in links[:1] if len(places) == 1 and not is_large(link))
    no_section = comparable_words("sections", "none")
    return next((name for name in names if _is_name(name) and comparable(name) not in no_section), None)


def _in_path(document: Document, url: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the text of a link to the first part of the path, then this part."""
    path = [unquote(part) for part in urlsplit(url or "").path.split("/") if part]
    # The last part is the article itself. A short part is a language, whose code is ASCII: in Chinese, two characters
    # are a word. A number is a date or an id.
    last = -2 if path and _INDEX.fullmatch(path[-1]) else -1
    words = [part for part in path[:last] if len(part) > _FEWEST_LETTERS or not part.isascii()]
    names = [part for part in words if not part[:1].isdecimal()]
    # A folder of all articles is no section of them.
    names = [part for part in names if comparable(part) not in comparable_words("sections", "containers")]
    if not names:
        return
    address = "/" + "/".join(path[: path.index(names[0]) + 1])
    slug = urlsplit(url or "").path.strip("/").split("/")[path.index(names[0])]
    for link, text in document.layout.links:
        reference = link.get("href") or ""
        # Most links lead elsewhere, so this check comes before they are parsed.
        is_address = slug in reference and unquote(_path(reference)).rstrip("/") == address
        if is_address and _is_name(text) and not _is_of_site(document, text):
            yield FieldCandidate.at(text, "heuristic", f"{text} ({reference})")
            break
    yield FieldCandidate.at(names[0], "url", url or "")


def _path(reference: str) -> str:
    try:
        return urlsplit(reference).path
    except ValueError:
        return ""


def _marked_parts(document: Document) -> Iterator[Selector]:
    """Yield the elements that are marked as breadcrumbs, those in menus last."""
    yield from document.named(BREADCRUMB)
    # Every page has menus, and an XPath takes twice as long.
    groups = (group for menu in document.layout.menus for group in menu.iter(*_GROUPS))
    # Few groups have the mark in any attribute.
    marked = (group for group in groups if BREADCRUMB_MARK in "\n".join(cast("Sequence[str]", group.values())))
    named = (group for group in marked if any(BREADCRUMB_MARK in group.get(name, "") for name in _NAMES))
    yield from selectors(group for group in named if not is_large(group))


def _is_name(text: str) -> bool:
    return any(map(str.isalpha, text)) and not _is_home(text) and len(text) <= _MOST_CHARACTERS


def _is_of_site(document: Document, name: str) -> bool:
    """Whether a name is that of the front page or of the site."""
    key = comparable(name).replace(" ", "")
    if key not in document.site_names or _is_in_address(document, key):
        return _is_home(name)
    return True


def _is_in_address(document: Document, key: str) -> bool:
    """Whether a name is that of a subdomain or of a part of the page's path, as ``money`` in ``money.news.example``."""
    host = (document.host or "").removeprefix("www.")
    names = urlsplit(document.url or "").path.split("/")
    if site_of(host) != host:
        names.append(host.partition(".")[0])
    return key in {comparable(name).replace(" ", "") for name in names}


def _is_home(name: str) -> bool:
    """Whether a breadcrumb leads to the front page."""
    return comparable(name) in comparable_words("sections", "homes")


def _name(item: object) -> str | None:
    if not isinstance(item, Mapping):
        return None
    return json_ld.text(item.get("name")) or json_ld.text(item.get("item"))
