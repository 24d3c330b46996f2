"""Links of the page to other articles."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from khobor.article import Link
from khobor.errors import PermanentError
from khobor.extract.document import Document
from khobor.extract.text import text_of
from khobor.sources.source import Rules
from khobor.url import canonical_url

# Headlines are longer than the names of sections.
_SHORTEST_HEADLINE = 20
_MOST_LINKS = 200


def related(document: Document, rules: Rules, url: str | None) -> tuple[Link, ...]:
    """Return links to other articles of the same site, each once: by the source's rules, else by their look.

    Args:
        document: The page.
        rules: The source's rules.
        url: The article's own canonical URL, which is left out.
    """
    ruled = [link for css in rules.related for link in document.select(css)]
    site = _site(urlsplit(url or "").hostname)
    links = ruled or document.root.iter("a")
    found = _links(document, links, site, shortest=1 if ruled else _SHORTEST_HEADLINE)
    return tuple(Link(url=other, text=text) for other, text in found.items() if other != url)[:_MOST_LINKS]


def _links(document: Document, elements: Iterable[HtmlElement], site: str, *, shortest: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        text = text_of(element)
        url = document.resolve(element.get("href"))
        if url and len(text) >= shortest and _site(urlsplit(url).hostname) == site and urlsplit(url).path != "/":
            found.setdefault(_canonical(url), text)
    return found


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.")


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except PermanentError:
        return url
