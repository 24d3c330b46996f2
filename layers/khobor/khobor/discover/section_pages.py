"""The articles that a section page links to, and the page that continues it.

A link is one to an article if its URL looks like that of an article, or if it stands where the page puts its articles:
in headings or beside dates, in boxes that repeat. Links in the navigation and in footers are not followed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from khobor.discover.article_urls import is_file, looks_like_article
from khobor.discover.html_page import HtmlPage
from khobor.discover.link_places import LinkBox, PlacedLink, place_links
from khobor.discover.list_urls import is_archive, is_list
from khobor.discover.listing import Entry, Listing
from khobor.discover.next_pages import is_numbered, next_page
from khobor.discover.references import ListingBuilder, relations
from khobor.discover.site_images import declared_images
from khobor.site import is_same_site
from khobor.sources.patterns import is_in_url

# Relations of links that lead to no article.
_NO_ARTICLE = frozenset({"tag", "author", "category", "license", "search", "next", "prev", "home", "help"})
# A teaser has more letters. A label such as "3 min read" has fewer.
_SHORTEST_TEASER = 30
# One box is no row of articles.
_FEWEST_BOXES = 2
# How many lists of all articles are returned.
_MOST_LISTS = 3
# A folder of so many articles contains further ones, whose last segments have so many letters.
_FEWEST_IN_FOLDER = 3
_FEWEST_LETTERS = 3
_Shape: TypeAlias = tuple[object, ...]
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


def read_section_page(
    body: bytes, url: str, article_url: str | None = None, content_type: str | None = None
) -> Listing:
    """Return the links of a page to articles of the same site, in document order, each article once, and its images.

    Args:
        body: The page as received.
        url: The URL of the page.
        article_url: Regular expression that matches the path of an article's URL, and of no other page's; None judges
            the links by their URLs and by where they stand.
        content_type: The Content-Type header; None if unknown.
    """
    page = HtmlPage(body, url, content_type)
    links = {element: address for element, address in page.addresses("a", "area") if is_same_site(address, url)}
    builder = ListingBuilder()
    if article_url:
        articles = boxed = {address for address in links.values() if is_in_url(article_url, urlsplit(address).path)}
    else:
        articles, boxed = _articles(page.root, links, url)
    following = next_page(page, url, boxed | _beside_articles(links.values(), articles))
    for address in links.values():
        if address in articles and address != following:
            builder.add(Entry(url=address))
    listing = builder.build(next_page=following)
    sections = tuple(_lists(links.values(), listing.entries, url))[:_MOST_LISTS]
    images = declared_images(page, links, articles)
    if not listing.entries:
        return Listing(sections=sections, site_images=images, problems=("the page has no link to an article",))
    return replace(listing, sections=sections, site_images=images)


def _lists(addresses: Iterable[str], articles: Iterable[Entry], url: str) -> Iterator[str]:
    """Yield the links of a page to lists of all articles: the folder of several articles, an archive, a blog.

    Args:
        addresses: The links of the page.
        articles: The articles among them.
        url: The URL of the page.
    """
    folders = Counter(_folder(entry.url) for entry in articles)
    seen = {url.removesuffix("/")}
    for address in dict.fromkeys(addresses):
        _, _, path, query, _ = urlsplit(address)
        is_folder = folders[f"{path.removesuffix('/')}/"] >= _FEWEST_BOXES and path.strip("/")
        if not query and (is_folder or is_archive(address)) and address.removesuffix("/") not in seen:
            seen.add(address.removesuffix("/"))
            yield address


def _beside_articles(addresses: Iterable[str], articles: Iterable[str]) -> set[str]:
    """Return the addresses in a folder of several articles. Generators of documentation call each the next of another.

    Args:
        addresses: The links of a page.
        articles: The articles among them.
    """
    folders = Counter(map(_folder, articles))
    return {
        address
        for address in addresses
        if folders[_folder(address)] >= _FEWEST_IN_FOLDER and _has_name(address) and not is_numbered(address)
    }


def _has_name(address: str) -> bool:
    path = urlsplit(address).path.removesuffix("/")
    return sum(map(str.isalpha, unquote(path.rpartition("/")[2]))) >= _FEWEST_LETTERS


def _folder(address: str) -> str:
    path = urlsplit(address).path
    return path.removesuffix("/").rpartition("/")[0] + "/"


def _articles(root: etree._Element, links: dict[etree._Element, str], url: str) -> tuple[set[str], set[str]]:
    """Return the URLs of articles among the links of a page, and which of them stand where it puts its articles."""
    wanted = {element: address for element, address in links.items() if _may_be_article(element, address, url)}
    by_heading = place_links(root, wanted.get, in_headings=True)
    by_date = place_links(root, wanted.get, in_headings=False)
    shapes = {address: _shape(address) for address in set(wanted.values())}
    boxed = _boxed(by_heading, _is_card, shapes) | _boxed(by_date, _has_date, shapes)
    outside = {link.target for link in by_date if not link.is_in_navigation} or set(wanted.values())
    by_url = {address for address in outside if looks_like_article(address)}
    if len(boxed & by_url) * 2 > len(boxed):
        # The site's URLs say what is an article. What else is in boxes leads to sections and services.
        of_articles = {shapes[address] for address in boxed & by_url}
        boxed = {address for address in boxed if shapes[address] in of_articles}
    return by_url | boxed, boxed


def _may_be_article(element: etree._Element, address: str, url: str) -> bool:
    if not _NO_ARTICLE.isdisjoint(relations(element.get("rel"))):
        return False
    return address != url and not is_file(address) and not is_list(address)


def _boxed(links: Iterable[PlacedLink], is_box: Callable[[LinkBox], bool], shapes: Mapping[str, _Shape]) -> set[str]:
    """Return the targets of links whose boxes repeat in one place of the page, and are boxes of articles.

    Args:
        links: The links.
        is_box: Returns whether a box is one of an article.
        shapes: What the URL of each target is like.
    """
    rows: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for link in links:
        if link.box and not link.is_beside:
            row = rows[link.path]
            row[link.target] = row.get(link.target, False) or is_box(link.box)
    found: set[str] = set()
    alone: set[str] = set()
    for row in rows.values():
        targets = {target for target, is_good in row.items() if is_good}
        if len(row) < _FEWEST_BOXES:
            alone |= targets
        elif len(targets) * 2 > len(row):
            # The date of the last one may stand before it, in the box of another.
            found |= row.keys() if len(targets) >= len(row) - 1 else targets
    of_articles = {shapes[target] for target in found}
    # The first article often has a larger box of its own.
    return found | {target for target in alone if shapes[target] in of_articles}


def _is_card(box: LinkBox) -> bool:
    return box.has_date or box.has_image or box.letters >= _SHORTEST_TEASER


def _has_date(box: LinkBox) -> bool:
    return box.has_date


def _shape(address: str) -> _Shape:
    """Return what the URLs of a site's articles have in common: kinds of segments, ending, names of parameters."""
    _, _, path, query, _ = urlsplit(address)
    segments = [unquote(segment) for segment in path.split("/") if segment]
    last, dot, ending = segments[-1].rpartition(".") if segments else ("", "", "")
    kinds = tuple(map(_kind, segments[:-1])) + ((_kind(last if dot else segments[-1]),) if segments else ())
    return kinds, ending if dot else "", tuple(sorted(name for name, _ in parse_qsl(query)))


def _kind(segment: str) -> str:
    if segment.isdigit():
        return "year" if _YEAR.fullmatch(segment) else "number"
    return "name"
