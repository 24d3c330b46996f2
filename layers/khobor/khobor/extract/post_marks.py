"""The marks that forums put on posts: "本贴由海风于2009年3月4日10:20:30在〖船只〗发表", in or beside the text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from khobor.extract.front_matter import FrontMatter
from khobor.extract.layout import Layout

# 由 海风 张贴 于 2009-03-04 10:20, 由海风张贴 @ 2009-03-04, 海风 发表于 2009-3-4 10:20
_POST = re.compile(
    r"(?:^|[\s(（本此该])[贴帖文]?由\s?(?P<name>[^\s于於由@:：]{1,20})\s?(?:[张張]贴|张貼|張貼|[发發]表|[发發]布|)\s?[于於@]\s?(?=\d)"
    r"|^(?P<user>[^\s:：]{1,20})\s?(?:发表|發表|发布|發布|张贴|張貼|提交)[于於]\s?[:：]?\s?(?=\d)"
)
_LONGEST = 120
# In the text, such a mark begins with one of these.
_BEGINNINGS = ("本贴由", "本帖由", "本文由", "此贴由", "此帖由", "该贴由", "该帖由")


class PostMark(NamedTuple):
    """The mark of a post.

    Attributes:
        name: The name of its author.
        date: The text behind the name, which begins with a date.
    """

    name: str
    date: str


def post_mark(line: str) -> PostMark | None:
    """Return the mark of a post in a line, None if it has none.

    >>> post_mark("由 海风 张贴 于 2009-03-04 10:20")
    PostMark(name='海风', date='2009-03-04 10:20')
    """
    match = _POST.search(line[:_LONGEST])
    return PostMark(match["name"] or match["user"], line[match.end() : _LONGEST]) if match else None


def marks_in_text(layout: Layout, front_matter: FrontMatter) -> Iterator[PostMark]:
    """Yield the marks in lines of the text.

    Args:
        layout: The page.
        front_matter: Its front matter, which says where the text is.
    """
    first, last = front_matter.prose
    for piece in layout.pieces[first : last + 1]:
        # Next to no line begins so.
        if piece.text.startswith(_BEGINNINGS) and (mark := post_mark(piece.text)):
            yield mark
