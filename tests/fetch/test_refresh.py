"""Pages that only lead on."""

import pytest
from tests.counting import count_calls
from tests.fetch.servers import page, raw_server

from khobor.content.media_types import FEED
from khobor.errors import PermanentError
from khobor.fetch.downloader import MAX_REDIRECTS, Downloader, Limits
from khobor.fetch.refresh import Refresh, declared_refresh, refresh_target
from khobor.page import MAX_PAGE_BYTES

THERE = b"<html><title>There</title>"


@pytest.fixture
def downloader() -> Downloader:
    return Downloader("x", Limits(total_seconds=10), allow_loopback=True)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("0;url=/b", "/b"),
        ("0; URL='/b'", "/b"),
        ('0; url="/b" and more', "/b"),
        ("0;/b", "/b"),
        ("0, url=/b", "/b"),
        ("0 url=/b", "/b"),
        ("0.0; url = /b ", "/b"),
        (" 0 ; url=/খবর", "/খবর"),
        (";url=/b", "/b"),
        ("0.9;url=/b", "/b"),
        ("5;url=/b", None),
        ("0", None),
        ("0;", None),
        ("0;url=", None),
        ("", None),
        ("soon;url=/b", None),
        ("-1;url=/b", None),
        ("0" * 5000 + ";url=/b", None),
    ],
)
def test_a_value_is_read_as_browsers_do(value: str, target: str | None) -> None:
    assert refresh_target(value) == target


META = '<meta http-equiv="refresh" content="0; url=/b">'


@pytest.mark.parametrize(
    ("html", "target"),
    [
        (f"<html><head>{META}</head>", "/b"),
        ("<META CONTENT='0;URL=/b?x=1&amp;y=2' HTTP-EQUIV=Refresh>", "/b?x=1&y=2"),
        (f"<title>x</title><body>{META}", "/b"),
        (f"<noscript>{META}</noscript>", None),
        (f"<!-- {META} -->", None),
        (f"<script>'{META}'</script>", None),
        ('<meta http-equiv="refresh" content="600">', None),
        ('<meta name="refresh" content="0;url=/b">', None),
        (f"<noscript>{META}</noscript>{META}", "/b"),
        ("x" * MAX_PAGE_BYTES + META, None),
        ("<!--" * 20_000 + META, None),
        ("<meta http-equiv=refresh content='0;url=/b'", None),
    ],
    ids=str,
)
def test_only_what_every_reader_is_led_by_counts(html: str, target: str | None) -> None:
    refresh = declared_refresh(html.encode())
    assert (refresh.target if refresh else None) == target


LINK = '<link rel="canonical" href="/b">'
SCRIPT = "<script>location = '/b'</script>"


@pytest.mark.parametrize(
    ("html", "target"),
    [
        (f"<title>Redirecting</title>{SCRIPT}<h1>Redirecting</h1><a href=/b>Click here.</a>", "/b"),
        ('<script>window.location.replace("/b");</script>', "/b"),
        ("<script>\n  window.location.href='/b';\n</script>", "/b"),
        (f"<title>Moved</title>{LINK}", "/b"),
        (f"{LINK}<p>Moved</p>", None),
        (f"{LINK}<script src=app.js></script><div id=app></div>", None),
        (f"{LINK}<img src=a.png>", None),
        ("<script>if (screen.width < 600) location = '/b'</script>", None),
        ("<script>function go() { location = '/b' }</script>", None),
        (f"{SCRIPT}<p>{'The bridge opens. ' * 20}</p>", None),
        (f"{SCRIPT}<style>{'x' * 5000}</style>", None),
        (f"<!-- {SCRIPT} --><p>The bridge opens.", None),
    ],
    ids=str,
)
def test_a_page_without_text_leads_where_its_script_or_its_canonical_link_does(html: str, target: str | None) -> None:
    refresh = declared_refresh(html.encode())
    assert (refresh.target if refresh else None) == target


@pytest.mark.parametrize(
    ("html", "is_moved"),
    [
        (LINK + META, True),
        (LINK + SCRIPT, True),
        (LINK, True),
        ('<link rel="canonical" href="/c">' + META, False),
        (SCRIPT, False),
    ],
)
def test_an_address_has_moved_for_good_if_the_canonical_link_agrees(
    downloader: Downloader, html: str, is_moved: bool
) -> None:
    with raw_server(lambda head: [page(html.encode() if b" /a " in head else THERE)]) as server:
        answer = downloader.fetch(server.url("/a"))
        assert (answer.final_url, answer.body) == (server.url("/b"), THERE)
        assert answer.moved_to == (server.url("/b") if is_moved else None)


@pytest.mark.parametrize(
    "first",
    [
        page(META.encode()),
        page(b'<html><base href="/x/"><meta http-equiv=refresh content="0;../b">'),
        page(b"<html>", "Refresh: 0; url=/b"),
        page(b"<html>", "Refresh: 0;/b", "Refresh: 0;/b"),
    ],
    ids=["meta", "base", "header", "header twice"],
)
def test_it_is_followed_as_a_redirect_is(downloader: Downloader, first: bytes) -> None:
    with raw_server(lambda head: [first if b" /a " in head else page(THERE)]) as server:
        answer = downloader.fetch(server.url("/a"))
        assert (answer.url, answer.final_url, answer.body) == (server.url("/a"), server.url("/b"), THERE)
        # It may lead elsewhere tomorrow.
        assert answer.moved_to is None


def test_a_page_that_reloads_itself_is_a_page(downloader: Downloader) -> None:
    html = b'<html><meta http-equiv="refresh" content="0; url=#top">'
    with raw_server(lambda _: [page(html)]) as server:
        assert downloader.fetch(server.url("/a")).body == html
        assert len(server.requests) == 1


def test_what_leads_on_without_end_ends(downloader: Downloader) -> None:
    def further(head: bytes) -> list[bytes]:
        number = int(head.split()[1].rpartition(b"/")[2])
        return [page(b'<html><meta http-equiv="refresh" content="0; url=/%d">' % (number + 1))]

    with raw_server(further) as server, pytest.raises(PermanentError, match="too_many_redirects"):
        downloader.fetch(server.url("/0"))
    assert len(server.requests) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/latest/"])
def test_it_leads_to_no_forbidden_place(downloader: Downloader, target: str) -> None:
    html = f'<html><meta http-equiv="refresh" content="0; url={target}">'.encode()
    with raw_server(lambda _: [page(html)]) as server, pytest.raises(PermanentError, match="forbidden_address"):
        downloader.fetch(server.url("/a"))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:void(0)", "about:blank", "http://[::1", "//a@b/"])
def test_where_it_leads_to_no_page_there_is_the_page_itself(downloader: Downloader, target: str) -> None:
    html = f'<html><meta http-equiv="refresh" content="0; url={target}">'.encode()
    with raw_server(lambda _: [page(html)]) as server:
        assert downloader.fetch(server.url("/a")).body == html


def test_a_feed_leads_nowhere_by_what_its_entries_hold(downloader: Downloader) -> None:
    feed = f"<rss><channel><item><description><![CDATA[{META}]]></description></item></channel></rss>".encode()
    with raw_server(lambda _: [page(feed, content_type="application/rss+xml")]) as server:
        assert downloader.fetch(server.url("/a"), accept=FEED).body == feed


REFRESHING = b'<meta http-equiv="refresh" content="0; url=/1">'


@pytest.mark.parametrize("unit", [b"<a ", b'<a x="', b"<!--", b"</", b"<a x='"])
def test_tags_without_end_are_read_by_few_calls(unit: bytes) -> None:
    def calls(times: int) -> int:
        return count_calls(lambda: declared_refresh(REFRESHING + unit * times))

    calls(10)
    assert calls(800) < 2.5 * calls(400) + 100
    assert declared_refresh(REFRESHING + unit * 800) == Refresh(target="/1", base=None)


def test_a_declaration_that_the_parser_refuses_stops_nothing() -> None:
    assert declared_refresh(REFRESHING + b"<![<![>") == Refresh(target="/1", base=None)
    assert declared_refresh(b"<link rel=canonical href=/1><![<![>") in (
        None,
        Refresh(target="/1", base=None, canonical="/1"),
    )


def test_a_text_behind_the_last_tag_is_to_be_read() -> None:
    assert declared_refresh(b'<link rel="canonical" href="/1">' + b"The bridge is open. " * 20) is None


def test_spaces_without_number_in_a_script_take_no_time() -> None:
    assert declared_refresh(b"<script>location='/1'" + b" " * 4000 + b"x</script>") is None
    assert refresh_target("1" * 4000) is None
