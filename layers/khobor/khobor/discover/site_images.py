"""Which images are of a site, as its home page, its lists and its feeds say, and how its articles learn it.

A theme declares one image for all pages that have none of their own. On the home page it is the site's, unless it is
that of an article that the page shows with its link. A home page's record keeps the marks of these images; they go with
the facts of each entry to the page of the article.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import islice
from typing import cast

from lxml import etree

from khobor.discover.html_page import HtmlPage
from khobor.discover.listing import Listing
from khobor.discover.url_filters import home_of
from khobor.entry_facts import MOST_SITE_IMAGES, EntryFacts, image_mark, read_facts, write_facts
from khobor.frontier.fetch_queue import Kind
from khobor.frontier.interface import KnownUrl, KnownUrls
from khobor.frontier.ownership import owns
from khobor.site import IMAGE_META
from khobor.sources.source import Source
from khobor.url import absolute_url, url_id

# What follows the name of an image in the name of a smaller one: bridge-300x200.jpg.
_SIZE = re.compile(r"[-_.]\d{2,4}(?:x\d{2,4}|w)$")
_BETWEEN_ADDRESSES = re.compile(r"[\s,]+")
# How often an image is searched for on a page, and how many elements around it may have the link.
_MOST_SHOWN = 10
_MOST_AROUND = 6
# So many entries do not have one image by chance, nor so great a part of a long list: one in _SHARE.
_FEWEST = 3
_SHARE = 20


def declared_images(page: HtmlPage, links: Mapping[etree._Element, str], articles: Collection[str]) -> tuple[str, ...]:
    """Return the images that a page of links declares, without those that it shows with an article.

    Args:
        page: The page.
        links: The address of each of its links.
        articles: Those that lead to articles.
    """
    images = tuple(dict.fromkeys(page.declared(IMAGE_META)))[:MOST_SITE_IMAGES]
    return tuple(image for image in images if not _is_of_article(page, image, links, articles))


def with_shared_images(listing: Listing) -> Listing:
    """Return a listing with the images that several of its entries state among those of the site.

    Args:
        listing: A feed or a sitemap.
    """
    counts = Counter(entry.facts.image for entry in listing.entries if entry.facts and entry.facts.image)
    fewest = max(_FEWEST, len(listing.entries) / _SHARE)
    shared = [image for image, count in counts.most_common(MOST_SITE_IMAGES) if count >= fewest]
    return replace(listing, site_images=(*listing.site_images, *shared)) if shared else listing


def site_marks(  # noqa: PLR0913, PLR0917 the parts of a listing
    urls: KnownUrls,
    source: Source,
    url: str,
    kind: Kind,
    parent: KnownUrl | None,
    listing: Listing,
    now: datetime,
) -> Callable[[], tuple[str, ...]]:
    """Return what looks up the marks of the images of a source's site, for the new articles of a listing.

    They are those of the listing, and those that the home page had when it was read last, which its record keeps. The
    links of an article have those that came with the article. A home page's own are recorded now.

    Args:
        urls: The known URLs.
        source: The source of the listing.
        url: The URL of the listing.
        kind: Its kind.
        parent: What is known of it.
        listing: Its contents.
        now: The time.
    """
    own = _own_marks(source, url, listing)
    home = home_of(source)
    is_home = home is not None and url_id(url) == url_id(home)
    if is_home and kind != "article":
        if parent and own != _recorded_marks(parent, source):
            urls.change(url, {"entry": write_facts(EntryFacts(site_images=own))}, now)
        return lambda: own

    @cache
    def marks() -> tuple[str, ...]:
        known = parent if home is None or kind == "article" else urls.get(home)
        return tuple(dict.fromkeys((*own, *_recorded_marks(known, source))))[:MOST_SITE_IMAGES]

    return marks


def _own_marks(source: Source, url: str, listing: Listing) -> tuple[str, ...]:
    """Return the marks of a listing's images, if a host of the source's site answered."""
    if not listing.site_images:
        return ()
    is_owner = owns(listing.location or url, absolute_url(f"https://{source.hosts[0]}/"), source.hosts)
    marks = dict.fromkeys(map(image_mark, listing.site_images)) if is_owner else ()
    return tuple(marks)[:MOST_SITE_IMAGES]


def _recorded_marks(known: KnownUrl | None, source: Source) -> tuple[str, ...]:
    is_same_source = known is not None and known.source in {None, source.name}
    facts = read_facts(known.entry) if known and is_same_source else None
    return facts.site_images if facts else ()


def _is_of_article(page: HtmlPage, image: str, links: Mapping[etree._Element, str], articles: Collection[str]) -> bool:
    """Whether a page shows an image in a link to an article, or in one box with such a link."""
    shown = islice(_shown(page, _name(image)), _MOST_SHOWN)
    return any(any(links.get(link) in articles for link in _links_around(element)) for element in shown)


def _shown(page: HtmlPage, name: str) -> Iterator[etree._Element]:
    """Yield the elements that show an image with a name, in any size."""
    for element in page.root.iter("img", "source"):
        for value in cast("list[str]", element.values()):
            # Other attributes, such as the class, may have the same word.
            if name in value and any(_name(each) == name for each in _addresses(value)):
                yield element
                break


def _addresses(value: str) -> Iterator[str]:
    return (each for each in _BETWEEN_ADDRESSES.split(value) if "/" in each or "." in each)


def _links_around(element: etree._Element) -> list[etree._Element]:
    """Return the link around an element, or those in the smallest box around it that has any."""
    for box in islice(element.iterancestors(), _MOST_AROUND):
        if found := list(box.iter("a", "area")):
            return found
    return []


def _name(address: str) -> str:
    """Return the name of an image's file, without its ending and its size."""
    file = address.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return _SIZE.sub("", file.rpartition(".")[0] or file)
