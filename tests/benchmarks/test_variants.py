"""The variants of a page change its markup, and not what a reader sees of the article."""

from pathlib import Path

import pytest
import typer
from lxml import html
from tests.benchmarks.conftest import AddPage
from tests.benchmarks.variants import VARIANTS, changed, chosen, losses, main
from tests.example_pages import PARAGRAPHS, page
from typer.testing import CliRunner


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_has_the_text_of_the_page_and_other_markup(name: str) -> None:
    content = page(title="Old bridge opens again").replace(b"<body>", b'<body><nav class="menu">Home</nav><div>A</div>')
    variant = changed(content, VARIANTS[name])
    assert variant != changed(content, lambda _: None)
    text = "".join(map(str, html.document_fromstring(variant).itertext()))
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_what_a_variant_loses_is_told_by_the_known_text(tmp_path: Path, add_page: AddPage) -> None:
    body = "\n".join(PARAGRAPHS)
    add_page("news", "xx-Tide_2026_03_01", page(title="Old bridge opens again").decode(), body=body)
    add_page(
        "news", "xx-Ship_2026_03_01", page(title="Old bridge opens again").decode(), body="A text that is not there"
    )
    add_page("web", "tide.example.ship", "<p>A</p>", **{"with": ["a"], "without": []})
    pages = chosen(tmp_path, 5)
    assert sorted(each.id for each, _ in pages) == ["xx-Ship_2026_03_01", "xx-Tide_2026_03_01"]
    assert len(chosen(tmp_path, 1)) == 1
    first, *others = losses(pages)
    assert (first.name, first.f1, first.lost, first.refused) == ("as they are", 0.5, 0, 0)
    assert [each.name for each in others] == list(VARIANTS)
    assert all(each.f1 == 0.5 and each.lost == 0 for each in others if "table" not in each.name)


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(main)
    found = CliRunner().invoke(app, [str(tmp_path)])
    assert found.exit_code == 2
    assert "holds no set of pages" in found.output
