"""What the class and the id of an element say about its content.

A meaning is a bit, so that ``|`` joins the meanings of several words.
"""

import re
from functools import cache, lru_cache

from khobor.extract.vocabulary import load

CONTENT = 1
OUTSIDE = 2
BYLINE = 4
DATE = 8
TAGS = 16
KICKER = 32
DEK = 64
CAPTION = 128
BREADCRUMB = 256
FRONT = 512
COMMENTS = 1024
TOOLS = 2048

_MEANINGS = {
    "content": CONTENT,
    "outside": OUTSIDE,
    "byline": BYLINE,
    "date": DATE,
    "tags": TAGS,
    "kicker": KICKER,
    "dek": DEK,
    "caption": CAPTION,
    "breadcrumb": BREADCRUMB,
    "front": FRONT,
    "comments": COMMENTS | OUTSIDE,
    "tools": TOOLS | OUTSIDE,
}
# Comments have many compounds, such as "addcomments" and "commentpolicy". A commentary is an article.
_OF_COMMENTS = COMMENTS | OUTSIDE
_COMMENTS_WORD = re.compile(r"comment(?!ar|at|ed|ing)")
# A part of the value of an attribute that marks breadcrumbs, in either case of its first letter.
BREADCRUMB_MARK = "readcrumb"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Classes that WordPress gives to a post, beside "category-harbour" and "tag-ferry". Other systems do it with less.
_OF_WORDPRESS = re.compile(r"hentry|post-\d+|status-publish")
_OF_POST = frozenset({"post", "article", "entry", "node", "story"})
# That of a post has what the front matter of others has, such as its tags; that of a page has menus.
_FOOTER = "footer"
# A topic, an author or a category of a post, but not the class of an element that lists them.
_TOPIC = re.compile(
    r"(?:tags?|categor(?:y|ies)|cat|topics?|terms?|taxonomy|keywords?|series|section|author|label|genre)[_-]+"
    r"(?!(?:list|lists|links?|cloud|wrap|wrapper|container|box|items?|names?|info|bio|label)(?:[_-]|\Z))\S+"
)
# What a layout has: "sidebar-layout", "layout--sidebar", "has-sidebar", "page-no-sidebar".
_FEATURE = re.compile(r"(?:has|with|without|no)[_-]|layout--|\S+?[_-](?:layout|has|with|without|no)(?:[_-]|\Z)")
_WORDS_OF_FEATURES = ("has", "with", "no", "layout")
# The rest of a longer value is data, not class names.
_LONGEST = 160


@lru_cache(maxsize=8192)
def meaning(names: str) -> int:
    """Return the meanings of all words in a class or an id.

    >>> meaning("l-main articleBody") == CONTENT
    True
    """
    names = names[:_LONGEST]
    lower = names if names.islower() else _CAMEL.sub("-", names).lower()
    found = _meaning_of_words(lower)
    if found & ~CONTENT and (others := _without_features(lower)) != lower:
        return found & CONTENT | _meaning_of_words(others)
    return found


def _without_features(names: str) -> str:
    """Return names without those that say what a post is about, or what a layout has."""
    tokens = names.split()
    # Most names have none of these words.
    is_of_wordpress = "hentry" in names or "post-" in names or "status-" in names
    if is_of_wordpress and any(map(_OF_WORDPRESS.fullmatch, tokens)):
        tokens = [token for token in tokens if "-" not in token]
    elif not _OF_POST.isdisjoint(tokens):
        tokens = [token for token in tokens if not _TOPIC.fullmatch(token)]
    has_features = any(map(names.__contains__, _WORDS_OF_FEATURES))
    return " ".join(map(_without_block, tokens) if has_features else tokens)


def _without_block(token: str) -> str:
    """Return a class without the block of BEM, if that is a layout with a feature; else the class."""
    block, _, element = token.partition("__")
    return element if _FEATURE.match(block) else token


def _meaning_of_words(lower: str) -> int:
    words, beginnings = _words()
    found = 0
    before = ""
    for part in lower.replace("-", " ").replace("_", " ").split():
        # Almost no part is one of the words. The footer of an article is none of the page.
        if part in words:
            found |= FRONT if part == _FOOTER and before in _OF_POST else words[part]
        if before and before + part in words:
            found |= words[before + part]
        before = part if part in beginnings else ""
    return found | _OF_COMMENTS if "comment" in lower and _COMMENTS_WORD.search(lower) else found


@cache
def _words() -> tuple[dict[str, int], frozenset[str]]:
    """Return the meaning of each word, and the beginnings of all words."""
    words: dict[str, int] = {}
    for kind, listed in load("class_names").items():
        for word in listed:
            words[word] = words.get(word, 0) | _MEANINGS[kind]
    return words, frozenset(word[:end] for word in words for end in range(1, len(word)))
