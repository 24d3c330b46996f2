"""The final state of a stack, without what a fault may change: mostly times."""

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from tests.faults.days import Days

from khobor.archive.compression import decompress
from khobor.archive.dynamodb import items
from khobor.archive.dynamodb.reparsing import REREAD
from khobor.aws.s3_events import uploads
from khobor.dead_letters.messages import count
from khobor.embedded.stack import DeadLetter, EmbeddedStack
from khobor.errors import PermanentError
from khobor.keys import HAND_OVER
from khobor.url import digest

# A retry happens later, so these differ: times, as the tables and the keys of the raw bucket spell them.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}(\+00:00|Z)|\d{4}-\d\d-\d\d/\d{6}\.\d{6}Z")
# A message or an object that is sent again is another one.
OTHER_NAMES = frozenset({"version", "versionId", "fetched_at"})

FinalState = dict[str, Any]
_versions: dict[tuple[str, str], Any] = {}


def final_state(days: Days) -> FinalState:
    """Return the final state, in parts that can be compared one by one."""
    stack = days.stack
    announced = days.bus.take()
    return {
        "archive": archive(stack),
        "crawl": crawl(stack),
        "bucket": bucket(stack),
        "dead letters": sorted({dead_letter(each) for each in stack.dead_letters()}),
        "queues": waiting(stack),
        "events": events(announced),
        "answers": {question: timeless(json.loads(answer)) for question, answer in days.answers.items()},
    }


def timeless(value: Any) -> Any:
    """Return a JSON value without times and without the names of objects."""
    match value:
        case str():
            return INSTANT.sub("…", value)
        case Mapping():
            return {timeless(name): timeless(part) for name, part in value.items() if name not in OTHER_NAMES}
        case list():
            return [timeless(part) for part in value]
    return value


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def archive(stack: EmbeddedStack) -> list[Any]:
    found = []
    for item in scan(stack, "ArchiveTableName"):
        kind = item["sk"]["S"]
        facts = {name: value for name, value in item.items() if name not in {"pk", "sk"}}
        if kind == items.HISTORY:
            facts = {"seen": seen(facts), "reread": facts.get(REREAD)}
        elif kind.startswith(items.TEXT):
            facts = {"text": json.loads(decompress(facts["data"]["B"]))}
        # A page that is fetched twice is seen twice.
        facts.pop("sightings", None)
        found.append(timeless([item["pk"]["S"], kind, facts]))
    return sorted(found, key=as_text)


def seen(facts: Mapping[str, Any]) -> list[str]:
    """Return what was seen one after the other; that a page was seen again as it was is nothing."""
    in_order = [facts[name]["S"].partition(" ")[0] for name in sorted(facts) if name.startswith("at ")]
    # Last comes the version of the page's object.
    return [text for text, _ in groupby(text.rpartition("|")[0] or text for text in in_order)]


def crawl(stack: EmbeddedStack) -> list[Any]:
    """Return the crawl table: of times only whether there is one."""
    found = []
    for item in scan(stack, "CrawlTableName"):
        facts: dict[str, Any] = {name: "…" if "N" in value else value for name, value in item.items()}
        if "state" in facts:
            facts["state"] = host_state(facts["state"]["B"])
        if "robots" in facts:
            facts["robots"] = "…"
        found.append(facts)
    return sorted(found, key=as_text)


def host_state(state: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(state).items() if name != "next_at"}


def bucket(stack: EmbeddedStack) -> list[Any]:
    """Return the objects; a page that is fetched twice is there twice."""
    pages = stack.s3.get_paginator("list_object_versions").paginate(Bucket=stack.outputs["RawBucketName"])
    latest = [item for page in pages for item in page.get("Versions", []) if item["IsLatest"]]
    found = [version(stack, item["Key"], item["VersionId"]) for item in latest]
    return sorted({json.dumps(one): one for one in found}.values(), key=as_text)


def version(stack: EmbeddedStack, key: str, version_id: str) -> Any:
    """Return a version of an object. It never changes, so copies of this process need not read it again."""
    if (key, version_id) not in _versions:
        answer = stack.s3.get_object(Bucket=stack.outputs["RawBucketName"], Key=key, VersionId=version_id)
        body = answer["Body"].read()
        if key.startswith(HAND_OVER):
            # The key is a digest of the article, which has the time of its fetch.
            shown, text = key.rpartition("/")[0], timeless(json.loads(gzip.decompress(body)))
        else:
            shown, text = key, digest(content(body))
        _versions[key, version_id] = timeless([shown, text, answer["Metadata"], answer["ContentType"]])
    return _versions[key, version_id]


def content(body: bytes) -> bytes:
    """Return a page without the header of its compression, which says when it was fetched."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def dead_letter(dead: DeadLetter) -> str:
    """Return a dead-letter message: its queue, its reason, and what it is about."""
    return json.dumps([dead.queue, dead.reason, timeless(subject(dead.body))])


def subject(body: str) -> Any:
    """Return what a message is of."""
    try:
        message = json.loads(body)
    except ValueError:
        return body
    if "dynamodb" in message:
        return message["dynamodb"]["Keys"]
    if "url" in message:
        return {name: value for name, value in message.items() if name not in {"visit", "found"}}
    try:
        return [upload.key for upload in uploads(message)]
    except PermanentError:
        return message


def waiting(stack: EmbeddedStack) -> dict[str, int]:
    """Return how many messages each queue has; the dead-letter queues are read already."""
    urls = stack.sqs.list_queues()["QueueUrls"]
    counts = {url.rpartition("/")[2]: count(stack.sqs, url) for url in urls}
    return {name: number for name, number in counts.items() if number}


def events(taken: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return what was announced; an event that comes twice has the same id."""
    by_id = {event["detail"]["event_id"]: event for event in taken}
    found = [[event["detail-type"], {**event["detail"], "event_id": "…"}] for event in by_id.values()]
    return sorted((timeless(each) for each in found), key=as_text)


def scan(stack: EmbeddedStack, table: str) -> list[Any]:
    pages = stack.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs[table])
    return [item for page in pages for item in page["Items"]]


def difference(expected: FinalState, found: FinalState) -> list[str]:
    """Return what is missing and what is too much, part by part."""
    lines = []
    for part, before in expected.items():
        wanted, there = rows(before), rows(found[part])
        lines += [f"{part}: missing {row}" for row in wanted if row not in there]
        lines += [
            f"{part}: too much {row}" for row in there if row not in wanted or there.count(row) > wanted.count(row)
        ]
    return lines


def rows(part: Any) -> list[str]:
    entries = part.items() if isinstance(part, Mapping) else part
    return [as_text(entry) for entry in entries]
