"""The articles that a section page links to."""

from urllib.parse import urlsplit

from khobor.discover.article_urls import looks_like_article
from khobor.discover.html_page import HtmlPage
from khobor.discover.list_urls import is_list
from khobor.discover.listing import Entry, Listing
from khobor.discover.references import ListingBuilder
from khobor.site import is_same_site
from khobor.sources.patterns import is_in_url


def read_section_page(
    body: bytes, url: str, article_url: str | None = None, content_type: str | None = None
) -> Listing:
    """Return the links of a page to articles of the same site, in document order, each article once.

    Args:
        body: The page as received.
        url: The URL of the page.
        article_url: Regular expression that matches the path of an article's URL, and of no other page's; None uses
            ``looks_like_article`` and ``is_list``.
        content_type: The Content-Type header; None if unknown.
    """
    builder = ListingBuilder()
    for _, address in HtmlPage(body, url, content_type).addresses("a", "area"):
        path = urlsplit(address).path
        is_article = is_in_url(article_url, path) if article_url else _is_article(address)
        if is_article and is_same_site(address, url):
            builder.add(Entry(url=address))
    listing = builder.build()
    return listing if listing.entries else Listing(problems=("the page has no link to an article",))


def _is_article(address: str) -> bool:
    return looks_like_article(address) and not is_list(address)
