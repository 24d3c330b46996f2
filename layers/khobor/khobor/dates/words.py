"""The words of dates in the world's languages, and texts as sequences of them.

The words are data: words.toml.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

# What a word can be in a date, such as "month", with what it then means, such as 3.
Roles = Mapping[str, Any]

_NOTHING: Roles = {}
_UNITS = ("seconds", "minutes", "hours", "days", "weeks")
_COUNTS = {"one": 1, "two": 2, "thirty": 30}
_DAYS_BACK = {"today": 0, "yesterday": 1, "before_yesterday": 2}
# Accents, vowel signs of Arabic and Hebrew, and what shows nothing; and signs that mean the same as others.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SAME = dict(zip("ı،、ঃ‐‑‒–—−یکىہھ’‘ʼ´״׳“”", "i,,:------يكيهه        ", strict=True))
_SAME_SIGNS = re.compile(f"[{''.join(_SAME)}]")
_QUOTES = str.maketrans("'`\"", "   ")
_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»·•、。〈〉《》「」【】・।॥؛۔…")
_WORD = rf"[^\s\d{_PUNCTUATION}]+"
_ATOM = re.compile(rf"(?P<number>\d+)|(?P<word>{_WORD}(?:[.-]{_WORD})*\.?)|(?P<sign>\S)")
# Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: words are not parted, or numbers run into them.
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ONE_SIGN_WORDS = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
# Symbols of tokens: numbers by their digits, signs that dates are written with, all else; roles have symbols above.
_NUMBERS = {1: "1", 2: "2", 3: "3", 4: "Y"}
_SIGNS = {sign: sign for sign in ":.,/-+"}
OTHER = "x"
_FIRST_SYMBOL = 0xE000


class Word(NamedTuple):
    """A word of the vocabulary; its symbol stands for all that it can be."""

    symbol: str
    roles: Roles


_UNKNOWN = Word(OTHER, _NOTHING)


@dataclass
class Tokens:
    """A text in tokens.

    Attributes:
        text: The text that ``ends`` count in.
        symbols: One character a token, for patterns over the whole.
        written: Each token as written.
        roles: What each word can be; nothing for other tokens.
        ends: Where in the text each token ends.
    """

    text: str
    symbols: str = ""
    written: list[str] = field(default_factory=list)
    roles: list[Roles] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, symbol: str, written: str, end: int, roles: Roles = _NOTHING) -> None:
        """Add a token."""
        self.symbols += symbol
        self.written.append(written)
        self.roles.append(roles)
        self.ends.append(end)

    def drop_last(self) -> None:
        """Take the last token away."""
        self.symbols = self.symbols[:-1]
        del self.written[-1], self.roles[-1], self.ends[-1]

    def without(self, pattern: re.Pattern[str]) -> "Tokens":
        """Return these tokens without those that a pattern over the symbols finds; itself where it finds none."""
        dropped = {index for match in pattern.finditer(self.symbols) for index in range(*match.span())}
        if not dropped:
            return self
        kept = Tokens(self.text)
        for index, symbol in enumerate(self.symbols):
            if index not in dropped:
                kept.add(symbol, self.written[index], self.ends[index], self.roles[index])
        return kept

    def number(self, index: int) -> int:
        """Return the number that a token is, in the digits of any script."""
        return int(self.written[index])


class Vocabulary:
    """All words, of all languages at once.

    A word that means two things in one role, as "listopada" is October in one language and November in another, means
    them only where the language is known.

    Attributes:
        clocks: Abbreviations of time zones in lower case: what each can mean, the usual first, in hours from UTC or as
            the name of a zone.
        clocks_in_words: The same for zones in words, each with one meaning.
        clock_in_words: What finds one of them behind a clock.
    """

    def __init__(self, tables: dict[str, Any]) -> None:
        calendars = tables.pop("calendars")
        clocks, in_words = tables.pop("clocks"), tables.pop("clocks_in_words")
        self._counts = {tag.lower(): frozenset([table["counts"]]) for tag, table in tables.items() if "counts" in table}
        self._first = {tag.lower(): table["first"] for tag, table in tables.items() if "first" in table}
        self.clocks: dict[str, list[float | str]] = {
            fold(name).casefold(): clock if isinstance(clock, list) else [clock]
            for names, clock in clocks.items()
            for name in _spellings(names)
        }
        self.clocks_in_words: dict[str, float | str] = {
            fold(name).casefold(): clock for names, clock in in_words.items() for name in _spellings(names)
        }
        self.clock_in_words = re.compile(
            rf"[\s(\[,]{{0,3}}({'|'.join(map(re.escape, self.clocks_in_words))})", re.IGNORECASE
        )
        self._language_by_zone = {
            zone: tag for tag, table in tables.items() for zone in _spellings(table.get("zones", ""))
        }
        self._symbols: dict[frozenset[str], str] = {}
        meanings = _meanings(tables)
        for role, value, word in _calendar_entries(calendars):
            meanings.setdefault(_key(word), {}).setdefault(role, {})[""] = value
        self._words = {key: self._word(_undisputed(roles)) for key, roles in meanings.items()}
        self._disputed = {
            (tag, key): self._word(_of_language(roles, tag))
            for key, roles in meanings.items()
            for tag in _disputing(roles)
        }
        for key in list(self._words):
            self._add_beginnings(key)
        self._parts = _alternatives(key for key in self._words if _is_part(key))

    def symbols_of(self, role: str) -> str:
        """Return the symbols of all words that have a role, for a character class."""
        return "".join(symbol for roles, symbol in self._symbols.items() if role in roles)

    def roles(self) -> frozenset[str]:
        """Return all roles that words have."""
        return frozenset().union(*self._symbols)

    def language_of_zone(self, zone: str | None) -> str | None:
        """Return the language that is spoken where a time zone is, if that decides anything."""
        return self._language_by_zone.get(zone or "")

    def first_of_numbers(self, language: str | None) -> str:
        """Return what dates in numbers begin with in a language: day, month or year."""
        tag = (language or "").lower()
        return self._first.get(tag) or self._first.get(_primary(tag)) or "day"

    def counts(self, language: str | None) -> frozenset[str]:
        """Return the calendars that a language counts years in beside the Gregorian: buddhist, minguo, solar."""
        tag = (language or "").lower()
        return self._counts.get(tag) or self._counts.get(_primary(tag)) or frozenset()

    def tokens(self, text: str, language: str | None) -> Tokens:
        """Return a folded text in tokens; the language, in BCP 47, decides between the meanings of a word."""
        tokens = Tokens(text)
        language = _primary(language or "")
        before = ""
        for atom in _ATOM.finditer(tokens.text):
            written, kind = atom[0], atom.lastgroup
            if kind == "word":
                before = self._add_word(tokens, written, atom.end(), before, language)
                continue
            before = ""
            symbol = _NUMBERS.get(len(written), OTHER) if kind == "number" else _SIGNS.get(written, OTHER)
            tokens.add(symbol, written, atom.end())
        return tokens

    def _add_word(self, tokens: Tokens, written: str, end: int, before: str, language: str) -> str:
        """Add a word, or what it makes with the key of the word before it; return the key of what was added."""
        key = _key(written)
        phrase = f"{before} {key}"
        if before and (word := self._find(phrase, language)):
            tokens.drop_last()
            tokens.add(word.symbol, written, end, word.roles)
            return phrase
        if word := self._find(key, language):
            tokens.add(word.symbol, written, end, word.roles)
        elif _UNPARTED.search(key):
            for part in self._parts.findall(key):
                word = self._find(part, language) or _UNKNOWN
                tokens.add(word.symbol, part, end, word.roles)
        else:
            tokens.add(OTHER, written, end)
        return key

    def _find(self, key: str, language: str) -> Word | None:
        return self._disputed.get((language, key)) or self._words.get(key)

    def _word(self, roles: Roles) -> Word:
        known = frozenset(roles)
        symbol = self._symbols.setdefault(known, chr(_FIRST_SYMBOL + len(self._symbols))) if known else OTHER
        return Word(symbol, roles)

    def _add_beginnings(self, key: str) -> None:
        """Let the words before the last of a phrase be found, so that they can grow to the whole."""
        while " " in key:
            key = key.rpartition(" ")[0]
            self._words.setdefault(key, _UNKNOWN)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, read when the first date in words comes."""
    return Vocabulary(tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8")))


def fold(text: str) -> str:
    """Return a text with one spelling of what is written in several; case is kept, because zones are in upper case."""
    if not text.isascii():
        stripped = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = _SAME_SIGNS.sub(_same_sign, unicodedata.normalize("NFC", stripped))
    return text.translate(_QUOTES)


def _same_sign(sign: re.Match[str]) -> str:
    return _SAME[sign[0]]


def _key(written: str) -> str:
    """Return what a folded word is looked up by."""
    return written.casefold().replace(".", "").replace("-", "")


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _spellings(text: str) -> list[str]:
    # Folded at once, parted by what folding leaves alone: other commas become this one.
    return [spelling for part in fold(text.replace(",", "\n")).split("\n") if (spelling := " ".join(part.split()))]


def _meanings(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what words mean: by word, by role, by language."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for tag, table in tables.items():
        for role, value, spellings in _entries(table):
            for spelling in _spellings(spellings):
                found.setdefault(_key(spelling), {}).setdefault(role, {})[tag] = value
    return found


def _calendar_entries(calendars: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield role, value and one spelling of each word of the other calendars."""
    for spellings in calendars["other"].values():
        yield from (("calendar", True, word) for word in _spellings(spellings))
    for number, spellings in enumerate(calendars["solar"], start=1):
        yield from (("solar", number, word) for word in _spellings(spellings))
    yield from (("common_era", True, word) for word in _spellings(calendars["common_era"]))


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield role, value and spellings of all entries of a language."""
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


def _undisputed(roles: Mapping[str, Mapping[str, Any]]) -> Roles:
    return {role: next(iter(by_tag.values())) for role, by_tag in roles.items() if not _is_disputed(by_tag)}


def _disputing(roles: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {tag for by_tag in roles.values() if _is_disputed(by_tag) for tag in by_tag}


def _is_disputed(by_tag: Mapping[str, Any]) -> bool:
    return len(by_tag) > 1 and len(set(by_tag.values())) > 1


def _of_language(roles: Mapping[str, Mapping[str, Any]], tag: str) -> Roles:
    return {**_undisputed(roles), **{role: by_tag[tag] for role, by_tag in roles.items() if tag in by_tag}}


def _is_part(key: str) -> bool:
    """Whether a word may be found inside a run of letters that is not parted."""
    return bool(_ONE_SIGN_WORDS.match(key) or (len(key) > 1 and _UNPARTED.match(key))) and " " not in key


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), "."]), re.DOTALL)
