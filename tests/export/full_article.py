"""An article that has every field, in several scripts."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.articles import article

from khobor.article import (
    Article,
    Author,
    Block,
    Candidate,
    Evidence,
    Extraction,
    Image,
    Link,
    Publisher,
    RawReference,
    Rights,
    Video,
)

DHAKA = timezone(timedelta(hours=6))
IMAGE = Image(url="https://example.com/a.jpg", caption="সেতু", credit="AFP", width=800, height=600)
BODY = (
    Block(kind="paragraph", text="নদীর ওপর পুরোনো সেতুটি আবার খুলেছে।\nক্ষতি"),
    Block(kind="heading", text="שלום, مرحبا \u202eabc\u202c", level=2),
    Block(kind="list", text="a\nb", items=("a", "b")),
    Block(kind="table", text="1\t2", rows=(("1", "2"), ("3", "=4"))),
    Block(kind="image", image=IMAGE),
    Block(kind="embed", url="https://video.example/1"),
)
DISPUTED = Evidence(
    origin="json-ld",
    text="2023-08-16T05:23:00+06:00",
    precision="minute",
    assumed_zone="Asia/Dhaka",
    confirmed_by=("h1",),
    disputed_by=(Candidate(origin="meta", text="2023-08-15"),),
)
RIGHTS = Rights(
    robots=("noarchive",),
    robots_txt="allowed",
    tdm_reservation=False,
    tdm_policy="https://example.com/tdm",
    license_url="https://creativecommons.org/licenses/by/4.0/",
)


def full_article(number: int = 1, **fields: Any) -> Article:
    """Return an article that has every field; the number makes it different from others."""
    usual: dict[str, Any] = {
        "title": 'পুতিন-কিমের "চিঠি", বিনিময়; 👩‍👩‍👧 \u0000',
        "alternative_titles": ("Letters", "Письма"),
        "kicker": "-5 °C",
        "description": '=HYPERLINK("https://evil.example")',
        "authors": (
            Author(name="কালবেলা ডেস্ক", kind="organization"),
            Author(name="A. Rahman", url="https://example.com/rahman"),
        ),
        "published_at": datetime(2023, 8, 16, 5, 23, 0, 123456, DHAKA),
        "modified_at": datetime(2023, 8, 16, 7, 35, tzinfo=DHAKA),
        "language": "bn",
        "section": "world",
        "breadcrumbs": ("Home", "World"),
        "tags": ("রাশিয়া", "উত্তর কোরিয়া"),
        "edition": "online",
        "dateline": "ঢাকা",
        "genre": "news",
        "word_count": 290,
        "body": BODY,
        "images": (IMAGE, Image(url="https://example.com/b.jpg")),
        "videos": (Video(url="https://video.example/1", caption="Film"),),
        "links": (Link(url="https://elsewhere.example/", text="elsewhere"),),
        "related": (Link(url="https://example.com/2", text="next"),),
        "credits": ("আলজাজিরা",),
        "is_accessible_for_free": True,
        "rights": RIGHTS,
        "publisher": Publisher(name="কালবেলা", logo="https://example.com/logo.png"),
        "fetched_at": datetime(2023, 8, 16, 2, 0, 0, 1, UTC),
        "raw": RawReference(bucket="raw", key="pages/example.com/a.html.gz", version="v1"),
        "extraction": Extraction(version="1.2", rules="kalbela/1", fields={"published_at": DISPUTED}),
    }
    return article(number, **usual | fields)
