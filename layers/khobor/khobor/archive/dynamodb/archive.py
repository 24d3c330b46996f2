"""The archive table: the articles, every revision of each, and under what they are found.

``archive_items.py`` says what its items hold. Fetches of an article are ordered by their time. Whatever is delivered,
how often and in whatever order, the table ends the same: what was seen is a set; the text of a content is that of the
newest fetch, or of one that shows the same in every detail (``archive_items.keeps_text``); headline and postings are
computed from these. They are written on condition that the headline
is the one that was read, the postings first, and else computed and written again: so whoever comes last writes them
knowing all, and whoever is stopped in the middle does all of it again.

A fetch whose page is read again keeps its place: what was seen then is replaced. What it was before is kept beside it
until everything that followed from that is taken back, by whoever comes next to the article.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.archive import codec
from khobor.archive.dynamodb import items
from khobor.archive.dynamodb.items import Item, Key
from khobor.archive.dynamodb.postings import INDEXES, Index, earlier_postings, postings, revision_postings
from khobor.article import Article
from khobor.aws.dynamodb import batch_get, batch_write, is_refused
from khobor.errors import RetryableError
from khobor.revisions.content_digests import content_digests
from khobor.revisions.timeline import Revision, timeline
from khobor.url import url_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Others may write the same article at the same time; not so often in a row.
_TRIES = 10
# What of a headline its article tells; the rest its revisions tell.
_OF_ARTICLE = frozenset({"pk", "sk", "listed_at", "day", "version", "content", "postings", *items.LISTED})


# What names a fetch of an article, however its page is read.
fetch_name = items.sighting_name


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


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the archive has of an article, fetch by fetch.

    Attributes:
        article_id: Its id.
        is_forgotten: Whether it was forgotten, and is never to come back.
        pages: When each fetch was, and the key of its page, by the name of the fetch: see ``fetch_name``.
        seen: What was seen, as the table has it.
        headline: Its headline, as the table has it.
    """

    article_id: str
    is_forgotten: bool
    pages: Mapping[str, tuple[datetime, str]]
    seen: Item
    headline: Item

    @property
    def source(self) -> str | None:
        """The name of its source, as it is listed."""
        name: str | None = self.headline.get("source", {}).get("S")
        return name

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """Its revisions, the oldest first."""
        return timeline(items.sightings(self.seen))

    def read_again(self, readings: Iterable[Article]) -> "Kept":
        """Return what the archive would have with these fetches, or these readings of them."""
        values: dict[str, str] = {}
        for each in readings:
            seen = content_digests(each)
            values |= {items.sighting_name(each): items.sighting_value(seen, each)} | items.title_values(seen, each)
        return replace(self, seen=items.with_values(self.seen, values))


@dataclass(frozen=True)
class _Delivery:
    """What is being written of an article.

    Attributes:
        names: Of the sightings that it adds.
        found: The postings of the article that it brings.
        mark: What the headline tells of who wrote it.
        is_first: Whether none of its sightings was there before: then it was never delivered, and stopped, before.
        written: The keys of the postings that it wrote, from what was known then.
    """

    names: Collection[str]
    found: Mapping[Key, Item] = field(default_factory=dict)
    mark: Item = field(default_factory=dict)
    is_first: bool = False
    written: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class _State:
    """What the table has of an article, of its texts those that were asked for."""

    headline: Item | None
    seen: Item
    texts: Mapping[str, Item] = field(default_factory=dict)

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
        return self._put([article], {})

    def put_again(self, readings: Sequence[Article]) -> Outcome:
        """Write how pages of an article are read now, which the archive knows or not; nothing of it is announced.

        All that are given become part of the article at once: were some of its pages read by one extractor and some by
        another, no revision between these could be told.

        Args:
            readings: Fetches of one article, one at least.

        Returns:
            As ``put`` does for the newest of them.
        """
        return self._put(readings, items.REPLAYED)

    def _put(self, fetches: Sequence[Article], mark: Item) -> Outcome:
        newest = max(fetches, key=items.version)
        # Digests and postings are costly: each is computed once.
        shown = {items.sighting_name(article): (article, content_digests(article)) for article in fetches}
        ordered = sorted(shown.values(), key=lambda each: items.version(each[0]))
        texts = {seen.content: article for article, seen in ordered}
        state = self._state(newest.article_id, texts)
        if state.is_forgotten:
            return Outcome.FORGOTTEN
        # Each content that was seen has a text: that of a new one comes first.
        known = {content: texts[content] for content in texts if content in items.contents(state.seen)}
        for content in (each for each in texts if each not in known):
            self._keep_text(texts[content], content, None)
        values = {name: items.sighting_value(seen, article) for name, (article, seen) in shown.items()}
        titles: dict[str, str] = {}
        waiting: set[Key] = set()
        for article, seen in shown.values():
            titles |= items.title_values(seen, article)
            if marks := self._lead(article):
                values |= marks
                waiting.add((items.pk(url_id(article.url or "")), items.SEEN))
        delivery = _Delivery(values.keys(), postings(newest, self._indexes), mark)
        delivery = replace(delivery, is_first=values.keys().isdisjoint(_fetches(state.seen)))
        state = self._see(newest, state, values | titles, delivery.found)
        self._keep_texts(state, known, delivery.names)
        item = items.headline_item(newest, shown[items.sighting_name(newest)][1].content)
        outcome = self._settle(state, newest, item, delivery)
        self._end_rereading(newest.article_id, state.seen)
        # Not before: who is stopped has to know of them when this comes again.
        self._write_all({}, waiting)
        return outcome

    def _keep_texts(self, state: _State, texts: Mapping[str, Article], names: Collection[str]) -> None:
        """Write the texts of contents that were known before, where those that are there do not stand for them."""
        for content, article in texts.items():
            text = state.texts.get(content, {})
            if not items.keeps_text(state.seen, content, article, names, text):
                self._keep_text(article, content, items.outdated(state.seen, content, text))

    def _keep_text(self, article: Article, content: str, outdated: str | None) -> None:
        """Write an article's text unless a newer fetch has it, or one whose version is outdated."""
        stands = "attribute_not_exists(version) OR version <= :version"
        values: dict[str, Any] = {":outdated": {"S": outdated}} if outdated else {}
        if outdated:
            stands += " OR version = :outdated"
        if article.raw:
            # Read again, a page may seem to be of another time than before.
            stands += " OR (begins_with(version, :at) AND contains(version, :raw))"
            at, _, raw = items.version(article).split("#")
            values |= {":at": {"S": f"{at}#"}, ":raw": {"S": f"#{raw}"}}
        for item in items.text_items(article, content):
            self._put_item(item, stands, {":version": item["version"], **values})

    def _lead(self, article: Article) -> dict[str, str]:
        """Have the id of the URL that an article was fetched by lead to it; return the marks that the URL is gone."""
        fetched_by = url_id(article.url) if article.url else article.article_id
        if fetched_by == article.article_id:
            return {}
        self._dynamodb.put_item(TableName=self._table, Item=items.alias_item(fetched_by, article.article_id))
        # Who marks the URL meanwhile looks for the alias afterwards.
        state = self._state(fetched_by)
        if state.headline is not None or items.contents(state.seen):
            return {}
        return items.gone(state.seen)

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> Outcome:
        """Mark an article as gone from its site, and delete nothing.

        Args:
            article_id: Its id, or that of the URL that it was fetched by.
            at: When its site answered so, aware; a newer fetch of it stands.
            reason: The slug of the answer, such as ``http_410``.

        Returns:
            GONE; SUPERSEDED where a newer fetch was there already; UNKNOWN where the archive does not have it: the mark
            waits for it; FORGOTTEN where the article was forgotten, and nothing is written.
        """
        state = self._state(article_id)
        if state.headline is None and (found := self._alias(article_id)):
            return self.mark_gone(found, at, reason)
        if state.is_forgotten:
            return Outcome.FORGOTTEN
        delivery = _Delivery({items.gone_name(at)}, is_first=items.gone_name(at) not in state.seen)
        state = self._add(article_id, state, dict.fromkeys(delivery.names, reason), lambda _: ())
        if state.headline is None:
            return self._await(article_id, state.seen, at, reason)
        for tried in range(_TRIES):
            if state.headline is None or state.is_forgotten:
                return Outcome.FORGOTTEN
            kept = _of_article(state.headline)
            if self._write(state, kept, {}, set(), delivery if not tried else replace(delivery, is_first=False)):
                is_gone = timeline(items.sightings(state.seen))[-1].is_gone
                return Outcome.GONE if is_gone else Outcome.SUPERSEDED
            state = self._state(article_id)
        raise _contended(article_id)

    def _await(self, article_id: str, seen: Item, at: datetime, reason: str) -> Outcome:
        """Leave a mark for an article that is still to come, if it does not come right now."""
        if found := self._alias(article_id):
            return self.mark_gone(found, at, reason)
        if items.contents(seen):
            raise _contended(article_id)
        return Outcome.UNKNOWN

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when an article's site answered that it has it no more; None where it has it, or did not say."""
        revisions = self.revisions(article_id)
        return revisions[-1].first_seen_at if revisions and revisions[-1].is_gone else None

    def get(self, article_id: str) -> Article | None:
        """Return an article whole, as it was fetched last; None where the archive does not have it."""
        state = self._state(article_id)
        if state.headline is None or "content" not in state.headline:
            return None
        return self._latest(article_id, state.seen, state.headline["content"]["S"])

    def kept(self, article_id: str) -> Kept | None:
        """Return what there is of an article, fetch by fetch, by its id or that of a URL that it was fetched by."""
        state = self._state(article_id)
        if state.headline is None and not items.contents(state.seen):
            found = self._alias(article_id)
            return self.kept(found) if found and found != article_id else None
        return Kept(
            article_id=article_id,
            is_forgotten=state.is_forgotten,
            pages=items.fetches(state.seen),
            seen=state.seen,
            headline=state.headline or {},
        )

    def pages_of(self, article_ids: Sequence[str]) -> Iterator[tuple[datetime, str]]:
        """Yield when each fetch of some articles was, and the key of its page; in no order."""
        keys = [items.key(items.pk(article_id), items.SEEN) for article_id in article_ids]
        for seen in batch_get(self._dynamodb, self._table, keys):
            # A time that was marked gone has no page.
            yield from (each for each in items.fetches(seen).values() if each[1])

    def texts(self, kept: Kept) -> dict[str, Article]:
        """Return the texts that there are of an article, by the names of the fetches that they are of.

        Of fetches that show the same in every detail one has the text.
        """
        found = (self._text(kept.article_id, content) for content in items.contents(kept.seen))
        return {items.sighting_name(article): article for article in found if article}

    def is_written(self, kept: Kept, texts: Mapping[str, Article], readings: Iterable[Article]) -> bool:
        """Whether an article is as its pages are read, and all that follows from that is written.

        Args:
            kept: What there is of it.
            texts: Its texts, as ``texts`` returns them.
            readings: How its pages are read.
        """
        again = kept.read_again(readings)
        if items.REREAD in kept.seen or again.seen != kept.seen:
            return False
        told = {items.sighting_name(each): codec.encode(each) for each in readings}
        if any(codec.encode(text) != told.get(name, codec.encode(text)) for name, text in texts.items()):
            return False
        content = kept.revisions[-1].digests.content
        newest = next((text for text in texts.values() if content_digests(text).content == content), None)
        if newest is None:
            return False
        newest = items.as_fetched_last(kept.seen, content, newest)
        item = items.headline_item(newest, content) | items.posting_keys(self._postings(newest, kept.seen))
        return _unmarked(item | items.told(kept.seen, kept.revisions)) == _unmarked(kept.headline)

    def forbid(self, article_id: str, at: datetime) -> None:
        """Have an article never come that the archive does not have; one that it has stays.

        Args:
            article_id: Its id.
            at: When it was forgotten, aware.
        """
        self._put_item(items.tombstone(article_id, at, None), "attribute_not_exists(pk)", {})

    def copy_from(self, table: str, without: Collection[str]) -> int:
        """Copy the items of another archive table that this one does not have; nothing of them is announced.

        Args:
            table: Its name: a table that a backup or point-in-time recovery was restored to.
            without: The ids of articles that are not to come back.

        Returns:
            How many were copied.
        """
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table)
        copied = 0
        for item in (item for page in pages for item in page["Items"]):
            if items.articles_of(item).isdisjoint(without):
                mark = items.REPLAYED if item["sk"]["S"] == items.HEADLINE else {}
                copied += self._put_item({**item, **mark}, "attribute_not_exists(pk)", {})
        return copied

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
        seen = self._state(article_id).seen
        found = (revision for revision in timeline(items.sightings(seen)) if revision.number == number)
        revision = next(found, None)
        return self._latest(article_id, seen, revision.digests.content) if revision else None

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
        headline = items.key(items.pk(article_id), items.HEADLINE) | (state.headline or {})
        changed = self._revision_postings(headline, state.seen)
        aliases = {(items.pk(url_id(url)), sk) for url in remains.urls for sk in (items.ALIAS, items.SEEN)}
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

    def _settle(self, state: _State, article: Article, headline: Item, delivery: _Delivery) -> Outcome:
        """Write headline and postings from what the table has, an article of it being just written.

        Args:
            state: What was read.
            article: The newest fetch that is written.
            headline: Its headline, as far as the article tells it.
            delivery: What is written.
        """
        for tried in range(_TRIES):
            if tried:
                # Others wrote meanwhile: what is there may be of less than what is known now.
                delivery = replace(delivery, is_first=False)
            if state.is_forgotten:
                self._delete(article.article_id, items.SEEN)
                self._delete(article.article_id, items.TEXT)
                return Outcome.FORGOTTEN
            mine = {**delivery.found} | earlier_postings(article, items.earlier_titles(state.seen), self._indexes)
            others = state.postings | items.postings_of_rereading(state.seen)
            if _is_newest(state, article):
                whole = headline | items.posting_keys(mine)
                is_same = not tried and items.REREAD not in state.seen and items.finds_same(state.headline, whole)
                if self._write(state, whole, {} if is_same else mine, others - mine.keys(), delivery):
                    return Outcome.STORED
            elif self._write_older(state, {*mine, *others}, delivery):
                return Outcome.SUPERSEDED
            state = self._state(article.article_id)
        raise _contended(article.article_id)

    def _write_older(self, state: _State, others: set[Key], delivery: _Delivery) -> bool:
        """Write what an older fetch than the headline's changes; what it may have written before is taken back."""
        kept = _of_article(state.headline or {})
        article_id, content = items.article_id_of(kept), kept["content"]["S"]
        if items.REREAD in state.seen:
            # Who read the newest fetch again may have been stopped before its headline was written.
            content = timeline(items.sightings(state.seen))[-1].digests.content
        newest = self._latest(article_id, state.seen, content)
        current = self._postings(newest, state.seen) if newest else {}
        if newest and items.REREAD in state.seen:
            kept = items.headline_item(newest, content)
        if newest:
            # What is an earlier title may find it too.
            kept = {name: value for name, value in kept.items() if name != "postings"} | items.posting_keys(current)
        return self._write(state, kept, current, others - current.keys(), delivery)

    def _write(
        self, state: _State, headline: Item, found: Mapping[Key, Item], stale: Collection[Key], delivery: _Delivery
    ) -> bool:
        """Write postings, and then a headline unless another was written since; return whether it was.

        Args:
            state: What was read.
            headline: The headline, as far as its article tells it.
            found: Postings to be written.
            stale: Postings to be deleted.
            delivery: What this is for.
        """
        revisions = timeline(items.sightings(state.seen))
        changed = self._revision_postings(headline, state.seen)
        # Others may have learned more since: what was written from less is taken back with the next try.
        untrue = {*stale, *delivery.written}
        for past in items.pasts(state.seen, delivery.names):
            untrue |= self._revision_postings(headline, past).keys()
        true = {**found, **changed}
        delivery.written.update(true)
        there = self._there(state, delivery)
        self._write_all({each: item for each, item in true.items() if there.get(each) != item}, untrue - true.keys())
        item = headline | items.told(state.seen, revisions) | delivery.mark
        if state.headline and _unmarked(item) == _unmarked(state.headline):
            # Written back as it is: that this can be done tells that nobody else wrote since.
            item = state.headline
        return self._replace(state.headline, item)

    def _there(self, state: _State, delivery: _Delivery) -> Mapping[Key, Item]:
        """Return postings of revisions that are surely there as they were written with the headline.

        Of a fetch that was delivered before nothing is sure: it may have been stopped after it deleted some.
        """
        before = {name: value for name, value in state.seen.items() if name not in delivery.names}
        is_sure = delivery.is_first and items.REREAD not in state.seen and items.tells(state.headline, before)
        return self._revision_postings(state.headline, before) if is_sure and state.headline else {}

    def _postings(self, article: Article, seen: Item) -> dict[Key, Item]:
        """Return the postings of an article by what it says, and by what its earlier titles said."""
        earlier = earlier_postings(article, items.earlier_titles(seen), self._indexes)
        return postings(article, self._indexes) | earlier

    def _revision_postings(self, headline: Item, seen: Item) -> dict[Key, Item]:
        revisions = timeline(items.sightings(seen))
        return revision_postings(headline, revisions, items.titles(seen), self._indexes)

    def _replace(self, before: Item | None, item: Item) -> bool:
        if before is None:
            return self._put_item(item, "attribute_not_exists(pk)", {})
        values = {":version": before["version"], ":sightings": before["sightings"]}
        return self._put_item(item, "version = :version AND sightings = :sightings", values)

    def _put_item(self, item: Item, condition: str, values: Mapping[str, Any]) -> bool:
        request: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **request)
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def _see(self, article: Article, state: _State, values: Mapping[str, str], found: Collection[Key]) -> _State:
        """Add the sightings of an article, whose postings are given, as ``_add`` does."""

        def keys(seen: Item) -> Iterable[Key]:
            return {*found, *earlier_postings(article, items.earlier_titles(seen), self._indexes)}

        return self._add(article.article_id, state, values, keys)

    def _add(
        self,
        article_id: str,
        state: _State,
        values: Mapping[str, str],
        keys: Callable[[Item], Iterable[Key]],
    ) -> _State:
        """Add sightings, or replace them, all at once, and return the state with all of them.

        Args:
            article_id: Of the article.
            state: What was read.
            values: The sightings by their names.
            keys: Gives the keys of the postings that are going to be written from an item ``seen``.
        """
        for _ in range(_TRIES):
            again = items.rereading(state.seen, values, keys(items.with_values(state.seen, values)))
            request = _seeing(state.seen, values, again)
            try:
                answer = self._dynamodb.update_item(
                    TableName=self._table, Key=items.key(items.pk(article_id), items.SEEN), **request
                )
            except ClientError as error:
                if not is_refused(error):
                    raise
                state = replace(self._state(article_id), texts=state.texts)
            else:
                return _State(state.headline, answer["Attributes"], state.texts)
        raise _contended(article_id)

    def _write_all(self, found: Mapping[Key, Item], stale: Collection[Key]) -> None:
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in found.values()]
        requests += [{"DeleteRequest": {"Key": items.key(*each)}} for each in stale]
        batch_write(self._dynamodb, self._table, requests)

    def _end_rereading(self, article_id: str, seen: Item) -> None:
        """Delete texts that nobody ever saw, as it turned out, and what is kept while fetches are read again."""
        if items.REREAD not in seen:
            return
        before = {content for past in items.pasts(seen, ()) for content in items.contents(past)}
        for content in before - items.contents(self._state(article_id).seen):
            self._delete(article_id, items.text_sk(content))
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=items.key(items.pk(article_id), items.SEEN),
                UpdateExpression="REMOVE #reread",
                ConditionExpression="#reread = :reread",
                ExpressionAttributeNames={"#reread": items.REREAD},
                ExpressionAttributeValues={":reread": seen[items.REREAD]},
            )
        except ClientError as error:
            # Who read them otherwise meanwhile ends it.
            if not is_refused(error):
                raise

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

    def _state(self, article_id: str, contents: Iterable[str] = ()) -> _State:
        """Return what there is of an article, with the first items of the texts of some contents."""
        texts = {content: items.text_sk(content) for content in contents}
        asked = self._items(article_id, [items.HEADLINE, items.SEEN, *texts.values()])
        found = {item["sk"]["S"]: item for item in asked}
        there = {content: found[sk] for content, sk in texts.items() if sk in found}
        return _State(found.get(items.HEADLINE), found.get(items.SEEN, {}), there)

    def _latest(self, article_id: str, seen: Item, content: str) -> Article | None:
        """Return the article of a content with time and page of the last fetch that showed it."""
        text = self._text(article_id, content)
        return items.as_fetched_last(seen, content, text) if text else None

    def _text(self, article_id: str, content: str) -> Article | None:
        (first, *_) = [*self._items(article_id, [items.text_sk(content)]), None]
        if first is None:
            return None
        rest = self._items(article_id, items.further_parts(first, content))
        return codec.decode(items.joined({item["sk"]["S"]: item for item in (first, *rest)}, content))

    def _items(self, article_id: str, sks: Sequence[str]) -> list[Item]:
        """Return those of an article's items that are there."""
        keys = [items.key(items.pk(article_id), sk) for sk in sks]
        return [dict(item) for item in batch_get(self._dynamodb, self._table, keys, ConsistentRead=True)]

    def _alias(self, url_id: str) -> str | None:
        key = items.key(items.pk(url_id), items.ALIAS)
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return item["article_id"]["S"] if item else None


def _of_article(headline: Item) -> Item:
    return {name: value for name, value in headline.items() if name in _OF_ARTICLE}


def _fetches(seen: Item) -> set[str]:
    return set(items.fetches(seen))


def _unmarked(headline: Item) -> Item:
    """Return a headline without what tells who wrote it, its sets in one order."""
    told = {name: value for name, value in headline.items() if name not in items.REPLAYED}
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in told.items()}


def _is_newest(state: _State, article: Article) -> bool:
    """Whether no newer fetch than this one has the headline; read again, a page may seem to be of another time."""
    version = items.version(article)
    is_same = bool(article.raw and state.version) and items.same_fetch(state.version, version)
    return is_same or state.version <= version


def _seeing(seen: Item, values: Mapping[str, str], again: Item | None) -> Any:
    """Return what UpdateItem is asked for: the sightings, and what they were, unless others changed these meanwhile."""
    names: dict[str, str] = {}
    changes: list[str] = []
    conditions: list[str] = []
    bound: Item = {}
    for number, (name, value) in enumerate(values.items()):
        names[f"#{number}"] = name
        changes.append(f"#{number} = :{number}")
        bound[f":{number}"] = {"S": value}
        if name in seen:
            conditions.append(f"#{number} = :was{number}")
            bound[f":was{number}"] = seen[name]
        else:
            conditions.append(f"attribute_not_exists(#{number})")
    if again:
        names["#reread"] = items.REREAD
        changes.append("#reread = list_append(if_not_exists(#reread, :none), :again)")
        bound |= {":none": {"L": []}, ":again": {"L": [again]}}
    return {
        "UpdateExpression": f"SET {', '.join(changes)}",
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": bound,
        "ReturnValues": "ALL_NEW",
    }


def _contended(article_id: str) -> RetryableError:
    return RetryableError("contended", f"{article_id} was written by others {_TRIES} times meanwhile")
