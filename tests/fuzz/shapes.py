"""Whole inputs in the shapes that real pages, feeds, robots.txt files and servers have, one for each way to go wrong.

Hypothesis cuts them and puts words between; the fuzzer starts from them. Names and texts are invented.
"""

import codecs
import gzip
import json
from collections.abc import Mapping
from types import MappingProxyType

_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/?a=1&amp;b=2">{}</feed>'
_ENTRY = '<entry><title>The bridge</title><link href="/s?cat=1{0}id=7{0}id=8"/><updated>{1}</updated></entry>'
_RSS = "<rss><channel><item><title>{}</title><link>/news/12345</link><pubDate>{}</pubDate></item></channel></rss>"
_PAGE = "<html lang=en><head><title>The bridge opens</title>{}</head><body>{}<p>{}</p></body></html>"
_TEXT = "The bridge over the river opens in spring, the council said after a vote on Thursday evening. " * 3
_ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "The bridge opens // again",
    "author": [{"name": "Ada Lund, Ph.D."}, {"name": "By Ola Berg and Kim Vik"}, "Berg, Ola", "TF1", "Newsroom, Oslo"],
    "datePublished": 1789466400,
    "mainEntityOfPage": {"@id": "https://news.example/news/12345"},
}
_DATES = (
    "Sat, Dec 16 2023 02:02:33 PM", "2026/11/7", "23rd Jun 2026", "Sun, 15 Nov 2026 24:00:00 GMT",
    "Sun, 15 Nov 2026 23:59:60 GMT", "Sun, 15 Nov 2026 10:00:00 +06:00", "Sun Nov 15 2026 10:00:00 GMT-0700 (MST)",
    "15 Nov 2026 10:00 CEST", "15 Nov 2026 10:00 JST", "15 Nov 2026 10:00 MSK", "15 Nov 2026 10:00 WIB",
    "2026-11-15 10:00 +5:30", "2026-11-15T10:00+530", "2023-04-14 HKT 21:06", "R8.11.27", "令和8年11月27日", "ร.ศ. 245",
    "27 พ.ย. 69 10:00", "2569-11-27T10:00:00+07:00", "۶ آذر ۱۴۰۵ - ۱۰:۳۰", "1405/09/06",
    "২৭ নভেম্বর ২০২৬, ১২ অগ্রহায়ণ ১৪৩৩", "الجمعة 27 نوفمبر 2026 - 17 جمادى الآخرة 1448هـ", "17/06/1448 | 27/11/2026",
    "১৫ নভেম্বর ২০২৬ ১০:০০ এএম", "15 ноября 2026, 10:00 МСК", "15 listopada 2026", "1789466400", "1789466400000",
)  # fmt: skip
_ROBOTS = (
    "User-agent: khobor/0.1.0\nDisallow: /private",
    "User-agent: khobor bot\nDisallow: /",
    "User-agent: kho\nDisallow: /",
    "User-agent: other\nCrawl-delay: 5\nUser-agent: khobor\nDisallow: /a",
    "User-agent: a\nX-Unknown: 1\nUser-agent: khobor\nAllow: /a%2Fb\nDisallow: /a",
    "\ufeffUser-agent = khobor (+https://news.example/bot)\nDisallow /x\nSitemap: //s.example/a",
    "<!doctype html><title>Not found</title>",
    "User-agent: *\nDisallow: /খবর\nDisallow: /*?*amp;",
)
_URLS = (
    "https://news.example/c%23/a%2Fb", "https://news.example/খবর/১২৩৪৫", "/s?cat=1&#38;id=7", "?a=1&amp;b=2",
    "https://news.example/a?x=1&amp;utm_source=y", "https://news.example/a?x%5B%5D=1&y[]=2", "feed:https://news.example/a",
    "feed://news.example/a", "https://news.example/5/amp", "https://news.example/undefined", "https://news.example/{{url}}",
    "https://news.example/{%25 url %25}", "https://news.example/PAGE.HTML", "https://news.example/a.xhtml",
    "=?utf-8?Q?https://news.example/=E0=A6=96?=", "https://news.example/a?utm_source=a%26b#:~:text=c", "https://a.example/%",
)  # fmt: skip
_CODINGS = (
    "", "none", "utf-8", "identity", "aws-chunked", "gzip", "x-gzip", "GZIP, identity", "aws-chunked, gzip", "gzip,,",
    "br", "deflate", "zstd", "gzip, gzip", "UTF-8, gzip",
)  # fmt: skip


def _head(*links: str) -> bytes:
    return b"\0" + _PAGE.format("".join(links), "<h1>The bridge opens</h1>", _TEXT).encode()


def _body(html: str) -> bytes:
    return b"\0" + _PAGE.format("", html, _TEXT).encode()


def _linked_data(script: str) -> bytes:
    return _head(f'<script type="application/ld+json">{script}</script>')


def _repeated() -> list[bytes]:
    """Return pages with half surrogates, runs of white space, and many candidates of one field."""
    many, space = range(150), " " * 500
    authors = [{"name": f"Ada Lund {n}"} for n in many]
    return [
        _linked_data(json.dumps(_ARTICLE | {key: "Opens \ud83d again", "author": "Ada \udc00 Lund"}))
        for key in ("headline", "description", "articleBody", "articleSection", "keywords", "image")
    ] + [
        _linked_data(json.dumps(_ARTICLE | {"author": authors, "keywords": f"a{space},b"})),
        _linked_data(json.dumps([_ARTICLE | {"@id": f"#{n}", "headline": f"Ship {n}"} for n in many])),
        _head("".join(f'<meta name=date content="2026-03-01 {n}"><meta name=author content="Ada {n}">' for n in many)),
        _head(f'<meta property="og:title" content="The{space}bridge &#xd83d;|{chr(9) * 500}opens &#56832;">'),
        _body("".join(f"<time>1 March 2026{' ' * n}</time><h1>Ship {n}</h1>" for n in many)),
        _body("".join(f"<span class=byline itemprop=author>By Ada Lund {n}</span>" for n in many)),
        _body(f"<h1>Opens&#xd83d;</h1><p class=byline>By{space}Ada{chr(10) * 500}Lund &#xdc00; |{space}Oslo</p>"),
    ]


def _pages() -> list[bytes]:
    data = json.dumps(_ARTICLE)
    canonical = '<link rel=canonical href="{}">'
    japanese = _PAGE.format("<meta charset=iso-2022-jp>", "<h1>橋が開通</h1>", "川に架かる新しい橋が春に開通する。" * 9)
    return [
        _linked_data(data.replace('"', "&quot;")),
        _linked_data(f"\ufeff{data}"),
        _linked_data(f"/* one // two */ <!-- {data} -->"),
        _linked_data(f"<![CDATA[{data}]]>;"),
        _head(canonical.format("https://news.example/"), '<meta property="og:url" content="/news/12345">'),
        _head(canonical.format("undefined")),
        _head(canonical.format("{{ article.url }}"), canonical.format("https://other.example/news/12345")),
        _head('<meta http-equiv=refresh content="0; url=/news/12345">'),
        _body("<h1>The<br>bridge<br/>opens</h1><p class=byline>Ada Lund<br>Ola Berg</p>"),
        _body(
            "<h1><span>The</span><span>bridge</span></h1><table><tr><td>a<td>b</table><figcaption>old<br>bridge</figcaption>"
        ),
        _body("<h1>Opens</h1><p class=views>Views: 1,234</p><p>পঠিত: ১২৩ বার</p>"),
        _body("<h1>Opens</h1><p class=byline>By<a>Ada Lund, MD</a>, Ola Berg Jr., and Kim Vik | Oslo</p>"),
        _body("<h1>Opens</h1><p class=byline>&amp;lt;b&amp;gt;Ada&amp;lt;/b&amp;gt; (記者 王小明／台北報導)</p>"),
        *(_body(f"<h1>Opens</h1><p>Published: <time>{date}</time></p>") for date in _DATES),
        b"\0" + japanese.encode("iso-2022-jp"),
        b"\0" + japanese.replace("iso-2022-jp", "euc-jp").encode("euc-jp"),
        b"\0" + codecs.BOM_UTF8 + _PAGE.format("<meta charset=iso-8859-1>", "<h1>খবর</h1>", "খবর " * 60).encode(),
        b"\0" + codecs.BOM_UTF16_BE + _PAGE.format("", "<h1>খবর</h1>", "খবর " * 60).encode("utf-16-be"),
    ]


def _feeds() -> list[bytes]:
    declared = '<?xml version="1.0" encoding="{}"?>'
    return [
        *(
            _ATOM.format(_ENTRY.format(sign, _DATES[0])).encode()
            for sign in ("&amp;", "&#38;", "&#x26;", "&", "&amp;amp;")
        ),
        *(_RSS.format("খবর", date).encode() for date in _DATES),
        b'<feed><link rel="http://www.iana.org/assignments/relation/next" href="?p=1&amp;q=2"/></feed>',
        (declared.format("iso-8859-1") + _RSS.format("খবর", _DATES[0])).encode(),
        (declared.format("iso-2022-jp") + _RSS.format("橋が開通", _DATES[0])).encode("iso-2022-jp"),
        codecs.BOM_UTF8 + b"\n" + declared.format("utf-8").encode() + _RSS.format("&nbsp;&eacute;", "").encode(),
        b'<html><link rel=alternate type=text/xml href=/rss><a rel="alternate" href="feed://news.example/rss">RSS</a></html>',
        "<html><a href='/新聞/大橋今天開放'>大橋今天開放</a><a href='/ข่าว/สะพานเปิดแล้ว'>สะพานเปิดแล้ว</a></html>".encode(),
    ]


def _sitemaps() -> list[bytes]:
    url = "<urlset><url><loc>https://news.example/s?cat=1{}id=7</loc><lastmod>{}</lastmod></url></urlset>"
    first = url.format("&amp;", _DATES[0]).encode()
    return [
        *(url.format(sign, _DATES[0]).encode() for sign in ("&amp;", "&#38;", "&", "<![CDATA[&]]>")),
        *(url.format("&amp;", date).encode() for date in _DATES),
        codecs.BOM_UTF8 + b"\n" + first,
        gzip.compress(first, mtime=0),
    ]


# By the name of a target.
SHAPES: Mapping[str, list[bytes]] = MappingProxyType(
    {
        "parse": [*_pages(), *_repeated()],
        # The zone of Dhaka, and a language that is not known.
        "dates": [b"\x01\x00" + date.encode() for date in _DATES],
        "robots": [f"{body}\n/a%2Fb?c=1&amp;d=2".encode() for body in _ROBOTS],
        "feeds": _feeds(),
        "sitemaps": _sitemaps(),
        "urls": [f"https://news.example/a/\n{url}".encode() for url in _URLS],
        # As the metadata of an upload.
        "events": [url.encode() for url in _URLS],
        "codings": [f"{name}\n".encode() + gzip.compress(b"<html>", mtime=0) for name in _CODINGS],
    }
)
