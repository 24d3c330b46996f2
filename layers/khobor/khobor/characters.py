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
