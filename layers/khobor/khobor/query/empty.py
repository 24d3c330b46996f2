"""Explains why a list is empty: an unknown name, with similar names, or no article in that time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline
from khobor.archive.interface import ArchiveLists
from khobor.archive.spans import ALWAYS, Bound, Span
from khobor.query.article_query import DEFAULT_NAMES, ArticleQuery, Names

_CUTOFF = 0.6
_NOTHING = {
    "section": "no article{when} has the section {value!r}",
    "tag": "no article{when} has the tag {value!r}",
    "author": "no article{when} has the author {value!r}",
    "change": "no article has changed in this way{when}",
    "words": "no title, and no earlier one, has all words of {value!r}; a part of a word finds nothing",
    "url": "the archive has no article at {value}",
}


class Explainer:
    """Explains why a list is empty.

    Args:
        lists: The lists of the archive.
        sources: Returns the names of the sources that have a file.
        names: The front end's names for the parts of a query.
    """

    def __init__(self, lists: ArchiveLists, sources: Callable[[], Iterable[str]], names: Names = DEFAULT_NAMES) -> None:
        self._lists = lists
        self._sources = sources
        self._names = names

    def why_empty(self, query: ArticleQuery, looked_back_to: date | None = None) -> tuple[str, bool]:
        """Return why a query found nothing, for people, and whether its source is unknown.

        Args:
            query: The query.
            looked_back_to: As the page has it.
        """
        if query.source is not None:
            return self._of_source(query.source, query)
        when, subject = _in_time(query), query.subject
        if subject is None and looked_back_to:
            return f"the archive has no article{when}{looked_no_further(looked_back_to, self._names)}", False
        if subject is None:
            return f"the archive has no article{when}" if query.is_in_time else "the archive is empty", False
        value = getattr(query, subject)
        near = self._near(value) if subject == "section" else ""
        return _NOTHING[subject].format(value=value, when=when) + near, False

    def _of_source(self, source: str, query: ArticleQuery) -> tuple[str, bool]:
        newest = self._lists.by_source(source, limit=1).headlines
        if not newest:
            return self._of_none(source)
        before = Span(until=_until(query))
        (last, *_) = self._lists.by_source(source, span=before, limit=1).headlines or newest
        nearest = f"the nearest is of {last.listed_at:%Y-%m-%d}"
        return f"the archive has no article of {source}{_in_time(query)}; {nearest}", False

    def _of_none(self, source: str) -> tuple[str, bool]:
        names = set(self._sources())
        if source in names:
            return f"the archive has no article of {source}", False
        names |= {each.source for each in self._recent() if each.source}
        near = _did_you_mean(source, names)
        return f"no source {source!r} is known, and the archive has no article of it{near}", True

    def _near(self, section: str) -> str:
        return _did_you_mean(section, {each.section for each in self._recent() if each.section})

    def _recent(self) -> Sequence[Headline]:
        return self._lists.added(limit=MAX_PAGE_SIZE).headlines


def looked_no_further(day: date, names: Names = DEFAULT_NAMES) -> str:
    """Return that a list ended at a day, as the end of a sentence.

    Args:
        day: The first day that was read.
        names: What the caller calls the parameters.

    >>> looked_no_further(date(2026, 3, 1))
    '; days before 2026-03-01 were not looked at: name the first one with since'
    """
    return f"; days before {day} were not looked at: name the first one with {names.get('since', 'since')}"


def _until(query: ArticleQuery) -> Bound:
    return query.day or query.until or ALWAYS.until


def _in_time(query: ArticleQuery) -> str:
    if query.day:
        return f" on {query.day}"
    bounds = [f" from {query.since.isoformat()} on" if query.since else ""]
    bounds.append(f" before {query.until.isoformat()}" if query.until else "")
    return "".join(bounds)


def _did_you_mean(given: str, names: Iterable[str]) -> str:
    by_folded = {name.casefold(): name for name in sorted(names)}
    near = get_close_matches(given.casefold(), by_folded, cutoff=_CUTOFF)
    return f"; did you mean {' or '.join(by_folded[each] for each in near)}?" if near else ""
