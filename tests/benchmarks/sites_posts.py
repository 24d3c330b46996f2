"""The posts of ``make sites``: invented, in four languages, and all that is known of them."""

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tests.benchmarks.sites_words import WORDS, Words

POSTS = 30
# The first posts are the newest: an hour to four apart, later ones up to a day.
_YOUNG = 14
_PARAGRAPHS, _SENTENCES = 5, 3
Change = Literal["edited", "silent", "deleted", "moved", "draft"]
# What happens to a post before the second crawl, by its number. All are recent, so they are fetched again.
CHANGES: dict[int, Change] = {
    1: "edited",
    4: "edited",
    8: "edited",
    2: "silent",
    6: "silent",
    3: "deleted",
    9: "deleted",
    5: "moved",
    7: "moved",
    POSTS: "draft",
}
CHANGED_AFTER = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post.

    Attributes:
        number: Its number, from 0 for the newest; the draft has the last one.
        language: Its language.
        title: Its title.
        author: The name of its writer.
        published: When it was published, aware, in the zone of the site.
        modified: When it was edited; None if the site does not say that.
        section: Name and slug of its section.
        tags: Names and slugs of its tags.
        slug: The last part of its path.
        old_slug: The one that it had before; None if it has not moved.
        image: The path of its lead image.
        caption: The caption of that, without the credit.
        credit: The name of the photographer.
        paragraphs: Its text.
    """

    number: int
    language: str
    title: str
    author: str
    published: datetime
    modified: datetime | None = None
    section: tuple[str, str]
    tags: tuple[tuple[str, str], ...]
    slug: str
    old_slug: str | None = None
    image: str
    caption: str
    credit: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> Words:
        """The words of its language."""
        return WORDS[self.language]

    @property
    def caption_line(self) -> str:
        """The caption as the site prints it, with the credit."""
        space = " " if self.words.is_spaced else ""
        return f"{self.caption}{space}{self.words.credit.format(name=self.credit)}"

    @property
    def summary(self) -> str:
        """The first paragraph."""
        return self.paragraphs[0]


def posts_of(language: str, start: datetime, *, is_changed: bool) -> list[Post]:
    """Return the posts of a site as they are at one of two times.

    Args:
        language: Its language.
        start: The time of the first look.
        is_changed: Whether the changes have been made that the second look should find.
    """
    posts = [_post(number, language, start) for number in range(POSTS + 1)]
    if not is_changed:
        return posts[:POSTS]
    return [changed for post in posts if (changed := _changed(post, start))]


def _post(number: int, language: str, start: datetime) -> Post:
    words, chance = WORDS[language], random.Random(f"{language} {number}")
    place = words.places[number % len(words.places)]
    # Five deeds and six subjects: each pair occurs once in thirty posts.
    title = f"{words.subjects[number % 6]}{' ' if words.is_spaced else ''}{words.deeds[number % 5]}"
    sentences = chance.sample(words.sentences, k=len(words.sentences))
    return Post(
        number=number,
        language=language,
        title=title.format(place=place),
        author=words.authors[number % len(words.authors)],
        published=_published(number, start).astimezone(ZoneInfo(words.zone)),
        section=words.sections[number % len(words.sections)],
        tags=tuple(words.tags[each % len(words.tags)] for each in (number, number + 1)),
        slug=f"{chance.choice(_SLUGS)}-{chance.choice(_SLUGS)}-{number + 11}",
        image=f"/images/{language}-{number}.png",
        caption=words.captions[number % 2].format(place=place),
        credit=words.photographers[number // 2 % 2],
        paragraphs=tuple(_paragraphs(words, sentences, chance)),
    )


_SLUGS = (
    "bridge",
    "flood",
    "harbour",
    "council",
    "tram-depot",
    "ferry",
    "vote",
    "schools",
    "accounts",
    "court",
    "river",
)


def _paragraphs(words: Words, sentences: list[str], chance: random.Random) -> Iterator[str]:
    space = " " if words.is_spaced else ""
    for _ in range(_PARAGRAPHS):
        chosen = chance.sample(sentences, k=_SENTENCES)
        yield space.join(
            each.format(place=chance.choice(words.places), number=chance.randrange(3, 97)) for each in chosen
        )


def _published(number: int, start: datetime) -> datetime:
    if number == POSTS:
        return start + CHANGED_AFTER
    minutes = 47 + number * 131 if number < _YOUNG else 47 + _YOUNG * 131 + (number - _YOUNG) * 1_061
    return (start - timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def _changed(post: Post, start: datetime) -> Post | None:
    change = CHANGES.get(post.number)
    more = post.words.addition.format(number=post.number + 2)
    if change == "deleted":
        return None
    if change == "edited":
        at = (start + CHANGED_AFTER).astimezone(post.published.tzinfo)
        return replace(post, paragraphs=(*post.paragraphs, more), title=post.title + post.words.later, modified=at)
    if change == "silent":
        return replace(post, paragraphs=(*post.paragraphs[:-1], more))
    if change == "moved":
        return replace(post, slug=f"{post.slug}-{post.words.tags[0][1]}-plan", old_slug=post.slug)
    return post


def picture(number: int, width: int = 960, height: int = 540) -> bytes:
    """Return a picture of one colour, as PNG.

    Args:
        number: Decides the colour.
        width: In pixels.
        height: In pixels.
    """
    colour = bytes((40 + number * 5 % 200, 90, 120))
    rows = (b"\0" + colour * width) * height

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
