import io
from datetime import timedelta

from rich.console import Console
from tests.articles import MORNING, article

from khobor.article import Article, Author, Block, Image
from khobor.cli.word_diff import show_difference
from khobor.revisions.difference import difference


def printed(before: Article, after: Article, *, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=80, force_terminal=colour, color_system="standard" if colour else None, _environ={}
    )
    show_difference(console, difference(before, after))
    return file.getvalue()


def lines(before: Article, after: Article) -> list[str]:
    return [line.rstrip() for line in printed(before, after).splitlines()]


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=text) for text in texts)


def test_without_colour_words_are_marked_and_unchanged_paragraphs_counted() -> None:
    before = article(
        title="সড়কে ৫ জন নিহত", body=paragraphs("বাস খাদে পড়েছে।", "চালক পলাতক।", "তদন্ত চলছে।", "কেউ আটক হয়নি।")
    )
    after = article(
        title="সড়কে ৭ জন নিহত",
        body=paragraphs("বাস নদীতে পড়েছে।", "চালক পলাতক।", "তদন্ত চলছে।", "হাসপাতালে আরও দুজন মারা যান।"),
    )
    assert lines(before, after) == [
        "title  সড়কে [-৫-]{+৭+} জন নিহত",
        "",
        "~ বাস [-খাদে-]{+নদীতে+} পড়েছে।",
        "",
        "  … 2 paragraphs unchanged",
        "",
        "- [-কেউ আটক হয়নি।-]",
        "",
        "+ {+হাসপাতালে আরও দুজন মারা যান।+}",
    ]


def test_with_colour_words_are_struck_through_in_red_and_green() -> None:
    before, after = article(title="Opens on Monday"), article(title="Opens on Tuesday")
    text = printed(before, after, colour=True)
    assert "Opens on \x1b[9;31mMonday\x1b[0m\x1b[32mTuesday\x1b[0m" in text
    assert "[-" not in text


def test_a_console_that_is_told_to_have_no_colour_has_marks() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", no_color=True)
    show_difference(console, difference(article(title="Monday"), article(title="Tuesday")))
    assert "[-Monday-]{+Tuesday+}" in file.getvalue()


def test_lists_dates_and_media_are_shown() -> None:
    before = article(
        authors=(Author(name="Rashed"),), images=(Image(url="https://example.com/1.jpg"),), modified_at=None
    )
    after = article(
        authors=(Author(name="Rashed"), Author(name="Mitu")),
        images=(Image(url="https://example.com/2.jpg"),),
        modified_at=MORNING,
    )
    assert lines(before, after) == [
        "authors      Rashed, {+Mitu+}",
        "modified_at  {+2023-08-16T06:00:00+00:00+}",
        "images       [-https://example.com/1.jpg-]",
        "             {+https://example.com/2.jpg+}",
        "",
        "  … 1 paragraph unchanged",
    ]
    assert lines(article(modified_at=MORNING), article(modified_at=MORNING + timedelta(minutes=1)))[0] == (
        "modified_at  [-2023-08-16T06:00:00+00:00-]{+2023-08-16T06:01:00+00:00+}"
    )


def test_of_a_block_what_its_text_does_not_tell_is_shown() -> None:
    image = Image(url="https://example.com/1.jpg", caption="Bus")
    before = article(body=(*paragraphs("We will build it."), Block(kind="image", text="Bus", image=image)))
    after = article(
        body=(Block(kind="quote", text="We will build it."), Block(kind="embed", url="https://example.com/v"))
    )
    assert lines(before, after) == [
        "~ [-paragraph-]{+quote+} We will build it.",
        "",
        "- [-Bus-] [-https://example.com/1.jpg-]",
        "",
        "+ {+https://example.com/v+}",
    ]


def test_two_revisions_that_look_alike_are_said_to() -> None:
    assert lines(article(title="One  two"), article(title="One two")) == ["No difference that a reader sees."]
