"""Authors on pages as blogs, forums and newspapers write them: who is named, and who only occurs on the page."""

import pytest
from tests.example_pages import page

from khobor.extract import extract

URL = "https://www.lindmark-courier.example/2026/05/old-bridge"
MORE = (
    '<section class="stories"><h2>More</h2><div class="card"><h3><a href="/x">The ferry runs late again</a></h3>'
    '<span class="author">Bob Hill</span></div></section>'
)
COMMENT = (
    '<li class="comment"><article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard">'
    '<b class="fn">Karl Rust</b></div></footer><p>I have waited for this for two years.</p></article></li>'
)
TWO = (
    '<div class="{}"><a href="/authors/p"><span class="name">Jane Doe</span> <span>of the «City» desk</span></a>'
    '<a href="/authors/r"><span class="name">John Roe</span> <span>editor</span></a></div>'
)
CHINESE = (
    "在洪水损坏大桥两年之后,横跨河流的老桥于星期一重新开放通车,市政府在一份声明中表示,居民对此感到非常高兴。",
    "工程师更换了九个拱中的四个,并铺设了新的桥面,居民们不必再绕行十一公里,市议会的一位代表在现场说道。",
)
JAPANESE = (
    "洪水で損傷してから二年、川に架かる古い橋が月曜日に再び通行できるようになったと市が発表した。住民は喜んでいる。",
    "技術者は九つのアーチのうち四つを交換し、新しい床版を敷いたと市議会は声明で述べている。工事費は約三百万ユーロだった。",
)


def authors(html: str, url: str = URL) -> list[tuple[str, str | None]]:
    return [(author.name, author.kind) for author in extract(html.encode(), url).authors]


def names(html: str, url: str = URL) -> list[str]:
    return [name for name, _ in authors(html, url)]


def written(above: str = "", below: str = "", *, title: str = "", head: str = "", comments: str = "") -> str:
    html = page(article=above, head=head).decode()
    html = html.replace("</div></article></main>", f"</div>{below}</article></main>{comments}")
    return html.replace("| The Daily Test</title>", f"| {title}</title>") if title else html


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ('<p class="entry-info">by <a href="/author/amanda/">Amanda</a> · May 12, 2026 · 3 comments</p>', ["Amanda"]),
        ('<div>Submitted by <a href="/user/12">jane.doe</a> on Tue, 05/12/2026 - 10:00</div>', ["jane.doe"]),
        ('<div class="user"><a class="user-name" href="/users/ivanp/">ivanp</a> <time>12 May</time></div>', ["ivanp"]),
        (TWO.format("who"), []),
        (TWO.format("authors"), ["Jane Doe", "John Roe"]),
        (
            '<div class="author-box"><h4 class="author-box__name">Jane Doe</h4><p>Former Norland Consultant</p></div>',
            ["Jane Doe"],
        ),
        ('<div class="author"><h4>Jane Doe</h4><p>Former Norland Consultant</p></div>', ["Jane Doe"]),
        (
            '<div class="author">Written by <a href="/a/1">Jane Doe</a> Edited by <a href="/a/2">John Roe</a></div>',
            ["Jane Doe"],
        ),
        ("<div><div>Written by</div><div>Jane Doe</div><div>Senior Editor</div></div>", ["Jane Doe"]),
        ("<div><h2>Reading</h2><div>Jane Doe</div><div>Senior Editor</div></div>", []),
        (
            '<div><a href="/about/editors/jane-doe/">Jane Doe</a>, <a href="https://x.example/">@j</a></div><p>1 h</p>',
            ["Jane Doe"],
        ),
        ('<div><a href="/pages/size-guide/">Size Guide</a> and @more</div>', []),
        ('<img alt="Jane Doe" src="/j.jpg"><div>Jane Doe</div><div>12 May 2026</div>', ["Jane Doe"]),
        ('<img alt="Jane Doe" src="/j.jpg"><div>Old Harbour</div><div>12 May 2026</div>', []),
        ('<figure><img alt="Jane Doe" src="/j.jpg"><figcaption>Jane Doe</figcaption></figure><p>12 May 2026</p>', []),
        (
            '<div class="post-meta"><span>May 12, 2026</span> · <span>3 min</span> · <span>Jane Doe</span></div>',
            ["Jane Doe"],
        ),
        ('<div class="post-meta"><span>May 12, 2026</span> · <span>World News</span></div>', []),
    ],
)
def test_a_name_is_an_authors_if_something_else_says_so(above: str, expected: list[str]) -> None:
    assert names(written(above)) == expected


def test_the_section_about_the_author_names_them() -> None:
    about = "<section><h3>About the author</h3><div><h4>Jane Doe</h4><p>Jane likes bridges.</p></div></section>"
    assert names(written(below=about)) == ["Jane Doe"]


def test_the_title_element_names_the_author_of_a_platform() -> None:
    linked = '<a href="/a/jd">Jane Doe</a>'
    assert names(written(f"<div>{linked}</div>", title="by Jane Doe | Medium")) == ["Jane Doe"]
    assert names(written(title="by Jane Doe | Medium")) == []


def test_the_card_of_a_link_names_the_author() -> None:
    card = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="Jane Doe">'
    assert names(written(head=card.format("Written by"))) == ["Jane Doe"]
    assert names(written(head=card.format("Verfasst von"))) == ["Jane Doe"]
    assert names(written(head=card.format("Price"))) == []


def test_a_byline_below_the_headline_at_the_top_counts_though_the_text_begins_far_below() -> None:
    lines = "".join(f"<div>Model number {number}</div>" for number in range(8))
    html = written(
        "<div>By Jane Doe ⋅ Founder and Editor ⋅ Updated May 6, 2025</div>" + lines + "<h2>Best for most</h2>"
    )
    assert names(html) == ["Jane Doe"]


def test_authors_of_comments_and_of_other_articles_are_none() -> None:
    assert names(written(below=MORE)) == []
    assert names(written(below=COMMENT)) == []
    assert names(written('<div class="byline">By Jane Doe</div>', below=MORE + COMMENT)) == ["Jane Doe"]


def described(author: str, publisher: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Old bridge opens again",'
        f' "author": {author}, "publisher": {publisher}}}</script>'
    )


@pytest.mark.parametrize(
    ("author", "publisher", "expected"),
    [
        (
            '{"@type": "Person", "name": "Jane Doe"}',
            '{"@type": "Organization", "name": "Roads We Trust"}',
            ("Jane Doe", None),
        ),
        (
            '{"@type": ["Person", "Organization"], "name": "JaneDoe"}',
            '{"@type": ["Person", "Organization"], "name": "JaneDoe"}',
            ("JaneDoe", None),
        ),
        (
            '{"@type": "Person", "name": "Jane Doe"}',
            '{"@type": "Organization", "name": "Jane Doe"}',
            ("Jane Doe", "organization"),
        ),
        (
            '{"@type": "Person", "name": "Jane Doe"}',
            '{"@type": "Organization", "name": "Jane Doe Online"}',
            ("Jane Doe", "organization"),
        ),
    ],
)
def test_a_site_that_is_called_after_a_person_has_that_author(
    author: str, publisher: str, expected: tuple[str, str | None]
) -> None:
    html = written(head=described(author, publisher))
    assert authors(html, "https://janedoe.example/p/old-bridge") == [expected]


def test_a_byline_that_links_to_the_page_of_the_site_as_author_names_an_organization() -> None:
    byline = '<div class="byline">by <a href="/author/daily/">The Daily Test</a></div>'
    site = '<meta property="og:site_name" content="The Daily Test">'
    assert authors(written(byline, head=site)) == [("The Daily Test", "organization")]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("<div>2008-05-12 10:00 来源：林马克网 作者：张三 李四光</div>", "", ["张三", "李四光"]),
        ("<div>2008年05月12日10:00 林马克日报 张三</div>", "", ["张三"]),
        ('<div>2008-05-12 10:00 <a href="http://x.example">林马克日报</a> (张三)</div>', "", ["张三"]),
        ('<p align="center">张三</p>', "", ["张三"]),
        ("<p>●张三</p>", "", ["张三"]),
        ("<p>张三</p>", "", []),
        ("<p>□ 本报记者 张三</p>", "", ["张三"]),
        ("<div>【作者】张三【来源】林马克网</div>", "", ["张三"]),
        ("<div>张三 发表于 2008-05-12 10:00</div>", "", ["张三"]),
        ("<div>作者 张三 发布于 2008-05-12</div>", "", ["张三"]),
        ('<div>楼主：<a href="/u/3">lindmark88</a> 时间：2008-05-12 10:00:00 点击：512</div>', "", ["lindmark88"]),
        ("<div>发布者：admin3 发布时间：2008-05-12 阅读：512次</div>", "", []),
        ("<div>作者：[美]约翰·史密斯 译者：张三</div>", "", ["约翰·史密斯"]),
        ("<div>2008-05-12</div>", "<p>(作者：张三，林马克大学教授)</p>", ["张三"]),
    ],
)
def test_chinese_portals_and_forums_name_them_in_lines(above: str, below: str, expected: list[str]) -> None:
    html = page(title="老桥时隔两年重新开放通车", article=above, paragraphs=CHINESE, lang="zh").decode()
    assert names(html.replace("</div></article>", f"{below}</div></article>")) == expected


@pytest.mark.parametrize(
    ("closing", "expected"),
    [("（山田太郎）", ["山田太郎"]), ("（山田 太郎）", ["山田 太郎"]), ("（写真提供）", []), ("（続く）", [])],
)
def test_a_japanese_newspaper_names_them_in_brackets_at_the_end(closing: str, expected: list[str]) -> None:
    html = page(title="古い橋が二年ぶりに再び開通", paragraphs=JAPANESE, lang="ja").decode()
    assert names(html.replace("</div></article>", f"<p>{closing}</p></div></article>")) == expected
