"""Articles as JSON: the form that leaves the program, in messages, in the archive and on standard output."""

from dataclasses import fields
from typing import Any

import msgspec

from khobor.article import Article
from khobor.errors import PermanentError

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)
_ABSENT: tuple[Any, ...] = (None, "", (), [], {})


def encode(article: Article) -> bytes:
    """Return the article as one line of JSON in UTF-8, without what is absent; datetimes are RFC 3339."""
    return _encoder.encode(_present(msgspec.to_builtins(article)))


def export(article: Article, **first: str) -> bytes:
    """Return the article as one line of JSON for other programs: every field, ``body_text`` too.

    Within the fields what is absent is left out.

    Args:
        article: The article.
        first: What stands before its fields.
    """
    # By name: of an article that was decoded, to_builtins leaves out what had not been there.
    values = {field.name: getattr(article, field.name) for field in fields(Article)}
    exported = {name: _present(msgspec.to_builtins(value)) for name, value in values.items()}
    return _encoder.encode(first | exported | {"body_text": article.body_text})


def decode(data: bytes | str) -> Article:
    """Return the article that ``encode`` wrote.

    Raises:
        PermanentError: ``not_an_article``, with the path of what is wrong.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PermanentError("not_an_article", f"{error}; see Article in article.py for what is expected") from error


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        # What has nothing present is absent itself: so an article that was decoded is encoded as it was before.
        return {name: kept for name, part in value.items() if (kept := _present(part)) not in _ABSENT}
    return [_present(part) for part in value] if isinstance(value, list | tuple) else value
