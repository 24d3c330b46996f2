"""A source written for the tests."""

from khobor.sources.reading import read_source
from khobor.sources.registry import Registry
from khobor.sources.source import Source

DAILY = """
version = 2
publisher = "The Daily Test"
hosts = ["daily.example"]
zone = "Europe/Berlin"
[rules]
title = ["h1.headline", "h1"]
body = ["main"]
"""
BASE = """
version = 7
language = "de"
zone = "Europe/Vienna"
[rules]
title = ["h1.base"]
tags = [".tags a"]
"""
REDESIGNED = """
[[versions]]
version = 3
since = 2026-03-01
[versions.rules]
title = ["h2.new"]
[[versions]]
version = 4
since = 2026-06-01
[versions.rules]
body = []
"""


def read(text: str = DAILY, bases: dict[str, str] | None = None) -> Source:
    """Read a source with bases beside it."""
    files = {f"bases/{name}.toml": base for name, base in (bases or {}).items()}
    return read_source("daily.toml", text, Registry(files).base)
