"""Real site engines build sites from invented posts, khobor crawls them, and its articles are compared with the posts.

    python -m tests.benchmarks.sites
    python -m tests.benchmarks.sites --engine pelican --language bn --mistakes

builds the sites of each engine in four languages with its own theme, serves them on loopback with TLS, and crawls each
with a source of five lines: by default, and by its feed, its sitemap or its front page alone. Then ten posts of each
site are changed, and khobor looks again. ``make sites`` installs the engines.
"""

import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from tests.benchmarks.sites_build import ENGINES, LOOKS, build, built_before, missing, sites_of
from tests.benchmarks.sites_crawl import WAYS, Crawl, Way, crawl, look_at
from tests.benchmarks.sites_engine import Engine, Site
from tests.benchmarks.sites_marks import FIELDS, Marks, Mistake, mark, mark_changes, share, table
from tests.benchmarks.sites_posts import CHANGES, Change
from tests.benchmarks.sites_server import SiteServer, reader, serving
from tests.benchmarks.sites_wordpress import running
from tests.benchmarks.sites_words import WORDS

PLACE = Path(".sites").resolve()
# The first look is so long ago that all that follows is over: no engine publishes a post of the future.
_AGO = timedelta(hours=36)
_LONG_AGO = timedelta(days=4)
# The rest of the report, besides the tables.
_MOST_MISTAKES = 3


class Report:
    """What the tables show.

    Attributes:
        marks: Of the first looks, by engine and way.
        changes: How many changes are kept as they are, and how many not, by engine.
        wrong_changes: What is wrong of those that are not, each with the engine.

    Args:
        engines: The engines whose sites are built.
        failures: Why other sites are not, by name.
    """

    def __init__(self, engines: Iterable[Engine], failures: Mapping[str, str] | None = None) -> None:
        self.engines = list(engines)
        self.failures = failures or {}
        self.marks: dict[tuple[str, Way], Marks] = {}
        self.wrong_changes: list[tuple[str, Mistake]] = []
        self.changes: dict[str, Counter[tuple[Change, bool]]] = {engine.name: Counter() for engine in self.engines}

    def fields(self) -> str:
        """Return the table of what the default finds, and how much of it is right."""
        rows = []
        for engine in self.engines:
            marks = self.marks.get((engine.name, "default"), Marks())
            shares = [share(marks.right[name], marks.said[name]) for name in FIELDS]
            rows.append([_label(engine), f"{marks.found} of {marks.posts}", str(marks.others), *shares])
        return table(["engine", "posts", "others", *FIELDS], rows)

    def ways(self) -> str:
        """Return the table of what each way finds."""
        rows = []
        for engine in self.engines:
            cells = []
            for way in WAYS:
                marks = self.marks.get((engine.name, way), Marks())
                cells.append(f"{marks.found} + {marks.others}" if marks.posts else "–")
            posts = max(marks.posts for (name, _), marks in self.marks.items() if name == engine.name)
            rows.append([_label(engine), str(posts), *cells])
        return table(["engine", "posts", *WAYS], rows)

    def kept(self) -> str:
        """Return the table of the changes."""
        kinds = list(dict.fromkeys(CHANGES.values()))
        rows = []
        for engine in self.engines:
            counts = self.changes[engine.name]
            cells = [f"{counts[kind, True]} of {counts[kind, True] + counts[kind, False]}" for kind in kinds]
            rows.append([_label(engine), *cells])
        return table(["engine", *kinds], rows)

    def not_built(self) -> str:
        """Return which sites are not built, each with the reason; empty if all are."""
        return "\n".join(f"{name} is not built and left out: {reason}" for name, reason in self.failures.items())

    def mistakes(self, most: int) -> Iterator[str]:
        """Yield the first mistakes of each engine and field, and those about changes."""
        for (engine, way), marks in self.marks.items():
            seen: Counter[str] = Counter()
            for each in marks.mistakes:
                seen[each.field] += 1
                if seen[each.field] <= most:
                    yield f"{engine} {way} {_line(each)}"
        yield from (f"{engine} changes {_line(mistake)}" for engine, mistake in self.wrong_changes)


def _label(engine: Engine) -> str:
    return f"{engine.name}{' *' if engine.is_kept_back else ''}"


def _line(mistake: Mistake) -> str:
    wanted, got = (str(value)[:100] for value in (mistake.wanted, mistake.got))
    return f"{mistake.field}: {mistake.url}\n    wanted {wanted!r}\n    got    {got!r} ({mistake.origin})"


def run(
    engines: Sequence[Engine], languages: Sequence[str], ways: Sequence[Way], *, is_built: bool, with_changes: bool
) -> Report:
    """Build, crawl and compare.

    Args:
        engines: The engines.
        languages: The languages.
        ways: How articles are found.
        is_built: Whether the sites are left as an earlier run built them.
        with_changes: Whether they are looked at again after they changed.
    """
    start = _start()
    looks = [sites_of(engines, languages, PLACE, start, look) for look in LOOKS]
    failures: dict[str, str] = {}
    with ExitStack() as until_done:
        port = until_done.enter_context(running(PLACE)) if any(engine.php for engine in engines) else 0
        make = built_before if is_built else build
        for site in make((each for sites in looks for each in sites), failures):
            _say(f"built {site.name} {site.look}")
        looks = [[site for site in sites if site.name not in failures] for sites in looks]
        report = Report({site.engine.name: site.engine for site in looks[0]}.values(), failures)
        place = Path(until_done.enter_context(tempfile.TemporaryDirectory()))
        php = {site.host: port for site in looks[0] if site.engine.php}
        server = until_done.enter_context(serving(php, place / "authority.pem"))
        for way in ways:
            with crawl(place / way, looks[0], way, place / "authority.pem") as crawled:
                look_at(crawled, server, looks[0], start)
                _mark(report, crawled, server, looks[0], way)
                _say(f"crawled by {way}: {server.asked} requests")
                if way == "default" and with_changes:
                    look_at(crawled, server, looks[1], start)
                    _mark_changes(report, crawled, looks)
    return report


def _mark(report: Report, crawled: Crawl, server: SiteServer, sites: Sequence[Site], way: Way) -> None:
    stored = list(crawled.folder.archive.articles())
    for site in sites:
        marks = mark(site, [each for each in stored if each.source == site.name], reader(site, server.php))
        report.marks.setdefault((site.engine.name, way), Marks()).add(marks)


def _mark_changes(report: Report, crawled: Crawl, looks: Sequence[Sequence[Site]]) -> None:
    for before, after in zip(*looks, strict=True):
        urls = {post.slug: before.url(post) for post in before.posts}
        for (_, change), mistake in mark_changes(after, crawled.folder, urls).items():
            report.changes[after.engine.name][change, mistake is None] += 1
            report.wrong_changes += [(after.engine.name, mistake)] if mistake else []


def _start() -> datetime:
    """Return the time of the first look: that of earlier runs, if it is not too long ago, since their sites have it."""
    noted, now = PLACE / "start", datetime.now(UTC)
    if noted.is_file() and now - (start := datetime.fromisoformat(noted.read_text("utf-8"))) < _LONG_AGO:
        return start
    start = now.replace(second=0, microsecond=0) - _AGO
    PLACE.mkdir(exist_ok=True)
    noted.write_text(start.isoformat(), "utf-8")
    return start


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def main(
    *,
    engine: Annotated[list[str] | None, typer.Option(help="Engines; all without it.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages; all without it.")] = None,
    way: Annotated[list[str] | None, typer.Option(help="Ways; all without it.")] = None,
    built: Annotated[bool, typer.Option("--built", help="Do not build the sites anew.")] = False,
    changes: Annotated[bool, typer.Option(help="Look again after the sites changed.")] = True,
    mistakes: Annotated[bool, typer.Option("--mistakes", help="Print the first mistakes, too.")] = False,
) -> None:
    """Build sites, crawl them, and print what is right."""
    # What runs beside this process is to end with it.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    chosen = [each for each in ENGINES if not engine or each.name in engine]
    for each in chosen:
        if lacking := missing(each, PLACE):
            _say(f"{each.name} is left out: {', '.join(lacking)} is not installed")
    chosen = [each for each in chosen if not missing(each, PLACE)]
    ways: list[Way] = [each for each in WAYS if not way or each in way]
    report = run(chosen, language or list(WORDS), ways, is_built=built, with_changes=changes)
    print(report.fields(), report.ways(), *[report.kept()] * changes, sep="\n\n")
    if mistakes:
        print(*report.mistakes(_MOST_MISTAKES), sep="\n")
    if report.failures:
        _say(report.not_built())
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
