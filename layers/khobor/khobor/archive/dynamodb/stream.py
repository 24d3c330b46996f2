"""Reads records of the archive table's stream.

A record has the key of an item and its images before and after a write:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from khobor.archive.changes import FetchKey, HeadlineChange, HeadlineState, TextChange, TextState
from khobor.archive.dynamodb.items import (
    FORGOTTEN_AT,
    HEADLINE,
    MOVED_FROM,
    MOVED_TO,
    REPLAYED,
    TEXT,
    article_id_of,
)
from khobor.archive.headlines import LISTED
from khobor.archive.times import read_listed_at
from khobor.errors import PermanentError

Record: TypeAlias = Mapping[str, Any]
Image: TypeAlias = Mapping[str, Any]
# What reading an item that khobor did not write raises.
_MISREAD = (AttributeError, KeyError, OverflowError, TypeError, ValueError)


def read_headline_change(record: Record) -> HeadlineChange | None:
    """Return the change of a headline; None for other items, and if the article was forgotten or has another id now.

    Raises:
        PermanentError: ``not_a_headline`` for a record without the attributes of a headline.
    """
    try:
        change = record["dynamodb"]
        return _headline_change(change) if change["Keys"]["sk"]["S"] == HEADLINE else None
    except _MISREAD as error:
        raise _misread("not_a_headline", record, error) from error


def read_change(record: Record) -> HeadlineChange | TextChange | None:
    """Return the change of a headline or a text; None for other changes, and if the article was forgotten.

    Raises:
        PermanentError: ``not_an_item`` for a record without the attributes of an item of the archive table.
    """
    try:
        change = record["dynamodb"]
        sk = change["Keys"]["sk"]["S"]
        if sk == HEADLINE:
            return _headline_change(change)
        return _text_change(change) if sk.startswith(TEXT) else None
    except _MISREAD as error:
        raise _misread("not_an_item", record, error) from error


def record_article_id(record: Record) -> str:
    """Return the id of the article whose item a record is about.

    Raises:
        PermanentError: ``not_an_item`` for a record without the key of an item.
    """
    try:
        return article_id_of(record["dynamodb"]["Keys"])
    except _MISREAD as error:
        raise _misread("not_an_item", record, error) from error


def without_images(record: Record) -> dict[str, Any]:
    """Return a record without the images of its item, which may be larger than a message."""
    change = {name: value for name, value in record["dynamodb"].items() if name not in {"NewImage", "OldImage"}}
    return {**record, "dynamodb": change}


def _headline_change(change: Mapping[str, Any]) -> HeadlineChange | None:
    old, new = change.get("OldImage"), change.get("NewImage")
    if new is None or FORGOTTEN_AT in new or MOVED_TO in new:
        return None
    return HeadlineChange(
        article_id=article_id_of(change["Keys"]),
        before=None if old is None or FORGOTTEN_AT in old else _headline(old),
        after=_headline(new),
        is_replayed=REPLAYED.keys() <= new.keys(),
        moved_from=_string(new, MOVED_FROM) if MOVED_FROM in new else None,
    )


def _headline(image: Image) -> HeadlineState:
    is_gone = "gone_at" in image
    return HeadlineState(
        fetch=_fetch(image),
        content=_string(image, "content"),
        revisions=int(image["revisions"]["N"]),
        changes=frozenset(map(_checked, image.get("changes", {}).get("SS", ()))),
        listed_at=read_listed_at(_string(image, "listed_at")),
        gone_at=_string(image, "gone_at") if is_gone else None,
        gone_reason=_string(image, "gone_reason") if is_gone else None,
        texts={name: _string(image, name) for name in LISTED if name in image},
    )


def _text_change(change: Mapping[str, Any]) -> TextChange | None:
    old, new = change.get("OldImage"), change.get("NewImage")
    if old is None or new is None:
        return None
    return TextChange(article_id=article_id_of(change["Keys"]), before=_text(old), after=_text(new))


def _text(image: Image) -> TextState:
    return TextState(fetch=_fetch(image), extractor=_string(image, "by") if "by" in image else None)


def _fetch(image: Image) -> FetchKey:
    fetched_at, _, raw_digest = _string(image, "version").split("#")
    return FetchKey(fetched_at, raw_digest)


def _string(image: Image, name: str) -> str:
    return _checked(image[name]["S"])


def _checked(value: object) -> str:
    # A record that was sent by hand may hold anything.
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.100} is not a string")
    return value


def _misread(reason: str, record: object, error: Exception) -> PermanentError:
    # Name the item, but do not quote its content.
    change = record.get("dynamodb") if isinstance(record, Mapping) else None
    keys = change.get("Keys") if isinstance(change, dict) else None
    return PermanentError(reason, f"{error!r} in a record of the stream about {keys}")
