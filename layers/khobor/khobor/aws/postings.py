"""Postings: under what an article is found besides its source and its day."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC
from typing import Literal, get_args

from khobor.article import Article
from khobor.aws.archive_items import Item, Key, instant, key, listed
from khobor.errors import ConfigurationError
from khobor.revisions.sketch import bands, sketch
from khobor.revisions.timeline import Revision
from khobor.search_words import search_words

# What articles can be found by; each posting costs one write.
Index = Literal["section", "tag", "author", "word", "change", "similar"]
INDEXES: frozenset[Index] = frozenset(get_args(Index))
# A headline has fewer words, a page's keywords may be many: those that come first count.
_MOST = {"word": 16, "tag": 16, "author": 8}
_LONGEST_VALUE = 200


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
    """Return the postings of an article, by key, without those of its changes."""
    values: dict[Index, Iterable[str]] = {
        "section": [article.section] if article.section else [],
        "tag": article.tags,
        "author": (author.name for author in article.authors),
        "word": search_words(article.title or ""),
    }
    found = [(index, value) for index in values if index in indexes for value in _first(index, values[index])]
    facts = listed(article)
    # With source and time as attributes it would be in the index by source, too.
    sk = f"{facts.pop('listed_at')}#{article.article_id}"
    item: Item = {name: {"S": text} for name, text in facts.items()}
    pks = dict.fromkeys(partition(*each) for each in found)
    return {(pk, sk): key(pk, sk) | item for pk in pks} | _similar(article, sk, item, indexes)


def _similar(article: Article, sk: str, item: Item, indexes: Collection[Index]) -> dict[Key, Item]:
    sketched = sketch(article) if "similar" in indexes else None
    if sketched is None:
        return {}
    pks = [partition("similar", band) for band in bands(sketched)]
    return {(pk, sk): key(pk, sk) | item | {"sketch": {"B": sketched.data}} for pk in pks}


def change_postings(
    article_id: str, facts: Item, revisions: Sequence[Revision], indexes: Collection[Index]
) -> dict[Key, Item]:
    """Return the postings of the changes of an article.

    Args:
        article_id: Its id.
        facts: What a list shows of it.
        revisions: Its revisions.
        indexes: What articles are found by.
    """
    if "change" not in indexes:
        return {}
    found = {}
    for revision in revisions:
        for change in revision.changes:
            at = revision.first_seen_at.astimezone(UTC)
            pk, sk = f"change#{change}", f"{instant(at)}#{article_id}"
            found[pk, sk] = key(pk, sk) | facts | {"revision": {"N": str(revision.number)}}
    return found


def _first(index: Index, values: Iterable[str]) -> Iterator[str]:
    usable = [value for value in values if search_words(value)]
    yield from usable[: _MOST.get(index)]
