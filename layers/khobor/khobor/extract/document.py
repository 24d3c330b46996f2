"""A page, parsed once: its tree, and what it says of itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from lxml import etree

from khobor.errors import PermanentError
from khobor.extract import json_ld
from khobor.extract.layout import Layout, read_layout
from khobor.extract.selection import elements_with, first_text, select
from khobor.extract.text import clean, comparable, is_large, text_of
from khobor.html.charset import to_utf8
from khobor.html.tree import parse
from khobor.url import absolute_url, canonical_url, host, without_credentials

_MARKUP = re.compile(r"<[^<>]*>")
_SEPARATORS = str.maketrans("", "", ":._- /")
_ORGANIZATIONS = ("NewsMediaOrganization", "Organization", "WebSite")
# Of the headers that a page repeats in its markup, this one tells something of the article.
_HEADERS = frozenset({"content-language"})
# No page of news has as many; where they stand within one another, each has the text of all that follow.
_MOST_HEADINGS = 20
_MOST_MICRODATA = 200
# Tags of which all elements are looked at.
_SOUGHT = ("a", "base", "h1", "img", "link", "meta", "script", "title")
# Attributes, because a predicate on every element takes longer; a step from them to their elements is quadratic.
_PROPERTIES = etree.XPath("descendant-or-self::*/@itemprop")
_TYPES = etree.XPath("descendant-or-self::*/@itemtype")


class Document:
    """One page.

    Args:
        html: The page as it came.
        url: Where it came from, if that is known.
        content_type: Its Content-Type header, if that is known.

    Attributes:
        root: The tree; nobody changes it.
        lack: Why the tree is not that of the whole page, as a slug; None where it is.
        url: Where the page came from; may be set when the page itself tells.
    """

    def __init__(self, html: bytes, url: str | None, content_type: str | None = None) -> None:
        self.root, self.tree_problem = parse(to_utf8(html, content_type))
        self.url = url

    @property
    def host(self) -> str | None:
        """The host that the page came from, if that is known."""
        return host(self.url) if self.url else None

    def select_all(self, selector: str) -> list[etree._Element | str]:
        """Return what a source's CSS selector or XPath selects, elements, attributes or texts, in the page's order."""
        return select(self.root, selector)

    def select(self, selector: str) -> list[etree._Element]:
        """Return the elements of ``select_all``."""
        return [found for found in self.select_all(selector) if not isinstance(found, str)]

    def elements(self, tag: str) -> Sequence[etree._Element]:
        """Return the elements of one of the tags that are looked for all over the page, in the page's order."""
        return self._elements[tag]

    @cached_property
    def _elements(self) -> Mapping[str, list[etree._Element]]:
        # One scan for all of them takes no longer than for two.
        found: dict[str, list[etree._Element]] = {tag: [] for tag in _SOUGHT}
        for element in self.root.iter(*_SOUGHT):
            found[element.tag].append(element)
        return found

    def select_texts(self, selector: str) -> list[str]:
        """Return the texts of what a source's selector selects, elements, attributes or texts; none is empty."""
        found = self.select_all(selector)
        return list(filter(None, (clean(item) if isinstance(item, str) else text_of(item) for item in found)))

    def first_text(self, selector: str) -> str | None:
        """Return the text of the first thing that a selector selects and that has any; None where there is none.

        Of an element's own texts, which ``::text`` selects one by one, it is all of them.
        """
        return first_text(self.select_all(selector))

    def resolve(self, reference: str | None) -> str | None:
        """Return a reference of the page as an absolute URL without credentials, None if it is no http or https URL."""
        if not reference or not reference.strip():
            return None
        try:
            return without_credentials(reference.strip(), self.base)
        except PermanentError:
            return None

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """The contents of meta elements by their name or property, in lower case."""
        found: dict[str, list[str]] = {}
        for element in self.elements("meta"):
            name = (element.get("property") or element.get("name") or self._other_name(element)).lower()
            content = clean(element.get("content"))
            if name and content:
                found.setdefault(name, []).append(content)
        return {name: tuple(contents) for name, contents in found.items()}

    def _other_name(self, element: etree._Element) -> str:
        """Return the name of a meta element that repeats a header, or gives a property in microdata."""
        header = (element.get("http-equiv") or "").lower()
        if header in _HEADERS:
            return header
        name = element.get("itemprop") or ""
        return name if name and self._is_own(element) else ""

    @cached_property
    def plain_meta(self) -> Mapping[str, tuple[str, ...]]:
        """The same by the letters of their names: separators differ from site to site."""
        found: dict[str, list[str]] = {}
        for name, contents in self.meta.items():
            found.setdefault(_plain(name), []).extend(contents)
        return {name: tuple(contents) for name, contents in found.items()}

    def first_meta(self, *names: str) -> str | None:
        """Return the first content of the first of these meta elements that is there."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @cached_property
    def things(self) -> tuple[json_ld.Thing, ...]:
        """What the page's JSON-LD describes."""
        return tuple(json_ld.things(self._scripts()))

    @cached_property
    def article(self) -> json_ld.Thing:
        """The article that the page's JSON-LD describes; empty if there is none.

        Of several it is the one that has the page's address or title, then the one with the most to say.
        """
        articles = [thing for thing in self.things if json_ld.is_article(thing)]
        if not articles[1:]:
            return next(iter(articles), {})
        return max(articles, key=lambda thing: (self._is_of_page(thing), "headline" in thing, len(thing)))

    def _is_of_page(self, article: json_ld.Thing) -> bool:
        """Whether an article has the address or the title that the page declares for itself."""
        addresses, titles = self._declared_of_itself
        said = (article.get("url"), article.get("mainEntityOfPage"), article.get("@id"))
        theirs = {self._canonical(address) for value in said for address in json_ld.texts(value, "@id")}
        return not addresses.isdisjoint(theirs) or comparable(json_ld.text(article.get("headline"))) in titles

    @cached_property
    def _declared_of_itself(self) -> tuple[set[str], set[str]]:
        """The addresses and the titles that the page declares for itself."""
        links = [link.get("href") for link in self.elements("link") if "canonical" in (link.get("rel") or "").split()]
        addresses = {self._canonical(address) for address in (self.url, *self.meta.get("og:url", ()), *links)}
        titles = {comparable(title) for title in (self.first_meta("og:title"), *self.headings[:1])}
        return {address for address in addresses if address}, titles - {""}

    def _canonical(self, reference: str | None) -> str | None:
        url = self.resolve(reference)
        return canonical_url(url) if url else None

    def thing(self, kind: str) -> json_ld.Thing:
        """Return the first thing of a type such as BreadcrumbList; empty if there is none."""
        return next((thing for thing in self.things if kind in json_ld.types(thing)), {})

    @cached_property
    def descriptions(self) -> frozenset[str]:
        """What the page says of itself in a few sentences, as ``comparable`` gives it."""
        said = [json_ld.text(self.article.get("description"))]
        said += [self.first_meta(name) for name in ("og:description", "description", "twitter:description")]
        return frozenset(filter(None, map(comparable, said)))

    @cached_property
    def article_body(self) -> str:
        """The text of the article as JSON-LD has it, as ``comparable`` gives it; empty where it has none."""
        text = " ".join(json_ld.texts(self.article.get("articleBody")))
        return comparable(_MARKUP.sub(" ", text) if "<" in text else text)

    @property
    def base(self) -> str | None:
        """What references are relative to: the URL, or what a base element says."""
        if self._declared_base is None:
            return self.url
        try:
            return absolute_url(self._declared_base, self.url)
        except PermanentError:
            return self.url

    @cached_property
    def layout(self) -> Layout:
        """Its boxes and the text in them."""
        return read_layout(self.root)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the first-level headings, of the first ones where there are very many."""
        return tuple(filter(None, map(text_of, self.elements("h1")[:_MOST_HEADINGS])))

    @cached_property
    def head_title(self) -> str | None:
        """The text of the title element, with the site's name and all."""
        return next(filter(None, map(text_of, self.elements("title"))), None)

    def named(self, meaning: int) -> Iterator[etree._Element]:
        """Yield the elements of the article whose names have a meaning, a bit of ``names``, in the page's order.

        Large elements are left out.
        """
        named = (each for each in self.layout.named if each.meaning & meaning and not each.box.is_unrelated)
        return (each.element for each in named if not is_large(each.element))

    @cached_property
    def site_names(self) -> frozenset[str]:
        """What the site is called, as ``comparable`` gives it and without spaces: no author and no topic."""
        publisher = self.article.get("publisher")
        names = [*json_ld.texts(publisher), self.first_meta("og:site_name"), self.first_meta("application-name")]
        names += [name for kind in _ORGANIZATIONS for name in json_ld.texts(self.thing(kind).get("name"))]
        if self.host:
            site = self.host.removeprefix("www.")
            names += [site, site.partition(".")[0]]
        return frozenset(comparable(name).replace(" ", "") for name in names) - {""}

    def microdata(self, name: str) -> list[etree._Element]:
        """Return the elements that give a property of the page's article in microdata, in the page's order.

        Large elements are left out, and all but the first ones where there are very many.
        """
        return [element for element in self._microdata.get(name, [])[:_MOST_MICRODATA] if not is_large(element)]

    @cached_property
    def _microdata(self) -> Mapping[str, list[etree._Element]]:
        found: dict[str, list[etree._Element]] = {}
        for element in elements_with(_PROPERTIES, self.root):
            if self._is_own(element):
                for name in dict.fromkeys((element.get("itemprop") or "").split()):
                    found.setdefault(name, []).append(element)
        return found

    def _is_own(self, element: etree._Element) -> bool:
        """Whether a property in microdata is the article's: not that of a picture in it, nor of another article."""
        owner = next((around for around in element.iterancestors() if around.get("itemscope") is not None), None)
        if next(element.iterancestors("figcaption"), None) is not None:
            return False
        if owner is None or owner is self._scope:
            return True
        if self._scope is None:
            return owner.get("itemprop") is None
        return owner in self._scope.iterancestors()

    @cached_property
    def _scope(self) -> etree._Element | None:
        """The element that is the page's article in microdata: the one with a headline, else the first."""
        scopes = [
            element
            for element in elements_with(_TYPES, self.root)
            if element.get("itemscope") is not None and json_ld.is_article({"@type": element.get("itemtype")})
        ]
        return next((scope for scope in scopes if next(scope.iter("h1"), None) is not None), next(iter(scopes), None))

    @cached_property
    def _declared_base(self) -> str | None:
        return next((element.get("href") for element in self.elements("base") if element.get("href")), None)

    def _scripts(self) -> Iterator[str]:
        for element in self.elements("script"):
            if "ld+json" in (element.get("type") or "").lower():
                yield element.text or ""


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.translate(_SEPARATORS)
