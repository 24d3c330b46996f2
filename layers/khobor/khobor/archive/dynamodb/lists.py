"""Lists of headlines: what the archive is asked for, each page by queries that grow with the page and not the archive.

| asked by | read | read units of a page of 50 |
| --- | --- | --- |
| id | headline and ``seen``, then text, by their keys | of their size: 3 or more |
| URL | headline and ``seen``, else alias, by their keys | 2 or more |
| source and time | index ``by_source``, one query | 1.5 |
| day, over all sources | index ``by_day``, a query or two for each of its four shards | 2 |
| the newest, or a span of time, over all sources | the same of its days, nine at most | 2 to 18 |
| what was added last, over all sources | the postings of it, one query | 1.5 to 2 |
| section, tag, author or kind of change, and time | the postings of it, one query | 1.5 to 2 |
| words of the title | the postings of each key of the longest of them, at most four queries a key | 2 to 8 a key |
| nearly the same text | the postings of its four bands, four queries | 2 to 8 |
| revisions of an article | headline and ``seen``, by their keys | 2 or more |

``make queries`` measures them. Reads are eventually consistent: what was stored a second ago may be missing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.archive.cursors import bad_cursor, day_of, gap_of, read_cursor, start_key, write_cursor
from khobor.archive.dynamodb.days import AT_ONCE, Days, ReadShard, all_of, beginnings
from khobor.archive.dynamodb.items import HEADLINE, article_id_of, at_offset, key, pk, read_listed_at
from khobor.archive.dynamodb.postings import ADDED, Index, partition
from khobor.archive.spans import ALWAYS, Span, last_day_now
from khobor.article import Article
from khobor.errors import PermanentError
from khobor.revisions.minhash import SIMILAR, MinHash, bands, minhash, resemblance
from khobor.search_words import form_keys, has_words, search_words

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
# By the clocks of its source a day begins up to 26 hours later than it does elsewhere: so many are read at once, to
# pass over what is of the days around it.
_AROUND_A_DAY = 200


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a list shows of an article.

    Attributes:
        article_id: Its id.
        source: Name of its source.
        listed_at: When it was published, else when it was fetched; in lists of changes, when it changed. Its day and
            time are by the clocks of the source.
        title: Its title; in lists of changes, as it became.
        url: Its URL.
        section: Its section.
        language: Its language, BCP 47.
        revisions: How many there are; only in lists by source and by day.
        gone_at: When its site had it no more; only there.
        revision: Which revision it became; only in lists of changes.
        changes: All that this revision changed; only there.
        title_before: Its title before that, where it was another; only there.
        earlier_title: The earlier title that has the words; only where they were looked for, and the title lacks them.
        added_at: When it was first fetched; only in lists of what was added last.
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
    changes: tuple[str, ...] = ()
    title_before: str | None = None
    earlier_title: str | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A part of a list, the newest first.

    Attributes:
        headlines: What it has; a page may have fewer than were asked for, and still not be the last.
        cursor: What to ask for the next page with; None at the end.
        notice: What is to be known of the list besides, such as why it is empty.
        is_unknown: Whether it is of a source that neither the sources nor the archive have.
    """

    headlines: tuple[Headline, ...]
    cursor: str | None = None
    notice: str | None = None
    is_unknown: bool = False


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
        return self._page(f"source#{source}", query, _within(span), limit, cursor)

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
        return self._page(where, self._posting_query(where, span), _within(span), limit, cursor)

    def added(self, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines of all sources by when their article was first fetched, the one that was added last first.

        Arguments, of which the span is of that time, and errors are as in ``by_source``.
        """
        return self._page(ADDED, self._posting_query(ADDED, span), _within(span), limit, cursor)

    def by_words(self, text: str, *, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines whose title, or an earlier one, has all words of a text, each in one of its forms.

        Raises:
            PermanentError: ``no_words``, and as in ``by_source``.
        """
        wanted = search_words(text)
        if not wanted:
            raise PermanentError("no_words", f"there is no word in {text!r} to look for")
        # The longest is found in the fewest titles, most likely.
        keys = form_keys(max(wanted, key=len))
        query = _merged(
            [(where, self._posting_query(where, ALWAYS)) for where in (partition("word", key) for key in keys)]
        )
        return self._page(f"words#{' '.join(wanted)}", query, _with_words(wanted), limit, cursor)

    def by_day(self, day: date, *, limit: int = 50, cursor: str | None = None) -> Page:
        """Return headlines of all sources on a day by the clocks of each; arguments and errors as in ``by_source``."""
        name = f"day#{day}"
        positions = read_cursor(name, cursor, beginnings(1))
        days = Days(self._shard_reader(ALWAYS), day, positions, _checked(limit))
        found = [_headline(item) for item in islice(all_of(days), limit)]
        return Page(headlines=tuple(found), cursor=write_cursor(name, days.positions))

    def newest(self, *, now: datetime, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> Page:
        """Return the newest headlines of all sources; a page may have none, and still not be the last.

        Args:
            now: The time, aware. What is dated later than today is left out unless the span has an end.
            span: Only those listed in this time.
            limit: As in ``by_source``.
            cursor: As in ``by_source``.

        Raises:
            PermanentError: As in ``by_source``.
        """
        last_day = last_day_now(now) if span.until == ALWAYS.until else span.last_day
        beginning = [str(last_day), "0", *beginnings(AT_ONCE)]
        day_text, gap_text, *positions = read_cursor("newest", cursor, beginning)
        days = Days(self._shard_reader(span), day_of(day_text), positions, _checked(limit))
        found, gap = _walk(days, span, limit, gap_of(gap_text))
        is_end = gap > _LONGEST_GAP or days.day < span.first_day or not days.can_go_on
        return Page(
            headlines=tuple(found),
            cursor=None if is_end else write_cursor("newest", [str(days.day), str(gap), *days.positions]),
        )

    def similar(self, article: Article) -> tuple[Similar, ...]:
        """Return the articles that have nearly the same text, the one that was listed first coming first.

        Of very many only the newest are looked at, and none that is listed a month before or after.
        """
        own_minhash = minhash(article)
        if own_minhash is None:
            return ()
        span = Span(since=article.listed_at - _FARTHEST, until=article.listed_at + _FARTHEST)
        found: dict[str, Similar] = {}
        for band in bands(own_minhash):
            items, _ = self._posting_query(partition("similar", band), span).ask(None, _MOST_CANDIDATES)
            for item in items:
                each = Similar(
                    headline=_headline(item), resemblance=resemblance(own_minhash, MinHash(item["sketch"]["B"]))
                )
                if each.resemblance >= SIMILAR and each.headline.article_id != article.article_id:
                    found[each.headline.article_id] = each
        return tuple(sorted(found.values(), key=lambda each: (each.headline.listed_at, each.headline.article_id)))

    def _shard_reader(self, span: Span) -> ReadShard:
        """Return what reads shards of the index by day, of a span of time."""

        def read(shard: str, start: dict[str, Any] | None, limit: int) -> tuple[list[dict[str, Any]], Any]:
            return self._index_query(BY_DAY, "day", shard, span).ask(start, limit)

        return read

    def _page(self, name: str, query: "_Query", fits: "_Fits", limit: int, cursor: str | None) -> Page:
        """Return a page of the headlines of a query that fit."""
        (position,) = read_cursor(name, cursor, [None])
        start = start_key(position, query.key_names) if position else None
        found: list[Headline] = []
        for _ in range(_MOST_QUERIES):
            items, start = query.ask(start, max(_checked(limit), query.at_least))
            for number, item in enumerate(items, 1):
                found += filter(None, [fits(item)])
                if len(found) == limit:
                    # The rest of what was read is left for the next page.
                    start = start if number == len(items) else {each: item[each] for each in query.key_names}
                    break
            if start is None or len(found) == limit:
                break
        position = start and {each: value["S"] for each, value in start.items()}
        return Page(headlines=tuple(found), cursor=write_cursor(name, [position]) if position else None)

    def _index_query(self, index: str, attribute: str, value: str, span: Span) -> "_Query":
        condition = "#key = :key AND listed_at BETWEEN :since AND :until"
        return self._query(attribute, value, span, condition, IndexName=index)

    def _posting_query(self, where: str, span: Span) -> "_Query":
        return self._query("pk", where, span, "#key = :key AND sk BETWEEN :since AND :until")

    def _query(self, attribute: str, value: str, span: Span, condition: str, **where: Any) -> "_Query":
        # BETWEEN holds its ends. What is listed in a second is beyond the text of that second, which goes on there.
        values = {":key": value, ":since": _second(span.starts_at), ":until": _second(span.ends_at)}

        def ask(start: Any, limit: int) -> tuple[list[dict[str, Any]], Any]:
            try:
                answer = self._dynamodb.query(
                    TableName=self._table,
                    KeyConditionExpression=condition,
                    ExpressionAttributeNames={"#key": attribute},
                    ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                    ScanIndexForward=False,
                    Limit=limit,
                    **(where | ({"ExclusiveStartKey": start} if start else {})),
                )
            except ClientError as error:
                # A position that no page of this list has: somebody made it up.
                if start and error.response["Error"]["Code"] == "ValidationException":
                    raise bad_cursor(start) from error
                raise
            return answer["Items"], answer.get("LastEvaluatedKey")

        names = ("pk", "sk", *((attribute, "listed_at") if where else ()))
        return _Query(key_names=names, ask=ask, at_least=0 if span.is_exact else _AROUND_A_DAY)


@dataclass(frozen=True, kw_only=True)
class _Query:
    """A query.

    Attributes:
        key_names: The names of the attributes of a key, with which it goes on.
        ask: Returns at most so many items from a key on, and the key with which it goes on; None at the end.
        at_least: So many items are read at once at least, as some of them do not fit.
    """

    key_names: Sequence[str]
    ask: Callable[[Any, int], tuple[list[dict[str, Any]], Any]]
    at_least: int


def _merged(queries: Sequence[tuple[str, _Query]]) -> _Query:
    """Return one query for the postings of several partitions, each article once.

    Args:
        queries: The partition keys, each with its query.
    """
    if len(queries) == 1:
        return queries[0][1]

    def ask(start: Any, limit: int) -> tuple[list[dict[str, Any]], Any]:
        found: dict[str, dict[str, Any]] = {}
        horizon = ""
        for where, query in queries:
            # Keys sort alike in all of them, so each goes on from the same place.
            items, end = query.ask(start and {**start, "pk": {"S": where}}, limit)
            found = {item["sk"]["S"]: item for item in items} | found
            if end:
                horizon = max(horizon, end["sk"]["S"])
        # Beyond the farthest that one of them has read others have not.
        sks = sorted((sk for sk in found if sk >= horizon), reverse=True)
        items = [found[sk] for sk in sks[:limit]]
        is_end = not horizon and len(sks) <= limit
        return items, None if is_end else {name: items[-1][name] for name in ("pk", "sk")}

    return _Query(key_names=queries[0][1].key_names, ask=ask, at_least=queries[0][1].at_least)


# Gives the headline of an item, None for one that does not fit.
_Fits = Callable[[Mapping[str, Any]], Headline | None]


def _walk(days: Days, span: Span, limit: int, gap: int) -> tuple[list[Headline], int]:
    """Return the next headlines of some days, and for how many days there was none before the day that comes next."""
    found: list[Headline] = []
    while len(found) < limit and days.day >= span.first_day and gap <= _LONGEST_GAP:
        if days.go_on():
            gap += 1
            if days.opened == AT_ONCE + _MOST_DAYS:
                break
        elif item := days.take():
            gap = 0
            found += filter(None, [_within(span)(item)])
        else:
            break
    return found, gap


def _within(span: Span) -> _Fits:
    """Return what gives the headline of an item that is listed in a span of time."""

    def fits(item: Mapping[str, Any]) -> Headline | None:
        found = _headline(item)
        return found if span.has(found.added_at or found.listed_at) else None

    return fits


def _with_words(wanted: Sequence[str]) -> _Fits:
    """Return what gives the headline of an item that has all words in its title, or in an earlier one."""

    def fits(item: Mapping[str, Any]) -> Headline | None:
        found = _headline(item)
        if has_words(found.title or "", wanted):
            return found
        earlier = [each["S"] for each in item.get("earlier", {}).get("L", ())]
        title = next((each for each in earlier if has_words(each, wanted)), None)
        return replace(found, earlier_title=title) if title else None

    return fits


def _headline(item: Mapping[str, Any]) -> Headline:
    facts: dict[str, Any] = {name: item[name]["S"] for name in _TEXTS if name in item}
    facts |= {name: int(item[name]["N"]) for name in ("revisions", "revision") if name in item}
    if "changes" in item and "revision" in item:
        facts["changes"] = tuple(item["changes"]["SS"])
    if "gone_at" in item:
        facts["gone_at"] = datetime.fromisoformat(item["gone_at"]["S"])
    if item["sk"]["S"] == HEADLINE:
        listed_at = read_listed_at(item["listed_at"]["S"])
        return Headline(article_id=article_id_of(item), listed_at=listed_at, **facts)
    text, _, article_id = item["sk"]["S"].rpartition("#")
    if item["pk"]["S"] == ADDED:
        facts["added_at"] = datetime.fromisoformat(text)
        text = item["shown_at"]["S"]
    if "revision" in item:
        # The time of a change; items of earlier versions have no offset.
        at = at_offset(datetime.fromisoformat(text), item.get("offset", {}).get("S", ""))
        return Headline(article_id=article_id, listed_at=at, **facts)
    return Headline(article_id=article_id, listed_at=read_listed_at(text), **facts)


_TEXTS = ("source", "title", "url", "section", "language", "title_before")


def _second(stamp: datetime) -> str:
    return stamp.astimezone(UTC).isoformat()[:19]


def _checked(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise PermanentError("bad_limit", f"a page has 1 to {MOST} headlines, not {limit}")
    return limit
