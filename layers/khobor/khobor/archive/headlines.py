"""What lists of articles return: headlines in pages, and the indexes by which articles can be found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from khobor.errors import ConfigurationError

# The indexes of articles besides source and day. Each entry costs one write.
Index = Literal["section", "tag", "author", "word", "change", "similar", "added"]
INDEXES: frozenset[Index] = frozenset(get_args(Index))
# The texts that a list shows of an article, besides its id and when it is listed.
LISTED = ("source", "title", "url", "section", "language")
# A page of a list has at most this many headlines.
MAX_PAGE_SIZE = 100


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a list shows of an article.

    Attributes:
        article_id: The article's id.
        source: Name of its source.
        listed_at: When the article was published, else fetched; in lists of changes, when it changed. The offset is
            that of the source's clocks.
        title: Its title; in lists of changes, the title after the change.
        url: Its URL.
        section: Its section.
        language: Its language, BCP 47.
        revisions: The number of its revisions; only in lists by source and by day.
        gone_at: When its site had removed it; only in lists by source and by day.
        revision: The number of the revision that a change made; only in lists of changes.
        changes: All that this revision changed; only in lists of changes.
        title_before: The title before the change, if it was another; only in lists of changes.
        earlier_title: An earlier title that has the words; only in searches by words, where the current title lacks
            them.
        added_at: When it was first fetched; only in the list of added articles.
    """

    article_id: str
    source: str | None = None
    listed_at: datetime
    title: str | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = None
    revisions: int | None = None
    gone_at: datetime | None = None
    revision: int | None = None
    changes: tuple[str, ...] = ()
    title_before: str | None = None
    earlier_title: str | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HeadlinePage:
    """One page of a list, the newest headline first.

    Attributes:
        headlines: Its headlines. A page may have fewer than were asked for and still not be the last.
        cursor: The cursor of the next page; None on the last page.
        notice: A note for readers about the list, such as why it is empty.
        is_unknown: Whether neither the sources nor the archive know the source that was asked for.
        looked_back_to: The day at which the list ended because the days before had nothing for long. Older headlines
            are found if the question says since when. None if there are none.
    """

    headlines: tuple[Headline, ...]
    cursor: str | None = None
    notice: str | None = None
    is_unknown: bool = False
    looked_back_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class SimilarArticle:
    """An article with nearly the same text as another.

    Attributes:
        headline: Its headline.
        resemblance: The estimated Jaccard index of the shingles of both texts, from 0 to 1.
    """

    headline: Headline
    resemblance: float


def all_headlines(read_page: Callable[[str | None], HeadlinePage]) -> Iterator[Headline]:
    """Yield the headlines of all pages of a list.

    Args:
        read_page: Returns the page of a cursor; None stands for the first page.
    """
    page = read_page(None)
    yield from page.headlines
    while page.cursor:
        page = read_page(page.cursor)
        yield from page.headlines


def read_indexes(text: str) -> frozenset[Index]:
    """Return the indexes that a setting names, separated by commas; ``none`` stands for no index.

    Raises:
        ConfigurationError: A name is not that of an index.
    """
    names = [] if text == "none" else text.split(",")
    if unknown := set(names) - INDEXES:
        known = ", ".join(sorted(INDEXES))
        raise ConfigurationError(f"there is no index {', '.join(sorted(unknown))}; there are {known}")
    return frozenset(index for index in INDEXES if index in names)
