"""Articles whose address changed: which fetches say so.

A page that was requested by one URL and gives another as its canonical URL says that its article has moved there: the
site redirected the request, or changed the canonical URL. The archive believes it if both URLs are of one site and the
pages agree (``revisions/same_article.py``). Then both addresses are one article, which keeps the first of their ids in
the order of the alphabet. So the result does not depend on the order in which pages come, and ids never lead in a
circle.
"""

from khobor.article import Article
from khobor.keys import fetched_page
from khobor.site import is_same_site
from khobor.url import url_id

# Of an article with more contents, those that were fetched last are compared.
MOST_COMPARED = 20


def fetched_by(article: Article) -> dict[str, bool]:
    """Return the ids of the URLs by which an article was fetched, but for its own.

    Returns:
        For each id whether the page says that the article of this URL has moved to the article's own URL. The URL that
        answered counts, and the requested one if it is of the same site: the key of the page tells its id.
    """
    own, found = article.canonical_url or article.url or "", dict[str, bool]()
    if article.url:
        found[url_id(article.url)] = is_same_site(article.url, own)
    if article.raw and (page := fetched_page(article.raw.key)):
        host, _, requested_id = page
        if is_same_site(f"https://{host}/", own):
            found.setdefault(requested_id, True)
    found.pop(article.article_id, None)
    return found
