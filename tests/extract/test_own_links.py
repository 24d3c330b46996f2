"""Links that do not lead away from a text: around all of it, and from a heading to its own part of the page."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

TITLE = "Old bridge opens again"
URL = "https://news.example/city/1"
HEADINGS = "Nine arches", "What the work on the bridge cost", "Who had to take the detour", "The ferry"


def texts(markup: str) -> list[str]:
    html = f'<!DOCTYPE html><meta charset="utf-8"><title>{TITLE}</title><body><nav><a href="/">Home</a></nav>{markup}'
    article = extract(html.encode(), URL)
    assert article.extraction.not_article is None
    return [block.text for block in article.body if block.kind != "image"]


@pytest.mark.parametrize(
    "markup",
    [
        '<article><a href="/city/1"><h1>{title}</h1><div>{text}</div></a></article>',
        '<main><h1>{title}</h1><a href="/city/1" class="cover"><div class="story">{text}</div></a></main>',
        '<main><h1>{title}</h1><a href="#top"><div class="story">{text}</div></main>',
    ],
)
def test_a_link_around_a_whole_text_hides_none_of_it(markup: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert texts(markup.format(title=TITLE, text=text)) == [*PARAGRAPHS]


def test_in_scripts_without_spaces_a_link_around_a_whole_text_is_shorter() -> None:
    lines = (
        "河上的老桥在关闭三年之后，于星期一上午重新向车辆和行人开放。",
        "工程师更换了九个桥拱中的四个，并铺设了新的桥面。",
        "老师说，我们一直坐船过河，冬天也是这样。",
        "渡船将一直开到夏末，然后卖给另一个城市，船长说他会想念这条河和乘客们。",
    )
    text = "".join(f"<p>{line}</p>" for line in lines)
    assert texts(f'<article><a href="/1"><h1>{TITLE}</h1>{text}</a></article>') == [*lines]


def test_cards_that_are_links_as_a_whole_stay_links() -> None:
    card = (
        '<a href="/2"><h3>A dog found its way home</h3><p>It walked two hundred kilometres to the old bridge.</p></a>'
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert texts(f"<main><h1>{TITLE}</h1><div>{text}</div><div>{card * 3}</div></main>") == [*PARAGRAPHS]


@pytest.mark.parametrize("section", ["<section>{}</section>", '<div class="part"><div>{}</div></div>', "{}"])
@pytest.mark.parametrize("href", ["#part-{}", "#"])
def test_headings_that_lead_to_their_own_part_are_no_headlines(section: str, href: str) -> None:
    parts = (
        section.format(f'<h2><a href="{href.format(at)}">{heading}</a></h2><p>{text}</p>')
        for at, (heading, text) in enumerate(zip(HEADINGS, PARAGRAPHS, strict=True))
    )
    expected = [each for pair in zip(HEADINGS, PARAGRAPHS, strict=True) for each in pair]
    assert texts(f"<article><h1>{TITLE}</h1>{''.join(parts)}</article>") == expected
