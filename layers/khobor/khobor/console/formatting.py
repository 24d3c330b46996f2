"""Formats values for pages: times, sizes, links and texts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from khobor.characters import DIRECTIONS, isolated

# Only these become links, never javascript:. Browsers ignore white space before and within a scheme.
_WEB = re.compile(r"https?://[^\s\x00-\x1f\"<>\\]+", re.IGNORECASE)

_KILO = 1000
_MOST_SHOWN = 40
# The direction of letters by their bidirectional class in Unicode.
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time.

    Attributes:
        iso: The time in ISO 8601, for programs.
        text: The time for people.
        hour: The time of day.
    """

    iso: str
    text: str
    hour: str


def moment(at: datetime) -> Moment:
    """Return a time as pages show it, in UTC.

    >>> moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)).text
    '1 March 2026, 09:05'
    """
    return _moment(at.astimezone(UTC), "")


def by_clocks(at: datetime) -> Moment:
    """Return a time in its own zone, without the offset.

    >>> by_clocks(datetime.fromisoformat("2026-03-01T03:05:00+06:00")).text
    '1 March 2026, 03:05'
    """
    return _moment(at, "")


def local_moment(at: datetime) -> Moment:
    """Return a time in its own zone, with the offset.

    >>> local_moment(datetime.fromisoformat("2026-03-01T09:05:00+06:00")).text
    '1 March 2026, 09:05 UTC+06:00'
    """
    offset = "" if at.utcoffset() else " UTC"
    return _moment(at, offset or f" {at.tzinfo}".replace("UTC+00:00", "UTC"))


def long_day(day: date) -> str:
    """Return a day as headings show it.

    >>> long_day(date(2026, 3, 1))
    'Sunday, 1 March 2026'
    """
    return f"{day:%A}, {day.day} {day:%B %Y}"


def sentence(text: str) -> str:
    """Return a message as a sentence.

    >>> sentence("the archive is empty"), sentence("did you mean kalbela?")
    ('The archive is empty.', 'Did you mean kalbela?')
    """
    end = "" if not text or text.endswith((".", "?", "!")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"


def file_size(count: int) -> str:
    """Return a number of bytes as file managers show it.

    >>> file_size(1), file_size(812), file_size(52_300), file_size(10_485_760)
    ('1 byte', '812 bytes', '52 kB', '10.5 MB')
    """
    if count < _KILO:
        return f"{count} byte{'' if count == 1 else 's'}"
    kilobytes = round(count / _KILO)
    return f"{kilobytes} kB" if kilobytes < _KILO else f"{count / _KILO**2:.1f} MB"


def web_link(url: str | None) -> str | None:
    """Return a URL that may be a link; None for anything but http and https.

    >>> web_link("https://example.com/a"), web_link("javascript:alert(1)"), web_link(" https://example.com")
    ('https://example.com/a', None, None)
    """
    return DIRECTIONS.sub(lambda match: quote(match[0]), url) if url and _WEB.fullmatch(url) else None


def isolated_value(value: object) -> object:
    """Return a value for a template, isolated so that it cannot change the direction of neighbouring text.

    Templates show the stored text; only characters that would turn or hide other text are replaced.

    Args:
        value: Any value; one that is not a text is returned unchanged.
    """
    if not isinstance(value, str):
        return value
    # A value that is marked as HTML remains marked. It becomes a plain str first: otherwise it would escape the
    # characters that are added.
    return type(value)(isolated(str(value))) if hasattr(value, "__html__") else isolated(value)


def shortened(text: str) -> str:
    """Return the beginning of a user's text, for a message about it.

    >>> shortened("9" * 5000)
    '9999999999999999999999999999999999999999…'
    """
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def language_tag(language: str | None) -> str | None:
    """Return a language as the value of a ``lang`` attribute; None if it is not a BCP 47 tag.

    >>> language_tag("bn"), language_tag("zh-Hant"), language_tag("Bangla (Bangladesh)")
    ('bn', 'zh-Hant', None)
    """
    return language if language and _LANGUAGE.fullmatch(language) else None


def direction(text: str) -> str:
    """Return the direction of a text by its first letter, as ``dir=auto`` does.

    >>> direction("১২ জন"), direction("12 مكتبة")
    ('ltr', 'rtl')
    """
    directions = (_DIRECTIONS.get(unicodedata.bidirectional(char)) for char in text)
    return next(filter(None, directions), "ltr")


def _moment(at: datetime, zone: str) -> Moment:
    return Moment(iso=at.isoformat(), text=f"{at.day} {at:%B %Y, %H:%M}{zone}", hour=f"{at:%H:%M}")
