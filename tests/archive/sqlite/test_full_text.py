"""Full-text search: words of title and text in any script, prefixes, phrases, ranking, and what is shown of a match."""

from pathlib import Path

import pytest
from tests.articles import MORNING, article

from khobor.archive.full_text import Excerpt, MatchPage
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.article import Block
from khobor.errors import PermanentError
from khobor.sqlite.database import Database

# In each: a sentence, a word of it, the beginning of a word, two words that follow one another, and two that do not.
SCRIPTS = {
    "Bengali": ("পদ্মা সেতুতে যান চলাচল শুরু হয়েছে।", "সেতু", "চলা*", '"যান চলাচল"', '"যান শুরু"'),
    "Latin": ("Dhaka’s new bridge has opened to traffic.", "BRIDGE", "traf*", '"new bridge"', '"bridge new"'),
    "Cyrillic": ("Новый мост открыт для движения.", "МОСТ", "движ*", '"новый мост"', '"мост новый"'),
    "Greek": ("Η νέα γέφυρα άνοιξε για κυκλοφορία.", "ΓΈΦΥΡΑ", "κυκλ*", '"νέα γέφυρα"', '"γέφυρα νέα"'),
    "Arabic": ("افتتح الجسر الجديد أمام المركبات.", "الجسر", "المرك*", '"الجسر الجديد"', '"الجديد الجسر"'),
    "Hebrew": ("הגשר החדש נפתח לתנועה.", "הגשר", "לתנ*", '"הגשר החדש"', '"החדש הגשר"'),
    "Devanagari": ("नया पुल यातायात के लिए खुल गया है।", "पुल", "याता*", '"नया पुल"', '"पुल नया"'),
    "Tamil": ("புதிய பாலம் போக்குவரத்துக்கு திறக்கப்பட்டது.", "பாலம்", "போக்கு*", '"புதிய பாலம்"', '"பாலம் புதிய"'),
    "Chinese": ("新大桥今天开通，记者报道。", "大桥", "开*", '"今天开通"', '"开通今天"'),
    "Japanese": ("新しい橋が開通しました。", "橋", "開*", '"新しい橋"', '"橋新しい"'),
    "Korean": ("새 다리가 오늘 개통되었다.", "다리가", "개통*", '"오늘 개통되었다"', '"개통되었다 오늘"'),
    "Thai": ("สะพานใหม่เปิดให้รถวิ่งแล้ววันนี้", "สะพาน", "เปิด*", '"สะพานใหม่"', '"ใหม่สะพาน"'),
    "Amharic": ("አዲሱ ድልድይ ዛሬ ተከፈተ።", "ድልድይ", "ተከ*", '"አዲሱ ድልድይ"', '"ድልድይ አዲሱ"'),
}


@pytest.fixture
def search(database: Database) -> SQLiteFullText:
    return SQLiteFullText(database)


def put(archive: SQLiteArchive, number: int, text: str, title: str = "") -> None:
    archive.put(article(number, title=title or None, body=(Block(kind="paragraph", text=text),)))


def ids(page: MatchPage) -> list[str]:
    return [match.headline.article_id for match in page.matches]


def shown(excerpt: Excerpt | None) -> list[str]:
    assert excerpt
    return [excerpt.text[start:end] for start, end in excerpt.marks]


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_beginnings_and_phrases_are_found_in_every_script(
    archive: SQLiteArchive, search: SQLiteFullText, script: str
) -> None:
    for number, (text, *_) in enumerate(SCRIPTS.values()):
        put(archive, number, text)
    mine = f"id{list(SCRIPTS).index(script)}"
    text, word, beginning, phrase, other = SCRIPTS[script]
    for query in (word, beginning, phrase, text):
        assert (query, ids(search.search(query))) == (query, [mine])
        (match,) = search.search(query).matches
        assert shown(match.excerpt)
    assert ids(search.search(other)) == []


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("bridge", ["bridge", "Bridge"]),
        ("open*", ["opened", "open"]),
        ('"toll plaza"', ["toll plaza"]),
        ("“toll plaza”", ["toll plaza"]),
        ("bridge toll", ["bridge", "toll", "Bridge"]),
        ("e-mail", ["e-mail"]),
        ("café", ["café"]),
    ],
)
def test_an_excerpt_marks_what_was_asked_for(
    archive: SQLiteArchive, search: SQLiteFullText, query: str, marks: list[str]
) -> None:
    text = "The bridge opened; its toll plaza was (not) open. (Bridge) An e-mail to the café."
    put(archive, 1, text, "Traffic")
    (match,) = search.search(query).matches
    assert match.excerpt.text == text
    assert shown(match.excerpt) == marks


def test_an_excerpt_of_a_long_text_is_short_and_shows_the_words_together(
    archive: SQLiteArchive, search: SQLiteFullText
) -> None:
    filler = "Nothing is said here of anything at all. " * 50
    put(archive, 1, f"A toll. {filler}\n\nThe toll of the bridge doubles.\n\n{filler}", "Bridge")
    (match,) = search.search("toll bridge").matches
    assert shown(match.title) == ["Bridge"]
    assert len(match.excerpt.text) <= 240
    assert "  The toll of the bridge doubles." in match.excerpt.text
    assert shown(match.excerpt) == ["toll", "bridge"]


def test_an_article_is_found_by_its_title_and_marked_there(archive: SQLiteArchive, search: SQLiteFullText) -> None:
    put(archive, 1, "Text.", "পদ্মা সেতুর টোল")
    (match,) = search.search("সেতু").matches
    assert shown(match.title) == ["সেতুর"]
    assert (match.excerpt.text, match.excerpt.marks) == ("Text.", ())


def test_the_better_match_comes_first_and_one_in_the_title_before_all(
    archive: SQLiteArchive, search: SQLiteFullText
) -> None:
    filler = "Other words about other things follow here. " * 5
    put(archive, 1, f"A ferry. {filler}")
    put(archive, 2, f"A ferry, a ferry and a ferry. {filler}")
    put(archive, 3, f"Nothing. {filler}", "The ferry")
    for number in range(4, 12):
        put(archive, number, filler)
    assert ids(search.search("ferry")) == ["id3", "id2", "id1"]


def test_a_frequent_word_costs_no_more_and_the_newest_comes_first(
    archive: SQLiteArchive, search: SQLiteFullText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khobor.archive.sqlite.full_text._FREQUENT", 3)
    for number in range(1, 7):
        text, title = ("Of it.", "The ferry") if number == 2 else ("The bridge and the ferry.", "")
        put(archive, number, text, title)
    assert ids(search.search("ferry")) == ["id2", "id6", "id5", "id4", "id3", "id1"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_matches_are_read_page_by_page(archive: SQLiteArchive, search: SQLiteFullText, limit: int) -> None:
    for number in range(1, 8):
        put(archive, number, "A ferry. " * number)
    everything = ids(search.search("ferry"))
    found, cursor = [], None
    while True:
        page = search.search("ferry", limit=limit, cursor=cursor)
        assert len(page.matches) <= limit
        found += ids(page)
        cursor = page.cursor
        if cursor is None:
            break
    assert found == everything
    assert sorted(found) == [f"id{number}" for number in range(1, 8)]


def test_what_only_looks_like_a_form_of_a_word_is_not_found(archive: SQLiteArchive, search: SQLiteFullText) -> None:
    put(archive, 1, "আজ বৈঠকে সিদ্ধান্ত হয়।")
    put(archive, 2, "আজ বৈঠের কথা হয়।")
    assert ids(search.search("বৈঠক")) == ["id1"]


def test_only_the_article_as_it_was_fetched_last_is_searched(archive: SQLiteArchive, search: SQLiteFullText) -> None:
    put(archive, 1, "The ferry sinks.")
    newer = article(body=(Block(kind="paragraph", text="The bridge opens."),), fetched_at=MORNING.replace(hour=9))
    archive.put(newer)
    archive.put(article(body=(Block(kind="paragraph", text="The train stops."),), fetched_at=MORNING))
    assert [ids(search.search(word)) for word in ("ferry", "bridge", "train")] == [[], ["id1"], []]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "no_words"),
        ('"', "no_words"),
        ("* — !", "no_words"),
        ("a*", "short_prefix"),
        (" ".join(f"w{number}" for number in range(40)), "long_query"),
    ],
)
def test_a_query_that_is_none_is_refused_in_words(search: SQLiteFullText, query: str, reason: str) -> None:
    with pytest.raises(PermanentError) as refused:
        search.search(query)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "query",
    ["AND OR NOT", "title:bridge", "bridge)", '"bridge', "NEAR(a b)", "bridge^2", "a\0b", "{title}", "-bridge", "🌉 x"],
)
def test_no_query_is_taken_for_the_language_of_the_database(
    archive: SQLiteArchive, search: SQLiteFullText, query: str
) -> None:
    put(archive, 1, "Nothing.")
    assert search.search(query).matches == ()


def test_of_a_forgotten_article_nothing_is_left_in_the_file(archive: SQLiteArchive, database: Database) -> None:
    for number in range(1, 30):
        put(archive, number, f"Ordinary text number {number} about the bridge. " * 20)
    archive.put(
        article(
            99,
            title="Zzyzxtitle",
            url="https://example.com/zzyzxurl",
            section="Zzyzxsection",
            body=(Block(kind="paragraph", text="Zzyzxfirst words of it. " * 40),),
        )
    )
    archive.put(
        article(
            99,
            title="Zzyzxsecond",
            fetched_at=MORNING.replace(hour=9),
            body=(Block(kind="paragraph", text="Zzyzxlast words of it. " * 40),),
        )
    )
    for number in range(30, 60):
        put(archive, number, f"Ordinary text number {number} about the ferry. " * 20)
    assert b"zzyzx" in stored(database).lower()
    traces = archive.forget("id99", MORNING)
    assert traces
    archive.erase("id99", traces, MORNING)
    assert b"zzyzx" not in stored(database).lower()
    assert len(ids(SQLiteFullText(database).search("ordinary", limit=100))) == 59
    with database.read() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert database.problems() == []


def stored(database: Database) -> bytes:
    """Return all bytes of the database and of the files beside it."""
    files = Path(database.path).parent.glob(f"{database.path.name}*")
    return b"".join(file.read_bytes() for file in files if not file.name.endswith("-shm"))
