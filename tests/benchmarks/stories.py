"""Invented articles, the copies that editors make of them, and articles that only look like copies.

The sentences are in stories.toml. All comes from a seed: the same seed gives the same articles.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_CHOICE = re.compile(r"\(([^()|]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_QUOTES = "“‘"
_WRITTEN = tomllib.loads(Path(__file__).with_name("stories.toml").read_text("utf-8"))
LANGUAGES = tuple(_WRITTEN)
SERIES = ("weather", "market", "dengue")


class Said(NamedTuple):
    """A sentence, with the lines of stories.toml that it came from."""

    line: str
    text: str


Paragraph = tuple[Said, ...]


@dataclass(frozen=True)
class Story:
    """What somebody wrote.

    Attributes:
        language: One of LANGUAGES.
        facts: What is known of the event: a value for each name.
        paragraphs: The body.
    """

    language: str
    facts: Mapping[str, str]
    paragraphs: tuple[Paragraph, ...]

    @property
    def written(self) -> Mapping[str, Any]:
        """The part of stories.toml for its language."""
        return _written(self.language)

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each paragraph."""
        join = self.written["join"]
        return tuple(join.join(said.text for said in paragraph) for paragraph in self.paragraphs)


Edit = Callable[[Story, Random], Story]


def facts(language: str, chance: Random) -> dict[str, str]:
    """Return an event: a place, names, numbers in the language's digits."""
    written = _written(language)
    digits = str.maketrans("0123456789", written["digits"])
    return {
        name: str(chance.randint(*values)).translate(digits) if isinstance(values[0], int) else chance.choice(values)
        for name, values in written["slots"].items()
    }


def report(language: str, topic: str, known: Mapping[str, str], chance: Random) -> Story:
    """Return a report of an event, in words of its own; what people said is quoted alike by all who report of it."""
    written = _written(language)
    first, *more = written["topics"][topic]
    lines = chance.sample(more, 8) + chance.sample(written["general"], chance.randint(3, 6))
    chance.shuffle(lines)
    said = [Said(line, _say(line, known, chance)) for line in [first, *lines]]
    return Story(language, known, tuple(_paragraphs(said, chance)))


def flash(language: str, topic: str, known: Mapping[str, str], chance: Random) -> Story:
    """Return the first sentences of a report, as they are sent before it is written."""
    lines = _written(language)["topics"][topic][:2]
    return Story(language, known, (tuple(Said(line, _say(line, known, chance)) for line in lines),))


def issue(language: str, series: str, chance: Random) -> Story:
    """Return one of a series: each day the same text with other numbers."""
    known = facts(language, chance)
    lines = _written(language)["series"][series]
    # In a list of numbers no two are the same for the same reason.
    texts = (_SLOT.sub(lambda slot: facts(language, chance)[slot[1]], line) for line in lines)
    return Story(language, known, tuple((Said(line, text),) for line, text in zip(lines, texts, strict=True)))


def with_boilerplate(story: Story, number: int) -> Story:
    """Return a story with the lines that one publisher puts below each of its articles."""
    return _with(story, len(story.paragraphs), story.written["boilerplate"][number])


def _lead(story: Story, chance: Random) -> Story:
    first = tuple(Said(said.line, _say(said.line, story.facts, chance)) for said in story.paragraphs[0])
    return replace(story, paragraphs=(first, *story.paragraphs[1:]))


def _cut(story: Story, chance: Random) -> Story:
    # A third of a story at most: of six paragraphs two.
    most = min(3, len(story.paragraphs) // 3)
    return replace(story, paragraphs=story.paragraphs[: len(story.paragraphs) - chance.randint(1, max(1, most))])


def _colour(story: Story, chance: Random) -> Story:
    line = chance.choice(story.written["colour"])
    return _with(story, chance.randint(1, len(story.paragraphs)), _say(line, story.facts, chance))


def _dateline(story: Story, chance: Random) -> Story:
    line = _say(chance.choice(story.written["datelines"]), story.facts, chance)
    first, *others = story.paragraphs
    dated = replace(story, paragraphs=((Said(line, line), *first), *others))
    return _with(dated, len(dated.paragraphs), chance.choice(story.written["credits"]))


def _synonyms(story: Story, chance: Random) -> Story:
    return _reworded(story, story.written["synonyms"], chance, 0.5)


def _typos(story: Story, chance: Random) -> Story:
    return _reworded(story, story.written["typos"], chance, 0.05)


def _spelling(story: Story, chance: Random) -> Story:
    return _reworded(story, story.written.get("spellings", ()), chance, 0.5)


def _quotes(story: Story, chance: Random) -> Story:
    opening, closing = chance.choice(story.written["quotes"])
    table = str.maketrans({"“": opening, "‘": opening, "”": closing, "’": closing})
    return _changed(story, lambda text: text.translate(table))


def _boilerplate(story: Story, _: Random) -> Story:
    return with_boilerplate(story, 1)


def _layout(story: Story, _: Random) -> Story:
    """Each sentence a paragraph."""
    return replace(story, paragraphs=tuple((said,) for paragraph in story.paragraphs for said in paragraph))


def _several(story: Story, chance: Random) -> Story:
    for edit in chance.sample([_lead, _cut, _colour, _dateline, _synonyms, _typos, _quotes, _boilerplate], 4):
        story = edit(story, chance)
    return story


EDITS: Mapping[str, Edit] = {
    "headline": lambda story, _: story,
    "lead": _lead,
    "cut": _cut,
    "colour": _colour,
    "dateline": _dateline,
    "synonyms": _synonyms,
    "typos": _typos,
    "spelling": _spelling,
    "quotes": _quotes,
    "boilerplate": _boilerplate,
    "layout": _layout,
    "several": _several,
}


def _written(language: str) -> Mapping[str, Any]:
    written: Mapping[str, Any] = _WRITTEN[language]
    return written


def _say(line: str, known: Mapping[str, str], chance: Random) -> str:
    # All reports of an event quote the same words.
    chance = Random(f"{line} {sorted(known.items())}") if line[0] in _QUOTES else chance
    while _CHOICE.search(line):
        line = _CHOICE.sub(lambda choice: chance.choice(choice[1].split("|")), line)
    return _SLOT.sub(lambda slot: known[slot[1]], line)


def _paragraphs(said: Sequence[Said], chance: Random) -> list[Paragraph]:
    paragraphs, rest = [], list(said)
    while rest:
        size = chance.randint(1, 3)
        paragraphs.append(tuple(rest[:size]))
        rest = rest[size:]
    return paragraphs


def _with(story: Story, place: int, text: str) -> Story:
    paragraphs = story.paragraphs
    return replace(story, paragraphs=(*paragraphs[:place], (Said(text, text),), *paragraphs[place:]))


def _changed(story: Story, change: Callable[[str], str]) -> Story:
    return replace(
        story,
        paragraphs=tuple(
            tuple(Said(said.line, change(said.text)) for said in paragraph) for paragraph in story.paragraphs
        ),
    )


def _reworded(story: Story, pairs: Sequence[Sequence[str]], chance: Random, share: float) -> Story:
    """Return a story in which the second text of each pair replaces a share of the first ones."""
    words = {unicodedata.normalize("NFC", old): new for old, new in pairs}
    if not words:
        return story
    pattern = re.compile("|".join(map(re.escape, words)))
    return _changed(
        story,
        lambda text: pattern.sub(
            lambda found: words[found[0]] if chance.random() < share else found[0], unicodedata.normalize("NFC", text)
        ),
    )
