"""Lists of headlines from the archive table. The cost of a page grows with the page, and not with the archive.

| asked by | read | read units of a page of 50 |
| --- | --- | --- |
| id | headline and history, then text, by their keys | of their size: 3 or more |
| URL | headline and history, else alias, by their keys | 2 or more |
| source and time | index ``by_source``, one query | 1.5 |
| day, over all sources | index ``by_day``, a query or two for each of its four shards | 2 |
| the newest, or a span of time, over all sources | the same of its days, nine at most | 2 to 18 |
| what was added last, over all sources | the postings of it, one query | 1.5 to 2 |
| section, tag, author or kind of change, and time | the postings of it, one query | 1.5 to 2 |
| words of the title | the postings of each key of the longest word, at most four queries a key | 2 to 8 a key |
| nearly the same text | the postings of its four bands, four queries | 2 to 8 |
| revisions of an article | headline and history, by their keys | 2 or more |

``make queries`` measures them. Reads are eventually consistent: what was stored a second ago may be missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from khobor.archive.cursors import day_of, gap_of, name_of, read_cursor, write_cursor
from khobor.archive.dynamodb.days import AT_ONCE, DayShards, ReadShard, all_of, beginnings
from khobor.archive.dynamodb.headline_items import ADDED, read_headline
from khobor.archive.dynamodb.items import HEADLINE, MOVED_TO, Item, key, pk
from khobor.archive.dynamodb.queries import Query, TableQueries, start_key
from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, HeadlinePage, Index, SimilarArticle
from khobor.archive.index_keys import MOST_SIMILAR_CANDIDATES, SIMILAR_WITHIN, index_key, similar_keys
from khobor.archive.interface import ArchiveLists
from khobor.archive.spans import ALWAYS, Span, last_day_now
from khobor.article import Article
from khobor.errors import PermanentError
from khobor.revisions.minhash import SIMILAR, MinHash, minhash, resemblance
from khobor.search_words import form_keys, has_words, search_words

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_SOURCE = "by_source"
BY_DAY = "by_day"
# A page makes this many queries at most while items do not fit; the next page goes on from there.
_MOST_QUERIES = 4
# A page of the newest headlines reads this many days at most. Each costs at least two read units.
_MOST_DAYS = 6
# After a gap of this many days the list of the newest headlines ends: the first number if nobody says since when.
_LONGEST_GAP, _LONGEST_GAP_SINCE = 100, 3_660

# Returns the headline of an item; None if the item does not belong to the list.
_Selection = Callable[[Mapping[str, Any]], Headline | None]


class DynamoDBLists(ArchiveLists):
    """Lists of headlines from the archive table.

    Args:
        dynamodb: The DynamoDB client.
        table: The name of the table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._queries = TableQueries(dynamodb, table)

    def headline(self, article_id: str) -> Headline | None:
        """Return the headline of an article; see ``ArchiveLists``."""
        item = self._dynamodb.get_item(TableName=self._table, Key=key(pk(article_id), HEADLINE)).get("Item")
        if item and MOVED_TO in item:
            return self.headline(item[MOVED_TO]["S"])
        # The headline of a forgotten article has nothing that a list shows.
        return read_headline(item) if item and "listed_at" in item else None

    def by_source(
        self, source: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines of a source; see ``ArchiveLists``."""
        query = self._queries.of_index(BY_SOURCE, "source", source, span)
        return _page(f"source#{source}", query, _within(span), limit, cursor)

    def by(
        self, index: Index, value: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines by section, tag, author or kind of change; see ``ArchiveLists``."""
        name = index_key(index, value)
        return _page(name, self._queries.of_postings(name, span), _within(span), limit, cursor)

    def added(self, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources by the time of their first fetch; see ``ArchiveLists``."""
        return _page(ADDED, self._queries.of_postings(ADDED, span), _within(span), limit, cursor)

    def by_words(self, text: str, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines whose title, or an earlier one, has all words of a text; see ``ArchiveLists``."""
        words = search_words(text)
        if not words:
            raise PermanentError("no_words", f"there is no word in {text!r} to look for")
        # The longest word is most likely in the fewest titles.
        partitions = [index_key("word", form) for form in form_keys(max(words, key=len))]
        query = self._queries.of_any_postings(partitions, ALWAYS)
        return _page(f"words#{' '.join(words)}", query, _with_words(words), limit, cursor)

    def by_day(self, day: date, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources on a day by the clocks of each source; see ``ArchiveLists``."""
        name = f"day#{day}"
        positions = read_cursor(name, cursor, beginnings(1))
        shards = DayShards(self._shard_reader(ALWAYS), day, positions, _checked(limit))
        headlines = [read_headline(item) for item in islice(all_of(shards), limit)]
        return HeadlinePage(headlines=tuple(headlines), cursor=write_cursor(name, shards.positions))

    def newest(self, *, now: datetime, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return the newest headlines of all sources; see ``ArchiveLists``."""
        last_day = last_day_now(now) if span.until == ALWAYS.until else span.last_day
        beginning = [str(last_day), "0", *beginnings(AT_ONCE)]
        day_text, gap_text, *positions = read_cursor("newest", cursor, beginning)
        shards = DayShards(self._shard_reader(span), day_of(day_text), positions, _checked(limit))
        longest_gap = _LONGEST_GAP if span.since == ALWAYS.since else _LONGEST_GAP_SINCE
        headlines, gap = _walk(shards, span, limit, gap_of(gap_text), longest_gap)
        is_end = shards.day < span.first_day or not shards.can_go_on
        is_given_up = gap > longest_gap and not is_end
        is_last = is_end or is_given_up
        return HeadlinePage(
            headlines=tuple(headlines),
            cursor=None if is_last else write_cursor("newest", [str(shards.day), str(gap), *shards.positions]),
            looked_back_to=shards.day + timedelta(days=1) if is_given_up else None,
        )

    def is_list_of_added(self, cursor: str) -> bool:
        """Return whether a cursor belongs to the list of added articles; see ``ArchiveLists``."""
        return name_of(cursor) == ADDED

    def similar(self, article: Article) -> tuple[SimilarArticle, ...]:
        """Return the articles that have nearly the same text as an article; see ``ArchiveLists``."""
        own_minhash = minhash(article)
        if own_minhash is None:
            return ()
        span = Span(since=article.listed_at - SIMILAR_WITHIN, until=article.listed_at + SIMILAR_WITHIN)
        articles: dict[str, SimilarArticle] = {}
        for each_key in similar_keys(own_minhash):
            items, _ = self._queries.of_postings(each_key, span).read(None, MOST_SIMILAR_CANDIDATES)
            for item in items:
                score = resemblance(own_minhash, MinHash(item["sketch"]["B"]))
                each = SimilarArticle(headline=read_headline(item), resemblance=score)
                if score >= SIMILAR and each.headline.article_id != article.article_id:
                    articles[each.headline.article_id] = each
        return tuple(sorted(articles.values(), key=lambda each: (each.headline.listed_at, each.headline.article_id)))

    def _shard_reader(self, span: Span) -> ReadShard:
        """Return a function that reads the headlines of a shard of the index by day within a span of time."""

        def read(shard: str, start: Item | None, limit: int) -> tuple[list[Item], Any]:
            return self._queries.of_index(BY_DAY, "day", shard, span).read(start, limit)

        return read


def _page(name: str, query: Query, select: _Selection, limit: int, cursor: str | None) -> HeadlinePage:
    """Return a page of the selected headlines of a query."""
    (position,) = read_cursor(name, cursor, [None])
    start = start_key(position, query.key_names) if position else None
    headlines: list[Headline] = []
    for _ in range(_MOST_QUERIES):
        items, start = query.read(start, max(_checked(limit), query.at_least))
        for number, item in enumerate(items, 1):
            headlines += filter(None, [select(item)])
            if len(headlines) == limit:
                # The next page begins with the rest of the items.
                start = start if number == len(items) else {each: item[each] for each in query.key_names}
                break
        if start is None or len(headlines) == limit:
            break
    position = start and {each: value["S"] for each, value in start.items()}
    return HeadlinePage(headlines=tuple(headlines), cursor=write_cursor(name, [position]) if position else None)


def _walk(shards: DayShards, span: Span, limit: int, gap: int, longest_gap: int) -> tuple[list[Headline], int]:
    """Return the next headlines of some days, and the number of days without any before the day that comes next."""
    headlines: list[Headline] = []
    while len(headlines) < limit and shards.day >= span.first_day and gap <= longest_gap:
        if shards.go_on():
            gap += 1
            if shards.opened == AT_ONCE + _MOST_DAYS:
                break
        elif item := shards.take():
            gap = 0
            headlines += filter(None, [_within(span)(item)])
        else:
            break
    return headlines, gap


def _within(span: Span) -> _Selection:
    """Return a selection of the items that are listed in a span of time."""

    def select(item: Mapping[str, Any]) -> Headline | None:
        headline = read_headline(item)
        return headline if span.contains(headline.added_at or headline.listed_at) else None

    return select


def _with_words(words: Sequence[str]) -> _Selection:
    """Return a selection of the items that have all words in their title, or in an earlier one."""

    def select(item: Mapping[str, Any]) -> Headline | None:
        headline = read_headline(item)
        if has_words(headline.title or "", words):
            return headline
        earlier = [each["S"] for each in item.get("earlier", {}).get("L", ())]
        title = next((each for each in earlier if has_words(each, words)), None)
        return replace(headline, earlier_title=title) if title else None

    return select


def _checked(limit: int) -> int:
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise PermanentError("bad_limit", f"a page has 1 to {MAX_PAGE_SIZE} headlines, not {limit}")
    return limit
