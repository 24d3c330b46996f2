"""What the archive's queries read: on ever more generated articles, which no query may notice.

    python -m tests.benchmarks.queries --articles 100000

prints for each query what it read of archives of three sizes, in read units computed from the items that DynamoDB would
read, and how long it took here, with moto. It exits with 1 if a query reads more of a larger archive, or a page of 50
headlines more than 13 read units.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Annotated, Any, NamedTuple

import typer
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from tests.benchmarks.moto_at_scale import moto_at_scale
from tests.dynamodb_units import READ_UNIT_BYTES, item_bytes

from khobor.archive.dynamodb import items
from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.fetch_records import records, with_readings
from khobor.archive.dynamodb.headline_items import headline_item, posting_keys, revision_summary
from khobor.archive.dynamodb.items import Item
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.archive.dynamodb.postings import revision_postings, title_and_content_postings
from khobor.archive.dynamodb.texts import text_items
from khobor.archive.headlines import INDEXES, HeadlinePage
from khobor.archive.spans import Span
from khobor.article import Article, Author, Block, Extraction
from khobor.embedded.stack import EmbeddedStack
from khobor.revisions.content_digests import content_digests
from khobor.revisions.timeline import timeline
from khobor.search_words import search_words
from khobor.url import article_id, canonical_url

SOURCES = 20
MOST_UNITS = 13.0
PARAMETERS = {"Contact": "mailto:bench@localhost", "AllowLoopback": "false"}
_SIZES = 3
_BATCH = 25
_DAYS = 365
_FIRST = datetime(2025, 3, 1, tzinfo=UTC)
# A page may begin in the middle of a read unit, and a title be a longer one.
_NOTICEABLE = 1.5
_SECTIONS = ("Politics", "Economy", "Sport", "Culture", "World", "রাজনীতি", "অর্থনীতি", "খেলা", "বিনোদন", "সারাদেশ")
_ENGLISH = [
    "the",
    "of",
    "in",
    "to",
    "a",
    "and",
    "for",
    "on",
    "with",
    "at",
    "as",
    "after",
    "over",
    "new",
    "says",
    "city",
    "river",
    "bridge",
    "port",
    "road",
    "train",
    "school",
    "court",
    "vote",
    "bank",
    "price",
    "flood",
    "harvest",
    "minister",
    "council",
    "police",
    "doctors",
    "farmers",
    "workers",
    "students",
    "players",
    "island",
    "garment",
    "jute",
    "tea",
    "rice",
]
_BENGALI = [
    "ও",
    "এবং",
    "নিয়ে",
    "পর",
    "থেকে",
    "জন্য",
    "নতুন",
    "শহর",
    "নদী",
    "সেতু",
    "বন্দর",
    "সড়ক",
    "ট্রেন",
    "বিদ্যালয়",
    "আদালত",
    "ভোট",
    "ব্যাংক",
    "দাম",
    "বন্যা",
    "ফসল",
    "মন্ত্রী",
    "পরিষদ",
    "পুলিশ",
    "চিকিৎসক",
    "কৃষক",
    "শ্রমিক",
    "শিক্ষার্থী",
    "খেলোয়াড়",
    "দ্বীপ",
    "পোশাক",
    "পাট",
    "চা",
    "ধান",
    "ঢাকা",
    "চট্টগ্রাম",
    "খুলনা",
    "সিলেট",
    "বরিশাল",
]

output = Console(highlight=False, width=None if Console().is_terminal else 120)
errors = Console(stderr=True, highlight=False)


class Read(NamedTuple):
    """What a query read.

    Attributes:
        headlines: How many it found; None of a query of one article.
        calls: To DynamoDB.
        units: Read units.
        milliseconds: On this machine, with moto.
    """

    headlines: int | None
    calls: int
    units: float
    milliseconds: float


class Meter:
    """Counts what a client of DynamoDB reads."""

    def __init__(self, client: Any) -> None:
        self.calls, self.units = 0, 0.0
        for operation in ("Query", "GetItem", "BatchGetItem"):
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._note)
            client.meta.events.register(f"after-call.dynamodb.{operation}", self._count)

    def measure(self, ask: Callable[[], object]) -> Read:
        """Ask, and return what it read."""
        self.calls, self.units = 0, 0.0
        start = time.perf_counter()
        found = ask()
        milliseconds = 1000 * (time.perf_counter() - start)
        return Read(
            len(found.headlines) if isinstance(found, HeadlinePage) else None, self.calls, self.units, milliseconds
        )

    def _note(self, params: dict[str, Any], **_: object) -> None:
        asked = next(iter(params["RequestItems"].values())) if "RequestItems" in params else params
        self._price = 1.0 if asked.get("ConsistentRead") else 0.5
        self._keys = len(asked.get("Keys", ()))

    def _count(self, parsed: dict[str, Any], **_: object) -> None:
        """Count an answer: a query's items together, the others each for itself, those that are not there too."""
        self.calls += 1
        if "Items" in parsed:
            reads = [sum(map(item_bytes, parsed["Items"]))]
        elif "Responses" in parsed:
            found = [item_bytes(item) for items in parsed["Responses"].values() for item in items]
            reads = found + [0] * (self._keys - len(found))
        else:
            reads = [item_bytes(parsed.get("Item", {}))]
        self.units += self._price * sum(max(1, math.ceil(size / READ_UNIT_BYTES)) for size in reads)


def generated(number: int, random: Random) -> Article:
    """Return an article of one of the sources, in English or Bengali."""
    words = _BENGALI if number % 2 else _ENGLISH
    source = f"source{random.randrange(SOURCES):02}"
    url = f"https://www.{source}.example/news/{number}"
    published = _FIRST + timedelta(seconds=random.randrange(_DAYS * 86_400))

    def text(count: int) -> str:
        # Few words are in many titles, and many in few, as in any language (Zipf).
        ranks = (min(int(random.paretovariate(0.7)), len(words) + 3000) for _ in range(count))
        return " ".join(
            words[rank - 1] if rank <= len(words) else f"{words[rank % len(words)]}{rank}" for rank in ranks
        )

    return Article(
        article_id=article_id(canonical_url(url)),
        url=url,
        canonical_url=canonical_url(url),
        source=source,
        title=text(9).capitalize(),
        authors=(Author(name=f"{words[10 + random.randrange(12)]} {source}"),),
        published_at=published,
        fetched_at=published + timedelta(minutes=20),
        language="bn" if number % 2 else "en",
        section=random.choice(_SECTIONS),
        tags=tuple(dict.fromkeys(text(1) for _ in range(4))),
        body=tuple(Block(kind="paragraph", text=text(45)) for _ in range(8)),
        extraction=Extraction(version="0"),
        content_hash="0",
    )


def rows(article: Article) -> list[Item]:
    """Return the items that the archive has of an article that was fetched once, or twice with a change between."""
    fetches = [article]
    if article.article_id.startswith("a"):
        later = article.fetched_at + timedelta(hours=3)
        fetches.append(replace(article, title=f"{article.title} …", fetched_at=later))
    seen: Item = {}
    for each in fetches:
        seen = with_readings(seen, [each])
    revisions, newest = timeline(records(seen)), fetches[-1]
    found = title_and_content_postings(newest, seen, INDEXES)
    headline = headline_item(newest, content_digests(newest).content) | posting_keys(found)
    found |= revision_postings(headline, seen, INDEXES)
    texts = [item for each in fetches for item in text_items(each, content_digests(each).content)]
    key = items.key(items.pk(article.article_id), items.HISTORY)
    return [headline | revision_summary(seen, revisions), key | seen, *texts, *found.values()]


def queries(archive: DynamoDBArchive, lists: DynamoDBLists, known: Article) -> dict[str, Callable[[], object]]:
    """Return the queries by name.

    Args:
        archive: The archive.
        lists: Its lists.
        known: An article that is there; what it has is asked for.
    """
    assert known.published_at
    assert known.section
    day = known.published_at.date()
    month = Span(since=known.published_at - timedelta(days=30), until=known.published_at)
    title = search_words(known.title or "")
    return {
        "an article by id": partial(archive.get, known.article_id),
        "an article's id by URL": partial(archive.find, f"{known.url}?utm_source=bench"),
        "the revisions of an article": partial(archive.revisions, known.article_id),
        "source": partial(lists.by_source, known.source or ""),
        "source, a month of it": partial(lists.by_source, known.source or "", span=month),
        "day, all sources": partial(lists.by_day, day),
        "the newest of all sources": partial(lists.newest, now=known.published_at),
        "what was added last": lists.added,
        "section": partial(lists.by, "section", known.section),
        "section, a month of it": partial(lists.by, "section", known.section, span=month),
        "tag": partial(lists.by, "tag", known.tags[0]),
        "author": partial(lists.by, "author", known.authors[0].name),
        "nearly the same text": partial(lists.similar, known),
        "changed headlines": partial(lists.by, "change", "headline"),
        "a word of many titles": partial(lists.by_words, title[0]),
        "all words of a title": partial(lists.by_words, known.title or ""),
    }


def fill(stack: EmbeddedStack, articles: Iterable[Article]) -> None:
    """Write articles as the store function leaves them, but many at a time."""
    table = stack.outputs["ArchiveTableName"]
    waiting: list[Any] = []

    def write(count: int) -> None:
        while len(waiting) >= count:
            stack.dynamodb.batch_write_item(RequestItems={table: waiting[:_BATCH]})
            del waiting[:_BATCH]

    for article in articles:
        waiting += [{"PutRequest": {"Item": item}} for item in rows(article)]
        write(_BATCH)
    write(1)


def table(sizes: Sequence[int], found: Mapping[str, Sequence[Read]]) -> Table:
    """Return what was measured: read units for each size, and the rest for the largest."""
    shown = Table(title="What the archive's queries read", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("by")
    units = [f"units of {size:,}" for size in sizes]
    for name in (*units, "headlines", "calls", "ms"):
        shown.add_column(name, justify="right")
    for name, reads in found.items():
        last = reads[-1]
        headlines = "–" if last.headlines is None else str(last.headlines)
        shown.add_row(
            name, *(f"{read.units:g}" for read in reads), headlines, str(last.calls), f"{last.milliseconds:.0f}"
        )
    return shown


def violations(found: Mapping[str, Sequence[Read]]) -> list[str]:
    """Return a line for each query that reads more of a larger archive than of a full page, or too much."""
    lines = []
    for name, reads in found.items():
        # A partial page reads less, so it does not show how the cost grows.
        full = [read for read in reads if read.headlines in {None, 50}] or [reads[-1]]
        if full[-1].units > _NOTICEABLE * full[0].units:
            lines.append(
                f"{name} reads {full[-1].units:g} units of a large archive, and {full[0].units:g} of a small one"
            )
        if full[-1].units > MOST_UNITS:
            lines.append(f"{name} reads {full[-1].units:g} units, and {MOST_UNITS:g} are allowed")
    return lines


def main(
    articles: Annotated[int, typer.Option(min=100, help="How many in the largest archive.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Of what is generated.")] = 1,
) -> None:
    """Measure what the archive's queries read; exit with 1 if one grows with the archive."""
    random = Random(seed)
    sizes = [articles // 10 ** (_SIZES - 1 - step) for step in range(_SIZES)]
    found: dict[str, list[Read]] = {}
    known = generated(0, random)
    written = 0
    with moto_at_scale(), EmbeddedStack(PARAMETERS) as stack:
        lists, meter = DynamoDBLists(stack.dynamodb, stack.outputs["ArchiveTableName"]), Meter(stack.dynamodb)
        for size in sizes:
            numbers = track(range(written, size), f"{size:,} articles", console=errors, transient=True)
            fill(stack, (known if number == 0 else generated(number, random) for number in numbers))
            written = size
            for name, ask in queries(stack.archive, lists, known).items():
                found.setdefault(name, []).append(meter.measure(ask))
    output.print(table(sizes, found))
    broken = violations(found)
    for line in broken:
        errors.print(line)
    raise typer.Exit(bool(broken))


if __name__ == "__main__":
    typer.run(main)
