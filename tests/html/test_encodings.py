"""The encodings of the Encoding Standard, code point by code point."""

import hashlib
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.html.encodings import decode

# Digests of all characters of an encoding, one on each line, as the standard's decoder decodes them; by standard.mjs.
DIGESTS = {
    "big5": "0a6ca50e9b5d4c9a",
    "euc-jp": "9783a11ff9de7bef",
    "euc-kr": "066ddaeeb420c9da",
    "gb18030": "37b67158d899dc7f",
    "gbk": "6ca032ac22b5921c",
    "ibm866": "5a856a1cc72f92ff",
    "iso-2022-jp": "1914d5845f1f22fd",
    "iso-8859-10": "34e36339240c8d8b",
    "iso-8859-13": "3bac58e9cc8e52cd",
    "iso-8859-14": "ec2339ae801d5107",
    "iso-8859-15": "e3f0667fe89309a7",
    "iso-8859-16": "c68ff962b68531cb",
    "iso-8859-2": "5e9a0811bf08daf5",
    "iso-8859-3": "6555258335579b89",
    "iso-8859-4": "08e4e0f402fac588",
    "iso-8859-5": "df3e28bbb226e1cd",
    "iso-8859-6": "ac5e5b97608b416e",
    "iso-8859-7": "9f68204513e94f00",
    "iso-8859-8": "16b842dbf1779d83",
    "iso-8859-8-i": "16b842dbf1779d83",
    "koi8-r": "e18c51434de748aa",
    "koi8-u": "09ca3df06fe07cf2",
    "macintosh": "a6af4ef8837ca7fc",
    "shift_jis": "0694ae80cedb484d",
    "windows-1250": "697d3e9c20631e29",
    "windows-1251": "046cabf3dd731926",
    "windows-1252": "b45da48fcc29fa51",
    "windows-1253": "b86ba26ea99fb622",
    "windows-1254": "233441a35d0b7823",
    "windows-1255": "63cacbae4c945413",
    "windows-1256": "8f0f0e8f96c6e90c",
    "windows-1257": "a2e34bb97e73154a",
    "windows-1258": "7ab8842d941a6717",
    "windows-874": "328a1a499919669e",
    "x-mac-cyrillic": "b84eb464bfafed28",
    "x-user-defined": "87337a75680cce3d",
}
SEVERAL_BYTES = ("big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso-2022-jp", "shift_jis")
HIGH, DIGITS = range(0xA1, 0xFF), range(0x30, 0x3A)


def characters(encoding: str) -> list[bytes]:
    if encoding not in SEVERAL_BYTES:
        return [bytes((byte,)) for byte in range(0x100)]
    if encoding == "iso-2022-jp":
        kanji = [b"\x1b$B%c%c\x1b(B" % pair for pair in product(range(0x21, 0x7F), repeat=2)]
        return kanji + [b"\x1b(%c%c\x1b(B" % pair for pair in product(b"IJ", range(0x80))]
    found = [bytes(pair) for pair in product(range(0x80, 0x100), range(0x100))]
    if encoding == "euc-jp":
        found += [b"\x8f%c%c" % pair for pair in product(HIGH, HIGH)]
    if encoding == "gb18030":
        firsts = (0x81, 0x82, 0x83, 0x84, 0x90, 0xE3)
        found += [bytes(four) for four in product(firsts, DIGITS, range(0x81, 0xFF), DIGITS)]
    return found


@pytest.mark.parametrize("encoding", DIGESTS)
def test_every_character_is_read_as_the_standard_reads_it(encoding: str) -> None:
    text = decode(b"".join(char + b"\n" for char in characters(encoding)), encoding)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == DIGESTS[encoding]


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("euc-jp", b"\xad\xa1 \xa1\xc1 \xfc\xf3", "① ～ ⅲ"),
        ("big5", b"\xa1\xfe\xa2\x41\xa2A \xa1\xa2A", "／∕∕ ﹜A"),
        ("koi8-u", b"\xae\xbe", "ўЎ"),
        ("gbk", b"\x80 \xa8\xbc", "€ ḿ"),
        ("iso-2022-jp", b"a\x1b$B;T\x1b(B\x1b(J\\b", "a市\ufffd¥b"),
        ("iso-2022-jp", b"\x1b$B;T\n;", "市\ufffd\ufffd"),
        ("iso-2022-jp", b"\x1b(I1\x1b!", "ｱ\ufffd｡"),
        ("shift_jis", b"\x81<b>", "\ufffd<b>"),
        ("gb18030", b"\x81\x30\x81<b>\x81\x30", "\ufffd0\ufffd<b>\ufffd"),
        ("euc-jp", b"\x8f\xa1<b>\x8f\xa1\xa1", "\ufffd<b>\ufffd"),
        ("windows-1252", b"\x81\x93", "\x81“"),
    ],
)
def test_what_is_no_character_takes_no_markup_along(encoding: str, data: bytes, text: str) -> None:
    assert decode(data, encoding) == text


@given(st.sampled_from([*DIGESTS, "utf-8", "utf-16le", "utf-16be"]), st.binary(max_size=60))
def test_no_bytes_make_it_fail(encoding: str, data: bytes) -> None:
    assert isinstance(decode(data, encoding), str)
