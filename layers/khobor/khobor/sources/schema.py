"""The JSON Schemas of the files of sources, for editors.

    python -m khobor.sources.schema

writes the schemas beside the files, which refer to them in their first line.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from khobor.sources.entries import entry_descriptions
from khobor.sources.source import BaseFile, DiscoveryOptions, FetchingOptions, Revisit, Rules, SourceFile, Version

SCHEMAS: Mapping[str, type[msgspec.Struct]] = {
    "source.schema.json": SourceFile,
    "bases/base.schema.json": BaseFile,
}
_TABLES = (Rules, Version, DiscoveryOptions, FetchingOptions, Revisit)


def schema(kind: type[msgspec.Struct]) -> str:
    """Return the JSON Schema of a kind of file."""
    (_, tables) = msgspec.json.schema_components([kind], ref_template="#/definitions/{name}")
    kinds: Mapping[str, type[msgspec.Struct]] = {each.__name__: each for each in (kind, *_TABLES)}
    for name, table in tables.items():
        table["description"] = inspect.cleandoc(table["description"]).partition("\n\nAttributes:\n")[0]
        for key, text in entry_descriptions(kinds[name]).items():
            entry = table["properties"][key]
            # In this draft, everything beside a $ref is ignored.
            table["properties"][key] = ({"allOf": [entry]} if "$ref" in entry else entry) | {"description": text}
    whole = tables.pop(kind.__name__)
    document = {"$schema": "http://json-schema.org/draft-07/schema#"} | whole | {"definitions": tables}
    return json.dumps(document, indent=2) + "\n"


if __name__ == "__main__":
    for name, kind in SCHEMAS.items():
        (Path(__file__).parent / name).write_text(schema(kind), encoding="utf-8")
