"""Authors in lines without a label: beside a date, above a role, in the mark of a post, behind the text."""

import pytest
from tests.example_pages import PARAGRAPHS
from tests.extract.fields.sample_article import NOW, URL, meta

from khobor.extract import extract

HEADLINE = "<h1>Old bridge opens again</h1>"
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
MENU = "<nav><a href='/'>Home</a> <a href='/world-news'>World News</a> <a href='/city'>City</a></nav>"
SCRIPT = '<script>window.page = {"author": {"name": "Jane Doe"}, "place": "Old Harbour"}</script>'


def names(near: str = "", end: str = "", *, lang: str = "en", head: str = "") -> list[str]:
    head = f"<head><title>Old bridge opens again</title>{meta('og:site_name', 'Harbour Courier')}{head}</head>"
    body = f"{MENU}<div>{HEADLINE}{near}<div>{TEXT}</div>{end}</div>"
    found = extract(f'<html lang="{lang}">{head}<body>{body}</body></html>'.encode(), URL, fetched_at=NOW)
    return [author.name for author in found.authors]


@pytest.mark.parametrize(
    "line",
    [
        "<div>Jane Doe · Jun 3, 2026 · 5 min read</div>",
        "<div>Jane Doe, Tuesday 12 May 2026</div>",
        "<div>May 12, 2026 / Jane Doe / City</div>",
        "<div>May 12, 2026 by Jane Doe</div>",
        "<div>Guest post by Jane Doe, May 12, 2026</div>",
        "<div>Posted on May 12, 2026 at 4:45 pm by Jane Doe in City with 3 comments</div>",
        "<div><i>By Jane Doe</i><b>June 3, 2026</b><i>5 min read</i></div>",
        "<p>Jane Doe</p><p>Harbour Correspondent</p>",
        "<p>Jane Doe - Harbour Courier</p>",
        "<p>Jane Doe, Head of Harbour Affairs, Lindmark Ferries</p>",
        '<div class="tools"><span>By Jane Doe</span> <a href="#">Print</a></div>',
        '<ul><li><span data-hook="user-name">Jane Doe</span></li><li><span data-hook="time">3 min</span></li></ul>',
        '<span property="author">Jane Doe</span>',
    ],
)
def test_a_line_between_headline_and_text_names_the_author(line: str) -> None:
    assert names(line) == ["Jane Doe"]


@pytest.mark.parametrize(
    "line",
    [
        "<div>World News · Jun 3, 2026 · 5 min read</div>",
        "<div>Old Bridge · Jun 3, 2026 · 5 min read</div>",
        "<div>Harbour Courier, 12 May 2026</div>",
        "<div>12 May 2026 | New York</div>",
        "<h3>Reading</h3><p>Jane Doe</p><p>Harbour Correspondent</p>",
        "<p>Old Harbour</p><p>12 May 2026</p>",
        "<p>Jane Doe</p><p>12 May 2026</p>",
        '<span data-hook="related-name">Jane Doe</span>',
    ],
)
def test_lines_that_may_be_something_else_name_nobody(line: str) -> None:
    assert names(line) == []


def test_a_name_near_a_date_counts_if_a_script_calls_it_the_author() -> None:
    assert names("<p>Jane Doe</p><p>12 May 2026</p>", head=SCRIPT) == ["Jane Doe"]
    assert names("<p>Old Harbour</p><p>12 May 2026</p>", head=SCRIPT) == []


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("<p><b>Jane Doe</b></p>", ["Jane Doe"]),
        ("<p>— Jane Doe</p>", ["Jane Doe"]),
        ("<p><em>Jane Doe is a reporter at the Harbour Courier.</em></p>", ["Jane Doe"]),
        ("<p><b>Related Stories</b></p><ul><li><a href='/roof'>The roof of the school is repaired</a></li></ul>", []),
        ("<p><b>Old Bridge</b></p>", []),
        ("<p><em>The Old Bridge is a place for reporters.</em></p>", []),
        ('<div class="comments"><p>Posted by <b>Jane Doe</b></p><p>I like it.</p></div>', []),
    ],
)
def test_a_name_behind_the_text(end: str, expected: list[str]) -> None:
    assert names(end=end) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>本贴由海风于2026年3月4日10:20:30在〖港口论坛〗发表</p>", ["海风"]),
        ("<p>由 海风 张贴 于 2026-03-04 10:20</p>", ["海风"]),
        ("<p>送交者: 海风 2026年3月4日10:20:30 于 [港口论坛]</p>", ["海风"]),
        ('<p><a href="/space-7">海风</a><em>发表于 2026-3-4 10:20</em></p>', ["海风"]),
        ("<p>2026年03月04日10:20 来源：港口日报 作者：王小明 点击：120</p>", ["王小明"]),
        ("<p>2026/03/04 10:20 【港口日報／記者王小明／台北報導】</p>", ["王小明"]),
        ("<p>文｜王小明 编辑｜李红</p>", ["王小明"]),
        ("<p>山田太郎（記者）</p>", ["山田太郎"]),
        ("<p>自由于2026年3月4日</p>", []),
    ],
)
def test_marks_of_posts_and_bylines_in_chinese_and_japanese(line: str, expected: list[str]) -> None:
    assert names(line, lang="ja" if "（" in line else "zh") == expected
