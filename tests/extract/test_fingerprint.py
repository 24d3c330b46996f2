from khobor.extract.fingerprint import fingerprints

BENGALI = "কিম জং উন রুশ প্রেসিডেন্ট ভ্লাদিমির পুতিনের সঙ্গে চিঠি বিনিময় করেছেন বলে জানিয়েছে দেশটির গণমাধ্যম। " * 5
OTHER_BENGALI = "ঢাকার বাজারে সবজির দাম গত সপ্তাহের তুলনায় কেজিতে দশ টাকা কমেছে বলে জানিয়েছেন বিক্রেতারা আজ। " * 5
CHINESE = "宫崎县发生震度五弱的地震气象厅发布海啸警报请居民注意安全远离海岸线前往高处避难" * 5
OTHER_CHINESE = "北京今天举行会议讨论经济政策部长表示下半年将继续扩大开放并降低企业负担支持就业" * 5


def distance(one: str, other: str) -> int:
    return (int(fingerprints(None, one).simhash, 16) ^ int(fingerprints(None, other).simhash, 16)).bit_count()


def test_two_spellings_of_one_text_have_one_hash() -> None:
    assert fingerprints("বিনিময়", "A  “text”.").content_hash == fingerprints("বিনিময়", "a text").content_hash
    assert fingerprints("A", "b").content_hash != fingerprints("A", "c").content_hash


def test_a_text_with_a_word_changed_is_near_and_another_text_is_far() -> None:
    for text, other in ((BENGALI, OTHER_BENGALI), (CHINESE, OTHER_CHINESE)):
        assert distance(text, text) == 0
        assert distance(text, text[:200] + "X" + text[201:]) <= 8
        assert distance(text, other) >= 16


def test_vowel_signs_tell_texts_apart() -> None:
    assert fingerprints(None, "কা কি কু কে কো").simhash != fingerprints(None, "কো কে কু কি কী").simhash


def test_an_empty_text_has_fingerprints_too() -> None:
    empty = fingerprints(None, "")
    assert (len(empty.simhash), len(empty.content_hash)) == (16, 64)
