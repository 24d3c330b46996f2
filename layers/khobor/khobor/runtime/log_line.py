"""A line of a function's log, as JSON, without the secrets that URLs may contain.

Every line about an article has its ``article_id``, by which ``khobor trace`` finds it. This is the id of the URL that
was discovered. If the article turns out to have another id, the line has that as ``same_as``. No line contains content
of a page, not even its title, because people who may read logs may not be allowed to read the archive.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from khobor.characters import DIRECTIONS

# In a line of JSON, a quote ends a text, a backslash escapes the next character, and \n ends a line.
_VALUE = r"(?:[^&;?#\s\"\\]|\\[^nrt])*"
_TO_SPACE = r"(?:[^\s\"\\]|\\[^nrt])+"
_URL = rf"(?:\b[a-z][a-z0-9+.-]{{1,9}}:|(?<![^\s\"'(<=]))(?:/|\\\\){{2}}{_TO_SPACE}|\bhttps?:{_TO_SPACE}"
# A parameter outside of a recognised URL.
_PAIR = rf"(?P<start>[?&;#])(?P<part>[^=&;?#/\s\"\\]{{1,100}}={_VALUE})"
_URL_OR_PAIR = re.compile(f"(?P<url>{_URL})|{_PAIR}", re.IGNORECASE)
_PART = re.compile(r"(?P<start>[?&;#])(?P<part>[^?&;#]*)")
_PATH_END = re.compile(r"[?#]|;(?=[^/;=]*=)")
# Browsers treat a backslash as a slash; JSON escapes it.
_SLASHES = re.compile(r"((?:/|\\\\)+)")
_HAS_PORT = re.compile(r"\[[^\]]*\](:\d*)?|[^:]*(:\d*)?")
# In a path: a session of ASP.NET, another URL that is percent-encoded once or several times, and a parameter with its
# value, unless it is a harmless one.
_SECRET_OF_PATH = re.compile(
    r"(?<=/)\([a-z]\([^/]*\)\)|%(?:25)*(?:3A%(?:25)*2F|3F|3D|3B|23)[^/]*"
    r"|(?<=[/,:;!&])(?P<name>[\w.~%-]{1,100})=(?P<value>[^/]+)",
    re.IGNORECASE,
)
# A JSON Web Token (RFC 7519). Its first part is the base64 of JSON, which begins with {" or white space.
_JSON_WEB_TOKEN = re.compile(r"(?<![\w-])e(?:yJ|wo|w0K|yA)[\w-]{6,}\.[\w-]+(?:\.[\w-]*)*")
# Characters that may follow a URL in a text, as JSON.
_BEHIND = ")]}>'.,:!\\\""
# Parameters whose values identify the page and give no access; the values of all others are hidden.
_HARMLESS = frozenset(
    {"id", "article", "articleid", "article_id", "aid", "nid", "newsid", "news_id", "story", "storyid", "story_id"}
    | {"post", "postid", "post_id", "page", "pg", "paged", "offset", "limit", "start", "cat", "category", "section"}
    | {"lang", "language", "locale", "hl", "edition", "date", "day", "month", "year", "sort", "order", "format"}
    | {"output", "outputtype", "view", "amp", "type", "tag", "version", "versionid"}
    | {"utm_source", "utm_medium", "utm_campaign"}
)
# Parameters of which only numbers are shown: p is the id of an article in WordPress, and a password elsewhere.
_NUMBERED = frozenset({"p", "no", "v"})
_PLAIN_VALUE = re.compile(r"[^=?&#/@;\\<>]{0,80}")
# Names of places within a page.
_PLACE = re.compile(r"[a-z]+(?:[-_][a-z]+)*(?:[-_]?\d{1,9})?|\d{1,9}")
_LONGEST_PLACE = 40
_HIDDEN = "***"
# Control codes that JSON does not escape, characters that some programs treat as line ends, and half a surrogate pair,
# which no charset can encode.
_UNSHOWABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Fields that Powertools adds to each line. The name of the log group says the same, and they make up a third of a line.
_KNOWN = frozenset({"function_arn", "function_memory_size", "function_name"})


def log_line(record: Mapping[str, Any]) -> str:
    """Return a log record as one line of JSON, without the secrets of URLs.

    Args:
        record: The record of Powertools' logger.
    """
    fields = {name: value for name, value in record.items() if name not in _KNOWN}
    line = json.dumps(fields, default=str, separators=(",", ":"), ensure_ascii=False)
    return _UNSHOWABLE.sub(_escaped, DIRECTIONS.sub("", without_secrets(line)))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def without_secrets(text: str) -> str:
    """Return a text without the secrets of the URLs in it, that is, without all values that are not known as harmless.

    >>> without_secrets("https://me:pass@example.com/a?id=7&access_token=abc#top")
    'https://***@example.com/a?id=7&access_token=***#top'

    Args:
        text: JSON, or a text without quotes and backslashes.
    """
    return _JSON_WEB_TOKEN.sub(_HIDDEN, _URL_OR_PAIR.sub(_redacted_url_or_pair, text))


def _redacted_url_or_pair(match: re.Match[str]) -> str:
    whole = match[0]
    text = whole.rstrip(_BEHIND)
    behind = whole[len(text) :]
    if match["url"] is None:
        return _PART.sub(_redacted, text) + behind
    bare = _without_credentials(text)
    tail = _PATH_END.search(bare)
    middle = tail.start() if tail else len(bare)
    return _SECRET_OF_PATH.sub(_redacted_path_part, bare[:middle]) + _PART.sub(_redacted, bare[middle:]) + behind


def _redacted_path_part(match: re.Match[str]) -> str:
    name = match["name"]
    if name is None:
        return _HIDDEN
    return match[0] if _is_harmless(name, match["value"]) else f"{name}={_HIDDEN}"


def _without_credentials(url: str) -> str:
    """Return a URL without user and password before a host (RFC 3986, 3.2.1), also for a URL in its path."""
    parts = _SLASHES.split(url)
    for at in range(0, len(parts), 2):
        before = parts[at - 2] if at else ""
        if at and not (before.endswith(":") or parts[at - 1].replace("\\\\", "/") == "//"):
            continue
        scheme, part = _scheme(parts[at]) if not before else ("", parts[at])
        user, sign, host = part.rpartition("@")
        if sign and (before or "[" not in user):
            parts[at] = f"{scheme}{_HIDDEN}@{host}"
        elif before and not _HAS_PORT.fullmatch(re.split("[?#]", part, maxsplit=1)[0]):
            # A password may contain a slash that is not encoded, and end after it.
            rest = "".join(parts[at + 1 :])
            return "".join(parts[:at]) + (f"{_HIDDEN}@{rest.rpartition('@')[2]}" if "@" in rest else part + rest)
    return "".join(parts)


def _scheme(part: str) -> tuple[str, str]:
    """Return the scheme directly before a host, as in ``https:me@example.com``, and the rest."""
    scheme, colon, rest = part.partition(":")
    return (scheme + colon, rest) if scheme.lower() in {"http", "https"} else ("", part)


def _redacted(match: re.Match[str]) -> str:
    """Return a parameter, or a text in its place, with its secrets hidden."""
    start, (name, equals, value) = match["start"], match["part"].partition("=")
    if equals:
        return f"{start}{name}={value if _is_harmless(name, value) else _HIDDEN}"
    is_shown = not name or name.lower() in _HARMLESS or name.isdecimal() or (start == "#" and _is_place(name))
    return start + (name if is_shown else _HIDDEN)


def _is_harmless(name: str, value: str) -> bool:
    known, plain = unquote(name).lower(), unquote(unquote(value))
    if known in _NUMBERED:
        return plain.isdecimal()
    return known in _HARMLESS and _PLAIN_VALUE.fullmatch(plain) is not None


def _is_place(text: str) -> bool:
    return len(text) <= _LONGEST_PLACE and _PLACE.fullmatch(text) is not None
