"""Messages in place of an article: errors, results of a search, logins, consent walls.

A page says so in its title or heading, or in its only text if that is short.
"""

import re
from collections.abc import Mapping
from itertools import islice

from khobor.article import Evidence
from khobor.extract.body import Body
from khobor.extract.document import Document
from khobor.extract.layout import SHORTEST_HEADLINE
from khobor.extract.message_phrases import asks_for_consent, has_words_of, phrases_of
from khobor.extract.page_form import PageForm
from khobor.extract.page_kind import Refusal
from khobor.extract.text import UNSPACED_SCRIPTS, comparable, length_of

# A headline has so many words, or so many characters in scripts that do not separate words.
_FEWEST_WORDS = 5
_FEWEST_CHARACTERS = 8
# A message in place of an article is shorter than this.
_LONGEST_MESSAGE = 1000
# A text that says that a page is missing consists of a few sentences.
_LONGEST_ERROR = 500
_LONGEST_LOGIN = 600
_LONGEST_CONSENT = 3000
_LONGEST_REQUEST = 1500
# The results of a search have no longer text in one piece.
_LONGEST_RESULT = 500
# Beside the phrase, a part of the title contains few words, and the title only the site's name.
_MOST_WORDS_BESIDE = 4
_MOST_WORDS_OF_TITLE = 16
_SEPARATOR = re.compile(r"\s[|–—·»:-]{1,2}\s|[|»·]")
# How sites name the field of a search, how long its words are, and how many fields a page has before it.
_SEARCH_FIELDS = frozenset({"keyword", "keywords", "q", "query", "s", "search", "searchword", "term"})
_LONGEST_QUERY = 100
_MOST_FIELDS = 20
# A page with more links that are as long as headlines shows articles.
_MOST_HEADLINES = 6


def message_refusal(document: Document, body: Body, fields: Mapping[str, Evidence]) -> Refusal | None:
    """Return what a page is if its title, heading or short text says that it is not an article; else None.

    Args:
        document: The page.
        body: Its body.
        fields: The evidence of its fields.
    """
    if document.is_declared_article:
        return None
    texts = [text for text in (document.head_title, *document.headings) if text]
    return (
        _error(body, texts, fields)
        or _search(document, texts)
        or _results(document, body, texts)
        or _login(document, body, texts, fields)
        or _consent(document, body, texts, fields)
    )


def _error(body: Body, texts: list[str], fields: Mapping[str, Evidence]) -> Refusal | None:
    text = _stating(texts, "error_page") if body.text_length < _LONGEST_MESSAGE else None
    if text is None and not _is_of_article(fields):
        text = _text_stating(body, "error_text", _LONGEST_ERROR)
    return Refusal.by("error_page", "heuristic", text) if text else None


def _search(document: Document, texts: list[str]) -> Refusal | None:
    text = beginning(texts, "search_page")
    is_results = text is not None and PageForm(document.layout).longest_run <= _LONGEST_RESULT
    return Refusal.by("search_page", "heuristic", text) if text and is_results else None


def _results(document: Document, body: Body, texts: list[str]) -> Refusal | None:
    """Return the refusal of a list below a search field with the words that its title repeats."""
    titles = [f" {comparable(text)} " for text in texts]
    for field in islice(document.root.iter("input"), _MOST_FIELDS):
        if (field.get("type") or "").lower() == "search" or (field.get("name") or "").lower() in _SEARCH_FIELDS:
            words = comparable((field.get("value") or "")[:_LONGEST_QUERY])
            is_repeated = bool(words) and any(f" {words} " in title for title in titles)
            if is_repeated and PageForm(document.layout, body.texts).list_of_headlines():
                return Refusal.by("search_page", "heuristic", words)
    return None


def _login(document: Document, body: Body, texts: list[str], fields: Mapping[str, Evidence]) -> Refusal | None:
    text = _stating(texts, "login_page") if body.text_length < _LONGEST_LOGIN else None
    # A page without headlines may say so in its text.
    is_bare = not any(map(is_headline, texts)) and _has_few_headlines(document) and not _is_of_article(fields)
    if text is None and is_bare:
        text = _text_stating(body, "login_text", _LONGEST_LOGIN)
    is_asked = text is not None and document.selector.css("input[type=password]")
    return Refusal.by("login_page", "heuristic", text) if text and is_asked else None


def _consent(document: Document, body: Body, texts: list[str], fields: Mapping[str, Evidence]) -> Refusal | None:
    """Return the refusal of a page whose heading and only text are about cookies, or whose text asks for consent."""
    if _is_of_article(fields):
        return None
    if _is_about_cookies(document, body, texts):
        return Refusal.by("consent_page", "heuristic", texts[0])
    is_short = sum(map(length_of, body.texts)) < _LONGEST_REQUEST
    if is_short and _has_few_headlines(document) and asks_for_consent(" ".join(body.texts)):
        return Refusal.by("consent_page", "heuristic", body.texts[0])
    return None


def _is_of_article(fields: Mapping[str, Evidence]) -> bool:
    """Whether a page has a date or an author, as an article about messages has.

    A message at the address of an article has the date of this address.
    """
    return any(name in fields and fields[name].origin != "url" for name in ("published_at", "authors"))


def is_headline(text: str) -> bool:
    """Whether a text is long enough for a headline, not the name of a site or a section."""
    return len(text.split()) >= _FEWEST_WORDS or len(UNSPACED_SCRIPTS.findall(text)) >= _FEWEST_CHARACTERS


def _text_stating(body: Body, kind: str, longest: int) -> str | None:
    """Return the first text of a body that contains a phrase of a kind; None if the body is longer, or none does."""
    if sum(map(length_of, body.texts)) >= longest:
        return None
    return next((text for text in body.texts if has_words_of(comparable(text), kind)), None)


def _has_few_headlines(document: Document) -> bool:
    return sum(len(text) >= SHORTEST_HEADLINE for _, text in document.layout.links) < _MOST_HEADLINES


def _stating(texts: list[str], kind: str) -> str | None:
    """Return the first text that consists of a phrase of a kind and hardly anything else; None if there is none.

    The name of the site is parted from the phrase: "Page not found | The Daily Test", but "Room 404: a hotel".
    """
    return next((text for text in texts if any(_states(comparable(part), kind) for part in _parts(text))), None)


def _parts(text: str) -> list[str]:
    """Return the parts of a title between separators; the title itself if it has none."""
    return _SEPARATOR.split(text) if len(comparable(text).split()) <= _MOST_WORDS_OF_TITLE else []


def _states(text: str, kind: str) -> bool:
    return any(
        f" {phrase} " in f" {text} " and len(text.split()) - len(phrase.split()) <= _MOST_WORDS_BESIDE
        for phrase in phrases_of(kind)
    )


def beginning(texts: list[str], kind: str) -> str | None:
    """Return the first text that begins with a phrase of a kind, None if there is none.

    Args:
        texts: The texts.
        kind: The kind of page, as the vocabulary calls it.
    """
    phrases = phrases_of(kind)
    return next(
        (text for text in texts if any(f"{comparable(text)} ".startswith(f"{phrase} ") for phrase in phrases)), None
    )


def _is_about_cookies(document: Document, body: Body, texts: list[str]) -> bool:
    """Whether the heading of a page and its only text are about cookies."""
    titles = [comparable(text) for text in texts]
    headings = [comparable(text) for text in document.headings]
    if body.text_length >= _LONGEST_CONSENT or not _contains_phrase(headings or titles, "consent_page"):
        return False
    return _has_few_headlines(document) and _contains_phrase([comparable(body.text)], "consent_page")


def _contains_phrase(texts: list[str], kind: str) -> bool:
    return any(f" {phrase} " in f" {text} " for text in texts for phrase in phrases_of(kind))
