"""The file of ``--out``: checked before the work begins, written whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import typer

from khobor.article import Article
from khobor.cli.boundary import os_error
from khobor.cli.output import print_articles
from khobor.cli.terminal import output

WriteOut: TypeAlias = Callable[[Iterable[Article]], None]

_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".csv", ".csv.gz", ".parquet")
_GZIP = ".gz"


@contextmanager
def out_file(path: Path | None, *, force: bool) -> Iterator[WriteOut | None]:
    """Give what writes articles to a file in the format that its name ends in; None without a file.

    Args:
        path: The file.
        force: Whether one that is there is written over.

    Raises:
        BadParameter: It cannot be written, or exists already.
    """
    if path is None:
        if force:
            raise typer.BadParameter("it is for the file of --out; give both", param_hint="--force")
        yield None
        return
    if path.exists() and not path.is_file() and not path.is_dir():
        # A pipe or a device, such as /dev/stdout, cannot be replaced.
        yield lambda articles: _write(path, path.suffix or ".jsonl", articles)
        return
    target = path.resolve()
    suffix = _suffix(target, path)
    _check_there(path, force=force)
    unfinished = target.with_name(f".{uuid4().hex}{suffix}")
    try:
        unfinished.touch()
    except OSError as error:
        raise _refused(f"{path} cannot be written: {_reason(path, error)}") from error
    try:
        yield lambda articles: _replace(unfinished, target, suffix, articles)
    finally:
        unfinished.unlink(missing_ok=True)


def hand_over(articles: Iterable[Article], write: WriteOut | None, *, as_json: bool | None) -> None:
    """Write articles to the file of ``--out``, or print them where there is none.

    Args:
        articles: The articles.
        write: What ``out_file`` gave.
        as_json: The option ``--json``.
    """
    if write is None:
        print_articles(output, articles, as_json=as_json)
        return
    write(articles)


def _suffix(target: Path, path: Path) -> str:
    name = target.name.lower()
    found = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), None)
    if found is None:
        raise _refused(f"{path}: the name says the format; end it in .jsonl (.jsonl.gz), .csv (.csv.gz) or .parquet")
    return found


def _check_there(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise _refused(f"{path} is a folder; give a file")
    # An empty file, such as mktemp makes, holds nothing to lose.
    if not force and path.exists() and path.stat().st_size:
        raise _refused(f"{path} already exists; use --force to overwrite it")


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        is_there = path.parent.is_dir()
        return f"no file can be made in {path.parent}" if is_there else f"there is no folder {path.parent}"
    return os_error(OSError(error.errno, error.strerror))


def _replace(unfinished: Path, target: Path, suffix: str, articles: Iterable[Article]) -> None:
    _write(unfinished, suffix, articles)
    unfinished.replace(target)


def _write(path: Path, suffix: str, articles: Iterable[Article]) -> None:
    # Here, not above: pyarrow takes long to import, and few need it.
    from khobor.export.article_with_page import ArticleWithPage
    from khobor.export.formats import Format, writer

    name = suffix.removesuffix(_GZIP).removeprefix(".").replace("ndjson", "jsonl")
    writer(Format(name))(path, (ArticleWithPage(article) for article in articles))


def _refused(message: str) -> typer.BadParameter:
    return typer.BadParameter(message, param_hint="--out")
