"""Postings: under what an article is found besides its source and its day."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, get_args

from khobor.archive.dynamodb.items import (
    LISTED,
    Item,
    Key,
    article_id_of,
    instant,
    key,
    listed,
    offset_text,
    read_listed_at,
)
from khobor.article import Article
from khobor.errors import ConfigurationError
from khobor.revisions.minhash import bands, minhash
from khobor.revisions.timeline import Revision
from khobor.search_words import search_key, search_words

# What articles can be found by; each posting costs one write.
Index = Literal["section", "tag", "author", "word", "change", "similar", "added"]
INDEXES: frozenset[Index] = frozenset(get_args(Index))
# The one partition of what was added, by when it was: a thousand articles a second fit.
ADDED = "added#all"
# A headline has fewer words, a page's keywords may be many: those that come first count.
_MOST = {"word": 16, "tag": 16, "author": 8}
_LONGEST_VALUE = 200
# Of an article whose title changes all the time, so many earlier ones find it.
_MOST_TITLES = 8


def read_indexes(text: str) -> frozenset[Index]:
    """Return the indexes that are named, parted by commas; ``none`` names none.

    Raises:
        ConfigurationError: There is no such index.
    """
    names = [] if text == "none" else text.split(",")
    if unknown := set(names) - INDEXES:
        known = ", ".join(sorted(INDEXES))
        raise ConfigurationError(f"there is no index {', '.join(sorted(unknown))}; there are {known}")
    return frozenset(index for index in INDEXES if index in names)


def partition(index: Index, value: str) -> str:
    """Return the partition key of the postings of one value, such as a tag, however it is written."""
    return f"{index}#{' '.join(search_words(value))[:_LONGEST_VALUE]}"


def postings(article: Article, indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of an article, by key, without those that follow from its revisions."""
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


def earlier_postings(article: Article, titles: Sequence[str], indexes: Collection[Index]) -> dict[Key, Item]:
    """Return the postings of the words of earlier titles of an article; they replace those of its title.

    Args:
        article: The article.
        titles: Its earlier titles, the oldest first.
        indexes: What articles are found by.
    """
    if "word" not in indexes:
        return {}
    sk, item = _sk_and_item(article)
    return {(pk, sk): key(pk, sk) | item | {"earlier": {"L": each}} for pk, each in _by_word(titles).items()}


def _sk_and_item(article: Article) -> tuple[str, Item]:
    facts = listed(article)
    # With source and time as attributes it would be in the index by source, too.
    sk = f"{facts.pop('listed_at')}#{article.article_id}"
    return sk, {name: {"S": text} for name, text in facts.items()}


def _by_word(titles: Sequence[str]) -> dict[str, list[Item]]:
    """Return the titles that have a word in one of its forms, by the partition key of the word's postings."""
    found: dict[str, list[Item]] = {}
    for title in titles[-_MOST_TITLES:]:
        for word in _first("word", _keys(title)):
            found.setdefault(partition("word", word), []).append({"S": title})
    return found


def _keys(title: str) -> tuple[str, ...]:
    """Return what the words of a title are found by, each once."""
    return tuple(dict.fromkeys(map(search_key, search_words(title))))


def _similar(article: Article, sk: str, item: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    own_minhash = minhash(article) if "similar" in indexes else None
    if own_minhash is None:
        return {}
    pks = [partition("similar", band) for band in bands(own_minhash)]
    return {(pk, sk): key(pk, sk) | item | {"sketch": {"B": own_minhash.data}} for pk in pks}


def revision_postings(
    headline: Item, revisions: Sequence[Revision], titles: Mapping[str, str], indexes: Collection[Index]
) -> dict[Key, Item]:
    """Return the postings that follow from the revisions of an article: when it was added, and each of its changes.

    Args:
        headline: Its headline; of one that is erased what its keys need is enough.
        revisions: Its revisions, the oldest first.
        titles: Its titles, by the digest of what was seen as headline.
        indexes: What articles are found by.
    """
    article_id, facts = article_id_of(headline), {name: headline[name] for name in LISTED if name in headline}
    found: dict[Key, Item] = {}
    if "added" in indexes and revisions and "listed_at" in headline:
        sk = f"{instant(revisions[0].first_seen_at)}#{article_id}"
        found[ADDED, sk] = key(ADDED, sk) | facts | {"shown_at": headline["listed_at"]}
    if "change" in indexes:
        offset = offset_text(read_listed_at(headline["listed_at"]["S"])) if "listed_at" in headline else ""
        clocks = {"offset": {"S": offset}} if offset else {}
        for before, revision in pairwise(revisions):
            item = facts | clocks | _changed(before, revision, titles)
            for change in revision.changes:
                pk, sk = f"change#{change}", f"{instant(revision.first_seen_at)}#{article_id}"
                found[pk, sk] = key(pk, sk) | item
    return found


def _changed(before: Revision, revision: Revision, titles: Mapping[str, str]) -> Item:
    """Return what a posting of a change tells of it; titles that earlier versions stored are not known."""
    item: Item = {"revision": {"N": str(revision.number)}, "changes": {"SS": sorted(revision.changes)}}
    old, new = (titles.get(each.digests.headline) for each in (before, revision))
    if new:
        item["title"] = {"S": new}
    if old and old != new:
        item["title_before"] = {"S": old}
    return item


def _first(index: Index, values: Iterable[str]) -> Iterator[str]:
    usable = [value for value in values if search_words(value)]
    yield from usable[: _MOST.get(index)]
