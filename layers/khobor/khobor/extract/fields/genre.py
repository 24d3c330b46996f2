"""News, opinion, live, video or gallery, if the page says so."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from khobor.article import Genre
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate

_TYPES: dict[str, Genre] = {
    "OpinionNewsArticle": "opinion",
    "LiveBlogPosting": "live",
    "ReviewNewsArticle": "opinion",
    "ReportageNewsArticle": "news",
    "NewsArticle": "news",
    "MediaGallery": "gallery",
    "ImageGallery": "gallery",
    "VideoObject": "video",
}
_PATHS: tuple[tuple[re.Pattern[str], Genre], ...] = (
    (re.compile(r"/(?:opinions?|editorials?|op-ed|columns?|comment(?:ary|isfree)?|meinung)/"), "opinion"),
    (re.compile(r"/(?:live|live-?blog|liveticker)/"), "live"),
    (re.compile(r"/(?:videos?|watch)/"), "video"),
    (re.compile(r"/(?:photos?|gallery|galleries|photo-?gallery|bilder|fotostrecken?)/"), "gallery"),
)


def candidates(document: Document, url: str | None) -> Iterator[FieldCandidate[Genre]]:
    """Yield the genre by the article's type in JSON-LD, by the path of the URL, or by OpenGraph.

    Args:
        document: The page.
        url: Its canonical URL.
    """
    for kind in json_ld.types(document.article):
        if _TYPES.get(kind, "news") != "news":
            yield FieldCandidate.at(_TYPES[kind], "json-ld", kind)
    path = urlsplit(url or "").path.lower()
    for pattern, genre in _PATHS:
        if match := pattern.search(path):
            yield FieldCandidate.at(genre, "url", match[0])
    for kind in json_ld.types(document.article):
        if kind in _TYPES:
            yield FieldCandidate.at(_TYPES[kind], "json-ld", kind)
    kind = document.first_meta("og:type") or ""
    if kind.startswith("video"):
        yield FieldCandidate.at("video", "meta", kind)
