"""What the parts of a byline are beside names: roles, titles, places."""

import re

from khobor.extract import byline_patterns as patterns
from khobor.extract.author_names import EDGES, is_agency, is_person, is_uncased
from khobor.extract.byline_patterns import UNSPACED

# A part that begins with such a word in small letters is a place.
_IN_PLACE = re.compile(r"(?:in|at|from|aus|à|en|em)\s+\S")
LONGEST_HAN_NAME = 4


def is_title(text: str) -> bool:
    """Whether a part after a name is longer than Chinese names, or has a word that no surname has.

    >>> is_title("Head of Marketing"), is_title("林马克大学教授"), is_title("Jan van der Berg")
    (True, True, False)
    """
    if UNSPACED.match(text):
        return "·" not in text and len(text) > LONGEST_HAN_NAME
    words = text.split()
    return words[1:] != [] and text[:1].isupper() and any(map(_is_small, words[1:-1])) and words[-1][:1].isupper()


def _is_small(word: str) -> bool:
    return word.isalpha() and word.islower() and word not in patterns.particles()


def is_role_part(text: str) -> bool:
    """Whether a part is a role or a desk, maybe with other words."""
    return bool(patterns.role().search(text) or patterns.desk().search(text.strip(EDGES)))


def is_whole_name(name: str, *, is_sure: bool) -> bool:
    """Whether a text is a person's whole name, given that something else says that it names a person.

    Args:
        name: The text.
        is_sure: Whether that other place is certain to name persons only.
    """
    return is_sure and (is_person(name) or is_uncased(name))


def is_place(name: str, part: str, first: str) -> bool:
    """Whether a part is a place: a word after a name of several words, but no agency; or where a report is from.

    Args:
        name: The part without the words around it.
        part: The part as written.
        first: The first name of the byline.
    """
    part = part.strip(EDGES)
    if (match := patterns.report().search(part)) and not match["place"]:
        return True
    if " " not in first:
        return False
    return bool(_IN_PLACE.match(part)) or (" " not in name and not is_agency(name))
