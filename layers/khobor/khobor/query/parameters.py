"""Request parameters: each declares what it accepts, parses its text, and rejects anything else with a reason.

``msgspec.convert`` is not used to parse them: it accepts ``1e1`` as a count, seconds since 1970 as a time and a line
end behind a pattern, and has no type for a day or a time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from khobor.errors import PermanentError

# The range of dates, with room to calculate beyond both ends.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_DAY = r"\d{4}-\d{2}-\d{2}"
_MOMENT = rf"{_DAY}(?:[Tt]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,6}})?(?:[Zz]|[+-]\d{{2}}:\d{{2}}))?"
_SHOWN = 80


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a request.

    Attributes:
        name: Its name.
        description: Its meaning, for the OpenAPI document.
        schema: What it accepts, as JSON Schema.
        takes: The same in words, for error messages.
        read: Parses a text; raises ValueError if it is invalid.
        default: The value if it is not given.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    takes: str
    read: Callable[[str], Any]
    default: Any = None

    def value(self, text: str) -> Any:
        """Return the value of a text; raises PermanentError ``bad_<name>`` if it is invalid."""
        try:
            return self.read(text)
        except ValueError:
            excerpt = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            raise PermanentError(f"bad_{self.name}", f"{self.name} is {self.takes}, not {excerpt!r}") from None


def text(name: str, description: str, *, longest: int, pattern: str = r"[\s\S]+") -> Parameter:
    """Return a parameter that accepts a text.

    Args:
        name: Its name.
        description: Its meaning.
        longest: The most characters.
        pattern: A regular expression that the whole text must match.
    """
    anchored = {} if pattern == r"[\s\S]+" else {"pattern": f"^(?:{pattern})$"}
    takes = f"a text of 1 to {longest} characters" + (f" like {pattern}" if anchored else "")

    def read(value: str) -> str:
        if len(value) > longest or not re.fullmatch(pattern, value):
            raise ValueError
        return value

    schema = {"type": "string", "minLength": 1, "maxLength": longest, **anchored}
    return Parameter(name=name, description=description, schema=schema, takes=takes, read=read)


def choice(name: str, description: str, choices: Sequence[str], default: str | None = None) -> Parameter:
    """Return a parameter that accepts one of a few words.

    Args:
        name: Its name.
        description: Its meaning.
        choices: The words.
        default: The value if it is not given.
    """

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError
        return value

    schema = {"type": "string", "enum": list(choices)}
    takes = f"one of {', '.join(choices)}"
    return Parameter(name=name, description=description, schema=schema, takes=takes, read=read, default=default)


def count(name: str, description: str, *, most: int, default: int | None = None) -> Parameter:
    """Return a parameter that accepts a whole number from 1 on.

    Args:
        name: Its name.
        description: Its meaning.
        most: The largest number.
        default: The value if it is not given.
    """

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            raise ValueError
        return int(value)

    schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": most}
    if default is not None:
        schema["default"] = default
    takes = f"a whole number from 1 to {most}"
    return Parameter(name=name, description=description, schema=schema, takes=takes, read=read, default=default)


def day(name: str, description: str) -> Parameter:
    """Return a parameter that accepts a day.

    Args:
        name: Its name.
        description: Its meaning.
    """
    schema = {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}
    takes = f"a day from {_FIRST_YEAR} to {_LAST_YEAR} such as 2026-03-01"
    return Parameter(name=name, description=description, schema=schema, takes=takes, read=_read_day)


def moment(name: str, description: str) -> Parameter:
    """Return a parameter that accepts a time with its UTC offset, or a day.

    Args:
        name: Its name.
        description: Its meaning.
    """
    schema = {"type": "string", "pattern": f"^{_MOMENT}$"}
    takes = (
        f"a day from {_FIRST_YEAR} to {_LAST_YEAR} such as 2026-03-01, or a time with its offset such as "
        "2026-03-01T09:05:00Z or 2026-03-01T15:05:00+06:00 (write + as %2B in a URL)"
    )
    return Parameter(name=name, description=description, schema=schema, takes=takes, read=_read_moment)


def read_query(parameters: Sequence[Parameter], query: str) -> dict[str, Any]:
    """Return the values of a query string by parameter name, with the defaults of those not given.

    Args:
        parameters: The parameters that may be given.
        query: The query string, without the question mark.

    Raises:
        PermanentError: ``bad_query``, ``unknown_parameter``, ``repeated_parameter``, ``bad_<name>``.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values = {parameter.name: parameter.default for parameter in parameters}
    seen = set()
    for name, given in _pairs(query):
        if name not in known:
            takes = f"there are {', '.join(known)}" if known else "this path has none"
            raise PermanentError("unknown_parameter", f"there is no parameter {name[:_SHOWN]!r}; {takes}")
        if name in seen:
            raise PermanentError("repeated_parameter", f"{name} is given more than once; give it once")
        seen.add(name)
        values[name] = known[name].value(given)
    return values


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise PermanentError("bad_query", "the query string is not percent-encoded UTF-8") from None


def _read_day(text: str) -> date:
    if not re.fullmatch(_DAY, text, re.ASCII):
        raise ValueError
    day = date.fromisoformat(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError
    return day


def _read_moment(text: str) -> date | datetime:
    if not re.fullmatch(_MOMENT, text, re.ASCII):
        raise ValueError
    day = _read_day(text[:10])
    return day if len(text) == len(str(day)) else datetime.fromisoformat(text.upper())
