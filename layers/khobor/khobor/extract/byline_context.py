"""What stands around a name: whether it says that the name is of a picture, a quotation, a teaser or a comment."""

import re
from itertools import chain, islice

from lxml import etree

from khobor.extract.bylines import introduces_other
from khobor.extract.cards import is_on_card
from khobor.extract.class_names import COMMENTS
from khobor.extract.front_matter import FrontMatter
from khobor.extract.layout import Layout, ancestors_or_self
from khobor.extract.text import is_large, text_of

# Classes of pictures' authors and of quotations, posts of networks and statements of customers.
_OF_PICTURE = re.compile(
    r"caption|bildunterschrift|(?:photo|image|img|picture|foto|bild)\w{0,10}?[_-]{0,2}(?:author|byline|autor|credit)",
    re.IGNORECASE,
)
_OF_QUOTATION = re.compile(r"(?<![a-z])(?:[tT]weet|(?:[bB]lock|[pP]ull)?[qQ]uote[ds]?|[tT]estimonials?)(?![a-z])")
_QUOTATIONS = frozenset({"blockquote", "figcaption"})
# Around the whole article, a class says nothing about a name. An address is of its author.
_AROUND_ALL = frozenset({"article", "main", "body", "html", "address"})
_MOST_AROUND = 3
# How many boxes around a line may say that it is of a comment.
_MOST_BOXES = 6
_LONGEST_LABEL = 40


def is_of_others(element: etree._Element) -> bool:
    """Whether an element with a name is that of a picture or a quotation, or follows a word such as "Checked by"."""
    for each in chain([element], islice(element.iterancestors(), _MOST_AROUND)):
        if each.tag in _AROUND_ALL:
            break
        names = each.get("class") or ""
        if each.tag in _QUOTATIONS or _OF_QUOTATION.search(names) or _OF_PICTURE.search(names):
            # The headline may stand on a picture.
            return next(each.iter("h1"), None) is None
    return _is_behind_other_label(element)


def _is_behind_other_label(element: etree._Element) -> bool:
    around = (element, element.getparent())
    before = next((each.getprevious() for each in around if each is not None and each.getprevious() is not None), None)
    if before is None or not isinstance(before.tag, str) or is_large(before):
        return False
    label = text_of(before)
    return len(label) <= _LONGEST_LABEL and introduces_other(label)


def is_line_of_others(position: int, layout: Layout, front_matter: FrontMatter) -> bool:
    """Whether a line is in a teaser below the headline, or in a comment behind the text.

    Args:
        position: The index of its piece.
        layout: The page.
        front_matter: Its front matter.
    """
    line = layout.pieces[position]
    if position > front_matter.prose[1]:
        return any(each.meaning & COMMENTS for each in islice(ancestors_or_self(line.box), _MOST_BOXES))
    headline = front_matter.headline
    return headline is not None and position > headline and is_on_card(line.box, layout, headline, line)
