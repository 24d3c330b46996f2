"""Lines about a book: where and when it appeared. Their dates are not those of the article about it."""

import re
from collections.abc import Sequence

from khobor.extract.layout import Piece

# Text of books alone: their number, how many pages they have, who published them and where they appeared.
_OF_BOOK = re.compile(
    r"\bISBN(?:-1[03])?\b"
    r"|\b\d{2,4}\s?(?:Seiten|pages|páginas|pagine|pagina’s|stron|страниц|sayfa|sidor|sider|sivua|oldal|ページ|頁)(?![^\W\d_])"
    r"|\b(?:Erschienen|Paru|Publié|Pubblicato|Publicado)\b.{0,40}\b(?:Verlag|Éditions|Edizioni|Ediciones|Editorial)\b",
    re.IGNORECASE,
)
# The number is in another line of the same list, table or paragraph, which is close.
_NUMBER = re.compile(
    r"\bISBN(?:-1[03])?\b|^(?:Seiten|Pages|Verlag|Publisher|Éditeur|Editorial|Wydawnictwo)$|\bVerlag:", re.MULTILINE
)
_MOST_AROUND = 4
_LONGEST_AROUND = 200


def is_of_book(pieces: Sequence[Piece], position: int, line: str) -> bool:
    """Whether a line is about a book.

    Args:
        pieces: The pieces of a layout.
        position: Where the piece of the line is.
        line: The line.
    """
    if _OF_BOOK.search(line):
        return True
    if not pieces[position].box.in_group:
        return False
    around = pieces[max(0, position - _MOST_AROUND) : position + _MOST_AROUND + 1]
    # One search takes less time than one of each piece.
    texts = [each.text[:_LONGEST_AROUND] for each in around if each.box.in_group]
    return _NUMBER.search("\n".join(texts)) is not None
