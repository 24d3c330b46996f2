"""Which parts of a text belong to it, where pictures, lists and adverts cut it."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

URL = "https://news.example/city/1"
ONE, TWO, THREE, FOUR = PARAGRAPHS
PICTURE = '<div class="picture"><img src="/a.jpg" width="600"></div>'


def texts(markup: str) -> list[str]:
    html = f"<title>Old bridge opens again</title><article><h1>Old bridge opens again</h1>{markup}</article>"
    return [block.text for block in extract(html.encode(), URL).body if block.kind != "image"]


def wrapped(*parts: str, around: str = '<div class="part">{}</div>') -> str:
    return PICTURE.join(around.format(part) for part in parts)


@pytest.mark.parametrize(
    "around",
    ['<div class="part">{}</div>', '<section class="row"><div>{}</div></section>', '<div class="a b">{}<hr></div>'],
)
@pytest.mark.parametrize(
    "between",
    [
        '<p>More: <a href="/a">The old bridge that closed last week</a></p>',
        '<p><strong>Don’t miss</strong></p><p><a href="/a">Old port</a> | <a href="/b">New port</a></p>',
        '<h3><a href="/a">The old bridge that closed last week</a></h3>',
    ],
)
def test_a_linked_line_within_one_of_several_equal_boxes_cuts_nothing(around: str, between: str) -> None:
    parts = wrapped(f"<p>{ONE}</p><p>{TWO}</p>", f"<p>{THREE}</p>{between}", f"<p>{FOUR}</p>", around=around)
    assert texts(parts) == [*PARAGRAPHS]


def test_paragraphs_beside_equal_boxes_belong_to_the_text() -> None:
    assert texts(f"{wrapped(f'<p>{ONE}</p>', f'<p>{TWO}</p><p>{THREE}</p>')}<h2>The end</h2><p>{FOUR}</p>") == [
        *PARAGRAPHS[:3],
        "The end",
        FOUR,
    ]


def test_cards_of_one_class_after_the_text_are_none_of_it() -> None:
    headline = '<h3><a href="/{0}">Another bridge was closed, too, {0}</a></h3>'
    card = f'<div class="card">{headline}<p>It rained for days {{0}}.</p></div>'
    cards = "".join(map(card.format, range(5)))
    assert texts(f"{wrapped(f'<p>{ONE}</p><p>{TWO}</p>', f'<p>{THREE}</p><p>{FOUR}</p>')}{cards}") == [*PARAGRAPHS]


SENTENCES = "The deck is new, and it is wider than the old one.", "Four of nine arches were replaced by the engineers."
ITEMS = "".join(f"<li>{text}</li>" for text in SENTENCES)


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_a_list_of_sentences_before_the_first_paragraph_belongs_to_the_text(tag: str) -> None:
    assert texts(f"<div><{tag}>{ITEMS}</{tag}><p>{ONE}</p><p>{TWO}</p></div>") == ["\n".join(SENTENCES), ONE, TWO]


@pytest.mark.parametrize(
    "before",
    [
        "<ul><li><a href='/a'>The deck is new, and it is wider than the old one.</a></li></ul>",
        "<ul><li>Chapter one</li><li>Chapter two</li></ul>",
        f"<div class='outer'><div class='box'><p>Weather</p><ul>{ITEMS}</ul></div></div>",
    ],
    ids=["links", "labels", "far from the paragraphs"],
)
def test_another_list_before_the_first_paragraph_does_not(before: str) -> None:
    assert texts(f"<div>{before}<p>{ONE}</p><p>{TWO}</p></div>") == [ONE, TWO]


def test_a_heading_and_a_list_end_the_text() -> None:
    items = "<ul><li>A valid ticket</li><li>Some patience</li></ul>"
    assert texts(f"<div><p>{ONE}</p><p>{TWO}</p><h3>What to bring</h3>{items}</div>") == [
        ONE,
        TWO,
        "What to bring",
        "A valid ticket\nSome patience",
    ]


@pytest.mark.parametrize(
    "behind",
    [
        "<h3>More stories</h3><ul><li>Old bridge shut</li></ul>",
        "<h3>In other towns</h3><ul><li><a href='/a'>Old bridge shut</a></li></ul>",
        "<h3>Where we are</h3><p>Main street 4</p>",
    ],
)
def test_a_heading_with_links_or_labels_after_the_text_is_none_of_it(behind: str) -> None:
    assert texts(f"<div><p>{ONE}</p><p>{TWO}</p>{behind}</div>") == [ONE, TWO]


def test_short_lines_among_sentences_belong_to_the_text() -> None:
    assert texts(f"<div>{ONE}<br><br>Seven arches<br><br>{TWO}<br><br>A new deck,<br><br>{THREE}</div>") == [
        ONE,
        "Seven arches",
        TWO,
        "A new deck,",
        THREE,
    ]


def test_a_long_heading_that_the_contents_list_too_stays() -> None:
    heading = "How the engineers of the council replaced four of the nine arches of the bridge in one summer"
    contents = f"<ul><li>{heading}.</li></ul>"
    assert texts(f"<div><p>{ONE}</p>{contents}<p>{TWO}</p><h2>{heading}.</h2><p>{THREE}</p></div>") == [
        ONE,
        f"{heading}.",
        TWO,
        f"{heading}.",
        THREE,
    ]


def test_the_caption_of_a_picture_is_not_taken_for_a_short_text() -> None:
    caption = "The map shows where the engineers replaced the arches of the bridge in summer."
    picture = f'<div class="media"><img src="/a.jpg" width="600"><p class="photo-caption">{caption}</p></div>'
    cards = "".join(
        f"<div class=item><a href='/{n}'><p>{text}</p></a></div>" for n, text in enumerate((THREE, FOUR, *SENTENCES))
    )
    text = f"<div class=block>{ONE} {ONE}</div><div class=block>{TWO}</div>"
    assert texts(f"<div id=entry>{picture}{text}{cards}</div>") == [f"{ONE} {ONE}", TWO]


def test_boxes_whose_classes_differ_in_a_number_are_equal() -> None:
    link = '<p>More: <a href="/a">The old bridge that closed last week</a></p>'
    parts = (f"<p>{ONE}</p>", f"<p>{TWO}</p>{link}", f"<p>{THREE}</p><p>{FOUR}</p>")
    for around in ('<div class="part part-{}">{}</div>', '<div class="part{}">{}</div>'):
        assert texts(PICTURE.join(around.format(*part) for part in enumerate(parts))) == [*PARAGRAPHS]


def test_a_list_that_is_longer_than_the_paragraphs_after_it_begins_the_text() -> None:
    items = "".join(f"<li>{text}</li>" for text in (ONE, TWO, THREE))
    assert texts(f"<div><ol>{items}</ol><p>{FOUR}</p></div>") == [f"{ONE}\n{TWO}\n{THREE}", FOUR]


def test_a_notice_that_is_longer_than_the_article_does_not_take_its_place() -> None:
    notice = "The publisher keeps every right. No part of this may be stored or sent without written permission. " * 3
    story = "The old bridge opens again on Monday, as the council said after the last meeting of the year."
    tables = f"<table><tr><td>{story}<br><br>{TWO}</td></tr></table><table><tr><td>{notice}</td></tr></table>"
    html = f"<title>Old bridge opens again on Monday, says council</title><body>{tables}</body>"
    assert extract(html.encode(), URL).body_text == f"{story}\n\n{TWO}"


@pytest.mark.parametrize("place", [1, 3])
def test_a_linked_sentence_in_a_box_like_those_of_the_others_belongs_to_the_text(place: int) -> None:
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    parts[place] = f'<p><strong><a href="/other">{PARAGRAPHS[place]}</a></strong></p>'
    assert texts("".join(f'<div class="part">{part}</div>' for part in parts)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "item",
    [
        "<p><b>{}</b></p><p>{}</p>",
        "<div class=item><div class=question>{}</div><div class=answer>{}</div></div>",
        "<div class=q>{}</div><p>{}</p>",
    ],
)
@pytest.mark.parametrize(
    "questions", [("Who pays for it?", "Is it wider?", "Who built it?"), ("কে টাকা দেবে?", "কবে খুলবে?", "কে বানাল?")]
)
def test_the_first_question_belongs_to_the_text_like_the_others(item: str, questions: tuple[str, ...]) -> None:
    found = texts("".join(map(item.format, questions, PARAGRAPHS)))
    assert found == [part for pair in zip(questions, PARAGRAPHS, strict=False) for part in pair]


def test_the_first_question_of_a_definition_list_belongs_to_it() -> None:
    terms = "".join(map("<dt>{}</dt><dd>{}</dd>".format, ("Who pays for it?", "Is it wider?"), PARAGRAPHS))
    assert texts(f"<dl>{terms}</dl>") == ["Who pays for it?", ONE, "Is it wider?", TWO]


def test_a_single_question_above_the_text_is_none_of_it() -> None:
    assert texts(f"<p>Lost your way?</p><p>{ONE}</p><p>{TWO}</p>") == [ONE, TWO]


def test_linked_headings_at_the_end_of_equal_boxes_belong_to_the_paragraphs_in_the_next_ones() -> None:
    heading = '<h3>{0}: <a href="/b{0}">The bridge of the year</a></h3>'
    parts = (f"<p>{text}</p>{heading.format(number)}" for number, text in enumerate(PARAGRAPHS[:3]))
    found = texts(wrapped(*parts, f"<p>{FOUR}</p>"))
    assert [text for text in found if text not in PARAGRAPHS] == [
        f"{number}: The bridge of the year" for number in range(3)
    ]


HAN = (
    "河上的老桥在关闭三年之后，于星期一上午重新向车辆和行人开放。",
    "东岸的一位小学老师说，这三年里孩子们每天坐船过河上学，遇到大风的日子只好留在家里（她自己也常常走十一公里的路绕行）",
    "川の古い橋は三年ぶりに開通し、月曜日の朝から車も人も渡れるようになった。東岸の住民は「船で渡る毎日が終わった』",
    "市议会在一份声明中说，工程师更换了九个桥拱中的四个，并且铺设了新的桥面，桥的两侧现在设有人行道，夜间也会亮灯",
)


@pytest.mark.parametrize("last", HAN[1:])
def test_a_chinese_or_japanese_paragraph_needs_no_full_stop(last: str) -> None:
    assert texts(f"<div><p>{HAN[0]}</p><div>{last}</div></div>") == [HAN[0], last]
    assert texts(f"<div><div>{last}</div><div>{HAN[0]}</div></div>") == [last, HAN[0]]


THAI = "สะพานเก่าข้ามแม่น้ำเปิดให้รถวิ่งอีกครั้งเมื่อเช้าวันจันทร์", "ชาวบ้านต้องอ้อมไปสิบเอ็ดกิโลเมตรในช่วงนั้น ครูบอกว่านักเรียนมาด้วยเรือ"


def test_a_space_in_the_middle_of_a_thai_paragraph_does_not_hide_its_script() -> None:
    last = THAI[1]
    middle = last[: len(last) // 2].replace(" ", "") + " " + last[len(last) // 2 :].replace(" ", "")
    assert texts(f"<div><p>{THAI[0]}</p><div>{middle}</div></div>") == [THAI[0], middle]


@pytest.mark.parametrize("name", ["", ' class="quote-caption"'])
def test_a_figure_with_a_quotation_says_whose_words_these_are(name: str) -> None:
    figure = f"<figure><blockquote><p>{TWO}</p></blockquote><figcaption{name}>Ann Lee, engineer</figcaption></figure>"
    assert texts(f"<div><p>{ONE}</p>{figure}<p>{THREE}</p></div>") == [ONE, TWO, "Ann Lee, engineer", THREE]


LINES = "Name: the old bridge", "Arches: nine", "Built in: 1871"


def test_lines_before_the_first_sentence_that_are_paragraphs_like_it_belong_to_the_text() -> None:
    lines = "".join(f"<p>{line}</p>" for line in LINES)
    assert texts(f"<div>{lines}<p>{ONE}</p><p>{TWO}</p></div>") == [*LINES, ONE, TWO]
    # A paragraph with a class of its own is a label.
    assert texts(f"<div><p class=info>{LINES[0]}</p><p>{ONE}</p><p>{TWO}</p></div>") == [ONE, TWO]


OTHERS = "Old port closes for the whole winter", "A second bridge is planned in the west"


@pytest.mark.parametrize("tag", ["p", "h5", "div"])
@pytest.mark.parametrize("label", ["Soma pia:", "FUNDA LOLU DABA |", "Tengok juga »"])
def test_a_label_that_stands_before_several_headlines_leads_to_other_articles(label: str, tag: str) -> None:
    first, second = (f'<{tag}>{label} <a href="/{at}">{other}</a></{tag}>' for at, other in enumerate(OTHERS))
    assert texts(f"<div><p>{ONE}</p>{first}<p>{TWO}</p>{second}<p>{THREE}</p></div>") == [ONE, TWO, THREE]


@pytest.mark.parametrize("link", ["Mill Inn", "https://www.mill-inn.example/rooms-and-prices"])
def test_a_label_before_several_names_or_addresses_belongs_to_the_text(link: str) -> None:
    label = "Where our readers stay when they come to see the old bridge:"
    first, second = (f'<p>{label} <a href="/{at}">{link}{at}</a></p>' for at in "12")
    found = texts(f"<div><p>{ONE}</p>{first}<p>{TWO}</p>{second}<p>{THREE}</p></div>")
    assert found == [ONE, f"{label} {link}1", TWO, f"{label} {link}2", THREE]


def test_the_heading_of_the_first_part_belongs_to_the_text_if_another_part_has_an_equal_one() -> None:
    def found(first: str, second: str) -> list[str]:
        parts = (
            f"<section>{first}<div><p>{ONE}</p></div></section>",
            f"<section>{second}<div><p>{TWO}</p></div></section>",
        )
        return texts(f"<div>{''.join(parts)}</div>")

    assert found("<h2>The arches</h2>", "<h2>The deck</h2>") == ["The arches", ONE, "The deck", TWO]
    assert found("<h2 class=label>Bridges</h2>", "<h2>The deck</h2>") == [ONE, "The deck", TWO]
    assert found("<h2>Bridges</h2><h3>City</h3>", "<h2>The deck</h2>") == [ONE, "The deck", TWO]


def test_sentences_below_several_images_are_captions_unless_they_are_the_text() -> None:
    def slide(text: str) -> str:
        return f'<div class="slide"><img src="/{len(text)}.jpg" width="600"><p>{text}</p></div>'

    assert texts(f"<p>{ONE}</p>{slide(TWO)}{slide(THREE)}{slide(FOUR)}") == [*PARAGRAPHS]
    story = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert texts(f"{story}{slide('The new deck of the bridge.')}{slide('Nine arches, four of them new.')}") == [
        *PARAGRAPHS
    ]


def test_a_long_text_beside_an_image_in_a_cell_is_no_caption() -> None:
    text = " ".join([*PARAGRAPHS, *(f"It was said {number} times." for number in range(5))])
    table = f'<table><tr><td><img src="/a.jpg" width="600"><p>{text}</p></td></tr></table>'
    before, after = f"First of all: {text}", f"Last of all: {text}"
    assert texts(f"<div><p>{before}</p>{table}<p>{after}</p></div>") == [before, text, after]
