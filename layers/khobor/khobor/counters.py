"""Counter lines, such as how often an article was read: they change by themselves and are not text of the article."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

_LONGEST = 100
_NUMBER = r"\d[\d.,٬٫'’ \xa0\u202f]*+"
_SIGNS = r"[^\w\u0300-\u036f\u0900-\u0dff\u200c\u200d]"
# Scripts without spaces between words: a word may directly follow another one, or a number.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DIGIT = re.compile(r"\d")
_ASCII_LETTER = re.compile("[A-Za-z]")


def is_counter(text: str) -> bool:
    """Whether a line is a counter: a number, and only words of ``counters.toml``.

    >>> is_counter("Views: 1,234"), is_counter("পঠিত: ১২৩ বার"), is_counter("5 min read | 3 comments")
    (True, True, True)
    >>> is_counter("Views of 1,234 people differ."), is_counter("5 minutes"), is_counter("Comments")
    (False, False, False)
    """
    # Check this first, because it excludes nearly all lines.
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return False
    # In ASCII each counter has a letter. A search for one is faster than a match of each part.
    if text.isascii() and not _ASCII_LETTER.search(text):
        return False
    token = _token()
    text, position, has_counter = _folded(text), 0, False
    while position < len(text):
        match = token.match(text, position)
        if match is None:
            return False
        has_counter = has_counter or match["counter"] is not None
        position = match.end()
    return has_counter


def without_counters(text: str) -> str:
    """Return a text without the lines that are counters."""
    if "\n" not in text:
        return "" if is_counter(text) else text
    return "\n".join(line for line in text.split("\n") if not is_counter(line))


@cache
def _token() -> re.Pattern[str]:
    lists = tomllib.loads(files(__package__).joinpath("counters.toml").read_text("utf-8"))
    return re.compile(rf"(?P<counter>{_any(lists['counters'])})|{_any(lists['beside'])}|{_NUMBER}|{_SIGNS}++")


def _any(words: list[str]) -> str:
    """Return a pattern for any of these words, the longest first; in scripts with spaces, for whole words only."""
    folded = sorted({re.escape(_folded(word)) for word in words}, key=len, reverse=True)
    # The pattern of a number includes the following space.
    folded = [word.replace(r"\#\ ", _NUMBER).replace(r"\#", _NUMBER) for word in folded]
    whole = "|".join(word for word in folded if not _UNSPACED.search(word))
    parts = "|".join(word for word in folded if _UNSPACED.search(word))
    return rf"(?:(?<![^\W\d_])(?:{whole})(?![^\W\d_]|[\u0900-\u0dff])|(?:{parts}))"


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()
