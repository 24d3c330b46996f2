"""Articles written to the archive table.

Deliveries may come several times and in any order; the table ends the same. The history item is a set of records of
fetches. The text of a content is that of its newest fetch, or of one that is alike in every detail
(``fetch_records.keeps_text``). Headline and postings are computed from these. Postings are written first, then the
headline, on condition that it is still the one that was read; if it is not, both are computed and written again. So the
last writer knows all records, and a delivery that was stopped halfway is completed when it comes again.

When a page is parsed again, its record is replaced. The record before is kept beside it until everything that followed
from it is undone, by whichever delivery comes next (``reparsing.py``).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from khobor.archive.dynamodb.fetch_records import (
    contents,
    fetches,
    gone_name,
    keeps_text,
    outdated,
    records,
    with_records,
)
from khobor.archive.dynamodb.headline_items import (
    finds_same,
    headline_item,
    of_article,
    posting_keys,
    reflects,
    revision_summary,
    unmarked,
)
from khobor.archive.dynamodb.items import HISTORY, TEXT, Item, Key, article_id_of, key, pk
from khobor.archive.dynamodb.postings import (
    earlier_title_postings,
    postings,
    revision_postings,
    title_and_content_postings,
)
from khobor.archive.dynamodb.readings import Readings
from khobor.archive.dynamodb.reparsing import REREAD, earlier_states, postings_of_reparsing, replaced_records
from khobor.archive.dynamodb.table import ArchiveTable, ArticleState
from khobor.archive.dynamodb.texts import text_items, text_sk
from khobor.archive.fetch_digests import same_fetch, version
from khobor.archive.interface import WriteOutcome
from khobor.article import Article
from khobor.aws.dynamodb import is_refused
from khobor.errors import RetryableError
from khobor.revisions.timeline import timeline

# Others may write the same article at the same time, but not this often in a row.
TRIES = 10
# Records of one write. DynamoDB's limit is 4 KB of each expression.
_MOST_VALUES = 80


@dataclass(frozen=True)
class _Delivery:
    """A write in progress.

    Attributes:
        names: The names of the records that it adds.
        postings: The postings of the article that it brings.
        mark: Attributes of the headline that say what wrote it.
        is_first: Whether none of its records was there before, so that it was not delivered, and stopped, before.
        written: The keys of the postings that it wrote from what was known at the time.
    """

    names: Collection[str]
    postings: Mapping[Key, Item] = field(default_factory=dict)
    mark: Item = field(default_factory=dict)
    is_first: bool = False
    written: set[Key] = field(default_factory=set)


class MovedMeanwhileError(Exception):
    """An article that is being written goes on under another id now, or was written by others. Try again."""


class DynamoDBWriter(ArchiveTable):
    """Writes articles to the archive table."""

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> WriteOutcome:
        """Mark an article as removed from its site; see ``ArticleWriter``."""
        article_id, state = self._followed(article_id)
        if state.headline is None and (aliased := self._aliased(article_id)):
            return self.mark_gone(aliased, at, reason)
        if state.is_forgotten:
            return WriteOutcome.FORGOTTEN
        delivery = _Delivery({gone_name(at)}, is_first=gone_name(at) not in state.history)
        state = self._add_records(article_id, state, dict.fromkeys(delivery.names, reason), lambda _: ())
        if state.headline is None:
            return self._leave_mark(article_id, state.history, at, reason)
        for tried in range(TRIES):
            if state.moved_to:
                self._delete(article_id, HISTORY)
                return self.mark_gone(article_id, at, reason)
            if state.headline is None or state.is_forgotten:
                return WriteOutcome.FORGOTTEN
            headline = of_article(state.headline)
            if self._write(state, headline, {}, set(), delivery if not tried else replace(delivery, is_first=False)):
                is_gone = timeline(records(state.history))[-1].is_gone
                return WriteOutcome.GONE if is_gone else WriteOutcome.SUPERSEDED
            state = self._state(article_id)
        raise contended(article_id)

    def _leave_mark(self, article_id: str, history: Item, at: datetime, reason: str) -> WriteOutcome:
        """Leave the mark for an article that is still to come, unless it came meanwhile."""
        if aliased := self._aliased(article_id):
            return self.mark_gone(aliased, at, reason)
        if contents(history):
            raise contended(article_id)
        return WriteOutcome.UNKNOWN

    def _put(self, state: ArticleState, readings: Readings, mark: Item) -> tuple[WriteOutcome, Item]:
        """Write pages of an article.

        Args:
            state: The article's items, with the texts that the readings have, too.
            readings: The pages.
            mark: Attributes of the headline that say what wrote it.

        Returns:
            The outcome for the newest page, and the history item.

        Raises:
            MovedMeanwhileError: The article goes on under another id now.
        """
        newest, texts = readings.newest, readings.texts
        # Every content in the history item must have a text, so the texts of new contents are written first.
        known = {content: texts[content] for content in texts if content in contents(state.history)}
        for content in (each for each in texts if each not in known):
            self._put_text(texts[content], content, None)
        delivery = _Delivery(readings.values.keys(), postings(newest, self._indexes), mark)
        delivery = replace(delivery, is_first=readings.values.keys().isdisjoint(fetches(state.history)))
        values = list((readings.values | readings.other_values).items())
        for start in range(0, len(values), _MOST_VALUES):
            part = dict(values[start : start + _MOST_VALUES])
            state = self._add_fetches(newest, state, part, delivery.postings)
        self._update_texts(state, known, delivery.names)
        item = headline_item(newest, readings.newest_content)
        outcome = self._settle(state, newest, item, delivery)
        self._end_reparsing(newest.article_id, state.history)
        return outcome, state.history

    def _update_texts(self, state: ArticleState, texts: Mapping[str, Article], names: Collection[str]) -> None:
        """Write the texts of contents that were known before, unless the stored ones stay."""
        for content, article in texts.items():
            text = state.texts.get(content, {})
            if not keeps_text(state.history, content, article, names, text):
                self._put_text(article, content, outdated(state.history, content, text))

    def _put_text(self, article: Article, content: str, outdated: str | None) -> None:
        """Write an article's text unless the stored one is of a newer fetch, and its version is not outdated."""
        condition = "attribute_not_exists(version) OR version <= :version"
        values: dict[str, Any] = {":outdated": {"S": outdated}} if outdated else {}
        if outdated:
            condition += " OR version = :outdated"
        if article.raw:
            # Parsed again, a page may have another date than before.
            condition += " OR (begins_with(version, :at) AND contains(version, :raw))"
            at, _, raw = version(article).split("#")
            values |= {":at": {"S": f"{at}#"}, ":raw": {"S": f"#{raw}"}}
        for item in text_items(article, content):
            self._put_item(item, condition, {":version": item["version"], **values})

    def _settle(self, state: ArticleState, article: Article, headline: Item, delivery: _Delivery) -> WriteOutcome:
        """Write headline and postings from the records, after an article was added to these.

        Args:
            state: The article's items.
            article: The newest fetch in the delivery.
            headline: Its headline, without the summary of the revisions.
            delivery: The delivery.
        """
        for tried in range(TRIES):
            if tried:
                # Others wrote meanwhile. The postings that are there may follow from fewer records than are known now.
                delivery = replace(delivery, is_first=False)
            if state.is_forgotten or state.moved_to:
                self._delete(article.article_id, HISTORY)
                self._delete(article.article_id, TEXT)
                if state.moved_to:
                    raise MovedMeanwhileError
                return WriteOutcome.FORGOTTEN
            own = {**delivery.postings} | earlier_title_postings(article, state.history, self._indexes)
            others = state.postings | postings_of_reparsing(state.history)
            if _is_newest(state, article):
                whole = headline | posting_keys(own)
                is_same = not tried and REREAD not in state.history and finds_same(state.headline, whole)
                if self._write(state, whole, {} if is_same else own, others - own.keys(), delivery):
                    return WriteOutcome.STORED
            elif self._write_older(state, {*own, *others}, delivery):
                return WriteOutcome.SUPERSEDED
            state = self._state(article.article_id)
        raise contended(article.article_id)

    def _write_older(self, state: ArticleState, others: set[Key], delivery: _Delivery) -> bool:
        """Write what changes because of a fetch older than the headline's; delete postings it may have written."""
        headline = of_article(state.headline or {})
        article_id, content = article_id_of(headline), headline["content"]["S"]
        if REREAD in state.history:
            # A delivery that parsed the newest page again may have been stopped before it wrote the headline.
            content = timeline(records(state.history))[-1].digests.content
        newest = self._latest(article_id, state.history, content)
        current = title_and_content_postings(newest, state.history, self._indexes) if newest else {}
        if newest and REREAD in state.history:
            headline = headline_item(newest, content)
        if newest:
            # Earlier titles may add postings.
            headline.pop("postings", None)
            headline |= posting_keys(current)
        return self._write(state, headline, current, others - current.keys(), delivery)

    def _write(
        self,
        state: ArticleState,
        headline: Item,
        postings_to_write: Mapping[Key, Item],
        stale: Collection[Key],
        delivery: _Delivery,
    ) -> bool:
        """Write postings, then a headline unless another was written meanwhile; return whether it was written.

        Args:
            state: The article's items.
            headline: The headline, without the summary of the revisions.
            postings_to_write: Postings to write.
            stale: Keys of postings to delete.
            delivery: The delivery.
        """
        changed = revision_postings(headline, state.history, self._indexes)
        # Others may have added records meanwhile. What was written from fewer records is deleted at the next try.
        untrue = {*stale, *delivery.written}
        for past in earlier_states(state.history, delivery.names):
            untrue |= revision_postings(headline, past, self._indexes).keys()
        if not delivery.is_first:
            # Deliveries that were stopped may have taken any of the fetches for the first.
            for name in fetches(state.history):
                alone = {name: state.history[name]}
                untrue |= revision_postings(headline, alone, self._indexes).keys()
        true = {**postings_to_write, **changed}
        delivery.written.update(true)
        stored = self._certain_postings(state, delivery)
        self._write_all({each: item for each, item in true.items() if stored.get(each) != item}, untrue - true.keys())
        item = headline | revision_summary(state.history, timeline(records(state.history))) | delivery.mark
        if state.headline and unmarked(item) == unmarked(state.headline):
            # Writing it back unchanged still proves that nobody else wrote meanwhile.
            item = state.headline
        return self._replace_headline(state.headline, item)

    def _certain_postings(self, state: ArticleState, delivery: _Delivery) -> Mapping[Key, Item]:
        """Return the postings of revisions that are certainly stored as they were written with the headline.

        Nothing is certain about a fetch that was delivered before: that delivery may have been stopped after it deleted
        some postings.
        """
        before = {name: value for name, value in state.history.items() if name not in delivery.names}
        is_certain = delivery.is_first and REREAD not in state.history and reflects(state.headline, before)
        return revision_postings(state.headline, before, self._indexes) if is_certain and state.headline else {}

    def _replace_headline(self, before: Item | None, item: Item) -> bool:
        if before is None:
            return self._put_item(item, "attribute_not_exists(pk)", {})
        values = {":version": before["version"], ":sightings": before["sightings"]}
        return self._put_item(item, "version = :version AND sightings = :sightings", values)

    def _add_fetches(
        self, article: Article, state: ArticleState, values: Mapping[str, str], keys: Collection[Key]
    ) -> ArticleState:
        """Add records of fetches of an article, whose postings have the keys ``keys``, as ``_add_records`` does."""

        def posting_keys_of(history: Item) -> Iterable[Key]:
            return {*keys, *earlier_title_postings(article, history, self._indexes)}

        return self._add_records(article.article_id, state, values, posting_keys_of)

    def _add_records(
        self,
        article_id: str,
        state: ArticleState,
        values: Mapping[str, str],
        posting_keys_of: Callable[[Item], Iterable[Key]],
    ) -> ArticleState:
        """Add records, or replace them, all at once; return the state with all of them.

        Args:
            article_id: The article's id.
            state: The article's items.
            values: The records by name.
            posting_keys_of: Returns the keys of the postings that will be written from a history item.
        """
        for _ in range(TRIES):
            replaced = replaced_records(state.history, values, posting_keys_of(with_records(state.history, values)))
            history = self._update_history(article_id, _record_update(state.history, values, replaced))
            if history is not None:
                return ArticleState(state.headline, history, state.texts)
            state = replace(self._state(article_id), texts=state.texts)
        raise contended(article_id)

    def _update_history(self, article_id: str, request: Any) -> Item | None:
        """Update the history item of an article; return it, or None if the condition does not hold."""
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table, Key=key(pk(article_id), HISTORY), ReturnValues="ALL_NEW", **request
            )
        except ClientError as error:
            if not is_refused(error):
                raise
            return None
        return dict(answer["Attributes"])

    def _end_reparsing(self, article_id: str, history: Item) -> None:
        """Delete texts that no record refers to any more, and the records before pages were parsed again."""
        if REREAD not in history:
            return
        before = {content for past in earlier_states(history, ()) for content in contents(past)}
        for content in before - contents(self._state(article_id).history):
            self._delete(article_id, text_sk(content))
        # A delivery that replaces records meanwhile does this.
        request = {
            "UpdateExpression": "REMOVE #reread",
            "ConditionExpression": "#reread = :reread",
            "ExpressionAttributeNames": {"#reread": REREAD},
            "ExpressionAttributeValues": {":reread": history[REREAD]},
        }
        self._update_history(article_id, request)


def _is_newest(state: ArticleState, article: Article) -> bool:
    """Return whether the headline is not of a newer fetch. Parsed again, a page may have another date than before."""
    own = version(article)
    is_same = bool(article.raw and state.version) and same_fetch(state.version, own)
    return is_same or state.version <= own


def _record_update(history: Item, values: Mapping[str, str], replaced: Item | None) -> Any:
    """Return the UpdateItem request that writes records, on condition that they are still as they were read."""
    names: dict[str, str] = {}
    changes: list[str] = []
    conditions: list[str] = []
    bound: Item = {}
    for number, (name, value) in enumerate(values.items()):
        names[f"#{number}"] = name
        changes.append(f"#{number} = :{number}")
        bound[f":{number}"] = {"S": value}
        if name in history:
            conditions.append(f"#{number} = :was{number}")
            bound[f":was{number}"] = history[name]
        else:
            conditions.append(f"attribute_not_exists(#{number})")
    if replaced:
        names["#reread"] = REREAD
        changes.append("#reread = list_append(if_not_exists(#reread, :none), :replaced)")
        bound |= {":none": {"L": []}, ":replaced": {"L": [replaced]}}
    return {
        "UpdateExpression": f"SET {', '.join(changes)}",
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": bound,
    }


def contended(article_id: str) -> RetryableError:
    """Return the error that others wrote an article each time that it was to be written."""
    return RetryableError("contended", f"{article_id} was written by others {TRIES} times meanwhile; try again")
