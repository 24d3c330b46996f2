"""What the history item keeps while pages of its article are parsed again.

A write of new readings may be stopped after it replaced the records and before it wrote headline and postings. The
attribute ``reread`` keeps the records before each such write, and the keys of the postings that it was going to write,
until a delivery has written everything that follows from the records. Whichever delivery comes next can therefore undo
what followed from the records before.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from khobor.archive.dynamodb.items import Item, Key

REREAD = "reread"


def replaced_records(history: Mapping[str, Any], values: Mapping[str, str], postings: Iterable[Key]) -> Item | None:
    """Return the entry of ``reread`` for a write of records; None if it replaces none with a different value.

    Args:
        history: The history item before the write.
        values: The records that are written, by name.
        postings: The keys of the postings that will be written.
    """
    before = {name: history[name] for name, value in values.items() if history.get(name, {"S": value}) != {"S": value}}
    keys = [{"S": json.dumps(key)} for key in sorted(postings)]
    return {"M": {"seen": {"M": before}, "postings": {"L": keys}}} if before else None


def earlier_states(history: Mapping[str, Any], names: Collection[str]) -> Iterator[Item]:
    """Yield a history item as it was when postings may have been written from it.

    Args:
        history: The item.
        names: The names of the records that are new.
    """
    past = dict(history)
    yield _without(past, names)
    new = set(names)
    for entry in reversed(_entries(history)):
        before = entry["seen"]["M"]
        past = past | before
        # A record that was replaced was there before; others of the same write were not.
        new -= before.keys()
        yield past
        yield _without(past, names)
        yield _without(past, new)


def postings_of_reparsing(history: Mapping[str, Any]) -> set[Key]:
    """Return the keys of all postings that writes of new readings wrote, or were going to write."""
    keys = (json.loads(each["S"]) for entry in _entries(history) for each in entry["postings"]["L"])
    return {(pk, sk) for pk, sk in keys}


def _entries(history: Mapping[str, Any]) -> list[Item]:
    return [entry["M"] for entry in history[REREAD]["L"]] if REREAD in history else []


def _without(item: Item, names: Collection[str]) -> Item:
    return {name: value for name, value in item.items() if name not in names}
