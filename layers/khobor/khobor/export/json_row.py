"""An article as a JSON row, which Data Firehose converts to Parquet with the same columns."""

from collections.abc import Container
from datetime import UTC, datetime

import msgspec

from khobor.article import Article
from khobor.export import schema

_encoder = msgspec.json.Encoder()


def json_row(article: Article, only: Container[str] | None = None, **first: str) -> bytes:
    """Return the columns of an article as a line of JSON in UTF-8; absent values are null.

    Times are UTC and end in ``Z``; Firehose's deserializer does not read other offsets.

    Args:
        article: The article.
        only: The names of the columns to put in; None takes all.
        first: Values to put before the columns.
    """
    row = {name: value for name, value in schema.row(article).items() if only is None or name in only}
    stamps = {name: value.astimezone(UTC) for name, value in row.items() if isinstance(value, datetime)}
    return _encoder.encode(first | row | stamps) + b"\n"
