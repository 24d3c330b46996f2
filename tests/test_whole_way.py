"""A source of five lines: its articles and their changes are archived automatically, each once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.example_pages import page
from werkzeug import Request, Response

from khobor.embedded.stack import EmbeddedStack
from khobor.sources.registry import bundled_sources
from khobor.url import url_id

TICK = timedelta(minutes=5)
SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
enabled = true
article_url = '^/news/'

[discovery]
interval_minutes = 5
"""
ITEM = "<item><link>{url}</link><pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"

CARD = '<meta property="og:image" content="/pictures/7.jpg">'


class Daily:
    """A site with a feed, and the stack that archives it."""

    def __init__(self, stack: EmbeddedStack, server: HTTPServer, clock: time_machine.Traveller) -> None:
        self.stack = stack
        self.server = server
        self.clock = clock
        self.titles: dict[str, str] = {}
        self.unlisted: set[str] = set()
        self.answers: dict[str, Response] = {}
        server.expect_request("/robots.txt").respond_with_data(f"Sitemap: {self.url('/sitemap.xml')}")
        server.expect_request("/").respond_with_handler(self._home)
        server.expect_request("/feed").respond_with_handler(self._feed)
        server.expect_request("/sitemap.xml").respond_with_handler(self._sitemap)
        for number in range(10):
            server.expect_request(f"/news/{number}").respond_with_handler(self._article)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    def add_source(self, listings: str, enabled: str = "true", host: str = "127.0.0.1") -> None:
        # No other site gets a request.
        kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
        self.stack.upload("sources/kalbela.toml", kalbela.encode())
        text = SOURCE.replace("enabled = true", f"enabled = {enabled}").replace("127.0.0.1", host)
        self.stack.upload("sources/daily.toml", f"{text}{listings}".encode())

    def publish(self, number: int, title: str) -> None:
        self.titles[f"/news/{number}"] = title

    def pass_time(self, *, minutes: int = 0, hours: int = 0) -> None:
        """Let time pass, and with it ticks of the schedule: one every five minutes, or every hour."""
        for _ in range(hours or minutes // 5):
            self.stack.tick(datetime.now(UTC))
            self.stack.run()
            self.clock.shift(timedelta(hours=1) if hours else TICK)

    def asked(self) -> Counter[str]:
        counts = Counter(request.path for request, _ in self.server.log)
        self.server.clear_log()
        return counts

    def stored(self) -> list[str]:
        return sorted(str(article.title) for article in self.stack.articles())

    def _home(self, _: Request) -> Response:
        link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        return Response(f"<html><head>{link}{CARD}</head><body>News</body></html>", content_type="text/html")

    def _feed(self, request: Request) -> Response:
        now = datetime.now(UTC)
        items = "".join(
            ITEM.format(url=self.url(path), when=now) for path in sorted(self.titles.keys() - self.unlisted)
        )
        return self._conditional(
            request, f"feed-{len(self.titles)}", f"<rss><channel>{items}</channel></rss>", "text/xml"
        )

    def _sitemap(self, request: Request) -> Response:
        urls = "".join(f"<url><loc>{self.url(path)}</loc></url>" for path in sorted(self.titles))
        return self._conditional(request, f"map-{len(self.titles)}", f"<urlset>{urls}</urlset>", "text/xml")

    def _article(self, request: Request) -> Response:
        if request.path in self.answers:
            return self.answers[request.path]
        title = self.titles[request.path]
        return self._conditional(request, title, page(title=title).decode(), "text/html")

    def _conditional(self, request: Request, etag: str, body: str, content_type: str) -> Response:
        quoted = f'"{etag}"'
        if request.headers.get("If-None-Match") == quoted:
            return Response(status=304)
        return Response(body, headers={"ETag": quoted}, content_type=content_type)


@pytest.fixture
def daily(stack: EmbeddedStack, clock: time_machine.Traveller) -> Iterator[Daily]:
    with HTTPServer(host="127.0.0.1") as server:
        server.no_handler_status_code = 404
        yield Daily(stack, server, clock)


LISTINGS: dict[str, Callable[[Daily], str]] = {
    "a feed": lambda daily: f'feeds = ["{daily.url("/feed")}"]',
    "a sitemap": lambda daily: f'sitemaps = ["{daily.url("/sitemap.xml")}"]',
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTINGS)
def test_new_articles_of_a_source_arrive_by_themselves_and_once(daily: Daily, name: str) -> None:
    daily.add_source(LISTINGS[name](daily))
    daily.publish(1, "The bridge opens")
    daily.pass_time(minutes=10)
    assert daily.stored() == ["The bridge opens"]
    daily.publish(2, "The bridge closes")
    daily.pass_time(minutes=60)
    assert daily.stored() == ["The bridge closes", "The bridge opens"]
    asked = daily.asked()
    assert (asked["/news/1"], asked["/news/2"], asked["/robots.txt"]) == (1, 1, 1)
    assert daily.stack.dead_letters() == []


@pytest.mark.slow
def test_a_listing_that_did_not_change_costs_no_object(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.pass_time(minutes=60)
    assert daily.asked()["/feed"] == 12
    bucket = daily.stack.outputs["RawBucketName"]
    keys = [item["Key"] for item in daily.stack.s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len([key for key in keys if key.startswith("listings/daily/feed/")]) == 1
    assert len([key for key in keys if key.startswith("pages/")]) == 1


@pytest.mark.slow
def test_an_article_that_changes_is_stored_anew(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.pass_time(minutes=10)
    daily.publish(1, "The bridge opens at last")
    daily.pass_time(hours=8)
    assert daily.stored() == ["The bridge opens at last"]
    assert daily.asked()["/news/1"] == 2


@pytest.mark.slow
def test_what_the_feed_stated_stays_with_the_article_when_no_feed_lists_it_any_more(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.pass_time(minutes=10)
    (first,) = daily.stack.articles()
    assert first.extraction.fields["published_at"].origin == "feed"
    daily.unlisted.add("/news/1")
    daily.publish(1, "The bridge opens at last")
    daily.pass_time(hours=8)
    (second,) = daily.stack.articles()
    assert (second.title, second.published_at) == ("The bridge opens at last", first.published_at)
    assert len(daily.stack.archive.revisions(second.article_id)) == 2


@pytest.mark.slow
def test_the_image_of_the_home_page_leads_no_article_that_shows_its_own(daily: Daily) -> None:
    daily.add_source("", host=f"127.0.0.1:{daily.server.port}")
    daily.publish(1, "The bridge opens")
    html = page(title="The bridge opens", head=CARD, article='<figure><img src="/x/b.jpg"></figure>')
    daily.answers["/news/1"] = Response(html, content_type="text/html")
    daily.pass_time(minutes=15)
    (article,) = daily.stack.articles()
    assert [image.url for image in article.images] == [daily.url("/x/b.jpg")]


@pytest.mark.slow
@pytest.mark.parametrize(("status", "looks"), [(404, 3), (410, 2)])
def test_an_article_that_is_taken_down_is_marked_and_not_deleted(daily: Daily, status: int, looks: int) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.pass_time(minutes=10)
    daily.answers["/news/1"] = Response(status=status)
    daily.pass_time(hours=48)
    assert daily.stored() == ["The bridge opens"]
    assert daily.stack.archive.gone_at(url_id(daily.url("/news/1"))) is not None
    assert daily.asked()["/news/1"] == looks


@pytest.mark.slow
def test_an_article_behind_a_redirect_to_another_host_is_stored_and_marked_when_it_is_taken_down(
    daily: Daily,
) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    there = daily.url("/news/9").replace("127.0.0.1", "localhost")
    daily.answers["/news/1"] = Response(status=302, headers={"Location": there})
    daily.answers["/news/9"] = Response(page(title="The bridge opens"), content_type="text/html")
    daily.pass_time(minutes=10)
    assert daily.stored() == ["The bridge opens"]
    assert daily.asked()["/robots.txt"] == 2
    daily.answers["/news/9"] = Response(status=410)
    daily.pass_time(hours=8)
    (article,) = daily.stack.articles()
    assert daily.stack.archive.gone_at(article.article_id) is not None


def test_related_links_are_followed_where_a_source_asks_for_it(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily) + "\nrelated = true")
    link = f'<a href="{daily.url("/news/2")}">The bridge closes for the winter</a>'
    daily.publish(1, "The bridge opens")
    daily.answers["/news/1"] = Response(page(title="The bridge opens", article=link), content_type="text/html")
    daily.answers["/news/2"] = Response(page(title="The bridge closes for the winter"), content_type="text/html")
    daily.pass_time(minutes=10)
    assert daily.stored() == ["The bridge closes for the winter", "The bridge opens"]


def test_a_source_that_is_not_enabled_is_left_alone(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily), enabled="false")
    daily.pass_time(minutes=30)
    assert daily.asked() == {}


def test_what_was_found_is_counted_by_source(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.titles["/about"] = "About us"
    daily.pass_time(minutes=5)
    daily.stack.log.seek(0)
    metrics = [json.loads(line) for line in daily.stack.log if '"_aws"' in line]
    counts = {name: metric[name] for metric in metrics for name in metric if name.startswith("Urls")}
    assert {metric["source"] for metric in metrics if "UrlsFound" in metric} == {"daily"}
    assert counts == {"UrlsFound": [2.0], "UrlsNew": [1.0], "UrlsRefused": [1.0]}


def test_what_became_of_the_urls_of_a_listing_is_logged(daily: Daily) -> None:
    daily.add_source(LISTINGS["a feed"](daily))
    daily.publish(1, "The bridge opens")
    daily.titles["/about"] = "About us"
    daily.pass_time(minutes=5)
    daily.stack.log.seek(0)
    (line,) = (line for line in map(json.loads, daily.stack.log) if line.get("message") == "read")
    assert (line["source"], line["url"]) == ("daily", daily.url("/feed"))
    assert (line["found"], line["new"], line["refused"]) == (2, 1, {"no_article_url": 1})
