"""Postings: the index entries by which an article is found besides its source and its day."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from khobor.archive.dynamodb.fetch_records import earlier_titles, records, titles
from khobor.archive.dynamodb.headline_items import ADDED, listed_facts
from khobor.archive.dynamodb.items import LISTED, Item, Key, article_id_of, key
from khobor.archive.headlines import Index
from khobor.archive.times import instant, offset_text, read_listed_at
from khobor.article import Article
from khobor.revisions.minhash import bands, minhash
from khobor.revisions.timeline import Revision, timeline
from khobor.search_words import search_key, search_words

# A title has fewer words. A page may have many keywords: the first ones count.
_MOST = {"word": 16, "tag": 16, "author": 8}
_LONGEST_VALUE = 200
# If the title changes all the time, this many earlier titles are indexed.
_MOST_TITLES = 8


def partition(index: Index, value: str) -> str:
    """Return the partition key of the postings of a value; upper and lower case make no difference.

    Args:
        index: The index.
        value: The value, such as a tag.
    """
    return f"{index}#{' '.join(search_words(value))[:_LONGEST_VALUE]}"


def postings(article: Article, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings that follow from an article alone, by key.

    Args:
        article: The article.
        indexes: The indexes that the archive has.
    """
    values: dict[Index, Iterable[str]] = {
        "section": [article.section] if article.section else [],
        "tag": article.tags,
        "author": (author.name for author in article.authors),
        "word": _keys(article.title or ""),
    }
    found = [(index, value) for index in values if index in indexes for value in _first(index, values[index])]
    sk, item = _sk_and_item(article)
    pks = dict.fromkeys(partition(*each) for each in found)
    return {(pk, sk): key(pk, sk) | item for pk in pks} | _similar(article, sk, item, indexes)


def earlier_title_postings(article: Article, seen: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of the words of an article's earlier titles. They replace those of its current title.

    Args:
        article: The article.
        seen: Its item ``seen``.
        indexes: The indexes that the archive has.
    """
    if "word" not in indexes:
        return {}
    sk, item = _sk_and_item(article)
    by_word = _titles_by_word(earlier_titles(seen))
    return {(pk, sk): key(pk, sk) | item | {"earlier": {"L": each}} for pk, each in by_word.items()}


def title_and_content_postings(article: Article, seen: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of an article and of its earlier titles.

    Args:
        article: The article.
        seen: Its item ``seen``.
        indexes: The indexes that the archive has.
    """
    return postings(article, indexes) | earlier_title_postings(article, seen, indexes)


def revision_postings(headline: Item, seen: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings that follow from the revisions of an article: when it was added, and each of its changes.

    Args:
        headline: Its headline; for an erased article the attributes of the key are enough.
        seen: Its item ``seen``.
        indexes: The indexes that the archive has.
    """
    revisions, known_titles = timeline(records(seen)), titles(seen)
    article_id, facts = article_id_of(headline), {name: headline[name] for name in LISTED if name in headline}
    found: dict[Key, Item] = {}
    if "added" in indexes and revisions and "listed_at" in headline:
        sk = f"{instant(revisions[0].first_seen_at)}#{article_id}"
        found[ADDED, sk] = key(ADDED, sk) | facts | {"shown_at": headline["listed_at"]}
    if "change" in indexes:
        offset = offset_text(read_listed_at(headline["listed_at"]["S"])) if "listed_at" in headline else ""
        clocks = {"offset": {"S": offset}} if offset else {}
        for before, revision in pairwise(revisions):
            item = facts | clocks | _change_facts(before, revision, known_titles)
            for change in revision.changes:
                pk, sk = f"change#{change}", f"{instant(revision.first_seen_at)}#{article_id}"
                found[pk, sk] = key(pk, sk) | item
    return found


def _sk_and_item(article: Article) -> tuple[str, Item]:
    facts = listed_facts(article)
    # With source and time as attributes a posting would be in the index by source, too.
    sk = f"{facts.pop('listed_at')}#{article.article_id}"
    return sk, {name: {"S": text} for name, text in facts.items()}


def _titles_by_word(known: Sequence[str]) -> dict[str, list[Item]]:
    """Return the titles that have a word in any of its forms, by the partition key of the word's postings."""
    found: dict[str, list[Item]] = {}
    for title in known[-_MOST_TITLES:]:
        for word in _first("word", _keys(title)):
            found.setdefault(partition("word", word), []).append({"S": title})
    return found


def _keys(title: str) -> tuple[str, ...]:
    """Return the search keys of the words of a title, each once."""
    return tuple(dict.fromkeys(map(search_key, search_words(title))))


def _similar(article: Article, sk: str, item: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    own_minhash = minhash(article) if "similar" in indexes else None
    if own_minhash is None:
        return {}
    pks = [partition("similar", band) for band in bands(own_minhash)]
    return {(pk, sk): key(pk, sk) | item | {"sketch": {"B": own_minhash.data}} for pk in pks}


def _change_facts(before: Revision, revision: Revision, known_titles: Mapping[str, str]) -> Item:
    """Return what a posting says of a change. Titles that earlier versions of khobor stored are not known."""
    item: Item = {"revision": {"N": str(revision.number)}, "changes": {"SS": sorted(revision.changes)}}
    old, new = (known_titles.get(each.digests.headline) for each in (before, revision))
    if new:
        item["title"] = {"S": new}
    if old and old != new:
        item["title_before"] = {"S": old}
    return item


def _first(index: Index, values: Iterable[str]) -> Iterator[str]:
    usable = [value for value in values if search_words(value)]
    yield from usable[: _MOST.get(index)]
