"""The tables of the archive, by migrations. A published migration never changes.

- ``articles``: one row for each article as it was fetched last: what lists show, and what finds it: its index keys and
  its MinHash.
- ``fetches``: one row for each fetch, from which the revisions follow.
- ``marks``: each time that a site answered that it had removed an article, by the article's id or that of a URL.
- ``titles``: each title that readers saw, by its digest.
- ``texts``: the whole article, compressed, once for each content that readers saw.
- ``entries``: the index entries of an article: section, tags, authors, words of the title, similar text. ``key`` is a
  hash, so that nothing readable of a forgotten article is left and an entry is small.
- ``changes``: each kind of change of each revision.
- ``aliases``: the article that was fetched by a URL, by the URL's id.
- ``moves``: the id under which an article that moved goes on, by each other id that it had.
- ``claims``: that the article of a URL has moved to another one, by the URL's id, as a page says with this content.
- ``forgotten``: articles that must never come back, and until they are erased elsewhere where they are known.
- ``headline_changes``: the last changes that readers notice, in the order in which they were written, for ``khobor
  tail``. Numbers are never used twice, so that a reader knows how many it missed.
- ``words``: the words of text and title, for full-text search, without the text itself (``words.py``).

Times are microseconds since 1970. ``listed`` sorts as lists do (``sort_keys.py``); ``day`` is the ordinal of the day by
the source's clocks. Within one transaction all tables agree, so nothing is ever half written.
"""

from khobor.archive.sqlite.words import create_words
from khobor.sqlite.migrations import Migration

_VERSION_1 = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    listed INTEGER NOT NULL,
    day INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    gone_at INTEGER,
    revisions INTEGER NOT NULL,
    source TEXT,
    title TEXT,
    url TEXT,
    section TEXT,
    language TEXT,
    earlier_titles TEXT,
    keys BLOB NOT NULL,
    minhash BLOB
);
CREATE INDEX articles_by_source ON articles (source, listed);
CREATE INDEX articles_by_day ON articles (day, listed);
CREATE INDEX articles_by_listed ON articles (listed);
CREATE INDEX articles_by_added ON articles (added_at, article_id);

CREATE TABLE fetches (
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    page TEXT NOT NULL,
    stated INTEGER NOT NULL,
    digests TEXT NOT NULL,
    extraction TEXT NOT NULL,
    raw_key TEXT NOT NULL,
    raw_version TEXT,
    PRIMARY KEY (number, at, page)
) WITHOUT ROWID;

CREATE TABLE marks (
    article_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (article_id, at)
) WITHOUT ROWID;

CREATE TABLE titles (
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (number, digest)
) WITHOUT ROWID;

CREATE TABLE texts (
    text INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    extraction TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (number, content)
);

CREATE TABLE entries (
    key INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (key, listed, number)
) WITHOUT ROWID;

CREATE TABLE changes (
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changes TEXT NOT NULL,
    title TEXT,
    title_before TEXT,
    PRIMARY KEY (kind, at, article_id)
) WITHOUT ROWID;
CREATE INDEX changes_by_article ON changes (number);

CREATE TABLE aliases (
    url_id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (article_id);

CREATE TABLE forgotten (
    article_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    traces TEXT
) WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '', tokenize = 'ascii');
"""

_VERSION_2 = """
CREATE TABLE headline_changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL,
    data BLOB NOT NULL
);
"""

_VERSION_4 = """
CREATE TABLE moves (
    article_id TEXT PRIMARY KEY,
    moved_to TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX moves_by_article ON moves (moved_to);

CREATE TABLE claims (
    url_id TEXT NOT NULL,
    article_id TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (url_id, article_id, content)
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[Migration, ...] = (_VERSION_1, _VERSION_2, create_words, _VERSION_4)
