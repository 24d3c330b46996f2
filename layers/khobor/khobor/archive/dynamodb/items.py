"""The items of the archive table: their keys, and what each holds.

Items of an article share the partition key ``article#<article_id>``:

- ``alias``: under the id of the URL that it was fetched by, where its own address has another: its id.
- ``headline``: what a list shows, the keys of both indexes, the partition keys of its postings, and what its revisions
  tell; of an article that is never to come back only ``forgotten_at``.
- ``seen``: an attribute for each fetch: what readers saw, from which the revisions follow, what read that off its page,
  and the page's key; one for each title that was seen; one for each time that it was gone, which may be known before
  the article is; and while fetches are read again, what was there before (``reread``).
- ``text#<content>``: the whole article, compressed, of each content that readers saw; with ``text#<content>#01`` and on
  where one item cannot hold it. A later fetch replaces it only if its reading differs: if another reader read it, or
  anything but the time, the page and the related links is different. ``by`` stands for the reader.

A posting, under which an article is found, has the partition key ``<kind>#<value>`` and the sort key
``<listed_at>#<article_id>``, and holds what a list shows.

``listed_at`` is UTC, so that items sort by time, followed by the offset of the source's clocks; ``day`` is the day by
these clocks.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from khobor.archive import codec
from khobor.article import Article, RawReference
from khobor.revisions.content_digests import ContentDigests, plain
from khobor.revisions.timeline import FetchRecord, Revision, timeline
from khobor.url import digest

Item = dict[str, Any]
Key = tuple[str, str]

ALIAS = "alias"
HEADLINE = "headline"
SEEN = "seen"
TEXT = "text#"
FORGOTTEN_AT = "forgotten_at"
# Of an item ``seen``: that fetches were read again, until all that follows from it is written.
REREAD = "reread"
# One partition takes 1,000 writes a second; four take all articles of one day at 10,000 a minute, and bulk imports.
DAY_SHARDS = 4
# What a list shows of an article, besides its id and when it is listed.
LISTED = ("source", "title", "url", "section", "language")
# An item may have 400 KB, its names and the other attributes included.
_PART_BYTES = 380_000
# Compression starts out knowing what every article repeats. The file may never change, or what it compressed cannot be
# read any more: another one has another number.
_DICTIONARY = (Path(__file__).parent / "dictionary-1.txt").read_bytes()
_SIGHTING = "at "
_GONE = "gone"
_TITLE = "title "
_LONGEST_TITLE = 500
# Of a headline that a page wrote which was read again: no news.
REPLAYED: Item = {"is_replayed": {"BOOL": True}}
# Readers are few: by chance two of an article have the same name once in 30 million.
_READER = 5
# A fetch that differs is taken for the same once in 30 thousand million.
_DETAILS = 7
_DIGESTS_PARTS = 3
# So long is a time of UTC to the second: 2026-03-01T21:30:00+00:00.
_UTC_TEXT = 25


def pk(article_id: str) -> str:
    """Return the partition key of an article."""
    return f"article#{article_id}"


def article_id_of(item: Mapping[str, Any]) -> str:
    """Return the id of the article that an item is of."""
    article_id: str = item["pk"]["S"].removeprefix(pk(""))
    return article_id


def articles_of(item: Mapping[str, Any]) -> set[str]:
    """Return the ids of the articles that an item tells of: its own, that of a posting, where an alias leads."""
    led_to = {item["article_id"]["S"]} if "article_id" in item else set()
    is_own = item["pk"]["S"].startswith(pk(""))
    return led_to | {article_id_of(item) if is_own else item["sk"]["S"].rpartition("#")[2]}


def key(pk: str, sk: str) -> Item:
    """Return a key as DynamoDB takes it."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def instant(stamp: datetime) -> str:
    """Return a time such that texts sort as times do."""
    return stamp.astimezone(UTC).isoformat(timespec="microseconds")


def listed_at_text(listed_at: datetime) -> str:
    """Return when an article is listed such that texts sort as times do: in UTC, then the offset of its clocks.

    >>> listed_at_text(datetime.fromisoformat("2026-03-02T03:30:00+06:00"))
    '2026-03-01T21:30:00+00:00+06:00'
    """
    offset = offset_text(listed_at)
    return f"{listed_at.astimezone(UTC).isoformat(timespec='seconds')}{offset}"


def offset_text(listed_at: datetime) -> str:
    """Return the offset of an aware time, in whole minutes; empty for UTC."""
    minutes = (listed_at.utcoffset() or timedelta()) // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else ""


def read_listed_at(text: str) -> datetime:
    """Return the time that ``listed_at_text`` wrote, with its offset; a time without one, of older items, is of UTC."""
    return at_offset(datetime.fromisoformat(text[:_UTC_TEXT]), text[_UTC_TEXT:])


def at_offset(stamp: datetime, offset: str) -> datetime:
    """Return a time by the clocks that have an offset, as ``offset_text`` wrote it."""
    if not offset:
        return stamp
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return stamp.astimezone(timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes)))


def version(article: Article) -> str:
    """Return what orders the fetches of an article."""
    # Two fetches in one instant are told apart by what the page says, then by any order that is always the same.
    said = article.modified_at or article.published_at or article.fetched_at
    return "#".join((instant(article.fetched_at), instant(said), _raw_digest(article)))


def listed(article: Article) -> dict[str, str]:
    """Return what a list shows of an article; it is listed by when it was published, else fetched."""
    texts = {
        "source": article.source,
        "title": article.title,
        "url": article.canonical_url or article.url,
        "section": article.section,
        "language": article.language,
        "listed_at": listed_at_text(article.listed_at),
    }
    return {name: text for name, text in texts.items() if text}


def headline_item(article: Article, content: str) -> Item:
    """Return the headline of an article, without what its revisions tell."""
    facts = listed(article)
    shard = zlib.crc32(article.article_id.encode()) % DAY_SHARDS
    facts |= {"day": f"{article.listed_at.date()}#{shard}", "version": version(article), "content": content}
    return key(pk(article.article_id), HEADLINE) | _texts(facts)


def posting_keys(postings: Iterable[Key]) -> Item:
    """Return what a headline tells of the keys of its postings."""
    keys = sorted(pk for pk, _ in postings)
    return {"postings": {"SS": keys}} if keys else {}


def same_fetch(one: str, other: str) -> bool:
    """Whether two versions are of the same fetch of the same page, however it was read."""
    (at, _, raw), (other_at, _, other_raw) = one.split("#"), other.split("#")
    return at == other_at and raw == other_raw


def finds_same(before: Item | None, after: Item) -> bool:
    """Whether two headlines have the same postings."""
    names = (*LISTED, "listed_at", "postings", "content")
    return before is not None and all(before.get(name) == after.get(name) for name in names)


def told(seen: Mapping[str, Any], revisions: Sequence[Revision]) -> Item:
    """Return what a headline tells of an item ``seen`` and of the revisions that follow from it, at least one."""
    last = revisions[-1]
    gone = [name for name in seen if name.endswith(f" {_GONE}")]
    facts = {"gone_at": instant(last.first_seen_at), "gone_reason": seen[max(gone)]["S"]} if last.is_gone else {}
    count = sum(name.startswith(_SIGHTING) for name in seen)
    facts["added_at"] = instant(revisions[0].first_seen_at)
    numbers = {"revisions": {"N": str(len(revisions))}, "sightings": {"N": str(count)}}
    found: Item = numbers | _texts(facts)
    return found | ({"changes": {"SS": sorted(last.changes)}} if last.changes else {})


def sighting_name(article: Article) -> str:
    """Return the name of the attribute for a fetch of an article; parsed again, it is the same."""
    return f"{_SIGHTING}{instant(article.fetched_at)} {_raw_digest(article)}"


def gone_name(at: datetime) -> str:
    """Return the name of the attribute that says that an article was gone at a time."""
    return f"{_SIGHTING}{instant(at)} {_GONE}"


def sighting_value(digests: ContentDigests, article: Article) -> str:
    """Return the value of the attribute for a fetch: its digests, its reading, the version and the key of its page."""
    key, version = (article.raw.key, article.raw.version or "") if article.raw else ("", "")
    return f"{digests.to_text()}|{reading(article)}|{version} {key}"


def reading(article: Article) -> str:
    """Return what stands for the reader of an article, and for all that was read but what is another at each fetch."""
    details = replace(article, article_id="", fetched_at=datetime.min.replace(tzinfo=UTC), raw=None, related=())
    return _reader(article) + digest(codec.encode(details))[:_DETAILS]


def _reader(article: Article) -> str:
    extraction = article.extraction
    return digest((extraction.reader or extraction.version).encode())[:_READER]


def _text_reading(text: Item) -> str | None:
    """Return the reading of a text by its first item; None where there is none, or more than this item."""
    if text.get("parts") != {"N": "1"}:
        return None
    return reading(codec.decode(decompress(text["data"]["B"])))


def title_values(digests: ContentDigests, article: Article) -> dict[str, str]:
    """Return the attribute of an item ``seen`` for a title: by the digest of what readers saw as headline."""
    title = plain(article.title or "")[:_LONGEST_TITLE]
    return {f"{_TITLE}{digests.headline}": title} if title else {}


def titles(seen: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles that an item ``seen`` has, by the digest of what readers saw as headline."""
    return {name.removeprefix(_TITLE): value["S"] for name, value in seen.items() if name.startswith(_TITLE)}


def earlier_titles(seen: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the titles of the revisions of an item ``seen`` that differ from the last one's, the oldest first."""
    known = titles(seen)
    found = [known.get(each.digests.headline) for each in timeline(sightings(seen))]
    return tuple(title for title in dict.fromkeys(found) if title and title != found[-1])


def sightings(item: Mapping[str, Any]) -> Iterator[FetchRecord]:
    """Yield what an item ``seen`` tells."""
    for name, value in item.items():
        if name.startswith(_SIGHTING):
            _, at, what = name.split(" ")
            if what == _GONE:
                yield FetchRecord(at=datetime.fromisoformat(at), digests=None)
                continue
            parts, _ = _value_parts(value)
            seen = ContentDigests.from_text("|".join(parts[:_DIGESTS_PARTS]))
            yield FetchRecord(at=datetime.fromisoformat(at), digests=seen, reader=parts[_DIGESTS_PARTS][:_READER])


def _value_parts(value: Item) -> tuple[list[str], str]:
    """Return the parts of what a sighting holds, and the key of its page; items of earlier versions have fewer."""
    parts, _, key = value["S"].partition(" ")
    return [*parts.split("|"), "", ""], key


def _times(seen: Mapping[str, Any], content: str, without: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the names of the fetches that showed a content by their times, the oldest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(fetches(seen)):
        if name not in without and seen[name]["S"].startswith(content):
            found.setdefault(name.split(" ")[1], []).append(name)
    return found


def _readings(seen: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    return {_value_parts(seen[name])[0][_DIGESTS_PARTS] for name in names}


def keeps_text(seen: Mapping[str, Any], content: str, article: Article, names: Collection[str], text: Item) -> bool:
    """Whether a text stands though an article was fetched that has its content.

    It has to be that of the reading that was fetched last. Whoever makes another reading the last one writes it, or
    the first of those fetches that have it: others who are about to write an older reading can still do so until then.

    Args:
        seen: The item ``seen``, with the fetch.
        content: The content.
        article: The newest fetch of this content that is delivered.
        names: The names of all fetches that are delivered.
        text: The first item of the text, as it was before ``seen`` was written; empty if there was none. A text of
            several items is always written again.
    """
    mine, times = reading(article), _times(seen, content)
    if mine not in _readings(seen, times[max(times)]):
        return True
    if _text_reading(text) != mine:
        return False
    at = instant(article.fetched_at)
    before = [each for time, each in _times(seen, content, names).items() if time < at]
    return text["version"]["S"] >= version(article) or (bool(before) and _readings(seen, before[-1]) == {mine})


def outdated(seen: Mapping[str, Any], content: str, text: Item) -> str | None:
    """Return the version of a text whose fetch does not show this content any more, as it is now read; else None."""
    if not text:
        return None
    at, _, raw = text["version"]["S"].split("#")
    found = seen.get(f"{_SIGHTING}{at} {raw}")
    return None if found and found["S"].startswith(content) else text["version"]["S"]


def as_fetched_last(seen: Mapping[str, Any], content: str, article: Article) -> Article:
    """Return the article of a text with time and page of the last fetch that showed the same."""
    times = _times(seen, content)
    last = max(times, default="")
    if last <= instant(article.fetched_at):
        return article
    name = times[last][-1]
    parts, key = _value_parts(seen[name])
    bucket = article.raw.bucket if article.raw else ""
    raw = RawReference(bucket=bucket, key=key, version=parts[_DIGESTS_PARTS + 1] or None) if key else None
    return replace(article, fetched_at=datetime.fromisoformat(last), raw=raw)


def fetches(item: Mapping[str, Any]) -> dict[str, tuple[datetime, str]]:
    """Return when the fetches were that an item ``seen`` tells of, and the keys of their pages, by attribute."""
    names = [name for name in item if name.startswith(_SIGHTING) and not name.endswith(f" {_GONE}")]
    return {name: (datetime.fromisoformat(name.split(" ")[1]), item[name]["S"].partition(" ")[2]) for name in names}


def with_values(seen: Mapping[str, Any], values: Mapping[str, str]) -> Item:
    """Return an item ``seen`` with attributes added or replaced."""
    return {**seen, **{name: {"S": value} for name, value in values.items()}}


def tells(headline: Mapping[str, Any] | None, seen: Mapping[str, Any]) -> bool:
    """Whether a headline was written from all that an item ``seen`` has, by this version of khobor."""
    count = sum(name.startswith(_SIGHTING) for name in seen)
    return headline is not None and "added_at" in headline and headline["sightings"]["N"] == str(count)


def rereading(seen: Mapping[str, Any], values: Mapping[str, str], postings: Iterable[Key]) -> Item | None:
    """Return what an item ``seen`` keeps while fetches are read again; None where none of them is read otherwise.

    Args:
        seen: The item before.
        values: What their attributes are to be.
        postings: The keys of the postings that are to be written.
    """
    before = {name: seen[name] for name, value in values.items() if seen.get(name, {"S": value}) != {"S": value}}
    keys = [{"S": json.dumps(key)} for key in sorted(postings)]
    return {"M": {"seen": {"M": before}, "postings": {"L": keys}}} if before else None


def pasts(seen: Mapping[str, Any], names: Collection[str]) -> Iterator[Item]:
    """Yield an item ``seen`` as it was when somebody wrote what followed from it, who may have been stopped then.

    Args:
        seen: The item.
        names: Of the attributes that are new.
    """
    past = dict(seen)
    yield _without(past, names)
    for layer in reversed(_layers(seen)):
        past = past | layer["seen"]["M"]
        yield past
        yield _without(past, names)


def postings_of_rereading(seen: Mapping[str, Any]) -> set[Key]:
    """Return the keys of the postings that somebody wrote, or was about to, who read fetches again."""
    found = (json.loads(each["S"]) for layer in _layers(seen) for each in layer["postings"]["L"])
    return {(pk, sk) for pk, sk in found}


def _layers(seen: Mapping[str, Any]) -> list[Item]:
    return [layer["M"] for layer in seen[REREAD]["L"]] if REREAD in seen else []


def _without(item: Item, names: Collection[str]) -> Item:
    return {name: value for name, value in item.items() if name not in names}


def gone(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of an item ``seen`` that say that an article was gone."""
    return {name: value["S"] for name, value in item.items() if name.endswith(f" {_GONE}")}


def raw_keys(item: Mapping[str, Any]) -> set[str]:
    """Return the keys of the pages that an item ``seen`` tells of."""
    return {key for _, key in fetches(item).values()} - {""}


def tombstone(article_id: str, at: datetime, before: Item | None) -> Item:
    """Return what stands for the headline of an article that was forgotten.

    Args:
        article_id: Its id.
        at: When it was forgotten, aware.
        before: The headline, whose postings are still to be deleted; None where nothing is.
    """
    kept = {name: before[name] for name in ("postings", "listed_at") if before and name in before}
    return key(pk(article_id), HEADLINE) | _texts({FORGOTTEN_AT: instant(at)}) | kept


def contents(item: Mapping[str, Any]) -> set[str]:
    """Return the contents that an item ``seen`` tells of."""
    return {sighting.digests.content for sighting in sightings(item) if sighting.digests}


def alias_item(fetched_by: str, article_id: str) -> Item:
    """Return an item that leads from the id of a URL to that of the article."""
    return key(pk(fetched_by), ALIAS) | _texts({"article_id": article_id})


def text_items(article: Article, content: str) -> list[Item]:
    """Return the items of an article's text; the one that tells how many there are, and who read it, comes last."""
    compressed = compress(codec.encode(article))
    parts = [compressed[start : start + _PART_BYTES] for start in range(0, len(compressed), _PART_BYTES)]
    items = [
        key(pk(article.article_id), text_sk(content, number))
        | {"data": {"B": part}, "version": {"S": version(article)}}
        for number, part in enumerate(parts)
    ]
    items[0] |= {"parts": {"N": str(len(parts))}, "by": {"S": _reader(article)}}
    return items[::-1]


def text_sk(content: str, number: int = 0) -> str:
    """Return the sort key of a part of the text of a content."""
    return f"{TEXT}{content}#{number:02}" if number else f"{TEXT}{content}"


def further_parts(first: Mapping[str, Any], content: str) -> list[str]:
    """Return the sort keys of what follows the first part of a text."""
    return [text_sk(content, number) for number in range(1, int(first["parts"]["N"]))]


def joined(items: Mapping[str, Mapping[str, Any]], content: str) -> bytes:
    """Return the encoded article of the items of one content by sort key."""
    first = items[text_sk(content)]
    parts = (items[text_sk(content, number)]["data"]["B"] for number in range(int(first["parts"]["N"])))
    return decompress(b"".join(parts))


def compress(data: bytes) -> bytes:
    """Return an encoded article in fewer bytes."""
    deflater = zlib.compressobj(level=9, wbits=-15, zdict=_DICTIONARY)
    return deflater.compress(data) + deflater.flush()


def decompress(data: bytes) -> bytes:
    """Return what ``compress`` was given."""
    return zlib.decompressobj(wbits=-15, zdict=_DICTIONARY).decompress(data)


def _texts(facts: Mapping[str, str]) -> Item:
    return {name: {"S": text} for name, text in facts.items()}


def _raw_digest(article: Article) -> str:
    raw = f"{article.raw.key}#{article.raw.version}" if article.raw else ""
    return digest(raw.encode())[:8]
