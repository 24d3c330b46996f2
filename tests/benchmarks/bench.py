"""How right khobor reads pages, and how fast, beside other tools; corpus.py says what a corpus folder holds.

    make bench CORPUS=folder
    make bench-floors CORPUS=folder

The other tools are installed in an environment of their own. Each tool reads the same pages in a process of its own,
and reaches no network. Where it raises, the page counts as one with nothing found.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer
from rich.console import Console
from tests.benchmarks import corpus, floors, report, scaling, stages
from tests.benchmarks.corpus import CorpusError, Page
from tests.benchmarks.reader import TOOLS
from tests.benchmarks.readings import OWN, ReaderError, Reading, Tool, read

_PLOT = Path(__file__).with_name("plot.py")
INSTALLED = Path(".bench/venv")
_IMAGE = "report.png"
_FEWEST_TIMED = 100

app = typer.Typer()
# As wide as a page of Markdown where the output is a file.
output = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
errors = Console(stderr=True, highlight=False)

Corpus = Annotated[Path, typer.Argument(metavar="CORPUS", help="Folder of the sets of pages.")]
Others = Annotated[Path, typer.Option(help="Environment of the other tools.")]
Largest = Annotated[int, typer.Option(min=10_000, help="Bytes of the largest page that growth is measured with.")]
Rounds = Annotated[int, typer.Option(min=1, help="How often each page is read; the least CPU time counts.")]


class Run(NamedTuple):
    """What was read from one set.

    Attributes:
        name: Of the set.
        pages: Of the set.
        tools: What each tool found on them.
    """

    name: str
    pages: list[Page]
    tools: list[tuple[Tool, list[Reading]]]

    def half(self, half: str) -> "Run":
        """Return what was read from half of the publishers."""
        kept = [number for number, page in enumerate(self.pages) if page.half == half]
        return Run(
            f"{self.name}, publishers {half}",
            [self.pages[number] for number in kept],
            [(tool, [readings[number] for number in kept]) for tool, readings in self.tools],
        )

    def measured(self) -> dict[str, float]:
        """Return what khobor reached, without the time if the pages are too few to tell it from the machine's noise."""
        values = dict(self.results()[0].values)
        if len(self.pages) < _FEWEST_TIMED:
            del values[floors.TIMES_FLOOR]
        return values

    def results(self) -> list[report.Result]:
        """Return what each tool reached."""
        return [report.result(tool, self.pages, readings) for tool, readings in self.tools]


@app.command()
def compare(
    folder: Corpus,
    tool: Annotated[list[str] | None, typer.Option(help="Beside khobor only these tools.")] = None,
    only: Annotated[str | None, typer.Option(help="Only pages whose id matches, like 'us-*'.")] = None,
    without: Annotated[str | None, typer.Option(help="No pages whose id matches.")] = None,
    split: Annotated[bool, typer.Option("--split", help="Also two halves of the publishers, each apart.")] = False,
    worst: Annotated[int, typer.Option(min=0, help="List so many pages whose text khobor read worst.")] = 0,
    rounds: Rounds = 1,
    largest: Largest = 10_000_000,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path(".bench/report"),
    others: Others = INSTALLED,
) -> None:
    """Read the pages with khobor and other tools; print what came of it, and write it as Markdown and as a plot."""
    if unknown := set(tool or ()) - set(TOOLS):
        raise typer.BadParameter(f"there is no {', '.join(unknown)}: give any of {', '.join(TOOLS)}")
    names = [name for name in TOOLS if name == OWN or tool is None or name in tool]
    runs = list(_read(folder, corpus.load(folder, only, without), names, rounds, others))
    parts = [run.half(half) for run in runs for half in "AB"] if split else []
    tables = [report.quality(run.name, run.pages, run.results()) for run in (*runs, *parts) if run.pages]
    tables += [report.failures(run.name, worst, run.pages, run.tools[0][1]) for run in runs if worst]
    tables += [report.scaling(_grow(largest)), report.profile(_profile(folder, runs))]
    note = report.versions([tool for tool, _ in runs[0].tools])
    _print(tables, note)
    _write(out, tables, note)
    _draw(out / _IMAGE, [panel for run in runs for panel in report.panels(run.name, run.results())], others)


@app.command("floors")
def hold(
    folder: Corpus,
    rounds: Rounds = 3,
    largest: Largest = 1_000_000,
    pinned: Annotated[Path, typer.Option(help="File of the floors.")] = floors.FILE,
    pin: Annotated[bool, typer.Option("--pin", help="Write the floors of what is measured.")] = False,
    scale: Annotated[bool, typer.Option("--scale/--no-scale", help="Also measure how the time grows.")] = True,
) -> None:
    """Read the pages with khobor alone; exit with 1 if what is pinned in floors.toml does not hold."""
    runs = list(_read_side_by_side(folder, corpus.load(folder), rounds))
    growths = _grow(largest) if scale else []
    measured = {run.name: run.measured() for run in runs}
    measured |= {floors.SCALING: report.growth(growths)} if growths else {}
    tables = [report.quality(run.name, run.pages, run.results()) for run in runs]
    tables += [report.scaling(growths)] if growths else []
    _print(tables, report.versions([tool for tool, _ in runs[0].tools]))
    if pin:
        pinned.write_text(floors.pin(measured, floors.load(pinned)))
    broken = floors.violations(measured, floors.load(pinned))
    for line in broken:
        errors.print(line)
    raise typer.Exit(bool(broken))


def main() -> None:
    """Run the command; print an error in the corpus or a tool as one line."""
    try:
        app()
    except (CorpusError, ReaderError) as error:
        errors.print(str(error), markup=False)
        raise SystemExit(2) from error


def _read(
    folder: Path, sets: Mapping[str, list[Page]], names: Sequence[str], rounds: int, others: Path
) -> Iterator[Run]:
    for name, pages in sets.items():
        tools = []
        for tool in names:
            with errors.status(f"{tool} reads {name}"):
                tools.append(read(tool, others, folder / name, pages, rounds))
        yield Run(name, pages, tools)


def _read_side_by_side(folder: Path, sets: Mapping[str, list[Page]], rounds: int) -> Iterator[Run]:
    """Yield what khobor reads, with as many sets at a time as there are cores: the floor is measured beside it."""
    with errors.status(f"{OWN} reads {', '.join(sets)}"), ThreadPoolExecutor(os.cpu_count()) as threads:
        tools = threads.map(lambda name: read(OWN, INSTALLED, folder / name, sets[name], rounds), sets)
        yield from (Run(name, sets[name], [tool]) for name, tool in zip(sets, tools, strict=True))


def _grow(largest: int) -> list[scaling.Growth]:
    growths = []
    with errors.status("khobor reads ever larger pages") as status:
        for name in scaling.SHAPES:
            status.update(f"khobor reads ever larger pages: {name}")
            growths.append(scaling.measure(name, largest))
    return growths


def _profile(folder: Path, runs: Sequence[Run]) -> list[stages.Stage]:
    with errors.status("khobor is looked at while it reads"):
        pages = [(corpus.html(folder / run.name, page.id), page.url) for run in runs for page in run.pages]
        return stages.profile(pages)


def _print(tables: Sequence[report.Table], note: str) -> None:
    for table in tables:
        output.print(table.rich())
        if table.note:
            output.print(table.note, style="dim")
        output.print()
    output.print(note, style="dim")


def _write(out: Path, tables: Sequence[report.Table], note: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    parts = [f"![Right against cost]({_IMAGE})", *(table.markdown() for table in tables), note]
    text = out / "report.md"
    text.write_text("\n\n".join(parts) + "\n")
    output.print(str(text))


def _draw(image: Path, panels: Sequence[dict[str, object]], others: Path) -> None:
    command = [others / "bin" / "python", _PLOT, image]
    subprocess.run(command, input=msgspec.json.encode(panels), check=True)
    output.print(str(image))


if __name__ == "__main__":
    main()
