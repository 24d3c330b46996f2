"""Who publishes the article."""

from collections.abc import Iterator

from khobor.article import Publisher
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import clean, text_of

_ORGANIZATIONS = ("NewsMediaOrganization", "Organization", "WebSite")


def candidates(document: Document, usual: str | None) -> Iterator[FieldCandidate[Publisher]]:
    """Yield the publisher's name and logo.

    Args:
        document: The page.
        usual: The name that the source goes by.
    """
    described = document.article.get("publisher")
    things = [described if isinstance(described, dict) else {}, *map(document.thing, _ORGANIZATIONS)]
    logo = next(filter(None, (_logo(document, thing) for thing in things)), None)
    if usual:
        yield FieldCandidate.at(Publisher(name=usual, logo=logo), "source rule", usual)
    for thing in things:
        if name := clean(json_ld.text(thing.get("name"))):
            yield FieldCandidate.at(Publisher(name=name, logo=logo), "json-ld", name)
    for element in document.microdata("publisher"):
        inner = next((each for each in element.iter() if each.get("itemprop") == "name"), element)
        if name := clean(inner.get("content")) or text_of(inner):
            yield FieldCandidate.at(Publisher(name=name, logo=logo), "microdata", name)
    if name := document.first_meta("og:site_name", "application-name") or "":
        yield FieldCandidate.at(Publisher(name=name, logo=logo), "meta", name)


def _logo(document: Document, thing: json_ld.Thing) -> str | None:
    return document.resolve(json_ld.text(thing.get("logo"), "url"))
