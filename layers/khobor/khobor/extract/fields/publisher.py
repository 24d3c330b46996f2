"""Who publishes the article."""

from collections.abc import Iterator

from khobor.article import Publisher
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import clean, text_of


def candidates(document: Document, source_publisher: str | None) -> Iterator[FieldCandidate[Publisher]]:
    """Yield the publisher's name and logo: by the source, JSON-LD, microdata and meta elements.

    Args:
        document: The page.
        source_publisher: The publisher of the source, None if it is not known.
    """
    described = document.article.get("publisher")
    things = [described if isinstance(described, dict) else {}, *map(document.thing, json_ld.ORGANIZATIONS)]
    logo = next(filter(None, (_logo(document, thing) for thing in things)), None)
    if source_publisher:
        publisher = Publisher(name=source_publisher, logo=logo)
        yield FieldCandidate.at(publisher, "source rule", source_publisher)
    for thing in things:
        if name := clean(json_ld.text(thing.get("name"))):
            yield FieldCandidate.at(Publisher(name=name, logo=logo), "json-ld", name)
    for part in document.microdata("publisher"):
        named = next(iter(part.css("[itemprop=name]")), part)
        if name := clean(named.attrib.get("content")) or text_of(named.root):
            yield FieldCandidate.at(Publisher(name=name, logo=logo), "microdata", name)
    if name := document.first_meta("og:site_name", "application-name") or "":
        yield FieldCandidate.at(Publisher(name=name, logo=logo), "meta", name)


def _logo(document: Document, thing: json_ld.Thing) -> str | None:
    return document.resolve(json_ld.text(thing.get("logo"), "url"))
