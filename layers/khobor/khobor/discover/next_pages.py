"""The page that continues a list: the one that a link with ``rel=next`` leads to, or the next by its number."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from khobor.discover.html_page import HtmlPage
from khobor.discover.list_urls import PAGE_WORDS, spelling
from khobor.discover.references import relations
from khobor.site import is_same_site

_INDEX = re.compile(r"(?:index|default)(?:\.[a-z]{3,5})?")
# The last segment of a numbered page: page2, page-2, index2.html, 2.
_NUMBERED = re.compile(r"(?P<word>\D{0,12}?)-?(?P<number>\d{1,5})(?:\.[a-z]{3,5})?", re.ASCII)
_PARAMETERS = frozenset({"page", "paged", "pg", "seite", "pagina"})
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)


def next_page(page: HtmlPage, url: str, articles: Collection[str] = ()) -> str | None:
    """Return the URL of the page that continues a list; None if no link leads to one.

    Args:
        page: A page of the list.
        url: Its URL.
        articles: The URLs of its articles, one of which may be declared as the next to be read.
    """
    links = [
        (element, address)
        for element, address in page.addresses("link", "a")
        if address not in articles and is_same_site(address, url)
    ]
    declared = (address for element, address in links if "next" in relations(element.get("rel")) and address != url)
    return next(declared, None) or _by_number(links, url)


def is_numbered(url: str) -> bool:
    """Return whether a URL has the number of a page that continues a list."""
    return _numbered(url)[1] > 1


def _by_number(links: list[tuple[etree._Element, str]], url: str) -> str | None:
    """Return the link to the page of the same list with the next number."""
    place, number = _numbered(url)
    addresses = dict.fromkeys(address for element, address in links if element.tag == "a")
    return next((address for address in addresses if _numbered(address) == (place, number + 1)), None)


def _numbered(url: str) -> tuple[tuple[object, ...], int]:
    """Return which list a URL is a page of, and the number of the page; a URL without a number is that of the first."""
    parts = urlsplit(url)
    _, _, path, query, _ = parts
    segments = [spelling(segment) for segment in path.split("/") if segment]
    parameters = parse_qsl(query, keep_blank_values=True)
    number = 1
    for name, value in parameters:
        if name.lower() in _PARAMETERS and _NUMBER.fullmatch(value):
            number = int(value)
    rest = tuple((name, value) for name, value in parameters if name.lower() not in _PARAMETERS)
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    match = _NUMBERED.fullmatch(segments[-1]) if segments else None
    if match and match["word"] in PAGE_WORDS | {"index"}:
        number = int(match["number"])
        segments.pop()
    elif match and not match["word"] and len(segments) > 1 and segments[-2] in PAGE_WORDS:
        number = int(match["number"])
        del segments[-2:]
    return (parts.hostname, parts.port, tuple(segments), rest), number
