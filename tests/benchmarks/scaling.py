"""How the time of extraction grows with the page: ten times the page, how many times the time.

Each shape is a page of one thing many times over, numbered, so that nothing is found to be the same thing again.
"""

import gc
from collections.abc import Callable, Sequence
from itertools import count, islice, pairwise
from typing import NamedTuple

import lxml.html
from tests.benchmarks.floors import LINEAR
from tests.benchmarks.reader import Timed

from khobor.extract import extract

URL = "https://news.example/world/1"
_TIMES = 10
# What is quadratic would take minutes: a larger page is not tried if it may take longer than this.
LONGEST_SECONDS = 30.0
# A page is read again and again for as long, and the least time counts: what disturbs only ever adds to it.
_MEASURED_SECONDS = 0.2
_FEWEST_ROUNDS = 2
_MOST_ROUNDS = 5
_ATTEMPTS = 3
# lxml's own parse of some shapes is quadratic: what stands on it cannot do better.
_PARSE_NOT_LINEAR = 20.0

_HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The harbour opens again</title>'
    '<meta property="article:published_time" content="2026-03-01T10:00:00+01:00">'
)
_TOP = "</head><body><header><h1>The harbour opens again</h1></header><main><article>"
_END = "</article></main></body></html>"
_WORDS = "Ship {n} came in with the tide, and the crews unloaded it before the evening, as they said"
_SENTENCE = f"{_WORDS.replace('{n}', '0')}."
_NESTED = 200
# As deep as a small page can have things in it.
_DEEP = 400


class Shape(NamedTuple):
    """A page that repeats one construct.

    Attributes:
        unit: The thing; ``{n}`` becomes its number.
        before: What stands before the first.
        after: What stands after the last.
        in_head: Whether the things stand in the page's head; then a paragraph stands in its body.
    """

    unit: str
    before: str = ""
    after: str = ""
    in_head: bool = False

    def page(self, size: int) -> bytes:
        """Return a page of about so many bytes."""
        number = max(size - len(self.before) - len(self.after), size // 2) // len(self.unit)
        things = islice((self.unit.replace("{n}", str(n)) for n in count()), number)
        many = f"{self.before}{''.join(things)}{self.after}"
        parts = (_HEAD, many, _TOP, f"<p>{_SENTENCE}</p>") if self.in_head else (_HEAD, _TOP, many)
        return "".join((*parts, _END)).encode()


SHAPES = {
    "paragraphs": Shape(f"<p>{_WORDS}, and then went home.</p>\n"),
    "headings": Shape(f"<h2>Ship {{n}}</h2><p>{_WORDS}.</p>"),
    "one text": Shape(f"{_WORDS}. ", "<p>", "</p>"),
    "lines": Shape(f"{_WORDS}.<br><br>"),
    "inline tags": Shape(f"<b>Ship</b> <i>{{n}}</i> <span>{_WORDS}</span>, ", "<p>", "</p>"),
    "nested": Shape("<div>" * _NESTED + f"<p>{_WORDS}.</p>" + "</div>" * _NESTED),
    "nested without end": Shape(f"<div><p>{_WORDS}.</p>"),
    "unclosed tags": Shape(f"<p><b><i>{_WORDS}"),
    "closed before opened": Shape(f"</b></i></section><p>{_WORDS}</div>"),
    "links": Shape('<li><a href="/world/{n}">What ship {n} brought to the harbour</a></li>', "<ul>", "</ul>"),
    "linked paragraphs": Shape(f'<p>{_WORDS} <a href="/ships/{{n}}">to us</a> on that day.</p>'),
    "images": Shape('<figure><img src="/ship-{n}.jpg" alt="Ship {n}"><figcaption>Ship {n}</figcaption></figure>'),
    "captions": Shape("<figcaption>Ship {n}</figcaption>", "<figure><i>A</i>", "</figure>"),
    "entries": Shape(f'<div class="ship"><h3><a href="/ships/{{n}}">{{n}}. Ship</a></h3><p>{_WORDS} {{n}}.</p></div>'),
    "questions": Shape(
        f'<div><button aria-expanded="false">Ship {{n}}?</button><div hidden><p>{_WORDS} {{n}}.</p></div></div>'
    ),
    "links around texts": Shape(f'<a href="/ships/{{n}}">{f"<p>{_WORDS} {{n}}.</p>" * 4}</a>'),
    "tables in side columns": Shape(
        f'<p>{_WORDS} {{n}}.</p><div class="sidebar"><table><tr><td>A<td>{{n}}<tr><td>B<td>{{n}}</table></div>'
    ),
    "table": Shape(f"<tr><td>{{n}}</td><td>{_WORDS}</td><td>12</td></tr>", "<table>", "</table>"),
    "times": Shape('<time datetime="2026-03-01T10:00:{n}">March 1, 2026, 10:00</time><p>Ship {n} came in.</p>'),
    "attributes": Shape(f'<p class="a-{{n}} b-{{n}} story" id="p{{n}}" data-a="{{n}}" data-b="2">{_WORDS}.</p>'),
    "attributes of one tag": Shape(f' data-a{{n}}="{_WORDS}"', "<p", f">{_SENTENCE}</p>"),
    "meta tags": Shape('<meta property="article:tag" content="Ship {n}">', in_head=True),
    "JSON-LD scripts": Shape(
        '<script type="application/ld+json">{"@type": "NewsArticle", "@id": "#{n}", "headline": "Ship {n}", '
        '"datePublished": "2026-03-01T10:00:00Z", "author": {"@type": "Person", "name": "Ann {n}"}}</script>',
        in_head=True,
    ),
    "one JSON-LD script": Shape(
        '{"@type": "NewsArticle", "@id": "#{n}", "isPartOf": {"@id": "#0"}, "author": [{"name": "Ann {n}"}]}, ',
        '<script type="application/ld+json">{"@graph": [',
        '{"@type": "WebPage"}]}</script>',
        in_head=True,
    ),
    "one JSON-LD script, broken": Shape('{"@graph": [ // {n}\n', '<script type="application/ld+json">', "</script>"),
    "one script": Shape("var ship{n} = '<p>{n}</p>';\n", "<script>", "</script>"),
    "comments": Shape("<!-- ship {n} --><p>Ship {n} came in.</p>"),
    "references": Shape("<p>Ship &amp; crew &#8220;{n}&#8221; &lt;came&gt; in &hellip;</p>"),
    "lines with a name": Shape("Ann Lee {n}<br>", '<p class="byline">By ', "</p>"),
    "bylines": Shape('<span class="byline">By Ann Lee {n}</span>', "<div>", "</div>"),
    "nested times": Shape("<time>{n}"),
    "nested bylines": Shape('<span class="author">Ann {n} '),
    "nested headings": Shape("<h1>Ship {n} "),
    "frames": Shape('<iframe src="https://www.youtube.com/embed/{n}"></iframe>'),
    "sets of images": Shape('<img srcset="/ship-{n}.jpg 1x, /ship-{n}-2.jpg 2x" src="/ship-{n}.jpg">'),
    "authors": Shape(
        '"Ann Lee {n}",',
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": [',
        '"x"]}</script>',
        in_head=True,
    ),
    "authors in microdata": Shape(
        '<span itemprop="author">Ann Lee {n}</span>',
        '<div itemscope itemtype="https://schema.org/NewsArticle">',
        "</div>",
    ),
    "things in microdata": Shape(
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ann {n}</b></div>',
    ),
    "meta dates": Shape(
        '<meta name="date" content="2025-03-01 {n}"><meta name="date" content="1 March 2025">', in_head=True
    ),
    "keywords": Shape(
        "Ship {n}      ,\n\n\n\n  ",
        '<script type="application/ld+json">{"@type": "NewsArticle", "keywords": "',
        '"}</script>',
        in_head=True,
    ),
    "spaces in keywords": Shape(
        "   \t\t\n\n   ",
        '<script type="application/ld+json">{"@type": "NewsArticle", "keywords": "Ship',
        'crew"}</script>',
        in_head=True,
    ),
    "spaces": Shape(" \n\t&nbsp;", "<p>A", "B</p>"),
    "lines of numbers": Shape("Quay {n}<br>", "<p>", "</p>"),
    "preformatted texts without end": Shape("<pre>Ship {n} "),
    "menus of tags": Shape('<nav class="tags">ferry {n}</nav>'),
    "references to one thing": Shape(
        '"p{n}": {"@id": "#0"}, ',
        '<script type="application/ld+json">{"@id": "#0", "@type": "NewsArticle", ',
        '"name": "A"}</script>',
        in_head=True,
    ),
    "properties deep in a page": Shape('<b itemprop="author">Ann {n}</b>', "<div>" * _DEEP),
    "things deep in an article": Shape(
        '<b itemscope itemprop="author"><i itemprop="name">Ann {n}</i></b>',
        f'<div itemscope itemtype="https://schema.org/NewsArticle">{"<div>" * _DEEP}',
    ),
    "footers deep in a page": Shape("<footer><b>Ship {n}</b></footer>", f"</article>{'<div>' * _DEEP}"),
    "links deep in a page": Shape('<a href="/world/{n}">What ship {n} brought to us</a> ', "<div>" * _DEEP),
    "text in many figures": Shape("<b>Ship {n}</b> ", "<figure>" * _DEEP),
    "text in many tools": Shape("<b>Ship {n}</b> ", '<div class="toolbar">' * _DEEP, "<p>A</p>"),
    "text in many menus": Shape("<b>Ship {n}</b> ", "<nav><div>" * (_DEEP // 2), "<time>1</time><b class=byline>A</b>"),
    "text in many breadcrumbs": Shape(
        "Ship {n} ", f'<nav><ol class="breadcrumb">{"<li><ul>" * (_DEEP // 4)}', "</nav>"
    ),
    "text in many names": Shape("Ship {n} came in, ", '<div class="kicker">' * _NESTED),
    "text in many dates": Shape("May {n}, 2026, came in ", "<time>" * _NESTED),
    "text in many headlines in microdata": Shape("Ship {n} came in, ", '<div itemprop="headline">' * _NESTED),
    "areas for text": Shape(f'<p>{_WORDS}.</p><form><textarea name="t{{n}}"></textarea></form>'),
    "symbols of users": Shape('<p><i class="fa fa-user"></i> Ann Lee {n}</p>'),
    "data in attributes": Shape('<div data-page=\'{"title": "Ship {n}", "text": "' + _SENTENCE * 3 + "\"}'></div>"),
    "words before buttons": Shape("<p>By</p><button>Ann Lee {n}</button>"),
    "text in many tables": Shape("<b>Ship {n}</b> ", "<table><tr><td>" * (_DEEP // 4)),
}


# CPU seconds of extraction and of lxml's parse, and what extraction raised.
Timing = tuple[float, float, str | None]


class Measured(NamedTuple):
    """A page of a shape.

    Attributes:
        size: Its bytes, about.
        cost: CPU seconds of extraction.
        floor: CPU seconds of lxml's parse.
        error: What extraction raised.
    """

    size: int
    cost: float
    floor: float
    error: str | None = None


class Growth(NamedTuple):
    """How many times the time ten times the page of a shape takes.

    Attributes:
        shape: Its name.
        times: Of extraction, for each step of size.
        parse: Of lxml's parse, for each step of size.
        cost: CPU seconds of the largest page that was tried.
        size: Of that page, in bytes.
        error: What extraction raised on any page.
    """

    shape: str
    times: list[float]
    parse: list[float]
    cost: float
    size: int
    error: str | None

    @property
    def counts(self) -> bool:
        """Whether the parse itself is linear."""
        return max(self.parse) < _PARSE_NOT_LINEAR


def worst(growths: list[Growth]) -> Growth:
    """Return the growth that is the worst of those that count."""
    return max((growth for growth in growths if growth.counts), key=lambda growth: max(growth.times))


def measure(name: str, largest: int, time_page: Callable[[bytes], Timing] | None = None) -> Growth:
    """Measure a shape with three pages, each ten times the one before; again if it does not look linear.

    Args:
        name: Of the shape.
        largest: Bytes of the largest page; a page that may take too long is not tried.
        time_page: What measures a page, if not ``least_seconds``.
    """
    attempts = []
    for _ in range(_ATTEMPTS):
        attempts.append(_measure(SHAPES[name], largest, time_page or least_seconds))
        found = growth(name, [_least(pages) for pages in zip(*attempts, strict=False)])
        if max(found.times) <= LINEAR or max(found.parse) >= _PARSE_NOT_LINEAR:
            break
    return found


def _measure(shape: Shape, largest: int, time_page: Callable[[bytes], Timing]) -> list[Measured]:
    measured: list[Measured] = []
    times = float(_TIMES)
    for size in (largest // _TIMES**2, largest // _TIMES, largest):
        if measured and measured[-1].cost * times > LONGEST_SECONDS:
            break
        measured.append(Measured(size, *time_page(shape.page(size))))
        if len(measured) > 1:
            times = max(times, measured[-1].cost / measured[-2].cost)
            # It does not count, and a larger page would take lxml minutes.
            if measured[-1].floor / measured[-2].floor >= _PARSE_NOT_LINEAR:
                break
    return measured


def _least(pages: Sequence[Measured]) -> Measured:
    cost = min(page.cost for page in pages)
    return pages[-1]._replace(cost=cost, floor=min(page.floor for page in pages))


def growth(name: str, measured: list[Measured]) -> Growth:
    """Return the growth from page to page."""
    steps = list(pairwise(measured))
    return Growth(
        shape=name,
        times=[larger.cost / smaller.cost for smaller, larger in steps],
        parse=[larger.floor / smaller.floor for smaller, larger in steps],
        cost=measured[-1].cost,
        size=measured[-1].size,
        error=next((page.error for page in measured if page.error), None),
    )


def least_seconds(page: bytes, at_least: float = _MEASURED_SECONDS) -> Timing:
    """Return the least CPU seconds of extraction and of the parse of a page, and what extraction raised.

    Python's collector is paused, as ``timeit`` does: its time is that of what else the process holds.

    Args:
        page: The page.
        at_least: For how many seconds it is read again and again.
    """
    # What another page left behind is not this one's.
    gc.collect()
    gc.disable()
    try:
        return _least_seconds(page, at_least)
    finally:
        gc.enable()


def _least_seconds(page: bytes, at_least: float) -> Timing:
    costs: list[float] = []
    floors: list[float] = []
    error = None
    while len(costs) < _FEWEST_ROUNDS or (len(costs) < _MOST_ROUNDS and sum(costs) < at_least):
        with Timed() as floor:
            lxml.html.document_fromstring(page)
        with Timed() as cost:
            extract(page, URL)
        floors.append(floor.seconds)
        costs.append(cost.seconds)
        error = cost.error
    return min(costs), min(floors), error
