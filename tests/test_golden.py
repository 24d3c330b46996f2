"""Each golden page gives the article in the file beside it.

``sources`` holds a page of each source with rules, ``golden`` pages of publishers that have none. Beside ``page.html``
stand ``expected.json``, the fields on which readers of the page would agree, and, where the fetch tells more than the
page, ``fetched.json`` with the arguments of ``extract``.
"""

import json
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from khobor.archive import codec
from khobor.extract import extract
from khobor.fields import FIELDS

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for room in ("sources", "golden") for path in (HERE / room).glob("*/page.html"))
EXPECTED: dict[Path, dict[str, Any]] = {
    folder: json.loads((folder / "expected.json").read_text(encoding="utf-8")) for folder in FOLDERS
}
ARTICLES = [folder for folder in FOLDERS if "not_article" not in EXPECTED[folder]]
# Fields that say where they came from.
TOLD = {field.name for field in FIELDS if field.has_evidence}


@cache
def found(folder: Path) -> dict[str, Any]:
    fetch = folder / "fetched.json"
    fetched = json.loads(fetch.read_text(encoding="utf-8")) if fetch.exists() else {}
    article = extract(
        (folder / "page.html").read_bytes(),
        fetched.get("url"),
        content_type=fetched.get("content_type"),
        fetched_at=instant(fetched.get("fetched_at")),
    )
    fields = dict(json.loads(codec.export(article)))
    extraction = fields["extraction"]
    precision = extraction["fields"].get("published_at", {}).get("precision")
    return fields | {"not_article": extraction.get("not_article"), "precision": precision}


def composed(value: Any) -> Any:
    return json.loads(unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=False)))


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def comparable(fields: dict[str, Any]) -> dict[str, Any]:
    return {field: instant(value) if field.endswith("_at") else composed(value) for field, value in fields.items()}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_page_has_its_fields(folder: Path) -> None:
    expected = EXPECTED[folder]
    assert comparable({field: found(folder)[field] for field in expected}) == comparable(expected)


@pytest.mark.parametrize("folder", ARTICLES, ids=lambda folder: str(folder.name))
def test_a_page_that_holds_an_article_is_taken_for_one(folder: Path) -> None:
    assert found(folder)["not_article"] is None


@pytest.mark.parametrize("folder", ARTICLES, ids=lambda folder: str(folder.name))
def test_every_field_with_a_value_says_where_it_came_from(folder: Path) -> None:
    fields = found(folder)
    assert {field for field in TOLD if fields[field]} <= fields["extraction"]["fields"].keys()
