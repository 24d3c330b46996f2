"""The tables of the benchmark, for a terminal and as Markdown, and what the plot shows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich import box
from rich.table import Table as RichTable
from rich.text import Text
from tests.benchmarks.corpus import Page
from tests.benchmarks.floors import RAISED, TEN_TIMES_THE_PAGE, TIMES_FLOOR
from tests.benchmarks.measures import body_score, score
from tests.benchmarks.readings import Reading, Tool
from tests.benchmarks.scaling import Growth, worst
from tests.benchmarks.stages import Stage

NOT_GIVEN = "–"
_LABELS = {
    "body": "body",
    "starts": "starts",
    "title": "title",
    "title_or_alternative": "or other",
    "published_minute": "minute",
    "published_day": "day",
    "authors": "authors",
    "topics": "topics",
    "segments": "segments",
    "kept": "kept",
    "refused": "refused",
    TIMES_FLOOR: "× floor",
    "milliseconds": "ms",
    RAISED: "raised",
}
_LEGEND = (
    "body, authors, topics, segments: F1. starts: the text contains the true first words. or other: the title, or "
    "one of the other titles that the tool gives. minute, day: the time of publication is right to the minute, to "
    "the day. kept: articles that are not refused and have a text. refused: other pages that are refused. ms: CPU "
    "milliseconds a page. × floor: CPU time against lxml.html.document_fromstring of the same pages in the same "
    "process. raised: pages that the tool raised on."
)
_PLOTTED = {
    "body": "body F1",
    "title": "title right",
    "published_minute": "published, right to the minute",
    "authors": "authors F1",
    "topics": "topics F1",
    "segments": "segments F1",
}
_SMALLEST_SHARE = 0.01


class Result(NamedTuple):
    """One tool on one set of pages.

    Attributes:
        tool: As it was measured.
        values: Of each measure; those that its fields do not allow are not in it.
    """

    tool: Tool
    values: Mapping[str, float]


class Table(NamedTuple):
    """A table; its first column is text, the others are numbers.

    Attributes:
        title: What it shows.
        columns: Their names.
        rows: The cells; what stands between two ``**`` is bold.
        note: What there is to say of it.
    """

    title: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""

    def markdown(self) -> str:
        """Return the table in Markdown."""
        rule = ["---", *["--:"] * (len(self.columns) - 1)]
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows)]
        return "\n".join([f"## {self.title}\n", *lines, *([f"\n{self.note}"] if self.note else [])])

    def rich(self) -> RichTable:
        """Return the table for a terminal."""
        table = RichTable(title=self.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for number, name in enumerate(self.columns):
            table.add_column(name, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*(Text(cell.strip("*"), "bold" if cell.startswith("**") else "") for cell in row))
        return table


def result(tool: Tool, pages: Sequence[Page], readings: Sequence[Reading]) -> Result:
    """Return what a tool reached on some pages, and what it cost."""
    cost = sum(reading.cost for reading in readings)
    costs = {
        TIMES_FLOOR: cost / sum(reading.floor for reading in readings),
        "milliseconds": 1000 * cost / len(readings),
        RAISED: float(sum(reading.error is not None for reading in readings)),
    }
    return Result(tool, score(pages, readings, tool.gives) | costs)


def growth(growths: list[Growth]) -> dict[str, float]:
    """Return how many times the time of a page the page of the worst shape takes, and on how many khobor raised."""
    raised = sum(growth.error is not None for growth in growths)
    return {TEN_TIMES_THE_PAGE: max(worst(growths).times), RAISED: float(raised)}


def quality(name: str, pages: Sequence[Page], results: Sequence[Result]) -> Table:
    """Return the tools side by side on one set of pages, the best of each measure in bold."""
    measures = [measure for measure in _LABELS if any(measure in result.values for result in results)]
    columns = [_column(measure, [result.values.get(measure) for result in results]) for measure in measures]
    names = [result.tool.name for result in results]
    publishers = len({page.publisher for page in pages})
    weak = sorted({field for page in pages for field in page.weak})
    return Table(
        f"{name}: {_number(len(pages), 'page')} of {_number(publishers, 'publisher')}",
        ["tool", *(_LABELS[measure] for measure in measures)],
        [list(row) for row in zip(names, *columns, strict=True)],
        f"Not judged by a person, but the output of another tool: {', '.join(weak)}." if weak else "",
    )


def scaling(growths: list[Growth]) -> Table:
    """Return how the time grows with the page."""
    found = worst(growths)
    largest = max(growth.size for growth in growths) / 1_000_000
    steps = [f"to {size:g} MB" for size in (largest / 10, largest)]
    return Table(
        "Ten times the page costs … times the time",
        ["a page of", *steps, *(f"parse {step}" for step in steps), "seconds"],
        [_growth(growth, bold=growth is found) for growth in growths],
        f"The worst is {found.shape}: {max(found.times):.1f} times. "
        "Where lxml's own parse is far from linear the shape does not count.",
    )


def profile(stages: Sequence[Stage]) -> Table:
    """Return where the time goes."""
    rows = []
    for stage in (stage for stage in stages if stage.share >= _SMALLEST_SHARE):
        rows.append([f"**{stage.module}**", f"**{stage.share:.1%}**"])
        rows += [[f"· {name}", f"{share:.1%}"] for name, share in stage.functions if share >= _SMALLEST_SHARE]
    rest = sum(stage.share for stage in stages if stage.share < _SMALLEST_SHARE)
    return Table("Where khobor's time goes", ["module, function", "share"], [*rows, ["all others", f"{rest:.1%}"]])


def failures(name: str, count: int, pages: Sequence[Page], readings: Sequence[Reading]) -> Table:
    """Return the pages whose text khobor read worst."""
    scored = sorted((body_score(page, reading), page.id) for page, reading in zip(pages, readings, strict=True))
    rows = [[page_id, f"{value:.3f}"] for value, page_id in scored[:count]]
    return Table(f"{name}: the worst texts of khobor", ["page", "F1"], rows)


def panels(name: str, results: Sequence[Result]) -> list[dict[str, object]]:
    """Return what to plot of a set: for each measure the tools by cost."""
    return [
        {
            "title": f"{name}: {label}",
            "points": [
                {"tool": result.tool.name, "cost": result.values[TIMES_FLOOR], "score": result.values[measure]}
                for result in results
                if measure in result.values
            ],
        }
        for measure, label in _PLOTTED.items()
        if any(measure in result.values for result in results)
    ]


def _column(measure: str, values: Sequence[float | None]) -> list[str]:
    digits = {TIMES_FLOOR: 1, "milliseconds": 1, RAISED: 0}.get(measure, 3)
    shown = [NOT_GIVEN if value is None else f"{value:.{digits}f}" for value in values]
    best = (min if digits < 3 else max)(value for value in values if value is not None)
    bold = len(values) > 1 and measure != RAISED
    return [f"**{text}**" if bold and value == best else text for text, value in zip(shown, values, strict=True)]


def _growth(growth: Growth, *, bold: bool) -> list[str]:
    name = f"{growth.shape} ({growth.error})" if growth.error else growth.shape
    cells = [f"**{name}**" if bold else name]
    for steps in (growth.times, growth.parse):
        cells += [f"{steps[0]:.1f}", f"{steps[1]:.1f}" if len(steps) > 1 else NOT_GIVEN]
    return [*cells, f"{growth.cost:.2f}"]


def versions(tools: Sequence[Tool]) -> str:
    """Return what was measured, on what, and what the columns mean."""
    names = dict.fromkeys(f"{tool.name.split(',')[0]} {tool.version}" for tool in tools)
    bases = dict.fromkeys(f"Python {tool.python} and lxml {tool.lxml}" for tool in tools)
    return f"{', '.join(names)}; on {', '.join(bases)}. {_LEGEND}"


def _number(count: int, name: str) -> str:
    return f"{count:,} {name}{'s' if count != 1 else ''}"
