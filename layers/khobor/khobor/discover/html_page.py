"""Links of an HTML page."""

from collections.abc import Callable, Collection, Iterator

from lxml import etree

from khobor.discover.references import resolve
from khobor.html.charset import to_utf8
from khobor.html.tree import parse
from khobor.url import LONGEST_BASE


class HtmlPage:
    """The elements of a page, and the base URL of its references.

    Args:
        body: The page as received.
        url: The URL of the page.
        content_type: The Content-Type header; None if unknown.
    """

    def __init__(self, body: bytes, url: str, content_type: str | None) -> None:
        self.root, _ = parse(to_utf8(body, content_type))
        declared = next((element.get("href") for element in self.root.iter("base") if element.get("href")), None)
        base = resolve(declared, url)
        self._base = base if base and len(base) <= LONGEST_BASE else url

    def addresses(self, *names: str, rewrite: Callable[[str], str] = str) -> Iterator[tuple[etree._Element, str]]:
        """Yield each element that links to an http or https URL, with that URL without its fragment.

        Args:
            names: The names of the elements.
            rewrite: Changes a reference before it is resolved.
        """
        for element in self.root.iter(*names):
            if address := resolve(rewrite(element.get("href") or ""), self._base):
                yield element, address.partition("#")[0]

    def declared(self, names: Collection[str]) -> Iterator[str]:
        """Yield the http and https URLs that meta elements contain.

        Args:
            names: The names of the elements, such as ``og:image``.
        """
        for element in self.root.iter("meta"):
            name = (element.get("property") or element.get("name") or "").strip().lower()
            if name in names and (address := resolve(element.get("content"), self._base)):
                yield address
