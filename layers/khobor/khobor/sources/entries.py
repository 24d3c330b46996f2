"""What the entries of a source's file are, as the docstrings of their classes say."""

import difflib
import inspect
import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from khobor.sources.problems import Path

_ATTRIBUTE = r"(?m:^    (\w+): (.*(?:\n     +.*)*))"


def described(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return what each entry of a kind of table is, by its key."""
    attributes = inspect.cleandoc(kind.__doc__ or "").partition("\nAttributes:\n")[2]
    return {key: " ".join(text.split()) for key, text in re.findall(_ATTRIBUTE, attributes)}


def table_at(kind: type[msgspec.Struct], path: Path) -> type[msgspec.Struct]:
    """Return the kind of the innermost table on the way to a place in a file of a kind."""
    for key in path:
        types = {field.name: field.type for field in msgspec.structs.fields(kind)}
        inner = [each for each in _types(types.get(str(key))) if issubclass(each, msgspec.Struct)]
        kind = inner[0] if inner else kind
    return kind


def nearest(key: str, keys: Iterable[str]) -> str:
    """Return words that lead from a key that is not there to one that is."""
    close = difflib.get_close_matches(key, keys, 1)
    return f"perhaps {close[0]} is meant" if close else f"there are {', '.join(keys)}"


def _types(annotation: Any) -> list[type]:
    return [each for each in (annotation, *get_args(annotation)) if isinstance(each, type)]
