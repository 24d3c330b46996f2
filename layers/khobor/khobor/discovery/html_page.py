"""Links of an HTML page."""

from collections.abc import Iterator

from lxml import etree

from khobor.discovery.charset import utf8
from khobor.discovery.references import resolve

_EMPTY = b"<html/>"


class HtmlPage:
    """The elements of a page, and what its references are relative to.

    Args:
        body: The page as it came.
        url: Where it came from.
        content_type: Its Content-Type header, if that is known.
    """

    def __init__(self, body: bytes, url: str, content_type: str | None) -> None:
        self.root = _parse(utf8(body, content_type).replace(b"\x00", b""))
        declared = next((element.get("href") for element in self.root.iter("base") if element.get("href")), None)
        self._base = resolve(declared, url) or url

    def addresses(self, *names: str) -> Iterator[tuple[etree._Element, str]]:
        """Yield the elements of these names that lead to an http or https URL, and the URL without its fragment."""
        for element in self.root.iter(*names):
            if address := resolve(element.get("href"), self._base):
                yield element, address.partition("#")[0]


def _parse(html: bytes) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(html.strip() or _EMPTY, parser)
    except etree.ParserError:
        root = None
    return root if root is not None else etree.fromstring(_EMPTY, parser)
