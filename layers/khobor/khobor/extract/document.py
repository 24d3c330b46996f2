"""A parsed page: its selector, what many fields ask of it, and its layout."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from lxml import etree
from parsel import Selector, SelectorList

from khobor.errors import PermanentError
from khobor.extract import json_ld
from khobor.extract.layout import Layout
from khobor.extract.layout_reader import read_layout
from khobor.extract.microdata import Microdata
from khobor.extract.selection import first_text, items_of, select, selectors
from khobor.extract.text import clean, comparable, is_large, text_of
from khobor.html.charset import to_utf8
from khobor.html.handles import empty_handles
from khobor.html.streaming import TooManyPartsError, assemble
from khobor.html.tree import TOO_MANY_PARTS, parse_as_sent
from khobor.sources.jmespaths import is_jmespath
from khobor.url import LONGEST_BASE, absolute_url, canonical_url, host, without_credentials

_MARKUP = re.compile(r"<[^<>]*>")
_SEPARATORS = str.maketrans("", "", ":._- /")
# The HTTP headers in meta elements that say something about the article.
_HEADERS = frozenset({"content-language"})
# No news page has more. If headings are nested, the text of each includes all that follow.
_MOST_HEADINGS = 20
_MOST_MICRODATA = 200
# Tags whose elements are collected in one scan.
_COLLECTED_TAGS = ("a", "base", "h1", "img", "link", "meta", "script", "template", "time", "title")
# A rule asks larger JSON-LD nothing: JMESPath takes a microsecond for each value and part. News pages have hundreds.
_MOST_VALUES = 20_000


class Document:
    """A page, which is parsed once.

    A field asks it in the first of these ways that fits:

    1. What many fields ask is gathered once: ``meta``, ``linked``, ``microdata``, ``elements``, ``article``,
       ``structured_data``.
    2. ``named`` has the parts whose class says that they contain a field. Ask within them, as
       ``part.css("a::attr(href)")``.
    3. ``selector`` is the ``parsel.Selector`` of the whole page. Each query of it costs up to 0.05 of the parse.

    ``text_of(part.root)`` is the text of a part as a reader sees it. ``ask`` is for the rules of sources.

    >>> document = Document(b"<h1>Bridge <em>opens</em></h1>", "https://news.example/1")
    >>> document.selector.css("h1 ::text").getall()
    ['Bridge ', 'opens']

    Args:
        html: The page as fetched.
        url: Its URL, None if it is not known.
        content_type: Its Content-Type header, None if it is not known.

    Attributes:
        root: The root of the tree, which must not be changed.
        selector: The ``parsel.Selector`` of the tree.
        tree_problem: A slug that says why the tree is incomplete, None if it is complete.
        url: Its URL. It is set later if the page itself gives it.
    """

    def __init__(self, html: bytes, url: str | None, content_type: str | None = None) -> None:
        self.root, self.tree_problem = parse_as_sent(to_utf8(html, content_type))
        # A scan of the tree for templates alone takes 1 % of the time of an extraction.
        try:
            if assemble(self.root, self._elements["template"]):
                del self._elements
        except TooManyPartsError:
            self.tree_problem = self.tree_problem or TOO_MANY_PARTS
        empty_handles(self._elements["a"])
        self.selector = Selector(root=self.root, type="html")
        self.url = url

    @property
    def host(self) -> str | None:
        """The host of its URL, None if that is not known."""
        return _host(self.url) if self.url else None

    def ask(self, rule: str) -> SelectorList[Selector]:
        """Return what a source's rule selects: a CSS selector or an XPath in the page, a JMESPath in its JSON-LD."""
        return select(self.selector, rule, self._asked_data if is_jmespath(rule) else ())

    def select_all(self, rule: str) -> list[etree._Element | str]:
        """Return the elements that a source's rule selects, and the texts of everything else, in document order."""
        return list(items_of(self.ask(rule)))

    def select(self, rule: str) -> list[etree._Element]:
        """Return the elements of ``select_all``."""
        return [item for item in self.select_all(rule) if not isinstance(item, str)]

    def select_texts(self, rule: str) -> list[str]:
        """Return the texts of what a source's rule selects, without empty ones."""
        selected = self.select_all(rule)
        return list(filter(None, (clean(item) if isinstance(item, str) else text_of(item) for item in selected)))

    def first_text(self, rule: str) -> str | None:
        """Return the first text, not empty, of what a source's rule selects; None if there is none.

        The texts of one element, which ``::text`` selects one by one, are joined.
        """
        return first_text(self.select_all(rule))

    def elements(self, tag: str) -> Sequence[etree._Element]:
        """Return all elements with a tag of ``_COLLECTED_TAGS``, in order."""
        return self._elements[tag]

    @cached_property
    def _elements(self) -> Mapping[str, list[etree._Element]]:
        # One scan for all tags takes no longer than one for two tags.
        elements: dict[str, list[etree._Element]] = {tag: [] for tag in _COLLECTED_TAGS}
        for element in self.root.iter(*_COLLECTED_TAGS):
            elements[element.tag].append(element)
        return elements

    def linked(self, relation: str) -> SelectorList[Selector]:
        """Return the ``link`` elements, then the ``a`` elements, with a relation such as ``canonical``."""
        return selectors(self._linked.get(relation, ()))

    @cached_property
    def _linked(self) -> Mapping[str, list[etree._Element]]:
        linked: dict[str, list[etree._Element]] = {}
        for element in chain(self.elements("link"), self.elements("a")):
            if names := element.get("rel"):
                for relation in _relations(names):
                    linked.setdefault(relation, []).append(element)
        return linked

    def resolve(self, reference: str | None) -> str | None:
        """Return a reference as an absolute URL without credentials, None if it is not an http or https URL."""
        if not reference or not reference.strip():
            return None
        try:
            return without_credentials(reference.strip(), self.base)
        except PermanentError:
            return None

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """The contents of meta elements by name or property, in lower case."""
        contents: dict[str, list[str]] = {}
        for element in self.elements("meta"):
            name = (element.get("property") or element.get("name") or self._other_name(element)).lower()
            content = clean(element.get("content"))
            if name and content:
                contents.setdefault(name, []).append(content)
        return {name: tuple(values) for name, values in contents.items()}

    def _other_name(self, element: etree._Element) -> str:
        """Return the name of a meta element with a header, or with a property in microdata; else an empty text."""
        header = (element.get("http-equiv") or "").lower()
        if header in _HEADERS:
            return header
        name = element.get("itemprop") or ""
        return name if name and self._microdata.is_own(element) else ""

    @cached_property
    def plain_meta(self) -> Mapping[str, tuple[str, ...]]:
        """The contents of meta elements by name without separators, which differ from site to site."""
        contents: dict[str, list[str]] = {}
        for name, values in self.meta.items():
            contents.setdefault(_without_separators(name), []).extend(values)
        return {name: tuple(values) for name, values in contents.items()}

    def first_meta(self, *names: str) -> str | None:
        """Return the content of the first of these meta elements that the page has, None if it has none."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @cached_property
    def things(self) -> tuple[json_ld.Thing, ...]:
        """The things that the page's JSON-LD describes."""
        return tuple(json_ld.things_in(self._values))

    @cached_property
    def structured_data(self) -> SelectorList[Selector]:
        """The values of the page's JSON-LD, each as a selector for JMESPath.

        >>> html = b'<script type="application/ld+json">{"author": {"name": "A. Rahman"}}</script>'
        >>> Document(html, None).structured_data.jmespath("author.name").getall()
        ['A. Rahman']
        """
        return SelectorList(Selector(root=value, type="json") for value in self._values)

    @cached_property
    def _asked_data(self) -> SelectorList[Selector]:
        is_small = sum(map(json_ld.count, self._values)) <= _MOST_VALUES
        return self.structured_data if is_small else SelectorList()

    @cached_property
    def _values(self) -> list[Any]:
        return list(chain.from_iterable(self._values_by_script.values()))

    def has_json_ld_in(self, script: etree._Element) -> bool:
        """Whether a script contains JSON-LD that can be read."""
        return bool(self._values_by_script.get(script))

    @cached_property
    def _values_by_script(self) -> Mapping[etree._Element, list[Any]]:
        scripts = filter(json_ld.is_json_ld, self.elements("script"))
        return {script: json_ld.values([script.text or ""]) for script in scripts}

    @cached_property
    def article(self) -> json_ld.Thing:
        """The article that the page's JSON-LD describes; empty if there is none.

        Of several, one with the page's address or title is preferred, then the one with the most properties.
        """
        articles = [thing for thing in self.things if json_ld.is_article(thing)]
        if not articles[1:]:
            return next(iter(articles), {})
        return max(articles, key=lambda thing: (self._is_of_page(thing), "headline" in thing, len(thing)))

    def _is_of_page(self, article: json_ld.Thing) -> bool:
        """Whether an article has the address or the title that the page declares as its own."""
        addresses, titles = self._own_addresses_and_titles
        values = (article.get("url"), article.get("mainEntityOfPage"), article.get("@id"))
        theirs = {self._canonical(address) for value in values for address in json_ld.texts(value, "@id")}
        return not addresses.isdisjoint(theirs) or comparable(json_ld.text(article.get("headline"))) in titles

    @cached_property
    def _own_addresses_and_titles(self) -> tuple[set[str], set[str]]:
        """The addresses and the titles that the page declares as its own."""
        links = [link.attrib.get("href") for link in self.linked("canonical") if link.root.tag == "link"]
        addresses = {self._canonical(address) for address in (self.url, *self.meta.get("og:url", ()), *links)}
        titles = {comparable(title) for title in (self.first_meta("og:title"), *self.headings[:1])}
        return {address for address in addresses if address}, titles - {""}

    def _canonical(self, reference: str | None) -> str | None:
        url = self.resolve(reference)
        return canonical_url(url) if url else None

    def is_own(self, reference: str | None) -> bool:
        """Whether a reference leads to the page itself."""
        return self._canonical(reference) in self._own_addresses_and_titles[0]

    @property
    def is_declared_article(self) -> bool:
        """Whether the metadata of the page say that it is an article."""
        kind = self.first_meta("og:type") or ""
        return bool(self.article) or kind == "article" or "article:published_time" in self.meta

    def thing(self, kind: str) -> json_ld.Thing:
        """Return the first thing of a type such as BreadcrumbList; empty if there is none."""
        return self._first_things.get(kind, {})

    @cached_property
    def _first_things(self) -> Mapping[str, json_ld.Thing]:
        first: dict[str, json_ld.Thing] = {}
        for thing in self.things:
            for kind in json_ld.types(thing):
                first.setdefault(kind, thing)
        return first

    @cached_property
    def descriptions(self) -> frozenset[str]:
        """The page's descriptions of itself as ``comparable`` returns them."""
        texts = [json_ld.text(self.article.get("description"))]
        texts += [self.first_meta(name) for name in ("og:description", "description", "twitter:description")]
        return frozenset(filter(None, map(comparable, texts)))

    @cached_property
    def article_body(self) -> str:
        """The articleBody of JSON-LD as ``comparable`` returns it; empty if there is none."""
        text = " ".join(json_ld.texts(self.article.get("articleBody")))
        return comparable(_MARKUP.sub(" ", text) if "<" in text else text)

    @property
    def base(self) -> str | None:
        """The URL that references are relative to: the page's own, or that of a base element, if it is not too long."""
        if self._declared_base is None:
            return self.url
        try:
            declared = absolute_url(self._declared_base, self.url)
        except PermanentError:
            return self.url
        return declared if len(declared) <= LONGEST_BASE else self.url

    @cached_property
    def layout(self) -> Layout:
        """The boxes of the page and the text in them."""
        return read_layout(self.root)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the first-level headings, _MOST_HEADINGS at most."""
        return tuple(filter(None, map(text_of, self.elements("h1")[:_MOST_HEADINGS])))

    @cached_property
    def head_title(self) -> str | None:
        """The text of the title element, including the site's name."""
        return next(filter(None, map(text_of, self.elements("title"))), None)

    def named(self, meaning: int) -> SelectorList[Selector]:
        """Return the elements of the article whose class or id has a meaning, in document order, without large ones.

        Args:
            meaning: A bit of ``class_names``.
        """
        named = (each for each in self.layout.named if each.meaning & meaning and not each.box.is_unrelated)
        return selectors(each.element for each in named if not is_large(each.element))

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The names of the site as ``comparable`` returns them, without spaces. They are neither authors nor topics."""
        publisher = self.article.get("publisher")
        names = [*json_ld.texts(publisher), self.first_meta("og:site_name"), self.first_meta("application-name")]
        names += [name for kind in json_ld.ORGANIZATIONS for name in json_ld.texts(self.thing(kind).get("name"))]
        if self.host:
            site = self.host.removeprefix("www.")
            names += [site, site.partition(".")[0]]
        return frozenset(comparable(name).replace(" ", "") for name in names) - {""}

    def microdata(self, name: str) -> SelectorList[Selector]:
        """Return the elements with a property of the page's article in microdata, in document order.

        Large elements are left out, and all after the first _MOST_MICRODATA.
        """
        found = self._microdata.properties.get(name, [])[:_MOST_MICRODATA]
        return selectors(element for element in found if not is_large(element))

    @cached_property
    def _microdata(self) -> Microdata:
        return Microdata(self.root, self.elements("h1"))

    @cached_property
    def _declared_base(self) -> str | None:
        return next((element.get("href") for element in self.elements("base") if element.get("href")), None)


# A page's own host is asked for many times.
_host = lru_cache(maxsize=64)(host)


@lru_cache(maxsize=1024)
def _relations(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.lower().split()))


@lru_cache(maxsize=1024)
def _without_separators(name: str) -> str:
    return name.translate(_SEPARATORS)
