"""Lines of a page that give dates: which are lines of dates at all, and which dates of a kind they give."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from khobor.extract.class_names import CAPTION
from khobor.extract.date_labels import Kind, LabelKind, after_label, before_label
from khobor.extract.layout import HEADINGS, SENTENCE_ENDS, Piece, ancestors_or_self
from khobor.extract.text import length_of

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
# In a sentence, the date is so close to its label.
_CLOSE = 12
# Or behind the day of the week and the month: "Friday, November 27". Anything else may be a sentence about a date.
_NAMES_BEFORE = re.compile(r"(?:[^\W\d_a-z][^\W\d_]{1,12}[,.]?\s){1,2}\d")
_LONGEST_CLOSE = 60
# A dateline has names and a date, and no sentence. It ends in a dash, a bracket, or a stop behind the year.
_LONGEST_DATELINE = 120
_END_OF_DATELINE = re.compile(r"\s[–—-]+\s|--|[–—]|\)|(?<=\d{4})[.:]\s")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 12
_MOST_LOWER = 2
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
    most = _MOST_LINKED_ITEM if piece.box.in_group else _MOST_LINKED
    return length <= LONGEST_DATE or piece.linked <= most * len(piece.text)


def is_prose(line: DateLine) -> bool:
    """Whether a line is a sentence. A piece of several lines may be prose because of another one."""
    # A line of dates may end with a full stop: "25/04/2026, updated at 15:10h."
    if line.text[0].isdecimal() and (len(line.text) <= LONGEST_DATE or _is_of_numbers(line.text)):
        return False
    is_part = len(line.text) < len(line.piece.text) and len(line.text) < LONGEST_LINE
    return line.piece.is_prose and not (is_part and not line.text.endswith(SENTENCE_ENDS))


def _begins_with_day(text: str) -> bool:
    return DIGIT.search(text, 0, _CLOSE) is not None or _NAMES_BEFORE.match(text) is not None


def _is_of_numbers(text: str) -> bool:
    return len(text) <= _LONGEST_PLAIN and sum(map(str.isdecimal, text)) >= _SHARE_OF_NUMBERS * len(text)
