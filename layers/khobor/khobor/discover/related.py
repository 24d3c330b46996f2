"""The links of an article to others of its source, which may be new."""

from datetime import timedelta

from khobor.article import Article
from khobor.discover.discover_queue import ArticleLinks
from khobor.sources.registry import Registry


def related_links(article: Article, sources: Registry) -> ArticleLinks | None:
    """Return the links of an article to follow; None if it has none, or its source does not follow related links.

    Links of articles that are too old to be fetched are not followed: they lead to ever older articles.

    Args:
        article: The article.
        sources: The registry of sources.
    """
    source = sources.source(article.source or "")
    if not source or not source.enabled or not source.discovery.related or not article.related:
        return None
    oldest = article.fetched_at - timedelta(days=source.discovery.max_age_days)
    if (article.published_at or article.fetched_at) < oldest:
        return None
    page = article.url or article.canonical_url or ""
    return ArticleLinks(source=source.name, page=page, urls=tuple(link.url for link in article.related))
