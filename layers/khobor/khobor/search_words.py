"""The words by which a title is searched, in any script."""

import re
import unicodedata

# Characters of scripts that put no spaces between words: two that follow one another are taken for a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
# Joiners change how a word is written, and nobody types them to find it.
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d\u00ad"))


def search_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once, in their order: NFKC, case folded, marks kept, without punctuation.

    >>> search_words("Dhaka’s new bridge, the NEW one")
    ('dhaka', 's', 'new', 'bridge', 'the', 'one')
    >>> search_words("新しい橋")
    ('新し', 'しい', 'い橋')
    """
    folded = unicodedata.normalize("NFKC", text.translate(_JOINERS)).casefold()
    spaced = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return tuple(dict.fromkeys(word for part in _split(spaced) for word in part))


def _split(text: str) -> "list[list[str]]":
    parts = []
    for chunk in text.split():
        for piece in re.split(f"({_UNSPACED.pattern})", chunk):
            if _UNSPACED.fullmatch(piece):
                parts.append([piece[start : start + 2] for start in range(max(1, len(piece) - 1))])
            elif piece:
                parts.append([piece])
    return parts
