import gzip
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from tests.discover.rss import item, rss, without_facts

from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.sitemaps import read_sitemap

DHAKA = timezone(timedelta(hours=6))
URL = "https://example.com/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
ONE, TWO = "https://example.com/news/1", "https://example.com/news/2"


def page(number: int, more: str = "") -> str:
    return f"<url><loc>https://example.com/news/{number}</loc>{more}</url>\n"


def urlset(pages: str, namespaces: str = NAMESPACES) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespaces}>\n{pages}</urlset>\n'


def read(text: str | bytes) -> Listing:
    return without_facts(read_sitemap(text.encode() if isinstance(text, str) else text, URL))


def urls(text: str | bytes) -> list[str]:
    return [entry.url for entry in read(text).entries]


def test_pages_with_their_dates() -> None:
    image = "<image:image><image:loc>https://example.com/1.jpg</image:loc><image:title>x</image:title></image:image>"
    text = urlset(
        page(1, f"<lastmod>2026-03-10T09:01+06:00</lastmod>{image}") + page(2, "<lastmod>2026-03-10</lastmod>")
    )
    assert read(text) == Listing(
        entries=(
            Entry(url=ONE, modified_at=datetime(2026, 3, 10, 9, 1, tzinfo=DHAKA)),
            Entry(url=TWO, modified_at=datetime(2026, 3, 10, tzinfo=UTC)),
        )
    )
    in_dhaka = read_sitemap(text.encode(), URL, zone=ZoneInfo("Asia/Dhaka"))
    assert in_dhaka.entries[1].modified_at == datetime(2026, 3, 10, tzinfo=DHAKA)


NEWS = """<news:news><news:publication><news:name>Daily</news:name><news:language>bn</news:language></news:publication>
<news:publication_date>2026-03-10T09:01:00+06:00</news:publication_date><news:title><![CDATA[খবর & more]]></news:title>
</news:news>"""


@pytest.mark.parametrize(
    "namespaces",
    [
        NAMESPACES,
        NAMESPACES.replace("http:", "https:"),
        NAMESPACES.replace("/0.9", "/0.9/"),
        "",
        'xmlns="http://www.google.com/schemas/sitemap/0.84" xmlns:news="https://google.com/schemas/sitemap-news/0.9"',
        'xmlns="https://example.org/our-own"',
    ],
)
def test_news_whatever_the_namespaces(namespaces: str) -> None:
    assert read(urlset(page(1, NEWS), namespaces)) == Listing(
        entries=(
            Entry(
                url=ONE,
                title="খবর & more",
                published_at=datetime(2026, 3, 10, 9, 1, tzinfo=DHAKA),
                language="bn",
            ),
        )
    )


def test_prefixes_of_any_name() -> None:
    text = f"""<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
      <s:url><s:loc>{ONE}</s:loc><n:news><n:title>Story 1</n:title></n:news></s:url></s:urlset>"""
    assert read(text).entries == (Entry(url=ONE, title="Story 1"),)


def test_an_index_names_sitemaps_the_last_changed_first() -> None:
    lines = {
        "old": "<lastmod>2025-01-01</lastmod>",
        "undated": "",
        "new": "<lastmod>2026-03-10</lastmod>",
        "odd": "<lastmod>x</lastmod>",
    }
    children = "".join(f"<sitemap><loc>/{name}.xml</loc>{date}</sitemap>" for name, date in lines.items())
    listing = read(f"<sitemapindex>{children}</sitemapindex>")
    assert [reference.url.removeprefix("https://example.com/") for reference in listing.sitemaps] == [
        "new.xml",
        "old.xml",
        "undated.xml",
        "odd.xml",
    ]
    assert listing.sitemaps[0] == SitemapReference(
        url="https://example.com/new.xml", modified_at=datetime(2026, 3, 10, tzinfo=UTC)
    )
    assert listing.entries == ()


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://example.com/n?a=1&b=2", "https://example.com/n?a=1&b=2"),
        ("https://example.com/n?a=1&amp;b=2", "https://example.com/n?a=1&b=2"),
        ("<![CDATA[ https://example.com/n?a=1&b=2 ]]>", "https://example.com/n?a=1&b=2"),
        ("\n  https://example.com/news/1\n", ONE),
        ("/news/1", ONE),
        ("https://example.com/খবর", "https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"),
    ],
)
def test_the_address_of_a_page(location: str, url: str) -> None:
    assert urls(urlset(f"<url><loc>{location}</loc></url>")) == [url]


@pytest.mark.parametrize(
    "text",
    [
        urlset(page(1) + page(2)).removesuffix("</urlset>\n"),
        urlset(page(1).replace("</loc>", "") + page(2)),
        urlset(page(1).replace("</url>", "") + page(2)),
        urlset(page(1, "<lastmod>x & y</lastmod>") + page(2)),
        "\n" + urlset(page(1) + page(2)),
        "Notice: undefined index\n" + urlset(page(1) + page(2)),
        urlset(page(1) + page(2)).replace("urlset", "URLSET"),
        urlset(page(1)) + urlset(page(2)),
        page(1) + page(2),
        urlset(page(1) + page(2)).replace('encoding="UTF-8"', 'encoding="UTF-16"'),
        urlset(page(1) + page(2)) + "<!-- 0.2 s -->",
    ],
)
def test_a_malformed_sitemap_gives_what_it_holds(text: str) -> None:
    assert urls(text) == [ONE, TWO]


def test_text_sitemaps() -> None:
    assert read(f"{ONE}\r\n\r\n{TWO}\n") == Listing(entries=(Entry(url=ONE), Entry(url=TWO)))
    assert urls(f"\N{BYTE ORDER MARK}# pages\n{ONE}\n") == [ONE]
    listing = read(f"{ONE}\nsee also\n{TWO}\nhttps://\n")
    assert [entry.url for entry in listing.entries] == [ONE, TWO]
    assert listing.problems == ("entries without a link to an article: 2",)


def test_feeds_used_as_sitemaps() -> None:
    assert urls(rss(item(1) + item(2))) == [ONE, TWO]
    assert urls(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{ONE}"/></entry></feed>') == [ONE]


def test_gzip() -> None:
    packed = gzip.compress(urlset(page(1) + page(2)).encode())
    assert read(packed) == Listing(entries=(Entry(url=ONE), Entry(url=TWO)))
    half = len(urlset(page(1)).removesuffix("</urlset>\n").encode())
    whole = urlset(page(1) + page(2)).encode()
    assert urls(gzip.compress(whole[:half]) + gzip.compress(whole[half:])) == [ONE, TWO]


def test_damaged_gzip_gives_what_it_holds() -> None:
    packed = gzip.compress(urlset("".join(map(page, range(5_000)))).encode())
    cut = read(packed[: len(packed) // 2])
    assert cut.problems[0] == "the gzip data is truncated"
    assert cut.entries[0].url == "https://example.com/news/0"
    damaged = bytearray(packed)
    damaged[-6] ^= 0xFF
    listing = read(bytes(damaged))
    assert listing.problems[0].startswith("the gzip data is damaged (")
    assert listing.entries
    assert read(b"\x1f\x8bno gzip").problems[0].startswith("the gzip data is ")


def test_no_more_is_read_than_allowed() -> None:
    text = urlset("".join(map(page, range(1_000)))).encode()
    for body in (text, gzip.compress(text)):
        listing = read_sitemap(body, URL, max_bytes=1_000)
        assert listing.problems[0] == "this has over 1,000 bytes; the rest is not read"
        assert [entry.url for entry in listing.entries] == [
            f"https://example.com/news/{number}" for number in range(len(listing.entries))
        ]
        assert 0 < len(listing.entries) < 30
    assert read_sitemap(text, URL, max_bytes=len(text)).problems == ()
    assert read_sitemap(gzip.compress(text), URL, max_bytes=len(text)).problems == ()


def test_a_bomb_of_gzip_is_not_inflated_beyond_the_limit() -> None:
    listing = read_sitemap(gzip.compress(b"<urlset>" + bytes(50_000_000)), URL, max_bytes=100_000)
    assert listing.entries == ()
    assert listing.problems[0] == "this has over 100,000 bytes; the rest is not read"


@pytest.mark.slow
def test_elements_without_number_end_the_reading() -> None:
    listing = read(urlset(page(1) + "<a/>" * 1_500_000 + page(2)))
    assert listing.problems == ("this has over 1,500,000 elements; the rest is not read",)
    assert [entry.url for entry in listing.entries] == [ONE]


@pytest.mark.slow
def test_more_entries_than_a_sitemap_may_have_are_left_out() -> None:
    listing = read("\n".join(f"https://example.com/{number}" for number in range(100_003)))
    assert len(listing.entries) == 100_000
    assert listing.problems == ("entries beyond the first 100,000, which are ignored: 3",)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "this is empty, not a sitemap"),
        (b"<!doctype html><title>Sitemap</title><a href='/1'>1</a>", "this is HTML, not a sitemap"),
        (b"User-agent: *", "this is not XML, not a sitemap"),
        (gzip.compress(b"", mtime=0), "this is empty, not a sitemap"),
    ],
)
def test_what_is_no_sitemap_gives_nothing_and_says_what_it_is(body: bytes, problem: str) -> None:
    assert read(body) == Listing(problems=(problem,))


@pytest.mark.parametrize("ampersand", ["&", "&amp;", "&#38;", "&#x26;", "&#X26;", "&AMP;", "&amp;amp;"])
def test_an_ampersand_of_an_address_keeps_its_meaning(ampersand: str) -> None:
    loc = f"<loc>https://example.com/s?cat=1{ampersand}id=7</loc>"
    sitemap = f'<urlset><url>{loc}<image:image title="a {ampersand} b"/></url></urlset>'
    assert [entry.url for entry in read_sitemap(sitemap.encode(), URL).entries] == ["https://example.com/s?cat=1&id=7"]
    index = f"<sitemapindex><sitemap>{loc}</sitemap></sitemapindex>"
    assert [sitemap.url for sitemap in read_sitemap(index.encode(), URL).sitemaps] == [
        "https://example.com/s?cat=1&id=7"
    ]
