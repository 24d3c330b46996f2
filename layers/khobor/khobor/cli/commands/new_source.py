"""``khobor new-source``: the draft of a source and of its test, from pages of its site."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.inputs import Url
from khobor.cli.options import NOBODY, Contact, Loopback
from khobor.cli.place import ArchiveOfSources
from khobor.cli.terminal import output
from khobor.cli.workspace import chosen_sources
from khobor.embedded.project import CHECKOUT
from khobor.errors import CommandError, KhoborError, PermanentError
from khobor.page import MAX_PAGE_BYTES, RawPage, decompress
from khobor.sources.problems import SourceError
from khobor.sources.registry import BUNDLED_FOLDER, Registry, bundled_sources
from khobor.url import host, is_url
from khobor.work_limits import LOCAL_PAGE_LIMITS, within

if TYPE_CHECKING:
    from khobor.cli.source_draft import FieldSummary, SamplePage

# What the test of a source expects, if the page has it.
_EXPECTED = (
    "source", "canonical_url", "title", "kicker", "description", "authors", "published_at", "modified_at", "edition",
    "language", "section", "tags", "images", "publisher", "body_text",
)  # fmt: skip
# Below the domains of countries.
_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
_SCHEMA = "source.schema.json"


@dataclass(frozen=True)
class DraftFolders:
    """Where a draft goes: the source's file into one folder, the pages of its test into folders of another."""

    sources: Path
    tests: Path


def new_source(
    inputs: Annotated[list[str], typer.Argument(metavar="PAGE", help="URLs or files of articles, all of one site.")],
    url: Url = None,
    name: Annotated[str | None, typer.Option(help="Name of the source; by default made from the host.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to write it; by default the current folder.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    archive: ArchiveOfSources = None,
    *,
    context: typer.Context,
) -> None:
    """Draft a source file and its test from pages of the site, for you to correct.

    In a checkout of khobor, the draft goes to the bundled sources and their tests.

    For example:

    - `khobor new-source https://www.example.com/news/1 https://www.example.com/news/2`
    - `khobor new-source saved.html --url https://www.example.com/news/1 --folder mine/`
    """
    if url and (len(inputs) != 1 or is_url(inputs[0])):
        raise typer.BadParameter("--url is for one file", param_hint="--url")
    folders = draft_folders(folder, Path.cwd())
    # What comes with khobor may not depend on anybody's own sources.
    is_bundled = folders.sources == BUNDLED_FOLDER
    registry = bundled_sources() if is_bundled else chosen_sources(context, archive)
    pages = [_page(each, _raw(each, url, contact, allow_loopback=allow_loopback)) for each in inputs]
    site = _site(pages)
    written = _write(pages, site, name or name_of(site), folders, registry, force=force)
    _tell_next(written, folders, site, registry)


def draft_folders(folder: Path | None, current: Path) -> DraftFolders:
    """Return where a draft goes: the folder that is given, else the checkout that the current one is in, else that.

    Args:
        folder: The value of ``--folder``.
        current: The current folder.
    """
    if folder is None and CHECKOUT and current.resolve().is_relative_to(CHECKOUT):
        return DraftFolders(BUNDLED_FOLDER, CHECKOUT / "tests" / "sources")
    return DraftFolders(folder or current, folder or current)


def name_of(site: str) -> str:
    """Return a source's name for a host.

    >>> name_of("daily.example"), name_of("news.daily-star.co.uk"), name_of("127.0.0.1")
    ('daily', 'news-daily-star', '127-0-0-1')
    """
    site = site.partition(":")[0]
    labels = site.split(".")
    if not site.replace(".", "").isdigit():
        labels = labels[:-1] or labels
        labels = labels[:-1] if len(labels) > 1 and labels[-1] in _SECOND_LEVELS else labels
    return "-".join(labels)


def _raw(name: str, url: str | None, contact: str, *, allow_loopback: bool) -> RawPage:
    if not is_url(name):
        body = decompress(Path(name).read_bytes(), name, MAX_PAGE_BYTES)
        return RawPage(body=body, url=url, fetched_at=datetime.now(UTC))
    # Here, not above: as for all that is long to import.
    from khobor.fetch.downloader import Downloader, Limits

    downloader = Downloader(contact, Limits(page_bytes=MAX_PAGE_BYTES), allow_loopback=allow_loopback)
    try:
        return downloader.fetch(name)
    except KhoborError as error:
        # Of several URLs, the message may name only the address of one.
        error.args = (f"{name}: {error}",)
        raise


def _page(name: str, raw: RawPage) -> "SamplePage":
    from khobor.cli.source_draft import SamplePage
    from khobor.extract import extract
    from khobor.extract.document import Document

    read = partial(
        extract, raw.body, raw.location, content_type=raw.content_type, fetched_at=raw.fetched_at, sources=Registry({})
    )
    article = within(LOCAL_PAGE_LIMITS, read, what=name)
    if reason := article.extraction.not_article:
        told = f"{name} contains no article{article.extraction.refusal_text}; give pages of articles"
        raise PermanentError(reason, told)
    if article.canonical_url is None:
        raise PermanentError("no_url", f"{name} does not contain its URL; give it with --url")
    return SamplePage(raw.body, Document(raw.body, raw.location, raw.content_type), article)


def _site(pages: Sequence["SamplePage"]) -> str:
    urls = [page.article.canonical_url or "" for page in pages]
    sites = sorted({f"{host(url).removeprefix('www.')}{_port(url)}" for url in urls})
    if len(sites) > 1:
        raise PermanentError("many_sites", f"these are pages of {', '.join(sites)}; give pages of one site")
    return sites[0]


def _port(url: str) -> str:
    """Return the port of a URL as its hosts name it; nothing for the usual one."""
    port = urlsplit(url).port
    return f":{port}" if port else ""


def _write(
    pages: Sequence["SamplePage"], site: str, name: str, folders: DraftFolders, registry: Registry, *, force: bool
) -> list[Path]:
    from khobor.cli.source_draft import draft, summaries

    other = bundled_sources().find(site)
    if other and other.name != name and folders.sources == BUNDLED_FOLDER:
        path = BUNDLED_FOLDER / f"{other.name}.toml"
        raise PermanentError("has_source", f"khobor already has a source for {site}: edit {path}")
    found = summaries(pages)
    text = draft(pages, site, found)
    _check(name, text, registry)
    files = {folders.sources / f"{name}.toml": text.encode()}
    for number, page in enumerate(pages, 1):
        folder = folders.tests / (name if number == 1 else f"{name}-{number}")
        files[folder / "page.html"] = page.body
        files[folder / "expected.json"] = _expected(page, name, text, registry)
    if there := [path for path in files if path.exists() and not force]:
        raise CommandError(f"{', '.join(map(str, there))}: already exists; use --force to overwrite")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    schema = folders.sources / _SCHEMA
    if not schema.exists():
        schema.write_bytes((BUNDLED_FOLDER / _SCHEMA).read_bytes())
    _show(found, len(pages))
    return list(files)


def _check(name: str, text: str, registry: Registry) -> None:
    from khobor.sources.checking import load_sources

    if problems := load_sources({f"{name}.toml": text.encode()}, registry)[1]:
        raise SourceError(problems)


def _expected(page: "SamplePage", name: str, text: str, registry: Registry) -> bytes:
    """Return what a test expects of a page: what is found now, as the test asks for it."""
    from khobor.archive import codec
    from khobor.extract import extract

    article = extract(page.body, None, sources=registry.overlay({f"{name}.toml": text}))
    fields = json.loads(codec.export(article))
    expected = {key: fields[key] for key in _EXPECTED if fields.get(key)}
    return json.dumps(expected, ensure_ascii=False, indent=2).encode() + b"\n"


def _show(found: Sequence["FieldSummary"], pages: int) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("field", "pages", "origin", "value, or candidates"):
        table.add_column(column, overflow="fold")
    for summary in found:
        score = Text(f"{summary.count} of {pages}", style="" if summary.count == pages else "yellow")
        table.add_row(summary.key, score, summary.origin if summary.count else "", Text(summary.sample))
        for candidate in summary.candidates:
            table.add_row("", "", "", Text(f"{candidate.selector}  {candidate.sample}", style="dim"))
    output.print(table)


def _tell_next(written: Sequence[Path], folders: DraftFolders, site: str, registry: Registry) -> None:
    output.print()
    for path in written:
        output.print(f"wrote {path}", markup=False, soft_wrap=True)
    for line in _next(written, folders, site, registry):
        output.print(line, markup=False, soft_wrap=True)


def _next(written: Sequence[Path], folders: DraftFolders, site: str, registry: Registry) -> Iterator[str]:
    if (other := registry.find(site)) and folders.sources != BUNDLED_FOLDER:
        file = f"{other.name}.toml"
        is_replaced = written[0].name == file or registry.files[file] == bundled_sources().files.get(file)
        what = "this one replaces it" if is_replaced else f"call this one {file}, too, to replace it"
        yield f"\nThere is a source for {site} already, {other.name}: {what}."
    yield "\nThe pages belong to their publisher: replace their text with your own before you share them."
    yield "Next:\n"
    yield f"  khobor sources check {written[0]}"
    yield f"  khobor parse {written[1]} --explain --sources {folders.sources}"
