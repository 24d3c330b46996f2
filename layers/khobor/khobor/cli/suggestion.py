"""What to say of a name that is not there."""

import difflib
from collections.abc import Iterable

_MOST = 3
_MOST_LISTED = 20


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return words that lead from a name that is not there to one that is.

    Args:
        kind: What has such names, such as ``source``.
        name: The name that is not there.
        known: The names that there are.

    >>> unknown("source", "kalbelo", ["kalbela", "prothom-alo"])
    'there is no source kalbelo; did you mean kalbela?'
    >>> unknown("source", "x", ["kalbela", "prothom-alo"])
    'there is no source x; there are kalbela, prothom-alo'
    >>> unknown("source", "x", [])
    'there is no source x'
    """
    names = list(known)
    close = difflib.get_close_matches(name.lower(), names, _MOST)
    if close:
        return f"there is no {kind} {name}; did you mean {' or '.join(close)}?"
    listed = ", ".join(names[:_MOST_LISTED]) + (
        f" and {len(names) - _MOST_LISTED:,} more" if names[_MOST_LISTED:] else ""
    )
    return f"there is no {kind} {name}" + (f"; there are {listed}" if listed else "")
