"""Articles whose address changed: which fetches say so.

A page that was requested by one URL and gives another as its canonical URL says that its article has moved there: the
site redirected the request, or changed the canonical URL. The archive believes it if both URLs are of one site and the
pages agree (``revisions/same_article.py``). Then both addresses are one article, which keeps the first of their ids in
the order of the alphabet. So the result does not depend on the order in which pages come, and ids never lead in a
circle.
"""

from khobor.article import Article
from khobor.site import is_same_site
from khobor.url import url_id

# Of an article with more contents, those that were fetched last are compared.
MOST_COMPARED = 20


def requested_id(article: Article) -> str:
    """Return the id of the URL by which an article was fetched; its own without one."""
    return url_id(article.url) if article.url else article.article_id


def says_moved(article: Article) -> bool:
    """Return whether the page of an article says that the article of the requested URL has moved to its own URL."""
    url, own = article.url, article.canonical_url
    return bool(url and own) and requested_id(article) != article.article_id and is_same_site(url or "", own or "")
