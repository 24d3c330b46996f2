"""Content digests: which differences readers see, and which paragraphs are correction notices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.articles import article

from khobor.article import Article, Author, Block, Image
from khobor.revisions.content_digests import ContentDigests, content_digests

BEFORE = article(
    title="পদ্মা সেতুতে যান চলাচল শুরু",
    kicker="যোগাযোগ",
    description="সকাল থেকে টোল দিয়ে পার হচ্ছে গাড়ি।",
    authors=(Author(name="রহিমা খাতুন"),),
    body=(
        Block(kind="paragraph", text="প্রথম গাড়িটি পার হয় সকাল ছয়টায়।"),
        Block(kind="image", image=Image(url="https://example.com/a.jpg", caption="টোল প্লাজা")),
    ),
    tags=("সেতু", "টোল"),
    modified_at=datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC),
)

UNSEEN: dict[str, dict[str, Any]] = {
    "white space": {"title": "  পদ্মা সেতুতে\u00a0যান  চলাচল শুরু "},
    "a character written in two": {
        "body": tuple(replace(b, text=b.text.replace("য়", "\u09af\u09bc")) for b in BEFORE.body)
    },
    "the order of tags": {"tags": ("টোল", "সেতু")},
    "another address of an image": {
        "body": (
            BEFORE.body[0],
            replace(BEFORE.body[1], image=Image(url="https://cdn.example.com/b.jpg", caption="টোল প্লাজা")),
        )
    },
    "links": {"related": ()},
    "a counter": {"body": (*BEFORE.body, Block(kind="paragraph", text="পঠিত: ১২৩ বার"))},
    "a counter in a list": {"body": (*BEFORE.body, Block(kind="list", text="12 views\n5 min read"))},
}
SEEN: dict[str, dict[str, Any]] = {
    "headline": {"title": "পদ্মা সেতুতে যান চলাচল বন্ধ"},
    "byline": {"authors": (Author(name="রহিমা খাতুন"), Author(name="করিম উদ্দিন"))},
    "description": {"description": "সকাল থেকে সেতু বন্ধ।"},
    "body": {"body": (Block(kind="paragraph", text="প্রথম গাড়িটি পার হয় সকাল সাতটায়।"), BEFORE.body[1])},
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_reader_sees_is_no_difference(name: str) -> None:
    assert content_digests(replace(BEFORE, **UNSEEN[name])).content == content_digests(BEFORE).content


@pytest.mark.parametrize("name", SEEN)
def test_what_a_reader_sees_is_a_difference_of_its_part(name: str) -> None:
    before, after = content_digests(BEFORE), content_digests(replace(BEFORE, **SEEN[name]))
    parts = ("headline", "byline", "description", "body")
    assert [part for part in parts if getattr(before, part) != getattr(after, part)] == [name]


def test_a_caption_is_part_of_the_body() -> None:
    other = replace(BEFORE.body[1], image=Image(url="https://example.com/a.jpg", caption="জাজিরা প্রান্ত"))
    assert content_digests(replace(BEFORE, body=(BEFORE.body[0], other))).body != content_digests(BEFORE).body


@pytest.mark.parametrize(
    "given", [BEFORE, article(title=None, body=()), article(modified_at=datetime(1969, 1, 1, tzinfo=UTC))]
)
def test_facets_come_back_from_their_text(given: Article) -> None:
    assert ContentDigests.from_text(content_digests(given).to_text()) == content_digests(given)


def test_a_time_of_modification_is_one_in_every_zone() -> None:
    dhaka = timezone(timedelta(hours=6))
    assert BEFORE.modified_at
    assert content_digests(replace(BEFORE, modified_at=BEFORE.modified_at.astimezone(dhaka))) == content_digests(BEFORE)


@pytest.mark.parametrize(
    "text",
    [
        "Correction: An earlier version misspelled a name.",
        "  CORRECTION (March 3): the bridge is 6.15 km long.",
        "[Editor’s note: the figure was changed.]",
        "This article was amended on 3 March 2026.",
        "সংশোধনী: সেতুর দৈর্ঘ্য ৬.১৫ কিলোমিটার।",
        "Исправление: мост длиной 6 км.",
        "訂正：橋の長さを改めました。",
    ],
)
def test_notices_of_a_correction_are_known_in_many_languages(text: str) -> None:
    corrected = replace(BEFORE, body=(*BEFORE.body, Block(kind="paragraph", text=text)))
    assert (content_digests(BEFORE).notices, content_digests(corrected).notices) == (0, 1)


@pytest.mark.parametrize("text", ["He asked for a correction: none came.", "Corrections officers went on strike.", ""])
def test_other_paragraphs_are_no_notices(text: str) -> None:
    other = replace(BEFORE, body=(*BEFORE.body, Block(kind="paragraph", text=text)))
    assert content_digests(other).notices == 0


def test_a_number_in_a_sentence_is_a_difference() -> None:
    before, after = (
        content_digests(
            replace(BEFORE, body=(Block(kind="paragraph", text=f"The page had {number} views on Monday."),))
        )
        for number in (12, 13)
    )
    assert before.body != after.body
