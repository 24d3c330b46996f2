"""Names of encodings, as pages, feeds and servers write them."""

from functools import cache

import webencodings
from webencodings.labels import LABELS

# Names that the Encoding Standard does not list, without their signs: those of vendors, and of programming languages.
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
# Browsers refuse to decode these, as scripts can hide in them. Here no script runs, and the text is worth having.
_REFUSED = {"hzgb2312": "hz", "iso2022kr": "iso2022_kr", "csiso2022kr": "iso2022_kr"}
_REPLACEMENT = "replacement"


def encoding_of(label: str) -> str | None:
    """Return the encoding that a label names, by its name in the Encoding Standard; None for a label of none.

    Labels are read as the standard does, so that ISO-8859-1 is windows-1252 and GB2312 is GBK; and where it knows none,
    without their signs. HZ and ISO-2022-KR are called as Python calls them.

    >>> encoding_of("Latin1"), encoding_of("Windows 1251"), encoding_of("nonsense")
    ('windows-1252', 'windows-1251', None)
    """
    found = webencodings.lookup(label)
    if found is not None and found.name != _REPLACEMENT:
        return found.name
    plain = "".join(char for char in label.lower() if char.isalnum())
    if plain.startswith("win") and not plain.startswith("windows"):
        plain = plain.replace("win", "windows", 1)
    return _plain_labels().get(plain)


@cache
def _plain_labels() -> dict[str, str]:
    known = {label: name for label, name in LABELS.items() if name != _REPLACEMENT}
    return {"".join(filter(str.isalnum, label)): name for label, name in known.items()} | _OTHER_NAMES | _REFUSED
