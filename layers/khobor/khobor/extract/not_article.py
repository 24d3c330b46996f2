"""Whether a page contains an article at all."""

import re
from functools import cache
from urllib.parse import urlsplit

from khobor.extract.body import Body
from khobor.extract.document import Document
from khobor.extract.layout import SHORTEST_HEADLINE
from khobor.extract.text import comparable, text_of
from khobor.extract.vocabulary import load
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
_MOST_HEADLINES = 6
_FEWEST_WORDS = 5
# A message in place of an article is shorter than this.
_LONGEST_MESSAGE = 1000
_LONGEST_LOGIN = 600
_LONGEST_CONSENT = 3000
# A page whose text is made by scripts has almost no text in its markup.
_LONGEST_SHELL = 200
# Beside the phrase, the title contains only the site's name.
_MOST_WORDS_BESIDE = 6
_TAG_PATHS = re.compile(
    r"/(?:tags?|topics?|temas?|themen?|thema|etiquetas?|keywords?|schlagwort(?:e|er)?|sujets?|label)/"
)


def not_article(html: bytes, document: Document, title: str | None, body: Body) -> str | None:
    """Return a slug that says why a page contains no article, None if it contains one.

    ``empty``, ``not_html``, ``error_page`` (a database error in place of the page, or a message such as "not found"),
    ``nested_too_deeply``, ``too_many_tags``, ``search_page``, ``tag_page``, ``login_page``, ``consent_page``,
    ``app_shell`` (a page that scripts would fill), ``front_page`` (a list of headlines), ``no_headline``, ``no_body``.

    Args:
        html: The page as fetched.
        document: The page, parsed.
        title: Its title.
        body: Its body.
    """
    return _not_a_page(html, document) or _message(document, body) or _not_news(document, title, body)


def _not_a_page(html: bytes, document: Document) -> str | None:
    if not html.strip():
        return "empty"
    if not _is_html(html):
        return "not_html"
    if database_error(html):
        return "error_page"
    return document.tree_problem


def _message(document: Document, body: Body) -> str | None:
    """Return what a page is if its title or heading says that it is not an article."""
    if _is_declared_article(document):
        return None
    titles = [comparable(text) for text in (document.head_title, *document.headings) if text]
    if body.text_length < _LONGEST_MESSAGE and _state(titles, "error_page"):
        return "error_page"
    if _begin_with_phrase(titles, "search_page"):
        return "search_page"
    if body.text_length < _LONGEST_LOGIN and _state(titles, "login_page") and document.select("input[type=password]"):
        return "login_page"
    return "consent_page" if _asks_for_consent(document, body, titles) else None


def _not_news(document: Document, title: str | None, body: Body) -> str | None:
    if not _is_declared_article(document) and not _has_headline(document) and _is_list(document, body):
        return "tag_page" if _is_of_tag(document) else "front_page"
    has_media = bool(body.videos) or any(block.image for block in body.blocks)
    if body.text_length < _SHORTEST_BODY and not has_media:
        return "app_shell" if _is_shell(document) else "no_headline" if title is None else "no_body"
    return "no_headline" if title is None else None


def _is_declared_article(document: Document) -> bool:
    """Whether the metadata of a page say that it is an article."""
    kind = document.first_meta("og:type") or ""
    return bool(document.article) or kind == "article" or "article:published_time" in document.meta


def _has_headline(document: Document) -> bool:
    """Whether a first-level heading is long enough for a headline, not the name of a site or a section."""
    headings = (heading for heading in document.elements("h1") if next(heading.iter("a"), None) is None)
    return any(len(text_of(heading).split()) >= _FEWEST_WORDS for heading in headings)


def _state(titles: list[str], kind: str) -> bool:
    """Whether a title consists of a phrase of a kind and hardly anything else."""
    return any(
        f" {phrase} " in f" {title} " and len(title.split()) - len(phrase.split()) <= _MOST_WORDS_BESIDE
        for title in titles
        for phrase in _phrases(kind)
    )


def _begin_with_phrase(titles: list[str], kind: str) -> bool:
    return any(f"{title} ".startswith(f"{phrase} ") for title in titles for phrase in _phrases(kind))


def _asks_for_consent(document: Document, body: Body, titles: list[str]) -> bool:
    """Whether the heading of a page and its only text are about cookies."""
    headings = [comparable(text) for text in document.headings]
    if body.text_length >= _LONGEST_CONSENT or not _contains_phrase(headings or titles, "consent_page"):
        return False
    links = sum(len(text) >= SHORTEST_HEADLINE for _, text in document.layout.links)
    return links < _MOST_HEADLINES and _contains_phrase([comparable(body.text)], "consent_page")


def _contains_phrase(texts: list[str], kind: str) -> bool:
    return any(f" {phrase} " in f" {text} " for text in texts for phrase in _phrases(kind))


def _is_of_tag(document: Document) -> bool:
    titles = [comparable(text) for text in (document.head_title, *document.headings) if text]
    path = urlsplit(document.url or "").path.lower()
    return bool(_TAG_PATHS.search(f"{path}/")) or _begin_with_phrase(titles, "tag_page")


def _is_shell(document: Document) -> bool:
    """Whether a page has scripts and almost no text, so that a browser would have to fill it."""
    length = sum(len(piece.text) for piece in document.layout.pieces)
    return length < _LONGEST_SHELL and bool(document.elements("script"))


def _is_html(html: bytes) -> bool:
    start = html.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OTHER_FORMATS):
        return bool(_XHTML.search(start[:2048]))
    return bool(_MARKUP.search(start) or _MARKUP_UTF_16.search(start[:2048]))


def _is_list(document: Document, body: Body) -> bool:
    """Whether the element of the body is a list of linked headlines, with only teasers between them."""
    element = document.root if body.element is None else body.element
    headings = [heading for heading in element.iter("h2", "h3", "h4") if len(text_of(heading)) >= SHORTEST_HEADLINE]
    linked = sum(
        next(heading.iter("a"), None) is not None or next(heading.iterancestors()).tag == "a" for heading in headings
    )
    paragraphs = sum(block.kind == "paragraph" for block in body.blocks)
    return bool(linked >= _MOST_HEADLINES and paragraphs <= 2 * linked)


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(comparable, load("no_article")[kind])))
