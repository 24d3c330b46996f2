import pytest

from khobor.extract.charset import decode

TEXT = "<html>Brücke, পুতিন</html>"
LATIN = "<html>Brücke</html>"


@pytest.mark.parametrize(
    ("html", "content_type", "text"),
    [
        (TEXT.encode(), None, TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), None, TEXT),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (LATIN.encode("latin-1"), "text/html; charset=iso-8859-1", LATIN),
        (LATIN.encode("latin-1"), None, LATIN),
        (LATIN.encode("latin-1"), "text/html; charset=utf-8", LATIN),
        ("<html>Добрый</html>".encode("cp1251"), "text/html; charset=windows-1251", "<html>Добрый</html>"),
        (TEXT.encode("utf-16"), None, TEXT),
        ('<meta charset="shift_jis">宮崎県'.encode("shift_jis"), None, '<meta charset="shift_jis">宮崎県'),
    ],
)
def test_decode(html: bytes, content_type: str | None, text: str) -> None:
    assert decode(html, content_type) == text


def test_a_page_cut_in_the_middle_of_a_character_keeps_the_rest() -> None:
    assert decode(TEXT.encode() + "ত".encode()[:-1], "text/html; charset=utf-8") == TEXT + "\N{REPLACEMENT CHARACTER}"
