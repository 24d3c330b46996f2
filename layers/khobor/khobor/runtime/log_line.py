"""A line of a function's log, as JSON: without the secrets that URLs may carry.

Every line that is about an article has its ``article_id``, by which ``khobor trace`` finds all of them. It is the id of
the URL that was found; where an article turns out to have another, the line says both: ``same_as`` is the other. No
line has anything of a page's content, its title included: who reads logs may not be one who may read the archive.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from khobor.characters import DIRECTIONS

# In a line of JSON: a quote ends a text, a backslash escapes what follows, and \n ends a line.
_VALUE = r"(?:[^&;?#\s\"\\]|\\[^nrt])*"
_TO_SPACE = r"(?:[^\s\"\\]|\\[^nrt])+"
_URL = rf"(?:\b[a-z][a-z0-9+.-]{{1,9}}:|(?<![^\s\"'(<=]))(?:/|\\\\){{2}}{_TO_SPACE}|\bhttps?:{_TO_SPACE}"
# A parameter that stands in no URL that is recognised as one.
_PAIR = rf"(?P<start>[?&;#])(?P<part>[^=&;?#/\s\"\\]{{1,100}}={_VALUE})"
_URL_OR_PAIR = re.compile(f"(?P<url>{_URL})|{_PAIR}", re.IGNORECASE)
_PART = re.compile(r"(?P<start>[?&;#])(?P<part>[^?&;#]*)")
_PATH_END = re.compile(r"[?#]|;(?=[^/;=]*=)")
# A backslash is a slash to browsers, and escaped in JSON.
_SLASHES = re.compile(r"((?:/|\\\\)+)")
_HAS_PORT = re.compile(r"\[[^\]]*\](:\d*)?|[^:]*(:\d*)?")
# ASP.NET's session in a path, another URL in it that is percent-encoded, once or more often, and a value behind its
# name, unless that is a harmless one.
_SECRET_OF_PATH = re.compile(
    r"(?<=/)\([a-z]\([^/]*\)\)|%(?:25)*(?:3A%(?:25)*2F|3F|3D|3B|23)[^/]*"
    r"|(?<=[/,:;!&])(?P<name>[\w.~%-]{1,100})=(?P<value>[^/]+)",
    re.IGNORECASE,
)
# A JSON Web Token (RFC 7519), wherever it stands: its first part is base64 of JSON, which begins with {" or a space.
_JSON_WEB_TOKEN = re.compile(r"(?<![\w-])e(?:yJ|wo|w0K|yA)[\w-]{6,}\.[\w-]+(?:\.[\w-]*)*")
# What a text has behind a URL, as JSON.
_BEHIND = ")]}>'.,:!\\\""
# Parameters whose values let nobody in and say which page it is; the values of all others are hidden.
_HARMLESS = frozenset(
    {"id", "article", "articleid", "article_id", "aid", "nid", "newsid", "news_id", "story", "storyid", "story_id"}
    | {"post", "postid", "post_id", "page", "pg", "paged", "offset", "limit", "start", "cat", "category", "section"}
    | {"lang", "language", "locale", "hl", "edition", "date", "day", "month", "year", "sort", "order", "format"}
    | {"output", "outputtype", "view", "amp", "type", "tag", "version", "versionid"}
    | {"utm_source", "utm_medium", "utm_campaign"}
)
# Of these only numbers are shown: WordPress calls an article's number p, others a password.
_NUMBERED = frozenset({"p", "no", "v"})
_PLAIN_VALUE = re.compile(r"[^=?&#/@;\\<>]{0,80}")
# What a page calls a place in it.
_PLACE = re.compile(r"[a-z]+(?:[-_][a-z]+)*(?:[-_]?\d{1,9})?|\d{1,9}")
_LONGEST_PLACE = 40
_HIDDEN = "***"
# Control codes that JSON leaves as they are, characters that end a line for some readers, and half a surrogate pair,
# which no charset can write.
_UNSHOWABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What Powertools adds to each line, and the name of the log's group says already: a third of it.
_KNOWN = frozenset({"function_arn", "function_memory_size", "function_name"})


def log_line(record: Mapping[str, Any]) -> str:
    """Return a record of a log as one line of JSON, secrets of URLs left out.

    Args:
        record: What Powertools' logger has to say.
    """
    said = {name: value for name, value in record.items() if name not in _KNOWN}
    line = json.dumps(said, default=str, separators=(",", ":"), ensure_ascii=False)
    return _UNSHOWABLE.sub(_escaped, DIRECTIONS.sub("", without_secrets(line)))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def without_secrets(text: str) -> str:
    """Return a text with the secrets of the URLs in it left out: all values that are not known to be harmless.

    >>> without_secrets("https://me:pass@example.com/a?id=7&access_token=abc#top")
    'https://***@example.com/a?id=7&access_token=***#top'

    Args:
        text: JSON, or a text without quotes and backslashes.
    """
    return _JSON_WEB_TOKEN.sub(_HIDDEN, _URL_OR_PAIR.sub(_shown_url_or_pair, text))


def _shown_url_or_pair(found: re.Match[str]) -> str:
    whole = found[0]
    text = whole.rstrip(_BEHIND)
    behind = whole[len(text) :]
    if found["url"] is None:
        return _PART.sub(_shown, text) + behind
    bare = _without_credentials(text)
    tail = _PATH_END.search(bare)
    middle = tail.start() if tail else len(bare)
    return _SECRET_OF_PATH.sub(_shown_of_path, bare[:middle]) + _PART.sub(_shown, bare[middle:]) + behind


def _shown_of_path(found: re.Match[str]) -> str:
    name = found["name"]
    if name is None:
        return _HIDDEN
    return found[0] if _is_harmless(name, found["value"]) else f"{name}={_HIDDEN}"


def _without_credentials(url: str) -> str:
    """Return a URL without user and password before a host (RFC 3986, 3.2.1), also of another URL in its path."""
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
            # A password in which a slash was not encoded ends behind it.
            rest = "".join(parts[at + 1 :])
            return "".join(parts[:at]) + (f"{_HIDDEN}@{rest.rpartition('@')[2]}" if "@" in rest else part + rest)
    return "".join(parts)


def _scheme(part: str) -> tuple[str, str]:
    """Return the scheme that stands directly before a host, as in ``https:me@example.com``, and the rest."""
    scheme, colon, rest = part.partition(":")
    return (scheme + colon, rest) if scheme.lower() in {"http", "https"} else ("", part)


def _shown(found: re.Match[str]) -> str:
    """Return a parameter, or what stands in the place of one, as it may be shown."""
    start, (name, equals, value) = found["start"], found["part"].partition("=")
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
