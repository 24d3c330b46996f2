r"""Characters that a page may hold and no reader sees.

They are control codes, which a terminal may take for commands (ISO 6429), less those that are white space to Unicode,
and marks of no width. The joiners U+200C and U+200D are none of them: they change how Bengali and Persian are written.

>>> INVISIBLE.sub("", "Br\u00adidge\x1b[31m \u200bopens")
'Bridge[31m opens'
"""

import html
import re
from typing import Final

# More digits than Python makes a number of.
_ENDLESS: Final = re.compile(r"&#[0-9]{4000,};?")
# An escape of JSON, with a whole surrogate pair as one; half a pair has a group of its own.
_JSON_ESCAPE: Final = re.compile(
    r"\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|(u[Dd][89A-Fa-f][0-9A-Fa-f]{2})|.)", re.DOTALL
)
# What Unicode reserves for no character in any text, and formats that it advises against (Unicode 23.7, 23.3).
_NO_CHARACTERS: Final = "\ufdd0-\ufdef\u206a-\u206f\ufff9-\ufffb" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
INVISIBLE: Final = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff{_NO_CHARACTERS}]")
# What SQS takes in no message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_NOT_IN_A_MESSAGE: Final = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})

# What changes the direction of text that follows (UAX 9), and what shows nothing: tags, what is reserved beside them,
# and no characters. Marks of a direction (U+200E, U+200F, U+061C) are none of them: they change nothing but where they
# stand. Nor are variation selectors, which choose how the character before them looks.
DIRECTIONS: Final = re.compile(
    f"[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e00ff\U000e01f0-\U000e0fff{_NO_CHARACTERS}]"
)
# Flags of regions, such as Scotland's, are the only use of tags that is not deprecated.
_FLAG: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_FLAG_OR_DIRECTION: Final = re.compile(f"{_FLAG}|{DIRECTIONS.pattern}|[\n\r\x1c-\x1e\x85\u2029]")
_ISOLATES: Final = {
    "\u202a": "\u2066",  # embedded left-to-right
    "\u202b": "\u2067",
    "\u202d": "\u2066",  # overridden: letters in the order in which they do not stand
    "\u202e": "\u2067",
    **{isolate: isolate for isolate in "\u2066\u2067\u2068"},
}
_ENDS: Final = "\u202c\u2069"
_END: Final = "\u2069"


def isolated(text: str) -> str:
    r"""Return a text of which no character changes the direction of what is shown beside it, or hides.

    An embedding or an override becomes an isolate, and all end with their line; tags that are no flag are left out.

    >>> isolated("\u202egnp.exe") == "\u2067gnp.exe\u2069"
    True

    Args:
        text: As a page or a person wrote it.
    """
    if not DIRECTIONS.search(text):
        return text
    shown: list[str] = []
    depth, at = 0, 0
    for found in _FLAG_OR_DIRECTION.finditer(text):
        shown.append(text[at : found.start()])
        at = found.end()
        written, depth = _isolated(found[0], depth)
        shown.append(written)
    return "".join(shown) + text[at:] + _END * depth


def _isolated(found: str, depth: int) -> tuple[str, int]:
    """Return what stands for a flag, a direction or a line's end, and how many isolates are open behind it."""
    if found in _ISOLATES:
        return _ISOLATES[found], depth + 1
    if found in _ENDS:
        return (_END, depth - 1) if depth else ("", 0)
    if DIRECTIONS.fullmatch(found):
        return "", depth
    return (found, depth) if len(found) > 1 else (_END * depth + found, 0)


def for_message(json: bytes) -> str:
    r"""Return JSON as the body of a message: characters that SQS refuses are escaped.

    >>> for_message('{"title":"Bridge\ufffe"}'.encode())
    '{"title":"Bridge\\ufffe"}'

    Args:
        json: In UTF-8.
    """
    return json.decode().translate(_NOT_IN_A_MESSAGE)


def unescape(text: str) -> str:
    """Return a text with the character references of HTML replaced, whatever numbers are in them.

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
    r"""Return JSON without escapes for half a surrogate pair: no charset can write what they stand for.

    >>> without_half_surrogates(r'"Flood \ud83c\udf0a, again \ud83c"')
    '"Flood \\ud83c\\udf0a, again "'
    """
    if "\\ud" not in json and "\\uD" not in json:
        return json
    return _JSON_ESCAPE.sub(lambda escape: "" if escape[1] else escape[0], json)
