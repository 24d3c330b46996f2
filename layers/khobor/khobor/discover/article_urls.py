"""Guesses whether a URL is that of an article, for sources without an ``article_url`` pattern.

A false positive costs one fetch, after which the page itself shows what it is. A false negative loses an article. So a
number, a date or a few words in the last segment of the path are enough, unless a segment shows the opposite.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

# Path segments below which there are lists, services or files.
_NO_ARTICLES = frozenset(
    {"标签", "標籤", "分类", "分類", "作者", "タグ", "カテゴリー", "カテゴリ", "著者", "태그", "카테고리"}
    | {"แท็ก", "หมวดหมู่", "ผู้เขียน"}
    | {"tag", "tags", "topic", "topics", "author", "authors", "category", "categories", "search"}
    | {"page", "feed", "feeds", "rss", "login", "signin", "register", "signup", "account", "subscribe", "subscription"}
    | {"newsletter", "newsletters", "user", "users", "profile", "privacy", "terms", "contact", "about", "advertise"}
    | {"wp-content", "wp-json", "wp-admin", "wp-includes", "cdn-cgi", "static", "assets", "images", "print", "share"}
)
_NO_ARTICLE_WORDS = frozenset({"privacy", "terms", "cookie", "cookies", "contact", "about", "advertise", "page"})
# The same in scripts that do not separate words: prefixes of the names of pages that are not articles.
_NO_ARTICLE_NAME = re.compile(
    "隐私|隱私|プライバシー|個人情報|特定商取引法|利用規約|개인정보|นโยบาย|ข้อกำหนด|ນະໂຍບາຍ|គោលការណ៍"
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|mp[34]|m4a|m3u8|webm|zip|css|js|json|xml|rss|atom|txt)$", re.IGNORECASE
)
_PAGE_ENDING = re.compile(r"\.(?:html?|shtml|xhtml|php|aspx?|jsp|cms|ece|story)$", re.IGNORECASE)
_ID_PARAMETER = re.compile(r"(?:^|&)(?:p|id|\w{0,12}_?id|article|story|news|post)=\d+(?:&|$)", re.IGNORECASE)
_DATE = re.compile(
    r"(?:^|/)(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2]|[a-z]{3})(?:[-/](?:0?[1-9]|[12]\d|3[01]))?(?=/|-|$)", re.IGNORECASE
)
_FULL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<between>[-/])(?P<month>0?[1-9]|1[0-2])"
    r"(?:(?P=between)(?P<day>0?[1-9]|[12]\d|3[01]))?(?=[/-])",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{5,}")
_SHORT_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\d{3,4}")
# Ids such as c4g2x1y2z3lo, in which letters and digits alternate, unlike in budget2026; and UUIDs.
_OPAQUE_ID = re.compile(
    r"(?=[a-z\d]{8,40}$)[a-z]*\d+[a-z].*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE | re.ASCII
)
_BETWEEN_WORDS = re.compile(r"[-_+ .,]+")
# Not counted: "arts-culture-and-entertainment" is a section.
_SMALL_WORDS = frozenset({"and", "und", "et", "y", "e", "o"})
_FEWEST_WORDS = 4
_FEWEST_WORDS_OF_A_FILE = 3
_SHORTEST_SLUG = 15
# Chinese, Japanese, Thai, Lao, Burmese and Khmer do not separate words, and Korean slugs often do not. Each letter
# counts as a fraction of a headline: nine Chinese characters make one, like four words elsewhere; a section such as
# "วิทยาศาสตร์และเทคโนโลยี" (science and technology) does not. Vowel signs and tone marks do not count.
_UNSPACED = (
    (re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 1 / 9),
    (re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"), 1 / 18),
    (re.compile(r"[\uac00-\ud7a3]"), 1 / 10),
    (re.compile(r"[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e45\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec4]"), 1 / 23),
    (re.compile(r"[\u1000-\u102a\u1780-\u17b3]"), 1 / 18),
)
_HEADLINE = 0.99


def looks_like_article(url: str) -> bool:
    """Return whether a URL looks like that of an article.

    >>> looks_like_article("https://example.com/politics/what-the-vote-means-for-dhaka")
    True
    >>> looks_like_article("https://example.com/tag/what-the-vote-means-for-dhaka")
    False

    Args:
        url: An absolute URL.
    """
    parts = urlsplit(url)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if any(segment.lower() in _NO_ARTICLES for segment in segments) or _FILE.search(parts.path):
        return False
    if _ID_PARAMETER.search(parts.query):
        return True
    if not segments:
        return False
    return has_article_name(segments[:-1], segments[-1])


def is_file(url: str) -> bool:
    """Return whether a URL is that of a file which is no page, such as an image, a feed or a document.

    Args:
        url: An absolute URL.
    """
    return _FILE.search(urlsplit(url).path) is not None


def end_of_date(url: str) -> datetime | None:
    """Return the end of the day or month in the path of a URL, in the last time zone; None if there is no date.

    >>> end_of_date("https://example.com/2026/11/council-votes").isoformat()
    '2026-12-01T12:00:00+00:00'

    Args:
        url: An absolute URL.
    """
    match = _FULL_DATE.search(urlsplit(url).path)
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or 0)
    try:
        # The first day of the next month.
        end = (
            datetime(year, month, day, tzinfo=UTC)
            if day
            else datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        )
    except ValueError:
        return None
    return end + timedelta(days=1 if day else 0, hours=12)


def has_article_name(before: list[str], last: str) -> bool:
    """Return whether the last segment of a path looks like that of an article.

    Args:
        before: The segments before it, decoded.
        last: The last segment, decoded.
    """
    name = _PAGE_ENDING.sub("", last)
    words = _words(name)
    if words and (words[0] in _NO_ARTICLE_WORDS or _NO_ARTICLE_NAME.match(name)):
        return False
    if words and _OPAQUE_ID.fullmatch(words[-1]):
        return True
    return _has_number(before, name) or _is_dated([*before, last], name) or _is_headline(last, name, words)


def _has_number(before: list[str], name: str) -> bool:
    """Whether the last segment of the path has an id, or the one before it has."""
    if _NUMBER.search(name) or _SHORT_NUMBER.fullmatch(name) or _OPAQUE_ID.fullmatch(name):
        return True
    return bool(before) and _NUMBER.search(before[-1]) is not None


def _is_dated(segments: list[str], name: str) -> bool:
    """Whether the path has a date, and letters after it."""
    path = "/".join([*segments[:-1], name])
    date = _DATE.search(path)
    return date is not None and any(character.isalpha() for character in path[date.end() :])


def _is_headline(last: str, name: str, words: list[str]) -> bool:
    fewest = _FEWEST_WORDS_OF_A_FILE if last != name else _FEWEST_WORDS
    return (len(words) >= fewest and len(name) >= _SHORTEST_SLUG) or _is_unspaced_headline(words, fewest)


def _is_unspaced_headline(words: list[str], fewest: int) -> bool:
    """Whether words of a script without spaces make a headline, together with the words of other scripts among them."""
    shares = [sum(len(letter.findall(word)) * worth for letter, worth in _UNSPACED) for word in words]
    return any(shares) and sum(share or 1 / fewest for share in shares) >= _HEADLINE


def _words(name: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(name.lower()) if word and word not in _SMALL_WORDS]
