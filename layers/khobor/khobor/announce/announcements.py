"""Derives events about articles from the stream of the archive table.

A stream record has the old and the new image of an item; an event follows from the two images of a headline. Events may
be delivered twice and out of order: ``event_id`` identifies an event, and ``seen_at`` orders the events of an article.
Their schemas are in ``events/schemas``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from khobor.archive.dynamodb.items import FORGOTTEN_AT, HEADLINE, LISTED, REPLAYED, article_id_of
from khobor.archive.times import read_listed_at
from khobor.errors import PermanentError
from khobor.url import digest

Image = Mapping[str, Any]
Kind = Literal["ArticleStored", "ArticleRevised", "ArticleGone"]

# Increased if a field is removed or changes its meaning; new fields do not change it.
SCHEMA_VERSION: Final = 1
# Limits on texts and URLs, which keep an event far below the largest that EventBridge accepts.
LONGEST_TEXT = 1000
LONGEST_URL = 8192


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The detail of an event.

    Attributes:
        event_id: The id of the event, the same for each delivery.
        schema_version: The version of this schema.
        article_id: The article's id.
        revision: The number of its newest revision; numbers may be skipped.
        seen_at: When this state was seen, in RFC 3339 format.
        listed_at: When the article was published, or fetched if unknown, with the UTC offset of its source.
        url: Its URL.
        source: The name of its source.
        title: Its headline.
        language: Its BCP 47 tag.
        section: Its section, as the page states it.
        changes: What changed in a revised article, in the words of ``khobor.revisions``.
        reason: Why an article is gone, as a slug such as ``http_410``.
    """

    event_id: str
    schema_version: int
    article_id: str
    revision: int
    seen_at: str
    listed_at: str
    url: str | None = None
    source: str | None = None
    title: str | None = None
    language: str | None = None
    section: str | None = None
    changes: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event: its kind, which is EventBridge's detail type, and its detail."""

    kind: Kind
    detail: Detail


def announcement(record: Mapping[str, Any]) -> Announcement | None:
    """Return the event that a record of the archive table's stream announces; None if nothing changed for readers.

    Raises:
        PermanentError: ``not_a_headline`` for a record without the attributes of a headline.
    """
    try:
        change = record["dynamodb"]
        new, old = change.get("NewImage"), change.get("OldImage")
        if change["Keys"]["sk"]["S"] != HEADLINE or new is None or FORGOTTEN_AT in new or REPLAYED.keys() <= new.keys():
            return None
        kind = _kind(None if old is None or FORGOTTEN_AT in old else old, new)
        return kind and Announcement(kind, _detail(kind, old or {}, new))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Name the item, but do not quote its content.
        keys = record["dynamodb"].get("Keys") if isinstance(record.get("dynamodb"), dict) else None
        raise PermanentError("not_a_headline", f"{error!r} in a record of the stream about {keys}") from error


def _kind(old: Image | None, new: Image) -> Kind | None:
    if old is None:
        return "ArticleStored"
    if _is_gone(new):
        return None if _is_gone(old) else "ArticleGone"
    return "ArticleRevised" if _is_gone(old) or _is_revised(old, new) else None


def _is_gone(image: Image) -> bool:
    return "gone_at" in image


def _is_revised(old: Image, new: Image) -> bool:
    # A page that is parsed again may give another text, and a late fetch an older revision: neither changes what
    # readers see now.
    is_other = old["content"] != new["content"] and _fetch(old) != _fetch(new)
    return is_other and int(new["revisions"]["N"]) > int(old["revisions"]["N"])


def _fetch(image: Image) -> tuple[str, str]:
    """Return what identifies a fetch, however its page is read."""
    fetched_at, _, raw = image["version"]["S"].split("#")
    return fetched_at, raw


def _detail(kind: Kind, old: Image, new: Image) -> Detail:
    article_id, revision = article_id_of(new), int(new["revisions"]["N"])
    seen_at = new["gone_at"]["S"] if kind == "ArticleGone" else _fetch(new)[0]
    return Detail(
        # Include the time: parsing pages again may reuse revision numbers.
        event_id=digest(f"{kind} {article_id} {revision} {seen_at}".encode()),
        schema_version=SCHEMA_VERSION,
        article_id=article_id,
        revision=revision,
        seen_at=seen_at,
        listed_at=read_listed_at(new["listed_at"]["S"]).isoformat(),
        changes=_changes(old, new) if kind == "ArticleRevised" else (),
        reason=new["gone_reason"]["S"] if kind == "ArticleGone" else None,
        **_listed(new),
    )


def _changes(old: Image, new: Image) -> tuple[str, ...]:
    """Return what changed; if several revisions were stored at once, what the last one changed."""
    found = set(new.get("changes", {}).get("SS", ()))
    return tuple(sorted(found | {"back"} if _is_gone(old) else found))


def _listed(image: Image) -> dict[str, str]:
    texts = {name: image[name]["S"] for name in LISTED if name in image}
    if len(texts.get("url", "")) > LONGEST_URL:
        # A cut URL would be a different URL.
        del texts["url"]
    return {name: text if name == "url" else _cut(text) for name, text in texts.items()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
