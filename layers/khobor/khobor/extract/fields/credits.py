"""The agencies that the article itself names as its source."""

import re
from collections.abc import Iterator

from khobor.extract.found import Found
from khobor.extract.text import clean

_PATTERNS = (
    # খবর আলজাজিরার। — the agency in the genitive, at the end of a paragraph.
    re.compile(r"(?:^|[।.!?]\s*)খবর\s+(?P<genitive>[^।.,]{2,60}?)\s*।?$"),
    re.compile(r"(?:^|[।.!?(]\s*)(?:তথ্য)?সূত্র\s*[:ঃ–-]\s*(?P<name>[^।()]{2,60}?)\s*[।)]?$"),
    re.compile(r"(?:^|[.!?(]\s*)(?:Source|Sources|Quelle|Fuente)\s*:\s*(?P<name>[^().]{2,60}?)\s*[.)]?$"),
    re.compile(r"^[^()a-z]{2,60}\((?P<name>Reuters|AP|AFP|dpa|EFE|ANSA|PTI|ANI|UNB|BSS|Xinhua|TASS|Kyodo|Yonhap)\)"),
)
_BETWEEN = re.compile(r"\s*,\s*|\s+(?:ও|এবং|and|und|y)\s+")
_VOWEL_SIGNS = "ািীুূৃেৈোৌ"


def candidates(paragraphs: list[str]) -> Iterator[Found[tuple[str, ...]]]:
    """Yield the agencies that paragraphs name as their source, each once, in order."""
    names: dict[str, str] = {}
    for paragraph in paragraphs:
        for pattern in _PATTERNS:
            if match := pattern.search(paragraph):
                names |= dict.fromkeys(_names(match.groupdict()), clean(match[0]))
    if names:
        yield Found.at(tuple(names), "heuristic", " … ".join(dict.fromkeys(names.values())))


def _names(groups: dict[str, str]) -> list[str]:
    if genitive := groups.get("genitive"):
        return [_nominative(name) for name in _BETWEEN.split(genitive)]
    return [clean(name) for name in _BETWEEN.split(groups["name"])]


def _nominative(name: str) -> str:
    """Return a Bengali name without the ending of the genitive: -র after a vowel, -ের after a consonant.

    >>> _nominative("আলজাজিরার"), _nominative("রয়টার্সের")
    ('আলজাজিরা', 'রয়টার্স')
    """
    name = clean(name)
    if name.endswith("ের"):
        return name.removesuffix("ের").rstrip("-'’")
    stem = name.removesuffix("র").rstrip("-'’")
    return stem if stem != name and stem.endswith((*_VOWEL_SIGNS, "ই", "ও", "উ")) else name
