"""What a tool read from the pages of a set, measured in a process and an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from tests.benchmarks.corpus import Page

OWN = "khobor"
_READER = Path(__file__).with_name("reader.py")


class ReaderError(Exception):
    """A tool could not be run; the message holds what it said."""


class Reading(msgspec.Struct, frozen=True):
    """What a tool found on a page.

    Attributes:
        id: Of the page.
        cost: CPU seconds that the tool took.
        floor: CPU seconds that lxml took to parse the same bytes in the same process.
        error: What the tool raised.
        body: Text.
        title: The headline.
        alternative_titles: Other titles of the page.
        published: ISO 8601.
        authors: Their names.
        topics: Their names.
        not_article: Why the tool says that the page is not an article.
    """

    id: str
    cost: float
    floor: float
    error: str | None = None
    body: str | None = None
    title: str | None = None
    alternative_titles: list[str] = []
    published: str | None = None
    authors: list[str] = []
    topics: list[str] = []
    not_article: str | None = None


class Tool(msgspec.Struct, frozen=True):
    """A tool as it was measured.

    Attributes:
        name: Of the tool and how it was used.
        version: Of the tool.
        lxml: Version of lxml.
        python: Version of Python.
        gives: The fields that it has.
    """

    name: str
    version: str
    lxml: str
    python: str
    gives: list[str]


def read(name: str, others: Path, folder: Path, pages: Sequence[Page], rounds: int) -> tuple[Tool, list[Reading]]:
    """Return what a tool found on each page.

    Args:
        name: One of the reader's tools.
        others: Virtual environment of all tools but khobor, which runs in this one.
        folder: Of the set.
        pages: Of the set.
        rounds: How often each page is read; the least CPU time counts.

    Raises:
        ReaderError: The tool is not installed, or its process failed.
    """
    python = Path(sys.executable) if name == OWN else others.absolute() / "bin" / "python"
    if not python.exists():
        raise ReaderError(f"{name} cannot run: there is no {python}; make bench installs it")
    done = subprocess.run(
        [python, "-W", "ignore", str(_READER), name, str(folder.absolute()), str(rounds)],
        input=msgspec.json.encode([(page.id, page.url) for page in pages]),
        # One order of sets in every run.
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ReaderError(f"{name} failed on {folder}:\n{done.stderr.decode(errors='replace')[-3000:]}")
    first, *lines = done.stdout.splitlines()
    return msgspec.json.decode(first, type=Tool), [msgspec.json.decode(line, type=Reading) for line in lines]
