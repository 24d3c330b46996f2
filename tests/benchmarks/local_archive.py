"""Measure the archive in SQLite: the cost of a put, of each question, and what takes the space on disk.

``python -m tests.benchmarks.local_archive PAGES [ARTICLES]`` makes articles of those of real pages (a folder of
``.html.gz`` files): each has paragraphs of another one in place of its own, and a title, a URL, tags and a time of its
own.
"""

import gzip
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.article import Article, Author, RawReference
from khobor.errors import PermanentError
from khobor.extract.extraction import extract
from khobor.keys import page_key
from khobor.sqlite.database import Database
from khobor.url import article_id

_IN_ONE_TRANSACTION = 100
_TRIES = 30
_FIRST = datetime(2023, 1, 1, tzinfo=UTC)
_SOURCES = 20


def read_articles(pages: Path) -> list[Article]:
    """Return the articles of the pages in a folder; those that are no article are left out."""
    found: list[Article] = []
    for path in sorted(pages.rglob("*.html.gz")):
        try:
            article = extract(gzip.decompress(path.read_bytes()), f"https://example.com/{path.name}")
        except PermanentError:
            continue
        found += [article] if article.body_text else []
    return found


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
    at = _FIRST + timedelta(minutes=5 * number)
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


def fill(archive: SQLiteArchive, database: Database, real: Sequence[Article], size: int) -> float:
    """Write articles in transactions of a hundred; return the CPU seconds that the puts took."""
    spent = 0.0
    for first in range(0, size, _IN_ONE_TRANSACTION):
        articles = [invented(real, number) for number in range(first, min(first + _IN_ONE_TRANSACTION, size))]
        began = time.process_time()
        with database.write():
            for article in articles:
                archive.put(article)
        spent += time.process_time() - began
    return spent


def questions(
    database: Database, archive: SQLiteArchive, article: Article
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is asked, by its name."""
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


def main(pages: Path, size: int) -> None:
    """Print the figures."""
    real = read_articles(pages)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "archive.db", {"archive": MIGRATIONS}, create=True)
        archive = SQLiteArchive(database)
        spent = fill(archive, database, real, size)
        database.checkpoint()
        texts = sorted(len(article.body_text.encode()) for article in real)
        print(f"the median text has {texts[len(texts) // 2]:,} bytes")
        print(f"{size:,} articles of {len(real)} pages: {1000 * spent / size:.2f} ms CPU a put")
        print(f"{database.path.stat().st_size / size:,.0f} bytes an article on disk")
        for name, used in sizes(database):
            print(f"  {name:28} {used / size:8,.0f}")
        for name, ask in questions(database, archive, invented(real, size // 2)):
            taken = sorted(_timed(ask) for _ in range(_TRIES))
            print(f"{name[:40]:40} {taken[len(taken) // 2]:8.2f} ms, at most {taken[-1]:8.2f}")
        database.close()


def _timed(ask: Callable[[], object]) -> float:
    began = time.process_time()
    ask()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
