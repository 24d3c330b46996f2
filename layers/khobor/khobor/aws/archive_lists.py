"""Lists of headlines: what the archive is asked for, each page by queries that grow with the page and not the archive.

| asked by | read | read units of a page of 50 |
| --- | --- | --- |
| id | headline and ``seen``, then text, by their keys | of their size: 3 or more |
| URL | headline and ``seen``, else alias, by their keys | 2 or more |
| source and time | index ``by_source``, one query | 1.5 |
| day, over all sources | index ``by_day``, a query or two for each of its four shards | 2 |
| the newest, over all sources | the same of the last days, six at most | 2 to 12 |
| section, tag, author or kind of change, and time | the postings of it, one query | 1.5 to 2 |
| words of the title | the postings of the longest of them, at most four queries | 2 to 8 |
| nearly the same text | the postings of its four bands, four queries | 2 to 8 |
| revisions of an article | headline and ``seen``, by their keys | 2 or more |

``make queries`` measures them. Reads are eventually consistent: what was stored a second ago may be missing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.article import Article
from khobor.aws.archive_items import DAY_SHARDS, HEADLINE, article_id_of, key, pk
from khobor.aws.cursors import END, Position, bad_cursor, day_of, gap_of, read_cursor, start_key, write_cursor
from khobor.aws.postings import Index, partition
from khobor.errors import PermanentError
from khobor.revisions.sketch import SIMILAR, Sketch, bands, resemblance, sketch
from khobor.search_words import search_words

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_SOURCE = "by_source"
BY_DAY = "by_day"
MOST = 100
# Of titles that have one of the words but not all, so many pages are passed over before the rest is left for the next.
_MOST_QUERIES = 4
# For a page of the newest headlines so many days are looked at: each is at least two read units.
_MOST_DAYS = 6
# Before a gap of so many days there is nothing.
_LONGEST_GAP = 100
# Copies of a text come within days, and series of nearly the same texts, such as the weather's, have no end.
_FARTHEST = timedelta(days=30)
_MOST_CANDIDATES = 50


@dataclass(frozen=True, kw_only=True)
class Span:
    """A span of time.

    Attributes:
        since: Its first second, aware.
        until: The first second after it, aware.
    """

    since: datetime = datetime(1, 1, 1, tzinfo=UTC)
    until: datetime = datetime(9999, 12, 31, tzinfo=UTC)


ALWAYS = Span()


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a list shows of an article.

    Attributes:
        article_id: Its id.
        source: Name of its source.
        listed_at: When it was published, else when it was fetched; in lists of changes, when it changed.
        title: Its title.
        url: Its URL.
        section: Its section.
        language: Its language, BCP 47.
        revisions: How many there are; only in lists by source and by day.
        gone_at: When its site had it no more; only there.
        revision: Which revision it became; only in lists of changes.
    """

    article_id: str
    source: str | None = None
    listed_at: datetime
    title: str | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = None
    revisions: int | None = None
    gone_at: datetime | None = None
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A part of a list, the newest first.

    Attributes:
        headlines: What it has; a page may have fewer than were asked for, and still not be the last.
        cursor: What to ask for the next page with; None at the end.
    """

    headlines: tuple[Headline, ...]
    cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class Similar:
    """An article that has nearly the same text as another.

    Attributes:
        headline: What a list shows of it.
        resemblance: Of the two texts, about: the Jaccard index of their shingles, from 0 to 1.
    """

    headline: Headline
    resemblance: float


def headlines(ask: Callable[[str | None], Page]) -> Iterator[Headline]:
    """Yield the headlines of all pages of a list.

    Args:
        ask: Returns the page of a cursor.
    """
    page = ask(None)
    yield from page.headlines
    while page.cursor:
        page = ask(page.cursor)
        yield from page.headlines


class ArchiveLists:
    """The lists of the archive table, through a DynamoDB client.

    Args:
        dynamodb: The client.
        table: Name of the table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def headline(self, article_id: str) -> Headline | None:
        """Return the headline of an article; None where the archive does not have it."""
        item = self._dynamodb.get_item(TableName=self._table, Key=key(pk(article_id), HEADLINE)).get("Item")
        # One that was forgotten has none of what a list shows.
        return _headline(item) if item and "listed_at" in item else None

    def by_source(self, source: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines of a source.

        Args:
            source: Its name.
            span: Only those listed in this time.
            limit: At most so many, up to 100.
            cursor: Of the page before.

        Raises:
            PermanentError: ``bad_cursor``, ``bad_limit``.
        """
        query = self._index_query(BY_SOURCE, "source", source, span)
        return self._page(f"source#{source}", query, limit, cursor)

    def by(self, index: Index, value: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines by section, tag, author or kind of change, however it is written.

        Args:
            index: What is asked by.
            value: The section, the tag, the author's name, or the kind of change; changes are listed by their time.
            span: As in ``by_source``.
            limit: As in ``by_source``.
            cursor: As in ``by_source``.

        Raises:
            PermanentError: As in ``by_source``.
        """
        where = partition(index, value)
        return self._page(where, self._posting_query(where, span), limit, cursor)

    def by_words(self, text: str, *, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines whose title has all words of a text.

        Raises:
            PermanentError: ``no_words``, and as in ``by_source``.
        """
        wanted = search_words(text)
        if not wanted:
            raise PermanentError("no_words", f"there is no word in {text!r} to look for")
        # The longest is found in the fewest titles, most likely.
        where = partition("word", max(wanted, key=len))
        query, name = self._posting_query(where, ALWAYS), f"words#{' '.join(wanted)}"
        found: list[Headline] = []
        for _ in range(_MOST_QUERIES):
            page = self._page(name, query, limit, cursor)
            fitting = [each for each in page.headlines if set(wanted) <= set(search_words(each.title or ""))]
            if len(found) + len(fitting) > limit:
                break
            found, cursor = found + fitting, page.cursor
            if cursor is None:
                break
        return Page(headlines=tuple(found), cursor=cursor)

    def by_day(self, day: date, *, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines of all sources on a day of UTC; arguments and errors as in ``by_source``."""
        name = f"day#{day}"
        positions = read_cursor(name, cursor, _BEGINNINGS)
        found, positions = self._day(day, _checked(limit), positions)
        return Page(headlines=tuple(found), cursor=write_cursor(name, positions))

    def newest(self, *, today: date, limit: int = 50, cursor: str | None = None) -> Page:
        """Return the newest headlines of all sources; a page may have none, and still not be the last.

        Args:
            today: The day to begin with: what is dated later is left out.
            limit: As in ``by_source``.
            cursor: As in ``by_source``.

        Raises:
            PermanentError: As in ``by_source``.
        """
        day_text, gap_text, *positions = read_cursor("newest", cursor, [str(today), "0", *_BEGINNINGS])
        day, gap = day_of(day_text), gap_of(gap_text)
        found: list[Headline] = []
        for _ in range(_MOST_DAYS):
            more, positions = self._day(day, _checked(limit) - len(found), positions)
            found += more
            gap = 0 if more else gap + 1
            if len(found) == limit or day == date.min:
                break
            day, positions = day - timedelta(days=1), _BEGINNINGS
        is_end = gap > _LONGEST_GAP or day == date.min
        return Page(
            headlines=tuple(found),
            cursor=None if is_end else write_cursor("newest", [str(day), str(gap), *positions]),
        )

    def similar(self, article: Article) -> tuple[Similar, ...]:
        """Return the articles that have nearly the same text, the one that was listed first coming first.

        Of very many only the newest are looked at, and none that is listed a month before or after.
        """
        sketched = sketch(article)
        if sketched is None:
            return ()
        listed_at = article.published_at or article.fetched_at
        span = Span(since=listed_at - _FARTHEST, until=listed_at + _FARTHEST)
        found: dict[str, Similar] = {}
        for band in bands(sketched):
            items, _ = self._posting_query(partition("similar", band), span)(None, _MOST_CANDIDATES)
            for item in items:
                each = Similar(headline=_headline(item), resemblance=resemblance(sketched, Sketch(item["sketch"]["B"])))
                if each.resemblance >= SIMILAR and each.headline.article_id != article.article_id:
                    found[each.headline.article_id] = each
        return tuple(sorted(found.values(), key=lambda each: (each.headline.listed_at, each.headline.article_id)))

    def _day(self, day: date, limit: int, positions: Position) -> tuple[list[Headline], Position]:
        """Return the newest headlines of the shards of a day from where each is, and where each is then."""
        shards = [
            _Shard(self._index_query(BY_DAY, "day", f"{day}#{number}", ALWAYS), position, limit)
            for number, position in enumerate(positions)
        ]
        found: list[Headline] = []
        while len(found) < limit:
            heads = [shard for shard in shards if shard.peek()]
            if not heads:
                break
            found.append(max(heads, key=_Shard.order).take())
        return found, [shard.position for shard in shards]

    def _page(self, name: str, query: "_Query", limit: int, cursor: str | None) -> Page:
        positions = read_cursor(name, cursor, [None])
        found, position = query(positions[0], _checked(limit))
        return Page(headlines=tuple(map(_headline, found)), cursor=write_cursor(name, [position]) if position else None)

    def _index_query(self, index: str, attribute: str, value: str, span: Span) -> "_Query":
        # The index holds whole seconds, and BETWEEN its ends.
        last = span.until - timedelta(seconds=1)
        condition = "#key = :key AND listed_at BETWEEN :since AND :until"
        values = {":key": value, ":since": _second(span.since), ":until": _second(last)}
        return self._query({"#key": attribute}, condition, values, IndexName=index)

    def _posting_query(self, where: str, span: Span) -> "_Query":
        # A sort key goes on behind the time, so that those of the end itself are beyond it.
        values = {":key": where, ":since": _second(span.since), ":until": _second(span.until)}
        return self._query({"#key": "pk"}, "#key = :key AND sk BETWEEN :since AND :until", values)

    def _query(self, names: Mapping[str, str], condition: str, values: Mapping[str, str], **where: Any) -> "_Query":
        needed = {"pk", "sk", names["#key"], *(["listed_at"] if where else [])}

        def ask(position: Any, limit: int) -> tuple[list[dict[str, Any]], Any]:
            start = {"ExclusiveStartKey": start_key(position, needed)} if position else {}
            try:
                answer = self._dynamodb.query(
                    TableName=self._table,
                    KeyConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                    ScanIndexForward=False,
                    Limit=limit,
                    **(where | start),
                )
            except ClientError as error:
                # A position that no page of this list has: somebody made it up.
                if position and error.response["Error"]["Code"] == "ValidationException":
                    raise bad_cursor(position) from error
                raise
            last: Any = answer.get("LastEvaluatedKey")
            return answer["Items"], last and {name: value["S"] for name, value in last.items()}

        return ask


_Query = Callable[[Any, int], tuple[list[dict[str, Any]], Any]]
_BEGINNINGS: Position = [None] * DAY_SHARDS


class _Shard:
    """One shard of a day, read a little at a time, as others have headlines too."""

    def __init__(self, query: _Query, position: Any, limit: int) -> None:
        self._query = query
        self._limit = limit // DAY_SHARDS + 2
        self._waiting: list[dict[str, Any]] = []
        self._next = position
        self.position = position

    def peek(self) -> dict[str, Any] | None:
        if not self._waiting and self._next != END:
            self._waiting, last = self._query(self._next, self._limit)
            self._next = last or END
            if not self._waiting:
                self.position = END
        return self._waiting[0] if self._waiting else None

    def order(self) -> tuple[str, str]:
        return self._waiting[0]["listed_at"]["S"], self._waiting[0]["pk"]["S"]

    def take(self) -> Headline:
        item = self._waiting.pop(0)
        is_last = not self._waiting and self._next == END
        self.position = END if is_last else {name: item[name]["S"] for name in ("pk", "sk", "day", "listed_at")}
        return _headline(item)


def _headline(item: Mapping[str, Any]) -> Headline:
    facts: dict[str, Any] = {name: item[name]["S"] for name in _TEXTS if name in item}
    facts |= {name: int(item[name]["N"]) for name in ("revisions", "revision") if name in item}
    listed_at, article_id = item.get("listed_at", {}).get("S"), article_id_of(item)
    if item["sk"]["S"] != HEADLINE:
        listed_at, _, article_id = item["sk"]["S"].partition("#")
    gone_at = datetime.fromisoformat(item["gone_at"]["S"]) if "gone_at" in item else None
    return Headline(article_id=article_id, listed_at=datetime.fromisoformat(listed_at), gone_at=gone_at, **facts)


_TEXTS = ("source", "title", "url", "section", "language")


def _second(stamp: datetime) -> str:
    return stamp.astimezone(UTC).isoformat(timespec="seconds")


def _checked(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise PermanentError("bad_limit", f"a page has 1 to {MOST} headlines, not {limit}")
    return limit
