"""Vocabulary: the words by which pages of news are read, as data."""

import tomllib
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Return what stands in one of the vocabulary's TOML files; the caller keeps it."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
