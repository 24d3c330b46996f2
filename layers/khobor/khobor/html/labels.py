"""Labels of encodings, as pages, feeds and servers write them."""

from functools import cache

import webencodings
from webencodings.labels import LABELS

# Labels of vendors and programming languages that the Encoding Standard does not list, without punctuation.
_OTHER_NAMES = {
    "big5eten": "big5",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "cp51932": "euc-jp",
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp936": "gbk",
    "cp949": "euc-kr",
    "cp950": "big5",
    "euccn": "gbk",
    "eucjpms": "euc-jp",
    "eucjpwin": "euc-jp",
    "iso2022jpms": "iso-2022-jp",
    "jis": "iso-2022-jp",
    "maccyrillic": "x-mac-cyrillic",
    "sjiswin": "shift_jis",
    "uhc": "euc-kr",
    "ujis": "euc-jp",
    "utf8bom": "utf-8",
    "utf8mb4": "utf-8",
}
# Browsers do not decode these, because scripts can hide in them. Here no script runs.
_REFUSED = {"hzgb2312": "hz", "iso2022kr": "iso2022_kr", "csiso2022kr": "iso2022_kr"}
_REPLACEMENT = "replacement"


def encoding_of(label: str) -> str | None:
    """Return the name of a label's encoding in the Encoding Standard; None for an unknown label.

    The standard reads ISO-8859-1 as windows-1252 and GB2312 as GBK. Labels that it does not list are compared without
    punctuation. HZ and ISO-2022-KR have the names of Python's codecs.

    >>> encoding_of("Latin1"), encoding_of("Windows 1251"), encoding_of("nonsense")
    ('windows-1252', 'windows-1251', None)
    """
    encoding = webencodings.lookup(label)
    if encoding is not None and encoding.name != _REPLACEMENT:
        return encoding.name
    plain = "".join(char for char in label.lower() if char.isalnum())
    if plain.startswith("win") and not plain.startswith("windows"):
        plain = plain.replace("win", "windows", 1)
    return _plain_labels().get(plain)


@cache
def _plain_labels() -> dict[str, str]:
    known = {label: name for label, name in LABELS.items() if name != _REPLACEMENT}
    return {"".join(filter(str.isalnum, label)): name for label, name in known.items()} | _OTHER_NAMES | _REFUSED
