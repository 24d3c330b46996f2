"""Images in the markup, with caption and credit."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree

from khobor.article import Image
from khobor.extract.document import Document
from khobor.extract.text import is_large, plain, text_of
from khobor.extract.vocabulary import any_of, load

# Attributes in which lazy-loading scripts keep the address; src may have a placeholder.
_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src", "data-url", "src")
_SOURCE_SETS = ("data-srcset", "srcset")
_CAPTIONS = ("figcaption", "caption", "wp-caption-text", "credit", "legend")
# The names of files that lazy-loading scripts show until the image has come.
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:loading|lazy(?:[-_]?load(?:ing)?)?|placeholder|blank|spacer|transparent|pixel|1x1)"
    r"(?:[-_](?:image|img|\d{1,4}(?:x\d{1,4})?))?\.(?:gif|svg|png|webp|jpe?g)(?:\?|$)",
    re.IGNORECASE,
)
# Elements whose data-src is not the address of an image.
_NO_IMAGES = frozenset({"iframe", "script", "video", "audio", "source", "embed", "object"})
_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_SMALLEST_SIDE = 50
# What follows the label of a credit.
_AFTER_LABEL = re.compile(r"[:ঃ：=＝©]|by\s", re.IGNORECASE)
# A credit after a label is no longer than this.
_LONGEST_CREDIT = 110
# A figure with more text contains more than a caption.
_LONGEST_CAPTION = 500
_CLOSING = ")） "


def image_of(document: Document, element: etree._Element) -> Image | None:
    """Return the image of an img, a figure or an element with ``data-src``; None if there is none, or only a spacer.

    Args:
        document: The page, which resolves addresses.
        element: The element.
    """
    image = element if element.tag == "img" or element.get("data-src") else _image_in(element)
    if image is None:
        return None
    url = document.resolve(_address(element, image))
    width, height = pixels(image.get("width")), pixels(image.get("height"))
    if url is None or any(side is not None and side < _SMALLEST_SIDE for side in (width, height)):
        return None
    caption, credit = split_credit(_caption(element, image))
    return Image(url=url, caption=caption, credit=credit, width=width, height=height)


def _image_in(element: etree._Element) -> etree._Element | None:
    image = next(element.iter("img", "amp-img"), None)
    if image is None and element.tag not in _NO_IMAGES:
        others = (each for each in element.iter() if each.get("data-src") and each.tag not in _NO_IMAGES)
        image = next(others, None)
    return image


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """Return a caption and the credit at its end, None for each that is missing.

    >>> split_credit("The bridge at night. Photo: A. Rahman")
    ('The bridge at night.', 'A. Rahman')
    """
    caption = plain(text)
    label_first, name_first, labels = _credit_patterns()
    # Almost no caption has what follows a label, so this check comes first.
    match = label_first.search(caption) if _AFTER_LABEL.search(caption, len(caption) - _LONGEST_CREDIT) else None
    if not match and caption.rstrip(_CLOSING).endswith(labels):
        match = name_first.search(caption)
    if not match:
        return caption or None, None
    return caption[: match.start("label")].rstrip(" |([（【=＝▲–—-") or None, match["credit"].strip(" )]）】.") or None


@cache
def _credit_patterns() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Return the patterns of a credit with its label before and after the name, and the labels after the name."""
    vocabulary = load("credit_labels")
    before, after = any_of(vocabulary["before"]), any_of(vocabulary["behind"])
    return (
        re.compile(
            rf"(?:^|[\s|(（【\[।.,;。、–—-])(?P<label>(?:{before})\.?)\s?(?:[:ঃ：=＝]|(?<=by)\s|(?<=©))\s?(?P<credit>[^|]{{2,100}})$",
            re.IGNORECASE,
        ),
        re.compile(rf"(?P<label>[＝=。．(（\s])(?P<credit>[^\s＝=。．()（）]{{2,20}}?)\s?(?:{after})[)）]?$"),
        tuple(vocabulary["behind"]),
    )


def _address(element: etree._Element, image: etree._Element) -> str | None:
    addresses = list(_addresses(element, image))
    return next((each for each in addresses if not is_placeholder(each)), next(iter(addresses), None))


def is_placeholder(address: str) -> bool:
    """Whether the address of an image ends like that of a file which is shown in place of one."""
    return _PLACEHOLDER.search(address) is not None


def _addresses(element: etree._Element, image: etree._Element) -> Iterator[str]:
    """Yield the addresses of an image, the best first."""
    for name in _SOURCE_SETS:
        for candidate in (image, *element.iter("source")):
            if largest := _largest(candidate.get(name)):
                yield largest
    yield from (address for address in map(image.get, _ADDRESSES) if address and _is_address(address))


def _largest(source_set: str | None) -> str | None:
    if not source_set:
        return None
    candidates = [part.split() for part in re.split(r",\s+", source_set) if part.strip()]
    valid = [part for part in candidates if part and _is_address(part[0])]
    return str(max(valid, key=lambda part: _descriptor(part[1:]))[0]) if valid else None


def _descriptor(words: list[str]) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", words[0]) if words else None
    return float(match[1]) if match else 0


def _is_address(value: str | None) -> bool:
    return bool(value and value.strip() and not value.startswith(("data:", "blob:", "about:")))


def _caption(element: etree._Element, image: etree._Element) -> str | None:
    for candidate in element.iter("figcaption", "p", "span", "div") if element.tag != "img" else ():
        names = f"{candidate.tag} {candidate.get('class') or ''}".lower()
        if any(name in names for name in _CAPTIONS) and (text := text_of(candidate)):
            return text
    # All text in a figure is about its image, if there is no other.
    if element.tag == "figure" and next(islice(element.iter("img"), 1, None), None) is None and not is_large(element):
        text = text_of(element)
        if text and len(text) <= _LONGEST_CAPTION:
            return text
    caption: str | None = image.get("data-sub-html") or image.get("alt")
    return caption


def pixels(value: Any) -> int | None:
    """Return the number of pixels of a width or height such as 640 or "640px", None for any other value."""
    match = _PIXELS.fullmatch(str(value).strip())
    return int(match[1]) if match else None
