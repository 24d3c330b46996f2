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
INVISIBLE: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")


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
