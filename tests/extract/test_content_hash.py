from khobor.extract.text import content_hash


def test_two_spellings_of_one_text_have_one_hash() -> None:
    assert content_hash("বিনিময়", "A  “text”.") == content_hash("বিনিময়", "a text")
    assert content_hash("A", "b") != content_hash("A", "c")


def test_an_empty_text_has_a_hash_too() -> None:
    assert len(content_hash(None, "")) == 64
