"""Which URLs are those of lists and of pages about the site, for sources that do not say what their articles' URLs are.

A list costs a fetch, and every page of it another one. It is recognised by a word of its path or its query
(``path_words``), and by where the word stands: below ``/tag/`` there is one more segment, the tag. A path that may be
that of an article is none of a list: the page itself shows what it is.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote, urlsplit

from khobor.discover.article_urls import has_article_name
from khobor.discover.path_words import ARCHIVES, AUTHORS, CATEGORIES, PAGES, SEARCHES, SERVICES, TAGS

_INDEX = re.compile(r"(?:index|default)\.[a-z]{3,5}")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)\Z")
_FEED_FILE = re.compile(r"\.(?:xml|rss|atom|rdf)\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2,4})?")
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
# A page of a list in one segment: page-2, page2.
_NUMBERED = re.compile(r"(?P<word>\D{2,12}?)-?\d{1,5}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_MONTH_OR_DAY = re.compile(r"[0-3]\d", re.ASCII)
_DATE = re.compile(r"(?:19|20)\d\d-?[01]\d(?:-?[0-3]\d)?", re.ASCII)
# Parameters with a value that make a front page a list. The parameter "p" is the id of an article.
_LIST_PARAMETERS = frozenset({"cat", "tag", "author", "m", "s", "q", "query", "search", "keyword", "paged", "taxonomy"})
_PAGE_PARAMETERS = frozenset({"page", "paged"})
# A year, a month and a day.
_MOST_DATE_SEGMENTS = 3
# A longer path has no list at its end, and is not worth the time.
_MOST_SEGMENTS = 20
# Fewer may be the parts of one article.
_FEWEST_IN_FOLDER = 5
_WORDS = re.compile(r"[^\W_]+")
# The words in the name of a sitemap that every sitemap may have.
_OF_SITEMAPS = frozenset({"sitemap", "sitemaps", "wp", "xml", "gz", "index", "map", "txt", "part"})
_TAXONOMIES = frozenset({"tax", "taxonomy", "taxonomies"})
_LISTED = (
    frozenset({"author", "authors", "cat", "categories", "category", "tag", "tags", "user", "users"}) | _TAXONOMIES
)
_BESIDE = frozenset({"page", "pages", "product", "products", "collection", "collections"})
_ARTICLES = frozenset({"article", "articles", "blog", "blogs", "news", "post", "posts", "stories", "story"})
# What is sorted by category or tag, in the name of a taxonomy such as post_tag.
_KINDS = frozenset({"post", "posts", "product", "news", "article", "articles", "blog", "event", "portfolio", "video"})


def is_list(url: str) -> bool:
    """Whether a URL is that of a list of articles, a page of one, a search, or a page about the site.

    >>> is_list("https://example.com/tag/budget/page/2/"), is_list("https://example.com/2026/03/council-votes/")
    (True, False)

    Args:
        url: An absolute URL.
    """
    _, _, path, query, _ = urlsplit(url)
    segments = _segments(path)
    if segments is None:
        return False
    if _FEED_FILE.search(path):
        return True
    parameters = {name.lower(): value for name, value in parse_qsl(query, max_num_fields=None)[:_MOST_SEGMENTS]}
    if parameters:
        return _is_list_query(segments, parameters)
    # Without a slash at the end, a number may be that of an article.
    return _is_list_path(segments) or (path.endswith("/") and len(segments) == 1 and _is_year(segments[0]))


def folders_of(urls: Iterable[str]) -> frozenset[str]:
    """Return the paths of the folders below which several of some URLs are."""
    counts = Counter(folder for url in urls for folder in _folders_of(url))
    return frozenset(folder for folder, count in counts.items() if count >= _FEWEST_IN_FOLDER)


def is_list_of(url: str, folders: Collection[str]) -> bool:
    """Whether a URL is that of a folder of several others, and does not look like that of an article.

    >>> is_list_of("https://example.com/blog/", {"/blog"})
    True

    Args:
        url: An absolute URL.
        folders: The folders, as ``folders_of`` returns them.
    """
    path = urlsplit(url).path.removesuffix("/")
    if path not in folders:
        return False
    before, _, last = unquote(path).rpartition("/")
    return not has_article_name(before.split("/"), last)


def _folders_of(url: str) -> Iterator[str]:
    folder = urlsplit(url).path.removesuffix("/")
    for _ in range(_MOST_SEGMENTS):
        folder = folder.rpartition("/")[0]
        if not folder:
            return
        yield folder


def is_archive(url: str) -> bool:
    """Whether a URL is that of the list of all articles of a site: an archive or a blog.

    Args:
        url: An absolute URL.
    """
    segments = _segments(urlsplit(url).path)
    if not segments:
        return False
    last = _ENDING.sub("", segments[-1])
    return last in _ARCHIVES or (len(segments) == 1 and last in _ARTICLES)


def lists_no_articles(url: str) -> bool:
    """Whether a sitemap says by its name that it contains tags, categories or authors.

    >>> lists_no_articles("https://example.com/wp-sitemap-users-1.xml")
    True

    Args:
        url: An absolute URL.
    """
    words = _name_words(url)
    if not words:
        return False
    return words[0] in _TAXONOMIES or (words[-1] in _LISTED and all(word in _KINDS for word in words[:-1]))


def lists_pages(url: str) -> bool:
    """Whether a sitemap says by its name that it contains pages or products, which are beside the articles.

    Args:
        url: An absolute URL.
    """
    return _last_word(url) in _BESIDE


def lists_articles(url: str) -> bool:
    """Whether a sitemap says by its name that it contains articles.

    Args:
        url: An absolute URL.
    """
    return _last_word(url) in _ARTICLES


def _last_word(url: str) -> str | None:
    return next(reversed(_name_words(url)), None)


def _name_words(url: str) -> list[str]:
    """Return the words of a sitemap's file name, without numbers and what every name may have."""
    name = urlsplit(url).path.rpartition("/")[2].lower()
    words = (word.rstrip("0123456789") for word in _WORDS.findall(name))
    return [word for word in words if word and word not in _OF_SITEMAPS]


def _segments(path: str) -> list[str] | None:
    """Return the segments of a path as ``path_words`` spells them; None if there are too many."""
    found = [segment for segment in path.split("/") if segment]
    if len(found) > _MOST_SEGMENTS:
        return None
    segments = [spelling(segment) for segment in found]
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    return segments


def spelling(segment: str) -> str:
    """Return a segment of a path as ``path_words`` spells it."""
    text = unquote(segment)
    if not text.isascii():
        text = normalize("NFC", text)
    return text.casefold().replace("_", "-").replace(" ", "-").replace("+", "-")


_TAGS_AND_AUTHORS, _CATEGORIES, PAGE_WORDS, _SEARCHES, _ARCHIVES, _SERVICES = (
    frozenset(map(spelling, words)) for words in (TAGS | AUTHORS, CATEGORIES, PAGES, SEARCHES, ARCHIVES, SERVICES)
)


def _is_list_query(segments: list[str], parameters: Mapping[str, str]) -> bool:
    if any(_NUMBER.fullmatch(parameters.get(name, "")) and int(parameters[name]) > 1 for name in _PAGE_PARAMETERS):
        return True
    is_search = bool(segments) and segments[-1] in _SEARCHES
    return is_search or (not segments and not _LIST_PARAMETERS.isdisjoint(parameters))


def _is_list_path(segments: list[str]) -> bool:
    if not segments or _is_page_of_list(segments):
        return True
    if _LANGUAGE.fullmatch(segments[0]):
        segments = segments[1:]
    if not segments:
        return True
    segments = [*segments[:-1], _ENDING.sub("", segments[-1])]
    if len(segments) == 1 and segments[0] in _SERVICES:
        return True
    return _is_below_word(segments) or _is_of_date(segments)


def _is_page_of_list(segments: list[str]) -> bool:
    last = segments[-1]
    if len(segments) > 1 and segments[-2] in PAGE_WORDS and _NUMBER.fullmatch(last):
        return True
    numbered = _NUMBERED.fullmatch(_ENDING.sub("", last))
    return numbered is not None and numbered["word"] in PAGE_WORDS | {"index"}


def _is_below_word(segments: list[str]) -> bool:
    """Whether the last segment is a word for lists, or the one before it is."""
    last = segments[-1]
    if last in _TAGS_AND_AUTHORS | _CATEGORIES | _SEARCHES | _ARCHIVES:
        return True
    before = segments[-2] if len(segments) > 1 else ""
    if before in _TAGS_AND_AUTHORS:
        return True
    return before in _CATEGORIES | _SEARCHES and not has_article_name(segments[:-1], last)


def _is_of_date(segments: list[str]) -> bool:
    """Whether a path ends with a year, a month or a day, and nothing else says that this is an article."""
    last = segments[-1]
    if _DATE.fullmatch(last):
        return len(segments) == 1 or segments[-2] in _ARCHIVES
    if _is_year(last):
        return len(segments) > 1 and segments[-2] in _ARCHIVES
    dates = 0
    while dates < _MOST_DATE_SEGMENTS and dates < len(segments) and _MONTH_OR_DAY.fullmatch(segments[-1 - dates]):
        dates += 1
    before = segments[: -1 - dates]
    if not dates or len(segments) == dates or not _is_year(segments[-1 - dates]):
        return False
    # Some sites put the date behind the words.
    return not before or not has_article_name(before[:-1], before[-1])


def _is_year(segment: str) -> bool:
    return _YEAR.fullmatch(segment) is not None
