"""``khobor parse``: articles of saved pages, with nothing of AWS."""

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from khobor.cli import display, explain
from khobor.cli.boundary import in_words
from khobor.cli.inputs import STDIN, Skipped, Url, expand, is_url, read_page, summary
from khobor.cli.options import Sources
from khobor.cli.output import counted, print_article
from khobor.cli.source_files import over_bundled
from khobor.cli.terminal import errors, output
from khobor.errors import CommandError, KhoborError

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.sources.registry import Registry

_How: TypeAlias = Literal["json", "text", "explain"]


def parse(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Saved pages, gzipped or not, or folders of them; - reads standard input."),
    ],
    url: Url = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one article a line (default).")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print text to read.")] = False,
    explained: Annotated[bool, typer.Option("--explain", help="Print where each field came from.")] = False,
    folder: Sources = None,
) -> None:
    """Extract the article of each page, and print it as JSON, one a line.

    For a page without an article the reason goes to standard error; the exit status is 0 only if each page has one. Of
    several files or a folder, each article has the name of its file, in JSON as the key file.

    For example:

    - `khobor parse saved.html --url https://www.example.com/news/1`
    - `khobor parse pages/ more/*.html > articles.jsonl`
    - `khobor parse saved.html.gz --text`
    - `khobor parse saved.html --explain --sources mine/`
    """
    if as_json + text + explained > 1:
        raise typer.BadParameter("--json, --text and --explain print the article in different ways; give one")
    names = _names(files)
    if url and len(names) != 1:
        raise typer.BadParameter("it is for one file", param_hint="--url")
    registry = over_bundled(folder)
    how: _How = "explain" if explained else "text" if text else "json"
    # As grep does: where several files are given, or a folder of whatever size.
    is_named = len(names) > 1 or names != files
    failed = [name for name in names if not _parsed(name, url, registry, how, is_named=is_named)]
    if len(names) > 1:
        total = f"{counted(len(names), 'page')}: {counted(len(names) - len(failed), 'article')}"
        errors.print(total + (f", {len(failed):,} failed" if failed else ""))
    if failed:
        raise typer.Exit(1)


def _parsed(name: str, url: str | None, registry: "Registry", how: _How, *, is_named: bool) -> bool:
    """Print the article of a page, or why it has none; return whether it has one."""
    from khobor.extract import extract
    from khobor.work_limits import PAGE_LIMITS, within

    try:
        read = partial(extract, read_page(name), url, sources=registry, explain=how == "explain")
        article = within(PAGE_LIMITS, read, what=name)
    except (KhoborError, OSError) as error:
        _say_why(name, in_words(error) or "")
        return False
    _show(article, how, name if is_named else None)
    if reason := article.extraction.not_article:
        _say_why(name, f"{reason}: the page holds no article")
    return not article.extraction.not_article


def _say_why(name: str, message: str) -> None:
    called = "standard input" if name == STDIN else name
    errors.print(message if message.startswith(called) else f"{called}: {message}", markup=False, soft_wrap=True)


def _names(files: list[str]) -> list[str]:
    """Return the files of pages: those that are given, and of a folder its pages."""
    for each in files:
        if is_url(each):
            raise typer.BadParameter(f"{each} is a URL, and parse reads saved pages; fetch it with khobor ingest")
        if not each.strip():
            raise typer.BadParameter("a name is empty; give files, or . for this folder")
    skipped: list[Skipped] = []
    names: list[str] = []
    for each in files:
        names += [STDIN] if each == STDIN else expand([each], sys.stdin, skipped)
    if skipped:
        errors.print(summary(skipped), markup=False, soft_wrap=True)
    if not names:
        raise CommandError("no pages found: give files, or folders with pages")
    return names


def _show(article: "Article", how: _How, name: str | None) -> None:
    """Print an article, with the name of its file where one is given."""
    if article.extraction.not_article and how != "explain":
        return
    if how == "json":
        print_article(article, name)
        return
    if name:
        output.print(f"==> {name} <==\n", markup=False, soft_wrap=True)
    if how == "explain":
        explain.show(output, article)
        if name:
            output.print()
    else:
        display.show_text(output, article)
