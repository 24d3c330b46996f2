"""The words that news pages use, as TOML files, and the patterns and sets that are made from them."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from khobor.extract.text import comparable


@cache
def load(name: str) -> dict[str, Any]:
    """Return the content of a TOML file of this package, given its name without the suffix. Do not change it."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def comparable_words(name: str, key: str) -> frozenset[str]:
    """Return a list of words in the form that ``comparable`` returns.

    Args:
        name: The TOML file, without the suffix.
        key: The list in it.
    """
    return frozenset(map(comparable, load(name)[key]))


@cache
def beginnings_of(name: str, key: str) -> frozenset[str]:
    """Return the first two characters of the words of a list as texts may begin with them, in small letters or not.

    Args:
        name: The TOML file, without the suffix.
        key: The list in it.
    """
    beginnings = {word[:2] for word in (*comparable_words(name, key), *load(name)[key])}
    return frozenset(form for two in beginnings for form in (two, two.capitalize(), two.upper()))


def any_of(words: Iterable[str]) -> str:
    """Return the source of a pattern that matches any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
