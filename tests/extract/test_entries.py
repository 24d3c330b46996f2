"""Articles that consist of entries: equal boxes, each with a linked heading and a text, as in a list of the best."""

from typing import NamedTuple

import pytest

from khobor.extract import extract

URL = "https://city.example/walks/2026/bridges"


class Ranking(NamedTuple):
    """The words of a list.

    Attributes:
        title: The headline of the page, with the number of entries.
        introduction: What stands above the entries.
        names: The headings of the entries.
        text: A text of an entry. The name of the entry goes into it.
        more: The label of a link in each entry.
    """

    title: str
    introduction: str
    names: tuple[str, ...]
    text: str
    more: str


RANKINGS = {
    "english": Ranking(
        "The 6 finest bridges for an evening walk",
        "We crossed every bridge of the city on foot, twice, and asked the people who live beside them what they like.",
        (
            "The Old Stone Bridge at the Mill",
            "Harbour Bridge",
            "The Footbridge behind the Station",
            "Queen's Bridge",
            "The Little Bridge of the Fishermen",
            "The Railway Bridge at Eastfield",
        ),
        "Go to {} before sunset, when the light lies low over the water. The path is level, and there are benches.",
        "Plan your walk to this bridge",
    ),
    "german": Ranking(
        "Die 6 schönsten Brücken für einen Abendspaziergang",
        "Wir haben jede Brücke der Stadt zweimal zu Fuß überquert und die Nachbarn gefragt, was ihnen an ihr gefällt.",
        (
            "Die alte Steinbrücke an der Mühle",
            "Hafenbrücke",
            "Der Fußgängersteg hinter dem Bahnhof",
            "Königinbrücke",
            "Die kleine Brücke der Fischer am Markt",
            "Die Eisenbahnbrücke in Ostfeld",
        ),
        "{}: Am besten kommt man vor Sonnenuntergang, wenn das Licht flach über dem Wasser liegt. Bänke gibt es genug.",
        "Den Weg zu dieser Brücke planen",
    ),
    "bengali": Ranking(
        "সন্ধ্যায় হাঁটার জন্য শহরের সেরা ৬টি সেতু",
        "শহরের প্রতিটি সেতু আমরা দুবার করে হেঁটে পার হয়েছি, আর পাশের বাসিন্দাদের কাছে জানতে চেয়েছি তাঁদের কী ভালো লাগে।",
        (
            "কলের ধারে পুরোনো পাথরের সেতু",
            "বন্দর সেতু",
            "রেলস্টেশনের পেছনের পায়ে চলার সেতু",
            "রানির সেতু",
            "জেলেপাড়ার ছোট্ট বাঁশের সেতু",
            "পুব মাঠের পুরোনো রেলসেতু",
        ),
        "{} দেখতে সূর্যাস্তের আগে যান, তখন জলের ওপর আলো নিচু হয়ে পড়ে। পথ সমান, বসার জায়গাও আছে।",
        "এই সেতুর পথ দেখে নিন",
    ),
}
BOXES = {
    "boxes": '<div class="item"><h3><a href="{url}">{name}</a></h3><p>{text}</p>'
    '<a class="btn" href="{url}#plan">{more}</a></div>',
    "articles": '<article class="venue"><div class="pic"><a href="{url}"><img src="{url}.jpg"></a></div>'
    '<div class="main"><h2 class="name"><a href="{url}">{name}</a></h2><div class="about"><p>{text}</p></div></div>'
    '<div class="act"><a href="{url}#plan">{more}</a></div></article>',
    "list items": '<li class="entry"><h3><a href="{url}">{name}</a></h3><div>{text}</div></li>',
    "columns": '<section class="row"><div class="col"><h2><a href="{url}">{name}</a></h2></div>'
    '<div class="col"><p>{text}</p><p><a href="{url}#plan">{more}</a></p></div></section>',
}


def entries(ranking: Ranking, form: str, url: str = "/bridges/{}", name: str = "{1}") -> str:
    around = "<ol>{}</ol>" if form == "list items" else '<div class="grid">{}</div>'
    boxes = (
        BOXES[form].format(
            url=url.format(at), name=name.format(at, each), text=ranking.text.format(each), more=ranking.more
        )
        for at, each in enumerate(ranking.names, 1)
    )
    return around.format("".join(boxes))


def lines(ranking: Ranking, markup: str, title: str | None = None) -> list[str]:
    title = title or ranking.title
    html = f"""<!DOCTYPE html><meta charset="utf-8"><title>{title}</title><body><nav><a href="/">Home</a></nav>
<div class="page"><h1>{title}</h1><div class="intro"><p>{ranking.introduction}</p></div>{markup}</div>
<footer><p>All rights reserved by the publisher of this newspaper and its owners.</p></footer>"""
    return (extract(html.encode(), URL).body_text or "").splitlines()


def assert_entries(found: list[str], ranking: Ranking, name: str = "{1}") -> None:
    for at, each in enumerate(ranking.names, 1):
        heading, text = name.format(at, each), ranking.text.format(each)
        assert any(line in {heading, f"{heading} {text}"} for line in found), heading
        assert any(line.endswith(text) for line in found), text


@pytest.mark.parametrize("form", BOXES)
@pytest.mark.parametrize("ranking", RANKINGS.values(), ids=RANKINGS)
def test_as_many_boxes_as_the_title_says_are_the_article(ranking: Ranking, form: str) -> None:
    found = lines(ranking, entries(ranking, form))
    assert ranking.introduction in found
    assert_entries(found, ranking)


@pytest.mark.parametrize("form", BOXES)
@pytest.mark.parametrize("name", ["{0}. {1}", "#{0} {1}", "{0}) {1}"])
def test_boxes_with_numbers_in_order_are_the_article(form: str, name: str) -> None:
    ranking = RANKINGS["english"]
    found = lines(ranking, entries(ranking, form, name=name), title="Our favourite bridges for an evening walk")
    assert_entries(found, ranking, name)


@pytest.mark.parametrize("form", BOXES)
def test_boxes_that_lead_to_many_other_sites_are_the_article(form: str) -> None:
    ranking = RANKINGS["german"]
    markup = entries(ranking, form, url="https://bruecke-{}.example/besuch")
    found = lines(ranking, markup, title="Unsere liebsten Brücken für den Abend")
    assert_entries(found, ranking)


TEASERS = tuple(f"Another bridge was closed for repairs in district {number}" for number in range(1, 7))


@pytest.mark.parametrize("form", BOXES)
def test_teasers_below_a_short_article_are_none_of_it(form: str) -> None:
    ranking = RANKINGS["english"]
    teasers = ranking._replace(names=TEASERS, more="More")
    found = lines(ranking, entries(teasers, form), title="The old bridge opens again after two years")
    assert found == [ranking.introduction]


@pytest.mark.parametrize("form", ["boxes", "articles"])
def test_teasers_below_a_long_article_are_none_of_it(form: str) -> None:
    ranking = RANKINGS["english"]
    text = "".join(f"<p>{ranking.introduction} This was on day {day}.</p>" for day in range(9))
    found = lines(
        ranking, text + entries(ranking._replace(names=TEASERS, more="More"), form), title="Repairs began 6 days ago"
    )
    assert len(found) >= 9
    assert not any(teaser in line for line in found for teaser in TEASERS)
