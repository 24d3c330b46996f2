"""What tells the fetches of one article apart: their order, the extractor that read each, and all that it extracted."""

from dataclasses import replace
from datetime import UTC, datetime

from khobor.archive import codec
from khobor.archive.interface import raw_digest
from khobor.archive.times import instant
from khobor.article import Article
from khobor.revisions.content_digests import plain
from khobor.url import digest

# There are few extractors: two of one article share these characters once in 30 million.
EXTRACTOR_DIGEST = 5
# A different extraction is taken for the same once in 30 thousand million.
_DETAILS = 7
_LONGEST_TITLE = 500


def version(article: Article) -> str:
    """Return a text by which the fetches of an article are ordered."""
    # Two fetches in one instant are ordered by the date that the page states, then in any stable order.
    stated = article.modified_at or article.published_at or article.fetched_at
    return "#".join((instant(article.fetched_at), instant(stated), raw_digest(article)))


def shown_title(article: Article) -> str:
    """Return the title of an article as readers see it; empty without one."""
    return plain(article.title or "")[:_LONGEST_TITLE]


def same_fetch(one: str, other: str) -> bool:
    """Return whether two versions are of the same fetch, however its page was parsed.

    Args:
        one: A version, as ``version`` returns it.
        other: Another one.
    """
    (at, _, raw), (other_at, _, other_raw) = one.split("#"), other.split("#")
    return at == other_at and raw == other_raw


def extraction_digest(article: Article) -> str:
    """Return a digest of the extractor and of all that it extracted, except for what differs at each fetch."""
    details = replace(article, article_id="", fetched_at=datetime.min.replace(tzinfo=UTC), raw=None, related=())
    return extractor_digest(article) + digest(codec.encode(details))[:_DETAILS]


def extractor_digest(article: Article) -> str:
    """Return a short digest of the extractor and the rules that parsed an article."""
    extraction = article.extraction
    return digest((extraction.reader or extraction.version).encode())[:EXTRACTOR_DIGEST]
