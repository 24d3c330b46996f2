"""Draw how right the tools are against what they cost.

    python tests/benchmarks/plot.py FILE <panels

Runs in the environment of the other tools. Standard input is a JSON list of panels, each with a title and points.
"""

import json
import sys
from typing import Any

_COLUMNS = 3
_OWN = "khobor"
_OWN_COLOUR = "#c2410c"
_COLOURS = ("#1d4ed8", "#60a5fa", "#0f766e", "#7c3aed", "#64748b")
_STYLE = {
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#94a3b8",
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 11,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e2e8f0",
    "text.color": "#0f172a",
    "axes.labelcolor": "#475569",
    "xtick.color": "#475569",
    "ytick.color": "#475569",
}
_LEAST_SPAN = 0.1
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200)


def colours(panels: list[dict[str, Any]]) -> dict[str, str]:
    """Return one colour for each tool, khobor's its own."""
    names = dict.fromkeys(point["tool"] for panel in panels for point in panel["points"])
    others = [name for name in names if name != _OWN]
    chosen = {name: _COLOURS[number % len(_COLOURS)] for number, name in enumerate(others)}
    return {name: chosen.get(name, _OWN_COLOUR) for name in names}


def draw(panels: list[dict[str, Any]], file: str) -> None:
    """Write the panels as a PNG."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    rows = -(-len(panels) // _COLUMNS)
    colour = colours(panels)
    dearest = max(point["cost"] for panel in panels for point in panel["points"])
    with plt.rc_context(_STYLE):
        size = (11, 3 * rows + 0.9)
        figure, grid = plt.subplots(rows, _COLUMNS, figsize=size, squeeze=False, sharex=True, layout="constrained")
        for axes, panel in zip(grid.flat, panels, strict=False):
            scatter(axes, panel["points"], colour)
            axes.set_title(panel["title"])
        scale(grid.flat[0], dearest)
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        handles, labels = grid.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=len(labels), frameon=False)
        figure.supxlabel(
            "CPU time as a multiple of lxml's parse alone: the further up and left, the better",
            fontsize=10,
            color="#475569",
        )
        figure.savefig(file, dpi=160, facecolor="white")


def scatter(axes: Any, points: list[dict[str, Any]], colour: dict[str, str]) -> None:
    """Draw the tools of a panel, khobor the largest."""
    for point in points:
        own = point["tool"] == _OWN
        shape = {"s": 130, "marker": "D"} if own else {"s": 80, "marker": "o"}
        look = {"color": colour[point["tool"]], "edgecolor": "white", "linewidth": 1.2, "zorder": 3}
        axes.scatter(point["cost"], point["score"], label=point["tool"], **shape, **look)
    scores = [point["score"] for point in points]
    # Near neighbours look near.
    span = max(1.4 * (max(scores) - min(scores)), _LEAST_SPAN)
    middle = (max(scores) + min(scores)) / 2
    axes.set_ylim(middle - span / 2, middle + span / 2)


def scale(axes: Any, dearest: float) -> None:
    """Give all panels the scale of the cost."""
    from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

    axes.set_xscale("log")
    axes.set_xticks(_TICKS)
    axes.set_xlim(1, max(100, dearest * 1.3))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


if __name__ == "__main__":
    draw(json.load(sys.stdin), *sys.argv[1:])
