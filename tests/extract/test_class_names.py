import pytest

from khobor.extract.class_names import BREADCRUMB, BYLINE, COMMENTS, CONTENT, DEK, FRONT, OUTSIDE, TAGS, TOOLS, meaning


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
        ("post-footer", FRONT),
        ("c-Entry__footer", FRONT),
        ("article_footer", FRONT),
    ],
)
def test_words_of_names_say_what_an_element_holds(names: str, expected: int) -> None:
    assert meaning(names) == expected


@pytest.mark.parametrize(
    ("names", "bit"),
    [
        ("c-byline", BYLINE),
        ("breadcrumbs", BREADCRUMB),
        ("comment-list", COMMENTS),
        ("socialShare", TOOLS),
        ("site-footer", TOOLS),
    ],
)
def test_a_name_may_say_several_things(names: str, bit: int) -> None:
    assert meaning(names) & bit
    assert meaning(names) != bit


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("post-812 post type-post status-publish hentry category-advertisement tag-newsletter", 0),
        ("post-9 hentry series-sidebar entry-content", CONTENT),
        ("post tag-sponsored featured", 0),
        ("node category_comments", 0),
        ("sidebar-layout", 0),
        ("sidebarLayout", 0),
        ("layout--sidebar", 0),
        ("has-sidebar", 0),
        ("page-with-ads", 0),
        ("sidebar-layout__content article__content", CONTENT),
        ("sidebar-layout__sidebar", OUTSIDE),
        ("layout-sidebar", OUTSIDE),
        ("post related", OUTSIDE),
        ("article tag-list", TAGS | OUTSIDE),
        ("commentpolicy", COMMENTS | OUTSIDE),
        ("addComments", COMMENTS | OUTSIDE),
        ("commentary", 0),
    ],
)
def test_names_of_topics_and_of_layouts_do_not_describe_an_element(names: str, expected: int) -> None:
    assert meaning(names) == expected
