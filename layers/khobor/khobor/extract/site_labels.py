"""What a page calls its site and its sections. Titles lose these names at their ends."""

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote, urlsplit

from lxml import etree

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.text import UNSPACED_SCRIPTS, comparable, is_large, text_of
from khobor.extract.vocabulary import comparable_words

# A longer text is not the name of a site or a section.
_LONGEST = 60
_MOST_WORDS = 5
_MOST_WORDS_OF_SECTION = 3
# The host's name is one word of a headline, too.
_MOST_WORDS_WITH_HOST = 3
_LONGEST_UNSPACED = 12
_LONGEST_SECTION_UNSPACED = 6
# A shorter name may be part of another word.
_SHORTEST_NAME = 3
_SHORTEST_PART = 4
# A name that contains another is the same if it is not longer than this many times the other.
_LONGER = 2
# The links to the home page and to the sections are among the first.
_MOST_LINKS = 300
_META = ("application-name", "apple-mobile-web-app-title", "al:ios:app_name", "al:android:app_name", "twitter:site",
         "og:site", "site_name", "sitename", "copyright", "dc.publisher", "citation_journal_title")  # fmt: skip
_FEEDS = ("rss+xml", "atom+xml")
_FEED_SIGN = re.compile(r"\s?[»›|]\s?|\s[-–—]\s|:\s")
# The length of a top-level domain of a country.
_COUNTRY = 2
_HOME_PATHS = frozenset({"/", ".", "./", "..", "../", "/#", "/index.html", "/index.php", "/home"})
# The address of a home page is not longer.
_LONGEST_ADDRESS = 80
_MOST_SLASHES = 3


class SiteLabels:
    """The names of a page's site and of its sections.

    Args:
        document: The page.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def is_site(self, text: str, *, is_sure: bool = False) -> bool:
        """Whether a short text is a name of the site, as the page, its address or its links to the home page say.

        Args:
            text: The text.
            is_sure: Whether it must be exactly such a name.
        """
        name = comparable(text)
        words = name.split()
        if not words or len(name) > _LONGEST:
            return False
        joined = name.replace(" ", "")
        if joined in self._names or is_sure:
            return joined in self._names
        if _is_long(name):
            return False
        return any(_contains(joined, other) for other in self._names) or self._is_of_host(words)

    def is_section(self, text: str) -> bool:
        """Whether a short text is a name of a section, as the page, its address or its menus say."""
        name = comparable(text)
        is_short = len(name.split()) <= _MOST_WORDS_OF_SECTION and (
            not UNSPACED_SCRIPTS.match(name) or len(name) <= _LONGEST_SECTION_UNSPACED
        )
        return bool(name) and is_short and (name in self._sections or name in self._linked)

    def is_home_link(self, link: etree._Element) -> bool:
        """Whether a link leads to the home page of the site."""
        return self._is_home(link.get("href")) or link in self._marked_as_home

    @cached_property
    def _marked_as_home(self) -> frozenset[etree._Element]:
        return frozenset(link.root for link in self._document.linked("home"))

    def _is_home(self, reference: str | None) -> bool:
        # Most links lead elsewhere, so these checks come first.
        if not reference or len(reference) > _LONGEST_ADDRESS or reference.count("/") > _MOST_SLASHES:
            return False
        reference = reference.strip()
        _, slashes, rest = reference.partition("//")
        if reference.startswith("."):
            # What such a reference leads to depends on the page that it is on: "." is a page that ends in a slash.
            reference = urlsplit(self._document.resolve(reference) or reference).path
        if not slashes:
            return reference in _HOME_PATHS
        host, _, path = rest.partition("/")
        if f"/{path}" not in _HOME_PATHS:
            return False
        host = host.lower()
        return host == self._document.host or not _owners(host).isdisjoint(self._owners)

    def _is_of_host(self, words: list[str]) -> bool:
        """Whether the host's name is one of these words, or consists of their initials."""
        initials = "".join(word[0] for word in words)
        return any(
            (label in words and len(words) <= _MOST_WORDS_WITH_HOST)
            or (len(words) > 1 and label in (initials, initials[1:]))
            # "U.S. Small Business Administration" at sba.gov
            or (len(label) >= _SHORTEST_NAME and len(words) > len(label) and initials.endswith(label))
            for label in self._owners
        )

    @cached_property
    def _owners(self) -> frozenset[str]:
        return _owners(self._document.host or "")

    @cached_property
    def _names(self) -> frozenset[str]:
        names = [comparable(text) for text in self._texts_of_site()]
        homes = comparable_words("sections", "homes")
        own = {name.replace(" ", "") for name in names if name not in homes}
        return frozenset(own | self._document.site_names) - {""} - self._long_titles

    @cached_property
    def _long_titles(self) -> frozenset[str]:
        """The titles of the page that are too long for a name. Some pages call their site as the article is called."""
        titles = (comparable(text) for text in (*self._document.headings, self._document.first_meta("og:title")))
        return frozenset(title.replace(" ", "") for title in titles if _is_long(title))

    def _texts_of_site(self) -> Iterator[str]:
        document = self._document
        for name in _META:
            yield from document.meta.get(name, ())
        for link in document.elements("link"):
            # A feed is called after its site: "The Daily Test » Feed".
            if (link.get("type") or "").endswith(_FEEDS) and (title := link.get("title")):
                yield _FEED_SIGN.split(title, 1)[0]
        marked = self._marked_as_home
        for link in document.elements("a")[:_MOST_LINKS]:
            if (self._is_home(link.get("href")) or link in marked) and not is_large(link):
                yield text_of(link)
                yield link.get("title") or link.get("aria-label") or ""
                yield from (image.get("alt") or "" for image in link.iter("img"))

    @cached_property
    def _sections(self) -> frozenset[str]:
        document = self._document
        names = list(json_ld.texts(document.article.get("articleSection")))
        for name in ("articlesection", "section", "parselysection"):
            names += document.plain_meta.get(name, ())
        crumbs = document.thing("BreadcrumbList").get("itemListElement")
        names += json_ld.texts(crumbs) if isinstance(crumbs, list) else ()
        names += [unquote(part).replace("-", " ") for part in urlsplit(document.url or "").path.split("/")[1:-1]]
        return frozenset(filter(None, map(comparable, names)))

    @cached_property
    def _linked(self) -> frozenset[str]:
        """The short texts of links, such as those of menus."""
        links = self._document.elements("a")[:_MOST_LINKS]
        texts = (text_of(link) for link in links if not is_large(link))
        return frozenset(comparable(text) for text in texts if len(text) <= _LONGEST)


def _is_long(name: str) -> bool:
    """Whether a text, as ``comparable`` returns it, is too long to be the name of a site."""
    return len(name.split()) > _MOST_WORDS or (
        UNSPACED_SCRIPTS.match(name) is not None and len(name.replace(" ", "")) > _LONGEST_UNSPACED
    )


def _owners(host: str) -> frozenset[str]:
    """Return the parts of a host that name its owner: the one before the top-level domain, or before co.uk."""
    labels = host.split(".")
    of_owner = labels[-2:-1]
    if len(labels[-1]) == _COUNTRY and len("".join(of_owner)) <= _SHORTEST_NAME:
        of_owner += labels[-3:-2]
    return frozenset(label for label in of_owner if len(label) >= _SHORTEST_NAME)


def _contains(one: str, other: str) -> bool:
    """Whether one of two names without spaces begins or ends with the other, and is not much longer."""
    short, long = sorted((one, other), key=len)
    shortest = 2 if UNSPACED_SCRIPTS.match(short) else _SHORTEST_PART
    return (
        len(short) >= shortest
        and len(long) <= _LONGER * len(short)
        and (long.startswith(short) or long.endswith(short))
    )
