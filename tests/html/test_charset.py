import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.html.charset import to_utf8


def decode(html: bytes, content_type: str | None) -> str:
    return to_utf8(html, content_type).decode()


TEXT = "<html>Brücke, পুতিন</html>"
LATIN = "<html>Brücke</html>"
RUSSIAN = "<html>Добрый</html>"


@pytest.mark.parametrize(
    ("html", "content_type", "text"),
    [
        (TEXT.encode(), None, TEXT),
        (b"\xef\xbb\xbf" + TEXT.encode(), None, TEXT),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (LATIN.encode("latin-1"), "text/html; charset=iso-8859-1", LATIN),
        (LATIN.encode("latin-1"), None, LATIN),
        (LATIN.encode("latin-1"), "text/html; charset=utf-8", LATIN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode("cp1251"), 'text/html;Charset="x-cp1251"', RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "text/html; charset=koi8-r, text/html", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=nonsense", RUSSIAN),
        (TEXT.encode("utf-16"), None, TEXT),
        (TEXT.encode("utf-16-le"), None, TEXT),
        (TEXT.encode("utf-16-be"), "text/html", TEXT),
        ('<meta charset="shift_jis">宮崎県'.encode("shift_jis"), None, '<meta charset="shift_jis">宮崎県'),
    ],
)
def test_decode(html: bytes, content_type: str | None, text: str) -> None:
    assert decode(html, content_type) == text


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("iso-8859-1", b"\x93bridge\x94 \x80"),
        ("us-ascii", b"\x93bridge\x94 \x80"),
        ("gb2312", "镕—€".encode("gb18030")),
        ("gbk", "镕—€".encode("gb18030")),
        ("iso-8859-9", "ğ “€”".encode("cp1254")),
        ("tis-620", "ก“€”".encode("cp874")),
        ("ks_c_5601-1987", "뷁똠".encode("cp949")),
        ("x-sjis", "①髙".encode("cp932")),
    ],
)
def test_a_name_means_what_browsers_take_it_for(label: str, written: bytes) -> None:
    text = decode(b"<title>" + written, f"text/html; charset={label}")
    assert text.removeprefix("<title>") in {"“bridge” €", "镕—€", "ğ “€”", "ก“€”", "뷁똠", "①髙"}


@pytest.mark.parametrize(
    "declaration",
    [
        "<meta charset=koi8-r>",
        "<META CharSet = 'KOI8-R' />",
        '<meta name="a" content="charset=big5"><meta charset=" koi8-r ">',
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        "<meta content='text/html;charset=\"koi8-r\"' http-equiv=content-type>",
        '<meta charset="nonsense"><meta charset="koi8-r">',
        '<meta charset="koi8-r" charset="big5">',
        '<!-- <meta charset="big5"> --><meta charset="koi8-r">',
        '<!--><meta charset="koi8-r"><!-- -->',
        '<p title="<meta charset=big5>"></p><meta charset="koi8-r">',
        "<p title=\"x>\"></p><meta charset='koi8-r'>",
        '<?xml version="1.0" encoding="koi8-r"?>',
        f"<script>{'x' * 20_000}</script><meta charset=koi8-r>",
    ],
)
def test_a_declaration_is_found(declaration: str) -> None:
    assert decode(f"{declaration}<p>мост".encode("koi8-r"), None).endswith("<p>мост")


@pytest.mark.parametrize(
    "declaration",
    [
        "<metacharset=koi8-r>",
        '<!-- <meta charset="koi8-r">',
        '<meta content="text/html; charset=koi8-r">',
        '<meta name="x" content="text/html; charset=koi8-r">',
        '<p title="<meta charset=koi8-r>">',
        "<meta charset='koi8-r\">",
    ],
)
def test_what_is_no_declaration_is_not_believed(declaration: str) -> None:
    assert decode(f"{declaration}<p>Brücke schön".encode("latin-1"), None).endswith("<p>Brücke schön")


def test_a_page_that_can_declare_has_no_utf_16() -> None:
    html = "<meta charset='utf-16'>" + "Die schöne Brücke über den Fluss " * 20
    broken = html.encode() + b"\xe4"
    assert decode(broken, None) == html + "\N{REPLACEMENT CHARACTER}"


SENTENCES = {
    "windows-1251": "Старый мост снова открыт для пешеходов, сообщила мэрия. Жители города рады этому решению. ",
    "shift_jis": "古い橋の修理が終わり、来月から歩いて渡れるようになると市が発表した。カフェも開く。",
    "euc-jp": "古い橋の修理が終わり、来月から歩いて渡れるようになると市が発表した。カフェも開く。",
    "euc-kr": "오래된 다리의 보수가 끝나 다음 달부터 걸어서 건널 수 있다고 시가 발표했다. 주민들은 기뻐했다. ",
    "gb18030": "老桥的维修工程已经结束，市政府宣布下个月起行人可以通过。附近的居民对此表示高兴。",
    "big5": "老橋的維修工程已經結束，市政府宣布下個月起行人可以通過。附近的居民對此表示高興。",
    "windows-1256": "أعلنت البلدية أن أعمال ترميم الجسر القديم انتهت وأن المشاة سيعبرونه من الشهر المقبل. ",
    "tis-620": "เทศบาลประกาศว่าการซ่อมสะพานเก่าเสร็จแล้ว และจะเปิดให้คนเดินข้ามได้ในเดือนหน้า ",
    "windows-1253": "Ο δήμος ανακοίνωσε ότι η επισκευή της παλιάς γέφυρας ολοκληρώθηκε και θα ανοίξει σύντομα. ",
    "windows-1255": "העירייה הודיעה כי תיקון הגשר הישן הסתיים וכי הולכי רגל יעברו בו מהחודש הבא. ",
    "windows-1252": "Die alte Brücke ist für Fußgänger wieder geöffnet, erklärte die Stadt. Die Bürger freuen sich. ",
}


@pytest.mark.parametrize("charset", SENTENCES)
def test_a_page_that_declares_none_is_recognised(charset: str) -> None:
    text = SENTENCES[charset] * 5
    page = f"<html><head><script>var page = {{}};</script></head><body><p>{text}</p></body></html>"
    assert decode(page.encode(charset), None) == page


JAPANESE = "<title>市議会、古い橋の架け替え案を可決</title><p>アーチは三基。"


@pytest.mark.parametrize(
    ("declaration", "content_type"),
    [
        ("", "text/html; charset=ISO-2022-JP"),
        ('<meta charset="iso-2022-jp">', None),
        ('<meta charset="iso-2022-jp">', "text/html; charset=utf-8"),
        ('<?xml version="1.0" encoding="ISO-2022-JP"?>', "text/xml"),
        ("", None),
        ('<meta charset="utf-8">', "text/html; charset=utf-8"),
    ],
)
def test_bytes_of_seven_bits_are_no_sign_of_utf_8(declaration: str, content_type: str | None) -> None:
    html = (declaration + JAPANESE).encode("iso2022_jp")
    assert decode(html + b"x\x1b(I1\x1b(B", content_type) == f"{declaration}{JAPANESE}xｱ"


@pytest.mark.parametrize(("label", "codec"), [("hz-gb-2312", "hz"), ("ISO-2022-KR", "iso2022_kr")])
def test_what_browsers_refuse_is_read(label: str, codec: str) -> None:
    text = {"hz": "市议会通过重建旧桥方案", "iso2022_kr": "시의회가 다리 재건을 승인했다"}[codec]
    assert decode(f"<title>{text}</title>".encode(codec), f"text/html; charset={label}") == f"<title>{text}</title>"
    assert decode(b"<p>A ~{ brace", "text/html; charset=iso-2022-kr") == "<p>A ~{ brace"


@pytest.mark.parametrize("text", ["a ~{ b", "\x1b[31mred", "x\x1b$ y", "~{VPND~} ~{"])
def test_escapes_make_no_other_charset_of_a_page(text: str) -> None:
    assert decode(f"<p>{text}".encode(), "text/html") == f"<p>{text}"


@pytest.mark.parametrize(
    ("codec", "header", "meta"),
    [
        ("shift_jis", "iso-8859-1", "shift_jis"),
        ("euc-jp", "utf-8", "euc-jp"),
        ("euc-kr", "windows-1252", "euc-kr"),
        ("big5", "us-ascii", "big5"),
        ("gbk", "ISO-8859-1", "gb2312"),
        ("windows-1251", "iso-8859-1", "windows-1251"),
        ("windows-1251", "windows-1251", "iso-8859-1"),
        ("koi8-r", "koi8-r", "windows-1251"),
        ("koi8-r", "windows-1251", "koi8-r"),
        ("windows-1251", "koi8-r", "windows-1251"),
        ("shift_jis", "euc-jp", "shift_jis"),
        ("shift_jis", "shift_jis", "euc-jp"),
        ("windows-1256", "utf-8", "windows-1256"),
        ("gbk", "big5", "gbk"),
    ],
)
def test_where_header_and_document_differ_the_bytes_decide(codec: str, header: str, meta: str) -> None:
    by_codec = {"gbk": "gb18030", "koi8-r": "windows-1251"}
    html = f"<meta charset={meta}><p>{SENTENCES[by_codec.get(codec, codec)]}"
    assert decode(html.encode(codec), f"text/html; charset={header}") == html


@pytest.mark.parametrize("label", ["ISO-8859-1", "windows-1251", "iso-8859-2", "koi8-r"])
def test_a_document_in_two_charsets_is_read_in_both(label: str) -> None:
    declared = f'<?xml version="1.0" encoding="{label}"?>'
    own = {"ISO-8859-1": "Les élèves à l’école", "iso-8859-2": "Żółw"}.get(label, "Мост")
    codec = "cp1252" if label == "ISO-8859-1" else label
    other = "খবর: পুরোনো সেতু, “café”"
    html = f"{declared}<title>".encode() + own.encode(codec) + f"</title><p>{other}".encode()
    assert decode(html, None) == f"{declared}<title>{own}</title><p>{other}"


def test_utf_8_with_a_byte_gone_wrong_is_no_other_charset_that_is_declared() -> None:
    text = SENTENCES["gb18030"] * 3
    assert decode(f"<meta charset=gbk><p>{text}".encode() + b"\xe8<p>", None).endswith(
        f"<p>{text}\N{REPLACEMENT CHARACTER}<p>"
    )


def test_a_byte_gone_wrong_costs_a_declared_charset_one_character() -> None:
    text = SENTENCES["gb18030"]
    assert decode(f"<meta charset=gbk><p>{text}".encode("gbk") + b"\xff<p>", None).endswith(
        f"<p>{text}\N{REPLACEMENT CHARACTER}<p>"
    )


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("windows1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("CP 1251", "cp1251"),
        ("koi8r", "koi8-r"),
        ("ISO_8859_5", "iso8859-5"),
        ("iso 8859-5", "iso8859-5"),
    ],
)
def test_misspelt_names_are_understood(label: str, codec: str) -> None:
    html = f'<meta charset="{label}"><p>{SENTENCES["windows-1251"]}'
    assert decode(html.encode(codec), None) == html


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["\n\r\n<p>খবর", "[1]", " {}", "<p>x"])
def test_utf_16_needs_no_mark(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "text/html; charset=utf-8") == text


def test_a_wrong_declaration_gives_way_to_what_the_page_is_in() -> None:
    text = SENTENCES["euc-kr"] * 5
    html = f"<meta charset='utf-8'><p>{text}".encode("euc-kr")
    assert decode(html, "text/html; charset=utf-8").endswith(text)


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
def test_a_page_cut_in_the_middle_of_a_character_keeps_the_rest(content_type: str | None) -> None:
    assert decode(TEXT.encode() * 3 + "ত".encode()[:-1], content_type) == TEXT * 3 + "\N{REPLACEMENT CHARACTER}"


def test_a_page_in_utf_8_is_not_copied() -> None:
    html = TEXT.encode()
    assert to_utf8(html, None) is html


def test_marks_and_nul_bytes_go() -> None:
    assert to_utf8(b"\xef\xbb\xbf<p>a\x00b", None) == b"<p>ab"


@given(st.binary(max_size=200), st.none() | st.text(max_size=30))
def test_no_bytes_make_it_fail(html: bytes, content_type: str | None) -> None:
    assert "\x00" not in decode(html, content_type)


@given(st.lists(st.sampled_from(b"<meta |charset|=|\"|'|>|/| |<!--|-->|koi8-r|\xff".split(b"|"))))
def test_no_markup_makes_it_fail(parts: list[bytes]) -> None:
    html = b"".join(parts)
    assert to_utf8(to_utf8(html, None), None) == to_utf8(html, None)
