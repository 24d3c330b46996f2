"""The canonical URL: what the page says of itself, believed within its own site."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from khobor.article import Origin
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.url import canonical_url

_LOOPBACK = ("127.", "localhost", "[::1]")


def candidates(document: Document) -> Iterator[Found[str]]:
    """Yield the page's canonical URL: its link or og:url on the site that it came from; then where it came from.

    Another site's address is believed only of a page that came from none, or from this machine: anybody could
    replace an article by a page that claims to be it.
    """
    for origin, reference in _declared(document):
        url = document.resolve(reference)
        if url and _may_claim(document.host, urlsplit(url).hostname or "") and not _is_front_page(document.url, url):
            yield Found.at(canonical_url(url), origin, reference)
    if document.url:
        yield Found.at(canonical_url(document.url), "url", document.url)


def _declared(document: Document) -> Iterator[tuple[Origin, str]]:
    for link in document.elements("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (reference := link.get("href")):
            yield "meta", reference
    if url := document.first_meta("og:url"):
        yield "meta", url


def _may_claim(host: str | None, claimed: str) -> bool:
    if host is None or host.startswith(_LOOPBACK):
        return True
    one, other = _labels(host), _labels(claimed)
    return one == other or host.endswith(f".{claimed}") or claimed.endswith(f".{host}")


def _labels(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _is_front_page(url: str | None, claimed: str) -> bool:
    # A common mistake: every page names the front page as its canonical one.
    return urlsplit(claimed).path in {"", "/"} and urlsplit(url or "").path not in {"", "/"}
