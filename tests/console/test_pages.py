"""What a reader of the console sees, by the text of its pages; tests/browser looks at them."""

import re

import pytest
from lxml import html
from tests.console.conftest import Reader
from tests.console.newsroom import BRIDGE, CAIRO, COPY, FERRY, HOSTILE, KARACHI, LIBRARY, MARKET
from tests.console.pages import open_page, texts, titles

from khobor.url import url_id

NOT_FOUND, BAD_REQUEST, BAD_GATEWAY, SEE_OTHER = 404, 400, 502, 303


def article(url: str) -> str:
    return f"/articles/{url_id(url)}"


@pytest.mark.slow
def test_the_front_page_shows_the_newest_of_all_sources_by_day(newsroom: Reader) -> None:
    root = open_page(newsroom, "/")
    assert texts(root, ".day h2") == ["Wednesday, 4 March 2026", "Tuesday, 3 March 2026", "Monday, 2 March 2026"]
    assert titles(newsroom, "/")[-5:-2] == [
        "Market hall stays open until midnight",
        "مكتبة في القاهرة تفتح قاعة جديدة للأطفال",
        "পদ্মায় ভাসে পাঠাগার, ঘাটে ঘাটে বই",
    ]
    assert "নদীর খবর" in texts(root, ".headlines .meta a")
    assert "2 revisions" in texts(root, ".headlines .mark")


def test_headlines_of_a_source_and_of_a_day(newsroom: Reader) -> None:
    assert titles(newsroom, "/", source="the-bridge") == [
        "Old bridge opens again",
        "Market hall stays open until midnight",
    ]
    assert titles(newsroom, "/", source="the-bridge", day="2026-03-03") == ["Market hall stays open until midnight"]
    assert len(titles(newsroom, "/", day="2026-03-03")) == 3
    root = open_page(newsroom, "/", day="2026-03-03")
    assert [link.get("href") for link in root.cssselect(".turn a")] == ["/?day=2026-03-02", "/?day=2026-03-04"]


@pytest.mark.parametrize(
    ("text", "by", "found"),
    [
        ("মেঘনায় উদ্ধার", "words", ["মেঘনায় ট্রলারডুবি, ১২ জন উদ্ধার"]),
        ("BUSINESS", "section", ["Market hall stays open until midnight"]),
        ("সংস্কৃতি", "tag", ["পদ্মায় ভাসে পাঠাগার, ঘাটে ঘাটে বই"]),
        ("سارہ خان", "author", ["کراچی کے ساحل پر پرندوں کی گنتی مکمل"]),
        ("zeppelin", "words", []),
    ],
)
def test_articles_are_found(newsroom: Reader, text: str, by: str, found: list[str]) -> None:
    assert titles(newsroom, "/search", q=text, by=by) == found


def test_a_url_leads_to_its_article(newsroom: Reader) -> None:
    answer = newsroom.get("/search", q=FERRY)
    assert (answer.status_code, answer.headers["Location"]) == (SEE_OTHER, article(FERRY))
    assert newsroom.get("/search", q="https://elsewhere.example/1").status_code == NOT_FOUND


def test_an_article_is_shown_with_what_is_known_of_it(newsroom: Reader) -> None:
    root = open_page(newsroom, article(LIBRARY))
    assert texts(root, "h1") == ["পদ্মায় ভাসে পাঠাগার, ঘাটে ঘাটে বই"]
    assert texts(root, ".byline") == ["রওনক জাহান"]
    assert "Published 3 March 2026, 16:20 UTC+06:00" in texts(root, "header .meta span")
    assert len(texts(root, ".text > p")) == 3
    assert root.cssselect(".text")[0].get("lang") == "bn"
    origins = dict(zip(texts(root, "tbody th"), texts(root, "tbody tr"), strict=True))
    found = "published_at 3 March 2026, 16:20 UTC+06:00 to the minute json-ld 2026-03-03T16:20:00+06:00"
    assert origins["published_at"] == found
    assert "nodir-khobor/1" in root.text_content()


@pytest.mark.parametrize("url", [KARACHI, CAIRO, FERRY, BRIDGE, MARKET])
def test_every_text_finds_its_own_direction(newsroom: Reader, url: str) -> None:
    root = open_page(newsroom, article(url))
    assert all(each.get("dir") == "auto" for each in root.cssselect("article h1, .text > p"))


def test_images_are_loaded_only_if_the_reader_says_so(newsroom: Reader) -> None:
    answer = newsroom.get(article(LIBRARY))
    assert "<img" not in answer.text
    assert "img-src 'self';" in answer.headers["Content-Security-Policy"]
    answer = newsroom.get(article(LIBRARY), images="show")
    (image,) = html.fromstring(answer.text).cssselect("img")
    assert image.get("src") == "https://pictures.example/1.jpg"
    assert image.get("referrerpolicy") == "no-referrer"
    assert "img-src 'self' https:;" in answer.headers["Content-Security-Policy"]
    assert "https:" not in newsroom.get("/sources", images="show").headers["Content-Security-Policy"]


def test_an_article_that_is_not_there(newsroom: Reader) -> None:
    for path in ("/articles/nothing", f"{article(FERRY)}/revisions/9", f"{article(FERRY)}/compare?before=1&after=9"):
        answer = newsroom.get(path)
        assert answer.status_code == NOT_FOUND
        assert "no such article or revision" in answer.text


def test_revisions_say_what_changed(newsroom: Reader) -> None:
    root = open_page(newsroom, f"{article(FERRY)}/revisions")
    assert texts(root, ".revisions h2") == ["Revision 2", "Revision 1"]
    assert texts(root, ".revisions .mark") == ["headline changed", "text changed"]


def test_an_earlier_revision_is_read_as_it_was(newsroom: Reader) -> None:
    root = open_page(newsroom, f"{article(FERRY)}/revisions/1")
    assert texts(root, "h1") == ["মেঘনায় ট্রলারডুবি, ৫ জন উদ্ধার"]
    assert texts(root, ".notice") == ["This is revision 1 of 2. Read the latest revision"]


def test_two_revisions_side_by_side(newsroom: Reader) -> None:
    root = open_page(newsroom, f"{article(FERRY)}/compare", before="1", after="2")
    assert texts(root, "del") == ["৫", "৫", "অন্তত ২০"]
    assert texts(root, "ins") == [
        "১২",
        "১২",
        "২৩",
        "জেলা প্রশাসক বিকেলে জানান, নিখোঁজ যাত্রীদের স্বজনদের জন্য ঘাটে একটি তথ্যকেন্দ্র খোলা হয়েছে।",
    ]
    assert "not in this revision" in texts(root, ".nothing")
    same = open_page(newsroom, f"{article(FERRY)}/compare", before="2", after="2")
    assert "Readers see no difference between these revisions." in texts(same, ".nothing")


def test_changes_are_listed_and_lead_to_what_changed(newsroom: Reader) -> None:
    root = open_page(newsroom, "/changes", kind="headline")
    (link,) = root.cssselect(".headlines h3 a")
    assert link.get("href") == f"{article(FERRY)}/compare?before=1&after=2"
    assert titles(newsroom, "/changes", kind="stealth") == []


@pytest.mark.parametrize(
    "path", ["/", "/articles/hostile", "/articles/hostile?images=show", "/search?q=opens", article(HOSTILE)]
)
def test_nothing_of_a_stored_page_is_markup(newsroom: Reader, path: str) -> None:
    root = open_page(newsroom, path)
    assert not root.cssselect(
        "main script, svg, iframe, object, embed, style, form[action^=http], base, meta[http-equiv]"
    )
    for each in root.iter():
        assert not [name for name in each.attrib if name.startswith("on") or name in {"style", "srcdoc"}]
        for name in ("href", "src"):
            assert re.match(r"https?://|/|\?|#|$", each.get(name) or "")


def test_an_article_that_was_taken_down_says_so(newsroom: Reader) -> None:
    assert "taken down" in texts(open_page(newsroom, "/", source="the-bridge"), ".mark")
    root = open_page(newsroom, article(MARKET))
    assert texts(root, ".notice") == [
        "This article is no longer on its site. Its removal was noticed on 4 March 2026, 11:00."
    ]
    assert len(texts(root, ".text > p")) == 3
    assert titles(newsroom, "/changes", kind="gone") == ["Market hall stays open until midnight"]


def test_sources_tell_how_they_are(newsroom: Reader) -> None:
    root = open_page(newsroom, "/sources")
    shown = {texts(each, "h2")[0]: " ".join(each.text_content().split()) for each in root.cssselect(".sources li")}
    assert "needs attention" in shown["নদীর খবর"]
    assert "last new article 4 January 2026, 12:00, silent for longer than usual" in shown["নদীর খবর"]
    assert "মেঘনায় ট্রলারডুবি, ১২ জন উদ্ধার" in shown["নদীর খবর"]
    assert "not fetched yet" in shown["The Bridge"]
    assert "needs attention" not in shown["The Bridge"]
    assert "not enabled" in shown["روزنامہ صبح"]


def test_dead_letters_show_their_reasons_and_stay(newsroom: Reader) -> None:
    for _ in range(3):
        root = open_page(newsroom, "/dead-letters")
        assert texts(root, ".messages code") == ["no_headline"]
        assert texts(root, ".queue > .meta code") == ["khobor redrive parse"]
        assert [heading.partition(":")[0] for heading in texts(root, ".queue h2")] == [
            *("Discover", "Fetch", "Parse", "Store", "Announce")
        ]
        assert "uploads/front.html" in texts(root, ".messages .meta")[0]


def test_an_article_with_the_same_text_elsewhere_is_linked(newsroom: Reader) -> None:
    root = open_page(newsroom, article(COPY))
    assert texts(root, ".copies a") == ["Old bridge opens again"]
    assert root.cssselect(".copies a")[0].get("href") == article(BRIDGE)
    assert texts(root, ".copies .meta") == ["The Bridge 4 March 2026, 05:30 100% similar"]
    assert not texts(open_page(newsroom, article(FERRY)), ".copies")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?day=yesterday", "&#39;yesterday&#39; is not a day; give one such as 2026-03-01"),
        ("/?cursor=made-up", "is not a cursor of this list"),
        ("/search?q=a&by=colour", "cannot search by &#39;colour&#39;"),
        ("/search?q=%20!!&by=words", "There is no word in"),
        ("/search?q=a&by=text", "cannot search by &#39;text&#39;"),
        ("/changes?kind=weather", "there is no change &#39;weather&#39;"),
        ("/articles/a/compare?before=x&after=2", "&#39;x&#39; is not the number of a revision"),
    ],
)
def test_what_cannot_be_asked_is_explained(newsroom: Reader, path: str, said: str) -> None:
    answer = newsroom.get(path)
    assert answer.status_code == BAD_REQUEST
    assert said in answer.text


def test_a_changed_headline_is_shown_as_it_was_and_as_it_became(newsroom: Reader) -> None:
    root = open_page(newsroom, "/changes", kind="headline")
    assert texts(root, ".was") == ["Before: মেঘনায় ট্রলারডুবি, ৫ জন উদ্ধার"]
    assert texts(root, ".became") == ["After: মেঘনায় ট্রলারডুবি, ১২ জন উদ্ধার"]
    assert (texts(root, "del"), texts(root, "ins")) == (["৫"], ["১২"])
    # What else this revision changed.
    assert texts(root, ".headlines .mark") == ["text changed"]
    (text,) = open_page(newsroom, "/changes", kind="body").cssselect(".headlines li")
    assert texts(text, ".mark") == ["headline changed"]


def test_words_of_an_earlier_headline_find_the_article_and_show_it(newsroom: Reader) -> None:
    root = open_page(newsroom, "/search", q="৫ মেঘনায়")
    assert texts(root, ".headlines h3") == ["মেঘনায় ট্রলারডুবি, ১২ জন উদ্ধার"]
    assert texts(root, ".earlier") == ["Earlier headline: মেঘনায় ট্রলারডুবি, ৫ জন উদ্ধার"]
    assert texts(open_page(newsroom, "/search", q="১২ মেঘনায়"), ".earlier") == []


def test_what_was_added_last_is_listed_by_when_it_was(newsroom: Reader) -> None:
    root = open_page(newsroom, "/", order="added")
    assert texts(root, "h1") == ["Recently added"]
    assert texts(root, ".headlines h3")[0] == "Open at last: traffic is back on the old bridge"
    # Its page was fetched the day after it was published.
    assert "published 3 March 2026" in texts(root, ".headlines .mark")
    assert "Recently added" in texts(open_page(newsroom, "/"), ".filter a")


@pytest.mark.parametrize(
    ("asked", "heading", "said", "ways"),
    [
        (
            {"day": "2026-03-20"},
            "All sources · Friday, 20 March 2026",
            "2026-03-20",
            ["/?day=2026-03-04"],
        ),
        (
            {"source": "the-bridge", "day": "2026-03-02"},
            "The Bridge · Monday, 2 March 2026",
            "2026-03-02",
            ["/?source=the-bridge&day=2026-03-04"],
        ),
        (
            {"source": "subh", "day": "2030-01-01"},
            "روزنامہ صبح · Tuesday, 1 January 2030",
            "2030-01-01",
            ["/?source=subh&day=2026-03-04"],
        ),
    ],
    ids=["all sources", "before the first", "long after"],
)
def test_a_day_without_articles_leads_to_the_nearest_that_has_some(
    newsroom: Reader, asked: dict[str, str], heading: str, said: str, ways: list[str]
) -> None:
    root = open_page(newsroom, "/", **asked)
    assert texts(root, "h1") == [heading]
    assert said in texts(root, ".nothing")[0]
    assert [link.get("href") for link in root.cssselect("main .choices a")] == ways
    assert titles(newsroom, ways[0])


@pytest.mark.parametrize("source", ["the-brigde", "nosuch", "নদী", "<b>"])
def test_a_source_that_nobody_knows_is_no_heading_and_leads_to_those_that_are(newsroom: Reader, source: str) -> None:
    root = open_page(newsroom, "/", source=source)
    assert texts(root, "h1") == ["There is no such source"]
    assert source in texts(root, ".nothing")[0]
    links = {link.get("href"): texts(link, "bdi") for link in root.cssselect("main .choices a")}
    assert links["/?source=the-bridge"] == ["The Bridge"]
    assert root.cssselect("input[name=source]")[0].get("value") == source


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/search?q=zeppelin",
            "No title, and no earlier one, has all words of 'zeppelin'; a part of a word finds nothing.",
        ),
        ("/search?q=zeppelin&by=tag", "No article has the tag 'zeppelin'."),
        ("/changes?kind=stealth", "No article has changed in this way."),
    ],
)
def test_an_empty_list_says_what_was_asked(newsroom: Reader, path: str, said: str) -> None:
    assert texts(open_page(newsroom, path), ".nothing") == [said]


def test_days_and_times_of_lists_are_those_of_the_source(newsroom: Reader) -> None:
    root = open_page(newsroom, "/", source="nodir-khobor", day="2026-03-04")
    # Published at 07:40 in Dhaka.
    assert texts(root, ".headlines time") == ["07:40"]
    assert texts(root, ".day h2") == ["Wednesday, 4 March 2026"]
