import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.articles import article

from khobor.article import Block, Image
from khobor.revisions.minhash import SIMILAR, MinHash, bands, minhash, resemblance

ENGLISH = (
    "At least five people were killed and dozens injured when a bus fell into a roadside ditch at Savar on Sunday.",
    (
        "The accident took place on the Dhaka-Aricha highway at about 7 in the morning, police said, adding that the "
        "driver lost control of the vehicle as he tried to overtake a truck."
    ),
    (
        "“I heard a loud noise and then people were screaming,” said a shopkeeper of the area. The injured were taken "
        "to the medical college hospital, where two of them died in the afternoon."
    ),
)
BENGALI = (
    (
        "সাভারে যাত্রীবাহী বাস খাদে পড়ে অন্তত ৫ জন নিহত হয়েছেন, আহত হয়েছেন আরও ১২ জন। রোববার সকালে ঢাকা-আরিচা মহাসড়কে এই "
        "দুর্ঘটনা ঘটে বলে জানিয়েছে হাইওয়ে পুলিশ।"
    ),
    (
        "পুলিশ জানায়, একটি ট্রাককে পাশ কাটাতে গিয়ে চালক বাসের নিয়ন্ত্রণ হারান। খবর পেয়ে ফায়ার সার্ভিসের কর্মীরা সেখানে গিয়ে "
        "আহতদের উদ্ধার করে সরকারী হাসপাতালে পাঠান। তাঁদের কয়েকজনের অবস্থা আশঙ্কাজনক।"
    ),
)
THAI = (
    "เกิดเหตุรถโดยสารเสียหลักตกคูน้ำข้างทางเมื่อเช้าวันอาทิตย์ที่ผ่านมา ทำให้มีผู้เสียชีวิตอย่างน้อยห้าคนและบาดเจ็บอีกหลายสิบคน",
    "ตำรวจกล่าวว่าคนขับพยายามแซงรถบรรทุกก่อนที่รถจะเสียการควบคุม ผู้บาดเจ็บถูกนำส่งโรงพยาบาลประจำจังหวัดในเวลาต่อมา",
)
OTHER_THAI = (
    "ธนาคารกลางประกาศคงอัตราดอกเบี้ยนโยบายไว้ที่เดิมในการประชุมเมื่อวันอาทิตย์ที่ผ่านมา โดยระบุว่าเศรษฐกิจยังฟื้นตัวอย่างเปราะบาง",
    "ขณะที่ราคาอาหารและพลังงานปรับตัวสูงขึ้นต่อเนื่องเป็นเดือนที่สาม นักวิเคราะห์คาดว่าการส่งออกจะขยายตัวได้ดีในช่วงครึ่งปีหลัง",
)
JAPANESE = (
    "日曜日の朝、郊外の高速道路で長距離バスが道路脇の溝に転落し、少なくとも五人が死亡、数十人がけがをした。",
    "警察によると、運転手がトラックを追い越そうとした際にハンドル操作を誤ったとみられる。けが人は近くの病院に運ばれた。",
)
OTHER_JAPANESE = (
    "中央銀行は日曜日に開いた会合で政策金利を据え置くことを決め、景気の回復はなおもろいとの見方を示した。",
    "食品とエネルギーの価格は三か月続けて上昇しており、専門家は年の後半には輸出が持ち直すとみている。",
)


def of(*paragraphs: str) -> MinHash:
    made = minhash(article(body=tuple(Block(kind="paragraph", text=text) for text in paragraphs)))
    assert made
    return made


def noise(chance: Random, words: int) -> str:
    return " ".join(f"{chance.randrange(10**6):06}" for _ in range(words))


def test_a_sketch_has_80_bytes_and_four_different_keys_of_eight_characters() -> None:
    made = of(*ENGLISH)
    assert len(made.data) == 80
    assert len(set(bands(made))) == 4
    assert all(re.fullmatch("[0-9a-f]{8}", band) for band in bands(made))


def test_what_is_stored_is_still_found_by_what_is_computed_now() -> None:
    # These may never change: archives hold them.
    assert bands(of(*ENGLISH)) == ("040fedf5", "06e4610b", "0acbca5c", "0ae1977c")
    assert of(*ENGLISH).data.hex() == (
        "040fedf506e4610b0acbca5c0ae1977ca25b9ca44afc5feff60a5c2908f9967988a5033baa3fa88c"
        "bc0a930f388177711b3b87e4a82cc97a7acfb13a98bb188c9094a2265b3f99f8cc69100726e9f3af"
    )
    assert of(*BENGALI).data.hex() == (
        "0089825506bcf51f095ac8c70b5378995b9f790c3b9bb99bc8b077b590b36fba9bb9b03f17b18050"
        "1a01099f9509bc50153f9b199c9b07bb499a10090950b509010c5b64509b30f979b5c0106c9abb19"
    )
    assert bands(of(*THAI)) == ("007a69f4", "041ed95e", "0693bba1", "09941210")
    assert bands(of(*JAPANESE)) == ("06d0cf04", "07c5a5b0", "07c60793", "0c8922ec")


@pytest.mark.parametrize(
    "body",
    [
        (),
        (Block(kind="paragraph", text=""),),
        (Block(kind="paragraph", text="Watch the video below and tell us what you think of it in the comments."),),
        (Block(kind="paragraph", text="Live! " * 500),),
        (Block(kind="paragraph", text="欢迎订阅本报电子报，每天早上把当天最重要的新闻送到您的邮箱。"),),
        (Block(kind="image", text=ENGLISH[1], image=Image(url="https://example.com/1.jpg", caption=ENGLISH[1])),) * 9,
    ],
    ids=["no body", "no text", "a line of a video page", "one word", "a line in Chinese", "a gallery"],
)
def test_a_body_that_says_too_little_has_no_sketch(body: tuple[Block, ...]) -> None:
    assert minhash(article(body=body)) is None


def test_a_flash_of_one_paragraph_has_a_sketch_and_is_found_under_another_dateline() -> None:
    flash = ENGLISH[0] + " Police said rescue work was going on."
    assert resemblance(of(flash), of(f"DHAKA, March 1 (BSS) - {flash}")) > SIMILAR


def test_data_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a MinHash has 80 bytes, not 79: give the data of one made by minhash"):
        MinHash(bytes(79))


def test_headline_and_other_fields_have_no_part_in_it() -> None:
    body = tuple(Block(kind="paragraph", text=text) for text in ENGLISH)
    assert minhash(article(1, body=body)) == minhash(article(2, body=body, title="Five die at Savar", source="other"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\u09af\u09bc", "\u09df"),
        ("\u09a1\u09bc", "\u09dc"),
        ("ী", "ি"),
        ("৫", "5"),
        ("্র", "্\u200dর"),
        (" ", "\u00a0 "),
        ("।", "."),
        (",", ""),
    ],
)
def test_spellings_of_bengali_that_read_alike_are_one(old: str, new: str) -> None:
    assert old in BENGALI[0] + BENGALI[1]
    assert of(*(text.replace(old, new) for text in BENGALI)) == of(*BENGALI)


@pytest.mark.parametrize(
    ("old", "new"), [("“", '"'), ("-", "–"), ("t", "T"), ("fi", "ﬁ"), ("a", "a\u00ad"), ("7", "٧")]
)
def test_signs_of_english_that_read_alike_are_one(old: str, new: str) -> None:
    assert old in " ".join(ENGLISH)
    assert of(*(text.replace(old, new) for text in ENGLISH)) == of(*ENGLISH)


def test_keyboards_of_arabic_and_persian_are_one() -> None:
    text = "قال مسؤول في الشرطة إن خمسة أشخاص على الأقل لقوا حتفهم يوم الأحد عندما سقطت حافلة في خندق على جانب "
    text += "الطريق السريع وكان السائق يحاول أن يتجاوز شاحنة كبيرة قرب المدينة"
    assert of(text.replace("ي", "ی").replace("ك", "ک")) == of(text)


def test_where_paragraphs_end_does_not_matter() -> None:
    assert of(" ".join(ENGLISH)) == of(*ENGLISH)


def test_vowel_signs_and_numbers_tell_texts_apart() -> None:
    chance = Random(1)
    words = [chance.choices("কখগতদনপবমরলস", k=3) for _ in range(200)]
    one, other = (
        " ".join(sign.join(word) + sign for word, sign in zip(words, chance.choices("ািুেো", k=200), strict=True))
        for _ in range(2)
    )
    assert resemblance(of(one), of(other)) < 0.1
    assert resemblance(of(noise(chance, 200)), of(noise(chance, 200))) < 0.1


@pytest.mark.parametrize(("text", "other"), [(THAI, OTHER_THAI), (JAPANESE, OTHER_JAPANESE)], ids=["Thai", "Japanese"])
def test_without_spaces_copies_are_found_and_other_texts_are_not(text: tuple[str, ...], other: tuple[str, ...]) -> None:
    original, copy = of(*text), of(other[0], *text[:1], *text[1:])
    assert resemblance(original, copy) > SIMILAR
    assert set(bands(original)) & set(bands(copy))
    assert resemblance(original, of(*other)) < 0.1
    assert not set(bands(original)) & set(bands(of(*other)))


def test_a_live_blog_is_found_again_with_another_entry_on_top() -> None:
    chance = Random(2)
    blog = noise(chance, 25_000)
    later = of(noise(chance, 300), blog)
    assert resemblance(of(blog), later) > 0.9
    assert set(bands(of(blog))) & set(bands(later))


@pytest.mark.parametrize("words", [40, 100, 500])
@pytest.mark.parametrize("same", [0.0, 0.3, 0.6, 0.9])
def test_resemblance_is_the_part_of_the_shingles_that_both_have(words: int, same: float) -> None:
    errors = []
    for seed in range(30):
        chance = Random(seed)
        start = noise(chance, round(words * same))
        one, other = (f"{start} {noise(chance, words - round(words * same))}" for _ in range(2))
        shared = max(0, round(words * same) - 7)
        errors.append(resemblance(of(one), of(other)) - shared / (2 * (words - 7) - shared))
    assert abs(sum(errors) / len(errors)) < 0.04
    assert max(map(abs, errors)) < 0.25


@given(st.text(), st.text())
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    minhashes = [
        made
        for text in (one, other, one * 50)
        if (made := minhash(article(body=(Block(kind="paragraph", text=text),))))
    ]
    for first in minhashes:
        assert resemblance(first, first) == 1
        assert MinHash(first.data) == first
        for second in minhashes:
            assert 0 <= resemblance(first, second) == resemblance(second, first) <= 1


WORDS = st.lists(
    st.sampled_from(["news", "খবর", "12", "১২", "Ναυς", "এই", "the", "of", "新"]), min_size=40, max_size=120
)


@pytest.mark.slow
@given(WORDS)
def test_to_say_all_twice_is_to_say_the_same(words: list[str]) -> None:
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    # Where the second begins some shingles are new.
    assert resemblance(of(text), of(text, text)) > 0.6
    assert of(text, text) == of(text, text, text)
