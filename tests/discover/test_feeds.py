from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from tests.discover.rss import DECLARATION, NAMESPACES, URL, item, rss, without_facts

from khobor.discover.feeds import read_feed
from khobor.discover.listing import Entry, Listing

DHAKA = timezone(timedelta(hours=6))
ONE, TWO, THREE = (f"https://example.com/news/{number}" for number in (1, 2, 3))


def read(text: str | bytes, content_type: str | None = None) -> Listing:
    return without_facts(read_feed(text.encode() if isinstance(text, str) else text, URL, content_type))


def urls(text: str | bytes) -> list[str]:
    return [entry.url for entry in read(text).entries]


def titles(text: bytes, content_type: str | None = None) -> list[str | None]:
    return [entry.title for entry in read(text, content_type).entries]


def test_rss_2() -> None:
    picture = "<media:content url='https://example.com/1.jpg'><media:title>A picture</media:title></media:content>"
    listing = read(rss(item(1, f"<dc:language>bn</dc:language>{picture}") + item(2)))
    assert listing == Listing(
        site_images=("https://example.com/logo.png",),
        entries=(
            Entry(url=ONE, title="Story 1", published_at=datetime(2026, 3, 10, 9, 1, tzinfo=DHAKA), language="bn"),
            Entry(url=TWO, title="Story 2", published_at=datetime(2026, 3, 10, 9, 2, tzinfo=DHAKA)),
        ),
    )


def test_rss_1_and_0_90_have_their_items_beside_the_channel() -> None:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    one = f"""{DECLARATION}<rdf:RDF {rdf} xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://example.com/"><title>Daily</title><link>https://example.com/</link>
      <dc:language>en</dc:language>
      <items><rdf:Seq><rdf:li resource="{ONE}"/></rdf:Seq></items></channel>
      <item rdf:about="{ONE}"><title>Story 1</title><link>{ONE}</link><dc:date>2026-03-10T09:01+06:00</dc:date></item>
      </rdf:RDF>"""
    published_at = datetime(2026, 3, 10, 9, 1, tzinfo=DHAKA)
    assert read(one).entries == (Entry(url=ONE, title="Story 1", published_at=published_at, language="en"),)
    oldest = f"""<rdf:RDF {rdf} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Daily</title></channel>
      <item><title>Story 1</title><link>{ONE}</link></item></rdf:RDF>"""
    assert read(oldest).entries == (Entry(url=ONE, title="Story 1"),)


def test_rss_0_91_with_its_document_type() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    )
    text = f'<?xml version="1.0"?>{doctype}<rss version="0.91"><channel>{item(1)}</channel></rss>'
    assert urls(text) == [ONE]
    assert read(text).problems == ()


def test_atom() -> None:
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/news/">
      <title>Daily</title><link rel="self" href="{URL}"/><link href="https://example.com/"/>
      <link rel="next" href="/feeds/all.xml?page=2"/>
      <entry xml:base="2026/"><title type="html">Rise &amp;amp; &lt;b&gt;fall&lt;/b&gt;</title>
        <id>tag:example.com,2026:1</id>
        <link rel="replies" href="1/comments"/><link rel="alternate" type="application/json" href="1.json"/>
        <link rel="alternate" type="text/html" href="1"/>
        <published>2026-03-10T09:01:00Z</published><updated>2026-03-10T09:05:00Z</updated>
        <source><id>x</id><title>Elsewhere</title><link href="https://example.org/"/>
          <updated>2020-01-01T00:00:00Z</updated></source>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><title>no</title></div></content>
      </entry>
      <entry><title>Story 2</title><link href="2"/><updated>2026-03-10T09:02:00Z</updated></entry></feed>"""
    first, second = read(text).entries
    assert first == Entry(
        url="https://example.com/news/2026/1",
        title="Rise & fall",
        published_at=datetime(2026, 3, 10, 9, 1, tzinfo=UTC),
        modified_at=datetime(2026, 3, 10, 9, 5, tzinfo=UTC),
    )
    assert (second.url, second.published_at) == (TWO, None)
    assert read(text).next_page == "https://example.com/feeds/all.xml?page=2"


def test_atom_0_3_and_atom_with_a_prefix() -> None:
    text = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Story 1</title>
      <link rel="alternate" href="{ONE}"/><issued>2026-03-10T09:01:00Z</issued><modified>2026-03-10T09:05:00Z</modified>
      </entry></feed>"""
    entry = read(text).entries[0]
    assert (entry.published_at, entry.modified_at) == (
        datetime(2026, 3, 10, 9, 1, tzinfo=UTC),
        datetime(2026, 3, 10, 9, 5, tzinfo=UTC),
    )
    prefixed = f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="{ONE}"/></a:entry></a:feed>'
    assert urls(prefixed) == [ONE]


def test_older_entries_of_an_archived_feed_are_a_page_away() -> None:
    archive = '<atom:link rel="prev-archive" href="/feeds/2025.xml"/>'
    assert read(rss(archive + item(1))).next_page == "https://example.com/feeds/2025.xml"
    itself = f'<atom:link rel="next" href="{URL}"/>'
    assert read(rss(itself + item(1))).next_page is None


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ("<link>/news/1?x=1</link>", "https://example.com/news/1?x=1"),
        ("<link>\n  https://example.com/news/1\n</link>", ONE),
        ("<link><![CDATA[https://example.com/n?a=1&b=2]]></link>", "https://example.com/n?a=1&b=2"),
        ("<link>https://example.com/n?a=1&b=2&copy=3</link>", "https://example.com/n?a=1&b=2&copy=3"),
        ("<link>https://example.com/n?a=1&amp;amp;b=2</link>", "https://example.com/n?a=1&b=2"),
        ("<link><![CDATA[https://example.com/n?a=1&#038;b=2]]></link>", "https://example.com/n?a=1&b=2"),
        ("<link>https://example.com/খবর</link>", "https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"),
        ("<guid>https://example.com/news/1</guid>", ONE),
        ("<link/><guid isPermaLink='true'>https://example.com/news/1</guid>", ONE),
        ("<link>https://example.com/news/1</link><guid isPermaLink='false'>https://example.com/?p=1</guid>", ONE),
        ("<link>https://r.example/1</link><feedburner:origLink>https://example.com/news/1</feedburner:origLink>", ONE),
        ("<atom:link rel='self' href='https://example.com/x'/><link>https://example.com/news/1</link>", ONE),
        ("<source url='https://example.org/feed'>Elsewhere</source><link>https://example.com/news/1</link>", ONE),
    ],
)
def test_the_address_of_an_item(fields: str, url: str) -> None:
    assert urls(rss(f"<item>{fields}</item>")) == [url]


AMPERSANDS = ["&", "&amp;", "&#38;", "&#038;", "&#x26;", "&#X26;", "&AMP;", "&amp;amp;", "&amp;#38;", "&amp;#x26;"]


@pytest.mark.parametrize("ampersand", AMPERSANDS)
def test_an_ampersand_of_an_attribute_keeps_two_articles_apart(ampersand: str) -> None:
    entries = "".join(
        f'<entry><title>x</title><link href="https://example.com/s?cat=1{ampersand}id={number}"/></entry>'
        for number in (7, 8)
    )
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?a=1{ampersand}b=2"/>{entries}</feed>"""
    assert urls(text) == ["https://example.com/s?cat=1&id=7", "https://example.com/s?cat=1&id=8"]
    assert read(text).next_page == f"{URL}?a=1&b=2"


@pytest.mark.parametrize(
    ("attribute", "url"),
    [
        ("https://example.com/n?q=&lt;b&gt;&amp;x=1", "https://example.com/n?q=%3Cb%3E&x=1"),
        ("https://example.com/n?q=&quot;a&quot;&amp;x=1", "https://example.com/n?q=%22a%22&x=1"),
        ("https://example.com/n?q=&QUOT;a&QUOT;&amp;x=1", "https://example.com/n?q=%22a%22&x=1"),
        ("https://example.com/n?q=&LT;a&amp;x=1", "https://example.com/n?q=%3Ca&x=1"),
        ("https://example.com/caf&eacute;&quest;x=1", "https://example.com/caf%C3%A9?x=1"),
        ("https://example.com/n?a=1&copy=2&lang=bn", "https://example.com/n?a=1&copy=2&lang=bn"),
        ("https://example.com/n?a=1&amp;b=&#2453;", "https://example.com/n?a=1&b=%E0%A6%95"),
        ("https://example.com/n?a=1&amp;lt;b", "https://example.com/n?a=1&lt;b"),
    ],
)
def test_what_is_escaped_in_an_attribute(attribute: str, url: str) -> None:
    assert urls(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{attribute}"/></entry></feed>') == [url]


def test_a_base_with_an_ampersand() -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/a&amp;b/">
      <entry xml:base="c&#38;d/"><link href="1"/></entry></feed>"""
    assert urls(text) == ["https://example.com/a&b/c&d/1"]


def test_named_entities_of_a_text_stay_text() -> None:
    assert titles(rss(item(1).replace("Story 1", "A &AMP; B &LT;3 &QUOT;x&QUOT;")).encode()) == ['A & B <3 "x"']


@pytest.mark.parametrize(
    "relation",
    ["alternate", "http://www.iana.org/assignments/relation/alternate", " ALTERNATE ", "alternate nofollow", ""],
)
def test_relations_of_the_link_to_the_article(relation: str) -> None:
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom">
      <link rel="http://www.iana.org/assignments/relation/next" href="?page=2"/>
      <entry><link rel="http://www.iana.org/assignments/relation/self" href="self"/>
      <link rel="{relation}" href="{ONE}"/></entry></feed>"""
    assert urls(text) == [ONE]
    assert read(text).next_page == f"{URL}?page=2"


@pytest.mark.parametrize(
    "fields",
    [
        "<title>No link</title>",
        "<guid isPermaLink='false'>https://example.com/?p=1</guid>",
        "<guid>12345</guid>",
        "<link>javascript:alert(1)</link>",
        "<link>mailto:desk@example.com</link>",
        "<media:content><media:link>https://example.com/x</media:link></media:content>",
    ],
)
def test_items_without_an_address_are_left_out_and_counted(fields: str) -> None:
    listing = read(rss(f"<item>{fields}</item>{item(2)}<item>{fields}</item>"))
    assert [entry.url for entry in listing.entries] == [TWO]
    assert listing.problems == ("entries without a link to an article: 2",)


def test_an_article_is_listed_once_where_it_first_stands() -> None:
    again = item(1).replace("news/1", "news/1?utm_source=rss").replace("Story 1", "Again")
    assert [(entry.url, entry.title) for entry in read(rss(item(2) + item(1) + again)).entries] == [
        (TWO, "Story 2"),
        (ONE, "Story 1"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        rss(item(1) + item(2)).removesuffix("</channel></rss>\n"),
        rss(item(1).replace("Story 1", "Rise & fall") + item(2)),
        rss(item(1).replace("</title>", "") + item(2)),
        rss(item(1).replace("Story 1", "caf&eacute;&nbsp;&unknown;") + item(2)),
        rss(item(1).replace("Story 1", "5 < 6 <3 <?php ?> <!x> </ 1>") + item(2)),
        rss(
            item(1).replace("Story 1", "\x0b\x00&#0;&#x1f;&#xd800;&#xffff;&#x110000;&#99999999;\ufffe\uffff") + item(2)
        ),
        "\n\n  " + rss(item(1) + item(2)),
        "<br />\n<b>Warning</b>: mysql_connect() in /var/www/feed.php on line 3\n" + rss(item(1) + item(2)),
        DECLARATION + rss(item(1) + item(2)),
        rss(item(1) + item(2)) + "<!-- cached --><script>if (a < b && c) {}</script>",
        rss(item(1, "<media:content url='x'/><unknown:date>x</unknown:date>") + item(2)).replace(NAMESPACES, ""),
        rss(item(1, "<description><p>Hello<br>x <b>y</i></description>") + item(2)),
        rss(item(1, "<description><![CDATA[never ended</description>") + item(2)),
        rss(
            item(1, "<description><![CDATA[never ended</description>")
            + item(2, "<description><![CDATA[x]]></description>")
        ),
        rss(item(1, "<description><![CDATA[a ]] > b]]>c]]></description>") + item(2)),
        rss(item(1, "<!-- never ended") + item(2)),
        rss(item(1, "<!-- a -- b <item> --->") + item(2)),
        rss(item(1, "<enclosure url=http://example.com/a.mp3>") + item(2)),
        rss(item(1).replace("</item>", "") + item(2)),
        item(1) + item(2),
        '<rss version="2.0"><channel><title>Daily</title></channel>' + item(1) + item(2) + "</rss>",
        rss(item(1) + item(2)).replace("item>", "ITEM>").replace("link>", "Link>"),
        rss(item(1) + item(2)).replace(
            '<rss version="2.0"', '<rss version="2.0" xmlns="http://backend.userland.com/rss2"'
        ),
        rss(item(1) + item(2)).replace('<rss version="2.0"', '<rss version="2.0" xmlns="https://example.org/our-own"'),
    ],
)
def test_a_malformed_feed_gives_what_it_holds(text: str) -> None:
    assert urls(text) == [ONE, TWO]


def test_what_is_broken_is_said_with_its_line() -> None:
    problems = read(rss(item(1) + item(2).replace("</title>", "</titel>"))).problems
    assert len(problems) == 1
    assert problems[0].startswith("the XML is broken in line 6 (")


def test_a_feed_that_is_cut_off_gives_no_half_address() -> None:
    whole = rss(item(1) + item(2))
    cut = whole[: whole.index("news/2") + len("news/")]
    listing = read(cut)
    assert [entry.url for entry in listing.entries] == [ONE]
    assert "entries without a link to an article: 1" in listing.problems


def test_a_title_may_hold_characters_that_markup_needs() -> None:
    text = rss(
        item(1).replace("Story 1", "5 < 6 & caf&eacute;")
        + item(2).replace("Story 2", "&lt;i&gt;Ham&amp;#8217;s&lt;/i&gt;")
    )
    assert titles(text.encode()) == ["5 < 6 & café", "Ham’s"]


def test_entities_are_neither_expanded_nor_fetched() -> None:
    lines = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{lines}]><rss><channel>{item(1)}</channel></rss>'
    assert titles(laughs.replace("Story 1", "&l9;").encode()) == ["&l9;"]
    external = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel>{item(1)}</channel></rss>'
    assert titles(external.replace("Story 1", "a&x;b").encode()) == ["a&x;b"]
    late = rss(item(1).replace("Story 1", '<!DOCTYPE rss [<!ENTITY x "y">]>&x;') + item(2))
    assert urls(late) == [ONE, TWO]
    in_attribute = (
        '<!DOCTYPE feed [<!ENTITY x "https://example.com/y">]><feed><entry><link href="/a?&x;"/></entry></feed>'
    )
    assert urls(in_attribute) == ["https://example.com/a?&x;"]


NEWS = "নির্বাচন ও খবর"
RUSSIAN = "Новости часа"


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (rss(item(1).replace("Story 1", NEWS)).encode(), "text/xml", NEWS),
        (rss(item(1).replace("Story 1", NEWS)).encode(), "text/xml; charset=iso-8859-1", NEWS),
        (rss(item(1).replace("Story 1", NEWS)).encode("utf-8-sig"), None, NEWS),
        (rss(item(1).replace("Story 1", NEWS)).encode("utf-16"), None, NEWS),
        (rss(item(1).replace("Story 1", NEWS)).encode("utf-16-le"), None, NEWS),
        (rss(item(1).replace("Story 1", NEWS), '<?xml version="1.0" encoding="windows-1251"?>').encode(), None, NEWS),
        (
            rss(item(1).replace("Story 1", RUSSIAN), '<?xml version="1.0" encoding="windows-1251"?>').encode("cp1251"),
            "text/xml; charset=utf-8",
            RUSSIAN,
        ),
        (
            rss(item(1).replace("Story 1", RUSSIAN)).encode("cp1251"),
            "text/xml; charset=windows-1251",
            RUSSIAN,
        ),
        (rss(item(1).replace("Story 1", RUSSIAN * 20)).encode("cp1251"), None, RUSSIAN * 20),
        (
            rss(item(1).replace("Story 1", f"{NEWS} x")).encode().replace(b" x", b" \xff"),
            None,
            f"{NEWS} \N{REPLACEMENT CHARACTER}",
        ),
    ],
)
def test_charsets(body: bytes, content_type: str | None, title: str) -> None:
    assert titles(body, content_type) == [title]


def test_a_date_without_a_zone_is_in_the_zone_given() -> None:
    text = rss(item(1).replace("Tue, 10 Mar 2026 09:01:00 +0600", "2026-03-10 09:01:00")).encode()
    assert read_feed(text, URL, zone=ZoneInfo("Asia/Dhaka")).entries[0].published_at == datetime(
        2026, 3, 10, 9, 1, tzinfo=DHAKA
    )


@pytest.mark.parametrize(
    ("language", "own", "date", "instant"),
    [
        ("pl", "", "pon, 02 listopada 2026 08:15", datetime(2026, 11, 2, 8, 15, tzinfo=UTC)),
        ("hr", "", "pet, 02 listopada 2026 08:15", datetime(2026, 10, 2, 8, 15, tzinfo=UTC)),
        ("hr", "pl", "pon, 02 listopada 2026 08:15", datetime(2026, 11, 2, 8, 15, tzinfo=UTC)),
        ("en-us", "", "03/10/2026 08:15 AM", datetime(2026, 3, 10, 8, 15, tzinfo=UTC)),
        ("", "", "03/10/2026 08:15 AM", None),
    ],
)
def test_the_language_decides_what_a_date_means(language: str, own: str, date: str, instant: datetime | None) -> None:
    entry = item(1, f"<dc:language>{own}</dc:language>").replace("Tue, 10 Mar 2026 09:01:00 +0600", date)
    assert read(rss(f"<language>{language}</language>{entry}")).entries[0].published_at == instant


@pytest.mark.parametrize(
    "element",
    [
        "<pubDate>Tue, 10 Mar 2026 09:01:00 +06:00</pubDate>",
        "<PubDate>Tue, 10 Mar 2026 09:01:00 AM +0600</PubDate>",
        "<dc:date>2026-03-10T09:01:00+06:00</dc:date>",
        "<dcterms:issued>2026-03-10 09:01 +6:00</dcterms:issued>",
        "<atom:published>2026-03-10T09:01:00+06</atom:published>",
        "<date>2026/3/10 09:01 GMT+6</date>",
        "<prism:publicationDate>2026-03-10T09:01:00+06:00</prism:publicationDate>",
        "<pubDate>&lt;time datetime=&quot;2026-03-10T09:01:00+06:00&quot;&gt;03/10/2026&lt;/time&gt;</pubDate>",
        '<pubDate><time datetime="2026-03-10">10 March 2026, 09:01 GMT+6</time></pubDate>',
        "<pubDate><![CDATA[ <span class='date'>10 March 2026, 09:01 (GMT+6)</span> ]]></pubDate>",
        "<pubDate/><dc:date>2026-03-10T09:01:00+06:00</dc:date>",
        "<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><dc:date>2026-03-10T09:01:00+06:00</dc:date>",
    ],
)
def test_the_date_of_an_item(element: str) -> None:
    text = rss(f"<item><link>{ONE}</link>{element}</item>")
    assert read(text).entries[0].published_at == datetime(2026, 3, 10, 3, 1, tzinfo=UTC)


def test_a_date_that_cannot_be_read_leaves_room_for_the_next() -> None:
    text = rss(item(1, "<dc:date>2026-03-10T09:05:00Z</dc:date>").replace("Tue, 10 Mar 2026 09:01:00 +0600", "today"))
    assert read(text).entries[0].published_at == datetime(2026, 3, 10, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "this is empty, not a feed"),
        (b" \n", "this is empty, not a feed"),
        (
            b"<!DOCTYPE html><html><head><title>Feed</title></head><body><item>x</item></body></html>",
            "this is HTML, not a feed",
        ),
        (b"<html><body>Not found</body></html>", "this is HTML, not a feed"),
        (b"<opml><body/></opml>", "this is another kind of XML, not a feed"),
        (b"Not found", "this is not XML, not a feed"),
        (b"\x89PNG\r\n", "this is not XML, not a feed"),
        (b'{"posts": []}', "this is JSON, not a feed"),
        (b"<urlset><url><loc>https://example.com/1</loc></url></urlset>", "this is a sitemap, not a feed"),
    ],
)
def test_what_is_no_feed_gives_nothing_and_says_what_it_is(body: bytes, problem: str) -> None:
    assert read(body) == Listing(problems=(problem,))


def test_an_empty_feed_has_no_problem() -> None:
    assert read(rss("")) == Listing(site_images=("https://example.com/logo.png",))


def test_elements_nested_without_end_do_no_harm() -> None:
    listing = read(rss(item(1) + "<x>" * 50_000))
    assert [entry.url for entry in listing.entries] == [ONE]
    assert "Excessive depth" in listing.problems[0]
