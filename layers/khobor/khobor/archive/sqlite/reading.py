"""A page as it was parsed, with all that the archive stores of it.

Everything here follows from the article alone, so the process that extracts an article can compute it. What is left for
the process that writes the archive is to compare it with what is stored.
"""

from dataclasses import dataclass
from functools import cached_property

import msgspec

from khobor.archive import codec
from khobor.archive.compression import compress
from khobor.archive.fetch_digests import shown_title
from khobor.archive.sqlite.fetches import Fetch
from khobor.archive.sqlite.rows import ArticleRow, row_of
from khobor.archive.sqlite.words import Words, words_of
from khobor.article import Article


@dataclass(frozen=True)
class ParsedArticle:
    """An article of one fetch. The rest is computed when it is needed first, or comes from another process.

    Attributes:
        article: The article.
    """

    article: Article

    @cached_property
    def encoded(self) -> bytes:
        """The whole article as JSON."""
        return codec.encode(self.article)

    @cached_property
    def text(self) -> bytes:
        """The whole article, compressed."""
        return compress(self.encoded)

    @cached_property
    def fetch(self) -> Fetch:
        """The fetch that it comes from."""
        return Fetch.of(self.article)

    @cached_property
    def title(self) -> str:
        """The title that readers saw; empty without one."""
        return shown_title(self.article)

    @cached_property
    def row(self) -> ArticleRow:
        """The row of the article without what follows from its revisions."""
        return row_of(self.article, self.fetch.content)

    @cached_property
    def words(self) -> Words:
        """The words of title and text."""
        return words_of(self.article)

    def to_bytes(self) -> bytes:
        """Return everything, for ``reading_from_bytes`` in another process."""
        return _encoder.encode({name: getattr(self, name) for name in _Parts.__annotations__})


class _Parts(msgspec.Struct):
    """What one process hands to another."""

    encoded: bytes
    text: bytes
    fetch: Fetch
    title: str
    row: ArticleRow
    words: Words


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Parts)


def reading_from_bytes(data: bytes) -> ParsedArticle:
    """Return the reading of which ``ParsedArticle.to_bytes`` returned the bytes, on this machine and by this khobor."""
    parts = _decoder.decode(data)
    reading = ParsedArticle(codec.decode(parts.encoded))
    # Where cached_property keeps what was computed.
    vars(reading).update((name, getattr(parts, name)) for name in _Parts.__annotations__)
    return reading
