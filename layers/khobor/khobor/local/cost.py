"""What 100,000 articles cost: calls and item sizes as counted on the embedded stack, times AWS's list prices."""

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from khobor.aws import codec
from khobor.aws.archive import BY_DAY, BY_SOURCE
from khobor.extract import extract
from khobor.local.stack import EmbeddedStack
from khobor.local.web import serve

ARTICLES = 100_000

# US dollars, us-east-1, on demand, without free tiers: https://aws.amazon.com/s3/pricing/, /sqs/pricing/,
# /dynamodb/pricing/on-demand/, /lambda/pricing/ (arm64), /cloudwatch/pricing/.
S3_PUT = 5.00e-6
S3_GET = 0.40e-6
SQS_STANDARD = 0.40e-6
SQS_FIFO = 0.50e-6
DYNAMODB_WRITE_UNIT = 0.625e-6
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 13.3334e-6
LOGS_GB = 0.50

WRITE_UNIT_BYTES = 1024
# SQS counts a message as one request for each of these.
SQS_CHUNK_BYTES = 65_536
# A function has one processor at this memory, and less of one below: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEGABYTES_A_PROCESSOR = 1769
# What Lambda itself writes of an invocation: START, END and REPORT as JSON.
PLATFORM_LOG_BYTES = 900
# A call to S3, SQS or DynamoDB within a region.
CALL_SECONDS = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What cannot be counted here.

    Attributes:
        answer_seconds: How long a site takes to answer.
        hosts: How many hosts a batch of URLs is from, on average: they are fetched from side by side.
        fill: How full the batches are, from 0 to 1: near 1 when there is much to do.
    """

    answer_seconds: float = 0.4
    hosts: float = 5.0
    fill: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill.

    Attributes:
        name: What is paid for.
        count: How many of its unit an article takes.
        unit: What is counted.
        price: Of one unit, in US dollars.
    """

    name: str
    count: float
    unit: str
    price: float

    @property
    def dollars(self) -> float:
        """For all articles."""
        return self.count * self.price * ARTICLES


def compute(pages: Sequence[bytes], assumptions: Assumptions) -> list[Line]:
    """Return the bill for pages like these; those that hold no article are paid for too.

    Args:
        pages: Bodies of pages.
        assumptions: What cannot be counted here.
    """
    counts = _count(pages)
    fill = {name: size * assumptions.fill for name, size in counts.batch_sizes.items()}
    invocations = sum(1 / batch for batch in fill.values())
    log_bytes = counts.log_bytes / len(pages) + invocations * PLATFORM_LOG_BYTES
    return [
        Line("S3: pages and large articles kept", counts.calls["s3.PutObject"] / len(pages), "PUT", S3_PUT),
        Line("S3: pages and large articles read", counts.calls["s3.GetObject"] / len(pages), "GET", S3_GET),
        # Each message is sent once; receiving and deleting go by the batch.
        Line("SQS: fetch queue", 1 + 2 / fill["FetchFunction"], "request", SQS_FIFO),
        Line("SQS: parse queue", 1 + 2 / fill["ParseFunction"], "request", SQS_STANDARD),
        Line("SQS: store queue", counts.chunks / len(pages) + 2 / fill["StoreFunction"], "request", SQS_STANDARD),
        Line("DynamoDB: table and indexes", counts.write_units / len(pages), "write unit", DYNAMODB_WRITE_UNIT),
        Line("Lambda: invocations", invocations, "request", LAMBDA_REQUEST),
        Line("Lambda: time", _gigabyte_seconds(pages, counts, assumptions), "GB-second", LAMBDA_GB_SECOND),
        Line("CloudWatch: logs and metrics", log_bytes / 1e9, "GB", LOGS_GB),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What the pages took altogether."""

    calls: Counter[str]
    write_units: int
    chunks: int
    log_bytes: int
    batch_sizes: Mapping[str, int]
    memory: Mapping[str, int]


def _count(pages: Sequence[bytes]) -> _Counts:
    calls = Counter[str]()
    parameters = {"Contact": "mailto:cost@localhost", "AllowLoopback": "true"}
    paths = {f"/news/{number}": body for number, body in enumerate(pages)}
    with serve(paths) as site, EmbeddedStack(parameters, on_call=lambda call: calls.update([call])) as stack:
        # What the functions say once when they start is not what an article costs.
        stack.run()
        stack.log.seek(0)
        stack.log.truncate()
        calls.clear()
        for path in paths:
            stack.invoke("FetchFunction", {"url": site + path})
        stack.run()
        stack.log.seek(0)
        return _Counts(
            calls=calls,
            write_units=sum(map(_write_units, _items(stack))),
            chunks=sum(math.ceil(len(codec.encode(article)) / SQS_CHUNK_BYTES) for article in stack.articles()),
            log_bytes=len(stack.log.read().encode()),
            batch_sizes={source.function.name: source.batch_size for source in stack.sources},
            memory={name: function.memory for name, function in stack.functions.items()},
        )


def _items(stack: EmbeddedStack) -> Iterator[Mapping[str, Any]]:
    """Yield the items of the table and of its indexes: each is written, and paid for."""
    scan = stack.dynamodb.get_paginator("scan")
    table = stack.outputs["ArchiveTableName"]
    for answer in scan.paginate(TableName=table):
        yield from answer["Items"]
    for index in (BY_SOURCE, BY_DAY):
        for answer in scan.paginate(TableName=table, IndexName=index):
            yield from answer["Items"]


def _write_units(item: Mapping[str, Any]) -> int:
    return math.ceil(sum(len(name) + _size(value) for name, value in item.items()) / WRITE_UNIT_BYTES)


def _size(value: Mapping[str, Any]) -> int:
    """Return the bytes of an attribute's value; every kind that the archive has is text, binary or a number."""
    (content,) = value.values()
    return len(content if isinstance(content, bytes) else str(content).encode())


def _gigabyte_seconds(pages: Sequence[bytes], counts: _Counts, assumptions: Assumptions) -> float:
    """Return what an article takes of Lambda: waiting for the site and for AWS, and computing."""
    start = time.process_time()
    for body in pages:
        extract(body, None)
    parsing = (time.process_time() - start) / len(pages)
    own_calls = {
        "FetchFunction": 1.0,
        "ParseFunction": 2.0,
        "StoreFunction": counts.calls["dynamodb.PutItem"] / len(pages),
    }
    seconds = {name: number * CALL_SECONDS for name, number in own_calls.items()}
    seconds["FetchFunction"] = (seconds["FetchFunction"] + assumptions.answer_seconds) / assumptions.hosts
    seconds["ParseFunction"] += parsing * MEGABYTES_A_PROCESSOR / counts.memory["ParseFunction"]
    return sum(seconds[name] * counts.memory[name] / 1024 for name in seconds)
