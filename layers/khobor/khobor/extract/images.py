"""Images in the page's markup, with caption and credit."""

import re

from lxml.html import HtmlElement

from khobor.article import Image
from khobor.extract.document import Document
from khobor.extract.text import clean, text_of

# Where scripts that load images late keep the address, before the placeholder in src.
_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src", "data-url", "src")
_SOURCE_SETS = ("data-srcset", "srcset")
_CREDIT = re.compile(
    r"(?:^|[\s|(\[।.,;–—-])(?P<label>ছবি|ফটো|photo(?:graph)?s?(?: by)?|pictures?(?: by)?|image(?: credit)?|credits?|"
    r"foto(?:s|grafie)?|bild(?:er|quelle)?|cr[ée]dito?s?|fuente|source|quelle|©)\s*(?:[:ঃ：]|(?<=by)\s|(?<=©))\s*(?P<credit>[^|]{2,100})$",
    re.IGNORECASE,
)
_CAPTIONS = ("figcaption", "caption", "wp-caption-text", "credit")
_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_SMALLEST_SIDE = 50


def image_of(document: Document, element: HtmlElement) -> Image | None:
    """Return the image of an img, a figure or an element with ``data-src``; None for a spacer or none at all.

    Args:
        document: The page, against which addresses are resolved.
        element: The element.
    """
    shown = element if element.tag == "img" or element.get("data-src") else next(element.iter("img", "amp-img"), None)
    if shown is None:
        return None
    url = document.resolve(_address(element, shown))
    width, height = _pixels(shown.get("width")), _pixels(shown.get("height"))
    if url is None or any(side is not None and side < _SMALLEST_SIDE for side in (width, height)):
        return None
    caption, credit = split_credit(_caption(element, shown))
    return Image(url=url, caption=caption, credit=credit, width=width, height=height)


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """Return a caption and the credit that ends it, each None where it is not there.

    >>> split_credit("The bridge at night. Photo: A. Rahman")
    ('The bridge at night.', 'A. Rahman')
    """
    caption = clean(text)
    match = _CREDIT.search(caption)
    if not match:
        return caption or None, None
    return caption[: match.start("label")].rstrip(" |([–—-") or None, match["credit"].strip(" )].") or None


def _address(element: HtmlElement, shown: HtmlElement) -> str | None:
    for name in _SOURCE_SETS:
        for candidate in (shown, *element.iter("source")):
            if largest := _largest(candidate.get(name)):
                return largest
    return next(filter(_is_address, map(shown.get, _ADDRESSES)), None)


def _largest(source_set: str | None) -> str | None:
    candidates = [part.split() for part in re.split(r",\s+", source_set or "") if part.strip()]
    named = [part for part in candidates if part and _is_address(part[0])]
    return str(max(named, key=lambda part: _descriptor(part[1:]))[0]) if named else None


def _descriptor(words: list[str]) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", words[0]) if words else None
    return float(match[1]) if match else 0


def _is_address(value: str | None) -> bool:
    return bool(value and value.strip() and not value.startswith(("data:", "blob:", "about:")))


def _caption(element: HtmlElement, shown: HtmlElement) -> str | None:
    for candidate in element.iter("figcaption", "p", "span", "div") if element.tag != "img" else ():
        names = f"{candidate.tag} {candidate.get('class') or ''}"
        if any(name in names for name in _CAPTIONS) and (text := text_of(candidate)):
            return text
    caption: str | None = shown.get("data-sub-html") or shown.get("alt")
    return caption


def _pixels(value: str | None) -> int | None:
    match = _PIXELS.fullmatch((value or "").strip())
    return int(match[1]) if match else None
