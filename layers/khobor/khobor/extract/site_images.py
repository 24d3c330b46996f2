"""Which of the images that a page declares is one of the site, which all of its pages share."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import chain, islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from khobor.entry_facts import image_mark
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.images import image_of
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import comparable
from khobor.site import image_identity

_ICONS = ("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon")
# Relations of the links to the other files that all pages share.
_FILES = frozenset({*_ICONS, "stylesheet", "manifest"})
# What designers call a picture that stands where there is none.
_STAND_IN = re.compile(r"(?<![a-z])(?:default|placeholder|fallback|no[-_]?image|favicon)(?![a-z])", re.IGNORECASE)
_LOGO = re.compile(r"logo(?![a-z])", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+|%20")
_SHORTEST_NAME = 3
# A name of the site is not longer than this many times the part of it that a file has.
_LONGER = 2
# The words beside the site's name say where the picture is shown.
_USES = re.compile(r"facebook|twitter|opengraph|social|media|shar(?:e|ed|ing)|card|image|cover|banner|header|online")
_WORD = re.compile(r"[^\W\d_]+")
# A word that the name of an image shares with the headline has so many letters.
_SHORTEST_WORD = 4
# The folders of a theme are not at the top of the site, where those of the articles may be: /css/ and /posts/.
_FEWEST_SLASHES = 4
# The picture that leads to the home page is in one of the first links.
_MOST_LINKS = 30
_CONTENT = frozenset({"article", "main"})
_FRAME = frozenset({"header", "footer", "nav", "aside"})
# How often an image is looked for on a page.
_MOST_SHOWN = 10


class SiteImages:
    """The images of a page's site.

    Args:
        document: The page.
        title: Its headline; None if it has none.
        marks: The marks of images that other pages of the site say are the site's, as ``image_mark`` returns them.
    """

    def __init__(self, document: Document, title: str | None, marks: Collection[str] = ()) -> None:
        self._document = document
        self._title = title
        self._marks = marks
        self._labels = SiteLabels(document)

    def has(self, url: str, own: Collection[str]) -> bool:
        """Whether an image is the site's own: its logo, its icon, or one that stands where there is no picture.

        Args:
            url: The absolute URL of an image that the article does not show.
            own: Those of the images that it shows.
        """
        name = _file_name(url)
        if _STAND_IN.search(name) or _is_logo(self._document, name) or image_identity(url) in self._declared:
            return True
        if self._is_about_article(name):
            return False
        has_sign = self._has_name_of_site(name) or self._is_described_as_site(url) or self._is_marked(url)
        return (has_sign or self._is_apart(url, own)) and not self._is_on_page(name)

    def _is_marked(self, url: str) -> bool:
        return bool(self._marks) and image_mark(url) in self._marks

    def is_of_design(self, url: str) -> bool:
        """Whether an image is in a folder of files that all pages share, such as style sheets and icons.

        Args:
            url: Its absolute URL.
        """
        folder = _folder(url)
        above, _, name = folder.rpartition("/")
        # The folders of uploads have dates and numbers.
        is_beside = above in self._themes and not any(map(str.isdigit, name))
        return folder in self._folders or folder in self._themes or is_beside

    @cached_property
    def _declared(self) -> frozenset[str]:
        return frozenset(image_identity(url) for url in self._images() if url)

    def _images(self) -> Iterator[str | None]:
        """Yield the images that the page gives its site."""
        document = self._document
        for icon in chain.from_iterable(map(document.linked, _ICONS)):
            yield document.resolve(icon.attrib.get("href"))
        publisher = document.article.get("publisher")
        things = [publisher] if isinstance(publisher, dict) else []
        for thing in (*things, *map(document.thing, json_ld.ORGANIZATIONS)):
            for name in ("logo", "image"):
                yield document.resolve(json_ld.text(thing.get(name), "url"))
        for link in document.elements("a")[:_MOST_LINKS]:
            if self._labels.is_home_link(link) and (image := image_of(document, link)):
                yield image.url

    def _is_about_article(self, name: str) -> bool:
        """Whether the name of a file shares a word with the headline or the address of the page."""
        words = {word for word in _words(name) if len(word) >= _SHORTEST_WORD}
        return not words.isdisjoint(self._words_of_article)

    @cached_property
    def _words_of_article(self) -> frozenset[str]:
        return frozenset(_words(f"{self._title or ''} {urlsplit(self._document.url or '').path}"))

    def _has_name_of_site(self, name: str) -> bool:
        """Whether a file has the site's name, and nothing else but where it is used."""
        stem, dot, _ = name.rpartition(".")
        words = [word for word in _words(stem) if len(word) >= _SHORTEST_NAME and not _USES.fullmatch(word)]
        own = comparable(" ".join(words)).replace(" ", "")
        return bool(dot and own) and any(
            site.startswith(own) or site.endswith(own)
            for site in self._document.site_names
            if len(own) * _LONGER >= len(site)
        )

    def _is_described_as_site(self, url: str) -> bool:
        """Whether the page describes the image that it declares with the site's name alone."""
        document = self._document
        for name in ("og:image", "twitter:image"):
            text = document.first_meta(f"{name}:alt")
            if text and document.resolve(document.first_meta(name)) == url:
                return self._labels.is_site(text, is_sure=True)
        return False

    def _is_apart(self, url: str, own: Collection[str]) -> bool:
        """Whether an image is in a folder of files that all pages share, and the article's images are in others."""
        path = _folder(url).removeprefix("//").partition("/")[2]
        return self.is_of_design(url) and not any(f"{_folder(each)}/".endswith(f"/{path}/") for each in own)

    @cached_property
    def _folders(self) -> frozenset[str]:
        document = self._document
        links = (link for link in document.elements("link") if not _FILES.isdisjoint((link.get("rel") or "").split()))
        return frozenset(_folder(url) for url in (document.resolve(link.get("href")) for link in links) if url)

    @cached_property
    def _themes(self) -> frozenset[str]:
        return frozenset(each.rpartition("/")[0] for each in self._folders if each.count("/") >= _FEWEST_SLASHES)

    def _is_on_page(self, name: str) -> bool:
        """Whether the page shows an image with the name of a file, besides in what frames all pages."""
        named = (image for image in self._document.elements("img") if name in "\n".join(map(str, image.values())))
        return any(not _is_in_frame(image) for image in islice(named, _MOST_SHOWN))


def _is_in_frame(image: etree._Element) -> bool:
    """Whether an image is in a header without a headline, a footer, a navigation or a side column of the page."""
    for box in image.iterancestors():
        if box.tag in _CONTENT:
            return False
        if box.tag in _FRAME:
            return next(box.iter("h1"), None) is None
    return False


def _is_logo(document: Document, name: str) -> bool:
    """Whether a file is called a logo, of nothing or of the site: an article may be about the logo of another."""
    match = _LOGO.search(name)
    if match is None:
        return False
    owner = comparable(_NUMBERS.sub(" ", name[: match.start()])).replace(" ", "")
    return not owner or (len(owner) >= _SHORTEST_NAME and any(owner in site for site in document.site_names))


def _words(text: str) -> list[str]:
    return _WORD.findall(unquote(text).casefold())


def _file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def _folder(url: str) -> str:
    """Return the folder of a file with its host, without the scheme and the last slash."""
    return url.partition("?")[0].partition("#")[0].partition(":")[2].rpartition("/")[0]
