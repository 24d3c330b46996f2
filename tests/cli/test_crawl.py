"""``khobor discover`` and ``khobor crawl``, against a site on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import page
from typer.testing import CliRunner, Result

from khobor.cli.main import app
from khobor.embedded.web import serve

SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
article_url = '^/news/'
[discovery]
{listing}
[fetching]
delay_seconds = 0
"""
FEED = """<rss><channel>
<item><title>The bridge opens</title><link>/news/1</link></item>
<item><title>The bridge closes</title><link>/news/2</link></item>
<item><title>About us</title><link>/about</link></item>
<item><title>The bridge was built</title><link>/news/0</link><pubDate>Tue, 01 Mar 2005 09:00:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture
def site() -> Iterator[str]:
    articles = {f"/news/{number}": page(title=f"The bridge, part {number}") for number in (1, 2)}
    with serve(articles | {"/feed": FEED.encode(), "/empty": b"<html>Nothing</html>"}) as running:
        yield running


def run(folder: Path, *arguments: str, listing: str) -> Result:
    (folder / "daily.toml").write_text(SOURCE.format(listing=listing))
    return CliRunner().invoke(app, [*arguments, "--sources", str(folder), "--allow-loopback"])


def test_a_dry_run_tells_what_would_be_fetched_and_why_not_the_rest(site: str, tmp_path: Path) -> None:
    result = run(tmp_path, "discover", "daily", "--dry-run", "--no-json", listing=f'feeds = ["{site}/feed"]')
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert f"feed {site}/feed" in said
    assert "fetch The bridge opens" in said
    assert "no_article_url About us" in said
    assert "too_old 2005-03-01 09:00 The bridge was built" in said
    assert "4 found, 2 to fetch if new, 1 no_article_url, 1 too_old" in said


def test_a_dry_run_gives_a_pipe_a_line_for_each_listing(site: str, tmp_path: Path) -> None:
    result = run(tmp_path, "discover", "daily", "--dry-run", listing=f'feeds = ["{site}/feed", "{site}/gone"]')
    feed, gone = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert (feed["kind"], feed["url"], feed["problems"]) == ("feed", f"{site}/feed", [])
    assert [each["reason"] for each in feed["entries"]] == [None, None, "no_article_url", "too_old"]
    assert gone["entries"] == []
    assert "http_404" in gone["problems"][0]


@pytest.mark.parametrize(
    ("path", "told"), [("/empty", "not a feed"), ("/gone", "http_404"), ("/feed\\u0020x", "http_404")]
)
def test_a_dry_run_fails_where_a_listing_tells_nothing(site: str, tmp_path: Path, path: str, told: str) -> None:
    result = run(tmp_path, "discover", "daily", "--dry-run", listing=f'feeds = ["{site}{path}"]')
    assert result.exit_code == 1
    assert told in result.stdout or "discovery.feeds" in result.stderr


def test_a_source_is_crawled_the_whole_way(site: str, tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    result = run(tmp_path, "crawl", "daily", "--out", str(out), listing=f'feeds = ["{site}/feed"]')
    assert (result.exit_code, result.stdout) == (0, "")
    titles = sorted(json.loads(line)["title"] for line in out.read_text().splitlines())
    assert titles == ["The bridge, part 1", "The bridge, part 2"]
    said, total = result.stderr.splitlines()
    assert said.startswith("local archive: ")
    assert total == "2 URLs found: 2 articles"


def test_a_second_crawl_fetches_only_what_is_new(site: str, tmp_path: Path) -> None:
    listing = f'feeds = ["{site}/feed"]'
    run(tmp_path, "crawl", "daily", listing=listing)
    again = run(tmp_path, "crawl", "daily", listing=listing)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr.splitlines()[1:] == ["0 URLs found: 0 articles"]


def test_a_crawl_says_what_has_no_page_and_what_failed(tmp_path: Path, httpserver: HTTPServer) -> None:
    items = "".join(f"<item><link>/news/{number}</link></item>" for number in (1, 2, 3, 4, 5))
    httpserver.expect_request("/feed").respond_with_data(f"<rss><channel>{items}</channel></rss>")
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /news/4")
    httpserver.expect_request("/news/1").respond_with_data(page(title="The bridge"), content_type="text/html")
    httpserver.expect_request("/news/2").respond_with_data(status=404)
    httpserver.expect_request("/news/3").respond_with_data(status=410)
    httpserver.expect_request("/news/5").respond_with_data(status=403)
    site = f"http://127.0.0.1:{httpserver.port}"
    result = run(tmp_path, "crawl", "daily", listing=f'feeds = ["{site}/feed"]')
    assert result.exit_code == 1
    assert [json.loads(line)["title"] for line in result.stdout.splitlines()] == ["The bridge"]
    *lines, total = result.stderr.splitlines()
    for number, said in ((2, "404"), (3, "410"), (4, "robots"), (5, "http_403")):
        (line,) = (line for line in lines if f"/news/{number}" in line)
        assert said in line
    assert total == "5 URLs found: 1 article, 1 not found (404), 1 gone (410), 1 forbidden by robots.txt, 1 failed"


def test_a_site_without_tls_on_a_port_below_a_path_is_found_by_its_host(tmp_path: Path) -> None:
    rows = "".join(f'<article><h2><a href="/blog/{n}/">Title</a></h2><p>1 March 2026</p></article>' for n in "abc")
    articles = {f"/blog/{name}/": page(title=f"The bridge, part {name}") for name in "abcd"}
    lists = {
        "/blog/": f'{rows}<a href="/blog/page/2/">Older</a> <a href="/elsewhere-in-the-same-town">Elsewhere</a>',
        "/blog/page/2/": rows.replace("/c/", "/d/"),
    }
    with serve(articles | {path: html.encode() for path, html in lists.items()}) as site:
        hosts = f'hosts = ["{site.removeprefix("http://")}/blog"]'
        text = f'version = 1\npublisher = "The Daily Test"\n{hosts}\nfetching = {{delay_seconds = 0}}\n'
        (tmp_path / "daily.toml").write_text(text)
        options = ["--sources", str(tmp_path), "--allow-loopback"]
        crawled = CliRunner().invoke(app, ["crawl", "daily", "--archive", str(tmp_path / "archive"), *options])
        tried = CliRunner().invoke(app, ["discover", "daily", "--dry-run", *options])
        again = CliRunner().invoke(app, ["crawl", "daily", "--archive", str(tmp_path / "archive"), *options])
    titles = {json.loads(line)["title"] for line in crawled.stdout.splitlines()}
    assert titles == {f"The bridge, part {name}" for name in "abcd"}
    assert (crawled.exit_code, crawled.stderr.splitlines()[-1][:24]) == (0, "4 URLs found: 4 articles")
    assert json.loads(tried.stdout.splitlines()[0])["url"] == f"{site}/blog/"
    assert (again.exit_code, again.stderr.splitlines()[-1][:24]) == (0, "0 URLs found: 0 articles")


def test_a_site_without_a_sitemap_is_not_said_to_lack_one(tmp_path: Path) -> None:
    link = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    pages = {"/": link, "/feed": FEED.encode(), "/news/1": page(), "/news/2": page(title="The bridge closes")}
    with serve(pages) as site:
        text = SOURCE.format(listing="").replace("127.0.0.1", site.removeprefix("http://"))
        (tmp_path / "daily.toml").write_text(text)
        options = ["--sources", str(tmp_path), "--allow-loopback"]
        crawled = CliRunner().invoke(app, ["crawl", "daily", "--archive", str(tmp_path / "archive"), *options])
        tried = CliRunner().invoke(app, ["discover", "daily", "--dry-run", *options])
    assert (crawled.exit_code, crawled.stderr.splitlines()[-1]) == (0, "2 URLs found: 2 articles")
    assert [json.loads(line)["url"] for line in tried.stdout.splitlines()] == [f"{site}/", f"{site}/feed"]
    assert tried.exit_code == 0


def test_a_crawl_says_what_it_leaves_for_a_later_run(site: str, tmp_path: Path) -> None:
    result = run(tmp_path, "crawl", "daily", listing=f'feeds = ["{site}/feed"]\nmax_urls = 1')
    assert result.exit_code == 0
    assert "1 URL left for a later run: beyond the max_urls of their listing\n1 URL found: 1 article" in result.stderr


def test_a_crawl_that_finds_nothing_is_no_success(site: str, tmp_path: Path) -> None:
    result = run(tmp_path, "crawl", "daily", listing=f'feeds = ["{site}/empty"]')
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith(
        "0 URLs found: 0 articles\nno listing contained an article; khobor discover daily --dry-run shows why\n"
    )


def test_the_listings_of_a_source_are_tried_when_it_is_checked(site: str, tmp_path: Path) -> None:
    file = tmp_path / "daily.toml"
    told = []
    for path in ("/feed", "/empty"):
        file.write_text(SOURCE.format(listing=f'feeds = ["{site}{path}"]'))
        check = ["sources", "check", str(file), "--dry-run", "--allow-loopback"]
        result = CliRunner().invoke(app, [*check, "--no-json"])
        told.append((result.exit_code, "4 found" in result.stdout))
        piped = CliRunner().invoke(app, check)
        assert [json.loads(line)["url"] for line in piped.stdout.splitlines()] == [f"{site}{path}"]
        assert piped.stderr == f"{file}: no mistakes\n"
    assert told == [(0, True), (1, False)]


@pytest.mark.parametrize("command", [["crawl"], ["discover", "--dry-run"]])
def test_a_source_that_is_not_there_is_told(tmp_path: Path, command: list[str]) -> None:
    result = run(tmp_path, *command, "weekly", listing="")
    assert result.exit_code == 1
    assert "there is no source weekly; there are " in result.stderr
    assert "kalbela" in result.stderr


def test_a_dry_run_knows_the_sources_of_the_archive(site: str, archive: Path) -> None:
    (archive / "sources").mkdir(parents=True)
    (archive / "sources" / "daily.toml").write_text(SOURCE.format(listing=f'feeds = ["{site}/feed"]'))
    for option in ([], ["--archive", str(archive)]):
        result = CliRunner().invoke(app, ["discover", "daily", "--dry-run", "--allow-loopback", *option])
        assert (result.exit_code, json.loads(result.stdout)["url"]) == (0, f"{site}/feed")
    refused = CliRunner().invoke(app, ["discover", "daily", "--archive", str(archive)])
    assert (refused.exit_code, "khobor crawl SOURCE" in refused.stderr) == (2, True)


def test_a_stack_that_cannot_be_asked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    result = CliRunner().invoke(app, ["discover", "kalbela"])
    assert result.exit_code == 1
    assert "AWS cannot be reached" in result.stderr
    assert "http://127.0.0.1:9" in result.stderr


def test_an_archive_that_was_crawled_is_in_order(tmp_path: Path) -> None:
    feed = "".join(f"<item><link>/news/{name}</link></item>" for name in ("1", "empty", "paper", "login"))
    pages = {
        "/feed": f"<rss><channel>{feed}</channel></rss>".encode(),
        "/news/1": page(title="The bridge opens"),
        "/news/empty": b"",
        "/news/paper": b"%PDF-1.7",
        "/news/login": b"<html><body><p>Log in</p></body></html>",
    }
    with serve(pages) as site:
        run(tmp_path, "crawl", "daily", listing=f'feeds = ["{site}/feed"]')
        pages["/feed"] += b"<!-- again -->"
        run(tmp_path, "crawl", "daily", listing=f'feeds = ["{site}/feed"]')
    result = CliRunner().invoke(app, ["archive", "check", "--no-json"])
    assert (result.exit_code, result.stdout) == (0, "all is in order\n")
