"""The names in the text of a byline, without what else a byline says: roles, places, dates, addresses, labels.

The words are data: vocabulary/byline.toml.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from khobor.characters import unescape
from khobor.dates.words import vocabulary
from khobor.extract.text import clean, comparable
from khobor.extract.vocabulary import load

# A longer text is no byline: it is not even read.
_LONGEST = 1000
_MOST_ESCAPES = 3
_LINE_BREAK = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|span)>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# What separates a name from what follows it without a visible sign: line breaks, tabs, a space of no width amid others.
_HIDDEN = re.compile(r"(?<=\s)[\u200b\u2060\ufeff]++|(?<![\u200b\u2060\ufeff])[\u200b\u2060\ufeff]++(?=\s)")
_HIDDEN_BREAK = "\n"
_BREAKS = re.compile(r"(?<!\s)(?:[^\S\n\r\t\v\f\u2028\u2029]*+[\n\r\t\v\f\u2028\u2029]\s*+|\s{3,}+)")
_ADDRESS = re.compile(
    r"(?<!\S)(?:[a-z]{3,6}:)?//\S+|(?<!\S)(?:https?:/*|www\.)\S+|[(<\[]?[\w.+-]{1,64}@[\w.-]+[)>\]]?|(?<!\S)@[\w.]+",
    re.IGNORECASE,
)
_BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】", "「": "」", "<": ">", "〔": "〕"}
# 【東京＝山田太郎】, (서울=연합뉴스) 홍길동 기자
_DATELINE = re.compile(
    r"[(（\[【][^\])）】=＝\s]{1,12}[=＝](?P<within>[^\])）】]{2,20})[\])）】](?P<behind>.*)", re.DOTALL
)
_EDGES = " ,;:·|–—-=＝：、，。/／\u2022⋅"
# What brackets say behind one of several names.
_ASIDE = re.compile(r"\s?[(（][^()（）]{1,60}[)）](?=\s?[,;、，；&]|\s[^\W\d_]{1,3}\s)")
# Where or what for somebody wrote, behind a name of two words or more.
_WHERE = re.compile(r"^(?P<name>\S+(?:\s+\S+){1,3}?)\s+(?:in(?!\s['’]t\b)|from|aus|for|für|pour|para)\s.+")
# What begins with such a word, in small letters, is a place.
_IN_PLACE = re.compile(r"(?:in|at|from|aus|à|en|em)\s+\S")
# A place or a desk may stand before the name.
_BEFORE_NAME = re.compile(r"^(?P<before>[^|•⋅–—=＝:：]{1,30}?)(?:\s?[|•⋅=＝]\s?|\s[–—/／-]\s)(?P<name>.+)$")
# A line of the byline may begin with what the author is or writes for.
_FOREWORD = re.compile(r"^(?:\S+\s+){1,4}(?=(?:by|von|par|por)\s)", re.IGNORECASE)
_GLUED = re.compile(r"^(?:(?:[Ww]ritten |[Pp]osted )?[Bb]y|[Vv]on|[Pp]ar|[Pp]or)(?=[A-ZÀ-ÖØ-Þ][^\W\d_A-Z])")
_COUNTER = re.compile(r"^(?P<name>\D{0,60}\S)\s+\d{1,4}$")
# A name neither begins nor ends with the name of a host.
_NO_NAME = re.compile(
    r"[@:：/／?!<>{}\[\]=＝%$*。！？；“”《》]|\d{4}|(?<![^\W\d_]-)\d{3}|^[\w-]+\.(?:com|net|org)\b|\.(?:com|net|org|de|uk)$"
)
# The name of a publication may begin with a number: 20 Minuten.
_NUMBERED_TITLE = re.compile(r"\d{1,3} [^\W\d_]{2,}")
_MOST_CHARACTERS = 60
_MOST_WORDS = 7
_SPACES_OF_TWO_NAMES = 4
# Names in scripts without capitals are no longer, and have no more words.
MOST_CHARACTERS_UNCASED = 25
_MOST_WORDS_UNCASED = 4
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_MOST_CHARACTERS_UNSPACED = 15
_MOST_WORDS_UNSPACED = 2
_LONGEST_HAN_NAME = 4
_SPACED_NAME = re.compile(r"(?<!\S)([\u3400-\u9fff])\s([\u3400-\u9fff])(?!\S)")
_PERSON = range(2, 5)
_HANGUL_NAME = re.compile(r"[\uac00-\ud7af]{3,} (?P<name>[\uac00-\ud7af]{2,4})")
_MOST_WORDS_OF_SURNAME = 2
_DIGIT = re.compile(r"\d")


class _Part(NamedTuple):
    """A part of a byline.

    Attributes:
        text: As written.
        is_joined: Whether a word such as "and", or a semicolon, joins it to the part before.
    """

    text: str
    is_joined: bool


def split_byline(text: str) -> list[str]:
    """Return the names of a byline.

    >>> split_byline("By Jane Doe and A. Rahman, Staff Writer | 12 May 2024")
    ['Jane Doe', 'A. Rahman']
    >>> split_byline("Jane Doe, Health Editor, and John Roe Jr., Berlin")
    ['Jane Doe', 'John Roe Jr.']
    """
    if len(text) > _LONGEST:
        return []
    said = _authors_of(_without_addresses(unmarked(text)))
    if _is_no_name(comparable(said)):
        return []
    lead = _lead().match(said)
    # A label that no sign follows may be a word of a sentence.
    is_glued = lead and _UNSPACED.match(lead[0][-1])
    if is_glued or (lead and _reporter().search(lead[0])) or _report().search(said):
        return [name for name in _people([*_parts(_reporters(_line(said)))]) if len(name) <= _longest_name(name)]
    return _people([*_parts(_line(said))])


def _reporters(line: str) -> str:
    """Return a Chinese line with commas between the names that spaces separate, and without the place at its end.

    A name of two characters may have a space between them, so that it is as wide as those of three.
    """
    line = _SPACED_NAME.sub(r"\1\2", line)
    words = line.split()
    if words[1:] and _report().search(line):
        words.pop()
    return "、".join(words) if all(map(_UNSPACED.match, words)) else line


def _longest_name(name: str) -> int:
    """Return how long a name may be that runs into what follows it in Chinese; a foreign name has a dot."""
    return _LONGEST_HAN_NAME if _UNSPACED.match(name) and "·" not in name else _MOST_CHARACTERS


def declared_names(text: str) -> list[str]:
    """Return the names in a text made for machines, where a person may stand as "Surname, Given".

    >>> declared_names("Doe, Jane; van der Berg, Jan")
    ['Jane Doe', 'Jan van der Berg']
    """
    if _NUMBERED_TITLE.fullmatch(text) and is_name(text):
        return [text]
    if len(text) > _LONGEST or "," not in text:
        return split_byline(text)
    people = [person for part in re.split(r";|\n", unmarked(text)) if (person := bare(part))]
    # A surname of two words is told from a given name by others of one word.
    is_sure = any(" " not in clean(person.partition(",")[0]) for person in people)
    turned = [_turned(person, may_have_two_words=is_sure) for person in people]
    names = [name for name in turned if name]
    return names if len(names) == len(people) else split_byline(text)


def announces_author(text: str) -> bool:
    """Whether a text begins with a word such as "by", or holds a label such as "Author:"."""
    if _lead().match(said := _unbracketed(text)) or _GLUED.match(said):
        return True
    return bool(_DATELINE.match(text)) or any(match["author"] for match in _labels().finditer(text))


def edited_by(text: str) -> list[str]:
    """Return the names behind a label such as "Editor:", which is not one for authors or pictures."""
    match = _labels().search(text)
    if not match or not match["other"]:
        return []
    return [part.text.strip(_EDGES) for part in _parts(text[match.end() :])]


def unmarked(text: str) -> str:
    """Return a text without markup, which may be escaped once or twice; a line break is one."""
    for _ in range(_MOST_ESCAPES):
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub("", _LINE_BREAK.sub("\n", text))
    return _HIDDEN.sub(_HIDDEN_BREAK, text).strip()


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or a desk."""
    return (
        text[:1].isalnum()
        and any(map(str.isalpha, text))
        and sum(map(str.isalnum, text)) > text.isascii()
        and not _NO_NAME.search(text)
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and not _is_no_name(comparable(text))
    )


def is_person(text: str) -> bool:
    """Whether a text has two to four words that all begin with a capital."""
    words = text.split()
    return len(words) in _PERSON and all(word[0].isupper() for word in words) and not _DIGIT.search(text)


def is_uncased(text: str) -> bool:
    """Whether no character of a text is a capital or a small letter."""
    return not any(char.isupper() or char.islower() for char in text)


def likely_names(names: list[str]) -> list[str]:
    """Return the names up to the first that does not look like one."""
    found: list[str] = []
    for name in names:
        if not _looks_like_name(name):
            break
        found.append(name)
    return found


def is_role(text: str) -> bool:
    """Whether a text says what an author is, and nothing else, such as "Senior Reporter"."""
    return bool(_role_alone().fullmatch(text.strip(_EDGES))) or comparable(text) in _no_names()


def _looks_like_name(name: str) -> bool:
    """Whether the words begin with capitals, or there are few of them in a script that has none."""
    words = name.split()
    if _UNSPACED.search(name):
        return len(words) <= _MOST_WORDS_UNSPACED and len(name) <= _MOST_CHARACTERS_UNSPACED
    if is_uncased(name):
        return len(words) <= _MOST_WORDS_UNCASED and len(name) <= MOST_CHARACTERS_UNCASED
    lower = [word for word in words if word[0].islower()]
    if _particles().issuperset(lower):
        return words[-1] not in lower
    return len(lower) <= len(words) // 3 and (words[0] not in lower or words[0] in _particles())


def _is_no_name(said: str) -> bool:
    no_names = _no_names()
    words = [word for word in said.split() if not word.isdigit()]
    if said in no_names or all(word in no_names for word in words):
        return True
    # A month that stands alone is what a date has left.
    return len(words) == 1 and _is_month(words[0])


def _without_addresses(text: str) -> str:
    if "@" not in text and "/" not in text and "www." not in text:
        return text
    return _unbracketed(_ADDRESS.sub(", ", text))


def _unbracketed(text: str) -> str:
    """Return a text without the brackets around the whole of it."""
    text = text.replace("╱", "／").strip(_EDGES)
    if match := _DATELINE.match(text):
        return (match["behind"] or match["within"]).strip()
    closing = _BRACKETS.get(text[:1])
    return text[1:-1].strip() if closing and text.find(closing) == len(text) - 1 else text


def _authors_of(text: str) -> str:
    """Return what labels such as "Author:" say of the authors in a line that says other things under other labels."""
    text = _unbracketed(text)
    labels = [*_labels().finditer(text)]
    if not labels:
        return "" if _other_lead().match(text) or _is_source(text) else text
    ends = [*(match.start() for match in labels[1:]), len(text)]
    before = text[: labels[0].start()].strip(_EDGES)
    authors = [text[match.start() : end] for match, end in zip(labels, ends, strict=True) if match["author"]]
    # What stands before all labels is the name where no label is for it.
    return authors[0].strip() if authors else before


def _is_source(text: str) -> bool:
    """Whether a text is a word such as "source" and an agency, without a colon."""
    word, _, name = text.partition(" ")
    return comparable(word) in _source_words() and comparable(name) in _agencies()


def _line(text: str) -> str:
    """Return the names of a byline as far as they stand in one line, without the words before and behind them."""
    text = _ASIDE.sub("", _led_in(_place_before().sub("", _FOREWORD.sub("", _spaced(text)))))
    if (match := _BEFORE_NAME.match(text)) and _is_before(match["before"], match["name"]):
        text = _led_in(match["name"])
    rest = _rest().search(text)
    name = text[: rest.start()] if rest else text
    before, _, last = name.rpartition(" ")
    if rest and _DIGIT.search(rest[0]) and before and _is_month(last):
        name = before
    return _led_in(name)


def _is_month(word: str) -> bool:
    tokens = vocabulary().tokens(word, None)
    return len(tokens.roles) == 1 and "month" in tokens.roles[0]


def _spaced(text: str) -> str:
    """Return a cleaned text in which commas stand where lines broke behind a whole name."""
    lines = [clean(line) for line in _BREAKS.split(text)]
    joined = lines[0]
    for line in lines[1:]:
        joined += (", " if " " in joined else " ") + line
    return clean(joined)


def _is_before(before: str, behind: str) -> bool:
    """Whether what stands before a sign is a place or the like, and what stands behind it a person."""
    name = _rest().sub("", behind).split(",")[0]
    if is_uncased(before):
        return " " not in before and is_uncased(name) and len(name.split()) in _PERSON
    return " " not in before and comparable(before) not in _agencies() and is_person(name)


def _parts(line: str) -> Iterator[_Part]:
    pattern = _between(is_long=line.count(" ") >= _SPACES_OF_TWO_NAMES, is_upper=line.isupper())
    start, is_joined = 0, False
    for match in pattern.finditer(line):
        yield _Part(line[start : match.start()], is_joined)
        start, is_joined = match.end(), bool(match["mark"] or match["word"] or match["comma_word"])
    yield _Part(line[start:], is_joined)


def _people(parts: list[_Part]) -> list[str]:
    """Return the names among the parts of a byline: suffixes join the name before, roles and places are left out."""
    names: list[str] = []
    is_behind_role = False
    for part, following in zip(parts, [*parts[1:], _Part("", is_joined=True)], strict=True):
        if names and _other_lead().match(part.text.strip(_EDGES)):
            break
        name = _without_number(bare(part.text))
        if names and (suffix := name.replace(".", "").casefold()) in _suffixes():
            names[-1] += f" {name}" if suffix in _generations() else ""
        elif names and _is_role_part(name):
            is_behind_role = True
        elif (names and not part.is_joined and _is_place(name, part.text, names[0])) or not is_name(name):
            continue
        # Behind a role stands what the author works for, but where it is joined or has a role of its own.
        elif not is_behind_role or _is_whole(name, is_sure=part.is_joined or _is_role_part(following.text)):
            names.append(name)
            is_behind_role = False
    return names


def _is_role_part(text: str) -> bool:
    return bool(_role().search(text) or _desk().search(text.strip(_EDGES)))


def _is_whole(name: str, *, is_sure: bool) -> bool:
    """Whether a text is the whole name of a person, where something else says that it is one."""
    return is_sure and (is_person(name) or is_uncased(name))


def _is_place(name: str, written: str, first: str) -> bool:
    """Whether a single word stands behind a name of several, and is no agency; or it says where a report is from."""
    written = written.strip(_EDGES)
    if (match := _report().search(written)) and not match["place"]:
        return True
    if " " not in first:
        return False
    return bool(_IN_PLACE.match(written)) or (" " not in name and comparable(name) not in _agencies())


def _without_number(name: str) -> str:
    """Return a person's name without the number of articles behind it; the number of a channel stays."""
    if (match := _COUNTER.match(name)) and is_person(match["name"]):
        words = match["name"].split()
        if _is_month(words[-1]):
            return " ".join(words[:-1])
        if not any(word.casefold() in _numbered() or (len(word) > 1 and word.isupper()) for word in words):
            return match["name"]
    return name


def _turned(person: str, *, may_have_two_words: bool) -> str | None:
    """Return "Surname, Given" as "Given Surname"; None where a text is no such name."""
    surname, comma, given = (clean(part) for part in person.partition(","))
    words = surname.split()
    if not comma or not words or not given or "," in given or not given[0].isupper():
        return None
    if not is_name(surname) or any(_is_role_part(part) or comparable(part) in _agencies() for part in (surname, given)):
        return None
    if comparable(given) in _no_names() or given.replace(".", "").casefold() in _suffixes() or _DIGIT.search(person):
        return None
    is_surname = len(words) == 1 or all(word in _particles() for word in words[:-1])
    is_given = len(given.split()) in range(1, 4)
    is_surname = is_surname or (may_have_two_words and len(words) <= _MOST_WORDS_OF_SURNAME)
    return f"{given} {surname}" if is_given and is_surname else None


def bare(text: str) -> str:
    """Return a name without the words before and behind it."""
    text = _WHERE.sub(r"\g<name>", _role_before().sub("", _led_in(text)))
    name = _trail().sub("", _report().sub("", text.strip(_EDGES)))
    # 문화부 홍길동 기자: what the reporter works for stands before the name.
    if name != text and (match := _HANGUL_NAME.fullmatch(name)):
        name = match["name"]
    match = _role_behind().match(name)
    return (_without_agency(match["name"]) if match and " " in match["name"] else name).strip(_EDGES)


def _without_agency(name: str) -> str:
    """Return a name without the agency that stands behind it, where a role followed: MARY POE AP Science Writer."""
    before, _, last = name.rpartition(" ")
    return before if " " in before and comparable(last) in _agencies() else name


def _led_in(text: str) -> str:
    """Return a text without the word before the names, such as "by"."""
    return _GLUED.sub("", _lead().sub("", _unbracketed(text))).strip(_EDGES)


@cache
def _byline() -> dict[str, list[str]]:
    return load("byline")


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _rest() -> re.Pattern[str]:
    """Match what follows the names in a byline: a time, a date, a place.

    A number at the end of a name is looked at by itself, one amid the name of a channel is a part of it.
    """
    channel = "".join(rf"(?<!\b{re.escape(word)})" for word in _byline()["numbered"])
    return re.compile(
        r"(?:\s?[|•⋅]|\s[–—·-]\s|\s?[(（]|,\s?\d|^\d{1,4}(?=[\s.:/-])"
        rf"|{channel}\s\d{{1,4}}+(?=[^\W\d_]|[^\w\s,;]|\s?,?\s?\d|\s[^\W\d_])"
        r"|,?\s?(?:updated|published|aktualisiert|veröffentlicht)\b"
        r"|(?-i:\s(?:on|at|am|um|under|vom|à)\s)).*",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _place_before() -> re.Pattern[str]:
    """Match a place before a name of two words or more, with the word for "from" behind it."""
    return re.compile(rf"^\S+\s+(?:{any_of(_byline()['from_behind'])})\s+(?=\S+\s+\S)")


@cache
def _source_words() -> frozenset[str]:
    return frozenset(map(comparable, load("agencies")["labels"]))


@cache
def _lead() -> re.Pattern[str]:
    """Match what stands before the names."""
    words, labels = any_of(_byline()["lead"]), any_of(_byline()["label"])
    unspaced = any_of(word for word in _byline()["lead"] if len(word) > 1 and _UNSPACED.search(word))
    sign = r"\s*[:：/／=＝]\s*"
    # 聯合報／本報記者: what the reporter works for stands before that word.
    reporter = rf"(?:[\u3400-\u9fff]{{2,8}}[／/])?[\u3400-\u9fff]{{0,6}}?(?:{unspaced})"
    pattern = rf"(?:{words})(?:{sign}|\s+[-–—ـ]\s+|\s+)|(?:{labels}){sign}|{reporter}"
    pattern = rf"^(?>{pattern})++(?=\s*[^\s)）])"
    return re.compile(pattern, re.IGNORECASE)


@cache
def _labels() -> re.Pattern[str]:
    """Match a label with its colon; the group ``author`` is there where it announces who wrote the text."""
    authors = any_of({*_byline()["lead"], *_byline()["label"]})
    others = any_of(_byline()["other_label"])
    sources = any_of({*load("agencies")["labels"], *load("credit_labels")["before"]})
    sign = r"(?:\s*+[:：]|(?<=[\u3040-\u9fff])\s*+[/／・=＝])"
    return re.compile(rf"(?<!\w)(?:(?P<author>{authors})|(?P<other>{others})|{sources}){sign}", re.IGNORECASE)


@cache
def _other_lead() -> re.Pattern[str]:
    """Match what says, without a colon, that those behind it did not write the text."""
    return re.compile(rf"(?:{any_of(_byline()['other_lead'])})\s", re.IGNORECASE)


@cache
def _trail() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\s)\s++)?(?:{any_of(_byline()['trail'])})$")


@cache
def _report() -> re.Pattern[str]:
    places = any_of(_byline()["place"])
    days = r"(?:\d{1,2}日)?"
    return re.compile(rf"(?<=[\u3400-\u9fff])\s*(?:(?P<place>{places}){days})?(?:{any_of(_byline()['report'])})$")


@cache
def _reporter() -> re.Pattern[str]:
    return re.compile("记者|記者|通讯员|通訊員")


@cache
def _desk() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(_byline()['desk'])})$", re.IGNORECASE)


@cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(_byline()['role'])})(?!\w)", re.IGNORECASE)


@cache
def _role_alone() -> re.Pattern[str]:
    beside, roles = any_of(_byline()["beside_role"]), any_of(_byline()["role"])
    return re.compile(rf"(?:(?:{beside})\s+){{0,5}}(?:{roles})(?:\s+(?:{beside})){{0,5}}", re.IGNORECASE)


@cache
def _role_behind() -> re.Pattern[str]:
    """Match a name with a role behind it that nothing separates."""
    return re.compile(rf"^(?P<name>\S+(?:\s+\S+){{0,3}}?)\s+{_role_alone().pattern}$", re.IGNORECASE)


@cache
def _role_before() -> re.Pattern[str]:
    """Match a role before a name of two words or more."""
    return re.compile(rf"^{_role_alone().pattern}\s+(?=(?-i:(?![a-zà-öø-ÿа-я]))[^\W\d_]\S*\s+[^\W\d_])", re.IGNORECASE)


@cache
def _between(*, is_long: bool, is_upper: bool) -> re.Pattern[str]:
    """Match what stands between two names; the group ``word`` or ``mark`` is there where it joins them."""
    joining, doubtful = any_of(_byline()["between"]), any_of(_byline()["between_long"])
    words = rf"{joining}|(?-i:{doubtful.upper() if is_upper else doubtful})" if is_long else joining
    # A word such as "with" may say whom the author speaks to, but not of an agency.
    words += rf"|(?:{any_of(_byline()['between_agency'])})(?=\s+(?:{any_of(load('agencies')['names'])})(?!\w))"
    # Behind a comma every such word joins, but a capital may be an initial.
    behind_comma = rf"(?:{joining}|&|(?-i:{doubtful}))\s"
    sign = r"\s?[,|/、，・؛،／]\s?|(?<=[\uac00-\ud7af])·"
    return re.compile(
        rf"(?:{sign})(?P<comma_word>{behind_comma})?|\s?(?P<mark>;)\s?(?:{behind_comma})?|\s(?P<word>{words}|&)\s",
        re.IGNORECASE,
    )


@cache
def _particles() -> frozenset[str]:
    return frozenset(_byline()["particle"])


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(_byline()["suffix"]) | _generations()


@cache
def _generations() -> frozenset[str]:
    return frozenset(_byline()["generation"])


@cache
def _numbered() -> frozenset[str]:
    return frozenset(_byline()["numbered"])


@cache
def _agencies() -> frozenset[str]:
    return frozenset(map(comparable, load("agencies")["names"]))


@cache
def _no_names() -> frozenset[str]:
    return frozenset(map(comparable, _byline()["no_name"] + _byline()["lead"]))
