"""Describes the entries of a source's file, from the docstrings of their classes."""

import difflib
import inspect
import re
from collections.abc import Iterable

import msgspec

_ATTRIBUTE = r"(?m:^    (\w+): (.*(?:\n     +.*)*))"


def entry_descriptions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return the description of each entry of a table, by its key."""
    attributes = inspect.cleandoc(kind.__doc__ or "").partition("\nAttributes:\n")[2]
    return {key: " ".join(text.split()) for key, text in re.findall(_ATTRIBUTE, attributes)}


def nearest(key: str, keys: Iterable[str]) -> str:
    """Return a hint for an unknown key: the most similar key, or all keys.

    Args:
        key: The unknown key.
        keys: The valid keys.
    """
    close = difflib.get_close_matches(key, keys, 1)
    return f"did you mean {close[0]}?" if close else f"the keys are {', '.join(keys)}"
