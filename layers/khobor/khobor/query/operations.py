"""The operations of the HTTP API: each with its path, its parameters and its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from khobor.archive import codec
from khobor.archive.headlines import MAX_PAGE_SIZE
from khobor.article import Article
from khobor.query import answers
from khobor.query.article_query import COMBINATIONS, ORDERS, ArticleQuery
from khobor.query.parameters import Parameter, choice, count, day, moment, read_query, text
from khobor.query.service import QueryService
from khobor.revisions.timeline import Change

# No article has that many revisions.
_MOST_REVISIONS = 999_999


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of the API; all are GET requests and write nothing.

    Attributes:
        name: Its name.
        path: Its path, with path parameters in braces.
        summary: What it answers.
        answer: The type of its answer.
        ask: Returns the answer as JSON for the values of its parameters; raises KhoborError.
        in_path: The parameters in the path.
        in_query: The parameters that the query string may have.
    """

    name: str
    path: str
    summary: str
    answer: type
    ask: Callable[[QueryService, Mapping[str, Any]], bytes]
    in_path: tuple[Parameter, ...] = ()
    in_query: tuple[Parameter, ...] = ()

    def read(self, path: Mapping[str, str], query: str) -> dict[str, Any]:
        """Return the values of a request's parameters.

        Args:
            path: The texts in the path, by the names of their parameters.
            query: The query string, without the question mark.

        Raises:
            PermanentError: As ``parameters.read_query`` does.
        """
        values = {parameter.name: parameter.value(path[parameter.name]) for parameter in self.in_path}
        return values | read_query(self.in_query, query)


def _articles(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(answers.headlines(query_service.headlines(ArticleQuery(**values))))


def _article(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    return codec.export(query_service.article(values["article_id"]))


def _revisions(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    article_id = values["article_id"]
    return msgspec.json.encode(answers.revisions(article_id, query_service.revisions(article_id)))


def _revision(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    return codec.export(query_service.revision(values["article_id"], values["number"]))


def _difference(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    article_id, after, before = values["article_id"], values["number"], values["from"]
    found = query_service.difference(article_id, after, before)
    return msgspec.json.encode(answers.difference(article_id, before or after - 1, after, found))


def _similar(query_service: QueryService, values: Mapping[str, Any]) -> bytes:
    article_id = values["article_id"]
    return msgspec.json.encode(answers.similar(article_id, query_service.similar(article_id)))


def _sources(query_service: QueryService, _: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(answers.sources(*query_service.sources()))


_ID = text("article_id", "The article's id", longest=26, pattern="[a-z2-7]{26}")
_NUMBER = count("number", "The revision's number, from 1 on", most=_MOST_REVISIONS)
_FILTERS = (
    text("source", "Name of the source, else host", longest=253),
    text("section", "Section, in any case, spacing and punctuation", longest=200),
    text("tag", "Tag, in any case, spacing and punctuation", longest=200),
    text("author", "Name of an author, in any case, spacing and punctuation", longest=200),
    choice("change", "What a revision changed; rows are sorted by the time of the revision", get_args(Change)),
    text("words", "Words, all in the title or an earlier one, in any script", longest=200),
    text("url", "The article's address, or the URL that was fetched", longest=2048),
    day("day", "A day in the time zone of each source"),
    moment("since", "Listed on or after this day, in the time zone of each source, or this time"),
    moment("until", "Listed before this day, or this time"),
    choice("order", "Sort by publication (listed), or by the first fetch (added)", ORDERS, default="listed"),
    count("limit", "How many rows at most", most=MAX_PAGE_SIZE, default=50),
    text("cursor", "The cursor of the previous page, with the same filters", longest=2048, pattern="[A-Za-z0-9_-]+"),
)

OPERATIONS = (
    Operation(
        name="listArticles",
        path="/articles",
        summary=f"Headlines, the newest first: {COMBINATIONS}",
        answer=answers.HeadlinesAnswer,
        ask=_articles,
        in_query=_FILTERS,
    ),
    Operation(
        name="getArticle",
        path="/articles/{article_id}",
        summary="A whole article, in its latest version",
        answer=Article,
        ask=_article,
        in_path=(_ID,),
    ),
    Operation(
        name="listRevisions",
        path="/articles/{article_id}/revisions",
        summary="The revisions of an article, the oldest first",
        answer=answers.RevisionsAnswer,
        ask=_revisions,
        in_path=(_ID,),
    ),
    Operation(
        name="getRevision",
        path="/articles/{article_id}/revisions/{number}",
        summary="A whole article, as it was in a revision",
        answer=Article,
        ask=_revision,
        in_path=(_ID, _NUMBER),
    ),
    Operation(
        name="getDifference",
        path="/articles/{article_id}/revisions/{number}/difference",
        summary="What a revision changed, compared with the previous one or another",
        answer=answers.DifferenceAnswer,
        ask=_difference,
        in_path=(_ID, _NUMBER),
        in_query=(count("from", "Revision to compare with; by default the previous one", most=_MOST_REVISIONS),),
    ),
    Operation(
        name="listSimilar",
        path="/articles/{article_id}/similar",
        summary="Articles with nearly the same text, within a month, the earliest first",
        answer=answers.SimilarArticlesAnswer,
        ask=_similar,
        in_path=(_ID,),
    ),
    Operation(
        name="listSources",
        path="/sources",
        summary="The sources, whether each is enabled, and its newest headline",
        answer=answers.SourcesAnswer,
        ask=_sources,
    ),
)
