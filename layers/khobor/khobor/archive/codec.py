"""Articles as JSON, for messages, the archive and output."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import msgspec

from khobor.article import Article
from khobor.errors import PermanentError

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)
_CONTAINERS = frozenset({dict, list, tuple})


def encode(article: Article) -> bytes:
    """Return the article as one line of JSON in UTF-8, without absent values; datetimes are in RFC 3339 format."""
    return _encoder.encode(_present(msgspec.to_builtins(article)))


def export(article: Article, only: Iterable[str] | None = None, **first: str) -> bytes:
    """Return the article as one line of JSON for other programs, with all fields and ``body_text``.

    Absent values within a field are left out.

    Args:
        article: The article.
        only: The names of the fields to put in, in their order; None takes all.
        first: Values to put before the fields.
    """
    names = (*(field.name for field in fields(Article)), "body_text") if only is None else only
    # By name, because to_builtins leaves out the absent fields of a decoded article.
    return _encoder.encode(first | {name: _present(msgspec.to_builtins(getattr(article, name))) for name in names})


def decode(data: bytes | str) -> Article:
    """Return the article that ``encode`` wrote.

    Raises:
        PermanentError: ``not_an_article``, with the path of the wrong value.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PermanentError("not_an_article", f"{error}; article.py defines what is expected") from error


def _present(value: Any) -> Any:
    """Return a value without what is absent in it: None, and empty texts, lists and objects."""
    if isinstance(value, list | tuple):
        return [_present(part) if type(part) in _CONTAINERS else part for part in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, part in value.items():
        # An article has a thousand values, most of them texts: no call for each.
        if type(part) in _CONTAINERS:
            # A value without present parts is absent too, so that a decoded article is encoded to the same bytes.
            if present := _present(part):
                kept[name] = present
        elif part is not None and part != "":
            kept[name] = part
    return kept
