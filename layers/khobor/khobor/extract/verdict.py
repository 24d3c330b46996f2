"""Whether a page holds an article at all."""

import re

from khobor.extract.body import Body
from khobor.extract.document import Document
from khobor.extract.text import text_of
from khobor.page import database_error

_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|article|main|section|span|table|a)[\s/>]",
    re.IGNORECASE,
)
_MARKUP_UTF_16 = re.compile(rb"<\x00(?:!\x00)?[a-z]\x00|\x00<(?:\x00!)?\x00[a-z]", re.IGNORECASE)
_OTHER_FORMATS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"{", b"[", b"<?xml", b"<rss")
_XHTML = re.compile(rb"<html[\s>]", re.IGNORECASE)
# A headline and one sentence; a shorter text is a teaser or a message.
_SHORTEST_BODY = 40
_MOST_HEADLINES = 6
_SHORTEST_HEADLINE = 20


def not_article(html: bytes, document: Document, title: str | None, body: Body) -> str | None:
    """Return why a page holds no article, as a slug; None for an article.

    ``empty``, ``not_html``, ``error_page`` (a database error in place of the page), ``nested_too_deeply``,
    ``front_page`` (a list of headlines), ``no_headline`` or ``no_body``.
    """
    return _not_a_page(html, document) or _not_news(document, title, body)


def _not_a_page(html: bytes, document: Document) -> str | None:
    if not html.strip():
        return "empty"
    if not _is_html(html):
        return "not_html"
    if database_error(html):
        return "error_page"
    return "nested_too_deeply" if document.is_cut_off else None


def _not_news(document: Document, title: str | None, body: Body) -> str | None:
    if not document.article and _is_list(document, body):
        return "front_page"
    if title is None:
        return "no_headline"
    has_media = bool(body.videos) or any(block.image for block in body.blocks)
    return "no_body" if body.text_length < _SHORTEST_BODY and not has_media else None


def _is_html(html: bytes) -> bool:
    start = html.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OTHER_FORMATS):
        return bool(_XHTML.search(start[:2048]))
    return bool(_MARKUP.search(start) or _MARKUP_UTF_16.search(start[:2048]))


def _is_list(document: Document, body: Body) -> bool:
    """Whether what holds the body is a list of headlines that lead to articles, with no more than teasers between."""
    element = document.root if body.element is None else body.element
    headings = [heading for heading in element.iter("h2", "h3", "h4") if len(text_of(heading)) >= _SHORTEST_HEADLINE]
    linked = sum(next(heading.iter("a"), None) is not None or heading.getparent().tag == "a" for heading in headings)
    paragraphs = sum(block.kind == "paragraph" for block in body.blocks)
    return bool(linked >= _MOST_HEADLINES and paragraphs <= 2 * linked)
