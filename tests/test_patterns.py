"""No regular expression of the package takes time that grows faster than the text it reads."""

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import _lru_cache_wrapper
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import khobor

# Characters that stand for all others: the first ones of Unicode, and some of each kind beyond them.
SAMPLE = frozenset(map(chr, range(0x180))) | frozenset(
    " \u2028\u200b।॥、，。（）【】「」：；＝／｜・‧•ー০৫আকীকি中東あ가힣яЯαش١"
)
# A repeat that may go on for longer than this is unbounded.
LONGEST = 1_000
CATEGORIES = {
    sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
OF_CATEGORY = {kind: frozenset(filter(re.compile(pattern).match, SAMPLE)) for kind, pattern in CATEGORIES.items()}
REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
Item = tuple[Any, Any]
# By module and name: why the pattern may stay as it is.
EXCEPTIONS = {
    "khobor.cli.boundary._NOT_ONE_OF": "it reads messages of our own library",
    "khobor.cli.terminal._TRAILING_SPACES": "it reads lines as wide as a terminal",
    "khobor.fetch.refresh._VALUE": "it reads values of at most 4096 characters",
    "khobor.embedded.template._VARIABLE": "it reads our own template",
    "khobor.sources.mistakes._PATTERN": "it reads messages of a library",
    "khobor.url._AMP_LAST": "what stands before a run lets it begin at one place only",
    "khobor.url._AMP_SUFFIX": "what stands before a run lets it begin at one place only",
    "khobor.sources.patterns._PART": "it reads patterns of a source's file, of limited length",
    "khobor.sources.selectors._TESTS": "it reads selectors of a source's file, of limited length",
    "khobor.sources.xpath_cost._TOKEN": "it reads selectors of a source's file, of limited length",
}


def chars(item: Item) -> frozenset[str]:
    """Return the characters that a match of an item may contain."""
    kind, value = item
    if kind is sre.LITERAL:
        return frozenset(chr(value))
    if kind is sre.NOT_LITERAL:
        return SAMPLE - {chr(value)}
    if kind is sre.ANY:
        return SAMPLE
    if kind is sre.IN:
        return chars_of_set(value)
    return frozenset().union(*(chars(inner) for way in ways(item) for inner in way)) if ways(item) else frozenset()


def chars_of_set(items: Sequence[Item]) -> frozenset[str]:
    found: set[str] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add(chr(value))
        elif kind is sre.RANGE:
            found.update(char for char in SAMPLE if value[0] <= ord(char) <= value[1])
        elif kind is sre.CATEGORY:
            found.update(OF_CATEGORY[value])
    return SAMPLE - found if items and items[0][0] is sre.NEGATE else frozenset(found)


def ways(item: Item) -> list[list[Item]]:
    """Return the sequences of which an item matches one, once."""
    kind, value = item
    if kind is sre.BRANCH:
        return [list(way) for way in value[1]]
    if kind is sre.SUBPATTERN:
        return [list(value[3])]
    if kind is sre.ATOMIC_GROUP:
        return [list(value)]
    if kind in REPEATS:
        return [list(value[2])]
    return []


def is_unbounded(item: Item) -> bool:
    return item[0] in REPEATS and item[1][1] > LONGEST


def may_be_empty(item: Item) -> bool:
    kind, value = item
    if kind in REPEATS and value[0] == 0:
        return True
    if kind in {sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.GROUPREF}:
        return False
    return not ways(item) or any(all(map(may_be_empty, way)) for way in ways(item))


def can_fail(items: Sequence[Item]) -> bool:
    return any(not may_be_empty(item) or item[0] in {sre.AT, sre.ASSERT, sre.ASSERT_NOT} for item in items)


def firsts(items: Sequence[Item]) -> frozenset[str]:
    """Return the characters that a sequence may begin with."""
    found: frozenset[str] = frozenset()
    for item in items:
        found |= frozenset().union(*map(firsts, ways(item))) if ways(item) else chars(item)
        if not may_be_empty(item):
            break
    return found


def meets_another(run: frozenset[str], behind: Sequence[Item]) -> bool:
    """Whether another unbounded repeat may take over the characters of a run, before a step that may fail."""
    for at, item in enumerate(behind):
        if item[0] is sre.AT:
            return False
        first = firsts([item])
        if is_unbounded(item) and first & run and chars(item) & run:
            return can_fail(behind[at + 1 :])
        if any(meets_another(run, [*way, *behind[at + 1 :]]) for way in ways(item) if item[0] not in REPEATS):
            return True
        if not may_be_empty(item) and not first & run:
            return False
    return False


def adjacent(items: Sequence[Item], behind: Sequence[Item]) -> Iterator[Item]:
    """Yield the unbounded repeats that may share their characters with another behind them, or with themselves."""
    for at, item in enumerate(items):
        rest = [*items[at + 1 :], *behind]
        gives_back = item[0] in {sre.MAX_REPEAT, sre.MIN_REPEAT}
        if is_unbounded(item) and gives_back and meets_another(chars(item), rest):
            yield item
        if item[0] in {sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP}:
            rest = []
        for way in ways(item):
            yield from adjacent(way, [item, *rest] if is_unbounded(item) else rest)


def behind_which(kind: Any, value: Any) -> list[frozenset[str]]:
    """Return the characters behind which a lookbehind of one character lets something stand; none for other checks."""
    if value[0] != -1 or len(value[1]) != 1:
        return []
    return [chars(value[1][0]) if kind is sre.ASSERT else SAMPLE - chars(value[1][0])]


def begun_again(items: Sequence[Item], before: tuple[frozenset[str], ...] = ()) -> Iterator[Item]:
    """Yield the unbounded repeats in which a search may start at every character.

    Args:
        items: A pattern, or the rest of it.
        before: The characters that each step on the way there may take.
    """
    for at, item in enumerate(items):
        kind, value = item
        if kind is sre.AT and value in {sre.AT_BEGINNING, sre.AT_BEGINNING_STRING}:
            return
        if kind in {sre.ASSERT, sre.ASSERT_NOT}:
            before = (*before, *behind_which(kind, value))
            continue
        if is_unbounded(item):
            yield from [item] * (all(each & chars(item) for each in before) and can_fail(items[at + 1 :]))
        else:
            for way in ways(item):
                yield from begun_again([*way, *items[at + 1 :]], before)
        if not may_be_empty(item):
            if ways(item):
                return
            before = (*before, firsts([item]))


def patterns() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """Yield each compiled pattern of the package with its module and name; those that functions make, too."""
    for each in walk_packages(khobor.__path__, "khobor."):
        if each.name.endswith("__main__"):
            continue
        with suppress(ImportError):
            module = import_module(each.name)
            for name, value in vars(module).items():
                for pattern in compiled(value, each.name):
                    yield each.name, name, pattern


def compiled(value: Any, module: str) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, _lru_cache_wrapper) and value.__module__ == module:
        names = [name for name in value.__annotations__ if name != "return"]
        if "Pattern" in str(value.__annotations__.get("return")) and all(
            value.__annotations__[name] is bool for name in names
        ):
            for flags in product((False, True), repeat=len(names)):
                yield from compiled(value(**dict(zip(names, flags, strict=True))), module)
    elif isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from compiled(each, module)
    elif isinstance(value, dict):
        yield from compiled(list(value.values()), module)


def is_searched_for(module: str, name: str) -> bool:
    source = Path(sys.modules[module].__file__ or "").read_text()
    uses = re.findall(rf"\b{name}(?:\([^()]*\))?\.(\w+)\(", source)
    return not uses or not {"match", "fullmatch"}.issuperset(uses)


def faults(pattern: re.Pattern[Any], *, is_searched: bool) -> list[str]:
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, str) else pattern.flags
    items = list(parser.parse(pattern.pattern, flags))
    found = ["repeats that share characters"] * any(True for _ in adjacent(items, []))
    return found + ["a repeat that begins anywhere"] * (is_searched and any(True for _ in begun_again(items)))


@pytest.mark.parametrize(
    "pattern",
    [r"(?:a+)+b", r"\s*\s*x", r"x\s+(?:y|\s*)\s+z", r"a.*b.*c", r"(?:\w+\s?)*$", r"\s*[|]\s*", r" +$", r"<a[^>]*>"],
)
def test_a_pattern_that_takes_quadratic_time_is_found(pattern: str) -> None:
    assert faults(re.compile(pattern), is_searched=True)


@pytest.mark.parametrize(
    "pattern",
    [r"<[^<>]*>", r"(?<!\s)\s++x", r"^\s*x", r"^\S+(?:\s+\S+)*$", r"a.*", r'"[^"]*"', r"^(?:[^,]*,)*+x", r"\s{0,9}x"],
)
def test_a_pattern_that_takes_linear_time_is_not(pattern: str) -> None:
    assert not faults(re.compile(pattern), is_searched=True)


@pytest.mark.slow
def test_no_pattern_of_the_package_takes_more_than_linear_time() -> None:
    found = {
        f"{module}.{name}": why
        for module, name, pattern in patterns()
        if (why := faults(pattern, is_searched=is_searched_for(module, name)))
    }
    assert {name: why for name, why in found.items() if name not in EXCEPTIONS} == {}
    assert EXCEPTIONS.keys() <= found.keys()


def test_patterns_that_functions_make_are_read_too() -> None:
    names = {name for _, name, _ in patterns()}
    assert {"intro", "after_names", "place_before_name", "_MARKUP"} <= names
