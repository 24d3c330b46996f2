"""The words of dates in the languages of the world, and texts as tokens.

The words are in words.toml.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

# What a word can be in a date, such as "month", and its value in that role, such as 3.
Roles = Mapping[str, Any]

_NO_ROLES: Roles = {}
_UNITS = ("seconds", "minutes", "hours", "days", "weeks")
_COUNTS = {"one": 1, "two": 2, "thirty": 30}
_DAYS_BACK = {"today": 0, "yesterday": 1, "before_yesterday": 2}
# Accents, vowel signs of Arabic and Hebrew, and invisible characters.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# Characters that stand for another one.
_SAME = dict(zip("ı،、ঃ‐‑‒–—−یکىہھ’‘ʼ´״׳“”", "i,,:------يكيهه        ", strict=True))
_SAME_SIGNS = re.compile(f"[{''.join(_SAME)}]")
_QUOTES = str.maketrans("'`\"", "   ")
_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»·•、。〈〉《》「」【】・।॥؛۔…")
_WORD = rf"[^\s\d{_PUNCTUATION}]+"
_ATOM = re.compile(rf"(?P<number>\d+)|(?P<word>{_WORD}(?:[.-]{_WORD})*\.?)|(?P<sign>\S)")
# Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: no spaces between words, or none between numbers and words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SINGLE_CHARACTER_WORDS = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
# Symbols of tokens: numbers by their count of digits, signs used in dates, anything else. Words with roles have symbols
# from _FIRST_SYMBOL on.
_NUMBERS = {1: "1", 2: "2", 3: "3", 4: "Y"}
_SIGNS = {sign: sign for sign in ":.,/-+"}
OTHER = "x"
_FIRST_SYMBOL = 0xE000


class Word(NamedTuple):
    """A word of the vocabulary. Its symbol stands for the set of its roles."""

    symbol: str
    roles: Roles


_UNKNOWN = Word(OTHER, _NO_ROLES)


@dataclass
class Tokens:
    """A text as tokens.

    Attributes:
        text: The whole text.
        symbols: One character for each token, for patterns.
        texts: The text of each token.
        roles: The roles of each token; empty unless it is a word of the vocabulary.
        ends: Where in the text each token ends.
    """

    text: str
    symbols: str = ""
    texts: list[str] = field(default_factory=list)
    roles: list[Roles] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, symbol: str, text: str, end: int, roles: Roles = _NO_ROLES) -> None:
        """Add a token.

        Args:
            symbol: Its symbol.
            text: Its text.
            end: Where it ends.
            roles: Its roles.
        """
        self.symbols += symbol
        self.texts.append(text)
        self.roles.append(roles)
        self.ends.append(end)

    def drop_last(self) -> None:
        """Remove the last token."""
        self.symbols = self.symbols[:-1]
        del self.texts[-1], self.roles[-1], self.ends[-1]

    def without(self, pattern: re.Pattern[str]) -> "Tokens":
        """Return the tokens without those whose symbols a pattern matches; ``self`` if it matches none."""
        dropped = {index for match in pattern.finditer(self.symbols) for index in range(*match.span())}
        if not dropped:
            return self
        kept = Tokens(self.text)
        for index, symbol in enumerate(self.symbols):
            if index not in dropped:
                kept.add(symbol, self.texts[index], self.ends[index], self.roles[index])
        return kept

    def number(self, index: int) -> int:
        """Return the value of a token that is a number, in the digits of any script."""
        return int(self.texts[index])


class Vocabulary:
    """The words of all languages.

    A word may have two values in one role: "listopada" is October in one language and November in another. Such a word
    has that role only if the language is known.

    Args:
        tables: The content of words.toml, which is consumed.

    Attributes:
        zone_abbreviations: The meanings of each abbreviation of a time zone in lower case, the usual one first: hours
            from UTC, or the name of a zone.
        zones_in_words: The meaning of each time zone in words, such as "Bangladesh time".
        zone_in_words: A pattern that matches one of these after a clock.
    """

    def __init__(self, tables: dict[str, Any]) -> None:
        calendars = tables.pop("calendars")
        clocks, in_words = tables.pop("clocks"), tables.pop("clocks_in_words")
        self._calendars = {
            tag.lower(): frozenset([table["counts"]]) for tag, table in tables.items() if "counts" in table
        }
        self._first = {tag.lower(): table["first"] for tag, table in tables.items() if "first" in table}
        self.zone_abbreviations: dict[str, list[float | str]] = {
            fold(name).casefold(): clock if isinstance(clock, list) else [clock]
            for names, clock in clocks.items()
            for name in _spellings(names)
        }
        self.zones_in_words: dict[str, float | str] = {
            fold(name).casefold(): clock for names, clock in in_words.items() for name in _spellings(names)
        }
        self.zone_in_words = re.compile(
            rf"[\s(\[,]{{0,3}}({'|'.join(map(re.escape, self.zones_in_words))})", re.IGNORECASE
        )
        self._language_by_zone = {
            zone: tag for tag, table in tables.items() for zone in _spellings(table.get("zones", ""))
        }
        self._symbols: dict[frozenset[str], str] = {}
        meanings = _meanings(tables)
        for role, value, word in _calendar_entries(calendars):
            meanings.setdefault(_key(word), {}).setdefault(role, {})[""] = value
        self._words = {key: self._word(_unambiguous(roles)) for key, roles in meanings.items()}
        self._by_language = {
            (tag, key): self._word(_of_language(roles, tag))
            for key, roles in meanings.items()
            for tag in _languages_in_dispute(roles)
        }
        for key in list(self._words):
            self._add_beginnings(key)
        self._parts = _alternatives(key for key in self._words if _is_part(key))

    def symbols_of(self, role: str) -> str:
        """Return the symbols of all words with a role, for a character class."""
        return "".join(symbol for roles, symbol in self._symbols.items() if role in roles)

    def roles(self) -> frozenset[str]:
        """Return all roles that words have."""
        return frozenset().union(*self._symbols)

    def language_of_zone(self, zone: str | None) -> str | None:
        """Return the language spoken in a time zone if that changes the meaning of a date, else None."""
        return self._language_by_zone.get(zone or "")

    def first_of_numbers(self, language: str | None) -> str:
        """Return what numeric dates begin with in a language: day, month or year."""
        tag = (language or "").lower()
        return self._first.get(tag) or self._first.get(_primary(tag)) or "day"

    def calendars(self, language: str | None) -> frozenset[str]:
        """Return the calendars that a language uses beside the Gregorian: buddhist, minguo, solar."""
        tag = (language or "").lower()
        return self._calendars.get(tag) or self._calendars.get(_primary(tag)) or frozenset()

    def tokens(self, text: str, language: str | None) -> Tokens:
        """Return a text as tokens.

        Args:
            text: A text as ``fold`` returns it.
            language: BCP 47. It decides between the meanings of a word. None if it is not known.
        """
        tokens = Tokens(text)
        language = _primary(language or "")
        before = ""
        for atom in _ATOM.finditer(tokens.text):
            part, kind = atom[0], atom.lastgroup
            if kind == "word":
                before = self._add_word(tokens, part, atom.end(), before, language)
                continue
            before = ""
            symbol = _NUMBERS.get(len(part), OTHER) if kind == "number" else _SIGNS.get(part, OTHER)
            tokens.add(symbol, part, atom.end())
        return tokens

    def _add_word(self, tokens: Tokens, text: str, end: int, before: str, language: str) -> str:
        """Add a word, or the phrase of it and the word before; return the key of what was added."""
        key = _key(text)
        phrase = f"{before} {key}"
        if before and (word := self._find(phrase, language)):
            tokens.drop_last()
            tokens.add(word.symbol, text, end, word.roles)
            return phrase
        if word := self._find(key, language):
            tokens.add(word.symbol, text, end, word.roles)
        elif _UNSPACED.search(key):
            for part in self._parts.findall(key):
                word = self._find(part, language) or _UNKNOWN
                tokens.add(word.symbol, part, end, word.roles)
        else:
            tokens.add(OTHER, text, end)
        return key

    def _find(self, key: str, language: str) -> Word | None:
        return self._by_language.get((language, key)) or self._words.get(key)

    def _word(self, roles: Roles) -> Word:
        known = frozenset(roles)
        symbol = self._symbols.setdefault(known, chr(_FIRST_SYMBOL + len(self._symbols))) if known else OTHER
        return Word(symbol, roles)

    def _add_beginnings(self, key: str) -> None:
        """Add the beginnings of a phrase, so that ``_add_word`` can extend them word by word."""
        while " " in key:
            key = key.rpartition(" ")[0]
            self._words.setdefault(key, _UNKNOWN)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, which is read on the first call."""
    return Vocabulary(tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8")))


def fold(text: str) -> str:
    """Return a text with one spelling for each word: without accents, and with the same signs. The case is kept."""
    if not text.isascii():
        stripped = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = _SAME_SIGNS.sub(_same_sign, unicodedata.normalize("NFC", stripped))
    return text.translate(_QUOTES)


def _same_sign(sign: re.Match[str]) -> str:
    return _SAME[sign[0]]


def _key(word: str) -> str:
    """Return the key of a folded word in the vocabulary."""
    return word.casefold().replace(".", "").replace("-", "")


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _spellings(text: str) -> list[str]:
    # One call of fold for all. It changes other commas to this one, but leaves line breaks alone.
    return [spelling for part in fold(text.replace(",", "\n")).split("\n") if (spelling := " ".join(part.split()))]


def _meanings(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the values of words, by word, role and language."""
    meanings: dict[str, dict[str, dict[str, Any]]] = {}
    for tag, table in tables.items():
        for role, value, spellings in _entries(table):
            for spelling in _spellings(spellings):
                meanings.setdefault(_key(spelling), {}).setdefault(role, {})[tag] = value
    return meanings


def _calendar_entries(calendars: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield the role, the value and one spelling for each word of the other calendars."""
    for spellings in calendars["other"].values():
        yield from (("calendar", True, word) for word in _spellings(spellings))
    for number, spellings in enumerate(calendars["solar"], start=1):
        yield from (("solar", number, word) for word in _spellings(spellings))
    yield from (("common_era", True, word) for word in _spellings(calendars["common_era"]))


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield the role, the value and the spellings of each entry of a language."""
    for number, names in enumerate(table.get("months", ()), start=1):
        yield "month", number, names
    for half, words in table.get("half", {}).items():
        yield "half", half, words
    for part, words in table.get("mark", {}).items():
        yield f"{part}_mark", True, words
    for name, words in table.get("ago", {}).items():
        yield from _ago_entries(name, words)
    for name, words in table.get("day", {}).items():
        yield "relative_day", _DAYS_BACK[name], words
    for word, year in table.get("era", {}).items():
        yield "era", year, word
    yield "of", True, table.get("of", "")


def _ago_entries(name: str, words: str) -> Iterator[tuple[str, Any, str]]:
    if name in _UNITS:
        yield "unit", (1, name), words
    elif "_" in name:
        count, _, unit = name.partition("_")
        yield "alone", (_COUNTS[count], f"{unit.removesuffix('s')}s"), words
    else:
        yield name, True, words


def _unambiguous(roles: Mapping[str, Mapping[str, Any]]) -> Roles:
    return {role: next(iter(by_tag.values())) for role, by_tag in roles.items() if not _is_ambiguous(by_tag)}


def _languages_in_dispute(roles: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {tag for by_tag in roles.values() if _is_ambiguous(by_tag) for tag in by_tag}


def _is_ambiguous(by_tag: Mapping[str, Any]) -> bool:
    return len(by_tag) > 1 and len(set(by_tag.values())) > 1


def _of_language(roles: Mapping[str, Mapping[str, Any]], tag: str) -> Roles:
    return {**_unambiguous(roles), **{role: by_tag[tag] for role, by_tag in roles.items() if tag in by_tag}}


def _is_part(key: str) -> bool:
    """Whether a word may occur in a run of characters without spaces."""
    return bool(_SINGLE_CHARACTER_WORDS.match(key) or (len(key) > 1 and _UNSPACED.match(key))) and " " not in key


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), "."]), re.DOTALL)
