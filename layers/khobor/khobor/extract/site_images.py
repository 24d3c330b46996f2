"""Which of the images that a page declares is one of the site, which all of its pages share."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.images import image_of
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import comparable

_ICONS = ("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon")
# What designers call a picture that stands where there is none.
_STAND_IN = re.compile(r"(?<![a-z])(?:default|placeholder|fallback|no[-_]?image|favicon)(?![a-z])", re.IGNORECASE)
_LOGO = re.compile(r"logo(?![a-z])", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+|%20")
_SHORTEST_NAME = 3
# The picture that leads to the home page is in one of the first links.
_MOST_LINKS = 30


def is_of_site(document: Document, url: str) -> bool:
    """Whether an image is the site's own: its logo, its icon, or one that stands where there is no picture.

    Args:
        document: The page that declares it.
        url: Its absolute URL.
    """
    name = urlsplit(url).path.rpartition("/")[2]
    if _STAND_IN.search(name) or _is_logo(document, name):
        return True
    return any(_path(each) == _path(url) for each in _images(document))


def _is_logo(document: Document, name: str) -> bool:
    """Whether a file is called a logo, of nothing or of the site: an article may be about the logo of another."""
    match = _LOGO.search(name)
    if match is None:
        return False
    owner = comparable(_NUMBERS.sub(" ", name[: match.start()])).replace(" ", "")
    return not owner or (len(owner) >= _SHORTEST_NAME and any(owner in site for site in document.site_names))


def _images(document: Document) -> Iterator[str]:
    """Yield the images that the page gives its site."""
    for icon in chain.from_iterable(map(document.linked, _ICONS)):
        yield document.resolve(icon.attrib.get("href")) or ""
    publisher = document.article.get("publisher")
    things = [publisher] if isinstance(publisher, dict) else []
    for thing in (*things, *map(document.thing, json_ld.ORGANIZATIONS)):
        yield document.resolve(json_ld.text(thing.get("logo"), "url")) or ""
    labels = SiteLabels(document)
    for link in document.elements("a")[:_MOST_LINKS]:
        if labels.is_home_link(link) and (image := image_of(document, link)):
            yield image.url


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].partition(":")[2]
