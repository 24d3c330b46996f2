"""What the entries of feeds state about their articles, in the shapes in which publishing systems write them."""

import json
from typing import Any

import pytest
from tests.discover.rss import NAMESPACES

from khobor.discover.feeds import read_feed
from khobor.discover.sitemaps import read_sitemap
from khobor.entry_facts import EntryFacts

SITE = "https://daily.example"
LINK = f"{SITE}/2026/03/bridge/"


def rss_facts(elements: str, **options: Any) -> EntryFacts:
    text = f"<rss version='2.0' {NAMESPACES}><channel><title>Daily</title><item><link>{LINK}</link>{elements}</item>"
    return facts(f"{text}</channel></rss>", **options)


def atom_facts(elements: str, head: str = "") -> EntryFacts:
    entry = f"<entry><link href='{LINK}'/>{elements}</entry>"
    return facts(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily</title>{head}{entry}</feed>')


def facts(text: str, **options: Any) -> EntryFacts:
    (entry,) = read_feed(text.encode(), f"{SITE}/feed/", **options).entries
    return entry.facts or EntryFacts()


def test_wordpress() -> None:
    assert rss_facts(f"""<title>Bridge &amp;#8216;opens&amp;#8217;</title>
        <dc:creator><![CDATA[Jane Doe]]></dc:creator><pubDate>Tue, 10 Mar 2026 03:01:07 +0000</pubDate>
        <category><![CDATA[Town]]></category><category><![CDATA[Rivers &amp; lakes]]></category>
        <guid isPermaLink="false">{SITE}/?p=7</guid>
        <description><![CDATA[<p>The bridge opens two weeks early after [&#8230;]</p>
          <p>The post <a href="{LINK}">Bridge &#8216;opens&#8217;</a> appeared first on <a href="{SITE}">Day</a>.</p>]]>
        </description><content:encoded><![CDATA[<p>The bridge opens two weeks early after a year of work.</p>]]>
        </content:encoded><comments>{LINK}#respond</comments>""") == EntryFacts(
        title="Bridge ‘opens’",
        published="2026-03-10T03:01:07+00:00",
        authors=("Jane Doe",),
        categories=("Town", "Rivers & lakes"),
        summary="The bridge opens two weeks early after…",
    )


def test_hexo_names_its_author_once_for_all_entries() -> None:
    assert atom_facts(
        f"""<title>সেতু খুলল</title><id>{LINK}</id><published>2026-03-10T03:01:00.000Z</published>
        <updated>2026-03-11T03:01:00.123Z</updated><summary type="html">&lt;p&gt;সেতুটি খুলল।&lt;/p&gt;</summary>
        <content type="html"><![CDATA[<p>সব</p>]]></content>
        <category term="নদী" scheme="{SITE}/tags/river/"/><category term="শহর" label="শহর ও গ্রাম"/>""",
        head="<author><name>Rahim Uddin</name><email>r@daily.example</email></author>",
    ) == EntryFacts(
        title="সেতু খুলল",
        published="2026-03-10T03:01:00+00:00",
        modified="2026-03-11T03:01:00+00:00",
        authors=("Rahim Uddin",),
        categories=("নদী", "শহর ও গ্রাম"),
        summary="সেতুটি খুলল।",
    )


def test_hugo_with_the_whole_text_in_the_description() -> None:
    text = "The bridge over the Mira opens two weeks early. " * 30
    found = rss_facts(f"""<title>Bridge</title><pubDate>Tue, 10 Mar 2026 09:01:00 +0600</pubDate>
        <author>jane@daily.example (Jane Doe)</author><guid>{LINK}</guid>
        <description>&lt;p&gt;{text}&lt;/p&gt;</description>""")
    assert (found.authors, found.summary, found.published) == (("Jane Doe",), None, "2026-03-10T09:01:00+06:00")


def test_ghost() -> None:
    found = rss_facts(f"""<title><![CDATA[Bridge]]></title><description><![CDATA[It opens early.]]></description>
        <category><![CDATA[Town]]></category><dc:creator><![CDATA[Jane Doe, Tom Major]]></dc:creator>
        <media:content url="{SITE}/bridge.jpg" medium="image"/>""")
    assert found.summary == "It opens early."
    assert found.image == f"{SITE}/bridge.jpg"
    assert found.authors == ("Jane Doe, Tom Major",)


def test_blogger() -> None:
    found = atom_facts("""<published>2026-03-10T09:01:00.002+06:00</published>
        <updated>2026-03-10T09:01:00.002+06:00</updated>
        <category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger#post"/>
        <category scheme="http://www.blogger.com/atom/ns#" term="Town"/><title type="text">Bridge</title>
        <author><name>Jane Doe</name><email>noreply@blogger.com</email></author>
        <contributor><name>Nobody Else</name></contributor>
        <media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url="/s72-c/bridge.jpg" width="72"/>""")
    assert found == EntryFacts(
        title="Bridge", published="2026-03-10T09:01:00+06:00", authors=("Jane Doe",), categories=("Town",)
    )


def test_a_newspaper_with_its_picture_in_the_description() -> None:
    found = rss_facts(f"""<title><![CDATA[ সেতু <b>খুলল</b> ]]></title><author>নিজস্ব প্রতিবেদক</author>
        <pubDate>2026-03-10 09:01:00</pubDate><description>&lt;a href="{LINK}"&gt;&lt;img src="/px.gif" width="1"&gt;
        &lt;img src="../../../photos/bridge.jpg" alt="a > b"&gt;&lt;/a&gt;&lt;p&gt;সেতুটি খুলল।
        &lt;a href="{LINK}?utm_source=rss"&gt;বিস্তারিত&lt;/a&gt;&lt;/p&gt;</description>""")
    assert found == EntryFacts(
        title="সেতু খুলল",
        published="2026-03-10T09:01:00",
        authors=("নিজস্ব প্রতিবেদক",),
        summary="সেতুটি খুলল।",
        image=f"{SITE}/photos/bridge.jpg",
    )


def test_the_time_of_a_change_is_no_time_of_publication() -> None:
    found = atom_facts("<title>Bridge</title><updated>2026-03-10T09:01:00Z</updated>")
    assert (found.published, found.modified) == (None, "2026-03-10T09:01:00+00:00")


@pytest.mark.parametrize(
    ("elements", "image"),
    [
        ("<media:content url='/a.jpg' width='300'/><media:content url='/b.jpg' width='1200'/>", "/b.jpg"),
        ("<media:group><media:content url='/a' type='video'/><media:thumbnail url='/b'/></media:group>", "/b"),
        ("<media:thumbnail url='/small.jpg' width='150'/><media:content url='/a.webp?x=1'/>", "/a.webp?x=1"),
        ("<enclosure url='/a.mp3' type='audio/mpeg'/><enclosure url='/a' type='image/jpeg' length='9'/>", "/a"),
        ("<image><url>/a.png</url></image>", "/a.png"),
        ("<atom:link rel='enclosure' type='image/png' href='/a.png'/>", "/a.png"),
        ("<media:content url='ftp://daily.example/a.jpg'/>", None),
    ],
)  # fmt: skip
def test_images(elements: str, image: str | None) -> None:
    assert rss_facts(f"<title>Bridge</title>{elements}").image == (image and f"{SITE}{image}")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("desk@daily.example", ()),
        ("mailto:desk@daily.example", ()),
        ("Jane Doe &lt;jane@daily.example&gt;", ("Jane Doe",)),
        ("noreply@daily.example (Jane Doe)", ("Jane Doe",)),
        ("  ", ()),
    ],
)
def test_an_address_is_no_name(text: str, names: tuple[str, ...]) -> None:
    assert rss_facts(f"<title>Bridge</title><author>{text}</author>").authors == names


def test_the_editor_of_a_channel_is_no_author_of_its_items() -> None:
    text = f"""<rss><channel><name>Shop</name><author>Somebody</author><item><title>Bridge</title><link>{LINK}</link>
        </item></channel></rss>"""
    assert facts(text).authors == ()


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "authors": [{"name": "Daily"}],
        "items": [
            {
                "id": "7",
                "url": LINK,
                "title": "Bridge",
                "summary": "It opens.",
                "date_published": "2026-03-10T09:01:00+06:00",
                "date_modified": "2026-03-10T09:00:00+06:00",
                "authors": [{"name": "Jane Doe"}, {"url": SITE}, 7],
                "tags": ["Town", "", 7],
                "image": "/bridge.jpg",
            }
        ],
    }
    assert facts(json.dumps(feed)) == EntryFacts(
        title="Bridge",
        published="2026-03-10T09:01:00+06:00",
        authors=("Jane Doe",),
        categories=("Town",),
        summary="It opens.",
        image=f"{SITE}/bridge.jpg",
    )
    del feed["items"][0]["authors"]  # type: ignore[attr-defined]
    assert facts(json.dumps(feed)).authors == ("Daily",)


def test_a_news_sitemap() -> None:
    text = f"""<urlset><url><loc>{LINK}</loc><lastmod>2026-03-12</lastmod><news:news>
        <news:publication><news:name>Daily</news:name><news:language>bn</news:language></news:publication>
        <news:publication_date>2026-03-10</news:publication_date><news:title>সেতু</news:title>
        <news:keywords>নদী, শহর</news:keywords></news:news>
        <image:image><image:loc>{SITE}/a.jpg</image:loc><image:title>Not this</image:title></image:image></url>
        <url><loc>{SITE}/2</loc><lastmod>2026-03-12</lastmod></url></urlset>"""
    first, second = read_sitemap(text.encode(), f"{SITE}/news.xml").entries
    assert first.facts == EntryFacts(
        title="সেতু", published="2026-03-10", categories=("নদী", "শহর"), image=f"{SITE}/a.jpg"
    )
    # It is often the day on which the site was built.
    assert second.facts is None


def test_facts_without_end_are_cut() -> None:
    many = "".join(f"<category>{number}</category><dc:creator>Jane {number}</dc:creator>" for number in range(900))
    found = rss_facts(f"<title>{'x' * 5000}</title>{many}<description>{'<b>' * 90_000}</description>")
    assert (found.title, len(found.categories), len(found.authors), found.summary) == (None, 20, 10, None)
