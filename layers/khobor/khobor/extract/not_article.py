"""Whether a page contains an article at all.

A page that declares an article is one, unless nothing can be read on it. Of the others, what a page declares to be
counts first, then the form of its text.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from lxml import etree

from khobor.article import Evidence
from khobor.extract.body import Body
from khobor.extract.document import Document
from khobor.extract.page_form import PageForm
from khobor.extract.page_kind import (
    DeclaredTypes,
    Refusal,
    declared_refusal,
    declared_types,
    forum_page,
    home_page,
    shop_page,
)
from khobor.extract.page_message import beginning, is_headline, message_refusal
from khobor.extract.page_software import software_refusal
from khobor.extract.text import comparable, length_of, text_of
from khobor.page import database_error

_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|article|main|section|span|table|a)[\s/>]",
    re.IGNORECASE,
)
_MARKUP_UTF_16 = re.compile(rb"<\x00(?:!\x00)?[a-z]\x00|\x00<(?:\x00!)?\x00[a-z]", re.IGNORECASE)
_OTHER_FORMATS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"{", b"[", b"<?xml", b"<rss")
_XHTML = re.compile(rb"<html[\s>]", re.IGNORECASE)
# A shorter text is a teaser or a message.
_SHORTEST_BODY = 40
_LONGEST_HEADING = 150
# A sentence of this length is text, even in a heading.
_SHORTEST_SENTENCE = 60
# Sentences that follow each other for so long need no headline.
_SHORTEST_TEXT = 250
# A page with headline, author and date and with sentences that follow each other for so long is an article, whatever
# its JSON-LD says.
_SHORTEST_STORY = 1500
_SOLD = frozenset({"product_page", "collection_page"})
# A title above a text is confirmed by it. In many languages four words make a headline.
_FEWEST_TITLE_WORDS = 4
_MOST_HEADINGS = 20
# A page whose text is made by scripts has almost no text in its markup.
_LONGEST_SHELL = 200
_REFRESH = re.compile(r"\s*+[\d.]{0,6}\s*+[;,]\s*+(?:url\s*+=\s*+)?(?P<url>.+)", re.IGNORECASE | re.DOTALL)
_LONGEST_REFRESH = 2000
_QUOTES = " '\""
# Headlines end with question marks and quotation marks, but hardly ever with these.
_FULL_STOPS = (".", "।", "。", "۔")
_RECIPE = frozenset({"Recipe"})
_TAG_PATHS = re.compile(
    r"/(?:tags?|topics?|temas?|themen?|thema|etiquetas?|keywords?|schlagwort(?:e|er)?|sujets?|label)/"
)
# Publishing systems list the articles of an author, a section or a topic at such addresses.
_INDEX = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|autore|avtor|writers?|profiles?|categor(?:y|ies|ia|ie)|kategorie|rubri(?:k|que|c|ca)"
    r"|tags?|topics?|temas?|themen?|thema|etiquetas?|keywords?|schlagwort|label)/[^/]+/?$",
    re.IGNORECASE,
)


# Each reason why a page contains no article.
REASONS = (
    "empty",
    "not_html",
    "nested_too_deeply",
    "too_many_attributes",
    "too_many_parts",
    "too_many_tags",
    "error_page",
    "redirect_page",
    "search_page",
    "login_page",
    "consent_page",
    "forum_page",
    "product_page",
    "collection_page",
    "service_page",
    "tag_page",
    "front_page",
    "app_shell",
    "no_headline",
    "no_body",
)


def not_article(
    html: bytes, document: Document, title: str | None, body: Body, fields: Mapping[str, Evidence]
) -> Refusal | None:
    """Return why a page contains no article, None if it contains one.

    ``REASONS`` lists the slugs.

    Args:
        html: The page as fetched.
        document: The page, parsed.
        title: Its title.
        body: Its body.
        fields: The evidence of its fields.
    """
    if reason := _not_a_page(html, document):
        return Refusal(reason)
    return (
        _redirect(document)
        or message_refusal(document, body, fields)
        or _other_kind(html, document, title, body, fields)
        or _nothing(document, title, body)
    )


def _not_a_page(html: bytes, document: Document) -> str | None:
    if not html.strip():
        return "empty"
    if not _is_html(html):
        return "not_html"
    if database_error(html):
        return "error_page"
    return document.tree_problem


def _redirect(document: Document) -> Refusal | None:
    """Return the refusal of a page that only leads to another one, as static hosts have it at an old address."""
    refreshing = [element for element in document.elements("meta") if _is_refresh(element)]
    # Most pages have none of these elements, so the text is measured last.
    if not refreshing or _text_length(document) >= _LONGEST_SHELL:
        return None
    for element in refreshing:
        match = _REFRESH.match((element.get("content") or "")[:_LONGEST_REFRESH])
        target = document.resolve(match["url"].strip(_QUOTES)) if match else None
        if target and target != document.url:
            return Refusal.by("redirect_page", "meta", target)
    return None


def _is_refresh(element: etree._Element) -> bool:
    return (element.get("http-equiv") or "").strip().lower() == "refresh"


def _other_kind(
    html: bytes, document: Document, title: str | None, body: Body, fields: Mapping[str, Evidence]
) -> Refusal | None:
    """Return what a page is by what it declares or by its form, if it does not declare an article."""
    types = declared_types(html, document, body.element)
    if refusal := forum_page(types):
        return refusal
    if types.are_of_article or "article:published_time" in document.meta:
        return None
    form = PageForm(document.layout, body.texts)
    if refusal := software_refusal(html, document) or home_page(document) or _declared(document, types, fields, form):
        return _of_tag(document, refusal)
    # What the rules of a source select is what its author has seen.
    if body.by_rule and _has_text(body):
        return None
    if text := _list_without_headline(document, title, form):
        return _of_tag(document, Refusal.by("front_page", "heuristic", text))
    return _by_form(html, document, title, fields, types, form)


def _declared(
    document: Document, types: DeclaredTypes, fields: Mapping[str, Evidence], form: PageForm
) -> Refusal | None:
    """Return the refusal of a page that declares to be something else and does not look like an article."""
    refusal = declared_refusal(document, types, fields)
    if refusal is None or (refusal.reason in _SOLD and refusal.evidence and refusal.evidence.origin == "meta"):
        return refusal
    # Programs for search engines declare many pages to be something that they are not.
    is_signed = "published_at" in fields and "authors" in fields and _has_headline(document)
    return None if is_signed and form.longest_run >= _SHORTEST_STORY else refusal


def _list_without_headline(document: Document, title: str | None, form: PageForm) -> str | None:
    """Return a text of the list that a page consists of, None if it is no list or has the headline of an article."""
    if _has_headline(document):
        return None
    is_index = _INDEX.search(urlsplit(document.url or "").path) is not None
    text = form.list_of_headlines(is_index=is_index) or form.list_of_links(is_index=is_index)
    return None if text and _is_title_of_text(document, title, form) else text


def _by_form(  # noqa: PLR0913, PLR0917 what a page says of itself
    html: bytes,
    document: Document,
    title: str | None,
    fields: Mapping[str, Evidence],
    types: DeclaredTypes,
    form: PageForm,
) -> Refusal | None:
    # Some blogs show the articles before an article below it.
    if not types.articles and (text := form.thread(comparable(title), has_headline=_has_headline(document))):
        return Refusal.by("forum_page", "heuristic", text)
    if "published_at" in fields or "authors" in fields or types.find(_RECIPE):
        return None
    return shop_page(html, document)


def _of_tag(document: Document, refusal: Refusal) -> Refusal:
    """Return a refusal as a list, as the one of a list of articles about a tag if the page is one."""
    is_list = refusal.reason in {"collection_page", "front_page"}
    return refusal._replace(reason="tag_page") if is_list and _is_of_tag(document) else refusal


def _nothing(document: Document, title: str | None, body: Body) -> Refusal | None:
    """Return the refusal of a page that has no headline, or no text."""
    has_media = bool(body.videos) or any(block.image for block in body.blocks)
    if (
        not has_media
        and not _has_text(body)
        and not (document.is_declared_article and _has_table_or_video(document, body))
    ):
        return Refusal("app_shell" if _is_shell(document) else "no_headline" if title is None else "no_body")
    # Text that somebody wrote is an article without a headline. Menus and lists are not.
    is_written = title is not None or PageForm(document.layout).longest_run >= _SHORTEST_TEXT
    return None if is_written else Refusal("no_headline")


def _has_table_or_video(document: Document, body: Body) -> bool:
    """Whether an article consists of a table, or of a video that a script would show."""
    return bool(document.thing("VideoObject")) or any(block.kind == "table" for block in body.blocks)


def _has_text(body: Body) -> bool:
    """Whether the paragraphs, quotes and lists of a body are longer than a teaser. Old pages have text in headings."""
    texts = (
        block.text
        for block in body.blocks
        if block.kind in {"paragraph", "quote", "list"} or (block.kind == "heading" and _is_text(block.text))
    )
    return body.text_length >= _SHORTEST_BODY or sum(map(length_of, texts)) >= _SHORTEST_BODY


def _is_text(heading: str) -> bool:
    """Whether a heading is a paragraph."""
    is_sentence = length_of(heading) >= _SHORTEST_SENTENCE and heading.endswith(_FULL_STOPS)
    return is_sentence or len(heading) > _LONGEST_HEADING


def _has_headline(document: Document) -> bool:
    """Whether a first-level heading is long enough for a headline, not the name of a site or a section."""
    headings = document.elements("h1")[:_MOST_HEADINGS]
    return any(is_headline(text_of(heading)) for heading in headings if next(heading.iter("a"), None) is None)


def _is_title_of_text(document: Document, title: str | None, form: PageForm) -> bool:
    """Whether the head of a page repeats the headline of its text, whatever element this headline is in.

    A short one must link to the page itself, as the headlines of posts do. That of a list is a name.
    """
    if title is None or not document.head_title:
        return False
    wanted = comparable(title)
    is_repeated = bool(wanted) and wanted in comparable(document.head_title)
    return is_repeated and form.is_above_text(wanted, document.is_own, is_linked=not _is_title(title))


def _is_title(text: str) -> bool:
    return len(text.split()) >= _FEWEST_TITLE_WORDS or is_headline(text)


def _is_of_tag(document: Document) -> bool:
    texts = [text for text in (document.head_title, *document.headings) if text]
    path = urlsplit(document.url or "").path.lower()
    return bool(_TAG_PATHS.search(f"{path}/")) or beginning(texts, "tag_page") is not None


def _is_shell(document: Document) -> bool:
    """Whether a page has scripts and almost no text, so that a browser would have to fill it."""
    return _text_length(document) < _LONGEST_SHELL and bool(document.elements("script"))


def _text_length(document: Document) -> int:
    return sum(len(piece.text) for piece in document.layout.pieces)


def _is_html(html: bytes) -> bool:
    start = html.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OTHER_FORMATS):
        return bool(_XHTML.search(start[:2048]))
    return bool(_MARKUP.search(start) or _MARKUP_UTF_16.search(start[:2048]))
