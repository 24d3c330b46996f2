import unicodedata
from datetime import timedelta, timezone

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.articles import MORNING, article

from khobor.article import Article, Author, Block, Image, Video
from khobor.revisions.difference import Segment, difference, text_segments
from khobor.revisions.words import as_shown

CLUSTERS = regex.compile(r"\X")
WORDS = [
    "ঢাকা",
    "ক্ষমতা",
    "য়",
    "র‍্যাব",
    "৫",
    "১২,৫০০",
    "the",
    "don't",
    "بسم",
    "北京",
    "大",
    "น้ำ",
    "เพิ่ม",
    "한국",
    "👨‍👩‍👧",
    "🇧🇩",
]
# Words with and without white space between them, and signs that join to what stands before.
TEXTS = st.lists(st.sampled_from([*WORDS, *" \n.,।", "  ", "\u09cd", "\u200d", "\u0301", "🇧"]), max_size=30).map(
    "".join
)
MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}


def marked(segments: tuple[Segment, ...]) -> str:
    return "".join(MARKS[segment.kind].format(segment.text) for segment in segments)


def paragraphs(*texts: str) -> Article:
    return article(body=tuple(Block(kind="paragraph", text=text) for text in texts))


def body(before: Article, after: Article) -> list[tuple[str, str]]:
    return [(paragraph.change, marked(paragraph.segments)) for paragraph in difference(before, after).paragraphs]


def side(segments: tuple[Segment, ...], kind: str) -> list[str]:
    return [segment.text for segment in segments if segment.kind in {"equal", kind}]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("নদীর পানি কমছে, বলছে পাউবো।", "নদীর পানি বাড়ছে, বলছে পাউবো।", "নদীর পানি [-কমছে-]{+বাড়ছে+}, বলছে পাউবো।"),
        ("সড়কে ৫ জন নিহত", "সড়কে নিহত বেড়ে ৭", "সড়কে [-৫ জন -]নিহত{+ বেড়ে ৭+}"),
        ("ব্যয় ১২,৫০০ কোটি", "ব্যয় ১৩,৭৫০ কোটি", "ব্যয় [-১২,৫০০-]{+১৩,৭৫০+} কোটি"),
        ("মুল্য কত", "মূল্য কত", "[-মুল্য-]{+মূল্য+} কত"),
        ("ক্ষমা চাইলেন", "ক্ষমতা চাইলেন", "[-ক্ষমা-]{+ক্ষমতা+} চাইলেন"),
        ("র‍্যাব গেছে", "র‍্যাব যাবে", "র‍্যাব [-গেছে-]{+যাবে+}"),
        ("The bridge opens on Monday.", "The bridge opens on Tuesday.", "The bridge opens on [-Monday-]{+Tuesday+}."),
        ("Prices will fall.", "Prices will not fall.", "Prices will {+not +}fall."),
        ("Rivers rise", "Rivers rise again", "Rivers rise{+ again+}"),
        ("hello world", "hello, world", "hello{+,+} world"),
        ("to 10, 12", "to 11, 13", "to [-10, 12-]{+11, 13+}"),
        (
            "قال الوزير إن الأسعار سترتفع.",
            "قال الوزير أمس إن الأسعار ستنخفض.",
            "قال الوزير {+أمس +}إن الأسعار [-سترتفع-]{+ستنخفض+}.",
        ),
        ("北京大学3月宣布", "北京大学4月正式宣布", "北京大学[-3-]{+4+}月{+正式+}宣布"),
        ("ราคาน้ำมันลดลง", "ราคาน้ำดื่มลดลง", "ราคาน้ำ[-มัน-]{+ดื่ม+}ลดลง"),
        ("ทาง", "ท่าง", "[-ท-]{+ท่+}าง"),
        ("대통령이 발표했다", "대통령은 발표했다", "[-대통령이-]{+대통령은+} 발표했다"),
        ("hi 👨‍👩‍👧", "hi 👨‍👩‍👦", "hi [-👨‍👩‍👧-]{+👨‍👩‍👦+}"),
        ("🇧🇩🇮🇳", "🇧🇪🇮🇳", "[-🇧🇩-]{+🇧🇪+}🇮🇳"),
    ],
)
def test_the_words_that_changed_are_marked(before: str, after: str, expected: str) -> None:
    assert marked(text_segments(before, after)) == as_shown(expected)


def test_a_text_written_anew_is_not_patched_together_from_chance_words() -> None:
    before = "a grey fox jumps over the river bank tonight"
    after = "two old dogs slept under the kitchen table today"
    assert marked(text_segments(before, after)) == f"[-{before}-]{{+{after}+}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("সম\u09df বা\u09dcছে মূ\u09dd", "সম\u09af\u09bc বা\u09a1\u09bcছে মূ\u09a2\u09bc"),
        ("পানি  বাড়ছে ", "পানি\u00a0বাড়ছে"),
        ("ঢাকা\u200b শহর", "ঢাকা শহর"),
        ("তিনি বলেন ।", "তিনি বলেন।"),
        ("5 月", "5月"),
        (unicodedata.normalize("NFD", "Café Zürich 한국"), "Café Zürich 한국"),
        (None, " "),
    ],
)
def test_spellings_of_one_text_are_no_difference(before: str | None, after: str | None) -> None:
    old = article(title=before, body=(Block(kind="paragraph", text=before or ""),))
    new = article(title=after, body=(Block(kind="paragraph", text=after or ""),))
    assert difference(old, new).is_empty


@given(TEXTS, TEXTS)
def test_the_stretches_give_both_texts(before: str, after: str) -> None:
    segments = text_segments(before, after)
    assert "".join(side(segments, "insert")) == as_shown(after)
    assert "".join("".join(side(segments, "delete")).split()) == "".join(as_shown(before).split())


@given(TEXTS, TEXTS)
def test_no_stretch_tears_a_grapheme_cluster_apart(before: str, after: str) -> None:
    stretches = side(text_segments(before, after), "insert")
    assert [cluster for text in stretches for cluster in CLUSTERS.findall(text)] == CLUSTERS.findall(as_shown(after))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(segment.kind == "equal" for segment in text_segments(text, text))


def test_an_inserted_paragraph_shifts_no_other() -> None:
    before = paragraphs("The bridge opened.", "Tolls are 50 taka for cars.", "It took ten years.")
    after = paragraphs(
        "The bridge opened.", "A minister cut the ribbon.", "Tolls are 60 taka for cars.", "It took ten years."
    )
    assert body(before, after) == [
        ("unchanged", "The bridge opened."),
        ("added", "{+A minister cut the ribbon.+}"),
        ("changed", "Tolls are [-50-]{+60+} taka for cars."),
        ("unchanged", "It took ten years."),
    ]


def test_a_paragraph_that_moved_is_removed_and_added() -> None:
    before, after = (
        paragraphs("One went.", "Two stayed here.", "Three came."),
        paragraphs("Two stayed here.", "Three came.", "One went."),
    )
    assert [change for change, _ in body(before, after)] == ["removed", "unchanged", "unchanged", "added"]


def test_a_paragraph_that_grew_is_changed() -> None:
    first = "হাইওয়ে পুলিশ জানায়, বাসটি ঢাকা থেকে কক্সবাজার যাচ্ছিল।"
    more = " চালকের ঘুমের কারণে দুর্ঘটনা হয়েছে বলে ধারণা করছেন তাঁরা, তবে তদন্ত এখনো শেষ হয়নি।"
    [(change, text)] = body(paragraphs(first), paragraphs(first + more))
    assert change == "changed"
    assert text == as_shown(f"{first}{{+{more}+}}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The bridge opened.", "Police arrested four men in Sylhet on Monday."),
        ("今日天气很好，我们去公园玩。", "政府宣布提高汽油价格，引发抗议。"),
        ("นายกรัฐมนตรีเดินทางไปเชียงใหม่", "ราคาทองคำปรับตัวสูงขึ้นมาก"),
        ("He said so.", "On Monday he told reporters that the ministry said so long before the bridge was opened."),
    ],
)
def test_paragraphs_that_have_little_in_common_are_removed_and_added(before: str, after: str) -> None:
    assert [change for change, _ in body(paragraphs(before), paragraphs(after))] == ["removed", "added"]


def test_a_paragraph_that_became_a_quote_is_changed_without_a_changed_word() -> None:
    after = article(body=(Block(kind="quote", text="We will build it."),))
    [paragraph] = difference(paragraphs("We will build it."), after).paragraphs
    assert (paragraph.change, marked(paragraph.segments)) == ("changed", "We will build it.")
    assert paragraph.before
    assert paragraph.after
    assert (paragraph.before.kind, paragraph.after.kind) == ("paragraph", "quote")


def test_an_image_is_known_by_its_address_and_by_its_caption() -> None:
    def shown(url: str, caption: str) -> Article:
        return article(body=(Block(kind="image", text=caption, image=Image(url=url, caption=caption)),))

    before = shown("https://example.com/1.jpg", "The new bridge")
    assert body(before, shown("https://example.com/1.jpg", "Padma")) == [("changed", "[-The new bridge-]{+Padma+}")]
    assert body(before, shown("https://example.com/2.jpg", "The new bridge")) == [("changed", "The new bridge")]
    assert body(before, shown("https://example.com/2.jpg", "Padma")) == [
        ("removed", "[-The new bridge-]"),
        ("added", "{+Padma+}"),
    ]


def test_items_of_a_list_stay_on_lines_of_their_own() -> None:
    before = article(body=(Block(kind="list", text="Rice 50\nOil 190", items=("Rice 50", "Oil 190")),))
    after = article(body=(Block(kind="list", text="Rice 55\nOil 190", items=("Rice 55", "Oil 190")),))
    assert body(before, after) == [("changed", "Rice [-50-]{+55+}\nOil 190")]


def test_fields_that_a_reader_sees_are_compared() -> None:
    image = Image(url="https://example.com/1.jpg", caption="A bus", credit="Star")
    before = article(
        title="৫ জন নিহত", authors=(Author(name="Rashed"),), modified_at=MORNING, tags=("road", "bus"), images=(image,)
    )
    after = article(
        title="৭ জন নিহত",
        kicker="Comilla",
        authors=(Author(name="Rashed"), Author(name="Mitu", url="https://example.com/mitu")),
        modified_at=MORNING + timedelta(hours=2),
        tags=("bus", "police", "road"),
        videos=(Video(url="https://example.com/1.mp4"),),
    )
    changes = {change.name: change for change in difference(before, after).fields}
    assert {name: [(part.kind, part.text) for part in change.segments] for name, change in changes.items()} == {
        "kicker": [("insert", "Comilla")],
        "title": [("delete", "৫"), ("insert", "৭"), ("equal", " জন নিহত")],
        "authors": [("equal", "Rashed"), ("insert", "Mitu")],
        "modified_at": [],
        "tags": [("equal", "bus"), ("insert", "police"), ("equal", "road")],
        "images": [("delete", "A bus — Star — https://example.com/1.jpg")],
        "videos": [("insert", "https://example.com/1.mp4")],
    }
    assert (changes["modified_at"].before, changes["modified_at"].after) == (MORNING, MORNING + timedelta(hours=2))
    assert (changes["kicker"].before, changes["kicker"].after) == (None, "Comilla")
    assert changes["images"].before == (image,)


def test_what_a_reader_does_not_see_is_no_difference() -> None:
    before = article(tags=("a", "b"), authors=(Author(name="Mitu"),), published_at=MORNING)
    after = article(
        2,
        title=before.title,
        tags=("b", "a"),
        authors=(Author(name="Mitu", url="https://example.com/mitu"),),
        published_at=MORNING.astimezone(timezone(timedelta(hours=6))),
        fetched_at=MORNING + timedelta(days=1),
        content_hash="1",
        alternative_titles=("Title | Example",),
    )
    assert difference(before, after).is_empty


def test_an_article_that_lost_its_body_has_every_paragraph_removed() -> None:
    assert body(paragraphs("One.", "Two."), article(body=())) == [("removed", "[-One.-]"), ("removed", "[-Two.-]")]
    assert not difference(paragraphs("One."), article(body=())).is_empty
