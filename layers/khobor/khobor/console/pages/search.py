"""The search page: articles by words, section, tag or author."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from khobor.archive.full_text import Excerpt, FullTextSearch, Match
from khobor.console.deployment import Deployment
from khobor.console.formatting import sentence, shortened
from khobor.console.pages.headlines import (
    LIMIT,
    HeadlineList,
    HeadlineRow,
    ListPart,
    Stretches,
    headline_list,
    headline_row,
    turns,
)
from khobor.errors import PermanentError
from khobor.query.article_query import ArticleQuery
from khobor.sources.registry import Registry

By = Literal["text", "words", "section", "tag", "author"]
BY: dict[By, str] = {
    "text": "words of title and text",
    "words": "words of the title",
    "section": "section",
    "tag": "tag",
    "author": "author",
}
_MATCHES = 20
# The reasons why there is no result that lie in the text itself.
_OF_TEXT = frozenset({"no_words", "short_prefix", "long_query"})


@dataclass(frozen=True, kw_only=True)
class MatchRow:
    """An article that a search of title and text found.

    Attributes:
        headline: Its headline.
        title: Its title, with the words that were asked for; empty without a title.
        excerpt: A part of its text, with the words that were asked for; empty without a text.
    """

    headline: HeadlineRow
    title: Stretches
    excerpt: Stretches


@dataclass(frozen=True, kw_only=True)
class MatchList(ListPart):
    """A part of what a search of title and text found, the best match first.

    Attributes:
        rows: The articles.
    """

    rows: tuple[MatchRow, ...]


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """The search page.

    Attributes:
        text: What to search for; empty to show the form alone.
        options: What can be searched: the value, its label, and whether it is chosen.
        has_full_text: Whether title and text can be searched.
        headline_list: The headlines that were found; None if the text was not searched by them.
        match_list: What was found in title and text; None if they were not searched.
        notice: Why nothing was found.
        problem: What is wrong with the text; empty if nothing is.
    """

    text: str
    options: tuple[tuple[str, str, bool], ...]
    has_full_text: bool
    headline_list: HeadlineList | None = None
    match_list: MatchList | None = None
    notice: str = ""
    problem: str = ""


def search(deployment: Deployment, parameters: Mapping[str, str]) -> SearchPage:
    """Return the page of search results.

    Args:
        deployment: The deployment.
        parameters: The query parameters of the request.

    Raises:
        PermanentError: ``unknown_index``, or what the search raises for anything but its text.
    """
    full_text = deployment.full_text
    choices = {name: label for name, label in BY.items() if full_text or name != "text"}
    text, by = parameters.get("q", "").strip(), parameters.get("by") or next(iter(choices))
    if by not in choices:
        raise PermanentError(
            "unknown_index", f"cannot search by {shortened(by)!r}; search by one of {', '.join(choices)}"
        )
    page = partial(
        SearchPage,
        text=text,
        options=tuple((name, label, name == by) for name, label in choices.items()),
        has_full_text=full_text is not None,
    )
    if not text:
        return page()
    try:
        if full_text and by == "text":
            found = _match_list(full_text, deployment.registry, text, parameters)
            return page(match_list=found, notice=_why_empty(text))
        headlines, notice = _headlines(deployment, text, by, parameters)
        return page(headline_list=headlines, notice=notice)
    except PermanentError as error:
        if error.reason not in _OF_TEXT:
            raise
        return page(problem=sentence(error.detail))


def _headlines(deployment: Deployment, text: str, by: str, parameters: Mapping[str, str]) -> tuple[HeadlineList, str]:
    """Return the headlines that an index finds, and a message about them."""
    filters = {name: text if name == by else None for name in BY}
    page = deployment.query_service.headlines(
        ArticleQuery(
            words=filters["words"],
            section=filters["section"],
            tag=filters["tag"],
            author=filters["author"],
            limit=LIMIT,
            cursor=parameters.get("cursor"),
        )
    )
    found = headline_list(deployment, "/search", {"q": text, "by": by}, page, parameters)
    return found, sentence(page.notice or "")


def _match_list(full_text: FullTextSearch, registry: Registry, text: str, parameters: Mapping[str, str]) -> MatchList:
    cursor = parameters.get("cursor") or None
    page = full_text.search(text, limit=_MATCHES, cursor=cursor)
    rows = tuple(_row(registry, match) for match in page.matches)
    return MatchList(rows=rows, **turns("/search", {"q": text, "by": "text"}, page.cursor, parameters))


def _row(registry: Registry, match: Match) -> MatchRow:
    return MatchRow(
        headline=headline_row(registry, None, match.headline),
        title=tuple(_stretches(match.title)) if match.title else (),
        excerpt=tuple(_stretches(match.excerpt)),
    )


def _stretches(excerpt: Excerpt) -> Iterator[tuple[str, bool]]:
    """Yield the stretches of a text, each with whether it was asked for; none of an empty text."""
    at = 0
    for start, end in excerpt.marks:
        if start > at:
            yield excerpt.text[at:start], False
        yield excerpt.text[start:end], True
        at = end
    if at < len(excerpt.text):
        yield excerpt.text[at:], False


def _why_empty(text: str) -> str:
    return (
        f"No article has all words of {shortened(text)!r} in its title or text. "
        "A part of a word finds nothing, but its beginning does with * after it."
    )
