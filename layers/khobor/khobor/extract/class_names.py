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
# A part of the value of an attribute that marks breadcrumbs, in either case of its first letter.
BREADCRUMB_MARK = "readcrumb"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
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
    words, beginnings = _words()
    found = 0
    before = ""
    for part in lower.replace("-", " ").replace("_", " ").split():
        found |= words.get(part, 0)
        if before:
            found |= words.get(before + part, 0)
        before = part if part in beginnings else ""
    return found


@cache
def _words() -> tuple[dict[str, int], frozenset[str]]:
    """Return the meaning of each word, and the beginnings of all words."""
    words: dict[str, int] = {}
    for kind, listed in load("class_names").items():
        for word in listed:
            words[word] = words.get(word, 0) | _MEANINGS[kind]
    return words, frozenset(word[:end] for word in words for end in range(1, len(word)))
