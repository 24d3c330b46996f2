"""Whole articles as items of the archive table: compressed, in as many parts as they need."""

from collections.abc import Mapping
from typing import Any

from khobor.archive import codec
from khobor.archive.compression import compress, decompress
from khobor.archive.dynamodb.items import TEXT, Item, key, pk
from khobor.archive.fetch_digests import extractor_digest, version
from khobor.article import Article

# An item may have 400 KB, including its attributes' names and the other attributes.
_PART_BYTES = 380_000


def text_items(article: Article, content: str) -> list[Item]:
    """Return the items of an article's text. The first part, which says how many there are, comes last.

    Args:
        article: The article.
        content: The digest of what readers see of it.
    """
    compressed = compress(codec.encode(article))
    parts = [compressed[start : start + _PART_BYTES] for start in range(0, len(compressed), _PART_BYTES)]
    items = [
        key(pk(article.article_id), text_sk(content, number))
        | {"data": {"B": part}, "version": {"S": version(article)}}
        for number, part in enumerate(parts)
    ]
    items[0] |= {"parts": {"N": str(len(parts))}, "by": {"S": extractor_digest(article)}}
    return items[::-1]


def text_sk(content: str, number: int = 0) -> str:
    """Return the sort key of a part of a text.

    Args:
        content: The digest of what readers see.
        number: The number of the part, from 0 on.
    """
    return f"{TEXT}{content}#{number:02}" if number else f"{TEXT}{content}"


def further_parts(first: Mapping[str, Any], content: str) -> list[str]:
    """Return the sort keys of the parts of a text after the first.

    Args:
        first: The item of the first part.
        content: The digest of what readers see.
    """
    return [text_sk(content, number) for number in range(1, int(first["parts"]["N"]))]


def joined(items: Mapping[str, Mapping[str, Any]], content: str) -> bytes:
    """Return the encoded article of all parts of a text.

    Args:
        items: The parts by their sort keys.
        content: The digest of what readers see.
    """
    first = items[text_sk(content)]
    parts = (items[text_sk(content, number)]["data"]["B"] for number in range(int(first["parts"]["N"])))
    return decompress(b"".join(parts))


def article_in(first: Item) -> Article | None:
    """Return the article of a text by its first item; None if the text has further parts, or there is no text."""
    if first.get("parts") != {"N": "1"}:
        return None
    return codec.decode(decompress(first["data"]["B"]))
