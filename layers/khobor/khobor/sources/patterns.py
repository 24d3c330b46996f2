"""Regular expressions of sources: matched by RE2, in a time that is linear in the text whatever the pattern.

RE2 has no look-around and no back-references, which have no linear way. All patterns of sources go through here, so
that one means the same where it is checked and where it is used.
"""

import re
from functools import lru_cache
from typing import Any

LONGEST_PATTERN = 1000
# Steps for each character at worst. \w has 1,500, as it knows all scripts; ASCII patterns have a step a character.
_MOST_STEPS = 10_000
# RE2 gives a quarter of its memory to steps of 16 bytes each. Half as much more, so that too many can be counted.
_MOST_MEMORY = 4 * 16 * _MOST_STEPS * 3 // 2
# Of a number of repetitions.
_MOST_DIGITS = 4
_SYNTAX = "see https://github.com/google/re2/wiki/Syntax"
_ADVICE = {
    "invalid perl operator: (?": f"RE2 has no such group, as none of look-around; {_SYNTAX}",
    "invalid escape sequence": f"RE2 has no such escape, as none of back-references; {_SYNTAX}",
    "invalid repetition size": "at most 1,000 repetitions, nested ones multiplied",
    "pattern too large": "it takes too much memory; shorten it, or repeat less",
}
# RE2's own know ASCII alone. Those of Python's re, with marks: without them no word of an Indic script is one.
_CLASSES = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{Pc}",
    "s": r"\s\x0b\x1c-\x1f\x{85}\p{Z}",
}
_PART = re.compile(r"\\Q.*?(?:\\E|\Z)|\\p\{[^}]*\}|\\.|\[\^?\]?|\]|\{\d*,?\d*\}|.", re.DOTALL)
_HALF_PAIRS = re.compile("[\ud800-\udfff]")


class BadPatternError(ValueError):
    """A pattern cannot be used; the message says why."""


def is_in_url(pattern: str, part: str) -> bool:
    r"""Return whether a pattern is found in a part of a URL, which is ASCII alone.

    >>> is_in_url(r"^/news/\d+$", "/news/12")
    True

    Raises:
        BadPatternError: It is no pattern.
    """
    return compile_pattern(pattern).search(part if part.isascii() else _as_characters(part)) is not None


def is_in_text(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    r"""Return whether a pattern is found in a text of any script, in which digits, words and white space are its own.

    >>> is_in_text(r"^\w+ \d+$", "বাংলা ৭১")
    True

    Raises:
        BadPatternError: It is no pattern.
    """
    compiled = compile_pattern(pattern, is_of_text=True, ignore_case=ignore_case)
    return compiled.search(_as_characters(text)) is not None


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str, *, is_of_text: bool = False, ignore_case: bool = False) -> Any:
    r"""Return a pattern compiled by RE2, with ``search``.

    Args:
        pattern: The regular expression.
        is_of_text: Whether ``\d``, ``\w`` and ``\s`` know all scripts, not ASCII alone, as is enough for URLs.
        ignore_case: Whether capitals are as small letters.

    Raises:
        BadPatternError: It has mistakes, a syntax that RE2 does not have, or is too large.
    """
    # Here, not above: functions start without it where no source has a pattern.
    import re2

    if len(pattern) > LONGEST_PATTERN:
        raise BadPatternError(f"it has {len(pattern):,} characters; at most {LONGEST_PATTERN:,} may stand in one")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    enough = options.max_mem
    try:
        written = _as_re2_reads_it(pattern, is_of_text=is_of_text)
        # One that is far too large is given up in a tenth of the time.
        options.max_mem = _MOST_MEMORY
        re2.compile(written, options)
        options.max_mem = enough
        compiled = re2.compile(written, options)
    except UnicodeEncodeError as error:
        raise BadPatternError("it holds half a surrogate pair") from error
    except re2.error as error:
        raise BadPatternError(_in_words(error)) from error
    if compiled.programsize > _MOST_STEPS:
        what = f"it takes {compiled.programsize:,} steps for a character, and may take {_MOST_STEPS:,}"
        raise BadPatternError(f"{what}; shorten it, or write + where it counts repetitions")
    return compiled


def _in_words(error: Exception) -> str:
    what = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
    return "; ".join([what[:100], *(advice for beginning, advice in _ADVICE.items() if what.startswith(beginning))])


def _as_characters(text: str) -> str:
    """Return a text that can be written in UTF-8, as RE2 needs it."""
    return _HALF_PAIRS.sub("\ufffd", text)


def _as_re2_reads_it(pattern: str, *, is_of_text: bool) -> str:
    """Return a pattern that means to RE2 what it means to Python; raises BadPatternError where none does."""
    parts: list[str] = []
    is_class = False
    for match in _PART.finditer(pattern):
        part = match[0]
        if is_class and part[0] == "[":
            # RE2 would read the names of POSIX.
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
    """Raise BadPatternError for what RE2 reads as text, and Python as how often something is repeated."""
    if part.startswith("{,"):
        raise BadPatternError(f"RE2 reads {part} as text; write {{0{part[1:]}")
    if any(len(number) > _MOST_DIGITS for number in part[1:-1].split(",")):
        raise BadPatternError(f"at most 1,000 repetitions, not {part[:20]}")


def _in_all_scripts(name: str, *, is_class: bool) -> str:
    r"""Return what stands for an escape such as \w, within brackets or not, so that it knows all scripts."""
    if name in {"b", "B"}:
        raise BadPatternError(rf"\{name} knows ASCII words alone in RE2; write (?:^|\W) and (?:\W|$)")
    if is_class and name in {"W", "S"}:
        raise BadPatternError(
            rf"\{name} cannot stand in brackets; write (?s:.) for any character, or [^\{name.lower()}]"
        )
    if name == "D":
        return r"\P{Nd}"
    if (characters := _CLASSES.get(name.lower())) is None:
        return f"\\{name}"
    return characters if is_class else f"[{'^' if name.isupper() else ''}{characters}]"
