"""Links to other articles."""

from urllib.parse import urlsplit

from khobor.article import Link
from khobor.errors import PermanentError
from khobor.extract.document import Document
from khobor.extract.layout import SHORTEST_HEADLINE
from khobor.extract.text import text_of
from khobor.sources.source import Rules
from khobor.url import canonical_url

_MOST_LINKS = 200


def related(document: Document, rules: Rules, url: str | None) -> tuple[Link, ...]:
    """Return links to other articles of the same site, without duplicates.

    The source's rules select them. Without rules, they are the links with a text as long as a headline.

    Args:
        document: The page.
        rules: The source's rules.
        url: The article's own canonical URL, which is left out.
    """
    selected = [(link, text_of(link)) for selector in rules.related for link in document.select(selector)]
    shortest = 1 if selected else SHORTEST_HEADLINE
    texts: dict[str, str] = {}
    for link, text in selected or document.layout.links:
        # A picture and a headline often have the same address.
        if len(text) >= shortest and (reference := link.get("href")):
            texts.setdefault(reference.strip(), text)
    site = _site(urlsplit(url or "").hostname)
    links: dict[str, str] = {}
    for reference, text in texts.items():
        other = _canonical(document, reference)
        if other and other != url and _leads_to_article(other, site):
            links.setdefault(other, text)
    return tuple(Link(url=other, text=text) for other, text in links.items())[:_MOST_LINKS]


def _leads_to_article(url: str, site: str) -> bool:
    host, _, path = url.partition("://")[2].partition("/")
    return bool(path) and _site(host.partition(":")[0]) == site


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.")


def _canonical(document: Document, reference: str) -> str | None:
    try:
        return canonical_url(reference, document.base)
    except PermanentError:
        return None
