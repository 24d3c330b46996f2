r"""Invisible characters, directions of text, and escapes.

Invisible characters are control codes that are not white space in Unicode, which a terminal may execute as commands
(ISO 6429), and characters without width. The joiners U+200C and U+200D are visible: they change how Bengali and Persian
are written.

>>> INVISIBLE.sub("", "Br\u00adidge\x1b[31m \u200bopens")
'Bridge[31m opens'
"""

import html
import re
from collections.abc import Mapping
from typing import Final

# A character reference with more digits than Python converts to a number.
_ENDLESS: Final = re.compile(r"&#[0-9]{4000,};?")
# An escape in JSON. A surrogate pair is one escape; half a pair is in a group of its own.
_JSON_ESCAPE: Final = re.compile(
    r"\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|(u[Dd][89A-Fa-f][0-9A-Fa-f]{2})|.)", re.DOTALL
)
# Noncharacters, and deprecated format characters (Unicode 23.7, 23.3).
_NO_CHARACTERS: Final = "\ufdd0-\ufdef\u206a-\u206f\ufff9-\ufffb" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
INVISIBLE: Final = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff{_NO_CHARACTERS}]")
# Characters that SQS does not accept in a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_NOT_IN_A_MESSAGE: Final = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})

# Characters that change the direction of the following text (UAX 9), and characters without an image: tags, the
# reserved code points beside them, and noncharacters. Direction marks (U+200E, U+200F, U+061C) are left out, because
# their effect is local, and so are variation selectors, which choose how the preceding character looks.
DIRECTIONS: Final = re.compile(
    f"[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e00ff\U000e01f0-\U000e0fff{_NO_CHARACTERS}]"
)
# Each takes a pass through the text.
_MOST_REPLACED: Final = 32
# Flags of regions, such as that of Scotland, are the only use of tags that is not deprecated.
_FLAG: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_FLAG_OR_DIRECTION: Final = re.compile(f"{_FLAG}|{DIRECTIONS.pattern}|[\n\r\x1c-\x1e\x85\u2029]")
_ISOLATES: Final = {
    "\u202a": "\u2066",  # embedding, left to right
    "\u202b": "\u2067",
    "\u202d": "\u2066",  # override, left to right: it reverses letters of the other direction
    "\u202e": "\u2067",
    **{isolate: isolate for isolate in "\u2066\u2067\u2068"},
}
_ENDS: Final = "\u202c\u2069"
_END: Final = "\u2069"


def isolated(text: str) -> str:
    r"""Return a text that does not change the direction of text around it, and hides nothing.

    Embeddings and overrides become isolates, which end with their line; tags outside of flags are removed.

    >>> isolated("\u202egnp.exe") == "\u2067gnp.exe\u2069"
    True
    """
    if not DIRECTIONS.search(text):
        return text
    parts: list[str] = []
    depth, at = 0, 0
    for match in _FLAG_OR_DIRECTION.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        replacement, depth = _isolated(match[0], depth)
        parts.append(replacement)
    return "".join(parts) + text[at:] + _END * depth


def _isolated(token: str, depth: int) -> tuple[str, int]:
    """Return the replacement of a flag, a direction or a line end, and the number of isolates open after it."""
    if token in _ISOLATES:
        return _ISOLATES[token], depth + 1
    if token in _ENDS:
        return (_END, depth - 1) if depth else ("", 0)
    if DIRECTIONS.fullmatch(token):
        return "", depth
    return (token, depth) if len(token) > 1 else (_END * depth + token, 0)


def for_message(json: bytes) -> str:
    r"""Return JSON as the body of an SQS message, with the characters escaped that SQS refuses.

    >>> for_message('{"title":"Bridge\ufffe"}'.encode())
    '{"title":"Bridge\\ufffe"}'

    Args:
        json: The JSON, in UTF-8.
    """
    return json.decode().translate(_NOT_IN_A_MESSAGE)


def translated(text: str, forms: Mapping[int, str]) -> str:
    """Return what ``text.translate`` does, in a third of the time if few kinds of characters change, as in most texts.

    Args:
        text: The text.
        forms: The form of each code point. A form of one character has itself as its form.
    """
    if text.isascii():
        return text.translate(forms)
    changes = [(char, form) for char in set(text) if (form := forms[ord(char)]) != char]
    if len(changes) > _MOST_REPLACED:
        return text.translate(forms)
    # A longer form may have characters that have other forms.
    for char, form in sorted(changes, key=lambda change: len(change[1])):
        text = text.replace(char, form)
    return text


def unescape(text: str) -> str:
    """Return a text with the character references of HTML replaced; numbers that are too large are no error.

    >>> unescape("Rise &amp; fall &#2453;")
    'Rise & fall ক'
    """
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_ENDLESS.sub("\N{REPLACEMENT CHARACTER}", text))


def without_half_surrogates(json: str) -> str:
    r"""Return JSON without escapes of half a surrogate pair, which no charset can encode.

    >>> without_half_surrogates(r'"Flood \ud83c\udf0a, again \ud83c"')
    '"Flood \\ud83c\\udf0a, again "'
    """
    if "\\ud" not in json and "\\uD" not in json:
        return json
    return _JSON_ESCAPE.sub(lambda escape: "" if escape[1] else escape[0], json)
