"""A corpus of invented pages."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

AddPage = Callable[..., None]


@pytest.fixture
def add_page(tmp_path: Path) -> AddPage:
    """Add a page to a set of the corpus in the test's folder, with its metadata."""

    def add(of_set: str, page_id: str, html: str, **known: object) -> None:
        pages = tmp_path / of_set / "pages"
        pages.mkdir(parents=True, exist_ok=True)
        (pages / f"{page_id}.html.gz").write_bytes(gzip.compress(html.encode()))
        with (tmp_path / of_set / "truth.jsonl").open("a") as truth:
            truth.write(json.dumps({"id": page_id, "url": f"https://news.example/{page_id}"} | known) + "\n")

    return add
