"""What subcommands print: text for people, or JSON, one object a line, for programs.

One rule holds for all of them: a terminal gets text, a pipe or a file gets JSON, and ``--json`` or ``--no-json`` says
otherwise. What is no result, such as progress, totals and failures, goes to standard error.
"""

import json
import os
import re
import sys
from collections.abc import Iterable

from khobor.archive import codec
from khobor.article import Article
from khobor.characters import DIRECTIONS
from khobor.cli import display
from khobor.cli.terminal import Terminal, output

_COMMANDING = re.compile(f"[\x7f-\x9f\u2028\u2029]|{DIRECTIONS.pattern}")


def wants_json(as_json: bool | None) -> bool:
    """Whether a subcommand prints JSON, by its option ``--json``."""
    return not output.is_terminal if as_json is None else as_json


def print_json(*objects: object) -> None:
    """Print each object on one line as JSON."""
    import msgspec

    for each in objects:
        try:
            line = msgspec.json.encode(each)
        except UnicodeEncodeError:
            # Half a surrogate pair, which JSON can only escape.
            line = json.dumps(msgspec.to_builtins(each)).encode()
        _write(line)


def print_articles(console: Terminal, articles: Iterable[Article], *, as_json: bool | None) -> None:
    """Print articles: each on one line as JSON, or in a few lines for reading.

    Args:
        console: Where the lines for reading go.
        articles: The articles.
        as_json: The option ``--json``.
    """
    for article in articles:
        if wants_json(as_json):
            print_article(article)
        else:
            display.show_summary(console, article)


def print_article(article: Article, file: str | None = None) -> None:
    """Print an article on one line as JSON.

    Args:
        article: The article.
        file: The file that it is of, where the line is to name it.
    """
    # Names of files may hold any bytes, JSON only Unicode.
    first = {} if file is None else {"file": os.fsencode(file).decode(errors="backslashreplace")}
    _write(codec.export(article, **first))


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return a count with its noun.

    Args:
        count: The count.
        singular: The noun for one.
        plural: The noun for several; with an s at the end if it is not given.

    >>> counted(1, "page"), counted(1200, "page"), counted(0, "reply", "replies")
    ('1 page', '1,200 pages', '0 replies')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def print_line(line: bytes, *, is_terminal: bool) -> None:
    """Print a line of JSON that is encoded already.

    Args:
        line: The line.
        is_terminal: Whether what commands a terminal is escaped.
    """
    if is_terminal:
        _write(line)
    else:
        sys.stdout.buffer.write(line + b"\n")


def _write(line: bytes) -> None:
    # To a program an escape is the same; a terminal takes some characters for commands, or turns what stands beside.
    text = line.decode()
    # To look at each character once takes a fifth of the time.
    if _COMMANDING.search("".join(set(text))):
        line = _COMMANDING.sub(lambda found: json.dumps(found[0])[1:-1], text).encode()
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
