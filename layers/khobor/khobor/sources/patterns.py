"""Regular expressions of sources: RE2 matches them in linear time, whatever the pattern.

RE2 has no look-around and no back-references, which cannot be matched in linear time. All patterns of sources are
compiled here, so that a pattern means the same where it is checked and where it is used.
"""

import re
from functools import lru_cache
from typing import Any

LONGEST_PATTERN = 1000
# The most steps for each character. \w has 1,500, because it covers all scripts; an ASCII character has one.
_MOST_STEPS = 10_000
# RE2 uses a quarter of its memory for steps of 16 bytes each. Half as much again, so that an excess can be counted.
_MOST_MEMORY = 4 * 16 * _MOST_STEPS * 3 // 2
# The most digits of a number of repetitions.
_MOST_DIGITS = 4
_SYNTAX = "see https://github.com/google/re2/wiki/Syntax"
_ADVICE = {
    "invalid perl operator: (?": f"RE2 does not support this kind of group, such as look-around; {_SYNTAX}",
    "invalid escape sequence": f"RE2 does not support this escape, such as a back-reference; {_SYNTAX}",
    "invalid repetition size": "at most 1,000 repetitions are allowed, nested ones multiplied",
    "pattern too large": "it takes too much memory; shorten it, or repeat less",
}
# RE2's own classes cover only ASCII. These are the classes of Python's re, plus marks, which are part of the words of
# Indic scripts.
_CLASSES = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{Pc}",
    "s": r"\s\x0b\x1c-\x1f\x{85}\p{Z}",
}
_PART = re.compile(r"\\Q.*?(?:\\E|\Z)|\\p\{[^}]*\}|\\.|\[\^?\]?|\]|\{\d*,?\d*\}|.", re.DOTALL)
_HALF_PAIRS = re.compile("[\ud800-\udfff]")


class BadPatternError(ValueError):
    """A pattern is invalid; the message says why."""


def is_in_url(pattern: str, part: str) -> bool:
    r"""Return whether a pattern matches anywhere in a part of a URL; its classes cover only ASCII.

    >>> is_in_url(r"^/news/\d+$", "/news/12")
    True

    Args:
        pattern: The regular expression.
        part: The part of the URL.

    Raises:
        BadPatternError: The pattern is invalid.
    """
    return compile_pattern(pattern).search(part if part.isascii() else _as_characters(part)) is not None


def is_in_text(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    r"""Return whether a pattern matches anywhere in a text; its classes cover all scripts.

    >>> is_in_text(r"^\w+ \d+$", "বাংলা ৭১")
    True

    Args:
        pattern: The regular expression.
        text: The text.
        ignore_case: Whether upper and lower case are the same.

    Raises:
        BadPatternError: The pattern is invalid.
    """
    compiled = compile_pattern(pattern, is_of_text=True, ignore_case=ignore_case)
    return compiled.search(_as_characters(text)) is not None


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str, *, is_of_text: bool = False, ignore_case: bool = False) -> Any:
    r"""Return a pattern compiled by RE2, which has a ``search`` method.

    Args:
        pattern: The regular expression.
        is_of_text: Whether ``\d``, ``\w`` and ``\s`` cover all scripts; otherwise only ASCII, which is enough for URLs.
        ignore_case: Whether upper and lower case are the same.

    Raises:
        BadPatternError: The pattern has a mistake, uses syntax that RE2 does not support, or is too large.
    """
    # Imported here, so that functions start faster if no source has a pattern.
    import re2

    if len(pattern) > LONGEST_PATTERN:
        raise BadPatternError(f"it has {len(pattern):,} characters; at most {LONGEST_PATTERN:,} are allowed")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    default_memory = options.max_mem
    try:
        translated = _translate(pattern, is_of_text=is_of_text)
        # With less memory, a pattern that is far too large fails in a tenth of the time.
        options.max_mem = _MOST_MEMORY
        re2.compile(translated, options)
        options.max_mem = default_memory
        compiled = re2.compile(translated, options)
    except UnicodeEncodeError as error:
        raise BadPatternError("it contains half of a surrogate pair") from error
    except re2.error as error:
        raise BadPatternError(_in_words(error)) from error
    if compiled.programsize > _MOST_STEPS:
        what = f"it takes {compiled.programsize:,} steps for a character; at most {_MOST_STEPS:,} are allowed"
        raise BadPatternError(f"{what}; shorten it, or use + instead of a number of repetitions")
    return compiled


def _in_words(error: Exception) -> str:
    what = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
    return "; ".join([what[:100], *(advice for beginning, advice in _ADVICE.items() if what.startswith(beginning))])


def _as_characters(text: str) -> str:
    """Return a text that can be encoded in UTF-8, as RE2 requires."""
    return _HALF_PAIRS.sub("\ufffd", text)


def _translate(pattern: str, *, is_of_text: bool) -> str:
    """Return a pattern that means the same to RE2 as to Python; raises BadPatternError if there is none."""
    parts: list[str] = []
    is_class = False
    for match in _PART.finditer(pattern):
        part = match[0]
        if is_class and part[0] == "[":
            # RE2 would read the name of a POSIX class.
            part = "\\" + part
            is_class = part[-1] != "]"
        elif part[0] in "[]":
            is_class = part != "]"
        elif part[0] == "{" and not is_class:
            _check_repetition(part)
        elif is_of_text and re.fullmatch(r"\\[A-Za-z]", part):
            part = _in_all_scripts(part[1], is_class=is_class)
        parts.append(part)
    return "".join(parts)


def _check_repetition(part: str) -> None:
    """Raise BadPatternError for a number of repetitions that RE2 would read as text."""
    if part.startswith("{,"):
        raise BadPatternError(f"RE2 reads {part} as text; write {{0{part[1:]}")
    if any(len(number) > _MOST_DIGITS for number in part[1:-1].split(",")):
        raise BadPatternError(f"at most 1,000 repetitions are allowed, not {part[:20]}")


def _in_all_scripts(name: str, *, is_class: bool) -> str:
    r"""Return the translation of an escape such as \w that covers all scripts, within brackets or not."""
    if name in {"b", "B"}:
        raise BadPatternError(rf"\{name} covers only ASCII words in RE2; write (?:^|\W) and (?:\W|$)")
    if is_class and name in {"W", "S"}:
        raise BadPatternError(
            rf"\{name} is not allowed in brackets; write (?s:.) for any character, or [^\{name.lower()}]"
        )
    if name == "D":
        return r"\P{Nd}"
    if (characters := _CLASSES.get(name.lower())) is None:
        return f"\\{name}"
    return characters if is_class else f"[{'^' if name.isupper() else ''}{characters}]"
