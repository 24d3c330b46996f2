"""The archive table: the articles, every revision of each, and under what they are found.

``archive_items.py`` says what its items hold. Fetches of an article are ordered by their time. Whatever is delivered,
how often and in whatever order, the table ends the same: what was seen is a set; the text of a content is replaced only
by that of a newer fetch; headline and postings are computed from these. They are written on condition that the headline
is the one that was read, the postings first, and else computed and written again: so whoever comes last writes them
knowing all, and whoever is stopped in the middle does all of it again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.article import Article
from khobor.aws import archive_items as items
from khobor.aws import codec
from khobor.aws.archive_items import Item, Key
from khobor.aws.dynamodb import is_refused
from khobor.aws.known_urls import url_id
from khobor.aws.postings import INDEXES, Index, change_postings, postings
from khobor.errors import RetryableError
from khobor.revisions.facets import facets
from khobor.revisions.timeline import Revision, timeline

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What BatchWriteItem takes.
_MOST_WRITES = 25
# Others may write the same article at the same time; not so often in a row.
_TRIES = 10
# What of a headline its article tells; the rest its revisions tell.
_OF_ARTICLE = frozenset({"pk", "sk", "listed_at", "day", "version", "content", "postings", *items.LISTED})


class Outcome(Enum):
    """What became of an article that was put into the archive, or marked as gone there."""

    STORED = "stored"
    SUPERSEDED = "superseded"
    GONE = "gone"
    UNKNOWN = "unknown"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, kw_only=True)
class Remains:
    """What there is of an article outside of its table.

    Attributes:
        urls: Its own, and those that it was fetched by.
        raw_keys: The keys of its pages in the raw bucket.
    """

    urls: frozenset[str]
    raw_keys: frozenset[str]


@dataclass(frozen=True)
class _State:
    """What the table has of an article, but for its texts."""

    headline: Item | None
    seen: Item

    @property
    def is_forgotten(self) -> bool:
        return self.headline is not None and items.FORGOTTEN_AT in self.headline

    @property
    def version(self) -> str:
        return self.headline["version"]["S"] if self.headline else ""

    @property
    def postings(self) -> set[Key]:
        """The keys of the postings that the headline tells of."""
        if self.headline is None or "postings" not in self.headline:
            return set()
        sk = f"{self.headline['listed_at']['S']}#{items.article_id_of(self.headline)}"
        return {(pk, sk) for pk in self.headline["postings"]["SS"]}


class Archive:
    """The archive table, through a DynamoDB client.

    Args:
        dynamodb: The client.
        table: Name of the table.
        indexes: What articles can be found by besides source and day.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, indexes: Collection[Index] = INDEXES) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._indexes = indexes

    def put(self, article: Article) -> Outcome:
        """Write what one fetch shows of an article.

        Returns:
            STORED; SUPERSEDED where a newer fetch was there already: this one is a revision before it; FORGOTTEN where
            the article was forgotten, and nothing is written.
        """
        state = self._state(article.article_id)
        if state.is_forgotten:
            return Outcome.FORGOTTEN
        seen = facets(article)
        for item in items.text_items(article, seen.content, codec.encode(article)):
            self._put(item, "attribute_not_exists(version) OR version <= :version", {":version": item["version"]})
        fetched_by = url_id(article.url) if article.url else article.article_id
        if fetched_by != article.article_id:
            self._dynamodb.put_item(TableName=self._table, Item=items.alias_item(fetched_by, article.article_id))
        name = items.sighting_name(article)
        contents = items.contents(state.seen)
        state = _State(state.headline, self._see(article.article_id, name, items.sighting_value(seen, article)))
        outcome = self._settle(state, article, seen.content, name)
        if contents - items.contents(state.seen):
            self._delete_unseen(article.article_id, contents)
        return outcome

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> Outcome:
        """Mark an article as gone from its site, and delete nothing.

        Args:
            article_id: Its id, or that of the URL that it was fetched by; of one that the archive does not have nothing
                is written.
            at: When its site answered so, aware; a newer fetch of it stands.
            reason: The slug of the answer, such as ``http_410``.
        """
        state = self._state(article_id)
        if state.headline is None:
            found = self._alias(article_id)
            return self.mark_gone(found, at, reason) if found else Outcome.UNKNOWN
        if state.is_forgotten:
            return Outcome.FORGOTTEN
        name = items.gone_name(at)
        state = _State(state.headline, self._see(article_id, name, reason))
        for _ in range(_TRIES):
            if state.headline is None or state.is_forgotten:
                return Outcome.FORGOTTEN
            kept = _of_article(state.headline)
            if self._write(state, kept, {}, set(), name):
                is_gone = timeline(items.sightings(state.seen))[-1].is_gone
                return Outcome.GONE if is_gone else Outcome.SUPERSEDED
            state = self._state(article_id)
        raise _contended(article_id)

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when an article's site answered that it has it no more; None where it has it, or did not say."""
        revisions = self.revisions(article_id)
        return revisions[-1].first_seen_at if revisions and revisions[-1].is_gone else None

    def get(self, article_id: str) -> Article | None:
        """Return an article whole, as it was fetched last; None where the archive does not have it."""
        headline = self._state(article_id).headline
        return self._text(article_id, headline["content"]["S"]) if headline and "content" in headline else None

    def find(self, url: str) -> str | None:
        """Return the id of the article at a URL, or fetched by it; None where the archive has none.

        Raises:
            PermanentError: ``bad_url``.
        """
        article_id = url_id(url)
        state = self._state(article_id)
        if state.headline is not None:
            return None if state.is_forgotten else article_id
        return self._alias(article_id)

    def revisions(self, article_id: str) -> tuple[Revision, ...]:
        """Return the revisions of an article, the oldest first; none where the archive does not have it."""
        return timeline(items.sightings(self._state(article_id).seen))

    def revision(self, article_id: str, number: int) -> Article | None:
        """Return an article as it was in a revision; None where there is none of this number."""
        found = (revision for revision in self.revisions(article_id) if revision.number == number)
        revision = next(found, None)
        return self._text(article_id, revision.facets.content) if revision else None

    def forget(self, article_id: str, at: datetime) -> Remains | None:
        """Have an article never come back, and return what else there is of it; ``erase`` ends it.

        Args:
            article_id: Its id.
            at: The time, aware.

        Returns:
            What is to be deleted elsewhere; None where the archive never had it.
        """
        state = self._state(article_id)
        if state.headline is None:
            return None
        self._dynamodb.put_item(TableName=self._table, Item=items.tombstone(article_id, at, state.headline))
        contents = items.contents(state.seen)
        found = [article for content in contents if (article := self._text(article_id, content))]
        urls = {url for article in found for url in (article.url, article.canonical_url) if url}
        return Remains(urls=frozenset(urls), raw_keys=frozenset(items.raw_keys(state.seen)))

    def erase(self, article_id: str, remains: Remains, at: datetime) -> None:
        """Delete what the table has of an article that was forgotten, but that it was.

        Args:
            article_id: Its id.
            remains: What ``forget`` returned.
            at: The time, aware.
        """
        state = self._state(article_id)
        revisions = timeline(items.sightings(state.seen))
        changed = change_postings(article_id, {}, revisions, self._indexes)
        aliases = {(items.pk(url_id(url)), items.ALIAS) for url in remains.urls}
        self._write_all({}, {*state.postings, *changed, *aliases})
        self._delete(article_id, items.TEXT)
        self._delete(article_id, items.SEEN)
        self._dynamodb.put_item(TableName=self._table, Item=items.tombstone(article_id, at, None))

    def articles(self) -> Iterator[Article]:
        """Yield every article whole, in no order: this reads the whole table."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="sk = :headline AND attribute_exists(content)",
            ExpressionAttributeValues={":headline": {"S": items.HEADLINE}},
        )
        for item in (item for page in pages for item in page["Items"]):
            if article := self.get(items.article_id_of(item)):
                yield article

    def _settle(self, state: _State, article: Article, content: str, name: str) -> Outcome:
        """Write headline and postings from what the table has, an article of it being just written."""
        mine = postings(article, self._indexes)
        for tried in range(_TRIES):
            if state.is_forgotten:
                self._delete(article.article_id, items.SEEN)
                self._delete(article.article_id, items.TEXT)
                return Outcome.FORGOTTEN
            if state.version <= items.version(article):
                item = items.headline_item(article, content) | items.posting_keys(mine)
                is_same = not tried and items.finds_same(state.headline, item)
                if self._write(state, item, {} if is_same else mine, state.postings - mine.keys(), name):
                    return Outcome.STORED
            elif self._write_older(state, mine, name):
                return Outcome.SUPERSEDED
            state = self._state(article.article_id)
        raise _contended(article.article_id)

    def _write_older(self, state: _State, mine: Mapping[Key, Item], name: str) -> bool:
        """Write what an older fetch than the headline's changes; what it may have written before is taken back."""
        kept = _of_article(state.headline or {})
        newest = self._text(items.article_id_of(kept), kept["content"]["S"])
        current = postings(newest, self._indexes) if newest else {}
        return self._write(state, kept, current, mine.keys() - current.keys(), name)

    def _write(
        self, state: _State, headline: Item, found: Mapping[Key, Item], stale: Collection[Key], name: str
    ) -> bool:
        """Write postings, and then a headline unless another was written since; return whether it was.

        Args:
            state: What was read.
            headline: The headline, as far as its article tells it.
            found: Postings to be written.
            stale: Postings to be deleted.
            name: Of the sighting that is new.
        """
        article_id = items.article_id_of(headline)
        shown = {name: headline[name] for name in items.LISTED if name in headline}
        revisions = timeline(items.sightings(state.seen))
        before = timeline(items.sightings({key: value for key, value in state.seen.items() if key != name}))
        changed = change_postings(article_id, shown, revisions, self._indexes)
        unchanged = change_postings(article_id, shown, before, self._indexes)
        self._write_all({**found, **changed}, {*stale, *(unchanged.keys() - changed.keys())})
        item = headline | items.told(state.seen, revisions)
        return item == state.headline or self._replace(state.headline, item)

    def _replace(self, before: Item | None, item: Item) -> bool:
        if before is None:
            return self._put(item, "attribute_not_exists(pk)", {})
        values = {":version": before["version"], ":sightings": before["sightings"]}
        return self._put(item, "version = :version AND sightings = :sightings", values)

    def _put(self, item: Item, condition: str, values: Mapping[str, Any]) -> bool:
        request: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **request)
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def _see(self, article_id: str, name: str, value: str) -> Item:
        """Add a sighting, and return all of them."""
        return self._dynamodb.update_item(
            TableName=self._table,
            Key=items.key(items.pk(article_id), items.SEEN),
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"S": value}},
            ReturnValues="ALL_NEW",
        )["Attributes"]

    def _write_all(self, found: Mapping[Key, Item], stale: Collection[Key]) -> None:
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in found.values()]
        requests += [{"DeleteRequest": {"Key": items.key(*each)}} for each in stale]
        refusals = 0
        while requests:
            batch, requests = requests[:_MOST_WRITES], requests[_MOST_WRITES:]
            answer = self._dynamodb.batch_write_item(RequestItems={self._table: batch})
            if left := answer.get("UnprocessedItems", {}).get(self._table):
                requests += left
                refusals += 1
                _check_throttled(refusals)

    def _delete_unseen(self, article_id: str, contents: set[str]) -> None:
        """Delete texts that nobody ever saw: parsed again, a page may show something else than it seemed to before."""
        for content in contents - items.contents(self._state(article_id).seen):
            self._delete(article_id, items.text_sk(content))

    def _delete(self, article_id: str, beginning: str) -> None:
        """Delete the items of an article whose sort keys begin so."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :beginning)",
            ExpressionAttributeValues={":pk": {"S": items.pk(article_id)}, ":beginning": {"S": beginning}},
            ProjectionExpression="pk, sk",
        )
        keys = [(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]]
        self._write_all({}, keys)

    def _state(self, article_id: str) -> _State:
        found = {item["sk"]["S"]: item for item in self._items(article_id, [items.HEADLINE, items.SEEN])}
        return _State(found.get(items.HEADLINE), found.get(items.SEEN, {}))

    def _text(self, article_id: str, content: str) -> Article | None:
        (first, *_) = [*self._items(article_id, [items.text_sk(content)]), None]
        if first is None:
            return None
        rest = self._items(article_id, items.further_parts(first, content))
        return codec.decode(items.joined({item["sk"]["S"]: item for item in (first, *rest)}, content))

    def _items(self, article_id: str, sks: Sequence[str]) -> list[Item]:
        """Return those of an article's items that are there."""
        found: list[Item] = []
        asked: Any = {}
        if sks:
            keys = [items.key(items.pk(article_id), sk) for sk in sks]
            asked = {self._table: {"Keys": keys, "ConsistentRead": True}}
        refusals = 0
        while asked:
            answer = self._dynamodb.batch_get_item(RequestItems=asked)
            found += answer["Responses"].get(self._table, [])
            if asked := answer.get("UnprocessedKeys"):
                refusals += 1
                _check_throttled(refusals)
        return found

    def _alias(self, url_id: str) -> str | None:
        key = items.key(items.pk(url_id), items.ALIAS)
        item = self._dynamodb.get_item(TableName=self._table, Key=key).get("Item")
        return item["article_id"]["S"] if item else None


def _of_article(headline: Item) -> Item:
    return {name: value for name, value in headline.items() if name in _OF_ARTICLE}


def _check_throttled(refusals: int) -> None:
    # Those that BatchGetItem and BatchWriteItem leave are not waited for by the client; the message comes again later.
    if refusals > _TRIES:
        raise RetryableError("throttled", f"DynamoDB left a part of {refusals} batches undone")


def _contended(article_id: str) -> RetryableError:
    return RetryableError("contended", f"{article_id} was written by others {_TRIES} times meanwhile")
