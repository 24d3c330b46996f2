"""The tables of this room in the database of a local archive. A published migration never changes."""

MIGRATIONS = (
    """
    CREATE TABLE unread (
        key TEXT PRIMARY KEY,
        page BLOB
    ) WITHOUT ROWID;

    CREATE TABLE ingested (
        page BLOB PRIMARY KEY,
        key TEXT NOT NULL,
        article_id TEXT
    ) WITHOUT ROWID;

    CREATE TABLE runs (
        source TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE failures (
        stage TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (stage, subject)
    ) WITHOUT ROWID;
    """,
    # Which version of khobor added to the archive last.
    """
    CREATE TABLE written_by (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        khobor TEXT NOT NULL
    );
    """,
)
