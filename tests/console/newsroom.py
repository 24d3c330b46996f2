"""An archive of articles written for the tests, in several scripts, some of them changed, one of them hostile."""

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from tests.example_pages import page

from khobor.article import Article, Author, Block, Evidence, Extraction, Image, Publisher, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl
from khobor.url import url_id

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

SOURCES = {
    "nodir-khobor": """
version = 1
publisher = "নদীর খবর"
hosts = ["nodirkhobor.example"]
language = "bn"
zone = "Asia/Dhaka"
enabled = true
[discovery]
feeds = ["https://nodirkhobor.example/feed.xml"]
""",
    "the-bridge": """
version = 1
publisher = "The Bridge"
hosts = ["thebridge.example"]
language = "en"
enabled = true
[discovery]
sitemaps = ["https://thebridge.example/news.xml"]
""",
    "subh": """
version = 1
publisher = "روزنامہ صبح"
hosts = ["subh.example"]
language = "ur"
""",
}

FEED = "https://nodirkhobor.example/feed.xml"
FERRY = "https://nodirkhobor.example/desh/101"
FERRY_PARAGRAPHS = (
    "চাঁদপুরের মেঘনায় মঙ্গলবার ভোরে যাত্রীবাহী একটি ট্রলার ডুবে গেছে। দুর্ঘটনার পর ৫ জনকে জীবিত উদ্ধার করা হয়েছে।",
    "স্থানীয় জেলে আবদুল করিম বলেন, ঘন কুয়াশার কারণে মাঝি চর দেখতে পাননি। ট্রলারটি বালুচরে ধাক্কা খেয়ে একদিকে কাত হয়ে যায়।",
    "খবর পেয়ে ফায়ার সার্ভিসের ডুবুরি দল ঘটনাস্থলে পৌঁছায়। নদীতে স্রোত বেশি থাকায় উদ্ধারকাজ ধীরে চলছে।",
    "নৌ পুলিশ জানিয়েছে, ট্রলারটিতে অন্তত ২০ জন যাত্রী ছিলেন। তাঁদের বেশির ভাগই হাটে যাচ্ছিলেন।",
)
FERRY_LATER = (
    "চাঁদপুরের মেঘনায় মঙ্গলবার ভোরে যাত্রীবাহী একটি ট্রলার ডুবে গেছে। দুর্ঘটনার পর ১২ জনকে জীবিত উদ্ধার করা হয়েছে।",
    FERRY_PARAGRAPHS[1],
    FERRY_PARAGRAPHS[2],
    "নৌ পুলিশ জানিয়েছে, ট্রলারটিতে ২৩ জন যাত্রী ছিলেন। তাঁদের বেশির ভাগই হাটে যাচ্ছিলেন।",
    "জেলা প্রশাসক বিকেলে জানান, নিখোঁজ যাত্রীদের স্বজনদের জন্য ঘাটে একটি তথ্যকেন্দ্র খোলা হয়েছে।",
)
LIBRARY = "https://nodirkhobor.example/sanskriti/102"
LIBRARY_PARAGRAPHS = (
    "রাজশাহীর পদ্মাপাড়ে পুরোনো একটি নৌকায় গড়ে উঠেছে ভাসমান পাঠাগার। সপ্তাহে তিন দিন এটি এক ঘাট থেকে আরেক ঘাটে যায়।",
    "উদ্যোক্তা শিক্ষক রওশন আরা বলেন, চরের শিশুদের কাছে বই পৌঁছে দিতেই এই ব্যবস্থা। এখন পাঠাগারে বই আছে প্রায় দুই হাজার।",
    "পাঠকদের মধ্যে সবচেয়ে জনপ্রিয় রূপকথা ও বিজ্ঞানের বই। অনেক মা-ও এখন নিয়মিত বই নিতে আসেন।",
)
BRIDGE = "https://thebridge.example/city/old-bridge-opens-again-201"
COPY = "https://copies.example/city/bridge-207"
MARKET = "https://thebridge.example/business/market-hall-202"
MARKET_PARAGRAPHS = (
    "The market hall by the harbour will stay open until midnight from April on, its traders decided on Tuesday.",
    "They hope that people who work late will come for bread, fish and vegetables on their way home.",
    "The city council is to vote next week on whether buses run later for the time of the trial.",
)
KARACHI = "https://subh.example/shehr/301"
KARACHI_PARAGRAPHS = (
    "کراچی کے ساحل پر منگل کے روز پرندوں کی سالانہ گنتی مکمل ہوئی، جس میں دو سو سے زیادہ رضاکاروں نے حصہ لیا۔",
    "منتظمین کے مطابق اس سال ہجرت کر کے آنے والے پرندوں کی تعداد گزشتہ برس سے کچھ زیادہ رہی۔",
    "ماہرین کا کہنا ہے کہ مینگروو کے جنگلات کی بحالی سے پرندوں کو نئی پناہ گاہیں ملی ہیں۔",
)
CAIRO = "https://misr.example/thaqafa/401"
CAIRO_PARAGRAPHS = (
    "افتتحت مكتبة عامة في حي قديم من القاهرة قاعة جديدة للأطفال بعد أعمال ترميم استمرت عامين كاملين.",
    "وقالت مديرة المكتبة إن القاعة تضم أكثر من خمسة آلاف كتاب باللغة العربية ولغات أخرى.",
    "ويأمل القائمون على المشروع أن يزور المكتبة كل يوم مئة طفل من أبناء الحي.",
)

# What a page may hold that is not to run anywhere: each would show a dialog if it did.
HOSTILE = "https://hostile.example/news/666"
_SCRIPT = "alert('ran')"
_MARKUP = f"<script>{_SCRIPT}</script><img src=x onerror={_SCRIPT}>"
_FRAME = f'<iframe srcdoc="<script>{_SCRIPT}</script>"></iframe>'
HOSTILE_TITLE = f"Bridge {_MARKUP} opens"
_HOSTILE_FACTS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": HOSTILE_TITLE,
    "author": [{"@type": "Person", "name": f"<svg onload={_SCRIPT}>Eve", "url": f"javascript:{_SCRIPT}"}],
    "keywords": [f'"><script>{_SCRIPT}</script>', "bridge"],
    "articleSection": f"'\"><img src=x onerror={_SCRIPT}>",
    "image": ["https://hostile.example/a.svg", f'https://hostile.example/b.jpg?" onerror="{_SCRIPT}'],
    "datePublished": "2026-03-02T08:00:00Z",
}
_HOSTILE_PARAGRAPHS = (
    f"The old bridge {escape(_MARKUP)} over the river was opened to traffic again on Monday, the council said.",
    f'Engineers replaced four of its arches, <a href="javascript:{_SCRIPT}">the council said</a> in a long statement.',
    f'It cost three million euros <svg onload="{_SCRIPT}"><text>a picture</text></svg>, a third more than was planned.',
    f"Residents had to take {{{{ 7 * 7 }}}} detours {escape(_FRAME)} in the meantime.",
)


def fill(stack: EmbeddedStack) -> None:
    """Bring sources and articles into a stack, as they were seen over two days."""
    for name, source in SOURCES.items():
        stack.upload(f"sources/{name}.toml", source.encode())
    put(stack, FERRY, "2026-03-04T02:00:00Z", ferry("৫", FERRY_PARAGRAPHS))
    put(stack, FERRY, "2026-03-04T09:30:00Z", ferry("১২", FERRY_LATER))
    put(stack, LIBRARY, "2026-03-03T11:00:00Z", _library())
    put(stack, BRIDGE, "2026-03-04T05:45:00Z", _bridge())
    put(stack, COPY, "2026-03-04T07:15:00Z", _bridge("Open at last: traffic is back on the old bridge", "06:40"))
    put(stack, MARKET, "2026-03-03T20:30:00Z", _market())
    put(stack, KARACHI, "2026-03-04T06:10:00Z", _karachi())
    put(stack, CAIRO, "2026-03-03T18:00:00Z", _cairo())
    put(stack, HOSTILE, "2026-03-02T08:05:00Z", hostile_page())
    stack.archive.put(hostile_article())
    stack.archive.mark_gone(url_id(MARKET), NOON.replace(hour=11), "http_410")
    _add_quiet_feed(stack)
    stack.upload("uploads/front.html", b"<html><body><a href='/a'>A</a><p>Sign in to read on.</p></body></html>")
    stack.run()


def put(stack: EmbeddedStack, url: str, fetched_at: str, body: bytes) -> None:
    """Upload a page as it was fetched from a URL, and take it the whole way."""
    stack.upload(f"uploads/{fetched_at}.html", body, {"url": url, "fetched-at": fetched_at})
    stack.run()


def _add_quiet_feed(stack: EmbeddedStack) -> None:
    long_ago = NOON.replace(month=1)
    feed = KnownUrl(url=FEED, source="nodir-khobor", kind="feed", since=long_ago, new_at=long_ago)
    DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 90).add(feed, NOON)


def ferry(rescued: str, paragraphs: tuple[str, ...]) -> bytes:
    """Return the page of the ferry, which changes."""
    title = f"মেঘনায় ট্রলারডুবি, {rescued} জন উদ্ধার"
    facts = _facts(title, "2026-03-04T07:40:00+06:00", "সারা দেশ", "চাঁদপুর প্রতিনিধি")
    return page(title=title, paragraphs=paragraphs, lang="bn", json_ld=facts)


def hostile_page() -> bytes:
    """Return a page that would run scripts in many ways where what it says was taken for markup."""
    # As who means it would write it: the script element ends where it should.
    declared = json.dumps(_HOSTILE_FACTS).replace("</", "<\\/")
    head = f'<script type="application/ld+json">{declared}</script>'
    return page(title=escape(HOSTILE_TITLE), paragraphs=_HOSTILE_PARAGRAPHS, head=head)


def hostile_article() -> Article:
    """Return an article that no extraction produces: the console shows anything in the archive as text."""
    address = f"javascript:{_SCRIPT}"
    return Article(
        article_id="hostile",
        canonical_url=address,
        source=_MARKUP,
        title=f"{_MARKUP} in every field",
        kicker=_MARKUP,
        description=_MARKUP,
        authors=(Author(name=_MARKUP, url=address),),
        published_at=NOON.replace(day=2),
        language=f'en" onmouseover="{_SCRIPT}',
        section=_MARKUP,
        tags=(_MARKUP,),
        dateline=_MARKUP,
        images=(Image(url=f"data:image/svg+xml,<svg onload={_SCRIPT}>", caption=_MARKUP, credit=_MARKUP),),
        body=(
            Block(kind="paragraph", text=_MARKUP),
            Block(kind="heading", text=_MARKUP, level=2),
            Block(kind="list", text=_MARKUP, items=(_MARKUP,)),
            Block(kind="table", text=_MARKUP, rows=((_MARKUP,),)),
            Block(kind="image", image=Image(url=address, caption=_MARKUP)),
            Block(kind="image", image=Image(url=f'https://hostile.example/c.png?"onerror={_SCRIPT}')),
            Block(kind="code", text=_MARKUP),
            Block(kind="embed", url=address),
        ),
        publisher=Publisher(name=_MARKUP, logo=address),
        fetched_at=NOON.replace(day=2),
        raw=RawReference(bucket="raw", key=_MARKUP),
        extraction=Extraction(version="1", rules=_MARKUP, fields={"title": Evidence(origin="meta", text=_MARKUP)}),
        content_hash="h",
    )


def _library() -> bytes:
    title = "পদ্মায় ভাসে পাঠাগার, ঘাটে ঘাটে বই"
    facts = _facts(title, "2026-03-03T16:20:00+06:00", "সংস্কৃতি", "রওনক জাহান")
    return page(title=title, paragraphs=LIBRARY_PARAGRAPHS, lang="bn", json_ld=facts)


def _bridge(title: str = "Old bridge opens again", hour: str = "05:30") -> bytes:
    return page(title=title, json_ld=_facts(title, f"2026-03-04T{hour}:00Z", "City", "Mary Stone"))


def _market() -> bytes:
    title = "Market hall stays open until midnight"
    facts = _facts(title, "2026-03-03T20:15:00Z", "Business", "Jon Ash")
    return page(title=title, paragraphs=MARKET_PARAGRAPHS, json_ld=facts)


def _karachi() -> bytes:
    title = "کراچی کے ساحل پر پرندوں کی گنتی مکمل"
    facts = _facts(title, "2026-03-04T10:30:00+05:00", "ماحول", "سارہ خان")
    return page(title=title, paragraphs=KARACHI_PARAGRAPHS, lang="ur", json_ld=facts)


def _cairo() -> bytes:
    title = "مكتبة في القاهرة تفتح قاعة جديدة للأطفال"
    facts = _facts(title, "2026-03-03T19:00:00+02:00", "ثقافة", "ليلى حسن")
    return page(title=title, paragraphs=CAIRO_PARAGRAPHS, lang="ar", json_ld=facts)


def _facts(title: str, published: str, section: str, author: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": published,
        "articleSection": section,
        "keywords": [section],
        "author": {"@type": "Person", "name": author},
        "image": {"@type": "ImageObject", "url": "https://pictures.example/1.jpg", "width": 1200, "height": 800},
    }
