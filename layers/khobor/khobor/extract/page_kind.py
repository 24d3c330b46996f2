"""What a page declares itself to be, if that is not an article: a product, a thread of a forum, a collection."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from khobor.article import Evidence, Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.selection import elements_with
from khobor.extract.text import clean
from khobor.site import is_same_site

_ITEM_TYPE = b"itemtype"
_ITEM_TYPES = etree.XPath("descendant-or-self::*/@itemtype")
# A page has no more different things.
_MOST_ITEMS = 500
_MOST_HEADLINES = 6
# Articles that list others mark each of them as an article too.
_MOST_ARTICLES = 2
# What every article has of these properties of microdata.
_OF_ARTICLES = ("headline", "name", "datePublished", "dateCreated", "author", "image", "description")
# Types of schema.org, with the kind of page that has one of them at its top level.
_FORUM = frozenset({"DiscussionForumPosting", "QAPage"})
_PRODUCT = frozenset({"IndividualProduct", "Product", "ProductGroup", "ProductModel", "SomeProducts"})
_KINDS = (
    ("collection_page", frozenset({"CollectionPage", "OfferCatalog"})),
    ("search_page", frozenset({"SearchResultsPage"})),
    ("service_page", frozenset({"AboutPage", "CheckoutPage", "ContactPage", "ProfilePage"})),
)
_LISTS = frozenset({"ItemList"})
_PRICE_META = ("product:price:amount", "og:price:amount")
# Programs of shops name their button so, whatever it says.
_ADD_TO_CART = re.compile(r"add[-_ ]?to[-_ ]?(?:cart|bag|basket|trolley)|\bcart/add\b|buy[-_ ]?now\b", re.IGNORECASE)
# Each match has one of these.
_CART_WORDS = (
    b"cart",
    b"basket",
    b"trolley",
    b"to-bag",
    b"to_bag",
    b"to bag",
    b"tobag",
    b"buynow",
    b"buy-now",
    b"buy_now",
    b"buy now",
)
_BUTTON_ATTRIBUTES = ("class", "id", "name", "action", "aria-label", "value")
_MOST_BUTTONS = 2000
_LONGEST_ATTRIBUTE = 300
_CURRENCY = r"[$€£¥₹৳₽₩₴₺₫₪฿]|\b(?:USD|EUR|GBP|CHF|Rs|Tk|kr|zł|Kč|Ft|lei|TL|руб)\b"
_PRICE = re.compile(rf"(?:{_CURRENCY})\.?\s?\d|\d\s?(?:{_CURRENCY}|[元円])")
_LONGEST_PRICE = 60
# Evidence is shown in messages.
_LONGEST_TEXT = 200
_INDEX_PATHS = frozenset({"", "/", "/index.html", "/index.php"})


class Refusal(NamedTuple):
    """Why a page contains no article.

    Attributes:
        reason: The slug of the reason.
        evidence: What on the page says so; None if nothing else than the reason can be said.
    """

    reason: str
    evidence: Evidence | None = None

    @classmethod
    def by(cls, reason: str, origin: Origin, text: str) -> "Refusal":
        """Return a refusal with its evidence.

        Args:
            reason: The slug of the reason.
            origin: The kind of place.
            text: What was found there.
        """
        return cls(reason, Evidence(origin=origin, text=clean(text)[:_LONGEST_TEXT]))


class DeclaredTypes(NamedTuple):
    """The types of schema.org that a page declares.

    Attributes:
        json_ld: Those of the things at the top level of its JSON-LD.
        microdata: Those of its elements.
        around: Those of the elements that contain the body or a first-level heading.
    """

    json_ld: tuple[str, ...]
    microdata: tuple[str, ...]
    around: tuple[str, ...]

    def find(self, wanted: frozenset[str]) -> tuple[Origin, str] | None:
        """Return the first of the wanted types that the page has as a whole, with its origin; None if there is none."""
        by_origin: tuple[tuple[Origin, tuple[str, ...]], ...] = (
            ("json-ld", self.json_ld),
            ("microdata", self.around),
        )
        return next(((origin, name) for origin, names in by_origin for name in names if name in wanted), None)

    @property
    def are_of_article(self) -> bool:
        """Whether they say that the page is an article. Many articles in microdata may be a list."""
        if any(_is_article(name) for name in self.json_ld):
            return True
        return 0 < self.articles <= _MOST_ARTICLES

    @property
    def articles(self) -> int:
        """The number of articles in microdata."""
        return sum(map(_is_article, self.microdata))


def declared_types(html: bytes, document: Document, body: etree._Element | None) -> DeclaredTypes:
    """Return the types that a page declares; without those of microdata if its JSON-LD declares an article.

    Args:
        html: The page as fetched.
        document: The page, parsed.
        body: The element that contains its body, None if there is none.
    """
    things = tuple(name for thing in document.things for name in json_ld.types(thing))
    # Most pages have no microdata. Searching the bytes takes far less time than asking for attributes.
    if any(map(_is_article, things)) or _ITEM_TYPE not in html.lower():
        return DeclaredTypes(things, (), ())
    items = elements_with(_ITEM_TYPES, document.root)[:_MOST_ITEMS]
    # A product or a thread that an article recommends is a box in it or beside it.
    main = [*document.elements("h1")[:_MOST_HEADLINES], *([] if body is None else [body])]
    inside = set(main).union(*(element.iterancestors() for element in main)) or set(items)
    types, around = _types_of(items), _types_of(item for item in items if item in inside)
    if not any(document.microdata(name) for name in _OF_ARTICLES):
        # Templates of documentation call each page an article, lists too.
        types, around = (tuple(name for name in names if not _is_article(name)) for names in (types, around))
    return DeclaredTypes(things, types, around)


def _types_of(items: Iterable[etree._Element]) -> tuple[str, ...]:
    return tuple(
        name for item in items for name in json_ld.types({"@type": (item.get("itemtype") or "").strip().rstrip("/")})
    )


def forum_page(types: DeclaredTypes) -> Refusal | None:
    """Return the refusal of a page that declares to be a thread or a question; None if it declares an article.

    Args:
        types: The types that it declares.
    """
    found = None if any(map(_is_article, types.json_ld)) else types.find(_FORUM)
    return Refusal.by("forum_page", *found) if found else None


def declared_refusal(document: Document, types: DeclaredTypes, fields: Mapping[str, Evidence]) -> Refusal | None:
    """Return why a page contains no article by what it declares; None if it declares nothing else.

    Args:
        document: The page, which declares no article.
        types: The types that it declares.
        fields: The evidence of its fields.
    """
    if not _has_declared_author(fields) and (refusal := _product(document, types, fields)):
        return refusal
    for reason, wanted in _KINDS:
        if found := types.find(wanted):
            return Refusal.by(reason, *found)
    if "published_at" in fields or "authors" in fields:
        return None
    found = types.find(_LISTS)
    return Refusal.by("collection_page", *found) if found else None


def home_page(document: Document) -> Refusal | None:
    """Return the refusal of a page that declares that its address is that of its site; None if it does not."""
    if not document.url or not _is_root(document.url):
        return None
    links = (link.get("href") for link in document.elements("link") if "canonical" in (link.get("rel") or "").split())
    for reference in (*links, *document.meta.get("og:url", ())):
        address = document.resolve(reference)
        if address and _is_root(address) and is_same_site(address, document.url):
            return Refusal.by("front_page", "meta", address)
    return None


def shop_page(html: bytes, document: Document) -> Refusal | None:
    """Return the refusal of a page with a price and a button that puts something into a cart; None without these.

    Args:
        html: The page as fetched.
        document: The page, parsed.
    """
    short = (piece.text for piece in document.layout.pieces if 0 < len(piece.text) <= _LONGEST_PRICE)
    # Few pages show a price, and a search of all bytes for each word takes longer.
    price = next((text for text in short if _PRICE.search(text)), None)
    if price is None:
        return None
    lower = html.lower()
    if not any(word in lower for word in _CART_WORDS):
        return None
    button = next(_cart_buttons(document), None)
    return Refusal.by("product_page", "heuristic", f"{price}, {button}") if button else None


def _product(document: Document, types: DeclaredTypes, fields: Mapping[str, Evidence]) -> Refusal | None:
    kind = document.first_meta("og:type") or ""
    if kind.startswith("product"):
        return Refusal.by("collection_page" if kind == "product.group" else "product_page", "meta", kind)
    if price := document.first_meta(*_PRICE_META):
        return Refusal.by("product_page", "meta", price)
    found = types.find(_PRODUCT)
    if found is None:
        return None
    # Articles have the products that they recommend in microdata.
    has_date_or_author = "published_at" in fields or "authors" in fields
    if found[0] == "microdata" and kind.lower() == "article" and has_date_or_author:
        return None
    return Refusal.by("product_page", *found)


def _has_declared_author(fields: Mapping[str, Evidence]) -> bool:
    return "authors" in fields and fields["authors"].origin in {"meta", "json-ld"}


def _is_article(name: str) -> bool:
    return name not in _FORUM and json_ld.is_article({"@type": name})


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in _INDEX_PATHS and not parts.query


def _cart_buttons(document: Document) -> Iterator[str]:
    for element in islice(document.root.iter("button", "form", "input", "a"), _MOST_BUTTONS):
        for name in _BUTTON_ATTRIBUTES:
            value = element.get(name)
            if value and (found := _ADD_TO_CART.search(value[:_LONGEST_ATTRIBUTE])):
                yield f"{element.tag} {found[0]}"
