import json

import pytest

from khobor.sources.registry import BUNDLED_FOLDER, bundled_sources
from khobor.sources.schema import SCHEMAS, schema


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_that_of_the_code(name: str) -> None:
    written = (BUNDLED_FOLDER / name).read_text(encoding="utf-8")
    assert written == schema(SCHEMAS[name]), "write it again: .venv/bin/python -m khobor.sources.schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_says_what_every_entry_is(name: str) -> None:
    properties = [*_properties(SCHEMAS[name])]
    assert properties
    assert [key for key, entry in properties if not entry.get("description")] == []


def _properties(kind: type) -> list[tuple[str, dict[str, str]]]:
    whole = json.loads(schema(kind))
    tables = [whole, *whole["definitions"].values()]
    return [item for table in tables for item in table["properties"].items()]


@pytest.mark.parametrize("path", bundled_sources().files)
def test_every_file_names_its_schema(path: str) -> None:
    first = bundled_sources().files[path].splitlines()[0]
    folder = (BUNDLED_FOLDER / path).parent
    assert (folder / first.removeprefix("#:schema ")).resolve() in {
        (BUNDLED_FOLDER / name).resolve() for name in SCHEMAS
    }
