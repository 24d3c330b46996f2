"""The tables of the frontier. Times are whole seconds since 1970, those of hosts and the fetch queue milliseconds."""

MIGRATIONS = (
    """
    CREATE TABLE known_urls (
        id TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        source TEXT,
        kind TEXT NOT NULL,
        found_on TEXT,
        depth INTEGER,
        since INTEGER NOT NULL,
        next_visit INTEGER,
        etag TEXT,
        last_modified TEXT,
        answered_by TEXT,
        digest TEXT,
        gone_at INTEGER,
        new_at INTEGER,
        longest_gap REAL,
        is_forgotten INTEGER NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX known_urls_by_next_visit ON known_urls (source, next_visit, id)
        WHERE source IS NOT NULL AND next_visit IS NOT NULL;
    CREATE INDEX forgotten_urls ON known_urls (id) WHERE is_forgotten;
    CREATE INDEX known_urls_by_end ON known_urls (expires);

    CREATE TABLE host_turns (
        host TEXT PRIMARY KEY,
        state BLOB,
        next_at INTEGER NOT NULL,
        is_taken INTEGER NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE robots_files (
        host TEXT PRIMARY KEY,
        content BLOB NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE queued_work (
        host TEXT PRIMARY KEY,
        until INTEGER NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE fetch_queue (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        host TEXT NOT NULL,
        body TEXT NOT NULL,
        same TEXT UNIQUE,
        sent_at INTEGER NOT NULL,
        deliveries INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX fetch_queue_by_host ON fetch_queue (host, number);
    CREATE TABLE queued_hosts (
        host TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX queued_hosts_by_time ON queued_hosts (due_at, host);
    CREATE TABLE sent_requests (
        same TEXT PRIMARY KEY,
        sent_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sent_requests_by_time ON sent_requests (sent_at);
    """,
    # What the feed that listed an article stated about it.
    """
    ALTER TABLE known_urls ADD COLUMN entry TEXT;
    """,
)
