"""What the entries of a source's file are, as the docstrings of their classes say."""

import difflib
import inspect
import re
from collections.abc import Iterable

import msgspec

_ATTRIBUTE = r"(?m:^    (\w+): (.*(?:\n     +.*)*))"


def entry_descriptions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return what each entry of a kind of table is, by its key."""
    attributes = inspect.cleandoc(kind.__doc__ or "").partition("\nAttributes:\n")[2]
    return {key: " ".join(text.split()) for key, text in re.findall(_ATTRIBUTE, attributes)}


def nearest(key: str, keys: Iterable[str]) -> str:
    """Return words that lead from a key that is not there to one that is."""
    close = difflib.get_close_matches(key, keys, 1)
    return f"perhaps {close[0]} is meant" if close else f"there are {', '.join(keys)}"
