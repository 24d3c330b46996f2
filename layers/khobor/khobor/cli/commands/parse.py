"""``khobor parse``: articles of saved pages, with nothing of AWS."""

import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from khobor.cli import display, explain
from khobor.cli.boundary import in_words
from khobor.cli.inputs import Url, input_options, not_saved, require_one_file, require_saved
from khobor.cli.options import Sources
from khobor.cli.output import counted, print_article
from khobor.cli.place import ArchiveOfSources
from khobor.cli.reason_tally import ReasonTally, say_skipped
from khobor.cli.terminal import errors, output
from khobor.cli.workspace import chosen_sources
from khobor.errors import CommandError, KhoborError, PermanentError

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.pages.input_page import InputOptions, InputPage, RefusedInput
    from khobor.sources.registry import Registry

_How: TypeAlias = Literal["json", "text", "explain"]


def parse(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Saved pages, folders, WARC, MHTML and zip files; - reads one of these, or a list of inputs.",
        ),
    ],
    url: Url = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one article a line (default).")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print text to read.")] = False,
    explained: Annotated[bool, typer.Option("--explain", help="Print where each field came from.")] = False,
    folder: Sources = None,
    archive: ArchiveOfSources = None,
    *,
    context: typer.Context,
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
    require_saved(files, "parse")
    require_one_file(files, url)
    registry = chosen_sources(context, archive, folder)
    how: _How = "explain" if explained else "text" if text else "json"
    if not _parse_all(files, input_options((), url), registry, how):
        raise typer.Exit(1)


def _parse_all(files: list[str], options: "InputOptions", registry: "Registry", how: _How) -> bool:
    """Print the articles of all inputs, and say how many there are; return whether each page has one."""
    # Here, not above: it takes a while to import, and --help should not.
    from khobor.pages.input_files import STANDARD_INPUT

    skipped = ReasonTally()
    inputs = _inputs(files, options, skipped)
    first = next(inputs, None)
    if first is None:
        say_skipped(skipped)
        raise CommandError("no pages found: give files, or folders with pages")
    # As grep does: where several files are given, or one that holds many pages, or a folder of whatever size.
    is_named = len(files) > 1 or first.name not in {files[0], STANDARD_INPUT}
    pages = failed = 0
    for each in chain((first,), inputs):
        pages += 1
        failed += not _parsed(each, registry, how, is_named=is_named)
    say_skipped(skipped)
    if pages > 1:
        total = f"{counted(pages, 'page')}: {counted(pages - failed, 'article')}"
        errors.print(total + (f", {failed:,} failed" if failed else ""))
    return not failed


def _inputs(files: list[str], options: "InputOptions", skipped: ReasonTally) -> "Iterator[InputPage | RefusedInput]":
    """Yield the pages of the inputs, and what cannot be read; count what is no page."""
    from khobor.pages.input_files import InputUrl, read_inputs
    from khobor.pages.input_page import RefusedInput, SkippedInput

    for each in read_inputs(files, sys.stdin.buffer, options):
        if isinstance(each, SkippedInput):
            skipped.add(each.reason, each.name)
        elif isinstance(each, InputUrl):
            yield RefusedInput(each.url, "not_saved", not_saved(each.url, "parse"))
        else:
            yield each


def _parsed(given: "InputPage | RefusedInput", registry: "Registry", how: _How, *, is_named: bool) -> bool:
    """Print the article of a page, or why it has none; return whether it has one."""
    from khobor.work_limits import LOCAL_PAGE_LIMITS, within

    try:
        article = within(LOCAL_PAGE_LIMITS, partial(_extracted, given, registry, how), what=given.name)
    except (KhoborError, OSError) as error:
        _say_why(given.name, in_words(error) or "")
        return False
    _show(article, how, given.name if is_named else None)
    if reason := article.extraction.not_article:
        _say_why(given.name, f"{reason}: the page holds no article{article.extraction.refusal_text}")
    return not article.extraction.not_article


def _extracted(given: "InputPage | RefusedInput", registry: "Registry", how: _How) -> "Article":
    from khobor.extract import extract_page
    from khobor.pages.input_page import RefusedInput

    if isinstance(given, RefusedInput):
        raise PermanentError(given.reason, given.detail)
    return extract_page(given.load(), None, registry, explain=how == "explain")


def _say_why(name: str, message: str) -> None:
    errors.print(message if message.startswith(name) else f"{name}: {message}", markup=False, soft_wrap=True)


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
