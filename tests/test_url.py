from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khobor import url
from khobor.errors import PermanentError


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTP://Example.COM:80/A", "http://example.com/A"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?#", "https://example.com/a"),
        ("https://:secret@example.com/a", "https://example.com/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=y", "https://example.com/a?id=7"),
        ("https://example.com/a??", "https://example.com/a??"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?b=2&a=9&b=1", "https://example.com/a?a=9&b=2&b=1"),
        ("https://example.com/a?story&b=2&a=1", "https://example.com/a?story&b=2&a=1"),
        ("https://example.com/a?b=1&&a=2&", "https://example.com/a?a=2&b=1"),
        ("https://example.com/a%2fb%7e%e0%a6%96", "https://example.com/a%2Fb~%E0%A6%96"),
        ("https://example.com/100%-sure", "https://example.com/100%25-sure"),
        ("https://example.com/%%34%31", "https://example.com/%2541"),
        ("https://example.com/a?q=%61%26", "https://example.com/a?q=a%26"),
        ("https://example.com/..;jsessionid=1/x", "https://example.com/x"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        # Each is a site of its own.
        ("https://m.github.io/a", "https://m.github.io/a"),
        ("https://amp.blogspot.com/a", "https://amp.blogspot.com/a"),
        ("https://mobile.xn--54b7fta0cc/a", "https://mobile.xn--54b7fta0cc/a"),
        ("https://m.someone.github.io/a", "https://someone.github.io/a"),
        ("https://m.example.co.uk:8080/a", "https://example.co.uk:8080/a"),
        ("https://amp.m.example.com/a", "https://example.com/a"),
        ("https://www.google.com/amp/s/:/", "https://www.google.com/s/:/"),
        ("https://example.com/খবর", "https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("  https://example.com/a\n", "https://example.com/a"),
        ("https://example.com/a?x[b]=1&x%5bc%5D=2", "https://example.com/a?x%5Bb%5D=1&x%5Bc%5D=2"),
        ("https://example.com/[a]|b^c", "https://example.com/%5Ba%5D%7Cb%5Ec"),
        ("https://example.com/a?cat=1&#38;id=7", "https://example.com/a?cat=1&id=7"),
        ("https://example.com/a?cat=1&amp;#038;id=7", "https://example.com/a?cat=1&id=7"),
        ("https://example.com/a?cat=1&amp;id=7&amp;amp;b=2", "https://example.com/a?b=2&cat=1&id=7"),
        ("https://example.com/a?cat=1&amp%3bid=7", "https://example.com/a?cat=1&id=7"),
        ("https://example.com/a?amp;id=7", "https://example.com/a?id=7"),
        ("https://example.com/a?ampere=7&amplitude=1", "https://example.com/a?ampere=7&amplitude=1"),
        ("https://example.com/a?q=fish%26amp%3Bchips", "https://example.com/a?q=fish%26amp%3Bchips"),
        ("https://google.evl.com/amp/s/victim.example/1", "https://google.evl.com/s/victim.example/1"),
    ],
)
def test_canonical_url(given_url: str, canonical: str) -> None:
    assert url.canonical_url(given_url) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://",
        "//example.com",
        "https://example.com/\ud800",
    ],
)
def test_what_is_no_url_is_said_to_be_none(text: str) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        url.canonical_url(text)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("a" * 64 + ".example", "a label of 64 characters"),
        (f"news.{'খবর' * 30}.example", "a label of"),
        ("www." + "a" * 5000, "5004 characters"),
        (".".join(["a" * 63] * 4), "255 characters"),
        ("a." * 127 + "ab", "256 characters"),
        ("!" * 64 + ".example", "a label of 64 characters"),
        ("%61" * 64 + ".example", "a label of 64 characters"),
        ("..", "an empty label"),
        (".", "an empty label"),
        (".example", "an empty label"),
        ("a..example", "an empty label"),
        ("a.example..", "an empty label"),
        ("a%2e.example", "an empty label"),
        ("%2e%2E", "an empty label"),
        ("a。．example", "an empty label"),
    ],
)
@pytest.mark.parametrize("read", [url.canonical_url, url.absolute_url, url.host, url.origin])
def test_a_host_that_is_too_long_is_refused_with_the_reason(read: Callable[[str], str], host: str, why: str) -> None:
    with pytest.raises(PermanentError, match=f"bad_url: .*{why}"):
        read(f"https://{host}/news/1")


@pytest.mark.parametrize("host", ["a" * 63 + ".example", "a." * 126 + "a", "a." * 126 + "a.", "www.খবর.example"])
def test_a_host_that_is_as_long_as_it_may_be_is_taken(host: str) -> None:
    assert url.host(f"https://{host}/news/1")


def test_no_copy_of_a_page_leads_to_a_host_that_is_too_long() -> None:
    copy = f"https://www.google.com/amp/s/{'a' * 64}.example/news/1"
    assert url.host(url.canonical_url(copy)) == "www.google.com"


ONE_ARTICLE = [
    "https://example.com/news/1",
    "http://EXAMPLE.com:80/news/1#comments",
    "https://reader:secret@example.com./news/./1",
    "https://example.com/%6Eews/1?",
    "https://example.com/news/1?utm_medium=rss&gclid=x&srsltid=y",
    "https://example.com/news/1?utm_source=a&amp;utm_medium=b&amp%3Butm_term=c&amp;amp;utm_id=d",
    "https://example.com/news/1?pk_campaign=a&mc_cid=b&at_medium=c&at_link_id=d&itm_source=e&_bhlid=f&dicbo=g&tblci=h",
    "https://example.com/news/1?WT.mc_id=mail&Echobox=1700000000",
    "https://example.com/news/1;jsessionid=0A1B2C?PHPSESSID=0123456789abcdef0123456789abcdef",
    "https://example.com/(S(lit3py55t21z5v55vlm25s55))/news/1",
    "https://example.com/amp/news/1",
    "https://example.com/news/1/amp",
    "https://example.com/news/1.amp",
    "https://example.com/news/1?amp",
    "https://example.com/news/1?amp=1",
    "https://example.com/news/1?outputType=amp",
    "https://m.example.com/news/1",
    "https://mobile.example.com/news/1",
    "https://amp.example.com/news/1",
    "https://example-com.cdn.ampproject.org/c/s/example.com/news/1",
    "https://example-com.cdn.ampproject.org/v/s/amp.example.com/news/1?amp_js_v=0.1&usqp=mq331AQ",
    "https://www.google.com/amp/s/example.com/news/1/amp",
    "https://www.google.co.uk/amp/example.com/news/1?amp=true",
]
# Each is, or may be, a different article.
OTHERS = [
    "https://example.com/news/1/",
    "https://example.com/news//1",
    "https://example.com/News/1",
    "https://example.com/news%2F1",
    "https://example.com/m/news/1",
    "https://example.com/news/1/index.html",
    "https://example.com/news/1?page=2",
    "https://example.com/news/1?id=7",
    "https://example.com/news/1?id=",
    "https://example.com/news/1?id=7&page=2",
    "https://example.com/news/1?amp=2",
    "https://example.com/news/1?ref=7",
    "https://example.com/news/1?cid=7",
    "https://example.com/news/1?pk_no=7",
    "https://example.com/news/1?at_id=7",
    "https://example.com/news/1?mc_no=7",
    "https://example.com/news/1?campaign_id=7",
    "https://example.com/news/1?sid=7",
    "https://example.com/news/1?sid=0123456789abcdef0123456789abcdef",
    "https://example.com/news/1?id=1&id=2",
    "https://example.com/news/1?id=2&id=1",
    "https://example.com/news/1?a&b",
    "https://example.com/news/1?b&a",
    "https://www.example.com/news/1",
    "https://example.com:8080/news/1",
    "https://example.com/amp",
    "https://example.com/amp/",
    "https://example.com/news/champ",
    "https://example.com/news/amp/1",
    "https://example.com/news/1.html",
    "https://bn.example.com/news/1",
    "https://news.google.com/amp/s/example.com/news/1",
]
PARTS = [
    "https://",
    "http://",
    "m.",
    "amp.",
    "www.",
    "example",
    ".com",
    ".co.uk",
    ".",
    "/",
    "amp",
    ".amp",
    ".html",
    "/amp",
]
PARTS += ["?", "&", "=", "a", "b=1", "a=2", "sid=", "0" * 26, "utm_x", ";jsessionid=", "%", "%2", "%61", "%2f", "%25"]
PARTS += [
    "%e0%a6%96",
    "খ",
    "#",
    "..",
    "%2e",
    "google.com/amp/s/",
    "x.cdn.ampproject.org/c/s/",
    ":80",
    "@",
    " ",
    "\\",
    "[",
]
PARTS += [
    "/(S(lit3py55t21z5v55vlm25s55))",
    "+",
    "?amp=1",
    "..amp",
    "/..;jsessionid=1",
    "/x/amp/",
    "\n",
    "\x00",
    "xn--",
    "amp;",
    "&amp%3B",
    "&#38;",
    "{|",
    "\N{FULLWIDTH FULL STOP}",
]


def test_spellings_of_one_article_have_one_id() -> None:
    assert {url.article_id(url.canonical_url(spelling)) for spelling in ONE_ARTICLE} == {
        url.article_id("https://example.com/news/1")
    }


def test_different_articles_have_different_ids() -> None:
    ids = {url.article_id(url.canonical_url(other)) for other in [ONE_ARTICLE[0], *OTHERS]}
    assert len(ids) == 1 + len(OTHERS)


def test_a_session_id_is_left_out_beside_another_parameter() -> None:
    given = "https://example.com/viewtopic.php?t=5&sid=0123456789abcdef0123456789abcdef"
    assert url.canonical_url(given) == "https://example.com/viewtopic.php?t=5"


@example("/(S(lit3py55t21z5v55vlm25s55)).amp/")
@example("/(S(lit3py55t21z5v55vlm25s55)).amp.amp/(S(lit3py55t21z5v55vlm25s55))/amp/")
@example("x.cdn.ampproject.org/c/s/;jsessionid=x.cdn.ampproject.org/c/s/")
@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.text(st.characters(), max_size=40))
def test_canonical_url_of_a_canonical_url_is_itself(text: str) -> None:
    try:
        canonical = url.canonical_url(text, "https://example.org/a/b?c")
    except PermanentError:
        return
    assert url.canonical_url(canonical) == canonical


@given(st.from_regex(r"([bd0-9-]{1,9}/){0,4}[bd0-9-]{1,9}(\?[bd]=[0-9]{1,9}(&[e-g]=[0-9]{1,3}){0,2})?", fullmatch=True))
def test_what_needs_no_normalising_stays_as_it_is(text: str) -> None:
    given_url = f"https://www.example.com/{text}"
    path, mark, query = given_url.partition("?")
    assert url.canonical_url(given_url) == path + mark + "&".join(sorted(query.split("&"), key=lambda part: part[:1]))


def test_article_id_is_the_same_over_http_and_https_and_safe_in_a_key() -> None:
    one, other = url.article_id("https://example.com/খবর?x=1"), url.article_id("http://example.com/খবর?x=1")
    assert one == other
    assert one.isascii()
    assert one.isalnum()
    assert one != url.article_id("https://example.com/খবর?x=2")


@pytest.mark.parametrize("userinfo", ["user:password@", "user@", ":password@", "a%40b:c%3Ad@", "victim.example@", "@"])
def test_credentials_are_left_out(userinfo: str) -> None:
    assert url.without_credentials(f"https://{userinfo}example.com/@a?b=c@d#e") == "https://example.com/@a?b=c@d#e"
    assert url.without_credentials("/1", f"https://{userinfo}example.com/") == "https://example.com/1"
    assert url.has_credentials(f"https://{userinfo}example.com/") is (userinfo != "@")


def test_relative_references_are_resolved() -> None:
    assert url.absolute_url("../b?x", "https://example.com/a/c/d") == "https://example.com/a/b?x"
    assert url.host("https://WWW.Example.com:8080/") == "www.example.com"
