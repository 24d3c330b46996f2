"""Which texts can be the name of an author: a person or a desk."""

import re
from functools import cache
from unicodedata import normalize

from khobor.dates.words import vocabulary
from khobor.extract import byline_patterns as patterns
from khobor.extract.byline_patterns import UNSPACED
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import comparable
from khobor.extract.vocabulary import comparable_words, load

# Signs around a name that are not part of it.
EDGES = " ,;:·|–—-=＝：、，。/／\u2022⋅●○■□◆◇▲△★☆◎▪"
DIGIT = re.compile(r"\d")
# What no name contains. A name neither begins nor ends with a host name.
_NOT_IN_NAME = re.compile(
    r"[@:：/／?!<>{}\[\]=＝%$*。！？；“”《》]|\d{4}|(?<![^\W\d_]-)\d{3}|^[\w-]+\.(?:com|net|org)\b|\.(?:com|net|org|de|uk)$"
)
_NOT_IN_ORGANIZATION = re.compile(r"@|//|[<>{}\[\]$*]")
# The lengths of Chinese names with a family name of one character and of two.
_HAN_NAME = (2, 3)
_LONG_HAN_NAME = (3, 4)
_MOST_CHARACTERS = 60
_MOST_WORDS = 7
# Limits for names in scripts without capitals.
MOST_CHARACTERS_UNCASED = 25
_MOST_WORDS_UNCASED = 4
_MOST_CHARACTERS_UNSPACED = 15
_MOST_WORDS_UNSPACED = 2
# How many words a person's name has.
PERSON_WORDS = range(2, 5)


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or a desk."""
    return (
        text[:1].isalnum()
        and any(map(str.isalpha, text))
        and sum(map(str.isalnum, text)) > text.isascii()
        and not _NOT_IN_NAME.search(text)
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and not is_non_name(comparable(text))
    )


def is_organization_name(text: str) -> bool:
    """Whether a text may be the name of an organization, which may be a host name."""
    return (
        any(map(str.isalpha, text))
        and not _NOT_IN_ORGANIZATION.search(text)
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and not is_non_name(comparable(text))
    )


def is_organization(name: str) -> bool:
    """Whether a name is that of a news agency or a desk."""
    return is_agency(name) or bool(patterns.desk().search(name) or patterns.desk_first().match(name))


def is_agency(name: str) -> bool:
    """Whether a name is that of a news agency."""
    return comparable(name) in comparable_words("agencies", "names")


def is_han_name(text: str) -> bool:
    """Whether a text is a Chinese name: a family name and one or two characters, maybe with a space between them."""
    joined = text.replace(" ", "")
    family = load("family_names")
    return bool(UNSPACED.match(joined)) and (
        (len(joined) in _HAN_NAME and joined[0] in family["one"] + family["traditional"])
        or (len(joined) in _LONG_HAN_NAME and joined[:2] in family["two"])
    )


def is_person(text: str) -> bool:
    """Whether a text has two to four words that all begin with a capital."""
    words = text.split()
    return len(words) in PERSON_WORDS and all(word[0].isupper() for word in words) and not DIGIT.search(text)


def is_uncased(text: str) -> bool:
    """Whether a text has neither capitals nor small letters."""
    return not any(char.isupper() or char.islower() for char in text)


def is_uncased_person(text: str) -> bool:
    """Whether a text in a script without capitals has the form of a person's name: two to four words, or Chinese."""
    return is_uncased(text) and is_name(text) and (is_han_name(text) or len(text.split()) in PERSON_WORDS)


def is_known_person(text: str) -> bool:
    """Whether a text in a script without capitals has the form of a person's name, and a word of many such names.

    >>> is_known_person("রফিক আহমেদ"), is_known_person("স্থানীয় সংবাদ")
    (True, False)
    """
    # Most lines begin with a letter of another script.
    if text[:1].isupper() or " " not in text or not is_uncased_person(text):
        return False
    names = load("person_names")
    words = [word.strip(".") for word in normalize("NFC", text).split()]
    is_known = words[0] in _words_of_names("given") or words[-1] in _words_of_names("family")
    return is_known or words[-1].endswith(tuple(names["endings"]))


@cache
def _words_of_names(key: str) -> frozenset[str]:
    return frozenset(normalize("NFC", word) for word in load("person_names")[key])


def is_role(text: str) -> bool:
    """Whether a text is an author's role and nothing else, such as "Senior Reporter"."""
    return bool(patterns.whole_role().fullmatch(text.strip(EDGES))) or comparable(text) in patterns.non_names()


def is_non_name(text: str) -> bool:
    """Whether a text, as ``comparable`` returns it, consists of words that are not names, or is a month alone."""
    non_names = patterns.non_names()
    words = [word for part in text.split() if (word := part.rstrip("0123456789"))]
    if text in non_names or all(word in non_names for word in words):
        return True
    # A month alone is the rest of a date.
    return len(words) == 1 and is_month(words[0])


def is_name_of_other(labels: SiteLabels, name: str) -> bool:
    """Whether a name is that of the site, a section or a place, or has a word that no name has.

    Args:
        labels: The names of the page's site and its sections.
        name: The name.
    """
    plain = comparable(name)
    words = plain.split()
    is_known = labels.is_site(name) or labels.is_section(name) or plain in patterns.place_names()
    return is_known or is_non_name(plain) or not patterns.non_names().isdisjoint(words)


def is_month(word: str) -> bool:
    """Whether a word is the name of a month in any language."""
    tokens = vocabulary().tokens(word, None)
    return len(tokens.roles) == 1 and "month" in tokens.roles[0]


def likely_names(names: list[str]) -> list[str]:
    """Return the names before the first that does not look like one."""
    likely: list[str] = []
    for name in names:
        if not (_looks_like_name(name) or is_agency(name) or patterns.desk_first().match(name)):
            break
        likely.append(name)
    return likely


def _looks_like_name(name: str) -> bool:
    """Whether the words begin with capitals, or there are few of them in a script without capitals."""
    words = name.split()
    if UNSPACED.search(name):
        return len(words) <= _MOST_WORDS_UNSPACED and len(name) <= _MOST_CHARACTERS_UNSPACED
    if is_uncased(name):
        return len(words) <= _MOST_WORDS_UNCASED and len(name) <= MOST_CHARACTERS_UNCASED
    lower = [word for word in words if word[0].islower()]
    if patterns.particles().issuperset(lower):
        return words[-1] not in lower
    return len(lower) <= len(words) // 3 and (words[0] not in lower or words[0] in patterns.particles())
