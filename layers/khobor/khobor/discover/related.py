"""The links of an article to others of its source, which may be new."""

from datetime import timedelta

from khobor.article import Article
from khobor.discover.discover_queue import ArticleLinks
from khobor.sources.registry import Registry


def related_links(article: Article, sources: Registry) -> ArticleLinks | None:
    """Return the links of an article that are to be looked at; None where there are none, or its source asks for none.

    Old articles lead to older ones, without end: no link is followed from those that are too old to be fetched.
    """
    source = sources.source(article.source or "")
    if not source or not source.enabled or not source.discovery.related or not article.related:
        return None
    oldest = article.fetched_at - timedelta(days=source.discovery.max_age_days)
    if (article.published_at or article.fetched_at) < oldest:
        return None
    page = article.url or article.canonical_url or ""
    return ArticleLinks(source=source.name, page=page, urls=tuple(link.url for link in article.related))
