"""The authors in the byline, in any script. No author is better than a wrong one."""

from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page
from tests.extract.fields.sample_article import article, json_ld_article, meta

from khobor.extract import extract
from khobor.extract.bylines import declared_names, split_byline
from khobor.sources.registry import Registry

URL = "https://news.example/city/bridge-1"


def names(**parts: Any) -> list[str]:
    return [author.name for author in extract(page(**parts), URL).authors]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("Von Jana Dorn und Max Ruhl", ["Jana Dorn", "Max Ruhl"]),
        ("Par Claire Aubin, envoyée spéciale à Lille", ["Claire Aubin"]),
        ("Автор: Ольга Снегова, корреспондент отдела культуры", ["Ольга Снегова"]),
        ("Updated: 12.04.2024, 08:15 | Author: Maria Todd | Read: 2841", ["Maria Todd"]),
        ("โดย: กองบรรณาธิการ", ["กองบรรณาธิการ"]),
        ("নিজস্ব প্রতিবেদক, রাজশাহী", ["নিজস্ব প্রতিবেদক"]),
        ("김하늘 기자", ["김하늘"]),
        ("记者王敬照", ["王敬照"]),
        ("Redaktion: Jana Dorn", ["Jana Dorn"]),
        ("Text: Jana Dorn; Fotos: Max Ruhl", ["Jana Dorn"]),
        ("By The Daily Test", []),
        ("By clicking “Send” you agree", []),
        ("Share Twitter Facebook", []),
        ("12 May 2024", []),
        ("记者博客", []),
    ],
)
def test_a_line_below_the_headline_names_them(byline: str, expected: list[str]) -> None:
    head = '<meta property="og:site_name" content="The Daily Test">'
    assert names(head=head, article=f"<div>{byline}</div>") == expected


def test_buttons_and_labels_of_dates_in_a_byline_are_not_authors() -> None:
    buttons = '<a href="#" class="print">Print</a> <a class="size">Larger Text</a> <a href="javascript:x()">Save It</a>'
    assert names(article=f'<div class="byline"><span>Jane Doe</span> {buttons}</div>') == ["Jane Doe"]
    dated = '<span>জ্যেষ্ঠ প্রতিবেদক</span> <span>প্রকাশিত: ০৪:৩০ পিএম, ১২ মার্চ ২০২৬</span> <a href="#">প্রিন্ট</a>'
    assert names(article=f'<div class="author-row">{dated}</div>', lang="bn") == ["জ্যেষ্ঠ প্রতিবেদক"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<div class="byline"><span class="n">Jane Doe</span><span class="n">John Roe</span></div>',
            ["Jane Doe", "John Roe"],
        ),
        (
            '<div class="byline"><a href="/a/1">Jane Doe</a>, <a href="/a/2">John Roe</a></div>',
            ["Jane Doe", "John Roe"],
        ),
        ('<div class="author">Jane Doe</div><div class="author">John Roe</div>', ["Jane Doe", "John Roe"]),
        ('<div class="author">Jane Doe<br>Political Editor<br>12 May 2024</div>', ["Jane Doe"]),
        ('<div class="author">Twitter Facebook</div>', []),
        ('<div class="author">News</div>', []),
        ("<div><span>Jane Doe</span> <span>17 May 2024, 12:48</span></div>", ["Jane Doe"]),
        ("<p><strong>Jane Doe/John Roe</strong></p>", ["Jane Doe", "John Roe"]),
    ],
)
def test_the_markup_of_the_byline_tells_them_apart(markup: str, expected: list[str]) -> None:
    assert names(article=markup) == expected


def test_where_json_ld_has_only_the_sites_name_the_visible_byline_is_next() -> None:
    described = {
        "@type": "NewsArticle",
        "headline": "x",
        "author": "The Daily Test",
        "publisher": {"name": "The Daily Test"},
    }
    assert names(json_ld=described) == ["The Daily Test"]
    assert names(json_ld=described, article='<p class="byline">By Jane Doe</p>') == ["Jane Doe"]


def test_a_byline_that_names_more_than_json_ld_completes_it() -> None:
    described = {"@type": "NewsArticle", "headline": "x", "author": "Jane Doe"}
    links = '<a rel="author" href="/a/1">Jane Doe</a> <a rel="author" href="/a/2">John Roe</a>'
    assert names(json_ld=described, article=f'<div class="byline">{links}</div>') == ["Jane Doe", "John Roe"]


def test_the_photographer_and_the_author_of_another_article_are_none() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption><span itemprop="author">Max Ruhl</span></figcaption></figure>'
    other = '<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author">John Roe</span></div>'
    html = page(article=f"{figure}<span itemprop='author'>Jane Doe</span>").decode()
    html = html.replace("<article>", '<article itemscope itemtype="https://schema.org/NewsArticle">')
    found = extract(html.replace("<footer>", f"{other}<footer>").encode(), URL)
    assert [author.name for author in found.authors] == ["Jane Doe"]


@pytest.mark.parametrize("name", ["Redacción Delta", "Haber Merkezi", "Interview Magazine Desk"])
def test_a_word_that_begins_a_desks_name_stays(name: str) -> None:
    assert split_byline(name) == [name]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"json_ld": json_ld_article(author={"name": "A. Rahman"})}, ["A. Rahman"]),
        ({"json_ld": json_ld_article(author={"givenName": "Jane", "familyName": "Doe"})}, ["Jane Doe"]),
        ({"json_ld": json_ld_article(author={"@type": "Role", "author": {"name": "Jane Doe"}})}, ["Jane Doe"]),
        ({"json_ld": json_ld_article(author=["A. Rahman", {"name": "B. Khan"}])}, ["A. Rahman", "B. Khan"]),
        ({"json_ld": json_ld_article(author="A. Rahman and B. Khan")}, ["A. Rahman", "B. Khan"]),
        ({"head": '<meta name="author" content="By A. Rahman">'}, ["A. Rahman"]),
        ({"article": '<p class="byline">By A. Rahman, B. Khan</p>'}, ["A. Rahman", "B. Khan"]),
        ({"article": '<a rel="author" href="/a/1">A. Rahman</a>'}, ["A. Rahman"]),
        ({"head": meta("article:author", "https://facebook.com/daily")}, []),
        ({}, []),
    ],
)
def test_are_named(parts: dict[str, Any], names: list[str]) -> None:
    assert [author.name for author in article(**parts).authors] == names


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Jane Doe<br>John Roe", ["Jane Doe", "John Roe"]),
        ("<span>Jane</span> Doe<br>Staff Reporter", ["Jane Doe"]),
    ],
)
def test_each_line_of_what_a_sources_rule_selects_is_a_name(byline: str, expected: list[str]) -> None:
    file = 'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\n[rules]\nauthors = [".who"]\n'
    html = page(article=f'<p class="who">{byline}</p>')
    found = extract(html, "https://news.example/a/1", sources=Registry({"daily.toml": file})).authors
    assert [author.name for author in found] == expected


def test_have_a_url_where_there_is_one() -> None:
    (author,) = article(json_ld=json_ld_article(author={"name": "A. Rahman", "url": "/authors/1"})).authors
    assert author.url == "https://news.example/authors/1"


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Jane Doe, John Roe, and Mary Poe", ["Jane Doe", "John Roe", "Mary Poe"]),
        ("Ana Gil, Luis Paz, y Eva Sol", ["Ana Gil", "Luis Paz", "Eva Sol"]),
        ("Joe Somers, Jr.", ["Joe Somers Jr."]),
        ("Jane Doe, MD, PhD and John Roe III", ["Jane Doe", "John Roe III"]),
        ("Jane Doe, M.D.", ["Jane Doe"]),
        ("Jane Doe, Esq., and John Roe, Sr.", ["Jane Doe", "John Roe Sr."]),
        (
            'By <a href="/people/amin">Amin Verdi</a>, Seán O&amp;#39;Murray and Alan Reed',
            ["Amin Verdi", "Seán O'Murray", "Alan Reed"],
        ),
        ("Se&aacute;n &amp;amp; Jane Doe", ["Seán", "Jane Doe"]),
        ("Jane Doe, Health Editor, and John Roe, Science Editor", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Reporter, John Roe, Editor", ["Jane Doe", "John Roe"]),
        ("Senior Reporter Jane Doe", ["Jane Doe"]),
        ("Clara Benning Senior Reporter", ["Clara Benning"]),
        ("Redakteurin Jana Dorn", ["Jana Dorn"]),
        ("Jana Dorn, Redakteurin Politik", ["Jana Dorn"]),
        ("Ana Pérez, corresponsal en Madrid", ["Ana Pérez"]),
        ("Ana Pérez / Madrid", ["Ana Pérez"]),
        ("স্টাফ রিপোর্টার রফিকুল ইসলাম", ["রফিকুল ইসলাম"]),
        ("রফিকুল ইসলাম, জেলা প্রতিনিধি, কুমিল্লা", ["রফিকুল ইসলাম"]),
        ("রফিকুল ইসলাম, কুমিল্লা", ["রফিকুল ইসলাম"]),
        ("নিজস্ব প্রতিবেদক, রাজশাহী", ["নিজস্ব প্রতিবেদক"]),
        ("本报记者 王小明", ["王小明"]),
        ("记者 王小明 李华 报道", ["王小明", "李华"]),
        ("文／王小明", ["王小明"]),
        ("（記者王小明／台北報導）", ["王小明"]),
        ("記者王小明／台北報導", ["王小明"]),
        ("来源：新华社 作者：李华", ["李华"]),
        ("来源：新华社", []),
        ("責任編輯：陳大文", []),
        ("作者：李华 责任编辑：陈大文", ["李华"]),
        ("文/王小明 图/李华", ["王小明"]),
        ("新华社记者王小明、李华", ["王小明", "李华"]),
        ("記者王小明、李華／綜合報導", ["王小明", "李華"]),
        ("中新网记者 王小明", ["王小明"]),
        ("홍길동 기자 hong@example.com", ["홍길동"]),
        ("(서울=연합뉴스) 홍길동 기자", ["홍길동"]),
        ("[서울=뉴시스] 홍길동 기자 =", ["홍길동"]),
        ("홍길동·김철수 기자", ["홍길동", "김철수"]),
        ("글·사진 홍길동 기자", ["홍길동"]),
        ("【東京＝山田太郎】", ["山田太郎"]),
        ("文・写真 山田太郎", ["山田太郎"]),
        ("取材・文／山田太郎", ["山田太郎"]),
        ("山田太郎記者", ["山田太郎"]),
        ("كتب: محمد علي", ["محمد علي"]),
        ("كتب - محمد علي", ["محمد علي"]),
        ("القاهرة - محمد علي", ["محمد علي"]),
        ("بقلم محمد علي", ["محمد علي"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Автор: Иван Петров Фото: ТАСС", ["Иван Петров"]),
        ("Иван Петров, корреспондент ТАСС", ["Иван Петров"]),
        ("ByJane Doe", ["Jane Doe"]),
        ("Von Max Muster", ["Max Muster"]),
        ("VonMax Muster", ["Max Muster"]),
        ("PorAna Gil", ["Ana Gil"]),
        ("Byron Smith", ["Byron Smith"]),
        ("Parker Lee", ["Parker Lee"]),
        ("Vonda Shaw", ["Vonda Shaw"]),
        ("TF1", ["TF1"]),
        ("La rédaction de TF1info", ["La rédaction de TF1info"]),
        ("Rapid7", ["Rapid7"]),
        ("Agent 47", ["Agent 47"]),
        ("Jane Doe 12", ["Jane Doe"]),
        ("BBC Radio 4", ["BBC Radio 4"]),
        ("Jane Doe (12)", ["Jane Doe"]),
        ("France 24", ["France 24"]),
        ("May 12, 2024", []),
        ("December", []),
        ("12 May 2024", []),
        ("12 May", []),
        ("Jane Doe May 12, 2024", ["Jane Doe"]),
        ("Jane Doe, May 12, 2024", ["Jane Doe"]),
        ("June Smith", ["June Smith"]),
        ("3:46 PM", []),
        ("Monday", []),
        ("5 hours ago", []),
        ("Jane Doe 5 hours ago", ["Jane Doe"]),
        ("Jane Doe 2024-05-12", ["Jane Doe"]),
        ("https://example.com/jane", []),
        ("jane@example.com", []),
        ("jane@example.com (Jane Doe)", ["Jane Doe"]),
        ("@janedoe", []),
        ("Jane Doe @janedoe", ["Jane Doe"]),
        ("Jane Doe https://x.com/jane", ["Jane Doe"]),
        ("www.example.com", []),
        ("Facebook Twitter", []),
        ("admin", []),
        ("Staff", []),
        ("undefined", []),
        ("null", []),
        ("{{author}}", []),
        ("[author]", []),
        ("N/A", []),
        ("author_name", []),
        ("%author%", []),
        ("Undefined undefined", []),
        ("Marta Soler \u200b Barcelona", ["Marta Soler"]),
        ("Marta Soler\nBarcelona", ["Marta Soler"]),
        ("Marta Soler | Barcelona", ["Marta Soler"]),
        ("Berlin | Jana Dorn", ["Jana Dorn"]),
        ("Jana Dorn in Berlin", ["Jana Dorn"]),
        ("Jana Dorn, Berlin", ["Jana Dorn"]),
        ("London — Jane Doe", ["Jane Doe"]),
        ("Jana Dorn aus Berlin", ["Jana Dorn"]),
        ("Reuters Staff", ["Reuters Staff"]),
        ("AFP, Jane Doe", ["AFP", "Jane Doe"]),
        ("Jane Doe, Reuters", ["Jane Doe", "Reuters"]),
        ("Haber: Ali Veli", ["Ali Veli"]),
        ("Ali VELİ/İSTANBUL, (DHA)", ["Ali VELİ"]),
        ("Text: Jana Dorn; Fotos: Max Ruhl", ["Jana Dorn"]),
        ("Jane Doe and John Roe for The Daily", ["Jane Doe", "John Roe"]),
        ("Mike Cason | mcason@al.com", ["Mike Cason"]),
        ("A. J. Neal", ["A. J. Neal"]),
        ("Jeffrey A. Slotnick CPP, PSP", ["Jeffrey A. Slotnick CPP"]),
        ("Mayank Gupta, CEO of CaseBasix", ["Mayank Gupta"]),
        ("Meghan Neville Content Marketing Coordinator", ["Meghan Neville"]),
        ("Ben Applebaum-Bauch ⋅ Review Editor", ["Ben Applebaum-Bauch"]),
        ("Edited by Jane Doe", []),
        ("राम कुमार, संवाददाता", ["राम कुमार"]),
        ("लेखक: राम कुमार", ["राम कुमार"]),
        ("Updated: 12.04.2024, 08:15 | Author: Maria Todd | Read: 2841", ["Maria Todd"]),
        ("Nguyễn Văn A và Trần Thị B", ["Nguyễn Văn A", "Trần Thị B"]),
        ("U2", ["U2"]),
        ("Nov 12", []),
        ("Super Admin", []),
        ("MADRID / Ana Gil", ["Ana Gil"]),
        ("記者 張大明 台北報導", ["張大明"]),
        ("【記者張大明台北報導】", ["張大明"]),
        ("記者王小明、李華高雄報導", ["王小明", "李華"]),
        ("（中央社記者王小明台北27日電）", ["王小明"]),
        ("記者張大明某地報導", []),
        ("【聯合晚報╱記者王小明╱台北報導】", ["王小明"]),
        ("記者 蒋 凌 王小明", ["蒋凌", "王小明"]),
        ("該文作者認為橋樑應該重建", []),
        ("记者说：太拥挤了。现在能买上票", []),
        ("王小明／攝影", ["王小明"]),
        ("By MARY POE AP Science Writer", ["MARY POE"]),
        ("通讯员 张三 记者 李四", ["张三", "李四"]),
        ("서울=연합뉴스 홍길동 기자", ["홍길동"]),
        ("문화부 홍길동 기자", ["홍길동"]),
        ("기자 홍길동", ["홍길동"]),
        ("文＝山田太郎", ["山田太郎"]),
        ("写真・山田太郎", []),
        ("Kim In Soo", ["Kim In Soo"]),
        ("Sophie in 't Veld", ["Sophie in 't Veld"]),
        ("By Jane Doe, in Washington, and John Roe, in London", ["Jane Doe", "John Roe"]),
        ("Jane Doe (Senior Reporter), John Roe (Editor)", ["Jane Doe", "John Roe"]),
        ("Reporting by Jane Doe; Editing by John Roe and Ann Poe", ["Jane Doe"]),
        ("Words by Jane Doe, photographs by John Roe", ["Jane Doe"]),
        ("글 홍길동 기자, 사진 김철수 기자", ["홍길동"]),
        ("Par Marie Dupont avec AFP", ["Marie Dupont", "AFP"]),
        ("ঢাকা থেকে রহিম উদ্দিন", ["রহিম উদ্দিন"]),
        ("दिल्ली से राम शर्मा", ["राम शर्मा"]),
        ("Bài và ảnh: Nguyễn Văn A", ["Nguyễn Văn A"]),
        ("Texto y fotos: Ana Gil", ["Ana Gil"]),
        ("Bởi Nguyễn Văn A", ["Nguyễn Văn A"]),
        ("Theo Reuters", []),
        ("Γράφει ο Νίκος Παππάς", ["Νίκος Παππάς"]),
        ("Source AFP", []),
        ("Source Code Magazine", ["Source Code Magazine"]),
        ("Channel 4 News", ["Channel 4 News"]),
        ("Jane Doe Nov 27", ["Jane Doe"]),
        ("Blink-182", ["Blink-182"]),
        ("Author Name", []),
        ("Jana Dorn, Lindmark, und Max Ruhl (Text), Eva Lohse (Fotos) · 12. Mai 2026", ["Jana Dorn", "Max Ruhl"]),
        ("Eva Lohse (Fotos), Max Ruhl (Video)", []),
        ("Jane Doe, Head of Marketing and Community Development", ["Jane Doe"]),
        ("Jane Doe, Head of News, and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, The Times of Norland", ["Jane Doe"]),
        ("Jane Doe and The Times of Norland", ["Jane Doe", "The Times of Norland"]),
        ("Jane Doe, Berlin and John Roe, Paris", ["Jane Doe", "John Roe"]),
        ("بقلم: محمد علي وأحمد حسن", ["محمد علي", "أحمد حسن"]),
        ("محمد علي وليد حسن", ["محمد علي وليد حسن"]),
        ("דנה כהן ומשה לוי", ["דנה כהן", "משה לוי"]),
        ("राम शर्मा द्वारा", ["राम शर्मा"]),
        ("লেখক: করিম উদ্দিন, অধ্যাপক, ঢাকা বিশ্ববিদ্যালয়", ["করিম উদ্দিন"]),
        ("作者：张三，林马克大学教授", ["张三"]),
        ("编辑委员：李四 作者：张三 李华", ["张三", "李华"]),
        ("編集委員・山田太郎、佐藤花子", ["山田太郎", "佐藤花子"]),
        ("新华网记者张三 实习生李华", ["张三", "李华"]),
        ("Contributors: Jane Doe", ["Jane Doe"]),
        ("admin12", []),
        ("By Jane Doe. Last updated December 11, 2025", ["Jane Doe"]),
        ("Jane Doe, first published 3 May 2026", ["Jane Doe"]),
        ("By Jon Doe Jr. Updated 3 May 2026", ["Jon Doe Jr."]),
        ("Jane Doe VP - Technology", ["Jane Doe"]),
        ("Jane Doe, Full Bio", ["Jane Doe"]),
        ("Text", []),
        ("Words", []),
    ],
)
def test_a_byline_names_people_and_not_what_else_it_says(byline: str, expected: list[str]) -> None:
    assert split_byline(byline) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("Doe, Jane", ["Jane Doe"]),
        ("Doe, Jane; Roe, John", ["Jane Doe", "John Roe"]),
        ("van der Berg, Jan", ["Jan van der Berg"]),
        ("Jane Doe, Reuters", ["Jane Doe", "Reuters"]),
        ("Reuters, AFP", ["Reuters", "AFP"]),
        ("Doe, Jane A.", ["Jane A. Doe"]),
        ("Somers, Jr.", ["Somers Jr."]),
        ("Jane Doe; John Roe", ["Jane Doe", "John Roe"]),
        ("García López, María; Roe, John", ["María García López", "John Roe"]),
        ("Jane Doe, London; John Roe, Paris", ["Jane Doe", "John Roe"]),
        ("Иванов, Пётр", ["Пётр Иванов"]),
        ("20 Minuten", ["20 Minuten"]),
        ("27 November", []),
        ("12 Comments", []),
    ],
)
def test_a_name_for_machines_may_begin_with_the_surname(declared: str, expected: list[str]) -> None:
    assert declared_names(declared) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>記者王小明／台北報導</p>", ["王小明"]),
        ("<div><span>2026年11月27日</span><span>来源：新华社</span><span>作者：李华</span></div>", ["李华"]),
        ('<div class="byline"><span>박민수 기자 minsu@example.com</span></div>', ["박민수"]),
        (
            '<div class="author"><span class="n">Clara Benning</span><span class="t">Senior Reporter</span></div>',
            ["Clara Benning"],
        ),
        ("<p>Editor: Jane Doe</p>", []),
        ("<p>홍길동 기자 hong@example.com</p>", ["홍길동"]),
        ("<p>홍길동·김철수 기자</p>", ["홍길동", "김철수"]),
        ("<p>【東京＝山田太郎】</p>", ["山田太郎"]),
        ('<p class="byline">Ludwig van der Berg</p>', ["Ludwig van der Berg"]),
    ],
)
def test_a_page_names_who_wrote_it_and_not_its_source_or_editor(markup: str, expected: list[str]) -> None:
    assert names(article=markup) == expected


@pytest.mark.parametrize("unit", ["记者", "by ", "a@", "- ", "senior ", "Jane Doe, ", "&amp;", "<a "])
def test_a_text_too_long_for_a_byline_names_nobody(unit: str) -> None:
    assert split_byline(unit * 100_000) == []


def test_whom_the_page_calls_its_editor_is_not_the_author_that_json_ld_declares() -> None:
    described_author = json_ld_article(author={"name": "Siti Aminah"})
    markup = '<div class="author">Budi Santoso</div><p>Editor : <a href="/a/2">Siti Aminah</a></p>'
    assert names(json_ld=described_author, article=markup) == ["Budi Santoso"]


COURIER = '<meta property="og:site_name" content="Lindmark Courier">'
COURIER_URL = "https://www.lindmark-courier.example/harbour/quay"


def described(author: Any, **properties: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Old bridge opens again", "author": author} | properties


def authors(end: str = "", side: str = "", **parts: Any) -> list[tuple[str, str | None]]:
    """Return the names and kinds of the authors of a page of the Lindmark Courier."""
    html = page(head=COURIER + parts.pop("head", ""), **parts).decode().replace("The Daily Test", "Lindmark Courier")
    html = html.replace("</div></article>", f"{end}</div></article>{side}")
    return [(author.name, author.kind) for author in extract(html.encode(), COURIER_URL).authors]


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="article__authors">by <a class="x-author" href="/t/a">Ada Fenn</a>, <a href="/t/b">Bo Lind</a></p>',
        "<p>By Ada Fenn and Bo Lind</p>",
        '<p class="byline">Ada Fenn, Bo Lind</p>',
    ],
)
def test_a_byline_that_says_more_than_the_data_is_taken(byline: str) -> None:
    assert authors(json_ld=described({"@type": "Person", "name": "Ada Fenn"}), article=byline) == [
        ("Ada Fenn", None),
        ("Bo Lind", None),
    ]


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline"><a href="/t/a">Ada Fenn</a> <a href="/about/process">Editorial Process</a></p>',
        '<p class="byline">Ada Fenn, Lindmark</p>',
        '<p class="byline"><a href="/t/a">Ada Fenn</a><span>NORLANDPosted Date</span></p>',
        '<p class="byline">Text</p>',
    ],
)
def test_a_byline_with_other_words_adds_no_author(byline: str) -> None:
    assert authors(json_ld=described({"@type": "Person", "name": "Ada Fenn"}), article=byline) == [("Ada Fenn", None)]


@pytest.mark.parametrize(
    "byline",
    [
        '<ul><li>Published on 13 May 2026</li><li>By: <span><a href="/a">Ada Fenn</a></span></li></ul>',
        '<p class="author">Ada Fenn</p>',
        "<div><span>Ada Fenn</span> <span>17 May 2026, 12:48</span></div>",
    ],
)
@pytest.mark.parametrize("name", ["NPA", "Norland Press Agency", "Lindmark Courier"])
def test_an_organization_stands_back_behind_people(byline: str, name: str) -> None:
    data = described({"@type": "Organization", "name": name})
    meta_author = f'<meta name="author" content="{name}">'
    assert authors(json_ld=data, head=meta_author, article=byline) == [("Ada Fenn", None)]


@pytest.mark.parametrize(
    ("data", "head", "expected"),
    [
        ({"@type": "Organization", "name": "Lindmark Courier"}, "", "Lindmark Courier"),
        ({"@type": "Person", "name": "Lindmark Courier"}, "", "Lindmark Courier"),
        (None, '<meta name="author" content="LindmarkCourier">', "LindmarkCourier"),
        (
            {"@type": "NewsMediaOrganization", "name": "Newsroom lindmark-courier.de"},
            '<meta name="author" content="lindmark-courier.example, Lindmark, Norland">',
            "Newsroom lindmark-courier.de",
        ),
        ("Courier Harbour Desk", "", "Courier Harbour Desk"),
    ],
)
def test_where_the_data_name_nobody_else_the_desk_or_the_site_is_the_author(
    data: Any, head: str, expected: str
) -> None:
    assert authors(json_ld=described(data), head=head) == [(expected, "organization")]


def test_what_begins_with_the_publishers_name_behind_a_person_is_a_desk() -> None:
    data = described(None, publisher={"@type": "Organization", "name": "Courier"})
    byline = '<div class="authorWrapper"><p class="author">by Ada Fenn, Courier HARBOUR</p></div>'
    assert authors(json_ld=data, article=byline) == [("Ada Fenn", None)]


def test_an_agency_that_the_data_name_beside_a_person_is_a_co_author() -> None:
    data = described([{"@type": "Person", "name": "Ada Fenn"}, {"@type": "Organization", "name": "Reuters"}])
    assert authors(json_ld=data) == [("Ada Fenn", None), ("Reuters", "organization")]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ('<p style="text-align:right"><strong>Ada Fenn</strong></p>', ["Ada Fenn"]),
        ('<p style="text-align: right">Ada Fenn</p>', ["Ada Fenn"]),
        ("<p><em>Ada Fenn</em></p>", ["Ada Fenn"]),
        ("<p>(Ada Fenn)</p>", ["Ada Fenn"]),
        ("<p>— Ada Fenn</p>", ["Ada Fenn"]),
        ("<p>（王小明）</p>", ["王小明"]),
        ("<p>桥梁修复之后，居民可以重新步行过河，市政府说。（王小明 李华）</p>", ["王小明", "李华"]),
        ("<p>Ada Fenn</p>", []),
        ("<h3><strong>Ada Fenn</strong></h3>", []),
        ("<p><strong>The Bridge</strong></p>", []),
        ('<p><strong><a href="/more">Ada Fenn</a></strong></p>', []),
        ("<p>桥梁修复之后，居民可以重新步行过河，市政府说。（图片来源）</p>", []),
    ],
)
def test_a_name_that_is_set_apart_at_the_end_is_the_authors(end: str, expected: list[str]) -> None:
    data = described({"@type": "Organization", "name": "Lindmark Courier"})
    wanted: list[tuple[str, str | None]] = [(name, None) for name in expected]
    assert authors(json_ld=data, end=end) == (wanted or [("Lindmark Courier", "organization")])


def test_a_reporter_named_where_a_chinese_text_begins_is_the_author() -> None:
    text = ("据新华社拉萨电（记者 王小明）记者近日从全区工作会议上了解到，卫生厕所改造已经完成。", *PARAGRAPHS)
    assert authors(paragraphs=text) == [("王小明", None)]


@pytest.mark.parametrize(
    "mark",
    [
        '<footer class="entry-footer"><span class="byline">By <a href="/a" rel="author">Maya Lind</a></span></footer>',
        '<footer><address class="vcard author">By <a class="url fn" href="/a">Maya Lind</a></address></footer>',
        '<footer><a class="p-author h-card" href="/a">Maya Lind</a></footer>',
        '<div class="entry-meta"><span class="vcard"><a class="fn" href="/a">Maya Lind</a></span></div>',
    ],
)
@pytest.mark.parametrize("is_before", [True, False])
def test_microformats_and_footers_of_the_article_name_the_author(mark: str, is_before: bool) -> None:
    assert authors(**({"article": mark} if is_before else {"end": mark})) == [("Maya Lind", None)]


def test_a_byline_in_a_column_beside_the_article_names_the_author() -> None:
    side = '<div class="sidebar"><div class="post-authors"><strong>{}</strong><br>{}</div></div>'
    assert authors(side=side.format("Maya Lind", "Reporter")) == [("Maya Lind", None)]
    assert authors(side=side.format("রুমা ধর", "নদী ও হাটের খবর লেখেন")) == [("রুমা ধর", None)]
    assert authors(side=side.format("王小明", "城市新闻")) == [("王小明", None)]
    assert authors(side=side.format("খবর", "")) == []


def test_a_byline_in_a_menu_beside_the_article_names_the_author_if_the_menu_has_the_date_too() -> None:
    byline = '<div class="post-authors"><strong>Maya Lind</strong><br>Reporter</div>'
    home = '<a href="/">Back to index</a>'
    date = '<ul><li><time datetime="2026-09-12 09:30:00+00:00">September 12, 2026</time></li></ul>'
    assert authors(side=f'<div class="sidebar"><nav>{home}{byline}<nav>{date}</nav></nav></div>') == [
        ("Maya Lind", None)
    ]
    assert authors(side=f'<div class="sidebar"><nav>{home}{byline}</nav></div>') == []
    several = f'<div class="sidebar"><nav>{home}{byline}{date}{date}</nav></div>'
    assert authors(side=several) == []


def test_the_footer_of_the_page_names_no_author() -> None:
    assert authors(side='<footer><a rel="author" href="/maker">Maya Lind</a></footer>') == []


@pytest.mark.parametrize("handle", ["maya.lind", "mlind2", "MayaL"])
def test_the_name_of_a_user_in_the_data_stands_back_behind_the_byline(handle: str) -> None:
    assert authors(json_ld=described(handle), article='<p class="author">Maya Lind</p>') == [("Maya Lind", None)]
    assert authors(json_ld=described("Maya"), article='<p class="author">Bo Fenn</p>') == [("Maya", None)]


def test_the_evidence_names_the_places_that_confirm_the_authors() -> None:
    found = article(json_ld=described("Ada Fenn"), article='<p class="byline">By Ada Fenn</p>')
    assert found.extraction.fields["authors"].confirmed_by == ("byline",)


def test_whom_a_theme_names_on_all_pages_stands_back_behind_a_byline() -> None:
    def found(byline: str, footer: str) -> list[str]:
        html = page(head='<meta name="author" content="Keep Team">', article=byline)
        return [author.name for author in extract(html.replace(b"</body>", footer.encode() + b"</body>"), URL).authors]

    footer = '<footer class="site"><p>© 2026 <a href="/">Keep Team</a></p></footer>'
    byline = '<div class="author"><span class="name">Maya Lindqvist</span></div>'
    assert found(byline, footer) == ["Maya Lindqvist"]
    assert found("", footer) == ["Keep Team"]
    assert found(byline, "") == ["Keep Team"]


@pytest.mark.parametrize("path", ["author", "authors", "autor", "auteurs", "writers"])
def test_a_link_to_an_authors_page_in_the_footer_of_the_article_names_the_author(path: str) -> None:
    link = f'<a href="https://news.example/{path}/ruth-okafor.html">Ruth Okafor</a>'
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    footer = f"<footer><time>Created: Fri 27 November 2026.</time> {link} <a href='/next'>Next Story</a></footer>"
    html = f"<article><h1>Old bridge opens again</h1>{text}{footer}</article>"
    assert [author.name for author in extract(html.encode(), URL).authors] == ["Ruth Okafor"]


def test_a_byline_below_a_headline_that_is_no_heading_names_the_author() -> None:
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    byline = '<div class="author"><span class="name">Maya Lindqvist</span> <span class="badge">Lv3</span></div>'
    tags = "".join(f'<li><a href="/tags/{tag}">{tag}</a></li>' for tag in ("Bridges", "Floods", "Rivers", "Rain"))
    html = f"<title>Old bridge opens again</title><div>Old bridge opens again</div>{byline}<ul>{tags}</ul>{text}"
    assert [author.name for author in extract(html.encode(), URL).authors] == ["Maya Lindqvist"]


def test_a_byline_between_headline_and_text_counts_in_a_box_that_is_called_as_those_beside_articles() -> None:
    byline = '<div class="info-box"><div class="author"><span class="name">Maya Lindqvist</span></div></div>'
    assert names(article=byline) == ["Maya Lindqvist"]
    # One in a box of another name comes first.
    assert names(article=byline + '<p class="byline">By Jane Doe</p>') == ["Jane Doe"]
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    assert not extract(f"<h1>A bridge opens</h1>{text}{byline}".encode(), URL).authors
