"""The pieces that inputs are made of: the words of each kind of input."""

import json
from pathlib import Path

from tests.conftest import ROOT
from tests.fuzz.shapes import SHAPES

_WORDS = Path(__file__).with_name("words")
_BYTES = [b"\n", b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00", b" ", b"\xed\xa0\x80"]


def pieces(target: str) -> list[bytes]:
    """Return the words of a kind, and some bytes that are hard to read."""
    return [*(_WORDS / f"{target}.txt").read_bytes().split(), *_BYTES]


def seeds(target: str) -> list[bytes]:
    """Return whole inputs of a kind, from which others are made: shapes, and pages and events of the other tests."""
    return [*SHAPES[target], b" ".join(pieces(target)), *_of_other_tests(target)]


def _of_other_tests(target: str) -> list[bytes]:
    match target:
        case "parse":
            return [b"\0" + path.read_bytes() for path in sorted(ROOT.glob("tests/golden/*/page.html"))]
        case "events":
            events = [json.loads(path.read_text()) for path in sorted((ROOT / "events").glob("*.json"))]
            records = [record for event in events for record in event.get("Records", ())]
            parts = [record.get("body") or json.dumps(record.get("dynamodb") or record) for record in records]
            return [part.encode() for part in parts]
    return []
