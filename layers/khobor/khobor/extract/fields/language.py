"""The language of the article, and its number of words."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import filterfalse
from typing import NamedTuple

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.vocabulary import load

# Languages by script, the most likely first. Scripts of very many languages are left out.
_LANGUAGES = {
    "BENGALI": ("bn", "as"), "DEVANAGARI": ("hi", "mr", "ne", "sa", "mai", "bho", "kok"),
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "ug", "sd", "ks"), "HEBREW": ("he", "yi"), "GREEK": ("el",),
    "THAI": ("th",), "HANGUL": ("ko",), "HIRAGANA": ("ja",), "KATAKANA": ("ja",), "CJK": ("zh", "ja", "yue"),
    "TAMIL": ("ta",), "TELUGU": ("te",), "KANNADA": ("kn",), "MALAYALAM": ("ml",), "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",), "ORIYA": ("or",), "SINHALA": ("si",), "MYANMAR": ("my",), "KHMER": ("km",), "LAO": ("lo",),
    "CYRILLIC": (
        "ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os", "ce", "ab", "sah", "bs",
        "uz", "az", "tk", "crh", "ro", "mo", "udm", "kv", "mhr", "rue", "cu", "xal", "bua", "tyv", "av", "lez", "sh",
    ),
    "GEORGIAN": ("ka",), "ARMENIAN": ("hy",), "ETHIOPIC": ("am", "ti"), "TIBETAN": ("bo", "dz"),
}  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
# How parts of a language tag are spelled, by length: regions and scripts.
_SPELLINGS: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
_SAMPLE = 1000
# Names and quotations have few words and letters of another language. These limits tell them from a whole text.
_SAMPLE_OF_WORDS = 4000
_FEWEST_SIGNS = 6
_TIMES_MORE = 4
_SHARE_OF_WORDS = 0.1
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u0dff\u200c\u200d]+[^\W\d_]*)*")
# What is part of a word without being a letter: signs of Indic scripts, joiners, and numerals such as Roman ones.
_IN_WORD = re.compile(r"[\u0900-\u0dff\u200c\u200d]|[^\W\d_]")
_ASCII = re.compile(r"[\x00-\x7f]+")
# A table that maps all but letters to spaces. Bytes of characters beyond ASCII stay.
_ASCII_LETTERS = bytes(ord(" ") if chr(byte).isascii() and not chr(byte).isalpha() else byte for byte in range(256))
_NO_LETTERS = bytes(set(range(128)) - set(string.ascii_letters.encode()))
# Scripts without spaces between words, of which each character counts as a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def candidates(document: Document, text: str, source_language: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the languages of the source and of the page's declarations that agree with the text, then a detected one.

    Args:
        document: The page.
        text: Title and body.
        source_language: The source's language, None if it is not known.
    """
    script = _script(text)
    signs = _signs(text, script or "")
    for declared in _declared(document, source_language):
        if script is None or (_agrees(declared.value, script) and not _is_refuted(declared.value, signs)):
            yield declared
    best = max(signs, key=lambda language: signs[language], default="")
    if script in _LANGUAGES:
        yield FieldCandidate.at(best or _LANGUAGES[script][0], "heuristic", script.title())
    # In a script of many languages, words decide if they refute a declaration.
    elif best and any(_is_refuted(declared.value, signs) for declared in _declared(document, source_language)):
        yield FieldCandidate.at(best, "heuristic", (script or "").title())


def count_words(text: str) -> int:
    """Return the number of words in a text. In Chinese and Japanese each character counts.

    >>> count_words("পুতিন-কিমের চিঠি বিনিময় ।")
    3
    """
    spaced, unspaced = (text, 0) if text.isascii() else _UNSPACED.subn(" ", text)
    words = spaced.split()
    # Most words are letters alone, and most others begin with one.
    signs = (word for word in filterfalse(str.isalnum, words) if not word[0].isalnum())
    return unspaced + len(words) - sum(not any(map(str.isalnum, word)) for word in signs)


def _is_refuted(declared: str, signs: Mapping[str, int]) -> bool:
    """Whether a text has far more words and letters of another language of its script than of the declared one."""
    own = signs.get(declared.partition("-")[0])
    return own is not None and (most := max(signs.values())) >= _FEWEST_SIGNS and most > _TIMES_MORE * own


def _signs(text: str, script: str) -> dict[str, int]:
    """Return how many words and letters of a text are typical of each language of a script, none if they are few.

    Args:
        text: The text.
        script: Its script.
    """
    known = _vocabulary().get(script)
    if not known:
        return {}
    sample = text[:_SAMPLE_OF_WORDS].lower()
    # All typical letters are beyond ASCII.
    letters = _ASCII.sub("", sample)
    words = _words(sample, set(letters))
    signs = dict.fromkeys(known.languages, 0)
    for found, typical in ((words, known.words), (letters, known.letters)):
        for sign in filter(typical.__contains__, found):
            for tag in typical[sign]:
                signs[tag] += 1
    # Names may have letters of other languages. A whole text also has words.
    return signs if max(signs.values()) >= _SHARE_OF_WORDS * len(words) else {}


def _words(text: str, beyond: Iterable[str]) -> list[str]:
    """Return the words of a text.

    Args:
        text: The text.
        beyond: Its characters beyond ASCII.
    """
    others = [char for char in beyond if not char.isalpha()]
    if any(map(_IN_WORD.match, others)):
        return _WORD.findall(text)
    # Replacing what is not a letter is faster than finding words.
    text = text.encode("utf-8", "surrogatepass").translate(_ASCII_LETTERS).decode("utf-8", "surrogatepass")
    for char in others:
        text = text.replace(char, " ")
    return text.split()


class _ScriptVocabulary(NamedTuple):
    """The words and letters that distinguish the languages of a script.

    Attributes:
        languages: The languages.
        words: The languages of each typical word.
        letters: The languages of each typical letter.
    """

    languages: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, tuple[str, ...]]


@cache
def _vocabulary() -> dict[str, _ScriptVocabulary]:
    """Return the vocabulary of each script."""
    return {
        script: _ScriptVocabulary(
            tuple(languages),
            _by_sign({tag: signs["words"].split() for tag, signs in languages.items()}),
            _by_sign({tag: signs.get("letters", "") for tag, signs in languages.items()}),
        )
        for script, languages in load("languages").items()
    }


def _by_sign(signs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    by_sign: dict[str, list[str]] = {}
    for tag, known in signs.items():
        for sign in dict.fromkeys(known):
            by_sign.setdefault(sign, []).append(tag)
    return {sign: tuple(tags) for sign, tags in by_sign.items()}


def _declared(document: Document, source_language: str | None) -> list[FieldCandidate[str]]:
    attributes = document.selector.attrib
    html = attributes.get("lang") or attributes.get("xml:lang")
    described = json_ld.text(document.article.get("inLanguage"))
    locale = document.first_meta("og:locale", "content-language", "language", "dc.language")
    candidates = [
        FieldCandidate.at(source_language, "source rule", source_language) if source_language else None,
        FieldCandidate.at(html, "meta", html) if html else None,
        FieldCandidate.at(described, "json-ld", described) if described else None,
        FieldCandidate.at(locale, "meta", locale) if locale else None,
    ]
    return [
        FieldCandidate(_normalized(found.value), found.evidence)
        for found in candidates
        if found and _TAG.fullmatch(found.value)
    ]


def _normalized(tag: str) -> str:
    """Return a language tag in the recommended case (RFC 5646, 2.1.1).

    >>> _normalized("pt_br"), _normalized("ZH-hant-tw")
    ('pt-BR', 'zh-Hant-TW')
    """
    first, *others = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_SPELLINGS.get(len(part), str.lower)(part) for part in others)])


def _agrees(language: str, script: str) -> bool:
    primary = language.partition("-")[0].lower()
    if script in _LANGUAGES:
        return primary in _LANGUAGES[script]
    # In other scripts, any language except those with a script of their own.
    return not any(primary == languages[0] for languages in _LANGUAGES.values())


def _script(text: str) -> str | None:
    sample = text[:_SAMPLE]
    counts: Counter[str] = Counter()
    # ASCII letters are Latin, and are counted faster than one by one.
    if latin := len(sample.encode("ascii", "ignore").translate(None, _NO_LETTERS)):
        counts["LATIN"] = latin
    for char, count in Counter(_ASCII.sub("", sample)).items():
        if char.isalpha():
            counts[_script_of(char)] += count
    if counts["HIRAGANA"] + counts["KATAKANA"] > counts["CJK"] / 20:
        counts["HIRAGANA"] += counts.pop("CJK", 0)
    return counts.most_common(1)[0][0] if counts else None


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
