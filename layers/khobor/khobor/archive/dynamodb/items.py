"""The items of the archive table: their keys, and what each holds.

The items of an article share the partition key ``article#<article_id>``:

- ``headline``: what a list shows, the keys of both indexes, the partition keys of the article's postings, and a summary
  of its revisions; of a forgotten article only ``forgotten_at``, of an article that goes on under another id only
  ``moved_to``. See ``headline_items.py``.
- ``seen``, the history item: one attribute for each fetch, from which the revisions follow, for each title, for each
  time that the article was gone, and for each move. See ``fetch_records.py``.
- ``text#<content>``: the whole article, compressed, once for each content that readers saw; further parts of a large
  one are ``text#<content>#01`` and so on. See ``texts.py``.
- ``alias``: under the id of a URL by which the article was fetched, if its canonical URL has another id: the article's
  id.

A posting has the partition key ``<kind>#<value>`` and the sort key ``<listed_at>#<article_id>``, and holds what a list
shows. See ``postings.py``.

``listed_at`` is UTC, so that items sort by time, followed by the offset of the source's clocks; ``day`` is the day by
these clocks.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from khobor.archive.times import instant

Item = dict[str, Any]
Key = tuple[str, str]

ALIAS = "alias"
HEADLINE = "headline"
HISTORY = "seen"
TEXT = "text#"
FORGOTTEN_AT = "forgotten_at"
MOVED_TO = "moved_to"
# Says that items of an article that goes on under another id are still to be deleted.
UNFINISHED: Item = {"is_unfinished": {"BOOL": True}}
# On a headline that was written because of it: the id under which the article was listed before.
MOVED_FROM = "moved_from"
# Marks a headline that was written because a page was parsed again. It is not announced.
REPLAYED: Item = {"is_replayed": {"BOOL": True}}


def pk(article_id: str) -> str:
    """Return the partition key of an article."""
    return f"article#{article_id}"


def key(pk: str, sk: str) -> Item:
    """Return a key in DynamoDB's form.

    Args:
        pk: The partition key.
        sk: The sort key.
    """
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def article_id_of(item: Mapping[str, Any]) -> str:
    """Return the id of the article that an item belongs to, by its key."""
    article_id: str = item["pk"]["S"].removeprefix(pk(""))
    return article_id


def article_ids_in(item: Mapping[str, Any]) -> set[str]:
    """Return the ids of all articles that an item of any kind refers to."""
    aliased = {item[name]["S"] for name in ("article_id", MOVED_TO) if name in item}
    is_own = item["pk"]["S"].startswith(pk(""))
    return aliased | {article_id_of(item) if is_own else item["sk"]["S"].rpartition("#")[2]}


def tombstone(article_id: str, at: datetime, before: Item | None) -> Item:
    """Return the item that replaces the headline of a forgotten article.

    Args:
        article_id: The article's id.
        at: When it was forgotten, aware.
        before: The headline, if its postings are still to be deleted.
    """
    kept = {name: before[name] for name in ("postings", "listed_at") if before and name in before}
    return key(pk(article_id), HEADLINE) | texts_of({FORGOTTEN_AT: instant(at)}) | kept


def moved_item(article_id: str, moved_to: str, before: Item | None) -> Item:
    """Return the item that replaces the headline of an article that goes on under another id.

    Args:
        article_id: The article's id.
        moved_to: The other id.
        before: The headline, if items are still to be deleted; empty without one.
    """
    kept = {name: before[name] for name in ("postings", "listed_at") if before and name in before}
    unfinished = {} if before is None else UNFINISHED
    return key(pk(article_id), HEADLINE) | texts_of({MOVED_TO: moved_to}) | kept | unfinished


def alias_item(url_id: str, article_id: str) -> Item:
    """Return the item that leads from the id of a URL to an article.

    Args:
        url_id: The id of the URL by which the article was fetched.
        article_id: The article's id.
    """
    return key(pk(url_id), ALIAS) | texts_of({"article_id": article_id})


def texts_of(facts: Mapping[str, str]) -> Item:
    """Return texts as attributes of an item."""
    return {name: {"S": text} for name, text in facts.items()}
