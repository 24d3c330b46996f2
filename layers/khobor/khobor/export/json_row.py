"""An article as a JSON row, which Data Firehose converts to Parquet with the same columns."""

from datetime import UTC, datetime

import msgspec

from khobor.article import Article
from khobor.export import schema

_encoder = msgspec.json.Encoder()


def json_row(article: Article) -> bytes:
    """Return the columns of an article as a line of JSON in UTF-8; absent values are null.

    Times are UTC and end in ``Z``; Firehose's deserializer does not read other offsets.
    """
    row = schema.row(article)
    stamps = {name: value.astimezone(UTC) for name, value in row.items() if isinstance(value, datetime)}
    return _encoder.encode(row | stamps) + b"\n"
