"""What is announced of articles, as the stream of the archive table tells it.

A record of the stream has an item as it was before and after it was written; what is announced follows from the two
headlines alone. An event may come twice, and the events of an article in another order than they happened:
``event_id`` is the same for the same event, and ``seen_at`` orders those of an article. Under ``events/schemas`` stands
what an event holds.
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

# It is another one when a field goes or means something else; that one is added changes nothing.
SCHEMA_VERSION: Final = 1
# Of a title. With an URL, the one text that is as long as a page makes it, an event stays far below what a bus takes.
LONGEST_TEXT = 1000
LONGEST_URL = 8192


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event tells.

    Attributes:
        event_id: The same each time that the event comes.
        schema_version: Of this form.
        article_id: The article's id.
        revision: The number of its newest revision; numbers may be left out.
        seen_at: When its site was seen to be so, as RFC 3339.
        listed_at: When the article was published, else fetched, by the clocks of its source.
        url: Its address.
        source: Of its publisher.
        title: Its headline.
        language: As BCP 47.
        section: As the page says it.
        changes: Of one that is revised, what is different, in the words of ``khobor.revisions``.
        reason: Of one that is gone, the slug of the answer, such as ``http_410``.
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
    """An event: its kind, which EventBridge calls the detail type, and what it tells."""

    kind: Kind
    detail: Detail


def announcement(record: Mapping[str, Any]) -> Announcement | None:
    """Return what a record of the archive table's stream announces; None where readers see nothing new.

    Raises:
        PermanentError: ``not_a_headline`` for a record that lacks what a headline has.
    """
    try:
        change = record["dynamodb"]
        new, old = change.get("NewImage"), change.get("OldImage")
        if change["Keys"]["sk"]["S"] != HEADLINE or new is None or FORGOTTEN_AT in new or REPLAYED.keys() <= new.keys():
            return None
        kind = _kind(None if old is None or FORGOTTEN_AT in old else old, new)
        return kind and Announcement(kind, _detail(kind, old or {}, new))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Of which item it is, and nothing that stands in it.
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
    # A page that is parsed again may read otherwise, and a fetch that comes late is a revision before the newest:
    # what readers see now is as it was.
    is_other = old["content"] != new["content"] and _fetch(old) != _fetch(new)
    return is_other and int(new["revisions"]["N"]) > int(old["revisions"]["N"])


def _fetch(image: Image) -> tuple[str, str]:
    """Return what tells a fetch from others, however its page is read."""
    fetched_at, _, raw = image["version"]["S"].split("#")
    return fetched_at, raw


def _detail(kind: Kind, old: Image, new: Image) -> Detail:
    article_id, revision = article_id_of(new), int(new["revisions"]["N"])
    seen_at = new["gone_at"]["S"] if kind == "ArticleGone" else _fetch(new)[0]
    return Detail(
        # The time too: pages that are parsed again may take numbers back.
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
    """Return what is different: of revisions that became known at once, what the last one changed."""
    found = set(new.get("changes", {}).get("SS", ()))
    return tuple(sorted(found | {"back"} if _is_gone(old) else found))


def _listed(image: Image) -> dict[str, str]:
    texts = {name: image[name]["S"] for name in LISTED if name in image}
    if len(texts.get("url", "")) > LONGEST_URL:
        # Cut, it would be another one.
        del texts["url"]
    return {name: text if name == "url" else _cut(text) for name, text in texts.items()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
