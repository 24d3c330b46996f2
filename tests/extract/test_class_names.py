import pytest

from khobor.extract.class_names import BREADCRUMB, BYLINE, COMMENTS, CONTENT, DEK, OUTSIDE, TOOLS, meaning


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("article-body", CONTENT),
        ("articleBody__x7Y main", CONTENT),
        ("entry_content", CONTENT),
        ("Article-Standfirst", DEK),
        ("related-articles", OUTSIDE),
        ("advert", OUTSIDE),
        ("ad", OUTSIDE),
        ("col-md-8 text-lg", 0),
        ("adult heading shadow", 0),
        ("", 0),
    ],
)
def test_words_of_names_say_what_an_element_holds(names: str, expected: int) -> None:
    assert meaning(names) == expected


@pytest.mark.parametrize(
    ("names", "bit"),
    [("c-byline", BYLINE), ("breadcrumbs", BREADCRUMB), ("comment-list", COMMENTS), ("socialShare", TOOLS)],
)
def test_a_name_may_say_several_things(names: str, bit: int) -> None:
    assert meaning(names) & bit
    assert meaning(names) != bit
