"""Images in the page's markup, with caption and credit."""

import re
from functools import cache

from lxml import etree

from khobor.article import Image
from khobor.extract.document import Document
from khobor.extract.text import plain, text_of
from khobor.extract.vocabulary import any_of, load

# Where scripts that load images late keep the address, before the placeholder in src.
_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src", "data-url", "src")
_SOURCE_SETS = ("data-srcset", "srcset")
_CAPTIONS = ("figcaption", "caption", "wp-caption-text", "credit", "legend")
# Elements of which data-src is the address of something else.
_NO_IMAGES = frozenset({"iframe", "script", "video", "audio", "source", "embed", "object"})
_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_SMALLEST_SIDE = 50
# What a label before a credit is followed by; one of them may be a word.
_MAY_FOLLOW = re.compile(r"[:ঃ：=＝©]|by\s", re.IGNORECASE)
# It stands so near the end: what follows it is no longer than a credit.
_LONGEST_END = 110
_CLOSING = ")） "


def image_of(document: Document, element: etree._Element) -> Image | None:
    """Return the image of an img, a figure or an element with ``data-src``; None for a spacer or none at all.

    Args:
        document: The page, against which addresses are resolved.
        element: The element.
    """
    shown = element if element.tag == "img" or element.get("data-src") else _shown_in(element)
    if shown is None:
        return None
    url = document.resolve(_address(element, shown))
    width, height = _pixels(shown.get("width")), _pixels(shown.get("height"))
    if url is None or any(side is not None and side < _SMALLEST_SIDE for side in (width, height)):
        return None
    caption, credit = split_credit(_caption(element, shown))
    return Image(url=url, caption=caption, credit=credit, width=width, height=height)


def _shown_in(element: etree._Element) -> etree._Element | None:
    image = next(element.iter("img", "amp-img"), None)
    if image is None and element.tag not in _NO_IMAGES:
        held = (each for each in element.iter() if each.get("data-src") and each.tag not in _NO_IMAGES)
        image = next(held, None)
    return image


def split_credit(text: str | None) -> tuple[str | None, str | None]:
    """Return a caption and the credit that ends it, each None where it is not there.

    >>> split_credit("The bridge at night. Photo: A. Rahman")
    ('The bridge at night.', 'A. Rahman')
    """
    caption = plain(text)
    before, behind, labels = _credits()
    # Nearly no caption has a sign or a word that a credit must have: that is found out first.
    match = before.search(caption) if _MAY_FOLLOW.search(caption, len(caption) - _LONGEST_END) else None
    if not match and caption.rstrip(_CLOSING).endswith(labels):
        match = behind.search(caption)
    if not match:
        return caption or None, None
    return caption[: match.start("label")].rstrip(" |([（【=＝▲–—-") or None, match["credit"].strip(" )]）】.") or None


@cache
def _credits() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Return the patterns of a credit, with a label before it or behind it, and the labels that stand behind."""
    vocabulary = load("credit_labels")
    before, behind = any_of(vocabulary["before"]), any_of(vocabulary["behind"])
    return (
        re.compile(
            rf"(?:^|[\s|(（【\[।.,;。、–—-])(?P<label>(?:{before})\.?)\s?(?:[:ঃ：=＝]|(?<=by)\s|(?<=©))\s?(?P<credit>[^|]{{2,100}})$",
            re.IGNORECASE,
        ),
        re.compile(rf"(?P<label>[＝=。．(（\s])(?P<credit>[^\s＝=。．()（）]{{2,20}}?)\s?(?:{behind})[)）]?$"),
        tuple(vocabulary["behind"]),
    )


def _address(element: etree._Element, shown: etree._Element) -> str | None:
    for name in _SOURCE_SETS:
        for candidate in (shown, *element.iter("source")):
            if largest := _largest(candidate.get(name)):
                return largest
    return next(filter(_is_address, map(shown.get, _ADDRESSES)), None)


def _largest(source_set: str | None) -> str | None:
    if not source_set:
        return None
    candidates = [part.split() for part in re.split(r",\s+", source_set) if part.strip()]
    named = [part for part in candidates if part and _is_address(part[0])]
    return str(max(named, key=lambda part: _descriptor(part[1:]))[0]) if named else None


def _descriptor(words: list[str]) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)[wx]", words[0]) if words else None
    return float(match[1]) if match else 0


def _is_address(value: str | None) -> bool:
    return bool(value and value.strip() and not value.startswith(("data:", "blob:", "about:")))


def _caption(element: etree._Element, shown: etree._Element) -> str | None:
    for candidate in element.iter("figcaption", "p", "span", "div") if element.tag != "img" else ():
        names = f"{candidate.tag} {candidate.get('class') or ''}".lower()
        if any(name in names for name in _CAPTIONS) and (text := text_of(candidate)):
            return text
    caption: str | None = shown.get("data-sub-html") or shown.get("alt")
    return caption


def _pixels(value: str | None) -> int | None:
    match = _PIXELS.fullmatch((value or "").strip())
    return int(match[1]) if match else None
