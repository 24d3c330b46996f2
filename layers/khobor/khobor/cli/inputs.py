"""What commands are given: URLs and files of pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from khobor.keys import PAGE_SUFFIXES


def expand(arguments: Iterable[str], standard_input: TextIO) -> Iterator[str]:
    """Yield URLs and files: of a folder its pages, sorted; for ``-`` the lines of standard input."""
    for argument in arguments:
        if argument == "-":
            yield from filter(None, map(str.strip, standard_input))
        elif is_url(argument) or not Path(argument).is_dir():
            yield argument
        else:
            found = (path for path in Path(argument).rglob("*") if path.name.endswith(PAGE_SUFFIXES))
            yield from map(str, sorted(found))


def is_url(argument: str) -> bool:
    """Whether an argument is meant as a URL rather than as a file."""
    return "://" in argument
