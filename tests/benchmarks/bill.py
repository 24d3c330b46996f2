"""What 100,000 articles cost: calls and item sizes as counted on the embedded stack, times AWS's list prices."""

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.dynamodb_units import WRITE_UNIT_BYTES, item_bytes

from khobor.archive import codec
from khobor.archive.dynamodb.items import ALIAS, HEADLINE, pk
from khobor.archive.dynamodb.lists import BY_DAY, BY_SOURCE
from khobor.article import Article
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.web import serve
from khobor.extract import extract
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import ScanInputPaginateTypeDef

ARTICLES = 100_000

# US dollars, us-east-1, on demand, without free tiers: https://aws.amazon.com/s3/pricing/, /sqs/pricing/,
# /dynamodb/pricing/on-demand/, /lambda/pricing/ (arm64), /eventbridge/pricing/, /cloudwatch/pricing/.
S3_PUT = 5.00e-6
S3_GET = 0.40e-6
SQS_STANDARD = 0.40e-6
SQS_FIFO = 0.50e-6
DYNAMODB_WRITE_UNIT = 0.625e-6
# Of functions that Lambda starts itself: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
DYNAMODB_STREAM_RECORD = 0.0
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 13.3334e-6
# Of 64 KB, which no event of khobor's reaches.
EVENTBRIDGE_EVENT = 1.00e-6
LOGS_GB = 0.50

# SQS counts a message as one request for each of these.
SQS_CHUNK_BYTES = 65_536
# A function has one processor at this memory, and less of one below: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEGABYTES_A_PROCESSOR = 1769
# What Lambda itself writes of an invocation: START, END and REPORT as JSON.
PLATFORM_LOG_BYTES = 900
_PARAMETERS = {"Contact": "mailto:cost@localhost", "AllowLoopback": "true"}
# An article with which the functions start.
_WARM = (
    b"<h1>The functions start</h1><p>What they do once when they start is not counted with what comes afterwards.</p>"
)
# What is counted beside the calls, in bytes.
_LOGGED = "logged"
# A call to S3, SQS or DynamoDB within a region.
CALL_SECONDS = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What cannot be counted here.

    Attributes:
        answer_seconds: How long a site takes to answer.
        hosts: How many hosts a batch of URLs is from, on average: they are fetched from side by side.
        announced: How many articles an invocation of announce is for: it starts five seconds after the first headline,
            on each shard of the stream by itself, and articles come some at a time.
        fill: How full the batches are, from 0 to 1: near 1 when there is much to do.
    """

    answer_seconds: float = 0.4
    hosts: float = 5.0
    announced: float = 2.0
    fill: float = 1.0


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of the bill.

    Attributes:
        name: What is paid for.
        count: How many units one article takes.
        unit: The unit that AWS charges for.
        price: Price of one unit, in US dollars.
    """

    name: str
    count: float
    unit: str
    price: float

    @property
    def dollars(self) -> float:
        """The price for ARTICLES articles."""
        return self.count * self.price * ARTICLES


@dataclass(frozen=True, slots=True)
class Bill:
    """What is paid for.

    Attributes:
        articles: For articles that are found, fetched once, parsed and stored.
        again: For the same number of articles that are looked at again and did not change.
        look: For the same number of looks at a listing that did not change.
        stored: How many articles the pages gave.
    """

    articles: list[BillLine]
    again: list[BillLine]
    look: list[BillLine]
    stored: int


def compute(pages: Sequence[bytes], assumptions: Assumptions) -> Bill:
    """Return the bill for pages like these; those that hold no article are paid for too.

    Args:
        pages: Bodies of pages.
        assumptions: What cannot be counted here.
    """
    counts = _count(pages)
    return Bill(
        articles=_articles(pages, counts, assumptions),
        again=_visits("again", len(pages), counts, assumptions),
        look=_visits("look", 1, counts, assumptions),
        stored=counts.events,
    )


def _articles(pages: Sequence[bytes], counts: "_Counts", assumptions: Assumptions) -> list[BillLine]:
    calls, number = counts.calls["articles"], len(pages)
    fill = _fill(counts, assumptions)
    invocations = sum(1 / batch for batch in fill.values())
    log_bytes = counts.log_bytes / number + invocations * PLATFORM_LOG_BYTES
    crawled = calls["dynamodb.UpdateItem"] + calls["dynamodb.PutItem"] - counts.article_items + counts.index_items
    return [
        BillLine("S3: pages and large articles kept", calls["s3.PutObject"] / number, "PUT", S3_PUT),
        BillLine("S3: pages and large articles read", calls["s3.GetObject"] / number, "GET", S3_GET),
        BillLine("SQS: fetch queue", _fetch_requests(assumptions), "request", SQS_FIFO),
        # Each message is sent once; receiving and deleting go by the batch.
        BillLine("SQS: parse queue", 1 + 2 / fill["ParseFunction"], "request", SQS_STANDARD),
        BillLine("SQS: store queue", counts.chunks / number + 2 / fill["StoreFunction"], "request", SQS_STANDARD),
        BillLine("DynamoDB: crawl table", crawled / number, "write unit", DYNAMODB_WRITE_UNIT),
        *_archived(number, counts),
        BillLine("Lambda: invocations", invocations, "request", LAMBDA_REQUEST),
        BillLine("Lambda: time", _gigabyte_seconds(pages, counts, assumptions), "GB-second", LAMBDA_GB_SECOND),
        BillLine("CloudWatch: logs and metrics", log_bytes / 1e9, "GB", LOGS_GB),
    ]


def _archived(number: int, counts: "_Counts") -> list[BillLine]:
    return [
        BillLine("DynamoDB: archive table", counts.write_units / number, "write unit", DYNAMODB_WRITE_UNIT),
        BillLine("DynamoDB: the archive table's stream", counts.items / number, "record", DYNAMODB_STREAM_RECORD),
        BillLine("EventBridge: what is announced", counts.events / number, "event", EVENTBRIDGE_EVENT),
    ]


def _visits(phase: str, number: int, counts: "_Counts", assumptions: Assumptions) -> list[BillLine]:
    """Return what it takes to ask for something that did not change."""
    calls = counts.calls[phase]
    # An entry of the index that is set anew is deleted and written.
    moved = 2 * number if phase == "again" else 0
    writes = (calls["dynamodb.UpdateItem"] + calls["dynamodb.PutItem"] + moved) / number
    seconds = (
        (calls.total() - calls[_LOGGED]) / number * CALL_SECONDS + assumptions.answer_seconds
    ) / assumptions.hosts
    return [
        BillLine("SQS: fetch queue", _fetch_requests(assumptions), "request", SQS_FIFO),
        BillLine("DynamoDB: crawl table", writes, "write unit", DYNAMODB_WRITE_UNIT),
        BillLine("Lambda: invocations", 1 / assumptions.hosts, "request", LAMBDA_REQUEST),
        BillLine("Lambda: time", seconds * counts.memory["FetchFunction"] / 1024, "GB-second", LAMBDA_GB_SECOND),
    ]


def _fetch_requests(assumptions: Assumptions) -> float:
    # Ten are sent at a time; each invocation receives, deletes, and has what waits for its turn wait.
    return 0.1 + 3 / assumptions.hosts


def _fill(counts: "_Counts", assumptions: Assumptions) -> dict[str, float]:
    """Return how many records an invocation of each function is for: of fetch one of each host."""
    fill = {name: size * assumptions.fill for name, size in counts.batch_sizes.items() if name != "DiscoverFunction"}
    return fill | {"FetchFunction": assumptions.hosts, "AnnounceFunction": assumptions.announced}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What the pages took altogether.

    Attributes:
        calls: Calls to AWS of each phase.
        write_units: Of the archive table and its indexes.
        items: Items of the archive table, each written once.
        article_items: Items of the archive table that are of an article, each written by a call of its own.
        index_items: Items of the crawl table's index.
        events: Events on the event bus.
        chunks: Chunks of messages to the store queue.
        log_bytes: What the functions logged.
        batch_sizes: By function.
        memory: By function, in megabytes.
    """

    calls: Mapping[str, Counter[str]]
    write_units: int
    items: int
    article_items: int
    index_items: int
    events: int
    chunks: int
    log_bytes: int
    batch_sizes: Mapping[str, int]
    memory: Mapping[str, int]


def _count(pages: Sequence[bytes]) -> _Counts:
    phase = Counter[str]()
    paths = {f"/news/{number}": body for number, body in enumerate(pages)}
    with (
        serve(paths | _listings(paths)) as site,
        EmbeddedStack(_PARAMETERS, on_call=lambda call: phase.update([call])) as stack,
    ):
        _add_sources(stack, site)

        def run(name: str) -> Counter[str]:
            phase.clear()
            stack.log.seek(0)
            stack.log.truncate()
            stack.invoke("DiscoverFunction", {"source": name})
            stack.run()
            return Counter(phase) + Counter({_LOGGED: stack.log.tell()})

        # What functions do and say once when they start, and robots.txt, is not what an article costs.
        run("warm")
        before = list(_items(stack))
        warm = next(stack.articles())
        empty = run("empty")
        articles = run("news")
        look = run("empty")
        _make_due(stack, [site + path for path in paths])
        again = run("news")
        calls = {"articles": articles - empty, "look": look, "again": again - look}
        return _counted(stack, before, warm, len(pages), calls)


def _counted(
    stack: EmbeddedStack,
    before: Sequence[Mapping[str, Any]],
    warm: Article,
    pages: int,
    calls: Mapping[str, Counter[str]],
) -> _Counts:
    """Return what was counted.

    Args:
        stack: Where it was.
        before: What stood in the archive table and its indexes before the pages.
        warm: The article that was there before.
        pages: How many pages there were.
        calls: Calls to AWS of each phase.
    """
    items = [item for item in _items(stack) if item not in before]
    own = [item for item in _scan(stack, stack.outputs["ArchiveTableName"]) if item not in before]
    return _Counts(
        calls=calls,
        write_units=sum(map(_write_units, items)),
        items=len(own),
        article_items=sum(map(_is_of_article, own)),
        index_items=pages,
        events=sum(item["sk"]["S"] == HEADLINE for item in own),
        chunks=sum(map(_chunks, stack.articles())) - _chunks(warm),
        log_bytes=calls["articles"][_LOGGED],
        batch_sizes={source.function.name: source.batch_size for source in stack.sources},
        memory={name: function.memory for name, function in stack.functions.items()},
    )


def _chunks(article: Article) -> int:
    return math.ceil(len(codec.encode(article)) / SQS_CHUNK_BYTES)


def _listings(paths: Iterable[str]) -> dict[str, bytes]:
    """Return what is found by the sources that are counted, with a page by which the functions start."""
    listings = {"/warm/feed": _feed(["/warm/page"]), "/empty/feed": _feed(()), "/news/feed": _feed(paths)}
    return listings | {"/warm/page": _WARM}


def _feed(paths: Iterable[str]) -> bytes:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    return f"<rss><channel>{items}</channel></rss>".encode()


def _add_sources(stack: EmbeddedStack, site: str) -> None:
    for name in ("warm", "empty", "news"):
        stack.upload(f"sources/{name}.toml", _source(name, site))


def _source(name: str, site: str) -> bytes:
    return f"""
version = 1
publisher = "Pages to count with"
hosts = ["127.0.0.1/{name}"]
[discovery]
feeds = ["{site}/{name}/feed"]
[fetching]
delay_seconds = 0
""".encode()


def _make_due(stack: EmbeddedStack, urls: Iterable[str]) -> None:
    known = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], days=1)
    now = datetime.now(UTC)
    for url in urls:
        known.change(url, {"next_visit": now}, now)


def _items(stack: EmbeddedStack) -> Iterator[Mapping[str, Any]]:
    """Yield the items of the archive table and of its indexes: each is written, and paid for."""
    table = stack.outputs["ArchiveTableName"]
    yield from _scan(stack, table)
    for index in (BY_SOURCE, BY_DAY):
        yield from _scan(stack, table, index)


def _scan(stack: EmbeddedStack, table: str, index: str | None = None) -> Iterator[Mapping[str, Any]]:
    where: ScanInputPaginateTypeDef = {"TableName": table}
    if index:
        where["IndexName"] = index
    for answer in stack.dynamodb.get_paginator("scan").paginate(**where):
        # Pages of other sites, served from here, have an alias that they have not at home.
        yield from (item for item in answer["Items"] if item["sk"] != {"S": ALIAS})


def _is_of_article(item: Mapping[str, Any]) -> bool:
    is_of_article: bool = item["pk"]["S"].startswith(pk(""))
    return is_of_article


def _write_units(item: Mapping[str, Any]) -> int:
    return math.ceil(item_bytes(item) / WRITE_UNIT_BYTES)


def _gigabyte_seconds(pages: Sequence[bytes], counts: _Counts, assumptions: Assumptions) -> float:
    """Return what an article takes of Lambda: waiting for the site and for AWS, and computing."""
    start = time.process_time()
    for body in pages:
        extract(body, None)
    parsing = (time.process_time() - start) / len(pages)
    own_calls = {
        # To discover an article: the look whether it is known, to keep and to send it.
        "DiscoverFunction": 1.2,
        # Its turn taken and ended, the page and what is known of it kept.
        "FetchFunction": 4.0,
        "ParseFunction": 2.0,
        "AnnounceFunction": 1 / assumptions.announced,
        # One call reads the existing postings, and one writes the new ones.
        "StoreFunction": 2 + counts.article_items / len(pages),
    }
    seconds = {name: number * CALL_SECONDS for name, number in own_calls.items()}
    seconds["FetchFunction"] = (seconds["FetchFunction"] + assumptions.answer_seconds) / assumptions.hosts
    seconds["ParseFunction"] += parsing * MEGABYTES_A_PROCESSOR / counts.memory["ParseFunction"]
    return sum(seconds[name] * counts.memory[name] / 1024 for name in seconds)
