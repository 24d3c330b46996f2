"""Every construct that the extractor looks at, many times over on one page: twice the page, how many times the time.

    make scaling

reads the names that the code of the extractor and its vocabulary contain: tags, attributes, meta elements, properties
of JSON-LD and microdata, words of classes, words of labels. Each is repeated beside itself and within itself on pages
of 15 and 60 KB, and so are the shapes that a whole takes long to show: many things deep in a page. What seems to grow
faster than the page, and one construct of each form, is measured again on large pages: of 10 MB, or as large as
khobor reads a page with so many tags. Exits with 1 if twice the page takes more than 2.3 times the time, on average of
two doublings, or a page more than a second for each MB. Where lxml's own parse grows as fast, the construct does not
count.

Thousands of constructs take an hour on two cores. ``--forms`` measures one of each form, in minutes, and ``--matching``
those with a text in their name.
"""

import ast
import gc
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from math import log2
from multiprocessing import get_context
from pathlib import Path
from statistics import geometric_mean
from typing import Annotated, NamedTuple

import typer
from lxml.html import defs
from rich.console import Console
from tests.benchmarks.report import Table
from tests.benchmarks.scaling import LONGEST_SECONDS, SHAPES, Shape, least_seconds

import khobor.extract
from khobor.extract.vocabulary import load
from khobor.html.tree import MOST_TAGS

# Twice the page in twice the time is linear. A machine at work measures up to this.
MOST_TIMES = 2.3
MOST_SECONDS_A_MEGABYTE = 1.0
# The small pages, and how many times as large the others are.
_SIZE = 15_000
_TIMES = 4
_MEGABYTE = 1_000_000
# A shorter time is that of the machine more than that of the page.
_SHORTEST_SECONDS = 0.02
_ATTEMPTS = 3
_NAME = re.compile(r"@?[A-Za-z][A-Za-z0-9:._-]{1,30}")
_SENTENCE = "Ship {n} came in with the tide, and the crews unloaded it."
_ATTRIBUTES = defs.safe_attrs | {
    "itemprop",
    "itemscope",
    "itemtype",
    "content",
    "datetime",
    "property",
    "srcset",
    "style",
}
_WORDS_OF_A_LIST = 3
_IN_JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", '
_SIGNS = "<>&;:,./|-–—·•»«()[]{}'\"=+#@%\\^~*_!?।،、。\u00a0\u200b\u0301\u09c7"

output = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
errors = Console(stderr=True, highlight=False)


class Measured(NamedTuple):
    """How the time of a construct grows.

    Attributes:
        name: Of the construct.
        times: How many times the time twice the page takes, on average of each step of size.
        parse: The same of lxml's parse.
        seconds: CPU seconds of the largest page that was measured.
        size: Of that page, in bytes.
        error: What extraction raised.
    """

    name: str
    times: tuple[float, ...]
    parse: tuple[float, ...]
    seconds: float
    size: int
    error: str | None

    @property
    def grows(self) -> bool:
        """Whether the time grows faster than the page on average of the doublings, and faster than lxml's parse does.

        One doubling alone may cost more, where the tree outgrows a cache of the processor: a loop that only keeps the
        texts of the tree takes 2.5 times as long for that one, and twice as long for the next.
        """
        if not self.times:
            return False
        own, floor = geometric_mean(self.times), geometric_mean(self.parse)
        return own > MOST_TIMES and own > MOST_TIMES / 2 * floor

    @property
    def is_slow(self) -> bool:
        """Whether a page takes more than a second for each MB."""
        return self.seconds > MOST_SECONDS_A_MEGABYTE * max(self.size / _MEGABYTE, 1)


@cache
def constructs() -> Mapping[str, Shape]:
    """Return the shapes by name. The name begins with the form, as ``meta name: og:title`` does."""
    names = names_in_code()
    by_hand = {f"shape {name}: by hand": shape for name, shape in SHAPES.items()}
    return by_hand | {
        f"{form}: {name}": shape
        for shapes in (_tags(names), _attributes(names), _declared(names), _classes(), _texts())
        for form, name, shape in shapes
    }


def names_in_code() -> list[str]:
    """Return the strings in the extractor's code that may be the name of a tag, an attribute, a class or a property."""
    found: set[str] = set()
    for file in Path(str(files(khobor.extract))).rglob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
        found.update(text for text in texts if _NAME.fullmatch(text))
    return sorted(found)


Named = Iterator[tuple[str, str, Shape]]


def _tags(names: Sequence[str]) -> Named:
    for tag in sorted({name for name in names if name in defs.tags} - {"html", "body", "head", "base"}):
        yield "tag", tag, Shape(f'<{tag} href="/{{n}}" src="/{{n}}.jpg">{_SENTENCE}</{tag}>')
        yield "tag in a paragraph", tag, Shape(f"<{tag}>Ship {{n}}</{tag}> and ", "<p>", "</p>")
        yield "tag beside paragraphs", tag, Shape(f"<{tag}>Ship {{n}}</{tag}><p>{_SENTENCE}</p>")
        yield "tag without end", tag, Shape(f"<{tag}>Ship {{n}} ")


def _attributes(names: Sequence[str]) -> Named:
    for name in (name for name in names if name in _ATTRIBUTES or name.startswith(("data-", "aria-"))):
        yield "attribute", name, Shape(f'<div {name}="ship {{n}}"><p>{_SENTENCE}</p></div>')
        yield (
            "long attribute",
            name,
            Shape("ship{n} /{n}.jpg 2026-03-01 ", f'<div {name}="', f'"><p>{_SENTENCE}</p></div>'),
        )


def _declared(names: Sequence[str]) -> Named:
    for name in names:
        value = json.dumps(name)
        yield "meta name", name, Shape(f'<meta name="{name}" content="Ship {{n}}">', in_head=True)
        yield "long meta", name, Shape("Ship {n}, ", f'<meta property="{name}" content="', '">', in_head=True)
        yield "rel", name, Shape(f'<a rel="{name}" href="/{{n}}">Ship {{n}}</a> ', "<p>", "</p>")
        yield "itemprop", name, Shape(f'<div itemprop="{name}">Ship {{n}}</div><p>{_SENTENCE}</p>')
        yield "itemscope", name, Shape(f'<div itemscope itemprop="{name}"><b itemprop="name">Ann {{n}}</b>')
        yield "JSON-LD texts", name, Shape('"Ship {n}",', f"{_IN_JSON_LD}{value}: [", '""]}</script>', in_head=True)
        yield "JSON-LD text", name, Shape("Ship {n}, ", f'{_IN_JSON_LD}{value}: "', '"}</script>', in_head=True)
        thing = f'{{"@type": {value}, "@id": "#{{n}}", "name": "Ann {{n}}", "url": "/{{n}}"}},'
        yield "JSON-LD things", name, Shape(thing, f"{_IN_JSON_LD}{value}: [", "{}]}</script>", in_head=True)


def _classes() -> Named:
    for meaning, words in load("class_names").items():
        for word in (words if isinstance(words, list) else [])[:_WORDS_OF_A_LIST]:
            named = f"{meaning} {word}"
            yield "class", named, Shape(f'<div class="{word}">{_SENTENCE}</div>')
            yield "class beside paragraphs", named, Shape(f'<div class="{word}">Ann Lee {{n}}</div><p>{_SENTENCE}</p>')
            yield (
                "class in a paragraph",
                named,
                Shape(f'<span class="{word}-{{n}} {word}">Ann {{n}}</span>, ', "<p>", "</p>"),
            )
            yield "class without end", named, Shape(f'<div class="{word}"><p>Ship {{n}} came in.</p>')
            yield "long class", named, Shape(f"{word}-{{n}} ", '<div class="', f'"><p>{_SENTENCE}</p></div>')


def _texts() -> Named:
    for sign in _SIGNS:
        yield from _places(f"sign U+{ord(sign):04X}", f"{sign} {{n}} ")
        yield from _places(f"run of U+{ord(sign):04X}", sign * 8)
    for list_name in ("byline", "labels", "sentences", "credit_labels", "dateline", "sections", "agencies"):
        for key, words in load(list_name).items():
            for word in list(words)[:1] if isinstance(words, list | dict) else []:
                yield from _places(f"{list_name} {key}", f"{word} Ann Lee {{n}}, March 1, 2026 ")


def _places(name: str, text: str) -> Named:
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    yield "in the text", name, Shape(f"{text} ", f"<p>{_SENTENCE} ", "</p>")
    yield "paragraphs", name, Shape(f"<p>{text}</p>")
    yield "lines", name, Shape(f"{text}<br>", "<div>", "</div>")
    yield "in the headline", name, Shape(text, "<h1>", f"</h1><p>{_SENTENCE}</p>")
    yield "in the byline", name, Shape(text, '<p class="byline">By ', f"</p><p>{_SENTENCE}</p>")
    yield "in the title", name, Shape(text, "<title>", "</title>", in_head=True)
    yield "in a date", name, Shape(text, "<time>March 1, 2026 ", f"</time><p>{_SENTENCE}</p>")
    yield "in articleBody", name, Shape(escaped, f'{_IN_JSON_LD}"articleBody": "', '"}</script>', in_head=True)
    yield (
        "in the base",
        name,
        Shape(text, '<base href="https://news.example/', '"><link rel="canonical" href="a">', in_head=True),
    )


def largest_read(shape: Shape, size: int) -> int:
    """Return the size of the largest page of a shape, up to a size, that has no more tags than khobor reads.

    Args:
        shape: The shape.
        size: In bytes.
    """
    while (tags := shape.page(size).count(b"<")) > MOST_TAGS:
        size = int(size * (MOST_TAGS - 100) / tags)
    return size


def measure_large(name: str, largest: int) -> Measured:
    """Measure a construct on pages of a size, the half and a quarter of it.

    Args:
        name: Of the construct.
        largest: Bytes of the largest page. It is smaller if khobor does not read so many tags.
    """
    size = largest_read(constructs()[name], largest)
    return measure(name, (size // 4, size // 2, size))


def measure(name: str, sizes: Sequence[int]) -> Measured:
    """Measure a construct on pages of these sizes; again if its time seems to grow faster than the page.

    Args:
        name: Of the construct.
        sizes: In bytes, the smallest first.
    """
    attempts: list[list[tuple[float, float]]] = []
    error = None
    for _ in range(_ATTEMPTS):
        attempt: list[tuple[float, float]] = []
        for size in sizes:
            if attempt and attempt[-1][0] > LONGEST_SECONDS / 2:
                break
            own, floor, raised = least_seconds(constructs()[name].page(size), at_least=0)
            error = error or raised
            attempt.append((own, floor))
        attempts.append(attempt)
        found = growth_of(name, sizes, attempts, error)
        if not found.grows:
            break
    return found


def growth_of(
    name: str, sizes: Sequence[int], attempts: Sequence[Sequence[tuple[float, float]]], error: str | None
) -> Measured:
    """Return the growth by the least time of each size: what disturbs a measurement only ever adds to it."""
    least = [tuple(map(min, zip(*each, strict=True))) for each in zip(*attempts, strict=False)]
    doublings = [log2(larger / smaller) for smaller, larger in pairwise(sizes)]
    steps = [
        (*pair, doubled)
        for pair, doubled in zip(pairwise(least), doublings, strict=False)
        if pair[1][0] > _SHORTEST_SECONDS
    ]
    return Measured(
        name,
        tuple((larger[0] / smaller[0]) ** (1 / doubled) for smaller, larger, doubled in steps),
        tuple((larger[1] / smaller[1]) ** (1 / doubled) for smaller, larger, doubled in steps),
        least[-1][0],
        sizes[len(least) - 1],
        error,
    )


def one_of_each_form() -> list[str]:
    """Return the names of the first construct of each form."""
    firsts: dict[str, str] = {}
    for name in constructs():
        firsts.setdefault(name.partition(":")[0], name)
    return list(firsts.values())


def table(found: Sequence[Measured]) -> Table:
    """Return the constructs with what was measured."""
    rows = [
        [
            f"{each.name} ({each.error})" if each.error else each.name,
            f"{each.size / _MEGABYTE:g}",
            " ".join(f"{times:.2f}" for times in each.times) or "short",
            " ".join(f"{times:.2f}" for times in each.parse) or "short",
            f"{each.seconds:.2f}",
        ]
        for each in found
    ]
    return Table("Twice the page costs … times the time", ["construct", "MB", "times", "parse", "seconds"], rows)


def main(
    matching: Annotated[str, typer.Option(help="Only constructs whose name contains this.")] = "",
    forms: Annotated[bool, typer.Option("--forms", help="Only one construct of each form.")] = False,
    size: Annotated[
        int, typer.Option(min=5_000, help="Bytes of the small pages; others are four times as large.")
    ] = _SIZE,
    largest: Annotated[int, typer.Option(min=400_000, help="Bytes of the largest page.")] = 10_000_000,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
) -> None:
    """Measure all constructs on small pages, then those that grow and one of each form on large pages."""
    of_forms = one_of_each_form()
    names = [name for name in (of_forms if forms else constructs()) if matching in name]
    with get_context("spawn").Pool(jobs, gc.freeze) as pool:
        with errors.status(f"{len(names):,} constructs on small pages"):
            small = list(pool.imap_unordered(partial(measure, sizes=(size, _TIMES * size)), names, chunksize=8))
        suspects = [each.name for each in small if each.grows or each.is_slow or each.error]
        again = list(dict.fromkeys([*suspects, *(name for name in of_forms if name in set(names))]))
        errors.print(f"{len(suspects)} of {len(names):,} constructs are measured again, with one of each form")
        with errors.status(f"{len(again):,} constructs on large pages"):
            large = list(pool.imap_unordered(partial(measure_large, largest=largest), again))
    worst = sorted(large, key=lambda each: max(each.times, default=0), reverse=True)
    output.print(table(worst).rich())
    wrong = [each for each in worst if each.grows or each.is_slow or each.error]
    for each in wrong:
        errors.print(f"{each.name}: {'raises' if each.error else 'grows' if each.grows else 'is slow'}", markup=False)
    raise typer.Exit(bool(wrong))


if __name__ == "__main__":
    typer.run(main)
