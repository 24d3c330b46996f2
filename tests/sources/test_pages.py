"""Each source's page gives what stands beside it: one test a field, so that a failure names it."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from khobor.aws import codec
from khobor.extract import extract

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/page.html"))
EXPECTED = {folder: json.loads((folder / "expected.json").read_text()) for folder in FOLDERS}


@cache
def found(folder: Path) -> dict[str, Any]:
    return dict(json.loads(codec.export(extract((folder / "page.html").read_bytes(), None))))


def composed(value: Any) -> Any:
    return json.loads(unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=False)))


@pytest.mark.parametrize(
    ("folder", "field"),
    [pytest.param(folder, field, id=f"{folder.name}-{field}") for folder in FOLDERS for field in EXPECTED[folder]],
)
def test_field(folder: Path, field: str) -> None:
    assert composed(found(folder)[field]) == composed(EXPECTED[folder][field])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_field_with_a_value_says_where_it_came_from(folder: Path) -> None:
    evidence = found(folder)["extraction"]["fields"]
    told = {"title", "authors", "published_at", "modified_at", "section", "language", "body", "images", "tags"}
    assert told <= evidence.keys()
    assert evidence["published_at"]["precision"] == "minute"
