"""Lines of a page that give dates: which are lines of dates at all, and which dates of a kind they give."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, cast

from khobor.extract.bibliography import is_of_book
from khobor.extract.class_names import CAPTION
from khobor.extract.date_labels import Kind, LabelKind, after_label, before_label, kind_of_label, kinds_of_labels
from khobor.extract.front_matter import ends
from khobor.extract.layout import BREAK, HEADINGS, SENTENCE_ENDS, SHORTEST_HEADLINE, Piece, ancestors_or_self
from khobor.extract.text import clean, length_of, text_of

# A longer line with a label is not a line of dates, and a longer one without a label mentions a date.
LONGEST_LINE = 150
_LONGEST_PLAIN = 100
# A longer link is not a date alone, and a longer heading is no line of dates.
LONGEST_DATE = 40
# What separates clauses in scripts without spaces, in which fewer characters make a sentence.
_CLAUSE = "，"
_LONGEST_HEADING = 60
COPYRIGHT = re.compile(r"©|\bcopyright\b|\(c\)", re.IGNORECASE)
# Behind a name, this is the number of a version: Ferry 8.4.13.
VERSION = re.compile(r"[^\W\d_]\s\d{1,2}\.\d{1,2}\.\d{1,2}(?!\d)")
DIGIT = re.compile(r"\d")
# A line of which a larger part is linked is a link.
_MOST_LINKED = 0.9
# In a list, such a line is a link to another article, with its date.
_MOST_LINKED_ITEM = 0.5
# How many links of a piece are looked at for one of its lines.
_MOST_LINKS = 50
_LONGEST_LIST = 10_000
# In a sentence, the date is so close to its label.
_CLOSE = 12
# Or behind the day of the week and the month: "Friday, November 27". Anything else may be a sentence about a date.
_NAMES_BEFORE = re.compile(r"(?:[^\W\d_a-z][^\W\d_]{1,12}[,.]?\s){1,2}\d")
_LONGEST_CLOSE = 60
# A dateline has names and a date, and no sentence. It ends in a dash, a bracket, or a stop behind the year.
_LONGEST_DATELINE = 120
_END_OF_DATELINE = re.compile(r"\s[–—-]+\s|--|[–—]|\)|(?<=\d{4})[.:]\s|(?<=日)(?:电|電|讯|訊)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 12
_MOST_LOWER = 2
# A shorter word in small letters, such as "at", says nothing about whether a text is a sentence.
_LONGEST_SHORT_WORD = 2
# A word and a number, or two numbers, of elements side by side: "Ann LeeJune 3, 20265 min read".
_GLUED = re.compile(r"[a-z][A-Z]|[^\W\d_]\d|\d{5}|\d[^\W\d_]{3}")
_MOST_TEXTS = 30
# A temperature is beside the day on which a page is read.
_TEMPERATURE = re.compile(r"\d\s?(?:°|º|℃)")
# A line of which numbers are a larger part than this is one of dates.
_SHARE_OF_NUMBERS = 0.25


class DateLine(NamedTuple):
    """A line of a piece.

    Attributes:
        text: Its text.
        piece: The piece.
        label: The kind of the label that is the line before; None if that is no label.
    """

    text: str
    piece: Piece
    label: LabelKind | None


def lines_at(pieces: Sequence[Piece], positions: Iterable[int]) -> Iterator[DateLine]:
    """Yield the lines with digits of these pieces that are not too long, those at the ends of a piece with many.

    Args:
        pieces: The pieces of a layout.
        positions: The indexes of some of them.
    """
    before = ""
    for position in positions:
        if position >= len(pieces):
            return
        piece = pieces[position]
        for text in ends(piece.text.split(BREAK)) if BREAK in piece.text else (piece.text,):
            # "This entry was posted on Friday, 27 November 2026, and is filed under Harbours. You can …"
            is_line = len(text) <= LONGEST_LINE or kinds_of_labels(text[:LONGEST_DATE])
            is_dated = (
                is_line and DIGIT.search(text, 0, LONGEST_LINE) and not _TEMPERATURE.search(text, 0, LONGEST_LINE)
            )
            if is_dated:
                line = text[:LONGEST_LINE]
                label = kind_of_label(before) if before and len(before) <= LONGEST_DATE else None
                if not (label or kinds_of_labels(line)) or not is_of_book(pieces, position, line):
                    yield DateLine(_spaced(line, piece), piece, label)
            before = text


def _spaced(text: str, piece: Piece) -> str:
    """Return a line with spaces between its elements if some are so close that a number is glued to a word."""
    element = piece.box.element
    # lxml counts all children for len.
    if next(iter(element), None) is None or not _GLUED.search(text):
        return text
    # A text beside the line may be half of the page.
    texts = (each[: 2 * LONGEST_LINE] for each in cast("Iterator[str]", element.itertext()))
    spaced = clean(" ".join(islice(texts, _MOST_TEXTS)))
    # The line may be a part of the element.
    return spaced if spaced.replace(" ", "") == text.replace(" ", "") else text


def labelled_dates(lines: Iterable[DateLine], kind: Kind) -> Iterator[str]:
    """Yield the dates of a kind in lines: those after a label, and lines behind one.

    Args:
        lines: The lines.
        kind: The kind of date.
    """
    for line in lines:
        if is_prose(line):
            # "Published" may be any verb in a sentence.
            texts = (text for text in after_label(line.text, kind) if _begins_with_day(text))
            yield from (text[:_LONGEST_CLOSE] for text in texts)
            continue
        yield from after_label(line.text, kind)
        if line.label == kind:
            yield line.text


def plain_dates(lines: Iterable[DateLine]) -> Iterator[str]:
    """Yield the lines that may be a date of publication without a label."""
    for line in lines:
        if line.label in {None, "published"} and _is_date_line(line) and (text := before_label(line.text)):
            yield text


def datelines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the dates in the datelines of lines.

    >>> list(datelines(["HARBOURTON, Nov. 27, 2026 /Newswire/ -- The council voted for the ferry."]))
    ['HARBOURTON, Nov. 27, 2026 /Newswire/']
    >>> list(datelines(["On November 27, 1998, the ferry left – and it never came back."]))
    []
    """
    for line in lines:
        for end in _END_OF_DATELINE.finditer(line, 0, _LONGEST_DATELINE):
            before = line[: end.start()]
            if _YEAR.search(before):
                words = _WORD.findall(before)
                is_dateline = len(words) <= _MOST_WORDS and sum(map(str.islower, words)) <= _MOST_LOWER
                yield from [before] if is_dateline else []
                break


def _is_date_line(line: DateLine) -> bool:
    """Whether a line may give a date: no sentence, quotation, caption, headline, link or notice of copyright."""
    piece, length = line.piece, len(line.text)
    if is_prose(line) or length > _LONGEST_PLAIN or (_CLAUSE in line.text and length_of(line.text) > _LONGEST_PLAIN):
        return False
    if piece.box.meaning & CAPTION or COPYRIGHT.search(line.text):
        return False
    if piece.box.in_group and any(each.tag == "blockquote" for each in ancestors_or_self(piece.box)):
        return False
    if piece.box.tag in HEADINGS and piece.text.startswith(line.text):
        return length <= _LONGEST_HEADING
    if is_headline_of_other(line):
        return False
    most = _MOST_LINKED_ITEM if piece.box.in_group else _MOST_LINKED
    return length <= LONGEST_DATE or piece.linked <= most * len(piece.text)


def is_headline_of_other(line: DateLine) -> bool:
    """Whether a line is a link and a date, and the link is as long as a headline, or such lines are a list."""
    lines = line.piece.text[:_LONGEST_LIST].split(BREAK)
    if not lines[1:] or not line.piece.links:
        return False
    links = [text for link in line.piece.links[:_MOST_LINKS] if (text := text_of(link)) and not DIGIT.search(text)]
    linked = next((text for text in links if text in line.text and 3 * length_of(text) > length_of(line.text)), None)
    if linked is None:
        return False
    is_list = sum(each.startswith(tuple(links)) for each in lines[:_MOST_LINKS]) > 1
    return is_list or length_of(linked) >= SHORTEST_HEADLINE


def is_prose(line: DateLine) -> bool:
    """Whether a line is a sentence. A piece of several lines may be prose because of another one."""
    # A line of dates may end with a full stop: "25/04/2026, updated at 15:10h."
    if line.text[0].isdecimal() and (len(line.text) <= LONGEST_DATE or _is_of_numbers(line.text)):
        return False
    if line.piece.is_prose and len(line.text) <= _LONGEST_HEADING and _has_few_words(line.text):
        return False
    is_part = len(line.text) < len(line.piece.text) and len(line.text) < LONGEST_LINE
    return line.piece.is_prose and not (is_part and not line.text.endswith(SENTENCE_ENDS))


def _begins_with_day(text: str) -> bool:
    return DIGIT.search(text, 0, _CLOSE) is not None or _NAMES_BEFORE.match(text) is not None


def _has_few_words(text: str) -> bool:
    """Whether a text has a year and next to no words but names, so that it is no sentence: "City, 3 May 2026"."""
    words = [word for word in _WORD.findall(text) if len(word) > _LONGEST_SHORT_WORD and word.islower()]
    return len(words) <= 1 and _YEAR.search(text) is not None


def _is_of_numbers(text: str) -> bool:
    return len(text) <= _LONGEST_PLAIN and sum(map(str.isdecimal, text)) >= _SHARE_OF_NUMBERS * len(text)
