"""Postings: the index entries by which an article is found besides its source and its day."""

from collections.abc import Collection, Mapping
from itertools import pairwise

from khobor.archive.dynamodb.fetch_records import earlier_titles, records, titles
from khobor.archive.dynamodb.headline_items import ADDED, listed_facts
from khobor.archive.dynamodb.items import Item, Key, article_id_of, key
from khobor.archive.headlines import LISTED, Index
from khobor.archive.index_keys import earlier_title_keys, index_keys, similar_keys
from khobor.archive.times import instant, offset_text, read_listed_at
from khobor.article import Article
from khobor.revisions.minhash import minhash
from khobor.revisions.timeline import Revision, timeline


def postings(article: Article, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings that follow from an article alone, by key.

    Args:
        article: The article.
        indexes: The indexes that the archive has.
    """
    sk, item = _sk_and_item(article)
    own = {(pk, sk): key(pk, sk) | item for pk in index_keys(article, indexes)}
    return own | _similar(article, sk, item, indexes)


def earlier_title_postings(article: Article, history: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of the words of an article's earlier titles. They replace those of its current title.

    Args:
        article: The article.
        history: Its history item.
        indexes: The indexes that the archive has.
    """
    if "word" not in indexes:
        return {}
    sk, item = _sk_and_item(article)
    by_key = earlier_title_keys(earlier_titles(history))
    lists = {pk: {"earlier": {"L": [{"S": title} for title in each]}} for pk, each in by_key.items()}
    return {(pk, sk): key(pk, sk) | item | each for pk, each in lists.items()}


def title_and_content_postings(article: Article, history: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of an article and of its earlier titles.

    Args:
        article: The article.
        history: Its history item.
        indexes: The indexes that the archive has.
    """
    return postings(article, indexes) | earlier_title_postings(article, history, indexes)


def revision_postings(headline: Item, history: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings that follow from the revisions of an article: when it was added, and each of its changes.

    Args:
        headline: Its headline; for an erased article the attributes of the key are enough.
        history: Its history item.
        indexes: The indexes that the archive has.
    """
    revisions, known_titles = timeline(records(history)), titles(history)
    article_id, facts = article_id_of(headline), {name: headline[name] for name in LISTED if name in headline}
    items: dict[Key, Item] = {}
    if "added" in indexes and revisions and "listed_at" in headline:
        sk = f"{instant(revisions[0].first_seen_at)}#{article_id}"
        items[ADDED, sk] = key(ADDED, sk) | facts | {"shown_at": headline["listed_at"]}
    if "change" in indexes:
        offset = offset_text(read_listed_at(headline["listed_at"]["S"])) if "listed_at" in headline else ""
        clocks = {"offset": {"S": offset}} if offset else {}
        for before, revision in pairwise(revisions):
            item = facts | clocks | _change_facts(before, revision, known_titles)
            for change in revision.changes:
                pk, sk = f"change#{change}", f"{instant(revision.first_seen_at)}#{article_id}"
                items[pk, sk] = key(pk, sk) | item
    return items


def _sk_and_item(article: Article) -> tuple[str, Item]:
    facts = listed_facts(article)
    # With source and time as attributes a posting would be in the index by source, too.
    sk = f"{facts.pop('listed_at')}#{article.article_id}"
    return sk, {name: {"S": text} for name, text in facts.items()}


def _similar(article: Article, sk: str, item: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    own_minhash = minhash(article) if "similar" in indexes else None
    if own_minhash is None:
        return {}
    sketch = {"sketch": {"B": own_minhash.data}}
    return {(pk, sk): key(pk, sk) | item | sketch for pk in similar_keys(own_minhash)}


def _change_facts(before: Revision, revision: Revision, known_titles: Mapping[str, str]) -> Item:
    """Return what a posting says of a change. Titles that earlier versions of khobor stored are not known."""
    item: Item = {"revision": {"N": str(revision.number)}, "changes": {"SS": sorted(revision.changes)}}
    old, new = (known_titles.get(each.digests.headline) for each in (before, revision))
    if new:
        item["title"] = {"S": new}
    if old and old != new:
        item["title_before"] = {"S": old}
    return item
