"""An article's row as a line of JSON, from which Firehose makes Parquet by the same columns."""

from datetime import UTC, datetime

import msgspec

from khobor.article import Article
from khobor.export import schema

_encoder = msgspec.json.Encoder()


def json_row(article: Article) -> bytes:
    """Return the columns of an article as JSON in UTF-8, ended by a line feed; what is absent is null.

    Times are of UTC and end in ``Z``: with another offset the deserializer does not read them.
    """
    row = schema.row(article)
    stamps = {name: value.astimezone(UTC) for name, value in row.items() if isinstance(value, datetime)}
    return _encoder.encode(row | stamps) + b"\n"
