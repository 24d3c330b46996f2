"""Measure the SQLite archive: the cost of a put and of each query, and what uses the disk space.

``python -m tests.benchmarks.local_archive PAGES --articles 100000`` makes articles of those of real pages (a folder of
``.html.gz`` files): each has paragraphs of another one in place of its own, and a title, a URL, tags and a time of its
own. With ``--brief`` they are as short as an agency's notes. ``--times 10`` then copies all rows nine times, to later
days, and measures again: so a million articles take minutes, not hours.
"""

import gzip
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.archive.sqlite.words import Words, insert_words, words_of
from khobor.article import Article, Author, Extraction, RawReference
from khobor.errors import PermanentError
from khobor.extract.extraction import extract
from khobor.keys import page_key
from khobor.sqlite.database import Database
from khobor.url import article_id

_IN_ONE_TRANSACTION = 100
_TRIES = 30
# An article is published so long after the one before.
_BETWEEN = timedelta(minutes=5)
# What a later copy of a row has in its columns, by table.
_LISTED = "listed + (:seconds << 25)"
_AT = "+ :seconds * 1000000"
_LATER = {
    "articles": {
        "number": "number + :numbers",
        "article_id": "article_id || :copy",
        "listed": _LISTED,
        "day": "day + :seconds / 86400",
        "added_at": f"added_at {_AT}",
    },
    "fetches": {"number": "number + :numbers", "at": f"at {_AT}"},
    "titles": {"number": "number + :numbers"},
    "texts": {"text": "NULL", "number": "number + :numbers"},
    "entries": {"number": "number + :numbers", "listed": _LISTED},
}
_PARTS = 10
_BLOCKS_OF_A_NOTE = 4
_FIRST = datetime(2023, 1, 1, tzinfo=UTC)
_SOURCES = 20


def read_articles(pages: Path, *, brief: bool = False) -> list[Article]:
    """Return the articles of the pages in a folder; those that are no article are left out.

    Args:
        pages: The folder.
        brief: Whether an article keeps a few paragraphs of its body only, and neither links nor evidence.
    """
    found: list[Article] = []
    for path in sorted(pages.rglob("*.html.gz")):
        try:
            article = extract(gzip.decompress(path.read_bytes()), f"https://example.com/{path.name}")
        except PermanentError:
            continue
        if article.body_text:
            found.append(_brief(article) if brief else article)
    return found


def _brief(article: Article) -> Article:
    evidence = Extraction(version=article.extraction.version)
    return replace(article, body=article.body[:_BLOCKS_OF_A_NOTE], links=(), related=(), extraction=evidence)


def invented(real: Sequence[Article], number: int) -> Article:
    """Return an article much like a real one; the same number gives the same article."""
    random = Random(number)
    like, other, titled = random.choices(real, k=3)
    # As long as the real one, so that its size is real, too.
    body = list(like.body)
    for place, block in zip(random.sample(range(len(body)), min(2, len(body))), other.body[1:], strict=False):
        body[place] = block
    random.shuffle(body)
    host = f"news{number % _SOURCES}.example.com"
    url = f"https://{host}/national/{number}/a-story-of-that-day"
    at = _FIRST + number * _BETWEEN
    words = (titled.title or "No title").split()
    return replace(
        like,
        article_id=article_id(url),
        url=url,
        canonical_url=url,
        source=f"source-{number % _SOURCES}",
        title=" ".join(random.sample(words, len(words))),
        authors=(Author(name=f"Reporter {number % 500}"),),
        tags=tuple(f"tag {random.randrange(3_000)}" for _ in range(4)),
        section=f"section {number % 15}",
        body=tuple(body),
        published_at=at,
        fetched_at=at + timedelta(minutes=20),
        raw=RawReference(bucket="raw", key=page_key(host, at, article_id(url))),
    )


def fill(archive: SQLiteArchive, database: Database, real: Sequence[Article], numbers: range) -> float:
    """Write articles in transactions of a hundred; return the CPU seconds that the puts took."""
    spent = 0.0
    for first in range(numbers.start, numbers.stop, _IN_ONE_TRANSACTION):
        articles = [invented(real, number) for number in range(first, min(first + _IN_ONE_TRANSACTION, numbers.stop))]
        began = time.process_time()
        with database.write():
            for article in articles:
                archive.put(article)
        spent += time.process_time() - began
    return spent


def multiply(database: Database, words: Sequence[Words], times: int) -> None:
    """Copy all articles so often that there are so many times as many, each copy later than all before.

    Args:
        database: An archive with articles whose numbers begin at 1.
        words: Their words, by number.
        times: How many times as many there are at the end.
    """
    size = len(words)
    for copy in range(1, times):
        shift = (copy * size, copy * size * _BETWEEN)
        for table, columns in _LATER.items():
            with database.write() as connection:
                names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
                chosen = ", ".join(columns.get(name, name) for name in names)
                connection.execute(
                    f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE number <= :size",  # noqa: S608 constants
                    {"size": size, "copy": copy, "numbers": shift[0], "seconds": int(shift[1].total_seconds())},
                )
        for first in range(0, size, _IN_ONE_TRANSACTION):
            with database.write() as connection:
                for number, each in enumerate(words[first : first + _IN_ONE_TRANSACTION], first + 1 + shift[0]):
                    insert_words(connection, number, each)


def questions(
    database: Database, archive: SQLiteArchive, article: Article
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the queries, each with its name."""
    lists, full_text = SQLiteLists(database), SQLiteFullText(database)
    now = article.fetched_at + timedelta(days=1)
    text = article.body_text.split()
    common, rare = text[0], max(text, key=len)
    yield "get", lambda: archive.get(article.article_id)
    yield "newest", lambda: lists.newest(now=now)
    yield "by source", lambda: lists.by_source("source-7")
    yield "by day", lambda: lists.by_day(article.listed_at.date())
    yield "by tag", lambda: lists.by("tag", article.tags[0])
    yield "by section", lambda: lists.by("section", "section 3")
    yield "added", lists.added
    yield "words of the title", lambda: lists.by_words((article.title or "").split()[0])
    yield "similar", lambda: lists.similar(article)
    yield f"search {common}", lambda: full_text.search(common)
    yield f"search {rare}", lambda: full_text.search(rare)
    yield f"search {common} {rare}", lambda: full_text.search(f"{common} {rare}")
    yield "search the", lambda: full_text.search("the")
    yield "search in the", lambda: full_text.search('"in the"')
    yield "search gov*", lambda: full_text.search("gov*")


def sizes(database: Database) -> list[tuple[str, int]]:
    """Return the bytes of each table and index, the largest first; none if this SQLite does not tell them."""
    query = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY sum(pgsize) DESC"
    with database.read() as connection:
        has = connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'dbstat'").fetchone()
        return connection.execute(query).fetchall() if has else []


def report(database: Database, archive: SQLiteArchive, asked: Article, size: int) -> None:
    """Print what takes the space in an archive of so many articles, and the cost of each question about one of them."""
    database.checkpoint()
    print(f"{size:,} articles, {database.path.stat().st_size / size:,.0f} bytes each on disk")
    for name, used in sizes(database):
        print(f"  {name:28} {used / size:8,.0f}")
    for name, ask in questions(database, archive, asked):
        taken = sorted(_timed(ask) for _ in range(_TRIES))
        print(f"{name[:40]:40} {taken[len(taken) // 2]:8.2f} ms, at most {taken[-1]:8.2f}", flush=True)


def main(
    pages: Annotated[Path, typer.Argument(help="Folder of pages, .html.gz.")],
    size: Annotated[int, typer.Option("--articles", min=_PARTS, help="How many articles the archive gets.")] = 100_000,
    brief: Annotated[bool, typer.Option(help="Articles of a few paragraphs, without links and evidence.")] = False,
    times: Annotated[int, typer.Option(min=1, help="How many times as many articles there are at the end.")] = 1,
) -> None:
    """Fill an archive, and print the costs of writing and asking, and what takes the space."""
    real = read_articles(pages, brief=brief)
    texts = sorted(len(article.body_text.encode()) for article in real)
    print(f"articles of {len(real)} pages; the median text has {texts[len(texts) // 2]:,} bytes")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "archive.db", {"archive": MIGRATIONS}, create=True)
        archive = SQLiteArchive(database)
        for part in range(_PARTS):
            numbers = range(size * part // _PARTS, size * (part + 1) // _PARTS)
            spent = fill(archive, database, real, numbers)
            print(f"{numbers.stop:9,} articles: {1000 * spent / len(numbers):.2f} ms CPU a put", flush=True)
        asked = invented(real, size // 2)
        report(database, archive, asked, size)
        if times > 1:
            multiply(database, [words_of(invented(real, number)) for number in range(size)], times)
            report(database, archive, asked, size * times)
        database.close()


def _timed(ask: Callable[[], object]) -> float:
    began = time.process_time()
    ask()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    typer.run(main)
