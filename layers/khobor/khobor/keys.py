"""The keys of the raw bucket: where a page, a listing, an article handed over or an uploaded source lies."""

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
_DAY = timedelta(days=1)
# Below these no object is a page.
_OTHERS = (LISTINGS, HAND_OVER, SOURCES, REPLAYS)
# What a page is called, in lower case and without .gz.
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
# What a browser saves beside a page.
_PART_SUFFIXES = (
    *(".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".tif", ".tiff"),
    *(".mp3", ".m4a", ".ogg", ".wav", ".mp4", ".m4v", ".webm", ".mov", ".avi"),
)
# What file managers leave in folders.
_LEFT_BY_FILE_MANAGERS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def page_key(host: str, fetched_at: datetime, article_id: str) -> str:
    """Return the key of a fetched page: it shows host, day and article, and sorts by time within its host.

    >>> page_key("example.com", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'pages/example.com/2026-03-01/090500.000000Z-abc.html.gz'

    Args:
        host: The host in ASCII.
        fetched_at: Aware; the key shows UTC.
        article_id: As ``url.article_id`` gives it.
    """
    return f"{PAGES}{host}/{_moment(fetched_at)}-{article_id}.html.gz"


def is_page(key: str) -> bool:
    """Whether an object is a page, fetched or uploaded; below ``uploads/`` its name need not say so."""
    if key.startswith((PAGES, UPLOADS)):
        return no_page(key) is None
    # Before there was one place for uploads, pages could lie under any key.
    return is_named_as_page(key) and not key.startswith(_OTHERS)


def is_named_as_page(name: str) -> bool:
    """Whether a file's name or an object's key ends as that of a page, in whatever case, gzipped or not.

    >>> is_named_as_page("PAGE.HTML"), is_named_as_page("page.html.gz"), is_named_as_page("page.mhtml")
    (True, True, False)
    """
    return name.lower().removesuffix(".gz").endswith(_PAGE_SUFFIXES)


def no_page(name: str) -> str | None:
    """Return why a file or an object is no page, by its name alone; None where it may be one.

    >>> no_page("saved_files/logo.PNG")
    'a .png file, as pages have beside them'
    >>> no_page("saved/page.php")

    Args:
        name: The file's path or the object's key.
    """
    if name.endswith("/"):
        return "a folder"
    last = name.rpartition("/")[2].lower()
    if last.startswith("._") or last in _LEFT_BY_FILE_MANAGERS:
        return "a file that a file manager left"
    if is_named_as_page(last):
        return None
    if last.startswith("."):
        return "a hidden file"
    if last.endswith(_PART_SUFFIXES):
        return f"a .{last.rpartition('.')[2]} file, as pages have beside them"
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
    """Return host, day and id of the URL of a fetched page by its key, None for a key of none.

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


def page_prefixes(host: str, start: date, end: date) -> Iterator[str]:
    """Yield the fewest prefixes by year, month and day that the pages of a host from one day to another have.

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
    """Return the key of a fetched listing: it shows source, kind and day, and sorts by time within these.

    >>> listing_key("daily", "feed", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "abc")
    'listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz'

    Args:
        source: Name of the source that it is of.
        kind: What it is.
        fetched_at: Aware; the key shows UTC.
        url_id: The id of its URL.
    """
    return f"{LISTINGS}{source}/{kind}/{_moment(fetched_at)}-{url_id}{LISTING_SUFFIX}"


def listing_of(key: str) -> tuple[str, str] | None:
    """Return source and kind of a listing by its key, None for a key of none.

    >>> listing_of("listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz")
    ('daily', 'feed')
    """
    parts = key.removeprefix(LISTINGS).split("/")
    return (parts[0], parts[1]) if key.startswith(LISTINGS) and len(parts) == _LISTING_PARTS else None


def hand_over_key(article_id: str, message_id: str) -> str:
    """Return the key under which an article waits that is too large for a queue's message.

    Args:
        article_id: As ``url.article_id`` gives it.
        message_id: Digest of the content, so that the same article lands on the same key.
    """
    return f"{hand_over_prefix(article_id)}{message_id}.json.gz"


def hand_over_prefix(article_id: str) -> str:
    """Return how the keys begin under which an article waits."""
    return f"{HAND_OVER}{article_id}/"


def _moment(fetched_at: datetime) -> str:
    return f"{fetched_at.astimezone(UTC):%Y-%m-%d/%H%M%S.%fZ}"
