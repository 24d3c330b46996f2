"""The texts of an entry as facts: authors without addresses, categories, and the summary and image in a description."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from khobor.characters import unescape
from khobor.discover.plain_text import plain_text
from khobor.discover.references import resolve
from khobor.html.markup import BLOCKS, lines_of
from khobor.html.tree import parse

# A longer description is the whole text of the article.
_LONGEST_DESCRIPTION = 20_000
_LONGEST_NAME = 1_000
_NO_SUMMARY = ("figure", "iframe", "video")
# The sign at the end of an excerpt, with its brackets: "[…]".
_CUT = re.compile(r"\s?[\[(]\s?(?:…|\.\.\.)\s?[\])]$")
_ADDRESS = re.compile(r"(?<![^\s()<>\[\],;])[^\s()<>\[\],;@]++@[^\s()<>\[\],;@]++")
_EDGES = " \t()<>[],;:|–—-"
_SEPARATOR = re.compile("[,;،、]")
# A smaller image is an icon, or counts readers.
_SMALLEST_IMAGE = 100
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?=$|[?#])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class StatedImage:
    """An image that an entry states.

    Attributes:
        url: Its reference.
        base: The URL that the reference is relative to.
        width: Its width as stated; None if not stated.
        height: Its height.
    """

    url: str | None
    base: str
    width: str | None = None
    height: str | None = None


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the description of an entry contains.

    Attributes:
        summary: Its plain text; None if it is no summary, but the whole text or the title.
        image: The absolute URL of its first image that is no icon.
    """

    summary: str | None = None
    image: str | None = None


def author_name(text: str | None) -> str | None:
    """Return a stated author without e-mail addresses; None if nothing is left.

    >>> author_name("jane@daily.example (Jane Doe)"), author_name("desk@daily.example")
    ('Jane Doe', None)
    """
    name = plain_text((text or "")[:_LONGEST_NAME])
    if name is None:
        return None
    return " ".join(_ADDRESS.sub(" ", name.replace("mailto:", "")).strip(_EDGES).split()) or None


def keywords(texts: Iterable[str | None]) -> Iterator[str]:
    """Yield the words of lists that are separated by commas or semicolons."""
    for text in texts:
        yield from categories(_SEPARATOR.split(text or ""))


def categories(texts: Iterable[str | None]) -> Iterator[str]:
    """Yield categories as plain text, without those that are URLs."""
    for text in texts:
        name = plain_text(text)
        if name and "://" not in name:
            yield name


def is_picture(url: str | None) -> bool:
    """Whether the path of a URL ends like that of an image."""
    return bool(url and _PICTURE.search(url))


def largest_image(images: Iterable[StatedImage]) -> str | None:
    """Return the absolute URL of the widest image, the first of equals; None if there is none but icons."""
    usable = [
        (_pixels(each.width) or 0, address)
        for each in images
        if not _is_icon(each) and (address := resolve(each.url, each.base))
    ]
    return max(usable, key=lambda image: image[0])[1] if usable else None


def read_description(text: str | None, link: str, title: str | None) -> Description:
    """Return what a description contains.

    Links to the article itself are no part of the summary ("Read more"), and neither is a paragraph in which one has
    the title as its text ("The post … appeared first on …").

    Args:
        text: The description, which may be HTML, escaped once more or not.
        link: The absolute URL of the article.
        title: The title.
    """
    if not text:
        return Description()
    html = text[:_LONGEST_DESCRIPTION]
    if "<" not in html and "&lt;" in html:
        html = unescape(html)
    if "<" not in html:
        return Description(summary=_summary(plain_text(text), title))
    root, _ = parse(html.encode("utf-8", "replace"))
    image = next(filter(None, (largest_image([_shown_image(each, link)]) for each in root.iter("img"))), None)
    if len(text) > _LONGEST_DESCRIPTION:
        return Description(image=image)
    for element in list(root.iter(*_NO_SUMMARY)):
        _remove(element)
    _remove_own_links(root, link, title)
    return Description(summary=_summary(" ".join(" ".join(lines_of(root)).split()), title), image=image)


def _summary(text: str | None, title: str | None) -> str | None:
    if not text or _is_same(text, title):
        return None
    excerpt = _CUT.sub("", text)
    # The sign stays where it cuts a sentence.
    return f"{excerpt}…" if excerpt != text and excerpt[-1:].isalnum() else excerpt or None


def _remove_own_links(root: etree._Element, link: str, title: str | None) -> None:
    own = link.partition("#")[0]
    for element in list(root.iter("a")):
        address = resolve(element.get("href"), link)
        # It may have parameters and a fragment.
        if address is None or not address.startswith(own):
            continue
        block = next(element.iterancestors(*BLOCKS), None)
        if _is_same("".join(map(str, element.itertext())), title) and block is not None and block.tag != "body":
            _remove(block)
        else:
            _remove(element)


def _remove(element: etree._Element) -> None:
    """Remove an element, but not the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _is_same(text: str, title: str | None) -> bool:
    return bool(title) and " ".join(text.split()).casefold() == " ".join((title or "").split()).casefold()


def _shown_image(element: etree._Element, base: str) -> StatedImage:
    return StatedImage(url=element.get("src"), base=base, width=element.get("width"), height=element.get("height"))


def _is_icon(image: StatedImage) -> bool:
    return any(pixels is not None and pixels < _SMALLEST_IMAGE for pixels in map(_pixels, (image.width, image.height)))


def _pixels(text: str | None) -> int | None:
    """Return a length in pixels, None if it is another one, such as "100%"."""
    digits = (text or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len("10000") else None
