"""The keys by which an article is found besides its source and its day: ``<index>#<value>``, in lower case.

Every archive finds an article by the same keys.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from khobor.archive.headlines import Index
from khobor.article import Article
from khobor.revisions.minhash import MinHash, bands
from khobor.search_words import search_key, search_words

# A title has fewer words. A page may have many keywords: the first ones count.
_MOST = {"word": 16, "tag": 16, "author": 8}
_LONGEST_VALUE = 200
# Copies of a text are published within days. Series of nearly the same text, such as weather reports, have no end.
SIMILAR_WITHIN = timedelta(days=30)
# The most articles of a key that are compared with an article.
MOST_SIMILAR_CANDIDATES = 50
# If the title changes all the time, this many earlier titles are indexed.
MOST_TITLES = 8


def index_key(index: Index, value: str) -> str:
    """Return the key of a value; upper and lower case make no difference.

    Args:
        index: The index.
        value: The value, such as a tag.
    """
    return f"{index}#{' '.join(search_words(value))[:_LONGEST_VALUE]}"


def index_keys(article: Article, indexes: Collection[Index]) -> tuple[str, ...]:
    """Return the keys that follow from the fields of an article, each once.

    Args:
        article: The article.
        indexes: The indexes that the archive has.
    """
    values: dict[Index, Iterable[str]] = {
        "section": [article.section] if article.section else [],
        "tag": article.tags,
        "author": (author.name for author in article.authors),
        "word": _words(article.title or ""),
    }
    pairs = [(index, value) for index in values if index in indexes for value in _first(index, values[index])]
    return tuple(dict.fromkeys(index_key(*each) for each in pairs))


def similar_keys(minhash: MinHash) -> tuple[str, ...]:
    """Return the keys of a text; nearly the same text has at least one of them."""
    return tuple(index_key("similar", band) for band in bands(minhash))


def earlier_title_keys(titles: Sequence[str]) -> dict[str, list[str]]:
    """Return the keys of the words of an article's earlier titles, each with the titles that have the word in any form.

    Args:
        titles: The titles, the oldest first.
    """
    found: dict[str, list[str]] = {}
    for title in titles[-MOST_TITLES:]:
        for word in _first("word", _words(title)):
            found.setdefault(index_key("word", word), []).append(title)
    return found


def _words(title: str) -> tuple[str, ...]:
    """Return the search keys of the words of a title, each once."""
    return tuple(dict.fromkeys(map(search_key, search_words(title))))


def _first(index: Index, values: Iterable[str]) -> Iterator[str]:
    usable = [value for value in values if search_words(value)]
    yield from usable[: _MOST.get(index)]
