"""The keys of the raw bucket: pages, listings, large articles on their way to store, and uploaded sources."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

PAGES = "pages/"
UPLOADS = "uploads/"
LISTINGS = "listings/"
HAND_OVER = "articles/"
SOURCES = "sources/"
REPLAYS = "replays/"
LISTING_SUFFIX = ".listing.gz"
_LISTING_PARTS = 4
_PAGE_PARTS = 3
_MOMENT = "%Y-%m-%d/%H%M%S.%fZ"
_DAY = timedelta(days=1)
# The prefixes below which no object is a page.
_OTHERS = (LISTINGS, HAND_OVER, SOURCES, REPLAYS)
# The suffixes of pages, in lower case and without .gz.
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
# The suffixes of files that a browser saves with a page.
_PART_SUFFIXES = (
    *(".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".tif", ".tiff"),
    *(".mp3", ".m4a", ".ogg", ".wav", ".mp4", ".m4v", ".webm", ".mov", ".avi"),
)
# Files that file managers create in folders.
_FILE_MANAGER_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def page_key(host: str, fetched_at: datetime, article_id: str) -> str:
    """Return the key of a fetched page. It shows host, day and article, and keys of a host sort by time.

    >>> page_key("example.com", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'pages/example.com/2026-03-01/090500.000000Z-abc.html.gz'

    Args:
        host: The host in ASCII.
        fetched_at: When it was fetched, aware; the key shows UTC.
        article_id: As ``url.article_id`` returns it.
    """
    return f"{PAGES}{host}/{_moment(fetched_at)}-{article_id}.html.gz"


def is_page(key: str) -> bool:
    """Whether an object is a page, fetched or uploaded; below ``uploads/`` it needs no suffix of pages."""
    if key.startswith((PAGES, UPLOADS)):
        return not_page_reason(key) is None
    # Earlier versions accepted uploaded pages under any key.
    return is_named_as_page(key) and not key.startswith(_OTHERS)


def is_named_as_page(name: str) -> bool:
    """Whether the name of a file or the key of an object has a suffix of pages, in any case, gzipped or not.

    >>> is_named_as_page("PAGE.HTML"), is_named_as_page("page.html.gz"), is_named_as_page("page.mhtml")
    (True, True, False)
    """
    return name.lower().removesuffix(".gz").endswith(_PAGE_SUFFIXES)


def not_page_reason(name: str) -> str | None:
    """Return why a file or an object is not a page, by its name alone; None if it may be one.

    >>> not_page_reason("saved_files/logo.PNG")
    'a .png file, as browsers save with pages'
    >>> not_page_reason("saved/page.php")

    Args:
        name: The path of the file or the key of the object.
    """
    if name.endswith("/"):
        return "a folder"
    last = name.rpartition("/")[2].lower()
    if last.startswith("._") or last in _FILE_MANAGER_FILES:
        return "a file of a file manager"
    if is_named_as_page(last):
        return None
    if last.startswith("."):
        return "a hidden file"
    if last.endswith(_PART_SUFFIXES):
        return f"a .{last.rpartition('.')[2]} file, as browsers save with pages"
    return None


def upload_key(fetched_at: datetime, body_digest: str) -> str:
    """Return the key of a page that was handed over, which may have no URL.

    >>> upload_key(datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'uploads/2026-03-01/090500.000000Z-abc.html.gz'

    Args:
        fetched_at: When it was fetched or saved, aware; the key shows UTC.
        body_digest: The digest of its body.
    """
    return f"{UPLOADS}{_moment(fetched_at)}-{body_digest}.html.gz"


def fetched_page(key: str) -> tuple[str, date, str] | None:
    """Return host, day and URL id of a fetched page from its key; None if the key is not that of a fetched page.

    >>> fetched_page("pages/example.com/2026-03-01/090500.000000Z-abc.html.gz")
    ('example.com', datetime.date(2026, 3, 1), 'abc')
    """
    parts = key.removeprefix(PAGES).split("/")
    if not key.startswith(PAGES) or len(parts) != _PAGE_PARTS:
        return None
    host, day, name = parts
    try:
        return host, date.fromisoformat(day), name.partition("-")[2].removesuffix(".html.gz")
    except ValueError:
        return None


def time_of(key: str) -> datetime | None:
    """Return the time in the key of a fetched or an uploaded page; None if there is none.

    >>> time_of("pages/example.com/2026-03-01/090500.000000Z-abc.html.gz")
    datetime.datetime(2026, 3, 1, 9, 5, tzinfo=datetime.timezone.utc)
    """
    day, _, name = key.rpartition("/")
    try:
        return datetime.strptime(f"{day.rpartition('/')[2]}/{name.partition('-')[0]}", _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def upload_digest(key: str) -> str | None:
    """Return the digest of the body of an uploaded page from its key; None if the key is not one of ``upload_key``.

    >>> upload_digest("uploads/2026-03-01/090500.000000Z-abc.html.gz")
    'abc'
    """
    if not key.startswith(UPLOADS) or len(key.split("/")) != _PAGE_PARTS or time_of(key) is None:
        return None
    return key.rpartition("/")[2].partition("-")[2].removesuffix(".html.gz")


def page_prefixes(host: str, start: date, end: date) -> Iterator[str]:
    """Yield the fewest prefixes, by year, month or day, of the keys of a host's pages from one day to another.

    >>> list(page_prefixes("example.com", date(2026, 1, 31), date(2026, 3, 1)))
    ['pages/example.com/2026-01-31', 'pages/example.com/2026-02', 'pages/example.com/2026-03-01']

    Args:
        host: The host in ASCII.
        start: The first day.
        end: The last day.
    """
    day = start
    while day <= end:
        year, month = date(day.year, 12, 31), (day.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY
        if (day.month, day.day) == (1, 1) and year <= end:
            text, last = f"{day:%Y}", year
        elif day.day == 1 and month <= end:
            text, last = f"{day:%Y-%m}", month
        else:
            text, last = f"{day:%Y-%m-%d}", day
        yield f"{PAGES}{host}/{text}"
        day = last + _DAY


def listing_key(source: str, kind: str, fetched_at: datetime, url_id: str) -> str:
    """Return the key of a fetched listing. It shows source, kind and day, and keys of a source and kind sort by time.

    >>> listing_key("daily", "feed", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz'

    Args:
        source: The name of its source.
        kind: The kind of listing.
        fetched_at: When it was fetched, aware; the key shows UTC.
        url_id: The id of its URL.
    """
    return f"{LISTINGS}{source}/{kind}/{_moment(fetched_at)}-{url_id}{LISTING_SUFFIX}"


def listing_of(key: str) -> tuple[str, str] | None:
    """Return source and kind of a listing from its key; None if the key is not that of a listing.

    >>> listing_of("listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz")
    ('daily', 'feed')
    """
    parts = key.removeprefix(LISTINGS).split("/")
    return (parts[0], parts[1]) if key.startswith(LISTINGS) and len(parts) == _LISTING_PARTS else None


def hand_over_key(article_id: str, message_id: str) -> str:
    """Return the key of an article that is too large for a message of the store queue.

    Args:
        article_id: As ``url.article_id`` returns it.
        message_id: The digest of the content, so that equal articles have equal keys.
    """
    return f"{hand_over_prefix(article_id)}{message_id}.json.gz"


def hand_over_prefix(article_id: str) -> str:
    """Return the prefix of the keys of ``hand_over_key``."""
    return f"{HAND_OVER}{article_id}/"


def _moment(fetched_at: datetime) -> str:
    return f"{fetched_at.astimezone(UTC):{_MOMENT}}"
