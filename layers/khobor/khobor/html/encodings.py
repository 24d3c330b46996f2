"""Decoding as the Encoding Standard defines it: Python's codecs, with what the standard decodes differently.

Python follows the registered character sets. Pages were written for browsers, which accept more. ``standard.mjs``
beside the tests compares all code points.
https://encoding.spec.whatwg.org/
"""

import codecs
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_CODECS = {
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "ibm866": "cp866",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
}
SINGLE_BYTE = frozenset(
    {"ibm866", "koi8-r", "koi8-u", "macintosh", "windows-874", "x-mac-cyrillic"}
    | {f"iso-8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, "8-i", 10, 13, 14, 15, 16)}
    | {f"windows-125{page}" for page in range(9)}
)
# Lead bytes of characters with several bytes.
_LEADS = {
    "big5hkscs": frozenset(range(0x81, 0xFF)),
    "cp932": frozenset({*range(0x81, 0xA0), *range(0xE0, 0xFD)}),
    "cp949": frozenset(range(0x81, 0xFF)),
    "euc_jp": frozenset({0x8E, 0x8F, *range(0xA1, 0xFF)}),
    "gb18030": frozenset(range(0x81, 0xFF)),
}
# In EUC-JP this byte precedes the two bytes of a character of JIS X 0212.
_THIRD_SET, _HIGH = 0x8F, range(0xA1, 0xFF)
# A character of GB 18030 in four bytes, or the part of it before the end of the text.
_FOUR_BYTES = re.compile(rb"[\x81-\xfe](?:[0-9](?:[\x81-\xfe][0-9]?)?)?")
_LONGEST_CHARACTER = 4
_ASCII_END = 0x80
# Characters that Python decodes differently: Python's on the left, the standard's on the right. No other bytes
# decode to the character on the left.
_DIFFERENT: Mapping[str, Mapping[str, str]] = {
    "big5hkscs": dict(zip("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡", strict=True)),
    # Single bytes that are not a character.
    "cp932": dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", _REPLACEMENT),
    "euc_jp": dict(zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True)),
    # GB 18030-2022 assigns characters that were code points for private use in earlier editions.
    "gb18030": dict(
        zip(
            "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\u1e3f"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
            "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\ue7c7"
            "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
            strict=True,
        )
    ),
    "koi8-u": {"╝": "ў", "╬": "Ў"},
}
# Pairs of Big5 that Python decodes to the same character as other pairs.
_SLASHES = {b"\xa2\x41": "∕", b"\xa2\x42": "﹨"}
_BIG5_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
# The tilde of JIS X 0212 is decoded as that of JIS X 0208. The byte 8F is never a trail byte.
_THIRD_TILDE, _TILDE = b"\x8f\xa2\xb7", b"\xa1\xc1"
_FREE_CODES = range(0x80, 0xA0)
# Rows of NEC and IBM in EUC-JP, which Python knows in Shift_JIS only.
_VENDOR_ROWS = (0xAD, *range(0xF9, 0xFD))
_ESCAPE = re.compile(rb"\x1b(\([BIJ]|\$[@B])")
_ROMAN, _KATAKANA = b"(J", b"(I"
_KANJI = (b"$@", b"$B")
# Pairs, half a pair with the byte after it, or another byte.
_SEVEN_BITS = re.compile(rb"(?P<pairs>(?:[\x21-\x7e]{2})++)|[\x21-\x7e][^\x1b]?|.", re.DOTALL)
_HIGH_BITS = bytes(byte | 0x80 for byte in range(0x100))
_NO_ASCII = re.compile(rb"[\x0e\x0f\x1b\x80-\xff]")
_HALF_WIDTH = {code: chr(code - 0x21 + 0xFF61) for code in range(0x21, 0x60)}
_YEN_AND_LINE = str.maketrans("\\~", "¥‾")
_USER_DEFINED = 0xF780 - 0x80


def decode(data: bytes, encoding: str) -> str:
    r"""Return the text of bytes. Bytes that are invalid in the encoding become U+FFFD.

    >>> decode(b"\xad\xa1\xa1\xc1", "euc-jp")
    '①～'

    Args:
        data: The bytes, without a byte order mark.
        encoding: The name of the encoding in the standard, such as "euc-jp".
    """
    if decoder := _SPECIAL.get(encoding):
        return decoder(data)
    if encoding == "euc-jp":
        data = data.replace(_THIRD_TILDE, _TILDE)
    return _decode(data, _CODECS.get(encoding, encoding))


def _decode(data: bytes, codec: str) -> str:
    text = data.decode(codec, _errors(codec))
    different = _DIFFERENT.get(codec)
    return _any_different(codec).sub(lambda match: different[match[0]], text) if different else text


@cache
def _any_different(codec: str) -> re.Pattern[str]:
    return re.compile(f"[{''.join(_DIFFERENT[codec])}]")


@cache
def _errors(codec: str) -> str:
    """Return the name of the error handler for a codec."""
    if codec.startswith(("utf", "hz", "iso2022")):
        return "replace"
    name = f"khobor-{codec}"
    codecs.register_error(name, _handler(_missing(codec), codec))
    return name


def _handler(missing: Mapping[bytes, str], codec: str) -> Callable[[UnicodeError], tuple[str, int]]:
    """Return an error handler that decodes characters that the standard has and the codec lacks.

    Args:
        missing: These characters, by their bytes.
        codec: The name of the codec.
    """

    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        start = error.start
        invalid = error.object[start : start + _LONGEST_CHARACTER]
        for prefix in (invalid[:2], invalid[:1]):
            if (text := missing.get(prefix)) is not None:
                return text, start + len(prefix)
        return _REPLACEMENT, start + (_invalid_width(invalid, codec) if invalid[0] in _LEADS.get(codec, ()) else 1)

    return handle


def _invalid_width(invalid: bytes, codec: str) -> int:
    """Return how many bytes one U+FFFD replaces. A byte of ASCII is decoded again, because it may begin markup."""
    if codec == "gb18030" and (four := _FOUR_BYTES.fullmatch(invalid)):
        return four.end()
    second = invalid[1] if len(invalid) > 1 else 0
    if second < _ASCII_END:
        return 1
    third = invalid[2] if len(invalid) > 2 else 0  # noqa: PLR2004
    return 3 if codec == "euc_jp" and invalid[0] == _THIRD_SET and second in _HIGH and third >= _ASCII_END else 2


def _missing(codec: str) -> Mapping[bytes, str]:
    """Return the characters of the standard that a codec of Python lacks, by their bytes."""
    if codec == "big5hkscs":
        lines = files(__package__).joinpath("big5.txt").read_text("utf-8").splitlines()
        entries = (line.split() for line in lines if not line.startswith("#"))
        return {bytes.fromhex(pair): char for pair, char in entries}
    if codec == "euc_jp":
        pairs = [bytes((row, cell)) for row in _VENDOR_ROWS for cell in _HIGH]
        return {pair: char for pair in pairs if (char := _in_shift_jis(pair)) != _REPLACEMENT}
    if codec == "gb18030":
        return {b"\x80": "€"}
    # A byte that a Windows code page leaves free is a control code.
    free = {bytes((code,)): chr(code) for code in _FREE_CODES}
    return free | {b"\xca": "\u05ba"} if codec == "windows-1255" else free if codec not in _LEADS else {}


def _in_shift_jis(pair: bytes) -> str:
    """Return a character of EUC-JP by way of Shift_JIS, which has the same characters at other positions."""
    row, cell = pair[0] - 0xA0, pair[1] - 0xA0
    first = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)  # noqa: PLR2004
    second = cell + (0x9E if row % 2 == 0 else 0x3F if cell < 64 else 0x40)  # noqa: PLR2004
    return bytes((first, second)).decode("cp932", "replace")[0]


def _big5(data: bytes) -> str:
    if not any(pair in data for pair in _SLASHES):
        return _decode(data, "big5hkscs")
    texts, start = [], 0
    for match in _BIG5_PAIR.finditer(data):
        if char := _SLASHES.get(match[0]):
            texts += [_decode(data[start : match.start()], "big5hkscs"), char]
            start = match.end()
    return "".join([*texts, _decode(data[start:], "big5hkscs")])


def _iso_2022_jp(data: bytes) -> str:
    """Return the text of ISO-2022-JP, in which escape sequences switch character sets."""
    first, *rest = _ESCAPE.split(data)
    texts = [_seven_bits(first, b"")]
    for position in range(0, len(rest), 2):
        # A sequence directly after another one may hide text from filters. The standard replaces it.
        is_hiding = position > 0 and not rest[position - 1]
        texts += [_REPLACEMENT * is_hiding, _seven_bits(rest[position + 1], rest[position])]
    return "".join(texts)


def _seven_bits(data: bytes, kind: bytes) -> str:
    if kind in _KANJI:
        return "".join(
            _decode(match[0].translate(_HIGH_BITS), "euc_jp") if match["pairs"] else _REPLACEMENT
            for match in _SEVEN_BITS.finditer(data)
        )
    if kind == _KATAKANA:
        return "".join(_HALF_WIDTH.get(byte, _REPLACEMENT) for byte in data)
    text = _NO_ASCII.sub(b"\xff", data).decode("ascii", "replace")
    return text.translate(_YEN_AND_LINE) if kind == _ROMAN else text


def _user_defined(data: bytes) -> str:
    return "".join(chr(byte if byte < _ASCII_END else byte + _USER_DEFINED) for byte in data)


_SPECIAL: Mapping[str, Callable[[bytes], str]] = {
    "big5": _big5,
    "iso-2022-jp": _iso_2022_jp,
    "x-user-defined": _user_defined,
}
