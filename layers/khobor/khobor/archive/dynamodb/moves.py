"""Articles that moved: under which id an article is written, and two articles that turn out to be one.

A headline with ``moved_to`` leads from an id to the one under which the article goes on. It always leads to an id
before its own in the alphabet, and never becomes a headline again.

When a page says that another article moved to its own (``archive.moves``), and both agree, everything of the one is
written to the other first: texts, records, postings, headline. Then the headline of the one is replaced, on condition
that it is still the one that was read, and its items are deleted. A delivery that is stopped before does all of this
again when it comes again.

A page whose claim nothing agrees with yet leaves it in the history item of the other article, where each delivery of
that article finds it. Both update this item, so that one of two deliveries at the same time sees the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from khobor.archive.dynamodb.fetch_records import (
    all_records,
    claim_record,
    claims,
    contents,
    former_id_record,
    former_ids,
    gone_records,
    last_contents,
)
from khobor.archive.dynamodb.items import (
    HEADLINE,
    HISTORY,
    MOVED_FROM,
    REPLAYED,
    TEXT,
    UNFINISHED,
    Item,
    Key,
    alias_item,
    key,
    moved_item,
    pk,
    texts_of,
)
from khobor.archive.dynamodb.postings import revision_postings, title_and_content_postings
from khobor.archive.dynamodb.readings import Readings
from khobor.archive.dynamodb.reparsing import earlier_states, postings_of_reparsing
from khobor.archive.dynamodb.table import ArticleState
from khobor.archive.dynamodb.writer import TRIES, DynamoDBWriter, MovedMeanwhileError, contended
from khobor.archive.interface import ArticleWriter, WriteOutcome
from khobor.archive.moves import MOST_COMPARED, fetched_by
from khobor.article import Article
from khobor.revisions.same_article import is_same_article

# Other articles by their ids.
_Others = dict[str, ArticleState]


class DynamoDBMovingWriter(DynamoDBWriter, ArticleWriter):
    """Writes articles to the archive table, each under the id under which it goes on."""

    def put(self, article: Article) -> WriteOutcome:
        """Write one fetch of an article; see ``ArticleWriter``."""
        return self._deliver([article], {})

    def put_again(self, readings: Sequence[Article]) -> WriteOutcome:
        """Write pages of one article as they are parsed now; see ``ArticleWriter``."""
        return self._deliver(readings, REPLAYED)

    def _deliver(self, articles: Sequence[Article], mark: Item) -> WriteOutcome:
        readings = Readings.of(articles)
        own_id = readings.newest.article_id
        for _ in range(TRIES):
            article_id, state = self._followed(own_id, readings.texts)
            if state.is_forgotten:
                return WriteOutcome.FORGOTTEN
            try:
                if article_id != own_id:
                    self._finish(own_id)
                others, marks, waiting = self._claims_of(article_id, readings)
                if not others:
                    return self._write_readings(
                        state, replace(readings, records=marks).named(article_id), mark, waiting
                    )
                self._join(others | {article_id: state}, mark)
            except MovedMeanwhileError:
                continue
        raise contended(own_id)

    def _write_readings(
        self, state: ArticleState, readings: Readings, mark: Item, waiting: Mapping[str, Collection[str]]
    ) -> WriteOutcome:
        outcome, history = self._put(state, readings, mark)
        while outcome is not WriteOutcome.FORGOTTEN and (claimed := self._claimed(history, readings)):
            article_id = readings.newest.article_id
            history, readings = self._join(claimed | {article_id: self._state(article_id)}, mark)
        # Only now: if this is stopped before, it must find the marks when it comes again.
        for url_id, names in waiting.items():
            self._end_waiting(url_id, names)
        return outcome

    def _claims_of(self, article_id: str, readings: Readings) -> tuple[_Others, Item, dict[str, list[str]]]:
        """Write the aliases of the URLs by which pages were fetched, and what the pages say of them.

        Args:
            article_id: The id under which the article goes on.
            readings: The pages, each with the id of its own URL.

        Returns:
            The other articles that are the same; the records that these URLs were gone, and their names by the ids of
            the URLs.
        """
        others: _Others = {}
        marks: Item = {}
        waiting: dict[str, list[str]] = {}
        each_claim = (
            (article, digests.content, other, is_moved)
            for article, digests in readings.digested
            for other, is_moved in fetched_by(article).items()
        )
        for article, content, requested_id, is_moved in each_claim:
            self._dynamodb.put_item(TableName=self._table, Item=alias_item(requested_id, article.article_id))
            # A delivery that marks the URL as gone at the same time looks for the alias afterwards.
            other_id, other = self._followed(requested_id)
            if other_id == article_id or other.is_forgotten:
                if other_id != requested_id:
                    self._finish(requested_id)
                continue
            if is_moved:
                other = self._with_claim(other_id, other, article, content)
                if self._agree(other_id, other.history, article):
                    others[other_id] = other
            if other.headline is None and not contents(other.history) and (gone := gone_records(other.history)):
                marks |= gone
                waiting[other_id] = list(gone)
        return others, marks, waiting

    def _with_claim(self, other_id: str, other: ArticleState, article: Article, content: str) -> ArticleState:
        """Write that a page says that another article has moved to its own; return the items of the other one."""
        record = claim_record(article.article_id, content)
        if record.keys() <= other.history.keys():
            return other
        return self._add_records(other_id, other, record, lambda _: ())

    def _agree(self, article_id: str, history: Item, article: Article) -> bool:
        """Return whether any page of an article agrees that it is the same as another one."""
        texts = (self._text(article_id, content) for content in last_contents(history, MOST_COMPARED))
        return any(text and is_same_article(text, article) for text in texts)

    def _claimed(self, history: Item, readings: Readings) -> _Others:
        """Return the articles to which pages say that one has moved, and that are the same.

        Args:
            history: The history item of the article.
            readings: What was written of it.
        """
        article_id, others = readings.newest.article_id, _Others()
        for claimed_id, content in claims(history)[:MOST_COMPARED]:
            if claimed_id == article_id or claimed_id in former_ids(history):
                continue
            other_id, other = self._followed(claimed_id)
            if other_id == article_id or other.is_forgotten or other_id in others:
                continue
            text = self._text(other_id, content)
            if text and any(is_same_article(text, article) for article in readings.texts.values()):
                others[other_id] = other
        return others

    def _join(self, articles: Mapping[str, ArticleState], mark: Item) -> tuple[Item, Readings]:
        """Make one of several articles; return the history item, and all that was written.

        Args:
            articles: The items of the articles, by their ids. One of them may have nothing yet.
            mark: Attributes of the headline that say what wrote it.
        """
        target = min(articles)
        others = {article_id: state for article_id, state in articles.items() if article_id != target}
        readings = Readings(())
        for other_id, other in others.items():
            readings = self._with_all(other_id, other, readings)
        if listed := [other_id for other_id, state in others.items() if state.headline is not None]:
            mark = mark | texts_of({MOVED_FROM: max(listed)})
        readings = readings.named(target)
        state = self._state(target, readings.texts)
        if state.moved_to or state.is_forgotten:
            raise MovedMeanwhileError
        history = state.history
        if readings.digested:
            _, history = self._put(state, readings, mark)
        elif readings.records:
            history = self._add_records(target, state, readings.records, lambda _: ()).history
        for other_id, other in others.items():
            self._leave(other_id, other, target)
        return history, readings

    def _with_all(self, article_id: str, state: ArticleState, readings: Readings) -> Readings:
        """Return readings with all that is known of an article."""
        records = all_records(state.history) | former_id_record(article_id)
        texts = {content: text for content in contents(state.history) if (text := self._text(article_id, content))}
        last = last_contents(state.history, 1)
        latest = self._latest(article_id, state.history, last[0]) if last else None
        if latest is None:
            return replace(readings, records={**readings.records, **records})
        return readings.with_others(latest, records, texts)

    def _leave(self, article_id: str, state: ArticleState, target: str) -> None:
        """Let an id lead to another one, if nobody wrote the article meanwhile, and delete all else that it has."""
        item = moved_item(article_id, target, state.headline or {})
        condition, values = "attribute_not_exists(pk)", {}
        if state.headline:
            condition = "version = :version AND sightings = :sightings"
            values = {":version": state.headline["version"], ":sightings": state.headline["sightings"]}
        if not self._put_item(item, condition, values):
            raise MovedMeanwhileError
        self._clear(article_id, ArticleState(item, state.history), target)

    def _finish(self, article_id: str) -> None:
        """Delete what an article left, whose last delivery was stopped when it went on under another id."""
        state = self._state(article_id)
        if state.moved_to and state.headline and UNFINISHED.keys() <= state.headline.keys():
            self._clear(article_id, state, state.moved_to)

    def _clear(self, article_id: str, state: ArticleState, target: str) -> None:
        stale: set[Key] = state.postings | postings_of_reparsing(state.history)
        headline = key(pk(article_id), HEADLINE) | (state.headline or {})
        for past in (state.history, *earlier_states(state.history, ())):
            stale |= revision_postings(headline, past, self._indexes).keys()
        # A delivery that was stopped may have written postings that no headline names.
        for content in contents(state.history):
            if text := self._latest(article_id, state.history, content):
                text = replace(text, article_id=article_id)
                stale |= title_and_content_postings(text, state.history, self._indexes).keys()
        self._write_all({}, stale)
        self._delete(article_id, TEXT)
        self._delete(article_id, HISTORY)
        self._put_item(moved_item(article_id, target, None), "attribute_exists(moved_to)", {})

    def _end_waiting(self, url_id: str, names: Collection[str]) -> None:
        """Delete the records that a URL was gone, which its article has now."""
        aliases = {f"#{number}": name for number, name in enumerate(names)}
        request = {
            "UpdateExpression": f"REMOVE {', '.join(aliases)}",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": aliases,
        }
        history = self._update_history(url_id, request)
        if history is not None and not history.keys() - {"pk", "sk"}:
            self._write_all({}, {(pk(url_id), HISTORY)})
