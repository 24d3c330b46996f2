"""The history item of an article: a record of each fetch, from which its revisions follow.

Its attributes:

- ``at <time> <page>``: one for each fetch. Its value holds the content digests, a digest of the extractor and of every
  detail that it extracted, and version and key of the page.
- ``at <time> gone``: one for each time that the site answered that it had removed the article; it may come before the
  article does. Its value is the reason.
- ``title <digest>``: each title that readers saw, by its digest.
- ``was <id>``: each other id that the article had, before it moved.
- ``to <id> <content>``: a page that was requested by a URL of this article, and says that it has moved to that one.
  Both are one as soon as their pages agree (``moves.py``).
- ``reread``: while pages are parsed again, the records before that. See ``reparsing.py``.

Records never depend on the order in which they are added. When a page is parsed again, its record is replaced.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from khobor.archive.dynamodb.items import Item
from khobor.archive.dynamodb.texts import article_in
from khobor.archive.fetch_digests import EXTRACTOR_DIGEST, extraction_digest, shown_title, version
from khobor.archive.interface import GoneMark, fetch_id
from khobor.archive.times import instant
from khobor.article import Article, RawReference
from khobor.revisions.content_digests import ContentDigests, content_digests
from khobor.revisions.timeline import FetchRecord, timeline

_FETCH = "at "
_GONE = "gone"
_TITLE = "title "
_WAS = "was "
_CLAIM = "to "
_DIGEST_PARTS = 3


def record_name(article: Article) -> str:
    """Return the name of a fetch's record. It stays the same when the page is parsed again."""
    return f"{_FETCH}{fetch_id(article)}"


def record_value(digests: ContentDigests, article: Article) -> str:
    """Return the value of a fetch's record.

    Args:
        digests: The content digests of the article.
        article: The fetch.
    """
    key, raw_version = (article.raw.key, article.raw.version or "") if article.raw else ("", "")
    return f"{digests.to_text()}|{extraction_digest(article)}|{raw_version} {key}"


def gone_name(at: datetime) -> str:
    """Return the name of the record that an article was gone at a time."""
    return f"{_FETCH}{instant(at)} {_GONE}"


def gone_records(history: Mapping[str, Any]) -> dict[str, str]:
    """Return the records that an article was gone, with their reasons."""
    return {name: value["S"] for name, value in history.items() if name.endswith(f" {_GONE}")}


def gone_marks(article_id: str, history: Mapping[str, Any]) -> Iterator[GoneMark]:
    """Yield the marks of an article that it was gone.

    Args:
        article_id: The article's id.
        history: Its history item.
    """
    for name, reason in gone_records(history).items():
        yield GoneMark(article_id=article_id, at=datetime.fromisoformat(name.split(" ")[1]), reason=reason)


def title_record(digests: ContentDigests, article: Article) -> dict[str, str]:
    """Return the record of an article's title, by the digest of its headline; empty if it has no title.

    Args:
        digests: The content digests of the article.
        article: The article.
    """
    title = shown_title(article)
    return {f"{_TITLE}{digests.headline}": title} if title else {}


def titles(history: Mapping[str, Any]) -> dict[str, str]:
    """Return the recorded titles, by the digests of their headlines."""
    return {name.removeprefix(_TITLE): value["S"] for name, value in history.items() if name.startswith(_TITLE)}


def earlier_titles(history: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the titles of all revisions that differ from the last one's, the oldest first."""
    known = titles(history)
    by_revision = [known.get(each.digests.headline) for each in timeline(records(history))]
    return tuple(title for title in dict.fromkeys(by_revision) if title and title != by_revision[-1])


def former_ids(history: Mapping[str, Any]) -> frozenset[str]:
    """Return the other ids that the article had."""
    return frozenset(name.removeprefix(_WAS) for name in history if name.startswith(_WAS))


def former_id_record(article_id: str) -> dict[str, str]:
    """Return the record of another id that the article had."""
    return {f"{_WAS}{article_id}": "-"}


def claims(history: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the ids of articles to which pages say that this one has moved, each with the content of the page."""
    names = sorted(name for name in history if name.startswith(_CLAIM))
    return [(name.split(" ")[1], name.split(" ")[2]) for name in names]


def claim_record(article_id: str, content: str) -> dict[str, str]:
    """Return the record of a page that says that this article has moved.

    Args:
        article_id: The id of the page's own URL.
        content: The digest of what readers see of it.
    """
    return {f"{_CLAIM}{article_id} {content}": "-"}


def all_records(history: Mapping[str, Any]) -> dict[str, str]:
    """Return everything that the history item says, by name."""
    return {name: value["S"] for name, value in history.items() if name not in {"pk", "sk"} and "S" in value}


def last_contents(history: Mapping[str, Any], most: int) -> list[str]:
    """Return the contents that readers saw last, as digests.

    Args:
        history: The history item.
        most: The number of contents at most.
    """
    digests = (record.digests for record in sorted(records(history), key=lambda each: each.at, reverse=True))
    return list(dict.fromkeys(each.content for each in digests if each))[:most]


def records(history: Mapping[str, Any]) -> Iterator[FetchRecord]:
    """Yield the fetches, and the times that the article was gone, in the form that ``timeline`` takes."""
    for name, value in history.items():
        if name.startswith(_FETCH):
            _, at, what = name.split(" ")
            if what == _GONE:
                yield FetchRecord(at=datetime.fromisoformat(at), digests=None)
                continue
            parts, _ = _value_parts(value)
            digests = ContentDigests.from_text("|".join(parts[:_DIGEST_PARTS]))
            yield FetchRecord(
                at=datetime.fromisoformat(at), digests=digests, reader=parts[_DIGEST_PARTS][:EXTRACTOR_DIGEST]
            )


def count(history: Mapping[str, Any]) -> int:
    """Return the number of records of fetches and of times that the article was gone."""
    return sum(name.startswith(_FETCH) for name in history)


def contents(history: Mapping[str, Any]) -> set[str]:
    """Return the contents that readers saw, as digests."""
    return {record.digests.content for record in records(history) if record.digests}


def fetches(history: Mapping[str, Any]) -> dict[str, tuple[datetime, str]]:
    """Return the time of each fetch and the key of its page, by the name of its record."""
    names = [name for name in history if name.startswith(_FETCH) and not name.endswith(f" {_GONE}")]
    return {name: (datetime.fromisoformat(name.split(" ")[1]), history[name]["S"].partition(" ")[2]) for name in names}


def pages_by_fetch(history: Mapping[str, Any]) -> dict[str, tuple[datetime, str]]:
    """Return the time of each fetch and the key of its page, by its ``fetch_id``."""
    return {name.removeprefix(_FETCH): page for name, page in fetches(history).items()}


def raw_keys(history: Mapping[str, Any]) -> set[str]:
    """Return the keys of all pages of the article."""
    return {key for _, key in fetches(history).values()} - {""}


def with_records(history: Mapping[str, Any], values: Mapping[str, str]) -> Item:
    """Return a history item with records added or replaced.

    Args:
        history: The item.
        values: The records by name.
    """
    return {**history, **{name: {"S": value} for name, value in values.items()}}


def with_readings(history: Mapping[str, Any], readings: Iterable[Article]) -> Item:
    """Return a history item with the records of some fetches added, or replaced if their pages were parsed before.

    Args:
        history: The item.
        readings: The fetches.
    """
    values: dict[str, str] = {}
    for each in readings:
        digests = content_digests(each)
        values |= {record_name(each): record_value(digests, each)} | title_record(digests, each)
    return with_records(history, values)


def keeps_text(history: Mapping[str, Any], content: str, article: Article, names: Collection[str], text: Item) -> bool:
    """Return whether a stored text stays although a fetch with the same content is being written.

    The text must be that of the last fetch that has this content. The delivery that makes another extraction the last
    one writes the text; so does the first of several that have the same extraction, because others that are about to
    write an older extraction may still do so until then.

    Args:
        history: The history item, including the fetch.
        content: The content.
        article: The newest fetch with this content in the delivery.
        names: The names of the records of all fetches in the delivery.
        text: The first item of the stored text before the history item was written; empty if there was none. A text of
            several items is always written again.
    """
    mine, times = extraction_digest(article), _names_by_time(history, content)
    if mine not in _extractions(history, times[max(times)]):
        return True
    stored = article_in(text)
    if stored is None or extraction_digest(stored) != mine:
        return False
    at = instant(article.fetched_at)
    before = [each for time, each in _names_by_time(history, content, names).items() if time < at]
    is_newer = bool(text["version"]["S"] >= version(article))
    return is_newer or (bool(before) and _extractions(history, before[-1]) == {mine})


def outdated(history: Mapping[str, Any], content: str, text: Item) -> str | None:
    """Return the version of a stored text if its page, as it is parsed now, does not have this content any more.

    Args:
        history: The history item.
        content: The content under which the text is stored.
        text: The first item of the text; empty if there is none.
    """
    if not text:
        return None
    at, _, raw = text["version"]["S"].split("#")
    record = history.get(f"{_FETCH}{at} {raw}")
    return None if record and record["S"].startswith(content) else text["version"]["S"]


def as_fetched_last(history: Mapping[str, Any], content: str, article: Article) -> Article:
    """Return a stored article with time and page of the last fetch that had the same content.

    Args:
        history: The history item.
        content: The content.
        article: The article of the text that is stored for it.
    """
    times = _names_by_time(history, content)
    # The stored text may be of a later fetch whose page, as it is parsed now, has another content.
    last = max(times, default=instant(article.fetched_at))
    if last == instant(article.fetched_at):
        return article
    name = times[last][-1]
    parts, key = _value_parts(history[name])
    bucket = article.raw.bucket if article.raw else None
    raw = RawReference(bucket=bucket, key=key, version=parts[_DIGEST_PARTS + 1] or None) if key else None
    return replace(article, fetched_at=datetime.fromisoformat(last), raw=raw)


def _value_parts(value: Item) -> tuple[list[str], str]:
    """Return the parts of a record's value, and the key of the page. Items of earlier versions have fewer parts."""
    parts, _, key = value["S"].partition(" ")
    return [*parts.split("|"), "", ""], key


def _names_by_time(history: Mapping[str, Any], content: str, without: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the names of the fetches that had a content, by their times, the oldest first."""
    names: dict[str, list[str]] = {}
    for name in sorted(fetches(history)):
        if name not in without and history[name]["S"].startswith(content):
            names.setdefault(name.split(" ")[1], []).append(name)
    return names


def _extractions(history: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    return {_value_parts(history[name])[0][_DIGEST_PARTS] for name in names}
