"""Whether two URLs of one site can belong to one page, judged by the URLs alone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, unquote_plus, urlsplit

from khobor.extract.text import UNSPACED_SCRIPTS, comparable

# Parts of a path that name a variant of a page.
_VARIANTS = frozenset(
    {"amp", "m", "mobile", "print", "printable", "printer", "printview", "lite", "index", "full", "all", "single"}
)
_FILE_SUFFIX = re.compile(r"\.(?:x?html?|shtml|php\d?|aspx?|jsp|cms|ece|amp|do)$|(?<!\.)\.++$")
_PAGE_OF_SEVERAL = re.compile(r"(?:[&?]?(?:page|pagina|seite|part|pg|p)[-_=]?)?\d{1,3}|page|pagina|seite")
# Names of parameters that identify an article, and of those that identify another page.
_OF_ARTICLE = re.compile(
    r"(?!(?:c|cat|sec|tag|topic|author|user|lang)[a-z]*_?id)(?:.{0,100}[\[_-])?(?:p|v|[a-z]*id|article\w*|story\w*|news\w*|post\w*|item\w*|entry|doc\w*|guid|no|num|nr|slug|title)\]?$"
)
_OF_OTHER = re.compile(r"(?:q|s|url|key|cid|cat\w*|sec\w*|tag|topic|author|view|date|day|year|month)$")
_PARTS_OF_PAGES = frozenset({"page", "pg", "paged", "seite", "pagina", "start", "offset"})
# Parts of a path before the name of a list.
_LISTS = frozenset({"tag", "tags", "topic", "topics", "category", "categories", "author", "authors", "search"})
_ID = re.compile(r"[a-z]{0,12}(\d{5,})[a-z]?")
# A part of a path that identifies an article by its number. Sections have numbers too, but not in this form.
_NUMBER_OF_ARTICLE = re.compile(r"(?:article|artikel|articulo|story|news|post|item|id|a|n)?[-_.]?\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DATE = re.compile(r"(?:^|/)((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)")
_OPAQUE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{8,40}")
_BETWEEN_WORDS = re.compile(r"[-_+ ,.~|:;'’()\[\]]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SHORTEST_NAME = 3
# A year, a month or a day is not longer.
_LONGEST_DAY = 4
_FEWEST_WORDS = 3
# In scripts without spaces.
_SHORTEST_PHRASE = 6
_SIMILAR = 0.6


@dataclass(frozen=True)
class Address:
    """The parts of a canonical URL.

    Attributes:
        url: The URL.
    """

    url: str

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path, decoded and case folded, without those that name a variant of the page."""
        decoded = (_FILE_SUFFIX.sub("", unquote(part).casefold()) for part in urlsplit(self.url).path.split("/"))
        return tuple(part for part in decoded if part and part not in _VARIANTS)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query by name in lower case."""
        pairs = (part.partition("=") for part in urlsplit(self.url).query.split("&") if part)
        return {unquote_plus(name).lower(): unquote_plus(value).casefold() for name, _, value in pairs}

    @cached_property
    def identity(self) -> dict[str, str]:
        """The parameters that may identify a page."""
        return {name: value for name, value in self.parameters.items() if _OF_OTHER.match(name)} | self._of_article

    @cached_property
    def _of_article(self) -> dict[str, str]:
        pairs = self.parameters.items()
        return {name: value for name, value in pairs if _OF_ARTICLE.match(name) or (not value and _has_digit(name))}

    @property
    def numbers(self) -> dict[str, str]:
        """The parameters that identify an article by a number."""
        return {name: value for name, value in self._of_article.items() if _has_digit(name + value)}

    @cached_property
    def number(self) -> str | None:
        """The last long number in path and query that is not a date: ids come after the numbers of sections."""
        texts = (*self.parts, *self.parameters.values())
        words = (word for text in texts for word in _BETWEEN_WORDS.split(text))
        numbers = [match[1] for word in words if (match := _ID.fullmatch(word)) and not _DAY.fullmatch(match[1])]
        return numbers[-1] if numbers else None

    @cached_property
    def date(self) -> tuple[int, ...]:
        """Year, month and day in the path, as many as it has."""
        match = _DATE.search("/".join(self.parts))
        return tuple(int(group) for group in match.groups() if group) if match else ()

    @cached_property
    def slug(self) -> frozenset[str]:
        """The words of the last part of the path that is not a number; empty if it is a single word."""
        words = next((words for part in reversed(self.parts) if (words := _words(part))), frozenset())
        return words if len(words) > 1 or _is_phrase(words) else frozenset()

    @property
    def is_of_list(self) -> bool:
        """Whether it is below a part such as ``tag``, like lists."""
        return not _LISTS.isdisjoint(self.parts[-2:])

    @property
    def names_article(self) -> bool:
        """Whether it has what sections and home pages lack: a number, a headline, an opaque id."""
        if self.numbers:
            return True
        if not self.parts:
            return False
        last = self.parts[-1]
        if self.is_of_list or _YEAR.fullmatch(last) or (self.date and _is_of_date(last)):
            return False
        return bool(
            _has_digit(last)
            or self.number
            or len(self.slug) >= _FEWEST_WORDS
            or _is_phrase(self.slug)
            or _OPAQUE.fullmatch(last)
        )


def mismatch(fetched: Address, claimed: Address, *, is_article: bool) -> str | None:
    """Return why a claimed URL may belong to another page than the fetched one, None if it clearly does not.

    Args:
        fetched: The URL that the page was fetched from.
        claimed: The URL that the page claims as its own, on the same site.
        is_article: Whether the claimed URL is that of an article.
    """
    one, other = fetched.parts, claimed.parts
    if one == other:
        return _mismatch_of_queries(fetched, claimed, is_article=is_article)
    if one[: len(other)] == other and not claimed.identity:
        rest = one[len(other) :]
        is_part = all(map(_PAGE_OF_SEVERAL.fullmatch, rest)) or _is_number_alone(fetched, claimed)
        return None if is_part and is_article else "a page above this one"
    if other[: len(one)] == one and not fetched.identity and (is_article or fetched.names_article):
        return None
    if claimed.is_of_list and not fetched.is_of_list:
        return "a list"
    return None if _is_alike(fetched, claimed) else "another page"


def slug_matches(address: Address, titles: Sequence[str]) -> bool:
    """Whether the slug of a URL has the words of a title.

    Args:
        address: The URL.
        titles: The titles.
    """
    words = address.slug
    if not words:
        return False
    for title in titles:
        title_words = _words(title)
        if _is_phrase(words):
            run = _folded(title).replace(" ", "")
            if run and any(word in run or run in word for word in words if _is_phrase(frozenset({word}))):
                return True
        if len(words) >= _FEWEST_WORDS and len(words & title_words) >= _SIMILAR * len(words):
            return True
    return False


def may_match(address: Address, titles: Sequence[str]) -> bool:
    """Whether the last part of a URL is below a date, or shares a word with a title.

    Args:
        address: The URL.
        titles: The titles.
    """
    if not address.parts or address.is_of_list:
        return False
    last = address.parts[-1]
    if len(address.date) > 1 and not _is_of_date(last):
        return True
    title_words = frozenset(word for title in titles for word in _words(title))
    return any(len(word) > _SHORTEST_NAME and word in title_words for word in _words(last))


def _mismatch_of_queries(fetched: Address, claimed: Address, *, is_article: bool) -> str | None:
    # If the path identifies the article, the query does not matter.
    if is_article and claimed.parts and not claimed.identity and Address(_without_query(claimed.url)).names_article:
        return None
    # The same applies if the parameter that identifies it stays.
    if claimed.numbers and claimed.numbers.items() <= fetched.numbers.items():
        return None
    for name, value in fetched.identity.items():
        if claimed.parameters.get(name) != value and name not in _PARTS_OF_PAGES:
            return f"it has another {name}" if name in claimed.parameters else f"it leaves out {name}"
    return None


def _is_number_alone(fetched: Address, claimed: Address) -> bool:
    """Whether a claimed URL ends with the number after which the fetched one has the headline."""
    if fetched.number is None or fetched.number != claimed.number or not claimed.parts:
        return False
    return _NUMBER_OF_ARTICLE.fullmatch(claimed.parts[-1]) is not None


def _is_alike(fetched: Address, claimed: Address) -> bool:
    """Whether two URLs have the same number, or the same headline and no different number or day."""
    if fetched.number and claimed.number:
        return fetched.number == claimed.number
    length = min(len(fetched.date), len(claimed.date))
    if fetched.date[:length] != claimed.date[:length]:
        return False
    if not fetched.parts or not claimed.parts:
        return False
    if fetched.parts[-1] == claimed.parts[-1]:
        return len(fetched.parts[-1]) >= _SHORTEST_NAME and not _is_of_date(fetched.parts[-1])
    return _is_similar(fetched.slug, claimed.slug)


def _is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = one & other
    if len(shared) < _FEWEST_WORDS:
        return False
    return shared in (one, other) or len(shared) >= _SIMILAR * len(one | other)


def _words(text: str) -> frozenset[str]:
    """Return the words of a text in comparable form, without numbers."""
    return frozenset(word for word in _folded(text).split() if not _has_digit(word))


def _folded(text: str) -> str:
    """Return a text as ``comparable`` returns it, without accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFD", comparable(text)))


def _is_phrase(words: frozenset[str]) -> bool:
    """Whether a word is in a script without spaces, and long enough for a headline."""
    return any(len(word) >= _SHORTEST_PHRASE and UNSPACED_SCRIPTS.match(word) for word in words)


def _is_of_date(part: str) -> bool:
    return part.replace("-", "").isdecimal() and (
        len(part) <= _LONGEST_DAY or bool(_DAY.fullmatch(part.replace("-", "")))
    )


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _without_query(url: str) -> str:
    return url.partition("?")[0]
