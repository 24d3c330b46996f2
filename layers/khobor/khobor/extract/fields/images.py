"""The article's images, the lead image first."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, cast

from lxml import etree

from khobor.article import Block, Image, Origin
from khobor.extract.class_names import CAPTION, OUTSIDE, meaning
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.front_matter import FrontMatter
from khobor.extract.images import image_of, is_placeholder, pixels, split_credit
from khobor.extract.site_images import SiteImages
from khobor.extract.text import plain
from khobor.site import IMAGE_META
from khobor.sources.source import Rules

_MOST_DECLARED = 4
# How many ancestors of an image may contain its caption.
_ANCESTORS = 3


def candidates(
    document: Document, rules: Rules, blocks: tuple[Block, ...], front_matter: FrontMatter, site: SiteImages
) -> Iterator[FieldCandidate[tuple[Image, ...]]]:
    """Yield the lead image and the images of the body, without duplicates.

    The lead image is from the source's rules, JSON-LD or OpenGraph, unless it is one of the site. Its caption is from
    the page's markup.

    Args:
        document: The page.
        rules: The source's rules.
        blocks: The blocks of the body.
        front_matter: Says where headline and text are.
        site: The images of the site.
    """
    in_body = [block.image for block in blocks if block.image]
    for lead in _own_leads(document, rules, in_body, front_matter, site):
        rest = [other for other in in_body if not _same(other.url, lead.value.url)]
        yield FieldCandidate((_with_markup(document, lead, in_body), *rest), lead.evidence)
    # A declared image is of the site if this is reached, and better than a bullet or a line of its design.
    has_declared = next(_declared_leads(document), None) is not None
    for lead_image in _above_text(document, front_matter):
        if has_declared and _is_of_design(lead_image, site):
            continue
        rest = [other for other in in_body if not _same(other.url, lead_image.url)]
        yield FieldCandidate.at((lead_image, *rest), "heuristic", lead_image.url)
    if first := next((image for image in in_body if not (has_declared and _is_of_design(image, site))), None):
        rest = [image for image in in_body if image is not first]
        yield FieldCandidate.at((first, *rest), "heuristic", first.url)
    # An element that a rule drops from the body may contain the lead image.
    for selector in rules.drop:
        for element in document.select(selector):
            names = " ".join(filter(None, map(element.get, ("id", "class"))))
            if not meaning(names) & OUTSIDE and (image := image_of(document, element)):
                yield FieldCandidate.at((image,), "heuristic", image.url)


def _is_of_design(image: Image, site: SiteImages) -> bool:
    """Whether an image lies beside the icons and style sheets of the site, and nothing says what it shows."""
    return image.caption is None and site.is_of_design(image.url)


def last(document: Document, url: str | None) -> Iterator[FieldCandidate[tuple[Image, ...]]]:
    """Yield the image that the entry of a feed states, then the one of the site that the page declares.

    Args:
        document: The page.
        url: The absolute URL of the entry's image; None if there is none.
    """
    if url:
        yield FieldCandidate.at((Image(url=url),), "feed", url)
    for lead in _declared_leads(document):
        yield FieldCandidate((lead.value,), lead.evidence)


def _above_text(document: Document, front_matter: FrontMatter) -> Iterator[Image]:
    """Yield the images of figures between the headline and the text."""
    if front_matter.headline is None:
        return
    for piece in document.layout.pieces[front_matter.headline : front_matter.prose[0]]:
        if piece.media is not None and piece.media.tag == "figure" and not piece.box.is_unrelated:
            image = image_of(document, piece.media)
            if image:
                yield image


def _with_markup(document: Document, lead: FieldCandidate[Image], in_body: list[Image]) -> Image:
    """Return a lead image with the caption that the page's markup has for it."""
    if lead.evidence.origin == "source rule":
        return lead.value
    image = next((other for other in in_body if _same(other.url, lead.value.url)), lead.value)
    if image.caption is None:
        return _in_markup(document, image.url) or image
    return image


def _own_leads(
    document: Document, rules: Rules, in_body: list[Image], front_matter: FrontMatter, site: SiteImages
) -> Iterator[FieldCandidate[Image]]:
    """Yield the lead images by a rule, and those that are declared, but for the site's own."""
    yield from _leads_by_rule(document, rules)
    for lead in islice(_declared_leads(document), _MOST_DECLARED):
        url = lead.value.url
        # Most leads are in the body, so this check comes first.
        is_shown = any(_same(image.url, url) for image in in_body)
        above = [] if is_shown else [image.url for image in _above_text(document, front_matter)]
        is_shown = is_shown or any(_same(each, url) for each in above)
        if is_shown or not site.has(url, [*above, *(image.url for image in in_body)]):
            yield lead


def _leads_by_rule(document: Document, rules: Rules) -> Iterator[FieldCandidate[Image]]:
    for selector in rules.image:
        for item in document.select_all(selector):
            if image := _image_at(document, item) if isinstance(item, str) else image_of(document, item):
                yield _candidate(_with_caption(document, rules, image), "source rule")


def _declared_leads(document: Document) -> Iterator[FieldCandidate[Image]]:
    if image := _from_json_ld(document, document.article.get("image")):
        yield _candidate(image, "json-ld")
    addresses = chain.from_iterable(document.meta.get(name, ()) for name in IMAGE_META)
    resolved = dict.fromkeys(filter(None, map(document.resolve, dict.fromkeys(addresses))))
    urls = [url for url in resolved if not is_placeholder(url)]
    width, height = (pixels(document.first_meta(f"og:image:{side}")) for side in ("width", "height"))
    for position, url in enumerate(urls):
        # The sizes are those of the first.
        image = Image(url=url) if position else Image(url=url, width=width, height=height)
        yield _candidate(image, "meta")


def _image_at(document: Document, address: str) -> Image | None:
    url = document.resolve(address)
    return Image(url=url) if url else None


def _candidate(image: Image, origin: Origin) -> FieldCandidate[Image]:
    return FieldCandidate.at(image, origin, image.url)


def _with_caption(document: Document, rules: Rules, image: Image) -> Image:
    text = next(filter(None, map(document.first_text, rules.image_caption)), None)
    if text is None:
        return image
    caption, credit = split_credit(text)
    return Image(url=image.url, caption=caption, credit=credit, width=image.width, height=image.height)


def _from_json_ld(document: Document, value: Any) -> Image | None:
    if isinstance(value, list):
        return next(filter(None, (_from_json_ld(document, item) for item in value)), None)
    if isinstance(value, str):
        return _image_at(document, value)
    if not isinstance(value, Mapping):
        return None
    address = value.get("url") or value.get("contentUrl")
    url = document.resolve(address) if isinstance(address, str) else None
    if url is None:
        return None
    caption, credit = split_credit(_text(value.get("caption")))
    return Image(
        url=url,
        caption=caption,
        credit=_text(value.get("creditText")) or credit,
        width=pixels(value.get("width")),
        height=pixels(value.get("height")),
    )


def _in_markup(document: Document, url: str) -> Image | None:
    """Return the image as the markup shows it, in its figure."""
    name = _file_name(url)
    for element in document.elements("img"):
        # Most elements show other images, so this check comes before their addresses are resolved.
        if name not in "\n".join(cast("Sequence[str]", element.values())):
            continue
        image = image_of(document, element)
        if image and _same(image.url, url):
            return image_of(document, _figure(element)) or image
    return None


def _figure(image: etree._Element) -> etree._Element:
    """Return the figure of an image, else its nearest ancestor with a caption and no other image, else the image."""
    for figure in image.iterancestors("figure"):
        return figure
    for box in islice(image.iterancestors(), _ANCESTORS):
        if next(islice(box.iterdescendants("img"), 1, None), None) is not None:
            break
        if any(meaning(each.get("class") or "") & CAPTION for each in box.iterdescendants()):
            return box
    return image


def _same(one: str, other: str) -> bool:
    return _file_name(one) == _file_name(other)


def _file_name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _text(value: Any) -> str | None:
    return plain(value) or None if isinstance(value, str) else None
