"""What a write brings: pages as they were parsed, and what the article takes over from others that are the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from khobor.archive.dynamodb.fetch_records import record_name, record_value, title_record
from khobor.archive.fetch_digests import version
from khobor.article import Article
from khobor.revisions.content_digests import ContentDigests, content_digests


@dataclass(frozen=True)
class Readings:
    """Pages of one article. Their digests are costly: each is computed once.

    Attributes:
        digested: The article of each page with its digests, the oldest first.
        records: Records of the history item besides those of the pages, by name.
        carried: Texts of other pages, by their contents.
    """

    digested: tuple[tuple[Article, ContentDigests], ...]
    records: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, Article] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Iterable[Article]) -> "Readings":
        """Return the readings of some pages."""
        return cls(tuple((article, content_digests(article)) for article in sorted(articles, key=version)))

    def named(self, article_id: str) -> "Readings":
        """Return the same pages as those of an article."""
        if all(article.article_id == article_id for article, _ in self.digested) and not self.carried:
            return self
        digested = tuple((replace(article, article_id=article_id), digests) for article, digests in self.digested)
        carried = {content: replace(text, article_id=article_id) for content, text in self.carried.items()}
        return replace(self, digested=digested, carried=carried)

    def with_others(self, latest: Article, records: Mapping[str, str], carried: Mapping[str, Article]) -> "Readings":
        """Return these pages with all that is known of another article.

        Args:
            latest: The article as it was fetched last.
            records: Its records. Of a page that is among these, what was parsed now counts.
            carried: Its texts.
        """
        given = {record_name(article) for article, _ in self.digested}
        records = {name: value for name, value in records.items() if name not in given}
        both = {record_name(article): (article, digests) for article, digests in self.digested}
        both.setdefault(record_name(latest), (latest, content_digests(latest)))
        digested = tuple(sorted(both.values(), key=lambda each: version(each[0])))
        return Readings(digested, {**self.records, **records}, {**self.carried, **carried})

    @property
    def articles(self) -> list[Article]:
        """The articles of the pages, the oldest first."""
        return [article for article, _ in self.digested]

    @property
    def newest(self) -> Article:
        """The article of the newest page."""
        return self.digested[-1][0]

    @property
    def newest_content(self) -> str:
        """The content of the newest page, as a digest."""
        return self.digested[-1][1].content

    @cached_property
    def texts(self) -> dict[str, Article]:
        """The newest page of each content."""
        texts = dict(self.carried)
        for article, digests in self.digested:
            stored = texts.get(digests.content)
            if stored is None or version(stored) <= version(article):
                texts[digests.content] = article
        return texts

    @cached_property
    def values(self) -> dict[str, str]:
        """The records of fetches, and of times that the article was gone."""
        own = {record_name(article): record_value(digests, article) for article, digests in self.digested}
        return own | {name: value for name, value in self.records.items() if name.startswith("at ")}

    @cached_property
    def other_values(self) -> dict[str, str]:
        """All other records."""
        titles: dict[str, str] = {}
        for article, digests in self.digested:
            titles |= title_record(digests, article)
        return titles | {name: value for name, value in self.records.items() if name not in self.values}
