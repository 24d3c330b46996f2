"""How right what was read from pages is: each measure is a number from 0 to 1, the greater the better.

``body``
    F1 of the mean precision and the mean recall of a page's sequences of four words, with their number: the measure
    of the article-extraction-benchmark of Scrapinghub. In scripts without spaces a character counts as a word.
``starts``
    Share of pages whose text contains the first words of the true one.
``title``, ``title_or_alternative``
    Share of pages whose title, or one of whose titles, is the true one; punctuation and case do not count.
``published_minute``
    Share of pages whose time of publication is less than a minute from the true one, of those where it is known.
``published_day``
    Share of pages whose day of publication is the true one, by the offset that the page gives or in UTC.
``authors``, ``topics``
    F1 over all names of all pages of which some are known, compared as titles are.
``segments``
    F1 over all segments of all pages: found where they belong, found where they do not.
``kept``
    Share of the articles that were taken for an article and have a text.
``refused``
    Share of the pages that are not articles for which the tool says so, or gives no text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

from tests.benchmarks.corpus import Page
from tests.benchmarks.readings import Reading

_SEQUENCE = 4
# Hiragana to Han, Thai and Burmese: no spaces between words.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1000-\u109f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_NOT_WORD = re.compile(r"\W+")
_MINUTE = timedelta(minutes=1)
# Of the first words so many characters count: tools differ in where the text begins.
_START = 22

Pairs = Sequence[tuple[Page, Reading]]


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean; 0 if both are.

    >>> f1(1.0, 0.5)
    0.6666666666666666
    """
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def normalize(text: str | None) -> str:
    """Return the words of a text, one space between them.

    >>> normalize("“Ｎews”, today – live!")
    'news today live'
    """
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text or "")).strip().casefold()


def sequences(text: str | None) -> Counter[tuple[str, ...]]:
    """Return the sequences of four words of a text; a shorter text is one sequence."""
    words = _WORD.findall(text or "")
    count = max(len(words) - _SEQUENCE + 1, 1 if words else 0)
    return Counter(tuple(words[start : start + _SEQUENCE]) for start in range(count))


def overlap(true: str | None, found: str | None) -> tuple[float | None, float | None]:
    """Return precision and recall of a text; None where nothing was found, or nothing was to be found."""
    expected, given = sequences(true), sequences(found)
    common = (expected & given).total()
    return (common / given.total() if given else None), (common / expected.total() if expected else None)


def body(pairs: Pairs) -> float:
    """Return how right the bodies are."""
    scores = [overlap(page.body, reading.body) for page, reading in pairs]
    return f1(_mean(precision for precision, _ in scores), _mean(recall for _, recall in scores))


def title(pairs: Pairs) -> float:
    """Return how many titles are right."""
    return fmean(normalize(page.title) == normalize(reading.title) for page, reading in pairs)


def title_or_alternative(pairs: Pairs) -> float:
    """Return on how many pages one of the titles is right."""
    return fmean(
        normalize(page.title) in {normalize(reading.title), *_names(reading.alternative_titles)}
        for page, reading in pairs
    )


def published_minute(pairs: Pairs) -> float:
    """Return how many times of publication are right to the minute."""
    return fmean(_apart(page, reading) < _MINUTE for page, reading in pairs)


def published_day(pairs: Pairs) -> float:
    """Return how many times of publication are right to the day."""
    return fmean(bool(_true_days(page, reading) & _days(reading.published)) for page, reading in pairs)


def starts(pairs: Pairs) -> float:
    """Return how many texts contain their first words."""
    return fmean(_squeezed(page.starts)[-_START:] in _squeezed(reading.body) for page, reading in pairs)


def kept(pairs: Pairs) -> float:
    """Return how many articles were taken for one, and have a text."""
    return fmean(not _refused(reading) for _, reading in pairs)


def refused(pairs: Pairs) -> float:
    """Return how many pages that are not articles were refused."""
    return fmean(_refused(reading) for _, reading in pairs)


def authors(pairs: Pairs) -> float:
    """Return how right the authors are."""
    return _of_names([(_names(page.authors), _names(reading.authors)) for page, reading in pairs])


def topics(pairs: Pairs) -> float:
    """Return how right the topics are."""
    return _of_names([(_names(page.topics), _names(reading.topics)) for page, reading in pairs])


def segments(pairs: Pairs) -> float:
    """Return how right the texts are by their segments."""
    right = sum(segment in (reading.body or "") for page, reading in pairs for segment in page.within or ())
    wrong = sum(segment in (reading.body or "") for page, reading in pairs for segment in page.without or ())
    expected = sum(len(page.within or ()) for page, _ in pairs)
    return f1(right / (right + wrong) if right + wrong else 0.0, right / expected if expected else 0.0)


# What is measured, what of a page must be known for it, and what a tool must give.
MEASURES: dict[str, tuple[Callable[[Pairs], float], str, str]] = {
    "body": (body, "body", "body"),
    "starts": (starts, "starts", "body"),
    "title": (title, "title", "title"),
    "title_or_alternative": (title_or_alternative, "title", "alternative_titles"),
    "published_minute": (published_minute, "published_to_the_minute", "published"),
    "published_day": (published_day, "published", "published"),
    "authors": (authors, "authors", "authors"),
    "topics": (topics, "topics", "topics"),
    "segments": (segments, "segments", "body"),
    "kept": (kept, "article", "body"),
    "refused": (refused, "kind", "body"),
}


def score(pages: Iterable[Page], readings: Iterable[Reading], gives: Collection[str]) -> dict[str, float]:
    """Return every measure that the truth of the pages allows, of the fields that a tool gives."""
    pairs = list(zip(pages, readings, strict=True))
    known = {name: [pair for pair in pairs if getattr(pair[0], needs)] for name, (_, needs, _) in MEASURES.items()}
    return {
        name: measure(known[name]) for name, (measure, _, field) in MEASURES.items() if known[name] and field in gives
    }


def body_score(page: Page, reading: Reading) -> float:
    """Return how right one body is, for finding the pages that went worst."""
    if page.body:
        precision, recall = overlap(page.body, reading.body)
        return f1(precision or 0.0, recall or 0.0)
    return segments([(page, reading)])


def _mean(scores: Iterable[float | None]) -> float:
    counted = [score for score in scores if score is not None]
    return fmean(counted) if counted else 0.0


def _apart(page: Page, reading: Reading) -> timedelta:
    if not reading.published or not page.published:
        return timedelta.max
    true, found = datetime.fromisoformat(page.published), datetime.fromisoformat(reading.published)
    if page.precision == "wall" or true.tzinfo is None:
        return abs(true.replace(tzinfo=None) - found.replace(tzinfo=None))
    return abs(_aware(true) - _aware(found))


def _true_days(page: Page, reading: Reading) -> set[date]:
    """Return the days that count as right."""
    if page.precision == "day" or not page.published:
        return {datetime.fromisoformat(page.published).date()} if page.published else set()
    return _days(page.published) | _days(page.published, reading.published)


def _days(text: str | None, zone_of: str | None = None) -> set[date]:
    """Return the day of a time by its own offset, in UTC, and by the offset of another time."""
    if not text:
        return set()
    time = datetime.fromisoformat(text)
    other = datetime.fromisoformat(zone_of).tzinfo if zone_of else None
    zones = (UTC, other) if time.tzinfo else ()
    return {time.date(), *(time.astimezone(zone).date() for zone in zones if zone)}


def _refused(reading: Reading) -> bool:
    return reading.not_article is not None or not (reading.body or "").strip()


def _squeezed(text: str | None) -> str:
    return normalize(text).replace(" ", "")


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _names(values: Iterable[str] | None) -> set[str]:
    return {normalize(value) for value in values or ()} - {""}


def _of_names(pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    right = sum(len(true & found) for true, found in pairs)
    wrong = sum(len(true ^ found) for true, found in pairs)
    return 2 * right / (2 * right + wrong) if right else 0.0
