"""How many copies of an article its MinHash finds, and how many other articles.

    python -m tests.benchmarks.similarity --events 200

An archive is searched for every copy that editors made of an article in it, then for what looks like a copy and is
none. All are invented, see stories.py.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, NamedTuple

import typer
from tests.articles import article
from tests.benchmarks import stories
from tests.benchmarks.stories import EDITS, LANGUAGES, SERIES, Story

from khobor.article import Block
from khobor.revisions.minhash import SIMILAR, MinHash, bands, minhash, resemblance

# Two publishers had the text from an agency, and each edited it; the archive has the one.
TWO_COPIES = "two copies"
# Of each key no more are read, so that a search costs the same whatever the archive holds. All copies are searched for
# when all articles are there: what has a key in common with many, such as its publisher's boilerplate, is lost to it.
NEWEST = 50
_TOPICS = ("accident", "fire", "court", "economy")


class Query(NamedTuple):
    """What is searched for.

    Attributes:
        kind: The edit that it is a copy by, or what it is.
        name: Of the article in the archive that it is itself.
        original: Name of the article in the archive that it is a copy of.
        story: Its text.
    """

    kind: str
    name: str | None
    original: str | None
    story: Story


@dataclass
class Found:
    """What was found for the queries of one kind.

    Attributes:
        queries: How many there were.
        copies: How many of them were copies.
        by_bands: Copies whose original was among the candidates.
        verified: Copies whose original was found by its resemblance, too.
        other_candidates: Candidates that were not the original.
        wrong: Those that were taken for it.
    """

    queries: int = 0
    copies: int = 0
    by_bands: int = 0
    verified: int = 0
    other_candidates: int = 0
    wrong: int = 0

    def __add__(self, other: "Found") -> "Found":
        mine, others = vars(self), vars(other)
        return Found(**{name: mine[name] + others[name] for name in mine})

    @property
    def candidate_recall(self) -> float:
        """The part of the copies whose original is a candidate."""
        return self.by_bands / self.copies

    @property
    def recall(self) -> float:
        """The part of the copies whose original is found."""
        return self.verified / self.copies

    @property
    def precision(self) -> float:
        """The share of the results that are originals."""
        return self.verified / (self.verified + self.wrong)


@dataclass
class Archive:
    """Sketches, found by their bands as the archive table finds them."""

    minhashes: dict[str, MinHash] = field(default_factory=dict)
    postings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def put(self, name: str, story: Story) -> None:
        """Add an article."""
        if made := minhash_of(story):
            self.minhashes[name] = made
            for band in bands(made):
                self.postings[band].append(name)

    def search(self, query: Query) -> dict[str, float]:
        """Return the candidates with their resemblance."""
        if not (made := minhash_of(query.story)):
            return {}
        candidates = {name for band in bands(made) for name in self.postings.get(band, [])[-NEWEST:]} - {query.name}
        return {name: resemblance(made, self.minhashes[name]) for name in candidates}


def minhash_of(story: Story) -> MinHash | None:
    """Return the minhash of an article with a story's paragraphs."""
    return minhash(article(body=tuple(Block(kind="paragraph", text=text) for text in story.texts)))


def measure(language: str, events: int, seed: int = 1) -> dict[str, Found]:
    """Return what was found for each kind of query.

    Args:
        language: One of LANGUAGES.
        events: How many there were; two reports of each are in the archive, and a copy by each kind of edit is not.
        seed: Of all that is invented.
    """
    archive, queries = _invent(language, events, seed)
    results: dict[str, Found] = defaultdict(Found)
    for query in queries:
        found = archive.search(query)
        others = {name: value for name, value in found.items() if name != query.original}
        results[query.kind] += Found(
            queries=1,
            copies=query.original is not None,
            by_bands=query.original in found,
            verified=found.get(query.original or "", 0) >= SIMILAR,
            other_candidates=len(others),
            wrong=sum(value >= SIMILAR for value in others.values()),
        )
    return dict(results)


def total(results: dict[str, Found]) -> Found:
    """Return the sum of the results of all kinds."""
    return sum(results.values(), Found())


def _invent(language: str, events: int, seed: int) -> tuple[Archive, Sequence[Query]]:
    archive, queries = Archive(), list[Query]()
    for number in range(events):
        queries += _event(archive, language, number, Random(f"{seed} {language} {number}"))
        for series in SERIES:
            story = stories.issue(language, series, Random(f"{seed} {language} {series} {number}"))
            archive.put(name := f"{series} {number}", story)
            queries.append(Query(series, name, None, story))
    return archive, queries


def _event(archive: Archive, language: str, number: int, chance: Random) -> Iterator[Query]:
    topic = _TOPICS[number % len(_TOPICS)]
    first, second, third = (stories.facts(language, chance) for _ in range(3))
    report, independent = (stories.report(language, topic, first, chance) for _ in range(2))
    if number % 2:
        # Of a publisher that has the same sentences below each article.
        report, independent = (stories.with_boilerplate(story, 0) for story in (report, independent))
    archive.put(name := f"report {number}", report)
    for kind, edit in EDITS.items():
        yield Query(kind, None, name, edit(report, chance))
    archive.put(name := f"independent {number}", independent)
    yield Query("independent", name, None, independent)
    agency = stories.report(language, topic, second, chance)
    archive.put(name := f"copy {number}", EDITS["several"](agency, chance))
    yield Query(TWO_COPIES, None, name, EDITS["several"](agency, chance))
    flash = stories.flash(language, topic, third, chance)
    archive.put(name := f"flash {number}", flash)
    yield Query("flash", None, name, EDITS["typos"](flash, chance))


def main(
    events: Annotated[int, typer.Option(min=1, help="How many events are reported of in each language.")] = 200,
    seed: Annotated[int, typer.Option(help="Of all that is invented.")] = 1,
) -> None:
    """Print recall and precision by language and kind."""
    print(f"Candidates share a band, the newest {NEWEST} of each; what is found resembles the article, too.")
    print("Recall: copies whose original is among them; others: all else that is among them, for one search.\n")
    print(f"{'':<4}{'':<14}{'searches':>9}{'candidates:':>22}{'found:':>22}{'precision':>11}")
    print(f"{'':<4}{'':<14}{'':>9}{'recall':>14}{'others':>8}{'recall':>14}{'others':>8}")
    for language in LANGUAGES:
        results = measure(language, events, seed)
        for kind, found in (*results.items(), ("all", total(results))):
            print(_line(language, kind, found))
        print()


def _line(language: str, kind: str, found: Found) -> str:
    rates = Counter(candidates=found.other_candidates, wrong=found.wrong)
    others = {name: count / found.queries for name, count in rates.items()}
    candidates, recall = (f"{found.candidate_recall:.3f}", f"{found.recall:.3f}") if found.copies else ("", "")
    precision = f"{found.precision:.3f}" if found.copies else ""
    start = f"{language:<4}{kind:<14}{found.queries:>9}"
    return f"{start}{candidates:>14}{others['candidates']:>8.2f}{recall:>14}{others['wrong']:>8.3f}{precision:>11}"


if __name__ == "__main__":
    typer.run(main)
