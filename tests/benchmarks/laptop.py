"""CPU, time and memory of khobor's commands on one machine, beside trafilatura's command: ``make bench-laptop``.

CPU counts a command with all its processes, also those that outlive their parent, and is given as a multiple of
``extract()`` alone in the same run, too: a busy machine changes both. Pages a second hold on an idle machine only.
"""

import ctypes
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from tests.conftest import ROOT

from khobor.local.archive_folder import DATABASE, ArchiveFolder

# Nothing but the extractor, in one process.
_EXTRACT_ALONE = """
import sys
from pathlib import Path
from khobor.errors import PermanentError
from khobor.extract.extraction import extract
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        extract(path.read_bytes(), None)
    except PermanentError:
        continue
"""
_BECOME_SUBREAPER = 36  # prctl(2)
_KHOBOR = Path(sys.executable).with_name("khobor")
_TRAFILATURA = ROOT / ".bench" / "venv" / "bin" / "trafilatura"


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes:
        cpu: Seconds of CPU.
        wall: Seconds by the clock.
        megabytes: The largest resident size of one of its processes.
    """

    cpu: float
    wall: float
    megabytes: float


def measure(command: list[str]) -> Cost:
    """Run a command, and return what it and all its descendants took."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        # A process of its own, so that the usage of children is that of this command alone.
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
        began = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        wall = time.monotonic() - began
        while _reaped():
            pass
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(writing, f"{used.ru_utime + used.ru_stime} {wall} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        cpu, wall, megabytes = map(float, answer.read().split())
    os.waitpid(pid, 0)
    return Cost(cpu, wall, megabytes)


def _reaped() -> bool:
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def _extract(folder: Path, out: Path, jobs: int) -> list[str]:
    return [str(_KHOBOR), "extract", str(folder), "--jobs", str(jobs), "--out", str(out)]


def _rows(folder: Path, scratch: Path) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """Yield what is measured: its name, and what measures it."""
    yield "extract() alone", lambda: measure([sys.executable, "-c", _EXTRACT_ALONE, str(folder)])
    for jobs in (1, 2):
        ingest = [str(_KHOBOR), "ingest", str(folder), "--archive", str(scratch / f"{jobs}"), "--jobs", str(jobs)]
        yield f"khobor ingest, processes: {jobs}", lambda command=ingest: measure(command)  # type: ignore[misc]
        command = _extract(folder, scratch / f"{jobs}.jsonl", jobs)
        yield f"khobor extract, processes: {jobs}", lambda command=command: measure(command)  # type: ignore[misc]
    parquet = _extract(folder, scratch / "2.parquet", 2)
    yield "khobor extract to Parquet, processes: 2", lambda: measure(parquet)
    if _TRAFILATURA.exists():
        other = [str(_TRAFILATURA), "--input-dir", str(folder), "--output-dir", str(scratch / "texts")]
        yield (
            "trafilatura --json --with-metadata, processes: 2",
            lambda: measure([*other, "--json", "--with-metadata", "--parallel", "2"]),
        )


def unpack(corpus: Path, folder: Path, most: int, copies: int = 1) -> int:
    """Write the pages of a corpus to one folder as they came, and return how many there are.

    Args:
        corpus: A folder with pages, ``*.html.gz``.
        folder: Where to write them.
        most: At most so many.
        copies: How often each is written. The copies have other hosts in all URLs, so that they are other articles.
    """
    pages = sorted(corpus.rglob("*.html.gz"))[:most]
    for number, page in enumerate(pages):
        body = gzip.decompress(page.read_bytes())
        for copy in range(copies):
            other = body.replace(b"://", b"://copy%d." % copy) if copy else body
            (folder / f"{copy:03}-{number:06}.html").write_bytes(other)
    return len(pages) * copies


def main(
    corpus: Annotated[Path, typer.Argument(help="A folder with pages, *.html.gz, at any depth.")],
    pages: Annotated[int, typer.Option(help="At most so many pages.")] = 1_000_000,
    copies: Annotated[int, typer.Option(min=1, help="How often each page is there, with other hosts.")] = 1,
    only: Annotated[str, typer.Option(help="Only the commands with this in their line, and extract() alone.")] = "",
) -> None:
    """Measure khobor's commands on the pages of a corpus."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pages"
        folder.mkdir()
        count = unpack(corpus, folder, pages, copies)
        typer.echo(f"{count:,} pages\n{'':50} {'CPU ms a page':>14} {'×':>6} {'pages/s':>8} {'MB':>6}")
        alone = 0.0
        for name, run in _rows(folder, Path(scratch)):
            if alone and only not in name:
                continue
            cost = run()
            alone = alone or cost.cpu
            typer.echo(
                f"{name:50} {cost.cpu / count * 1000:14.1f} {cost.cpu / alone:6.2f} {count / cost.wall:8.0f}"
                f" {cost.megabytes:6.0f}"
            )
        for database in sorted(Path(scratch).glob(f"*/{DATABASE}"))[:1]:
            typer.echo(f"{DATABASE}: {bytes_an_article(database.parent):,.0f} bytes an article")


def bytes_an_article(path: Path) -> float:
    """Return the size of an archive without its pages and its log, for each of its articles."""
    with ArchiveFolder.open(path) as folder:
        folder.database.checkpoint()
        with folder.database.read() as connection:
            articles: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return (path / DATABASE).stat().st_size / max(1, articles)


if __name__ == "__main__":
    typer.run(main)
