"""Reads the XML of feeds and sitemaps as a flat sequence of records, to the end even if it is broken.

No tree is built: the parser reports events, and each record is passed on as soon as it ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from lxml import etree

from khobor.discover.references import resolve
from khobor.discover.safe_markup import describe_document, find_root, safe_markup
from khobor.url import LONGEST_BASE

# Prefixes that documents use without declaring them. Prefixes whose elements are not read are listed too: otherwise
# media:title would count as a title.
_USUAL_PREFIXES = {
    "a10": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_WRAPPER_NAME = "all"
_WRAPPER = _WRAPPER_NAME + "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _USUAL_PREFIXES.items())
# Patterns of namespaces: versions, hosts and trailing slashes differ from document to document.
_NAMESPACES = (
    (re.compile(r"purl\.org/dc/"), "dc:"),
    (re.compile(r"sitemap-news"), "news:"),
    (re.compile(r"sitemap-image"), "image:"),
    (re.compile(r"search\.yahoo\.com/mrss"), "media:"),
    (re.compile(r"feedburner"), "feedburner:"),
    (re.compile(r"prismstandard|purl\.org/rss/1\.0/modules/prism"), "prism:"),
    (re.compile(r"w3\.org/2005/Atom|purl\.org/atom|purl\.org/rss/1\.0/?$|/rdf/simple/|backend\.userland\.com"), ""),
    (re.compile(r"sitemaps\.org|google\.com/schemas/sitemap/|22-rdf-syntax-ns"), ""),
)
# In an Atom entry, these describe the feed that the entry was copied from, and who helped the authors.
_OF_OTHERS = frozenset({"source", "contributor"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Elements of one name in a record that are kept; a real record has one or a few of each.
_MOST_FIELDS = 50
# Four times the elements of a sitemap with the most pages that the protocol allows, and an image for each.
_MOST_ELEMENTS = 1_500_000


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a record: its text, its attributes, and the base URL of its references."""

    text: str
    attributes: dict[str, str]
    base: str


@dataclass(slots=True)
class Record:
    """An ``item``, ``entry``, ``url`` or ``sitemap`` element; without a name, the elements outside of all of them."""

    name: str = ""
    fields: dict[str, list[Element]] = field(default_factory=dict)

    def text(self, *names: str) -> str | None:
        """Return the text of the first of these elements that has one."""
        elements = (element for name in names for element in self.fields.get(name, ()))
        return next((element.text for element in elements if element.text), None)


@dataclass(frozen=True, slots=True)
class Outline:
    """The result of reading a document, besides its records.

    Attributes:
        root: The name of the outermost known element in lower case; None if there is none.
        head: The elements outside of the records.
        problem: The problem with the document, for people; None if there is none.
    """

    root: str | None
    head: Record
    problem: str | None


def read_markup(
    data: bytes,
    url: str,
    record_names: frozenset[str],
    field_names: frozenset[str],
    on_record: Callable[[Record, Record], None],
) -> Outline:
    """Read a document in UTF-8, record by record.

    Names are in lower case. Elements of the namespaces ``dc:``, ``news:``, ``image:``, ``media:``, ``prism:`` and
    ``feedburner:`` have that prefix, those of feeds and sitemaps have none.

    Args:
        data: The document.
        url: The URL of the document.
        record_names: The names of the elements that are records.
        field_names: The names of the elements that are kept.
        on_record: Called with each record, and with the elements outside of all records so far.
    """
    root = find_root(data)
    if root is None:
        return Outline(None, Record(), describe_document(data))
    lines_before = data.count(b"\n", 0, root.start())
    reader = _RecordTarget(url, record_names, field_names, on_record)
    # The wrapper is the one root element of documents that have none, or several.
    wrapped = b"<%s>%s</%s>" % (_WRAPPER.encode(), safe_markup(data, root.start()), _WRAPPER_NAME.encode())
    parser = _parser(reader)
    try:
        etree.fromstring(wrapped, parser)
    except _TooManyElementsError:
        problem: str | None = f"this has over {_MOST_ELEMENTS:,} elements; the rest is not read"
    else:
        problem = _syntax_problem(parser, lines_before)
    return Outline(root[1].decode().lower(), reader.head, problem)


def _parser(reader: "_RecordTarget") -> etree.XMLParser:
    """Return a parser that recovers from errors, and reports its events to a reader."""
    return etree.XMLParser(
        # According to the stubs a target takes bytes; lxml always passes str.
        target=cast("etree.ParserTarget", reader),
        recover=True,
        huge_tree=True,
        # Without "internal", lxml reports &amp; in an attribute as &#38;. ``safe_markup`` removes document types, so
        # only the five entities of XML itself are left to resolve.
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only True and False
        no_network=True,
        encoding="utf-8",
    )


class _TooManyElementsError(Exception):
    """Ends the reading of a document with too many elements."""


class _RecordTarget:
    """The target of lxml's parser. An element that is not closed ends at the next known one."""

    def __init__(
        self,
        url: str,
        record_names: frozenset[str],
        field_names: frozenset[str],
        on_record: Callable[[Record, Record], None],
    ) -> None:
        self.head = Record()
        self._record_names, self._field_names, self._on_record = record_names, field_names, on_record
        self._record: Record | None = None
        self._open: tuple[str, dict[str, str]] | None = None
        self._texts: list[str] = []
        # The base URL of each open element.
        self._bases = [url]
        self._root_namespace: str | None = None
        self._is_of_other = False
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise _TooManyElementsError
        base = self._bases[-1]
        own = resolve(attributes.get(_BASE), base)
        self._bases.append(own if own and len(own) <= LONGEST_BASE else base)
        if self._root_namespace is None and tag != _WRAPPER_NAME:
            # Split at the last brace, because a namespace may contain one.
            self._root_namespace = tag.rpartition("}")[0].removeprefix("{")
        name = _plain_name(tag, self._root_namespace)
        if name in self._record_names:
            self._end_record()
            self._record = Record(name)
        elif name in _OF_OTHERS:
            self._is_of_other = True
        elif name in self._field_names and not self._is_of_other:
            self._end_field()
            self._open = (name, dict(attributes))

    def data(self, text: str) -> None:
        if self._open:
            self._texts.append(text)

    def end(self, tag: str) -> None:
        name = _plain_name(tag, self._root_namespace)
        if self._open and name == self._open[0]:
            self._end_field()
        elif name in _OF_OTHERS:
            self._is_of_other = False
        elif name in self._record_names:
            self._end_record()
        if self._bases[1:]:
            self._bases.pop()

    def close(self) -> None:
        self._end_record()

    def _end_field(self) -> None:
        if self._open:
            name, attributes = self._open
            fields = (self._record or self.head).fields.setdefault(name, [])
            if len(fields) < _MOST_FIELDS:
                fields.append(Element("".join(self._texts).strip(), attributes, self._bases[-1]))
        self._open = None
        self._texts = []

    def _end_record(self) -> None:
        self._end_field()
        self._is_of_other = False
        if self._record:
            self._on_record(self._record, self.head)
        self._record = None


@lru_cache(maxsize=1024)
def _plain_name(tag: str, root_namespace: str | None) -> str:
    namespace, _, name = tag.rpartition("}")
    namespace = namespace[1:]
    prefix = next((short for pattern, short in _NAMESPACES if pattern.search(namespace)), None)
    if prefix is None:
        prefix = "" if namespace in {"", root_namespace} else "other:"
    return prefix + name.lower()


def _syntax_problem(parser: etree.XMLParser, lines_before: int) -> str | None:
    fatal = next(iter(parser.error_log.filter_from_fatals()), None)
    return f"the XML is broken in line {fatal.line + lines_before} ({fatal.message.strip()})" if fatal else None
