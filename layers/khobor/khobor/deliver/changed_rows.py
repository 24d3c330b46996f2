"""Decides which records of the archive table's stream change the row of an article.

A row is an article as the archive has it at delivery. It changes if readers see something new, which changes the
content in the headline item, and if the same fetch, or another extractor, reads the page differently, which rewrites
the text item of that content. Fetching an unchanged article again does not change it.
"""

from collections.abc import Mapping
from typing import Any

from khobor.archive.dynamodb.items import FORGOTTEN_AT, HEADLINE, TEXT, article_id_of
from khobor.archive.fetch_digests import same_fetch
from khobor.errors import PermanentError


def changed_row(record: Mapping[str, Any]) -> str | None:
    """Return the id of the article whose row a record changes; None if it changes none.

    Raises:
        PermanentError: ``not_an_item`` for a record without the attributes of an item of the archive table.
    """
    try:
        change = record["dynamodb"]
        new, old = change.get("NewImage"), change.get("OldImage")
        sk = change["Keys"]["sk"]["S"]
        if new is None or FORGOTTEN_AT in new:
            return None
        if sk == HEADLINE:
            is_other = old is None or FORGOTTEN_AT in old or old["content"]["S"] != new["content"]["S"]
        else:
            is_other = sk.startswith(TEXT) and old is not None and _is_read_again(old, new)
        return article_id_of(change["Keys"]) if is_other else None
    except (AttributeError, KeyError, TypeError) as error:
        raise PermanentError("not_an_item", f"{error!r} in a record of the stream: {str(record)[:500]}") from error


def _is_read_again(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a text comes from the same fetch or from another extractor; texts of old versions do not name theirs."""
    is_other_reader = "by" in old and "by" in new and old["by"] != new["by"]
    return is_other_reader or same_fetch(old["version"]["S"], new["version"]["S"])


def without_images(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the images of its item, which may be larger than a message."""
    change = {name: value for name, value in record["dynamodb"].items() if name not in {"NewImage", "OldImage"}}
    return {**record, "dynamodb": change}
