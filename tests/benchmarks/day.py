"""Days of many sources on a simulated clock, against a web server that watches how it is asked.

    python -m tests.benchmarks.day --sources 200 --articles 50000
    python -m tests.benchmarks.day --sources 20 --articles 500 --days 7 --place both

prints what was asked for, what it took, and whether a host was asked too soon, twice at once, or twice for nothing:
what did not change was sent again, or a URL was asked for again long before its time. Some articles are changed later,
some are removed. The place is the embedded stack (functions, template and clients are the real ones, AWS is moto;
``moto_at_scale`` says what is spared there), a local archive with the loop of ``khobor watch``, or both, which must
hold the same at the end. Progress goes to standard error.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

import time_machine
import typer
from tests.benchmarks.day_places import Simulation, on_archive, on_stack
from tests.benchmarks.day_sites import DELAY, START, Figures, Plan, Sites, serving

from khobor.sources.source import FetchingOptions

Place = Literal["stack", "archive", "both"]
PLACES: Mapping[str, Callable[[Simulation], None]] = MappingProxyType({"stack": on_stack, "archive": on_archive})
# After the last article is published, its source is still to be looked at, and what waits for its turn to be fetched.
_AFTER = timedelta(hours=2)
_HOUR = timedelta(hours=1)
_MOST_DIFFERENCES = 20


def simulate(plan: Plan, place: str = "stack") -> Figures:
    """Return the figures of some days.

    Args:
        plan: What is simulated.
        place: Where: ``stack`` or ``archive``.
    """
    began = time.perf_counter()
    with (
        serving(Sites(plan)) as sites,
        time_machine.travel(START, tick=False) as clock,
        _little_garbage(),
    ):
        figures = sites.figures
        PLACES[place](Simulation(sites, clock, plan.end + _AFTER, _progress(figures, began)))
    figures.twice = sum(count > 1 for count in sites.sent.values())
    figures.seconds = time.perf_counter() - began
    figures.peak = _peak()
    return figures


def _progress(figures: Figures, began: float) -> Callable[[], None]:
    """Return what prints the progress, once an hour of the simulated time."""
    next_at = [START + _HOUR]

    def on_time() -> None:
        now = datetime.now(UTC)
        if now < next_at[0]:
            return
        next_at[0] = now + _HOUR
        fetched = f"{figures.answers.total()} requests, {figures.answers['article 200']} articles fetched"
        taken = f"{time.perf_counter() - began:.0f} s, {_peak() / 1e6:.0f} MB"
        print(f"{now:%d %H:%M}: {fetched}, {taken}", file=sys.stderr)
        # What the day has brought by now stays: it is not to be looked through for garbage again and again.
        gc.collect()
        gc.freeze()

    return on_time


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Make Python collect garbage rarely: the day makes hardly any."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _peak() -> int:
    """Return the most memory that this process had until now, in bytes."""
    # Linux counts in KiB, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def differences(one: Figures, other: Figures) -> list[str]:
    """Return in what two places differ at the end, a line for each article."""
    return [
        f"/news/{number}: {one.stored.get(number)} and {other.stored.get(number)}"
        for number in sorted(one.stored.keys() | other.stored.keys(), key=int)
        if one.stored.get(number) != other.stored.get(number)
    ]


def report(place: str, figures: Figures) -> None:
    """Print the figures of a place."""
    requests, published = figures.answers.total(), figures.articles
    print(f"{place}: {published} articles published, {len(figures.stored)} stored, {figures.dead} put aside")
    print(f"changed: {figures.changed} of {figures.changes_sent} that were seen, ", end="")
    print(f"gone: {figures.gone} of {figures.removals_sent}")
    print(f"{requests} requests, {requests / published:.2f} an article:")
    for kind, count in sorted(figures.answers.items()):
        print(f"  {count:>9} {kind}")
    print(f"shortest time between two requests to a host: {figures.shortest_gap:.3f} s of {DELAY:g} s")
    print(f"too soon: {figures.too_soon}, at once: {figures.at_once}")
    print(f"for nothing: unchanged and sent twice: {figures.twice}, long before its time: {figures.too_early}")
    if figures.calls:
        print(f"calls of the functions to AWS: {figures.calls.total() / published:.2f} an article")
    for call, count in sorted(figures.calls.items()):
        print(f"  {count / published:>9.3f} {call}")
    print(f"{figures.seconds:.0f} s of real time, {figures.peak / 1e6:.0f} MB at most")


def main(
    sources: Annotated[int, typer.Option(min=1, max=10_000, help="How many sources.")] = 200,
    articles: Annotated[int, typer.Option(min=1, help="How many articles they publish a day.")] = 50_000,
    days: Annotated[int, typer.Option(min=1, help="How many days.")] = 1,
    interval: Annotated[int, typer.Option(min=5, help="How often each is looked at, in minutes.")] = 60,
    revisits: Annotated[bool, typer.Option(help="Whether articles are looked at again.")] = True,
    place: Annotated[Place, typer.Option(help="The embedded stack, a local archive, or both, compared.")] = "stack",
) -> None:
    """Simulate days, print their figures, and fail where a host was asked as it must not be, or places differ."""
    first_revisit = timedelta(minutes=FetchingOptions().revisits[0].every_minutes) if revisits else None
    plan = Plan(sources=sources, articles=articles, days=days, interval=interval, first_revisit=first_revisit)
    # The archive comes first: the stack leaves more in memory.
    found = {each: simulate(plan, each) for each in (["archive", "stack"] if place == "both" else [place])}
    for each, figures in found.items():
        report(each, figures)
    differing = differences(*found.values()) if place == "both" else []
    if place == "both":
        print(f"articles that differ between archive and stack: {len(differing)}")
    for line in differing[:_MOST_DIFFERENCES]:
        print(line)
    if differing or any(figures.is_wrong for figures in found.values()):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
