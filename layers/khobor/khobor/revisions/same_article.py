"""Whether two pages are of one article, if their site says that the one has moved to the other.

Sites redirect deleted articles to a home page, a section, a notice or the newest article of a series, and give such
pages as canonical. So the pages must agree: in most of their texts, or in headline and minute of publication.
"""

from datetime import datetime

from khobor.article import Article
from khobor.revisions.content_digests import plain
from khobor.revisions.minhash import minhash, resemblance

# Half of all shingles: two thirds of each text. Nearly all reports of a daily series stay below SIMILAR, which is 0.32.
_SAME_TEXT = 0.5


def is_same_article(one: Article, other: Article) -> bool:
    """Return whether two pages agree that they are of one article.

    Args:
        one: The article of one page.
        other: The article of the other page.
    """
    title = plain(one.title or "")
    is_same_title = bool(title) and title == plain(other.title or "")
    if is_same_title and (at := _minute(one)) and at == _minute(other):
        return True
    mine, its = minhash(one), minhash(other)
    if mine and its:
        return resemblance(mine, its) >= _SAME_TEXT
    # Short texts are lines that many pages have, such as "Watch the video".
    return False


def _minute(article: Article) -> datetime | None:
    """Return when an article was published; None if no minute is known."""
    evidence = article.extraction.fields.get("published_at")
    return None if evidence and evidence.precision == "day" else article.published_at
