"""What stands behind an article on its page, and the links that belong to it."""

import pytest
from tests.counting import count_calls
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

TITLE = "Old bridge opens again"
IMPRINT = "The newspaper is published by the Lindmark Press and registered with the office of the county under 4711."
RULES = "Comments of readers are shown without being checked by the editors, who may shorten them at any time."
MENU = {
    "list": "<ul>"
    + "".join(f"<li><a href='/about/{number}'>About us {number}</a></li>" for number in range(8))
    + "</ul>",
    "table": "<table><tr>"
    + "".join(f"<td><a href='/city/{number}'>City {number}</a></td>" for number in range(8))
    + "</tr></table>",
    "boxes": "".join(f"<div class=e><a href='/share/{number}'>Share {number}</a></div>" for number in range(8)),
}
CONTENTS = "<ul>" + "".join(f"<li><a href='#part{number}'>Part {number}</a></li>" for number in range(8)) + "</ul>"


def body(html: str, paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    whole = f"<html><head><title>{TITLE}</title></head><body><div id=all>{html.format(text=text)}</div></body></html>"
    return extract(whole.encode(), "https://news.example/x").body_text


@pytest.mark.parametrize("menu", MENU.values(), ids=MENU)
def test_what_a_menu_separates_from_the_text_is_none_of_it(menu: str) -> None:
    behind = f"<div id=low>{menu}<div><p>{IMPRINT}</p><p>{RULES}</p></div></div>"
    html = "<div id=top><h1>" + TITLE + "</h1></div><div id=story>{text}</div>" + behind
    assert body(html) == "\n\n".join(PARAGRAPHS)


def test_parts_behind_a_table_of_contents_are_text() -> None:
    parts = f"<div id=part1><div>{IMPRINT}</div></div><div id=part2><div>{RULES}</div></div>"
    text = body("<h1>" + TITLE + "</h1><div>{text}</div>" + CONTENTS + parts)
    assert IMPRINT in text
    assert RULES in text


def test_parts_behind_a_menu_are_text_if_most_of_it_is_in_them() -> None:
    parts = "".join(
        f"<div id=p{at}><p>The arch number {at} was built of stone, and {paragraph}</p></div>"
        for at, paragraph in enumerate(PARAGRAPHS * 3)
    )
    text = body("<h1>" + TITLE + "</h1><section class=intro>{text}</section>" + MENU["list"] + parts, PARAGRAPHS[:1])
    assert "The arch number 11" in text


@pytest.mark.parametrize(
    "line",
    [
        "Source: Lindmark Courier",
        "Πηγές: lindmark.example",
        "Источники: Линдмарк Курьер",
        "Источник: Вестник",
        "来源：晚报",
        "[来源：晚报]<br>[编辑：王小明]",
        "editor@news.example",
        "<a href='/register/'>Join us</a> or sign in to write what you think about this (0 opinions so far)",
        "Each morning the news of the county in your mailbox. <a href='https://news.example/newsletter/'>Order it</a>",
    ],
)
def test_a_credit_or_a_request_to_sign_in_behind_the_text_is_none_of_it(line: str) -> None:
    assert body("<h1>" + TITLE + "</h1><div>{text}<p>" + line + "</p></div>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("path", ["/register-of-deeds/", "/newsletters/2026/the-bridge", "/sign-in-sheets/list"])
def test_a_last_sentence_that_links_to_what_is_called_so_is_text(path: str) -> None:
    line = f"The names of all who signed are <a href='{path}'>on a list</a> that the county keeps."
    assert "all who signed" in body("<h1>" + TITLE + "</h1><div>{text}<p>" + line + "</p></div>")


def test_the_agency_behind_the_text_is_credited() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>{text}<p>Source: Reuters</p></div>"
    article = extract(html.encode(), "https://news.example/x")
    assert (article.credits, "Reuters" in article.body_text) == (("Reuters",), False)


def test_many_lines_with_labels_are_a_list() -> None:
    lines = "".join(f"<p>Source: well {number}</p>" for number in range(6))
    assert "Source: well 5" in body("<h1>" + TITLE + "</h1><div>{text}" + lines + "</div>")


def links(introduction: str) -> str:
    items = "".join(f"<li><a href='/arch/{number}'>Arch {number} of the bridge</a></li>" for number in range(3))
    return f"<h1>{TITLE}</h1><div>{{text}}<p>{introduction}</p><ul>{items}</ul><p>{RULES}</p></div>"


def test_a_list_of_links_that_a_paragraph_introduces_is_text() -> None:
    assert "Arch 2 of the bridge" in body(links("The drawings of these arches are kept by the county:"))


@pytest.mark.parametrize("introduction", ["Read also", "Read more:", RULES])
def test_another_list_of_links_among_the_paragraphs_is_none(introduction: str) -> None:
    assert "Arch 2 of the bridge" not in body(links(introduction))


@pytest.mark.parametrize("label", ["", "<p class=map><a href='/map'>map</a></p>", "<div>North</div>"])
def test_linked_headings_of_parts_in_their_own_boxes_are_text(label: str) -> None:
    parts = "".join(
        f"<article class=place><div class=in><h3><a href='/p/{at}'>Inn {at}</a></h3>{label}"
        f"<div class=about><p>{paragraph}</p></div></div></article>"
        for at, paragraph in enumerate(PARAGRAPHS)
    )
    text = body("<h1>" + TITLE + "</h1><div class=places>" + parts + "</div>")
    assert all(f"Inn {at}" in text for at in range(4))


def test_menus_and_lists_behind_the_text_take_few_calls() -> None:
    links = "<p>These are kept:</p><ul><li><a href=/a>A</a></ul>"
    unit = f"<div><a href='/x'>Share it</a></div><div><p>{RULES}</p></div>{links}"

    def calls(times: int) -> int:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS * times)
        html = f"<h1>{TITLE}</h1><div>{text}</div>{unit * times}{'<p>Source: well</p>' * times}"
        return count_calls(lambda: extract(html.encode(), None))

    calls(100)
    assert calls(200) < 2.5 * calls(100)


@pytest.mark.parametrize(
    "note",
    [
        "The post {} appeared first on <a href='/'>The Lindmark Press</a>.",
        "Der Beitrag {} erschien zuerst auf <a href='/'>Der Lindmarker</a>.",
        "{} লেখাটি প্রথম প্রকাশিত হয়েছে <a href='/'>লিন্ডমার্ক বার্তা</a> সাইটে।",
    ],
)
def test_a_last_sentence_with_a_link_to_the_article_itself_is_none_of_the_text(note: str) -> None:
    link = f"<a href='https://news.example/x'>{TITLE}</a>"
    assert body(f"<h1>{TITLE}</h1><div>{{text}}<p>{note.format(link)}</p></div>") == "\n\n".join(PARAGRAPHS)
