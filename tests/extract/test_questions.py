"""Pages with questions that open their answers."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

TITLE = "Questions about the old bridge"
QUESTIONS = {
    "en": (
        "How long will the bridge be open?",
        "Who paid for the work?",
        "May bicycles use the new deck?",
        "Why were four arches replaced?",
    ),
    "ar": (
        "كم سيبقى الجسر مفتوحا؟",
        "من دفع تكاليف الإصلاح؟",
        "هل يمكن للدراجات العبور؟",
        "لماذا استُبدلت أربعة أقواس؟",
    ),
    "ja": (
        "橋はいつまで通れますか？",
        "修理費は誰が払いましたか？",
        "自転車は橋を渡れますか？",
        "なぜ四つを替えたのですか？",
    ),
    "bn": ("সেতুটি কত দিন খোলা থাকবে?", "মেরামতের টাকা কে দিয়েছে?", "সাইকেল কি চলতে পারবে?", "চারটি খিলান কেন বদলানো হলো?"),
}
FORMS = {
    "buttons": '<div class="item"><button aria-expanded="false" aria-controls="a{at}"><span>{question}</span>'
    '<svg></svg></button><div id="a{at}" hidden><p>{answer}</p></div></div>',
    "headings": '<div class="item"><h3><button aria-expanded="false">{question}</button></h3>'
    '<div style="display:none"><p>{answer}</p></div></div>',
    "lines": '<div class="item"><div role="button" class="q">{question}</div><div class="a">{answer}</div></div>',
    "details": "<details><summary>{question}</summary><p>{answer}</p></details>",
}
STORY = tuple(f"{paragraph} This is part {number} of the story." for number in range(3) for paragraph in PARAGRAPHS)


def lines(markup: str) -> list[str]:
    html = f'<!DOCTYPE html><meta charset="utf-8"><title>{TITLE}</title><body><nav><a href="/">Home</a></nav>{markup}'
    return [block.text for block in extract(html.encode(), "https://news.example/city/1").body]


def answered(questions: tuple[str, ...], form: str) -> str:
    pairs = enumerate(zip(questions, PARAGRAPHS, strict=True))
    return "".join(FORMS[form].format(at=at, question=question, answer=answer) for at, (question, answer) in pairs)


def pairs(questions: tuple[str, ...]) -> list[str]:
    return [each for pair in zip(questions, PARAGRAPHS, strict=True) for each in pair]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("questions", QUESTIONS.values(), ids=QUESTIONS)
def test_a_page_of_questions_comes_out_with_its_questions_and_answers(questions: tuple[str, ...], form: str) -> None:
    assert lines(f"<main><h1>{TITLE}</h1><div>{answered(questions, form)}</div></main>") == pairs(questions)


@pytest.mark.parametrize("form", FORMS)
def test_questions_after_a_text_belong_to_it(form: str) -> None:
    questions = QUESTIONS["en"]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    section = (
        f"<section><h2>Questions</h2>{answered(questions, form)}</section><p>Follow us and never miss a story.</p>"
    )
    expected = [*STORY, "Questions", *pairs(questions)]
    assert lines(f'<main><h1>{TITLE}</h1><div class="text">{text}</div>{section}</main>') == expected


@pytest.mark.parametrize("label", ["Menu", "Share this story", "Why do I see this notice?"])
def test_other_buttons_and_what_they_open_are_no_text(label: str) -> None:
    button = f"<button{' aria-haspopup=true' if label.endswith('?') else ' aria-expanded=false'}>{label}</button>"
    hidden = "<div hidden><p>Send the link to your friends, or copy it from here and keep it for another day.</p></div>"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert lines(f"<main><h1>{TITLE}</h1><div>{button}{hidden}</div><div>{text}</div></main>") == [*PARAGRAPHS]


def test_a_short_line_that_opens_a_part_belongs_to_the_text() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:2])
    part = f"<details><summary>The cost</summary><div><p>{PARAGRAPHS[2]}</p></div></details>"
    assert lines(f"<main><h1>{TITLE}</h1><div>{text}{part}<p>{PARAGRAPHS[3]}</p></div></main>") == [
        *PARAGRAPHS[:2],
        "The cost",
        *PARAGRAPHS[2:],
    ]
