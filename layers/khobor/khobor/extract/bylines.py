"""The names in a byline, without what else it contains: roles, places, dates, addresses, labels.

``byline_patterns`` has the patterns for these parts, ``author_names`` says which texts can be a name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from khobor.characters import unescape
from khobor.extract import byline_patterns as patterns
from khobor.extract.author_names import (
    DIGIT,
    EDGES,
    PERSON_WORDS,
    is_agency,
    is_han_name,
    is_month,
    is_name,
    is_non_name,
    is_person,
    is_uncased,
)
from khobor.extract.byline_patterns import UNSPACED
from khobor.extract.byline_roles import LONGEST_HAN_NAME, is_place, is_role_part, is_title, is_whole_name
from khobor.extract.text import clean, comparable
from khobor.extract.vocabulary import comparable_words

# A longer text is not a byline and is not read.
_LONGEST = 1000
_MOST_ESCAPES = 3
_LONGEST_INTRO = 40
_LINE_BREAK = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|span)>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# What separates a name from the text after it invisibly: line breaks, tabs, a zero-width space among other spaces.
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
    r"[(（\[【][^\])）】=＝\s]{1,12}[=＝](?P<within>[^\])）】]{2,20})[\])）】](?P<after>.*)", re.DOTALL
)
# A note in brackets after one of several names.
_ASIDE = re.compile(r"\s?[(（](?P<note>[^()（）]{1,60})[)）](?=\s?[,;、，；&]|\s[^\W\d_]{1,3}\s|\s?[|•⋅·]|$)")
# Stands for such a note behind a name that is not an author's. This character does not occur in pages.
_OTHERS = "\ue00c"
# The place or the employer after a name of two words or more.
_PLACE_OR_EMPLOYER = re.compile(r"^(?P<name>\S+(?:\s+\S+){1,3}?)\s+(?:in(?!\s['’]t\b)|from|aus|for|für|pour|para)\s.+")
# A place or a desk may stand before the name.
_BEFORE_NAME = re.compile(r"^(?P<before>[^|•⋅–—=＝:：]{1,30}?)(?:\s?[|•⋅=＝]\s?|\s[–—/／-]\s)(?P<name>.+)$")
# A byline may begin with the author's role or employer.
_WORDS_BEFORE_BY = re.compile(r"^(?:\S+\s+){1,4}(?=(?:by|von|par|por)\s)", re.IGNORECASE)
# "By" without a space after it.
_GLUED_BY = re.compile(r"^(?:(?:[Ww]ritten |[Pp]osted )?[Bb]y|[Vv]on|[Pp]ar|[Pp]or)(?=[A-ZÀ-ÖØ-Þ][^\W\d_A-Z])")
_COUNTER = re.compile(r"^(?P<name>\D{0,60}\S)\s+\d{1,4}$")
# The name of a publication may begin with a number: 20 Minuten.
_NUMBERED_TITLE = re.compile(r"\d{1,3} [^\W\d_]{2,}")
_SPACES_OF_TWO_NAMES = 4
_SPACED_HAN_NAME = re.compile(r"(?<!\S)([\u3400-\u9fff])\s([\u3400-\u9fff])(?!\S)")
_DESK_AND_HANGUL_NAME = re.compile(r"[\uac00-\ud7af]{3,} (?P<name>[\uac00-\ud7af]{2,4})")
# [美]约翰·史密斯
_NATION = re.compile(r"^[\[(（【〔][\u3400-\u9fff]{1,3}[\])）】〕]\s?(?=[\u3400-\u9fff]+·)")
# What ends the names behind a label: another word with a colon, such as "Views: 120".
_NEXT_LABEL = re.compile(r"\s[^\W\d_]{2,12}\s?[:：]")
_MOST_WORDS_OF_SURNAME = 2
_SIGN_OF_LABEL = re.compile("[:：/／・=＝】｜丨]")


class _Part(NamedTuple):
    """A part of a byline.

    Attributes:
        text: As written.
        is_joined: Whether a word such as "and", or a semicolon, joins it to the part before.
        is_continued: Whether such a word alone does, without a comma.
    """

    text: str
    is_joined: bool
    is_continued: bool = False


def split_byline(text: str) -> list[str]:
    """Return the names in a byline.

    >>> split_byline("By Jane Doe and A. Rahman, Staff Writer | 12 May 2024")
    ['Jane Doe', 'A. Rahman']
    >>> split_byline("Jane Doe, Health Editor, and John Roe Jr., Berlin")
    ['Jane Doe', 'John Roe Jr.']
    """
    return [] if len(text) > _LONGEST else list(_split(text))


# A page names its authors in several places.
@lru_cache(maxsize=64)
def _split(text: str) -> tuple[str, ...]:
    authors = _after_author_label(_without_addresses(_without_markup(text)))
    if is_non_name(comparable(authors)):
        return ()
    intro = patterns.intro().match(authors)
    # An introduction with no sign after it may be part of a word in a sentence.
    is_glued = intro and UNSPACED.match(intro[0][-1])
    if is_glued or (intro and patterns.REPORTER.search(intro[0])) or patterns.report().search(authors):
        names = _names([*_parts(_with_commas(_first_line(authors)))])
        return tuple(name for name in names if not _runs_on(name))
    line = _SPACED_HAN_NAME.sub(r"\1\2", _first_line(authors))
    return tuple(_names([*_parts(_with_commas(line) if all(map(is_han_name, line.split())) else line)]))


def declared_names(text: str) -> list[str]:
    """Return the names in a text made for machines, in which a person may be written as "Surname, Given".

    >>> declared_names("Doe, Jane; van der Berg, Jan")
    ['Jane Doe', 'Jan van der Berg']
    """
    if _NUMBERED_TITLE.fullmatch(text) and is_name(text):
        return [text]
    if len(text) > _LONGEST or "," not in text:
        return split_byline(text)
    people = [person for part in re.split(r";|\n", _without_markup(text)) if (person := _bare(part))]
    # If another person has a surname of one word, a first part of two words is a surname too.
    is_sure = any(" " not in clean(person.partition(",")[0]) for person in people)
    reordered = [_given_name_first(person, may_have_two_words=is_sure) for person in people]
    names = [name for name in reordered if name]
    return names if len(names) == len(people) else split_byline(text)


def announces_author(text: str) -> bool:
    """Whether a text begins with a word such as "by", or contains a label such as "Author:"."""
    if patterns.intro().match(inner := _unbracketed(text)) or _GLUED_BY.match(inner):
        return True
    return bool(_DATELINE.match(text)) or any(match["author"] for match in _labels(text))


def begins_with_label(text: str) -> bool:
    """Whether a text begins with a label of an author, of another contributor or of a source, and its colon."""
    found = _labels(text)
    return bool(found) and not text[: found[0].start()].strip(EDGES + "([（【〔")


def other_contributors(text: str) -> list[str]:
    """Return the names after a label such as "Editor:", which is neither an author's nor a photographer's."""
    match = next(iter(_labels(text)), None)
    if not match or not match["other"]:
        return []
    return [part.text.strip(EDGES) for part in _parts(text[match.end() :])]


def introduces_other(text: str) -> bool:
    """Whether a text ends with a word that introduces another contributor than the author, such as "Edited by"."""
    return f" {text}".rstrip(EDGES)[-_LONGEST_INTRO:].lower().endswith(patterns.intros_of_others())


# A line is read for its authors and for other contributors.
@lru_cache(maxsize=64)
def _labels(text: str) -> tuple[re.Match[str], ...]:
    """Return the labels in a text."""
    # The end of a label with the sign after it is found faster than the label. Some labels are a single character.
    known = patterns.ends_of_labels()
    parts = text.split(":") if text.isascii() else _SIGN_OF_LABEL.split(text)
    ends = [part.rstrip()[-2:].lower() for part in parts[:-1]]
    may_have_label = any(end in known or end[-1:] in known for end in ends)
    return tuple(patterns.label().finditer(text)) if may_have_label else ()


def _with_commas(line: str) -> str:
    """Return a Chinese line with commas between its names, which spaces separate, and without the place at its end.

    A name of two characters may have a space between them, so that it is as wide as a name of three.
    """
    line = _SPACED_HAN_NAME.sub(r"\1\2", line)
    words = line.split()
    # Behind a word such as 摄影 are those who took the pictures.
    others = patterns.han_words_of_others()
    end = next((at for at, word in enumerate(words[:-1]) if at and word in others), len(words))
    if end < len(words):
        words = words[:end]
    elif words[1:] and patterns.report().search(line):
        words.pop()
    return "、".join(words) if all(map(UNSPACED.match, words)) else line


def _runs_on(name: str) -> bool:
    """Whether a Chinese name is so long that it includes text after the name. A foreign name has a dot."""
    return UNSPACED.match(name) is not None and "·" not in name and len(name) > LONGEST_HAN_NAME


def _without_markup(text: str) -> str:
    """Return a text without markup, which may be escaped several times; a line break becomes a newline."""
    for _ in range(_MOST_ESCAPES):
        if "&" not in text:
            break
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub("", _LINE_BREAK.sub("\n", text))
    return _HIDDEN.sub(_HIDDEN_BREAK, text).strip()


def _without_addresses(text: str) -> str:
    if "@" not in text and "/" not in text and "www." not in text:
        return text
    return _unbracketed(_ADDRESS.sub(", ", text))


def _unbracketed(text: str) -> str:
    """Return a text without brackets around the whole of it."""
    text = text.replace("╱", "／").strip(EDGES)
    if match := _DATELINE.match(text):
        return (match["after"] or match["within"]).strip()
    closing = _BRACKETS.get(text[:1])
    return text[1:-1].strip() if closing and text.find(closing) == len(text) - 1 else text


def _after_author_label(text: str) -> str:
    """Return what follows a label such as "Author:", up to the next label; without labels, the text."""
    text = _unbracketed(text)
    labels = _labels(text)
    if not labels:
        return "" if patterns.non_author_intro().match(text) or _is_source(text) else text
    ends = [*(match.start() for match in labels[1:]), len(text)]
    before = text[: labels[0].start()].strip(EDGES)
    authors = [
        _before_next(text[match.start() : end], match)
        for match, end in zip(labels, ends, strict=True)
        if match["author"]
    ]
    # If no label is an author's, the author is named before the first label.
    return authors[0].strip(" 【") if authors else before


def _before_next(text: str, label: re.Match[str]) -> str:
    """Return a text that begins with a label, without an unknown label behind its names and what follows that."""
    following = _NEXT_LABEL.search(text, label.end() - label.start())
    return text[: following.start()] if following else text


def _is_source(text: str) -> bool:
    """Whether a text is a word such as "source" and an agency, without a colon."""
    word, _, name = text.partition(" ")
    return comparable(word) in comparable_words("agencies", "labels") and is_agency(name)


def _first_line(text: str) -> str:
    """Return the names of a byline that stand in one line, without the words before and after them."""
    text = patterns.place_before_name().sub("", _WORDS_BEFORE_BY.sub("", _on_one_line(text)))
    text = _ASIDE.sub(_marked_aside, _without_intro(text))
    if (match := _BEFORE_NAME.match(text)) and _is_place_before(match["before"], match["name"]):
        text = _without_intro(match["name"])
    rest = patterns.after_names().search(text)
    name = text[: rest.start()] if rest else text
    before, _, last = name.rpartition(" ")
    if rest and DIGIT.search(rest[0]) and before and is_month(last):
        name = before
    return _without_intro(name)


def _marked_aside(aside: re.Match[str]) -> str:
    """Return the sign of another contributor if a note says that a person is one, as "(Fotos)" does."""
    # A single note at the end is of all names.
    return _OTHERS if _is_of_pictures(aside["note"]) else "" if aside.end() < len(aside.string) else aside[0]


def _is_of_pictures(note: str) -> bool:
    return bool(patterns.of_pictures().fullmatch(note.strip(f"{EDGES}.")))


def _on_one_line(text: str) -> str:
    """Return a text on one line, with a comma for each line break after a whole name."""
    lines = [clean(line) for line in _BREAKS.split(text)]
    joined = lines[0]
    for line in lines[1:]:
        joined += (", " if " " in joined else " ") + line
    return clean(joined)


def _is_place_before(before: str, after: str) -> bool:
    """Whether a sign separates a place or a desk from a person after it."""
    name = patterns.after_names().sub("", after).split(",")[0]
    if is_uncased(before):
        return " " not in before and is_uncased(name) and len(name.split()) in PERSON_WORDS
    return " " not in before and not is_agency(before) and is_person(name)


def _parts(line: str) -> Iterator[_Part]:
    return (part for part in _all_parts(line) if not part.text.endswith(_OTHERS))


def _all_parts(line: str) -> Iterator[_Part]:
    pattern = patterns.separator(is_long=line.count(" ") >= _SPACES_OF_TWO_NAMES, is_upper=line.isupper())
    start, is_joined, is_continued = 0, False, False
    for match in pattern.finditer(line):
        yield _Part(line[start : match.start()], is_joined, is_continued)
        start, is_continued = match.end(), bool(match["word"])
        is_joined = is_continued or bool(match["mark"] or match["comma_word"])
    yield _Part(line[start:], is_joined, is_continued)


def _names(parts: list[_Part]) -> list[str]:
    """Return the names among the parts of a byline, with their suffixes; roles and places are left out."""
    names: list[str] = []
    is_after_role = may_continue = False
    for part, following in pairwise([*parts, _Part("", is_joined=True)]):
        if names and patterns.non_author_intro().match(part.text.strip(EDGES)):
            break
        name = _without_article_count(_bare(part.text))
        if names and (suffix := name.replace(".", "").casefold()) in patterns.suffixes():
            names[-1] += f" {name}" if suffix in patterns.generations() else ""
        elif names and is_role_part(name):
            is_after_role = True
        elif names and not part.is_joined and (is_title(name) or is_place(name, part.text, names[0])):
            # Without capitals, what follows a place may be the employer as well as another name.
            is_after_role = is_after_role or is_uncased(name)
            may_continue = is_title(name)
        elif not is_name(name) or (may_continue and part.is_continued):
            continue
        # After a role comes the author's employer, unless the part is joined or has a role of its own.
        elif not is_after_role or is_whole_name(name, is_sure=part.is_joined or is_role_part(following.text)):
            names.append(_once(name))
            is_after_role = False
    return names


def _once(name: str) -> str:
    """Return a name that is written twice, once for readers and once for machines, as it is written once."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half > 1 and words[:half] == words[half:] else name


def _without_article_count(name: str) -> str:
    """Return a person's name without the number of articles after it. The number of a channel stays."""
    if (match := _COUNTER.match(name)) and is_person(match["name"]):
        words = match["name"].split()
        if is_month(words[-1]):
            return " ".join(words[:-1])
        if not any(word.casefold() in patterns.numbered() or (len(word) > 1 and word.isupper()) for word in words):
            return match["name"]
    return name


def _given_name_first(person: str, *, may_have_two_words: bool) -> str | None:
    """Return "Surname, Given" as "Given Surname"; None if a text is no such name.

    Args:
        person: The text.
        may_have_two_words: Whether a surname without a particle may have two words.
    """
    surname, comma, given = (clean(part) for part in person.partition(","))
    words = surname.split()
    if not comma or not words or not given or "," in given or not given[0].isupper():
        return None
    if not is_name(surname) or any(is_role_part(part) or is_agency(part) for part in (surname, given)):
        return None
    if comparable(given) in patterns.non_names() or DIGIT.search(person):
        return None
    if given.replace(".", "").casefold() in patterns.suffixes():
        return None
    is_surname = len(words) == 1 or all(word in patterns.particles() for word in words[:-1])
    is_given = len(given.split()) in range(1, 4)
    is_surname = is_surname or (may_have_two_words and len(words) <= _MOST_WORDS_OF_SURNAME)
    return f"{given} {surname}" if is_given and is_surname else None


def _bare(text: str) -> str:
    """Return a name without the words before and after it."""
    text = _NATION.sub("", _without_intro(text))
    text = _PLACE_OR_EMPLOYER.sub(r"\g<name>", patterns.role_before_name().sub("", text))
    name = patterns.word_after_name().sub("", patterns.report().sub("", text.strip(EDGES)))
    # 문화부 홍길동 기자: the reporter's desk stands before the name.
    if name != text and (match := _DESK_AND_HANGUL_NAME.fullmatch(name)):
        name = match["name"]
    match = patterns.name_and_role().match(name)
    return (_without_agency(match["name"]) if match and " " in match["name"] else name).strip(EDGES)


def _without_agency(name: str) -> str:
    """Return a name without the agency between it and a role, as in "MARY POE AP Science Writer"."""
    before, _, last = name.rpartition(" ")
    return before if " " in before and is_agency(last) else name


def _without_intro(text: str) -> str:
    """Return a text without the word that introduces the names, such as "by"."""
    return _GLUED_BY.sub("", patterns.intro().sub("", _unbracketed(text))).strip(EDGES)
