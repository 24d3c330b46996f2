"""Which records of the archive table's stream make an article's row another one.

A row is an article as the archive has it when it is delivered. It is another one where readers see something else: then
the headline has another content; and where the same fetch, or another reader, reads it otherwise than before: then the
text of that content is written again. That an article was fetched again and is the same makes none.
"""

from collections.abc import Mapping
from typing import Any

from khobor.archive.dynamodb.items import FORGOTTEN_AT, HEADLINE, TEXT, article_id_of, same_fetch
from khobor.errors import PermanentError


def changed_row(record: Mapping[str, Any]) -> str | None:
    """Return the id of the article whose row a record makes another one, None where it makes none.

    Raises:
        PermanentError: ``not_an_item`` for a record that lacks what an item of the archive table has.
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
    """Whether a text is of the same fetch as before, or of another reader; texts of earlier versions tell no reader."""
    is_other_reader = "by" in old and "by" in new and old["by"] != new["by"]
    return is_other_reader or same_fetch(old["version"]["S"], new["version"]["S"])


def without_images(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the images of its item: these may be larger than a message."""
    change = {name: value for name, value in record["dynamodb"].items() if name not in {"NewImage", "OldImage"}}
    return {**record, "dynamodb": change}
