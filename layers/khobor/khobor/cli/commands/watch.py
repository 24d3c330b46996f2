"""``khobor watch``: the schedule of a local archive, in the foreground."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from khobor.cli.boundary import with_hint
from khobor.cli.commands.crawl import JOBS
from khobor.cli.completion import source_names
from khobor.cli.options import NOBODY, Contact, Json, Log, Loopback, Sources
from khobor.cli.output import counted, print_article, wants_json
from khobor.cli.place import ARCHIVE, ArchiveOption
from khobor.cli.source_files import find_source, over_bundled, what_is_left
from khobor.cli.terminal import output
from khobor.cli.workspace import WorkspaceOptions, say, say_network, sources_of, workspace
from khobor.errors import CommandError
from khobor.sources.problems import SourceError

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.local.journal import Line
    from khobor.sources.registry import Registry

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...", help="Names of sources; by default all that are enabled.", autocompletion=source_names
    ),
]


def watch(
    names: Names = None,
    archive: ArchiveOption = ARCHIVE,
    as_json: Json = None,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Watch sources until Ctrl-C, keep their articles in a local archive, and print one line for each.

    Every source is looked at on its interval, and its articles again as they age. Sources may be changed meanwhile. In
    a pipe each line is an article as JSON. What fails, and articles that are gone, are said on standard error. Ctrl-C
    and SIGTERM end it with status 0, after at most 10 seconds for requests that are under way; a second Ctrl-C ends it
    at once.

    For example:

    - `khobor watch`
    - `khobor watch kalbela --archive news`
    - `khobor watch --json | jq -r .title`
    """
    registry = sources_of(archive, folder)
    for name in names or ():
        find_source(name, registry)
    options = WorkspaceOptions(
        archive=archive,
        contact=contact,
        log=log,
        allow_loopback=allow_loopback,
        jobs=JOBS,
        on_line=_say_line,
        on_network=say_network,
    )
    for article in _articles(options, registry, folder, names or []):
        _show(article, as_json=as_json)


def _articles(
    options: WorkspaceOptions, registry: "Registry", folder: Path | None, names: list[str]
) -> "Iterator[Article]":
    """Yield articles as they are stored, until the command is to end."""
    # Here, not above: they take a while to import, and --help should not.
    from khobor.local.locks import watching
    from khobor.local.watching import Watch, watched_sources

    if not (sources := watched_sources(registry, names)):
        raise CommandError("no source is enabled: write enabled = true in its file, or name one")

    with workspace(options, registry) as opened, watching(opened.folder.path):
        watched = Watch(opened, _current_sources(options.archive, folder, registry), names)
        say(f"watching {counted(len(sources), 'source')}; Ctrl-C ends it")
        for result in watched.run():
            if result.archived:
                yield result.archived
    say("stopped; what was fetched is kept, and khobor watch goes on")


def _current_sources(archive: Path, folder: Path | None, first: "Registry") -> "Callable[[], Registry]":
    """Return what gives the sources as they are now; a mistake is said once, and the sources before stay in use."""
    from khobor.keys import SOURCES
    from khobor.local.source_folder import SourceFolder

    folders = [SourceFolder(each) for each in (archive / SOURCES, *([folder] if folder else []))]
    seen = [each.registry()[0] for each in folders]
    current = [first]

    def sources() -> "Registry":
        found = [each.registry() for each in folders]
        for _, problems in found:
            for problem in problems:
                left = what_is_left(problem) if problem.is_of_host else "what was used before stays in use"
                say(f"{problem}; {left}")
        if [registry for registry, _ in found] != seen:
            seen[:] = [registry for registry, _ in found]
            try:
                current[0] = over_bundled(folder, seen[0])
            except SourceError:
                return current[0]
        return current[0]

    return sources


def _show(article: "Article", *, as_json: bool | None) -> None:
    if wants_json(as_json):
        print_article(article)
        return
    line = Text(f"{datetime.now().astimezone():%H:%M:%S}", "dim")
    line.append(f"  {article.source or ''}  ", "dim").append(article.title or "(no title)")
    line.append(f"  {article.canonical_url or article.url or article.article_id}", "cyan")
    output.print(line, soft_wrap=True)


def _say_line(line: "Line") -> None:
    """Say what an operator wants to know of a line of the log."""
    if line["service"] == "store" and line["message"] == "gone":
        say(f"gone: {line.get('url')}")
    elif line["level"] == "WARNING" and not line.get("is_tried_again"):
        reason = line.get("reason")
        say(with_hint(str(reason), f"{reason}: {line['message']}") if reason else str(line["message"]))
    elif line["level"] == "ERROR":
        say(f"{line['message']}; --log FILE keeps the details")
