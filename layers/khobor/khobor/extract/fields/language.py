"""The language of the article, and how many words it has."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.vocabulary import load

# Languages written in a script, the likeliest first; scripts of very many languages are left out.
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
# By their length: regions and scripts.
_SPELLINGS: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
_SAMPLE = 1000
# Words and letters of another language are told from names and quotations by how many there are.
_SAMPLE_OF_WORDS = 4000
_FEWEST_SIGNS = 6
_TIMES_MORE = 4
_SHARE_OF_WORDS = 0.1
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u0dff\u200c\u200d]+[^\W\d_]*)*")
_ASCII = re.compile(r"[\x00-\x7f]+")
_NO_LETTERS = bytes(set(range(128)) - set(string.ascii_letters.encode()))
# Scripts that put no spaces between words: each character of these is counted as a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def candidates(document: Document, text: str, usual: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the language that the page declares, or that the source uses, if the script of the text agrees.

    Args:
        document: The page.
        text: Title and body.
        usual: The source's language.
    """
    script = _script(text)
    signs = _signs(text, script or "")
    for found in _declared(document, usual):
        if script is None or (_agrees(found.value, script) and not _is_refuted(found.value, signs)):
            yield found
    best = max(signs, key=lambda language: signs[language], default="")
    if script in _LANGUAGES:
        yield FieldCandidate.at(best or _LANGUAGES[script][0], "heuristic", script.title())
    # A script of many languages says nothing alone; the words of one do, where a declaration is refuted.
    elif best and any(_is_refuted(found.value, signs) for found in _declared(document, usual)):
        yield FieldCandidate.at(best, "heuristic", (script or "").title())


def count_words(text: str) -> int:
    """Return how many words a text has: what stands between spaces, and in Chinese and Japanese each character.

    >>> count_words("পুতিন-কিমের চিঠি বিনিময় ।")
    3
    """
    spaced, unspaced = (text, 0) if text.isascii() else _UNSPACED.subn(" ", text)
    words = spaced.split()
    signs = [word for word in words if not word[0].isalnum()]
    return unspaced + len(words) - sum(not any(map(str.isalnum, word)) for word in signs)


def _is_refuted(declared: str, signs: Mapping[str, int]) -> bool:
    """Whether a text has far more words and letters of another language of its script than of the declared one."""
    own = signs.get(declared.partition("-")[0])
    return own is not None and (most := max(signs.values())) >= _FEWEST_SIGNS and most > _TIMES_MORE * own


def _signs(text: str, script: str) -> dict[str, int]:
    """Return how many words and letters of a text speak for each language of a script, none if these are few."""
    telling = _vocabulary().get(script)
    if not telling:
        return {}
    sample = text[:_SAMPLE_OF_WORDS].lower()
    words, letters = Counter(_WORD.findall(sample)), Counter(sample)
    signs = dict.fromkeys(telling.languages, 0)
    for found, known in ((words, telling.words), (letters, telling.letters)):
        for sign in found.keys() & known.keys():
            for tag in known[sign]:
                signs[tag] += found[sign]
    # Names alone have letters of other languages, whole texts have their words too.
    return signs if max(signs.values()) >= _SHARE_OF_WORDS * words.total() else {}


class _Telling(NamedTuple):
    """What tells the languages of one script apart: words and letters, with the languages that each speaks for."""

    languages: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, tuple[str, ...]]


@cache
def _vocabulary() -> dict[str, _Telling]:
    """Return by script the words and letters that tell its languages apart."""
    return {
        script: _Telling(
            tuple(languages),
            _by_sign({tag: signs["words"].split() for tag, signs in languages.items()}),
            _by_sign({tag: signs.get("letters", "") for tag, signs in languages.items()}),
        )
        for script, languages in load("languages").items()
    }


def _by_sign(signs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for tag, known in signs.items():
        for sign in dict.fromkeys(known):
            found.setdefault(sign, []).append(tag)
    return {sign: tuple(tags) for sign, tags in found.items()}


def _declared(document: Document, usual: str | None) -> list[FieldCandidate[str]]:
    html = document.root.get("lang") or document.root.get("xml:lang")
    described = json_ld.text(document.article.get("inLanguage"))
    locale = document.first_meta("og:locale", "content-language", "language", "dc.language")
    candidates = [
        FieldCandidate.at(usual, "source rule", usual) if usual else None,
        FieldCandidate.at(html, "meta", html) if html else None,
        FieldCandidate.at(described, "json-ld", described) if described else None,
        FieldCandidate.at(locale, "meta", locale) if locale else None,
    ]
    return [
        FieldCandidate(_spelt(found.value), found.evidence)
        for found in candidates
        if found and _TAG.fullmatch(found.value)
    ]


def _spelt(tag: str) -> str:
    """Return a language tag in the usual spelling (RFC 5646, 2.1.1).

    >>> _spelt("pt_br"), _spelt("ZH-hant-tw")
    ('pt-BR', 'zh-Hant-TW')
    """
    first, *others = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(_SPELLINGS.get(len(part), str.lower)(part) for part in others)])


def _agrees(language: str, script: str) -> bool:
    primary = language.partition("-")[0].lower()
    if script in _LANGUAGES:
        return primary in _LANGUAGES[script]
    # Latin, Cyrillic and the like: any language but one that is never written in them.
    return not any(primary == languages[0] for languages in _LANGUAGES.values())


def _script(text: str) -> str | None:
    sample = text[:_SAMPLE]
    counts: Counter[str] = Counter()
    # Letters of ASCII are Latin: most texts have hardly any others.
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
