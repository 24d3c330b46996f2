"""Splits titles and queries into search words in any script, and matches the inflected forms of Bengali words.

The index finds a word by a key. Words that differ only in regular endings of case and number have the same key: the
word without all endings. The key removes too much, so ``bases`` decides which words match: বৈঠকে is বৈঠক with -ে, but
its key is that of বৈঠ with -কে.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from khobor.characters import translated

# Characters of scripts without spaces between words. Each two adjacent ones are a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
# Joiners change how a word is written. Readers do not type them in queries.
_JOINERS = "\u200c\u200d\u00ad"


class _Spaced(dict[int, str]):
    """Maps letters, marks and digits to themselves, and everything else to a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = self[code] = char if unicodedata.category(char)[0] in "LMN" else " "
        return kept


_SPACED = _Spaced()
_FIRST, _LAST = "\u0980", "\u09ff"
_VIRAMA = "\u09cd"
_CONSONANT, _VOWEL = "[ক-হৎং\u09bc]", "[া-ৌঅ-ঔ]"
# Endings of case and number in Bengali, the letters that precede them, and the fewest clusters of letters that remain.
# The first matching ending is used.
_ENDINGS = tuple(
    (unicodedata.normalize("NFKC", ending), re.compile(f"(?:{unicodedata.normalize('NFKC', after)})$"), fewest)
    for ending, after, fewest in (
        ("গুলো", "", 2),
        ("গুলি", "", 2),
        ("সমূহ", "", 2),
        ("েদের", _CONSONANT, 2),
        ("দের", "", 2),
        ("েরা", _CONSONANT, 2),
        ("য়ের", _VOWEL, 2),
        ("ের", _CONSONANT, 2),
        ("এর", "", 2),
        ("র", _VOWEL, 2),
        ("কে", "", 2),
        ("তে", _VOWEL, 2),
        ("টি", "", 2),
        ("টা", "", 3),
        ("রা", _VOWEL, 2),
        ("রা", _CONSONANT, 3),
        ("য়", "া", 2),
        ("ে", _CONSONANT, 2),
    )
)
# Frequent words that seem to have an ending, and without it would be other words.
_WHOLE = frozenset(
    unicodedata.normalize("NFKC", word)
    for word in (
        *("করে", "বলে", "হলে", "চলে", "পরে", "ধরে", "পড়ে", "গড়ে", "মরে", "সরে", "লড়ে", "ফলে", "তবে", "আগে", "জেনে"),
        *("আমির", "আদায়", "উপায়", "আধার", "কিনারা", "মধুর", "একটি", "একটা"),
    )
)
_BENGALI = re.compile(f"[{_FIRST}-{_LAST}]")
_MOST_ENDINGS = 4
# Longer texts are not words.
_LONGEST_WORD = 60


def search_words(text: str) -> tuple[str, ...]:
    """Return the distinct words of a text in order: in NFKC, case folded, with marks, without punctuation.

    >>> search_words("Dhaka’s new bridge, the NEW one")
    ('dhaka', 's', 'new', 'bridge', 'the', 'one')
    >>> search_words("新しい橋")
    ('新し', 'しい', 'い橋')
    """
    return tuple(dict.fromkeys(all_words(text)))


def all_words(text: str, *, with_last: bool = False) -> list[str]:
    """Return all words of a text in their order, as ``search_words`` returns each once.

    >>> all_words("新しい橋, new", with_last=True)
    ['新し', 'しい', 'い橋', '橋', 'new']

    Args:
        text: The text.
        with_last: Whether the last character of a run without spaces follows as a word of its own, so that every
            character begins a word.
    """
    spaced = translated(folded(text), _SPACED)
    if spaced.isascii() or not _UNSPACED.search(spaced):
        return spaced.split()
    return [word for chunk in spaced.split() for word in _split(chunk, with_last)]


def folded(text: str) -> str:
    """Return a text as words are compared: in NFKC, case folded, without joiners.

    >>> folded("Ｎew SOFT\u00adWARE")
    'new software'
    """
    for joiner in _JOINERS:
        text = text.replace(joiner, "")
    return unicodedata.normalize("NFKC", text).casefold()


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no spaces between words.

    >>> is_unspaced("橋"), is_unspaced("সেতু")
    (True, False)
    """
    return _UNSPACED.fullmatch(word) is not None


def _split(chunk: str, with_last: bool) -> Iterator[str]:
    for piece in re.split(f"({_UNSPACED.pattern})", chunk):
        if _UNSPACED.fullmatch(piece):
            yield from (piece[start : start + 2] for start in range(max(1, len(piece) - 1)))
            if with_last and len(piece) > 1:
                yield piece[-1]
        elif piece:
            yield piece


def has_endings(text: str) -> bool:
    """Whether a text may have words of which ``search_key`` leaves out endings: those of Bengali.

    >>> has_endings("কিমের"), has_endings("Kim’s")
    (True, False)
    """
    return _BENGALI.search(text) is not None


def search_key(word: str) -> str:
    """Return the key of a word of ``search_words`` in the index: the word without its endings.

    >>> search_key("কিমের"), search_key("কিমকে"), search_key("কিম")
    ('কিম', 'কিম', 'কিম')
    """
    for _ in range(_MOST_ENDINGS):
        word = next(_stems(word), word)
    return word


@lru_cache(maxsize=5_000)
def bases(word: str) -> frozenset[str]:
    """Return the words of which a word may be a form, including itself.

    >>> sorted(bases("বৈঠকে"))
    ['বৈঠ', 'বৈঠক', 'বৈঠকে']
    """
    words = fresh = {word}
    for _ in range(_MOST_ENDINGS):
        fresh = {stem for each in fresh for stem in _stems(each)} - words
        words = words | fresh
    return frozenset(words)


def form_keys(word: str) -> tuple[str, ...]:
    """Return the keys of all forms of a word, and the word itself, which is the key in older archives.

    >>> form_keys("বৈঠক")
    ('বৈঠ', 'বৈঠক')
    """
    keys = {word}
    for base in bases(word):
        keys.add(search_key(base))
        # With this ending, the word may seem to have a longer ending.
        if base in bases(form := f"{base}ে"):
            keys.add(search_key(form))
    return tuple(sorted(keys))


def has_words(text: str, wanted: Iterable[str]) -> bool:
    """Whether a text has all words, each in any of its forms.

    Args:
        text: The text.
        wanted: The words, as ``search_words`` returns them.
    """
    there = [bases(word) for word in search_words(text)]
    return all(any(not bases(word).isdisjoint(each) for each in there) for word in wanted)


def _stems(word: str) -> Iterator[str]:
    """Yield a word without each of the endings that it may have."""
    if not _is_bengali(word) or word in _WHOLE or len(word) > _LONGEST_WORD:
        return
    for ending, after, fewest in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and after.search(stem[-1:]) and _clusters(stem) >= fewest:
            yield stem


def _is_bengali(word: str) -> bool:
    return _FIRST <= word[-1:] <= _LAST


def _clusters(word: str) -> int:
    """Return the number of letter clusters in a word: vowels, and consonants with their signs."""
    pairs = zip(f" {word}", word, strict=False)
    return sum(before != _VIRAMA and unicodedata.category(char)[0] != "M" for before, char in pairs)
