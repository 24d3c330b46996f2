import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.revisions.marks import marked

from khobor.revisions.text_difference import Segment, text_segments
from khobor.revisions.words import visible_text

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
    assert marked(text_segments(before, after)) == visible_text(expected)


def test_a_text_written_anew_is_not_patched_together_from_chance_words() -> None:
    before = "a grey fox jumps over the river bank tonight"
    after = "two old dogs slept under the kitchen table today"
    assert marked(text_segments(before, after)) == f"[-{before}-]{{+{after}+}}"


@given(TEXTS, TEXTS)
def test_the_segments_give_both_texts(before: str, after: str) -> None:
    segments = text_segments(before, after)
    assert "".join(side(segments, "insert")) == visible_text(after)
    assert "".join("".join(side(segments, "delete")).split()) == "".join(visible_text(before).split())


@given(TEXTS, TEXTS)
def test_no_segment_splits_a_grapheme_cluster(before: str, after: str) -> None:
    segments = side(text_segments(before, after), "insert")
    assert [cluster for text in segments for cluster in CLUSTERS.findall(text)] == CLUSTERS.findall(visible_text(after))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(segment.kind == "equal" for segment in text_segments(text, text))
