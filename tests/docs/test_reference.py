"""The reference says what the code says, and each article field has its description."""

import re
from dataclasses import fields

import pytest
from tests.conftest import ROOT
from tests.docs.reference import FOLDER, PAGES

from khobor.article import Article


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_what_the_code_generates_now(page: str) -> None:
    assert (FOLDER / f"{page}.md").read_text("utf-8") == PAGES[page](), "stale: run make reference"


@pytest.mark.parametrize("page", PAGES)
def test_no_generated_page_names_a_folder_of_this_machine(page: str) -> None:
    assert str(ROOT) not in PAGES[page]()


def test_every_page_that_says_it_is_generated_is_generated() -> None:
    marked = {path.stem for path in (ROOT / "docs").rglob("*.md") if "make reference" in path.read_text("utf-8")[:200]}
    assert marked == PAGES.keys()


def test_every_field_of_an_article_is_described_and_no_other() -> None:
    rows = re.findall(r"^\| (`[^|]*`) \|", (FOLDER / "fields.md").read_text("utf-8"), re.MULTILINE)
    described = re.findall(r"`(\w+)`", " ".join(rows))
    assert sorted(described) == sorted([*(field.name for field in fields(Article)), "body_text"])
