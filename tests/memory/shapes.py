"""Pages that are as large as a page may be, and have as many tags, each in another way."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.example_pages import PARAGRAPHS

from khobor.html.tree import MOST_TAGS

_TITLE = "<html><head><title>The largest page</title></head><body><article><h1>The largest page there may be</h1>"
_END = f"<div>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</div></article></body></html>"
_LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"The largest page","x":['
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _page(before: str, part: str, after: str, size: int) -> bytes:
    """Return a page of a size, in which a part stands again and again between two others."""
    room = size - len(f"{_TITLE}{before}{after}{_END}".encode())
    return f"{_TITLE}{before}{part * (room // len(part.encode()))}{after}{_END}".encode()


def _tags(part: str, size: int) -> bytes:
    """Return a page of a size with nearly as many tags as a page may have, and text in its last paragraph."""
    number = (MOST_TAGS - 100) // part.count("<")
    return _page(f"{part * min(number, (size - 10_000) // len(part))}<p>", "The bridge is open. ", "</p>", size)


# By name, for a size in bytes.
SHAPES: Mapping[str, Callable[[int], bytes]] = MappingProxyType(
    {
        "paragraphs": lambda size: _page("", f"<p>{PARAGRAPHS[0]}</p>\n", "", size),
        "bengali": lambda size: _page("", f"<p>{'পদ্মা সেতুতে যান চলাচল বন্ধ। ' * 6}</p>", "", size),
        "tags": lambda size: _tags("<p>a</p>", size),
        "breaks": lambda size: _tags("<br>", size),
        "links": lambda size: _tags("<a href=/news/1>a</a>", size),
        "images": lambda size: _tags("<img src=/1.jpg>", size),
        "table": lambda size: _tags("<table><tr><td>1<td>2</table>", size),
        "attributes": lambda size: _tags("<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8>", size),
        "flags": lambda size: _page("", f"<p {' '.join(a + b for a in _LETTERS for b in _LETTERS)}>", "", size),
        "nested": lambda size: _page("", "<b>" * 200 + "a" * 10_000 + "</b>" * 200, "", size),
        "text": lambda size: _page("<p>", "The bridge is open. ", "</p>", size),
        "word": lambda size: _page("<p>", "a", "</p>", size),
        "attribute": lambda size: _page("<p title='", "a", "'>b</p>", size),
        "json-ld": lambda size: _page(_LD, "[],", "[]]}</script>", size),
        "entities": lambda size: _page("<p>", "&lt;", "</p>", size),
        "nothing": bytes,
    }
)
